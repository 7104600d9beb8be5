// Gives a wasm file's imports and exports short names, in it and in its glue: wasm-bindgen names each import by a hash, which
// no compression makes smaller. Run by `make` with the folder of the two.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";

const folder = process.argv[2];
if (folder === undefined) throw new Error("Say which folder holds glue.js and glue_bg.wasm.");
const [glue, wasm] = [`${folder}/glue.js`, `${folder}/glue_bg.wasm`];

const told = execFileSync("wasm-opt", [
  wasm,
  "--minify-imports-and-exports-and-modules",
  "--strip-debug",
  "--output",
  wasm,
]);
// Without --all-features: wasm-opt would write an encoding of imports that no browser reads yet.
/** @type {{ imports: [module: string, old: string, short: string][], exports: [old: string, short: string][] }} */
const names = JSON.parse(told.toString());

let text = readFileSync(glue, "utf8");
/** @param {RegExp} pattern @param {string} replacement */
function replace(pattern, replacement) {
  const changed = text.replace(pattern, () => replacement);
  if (changed === text) throw new Error(`${glue} does not hold ${pattern}: the glue has changed its ways.`);
  text = changed;
}
for (const [, old, short] of names.imports) replace(new RegExp(`(?<=^\\s*)${old}(?=:)`, "m"), short);
for (const [old, short] of names.exports) {
  // Some are for other hosts than ours.
  if (text.includes(`wasm.${old}`)) replace(new RegExp(`\\bwasm\\.${old}\\b`, "g"), `wasm.${short}`);
}
replace(/"\.\/glue_bg\.js": import0/, "a: import0");
writeFileSync(glue, text);
