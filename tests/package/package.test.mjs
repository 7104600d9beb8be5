// The npm package as it would be published: what it holds, what it costs, and that importing it does nothing.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { publint } from "publint";
import { sizeOf } from "../../tools/build/sizes.mjs";

const dist = new URL("../../pkg/dist/", import.meta.url);

/** Gzip bytes a visitor, or a partner's admin page, may be charged. */
const budgets = { "script.js": 2_048, "embed.js": 8_192, "embed.wasm": 12_288, "chat.js": 5_120, "admin.js": 6_144, "admin.wasm": 66_048, "csv.js": 3_584, "csv.wasm": 26_624, "batch.js": 3_072 };

/** The vendor's script, gzipped: what a visitor would pay without us (`docs/embed.md`). */
const VENDOR = 331_427;

for (const [file, budget] of Object.entries(budgets)) {
  test(`${file} keeps to ${budget} bytes of gzip`, async () => {
    const { gzip } = await sizeOf(new URL(file, dist).pathname);
    assert.ok(gzip <= budget, `${gzip} bytes; find out what has grown, or raise the budget and say why`);
  });
}

test("before the visitor shows intent, the wasm and its script keep to 20 KiB, and all of it to 7 % of the vendor's", async () => {
  const sizes = await Promise.all(["embed.js", "embed.wasm", "script.js"].map((file) => sizeOf(new URL(file, dist).pathname)));
  const [script, wasm, loader] = sizes.map(({ gzip }) => gzip);
  assert.ok(script + wasm <= 20 * 1024, `${script} + ${wasm}`);
  assert.ok(script + wasm + loader <= VENDOR * 0.07, `${script} + ${wasm} + ${loader}`);
});

test("the wasm of an admin page and its script keep to 70 kB", async () => {
  const sizes = await Promise.all(["admin.js", "admin.wasm"].map((file) => sizeOf(new URL(file, dist).pathname)));
  const total = sizes.reduce((sum, { gzip }) => sum + gzip, 0);
  assert.ok(total <= 70_000, `${total}`);
});

test("no wasm file tells where it was built", async () => {
  for (const file of ["embed.wasm", "admin.wasm", "csv.wasm"]) {
    const bytes = await readFile(new URL(file, dist), "latin1");
    assert.doesNotMatch(bytes, /\/registry\/src\/|\/home\/|\/root\//, file);
  }
});

test("all wasm files went through wasm-opt", async () => {
  for (const file of ["embed.wasm", "admin.wasm", "csv.wasm"]) {
    const module = await WebAssembly.compile(await readFile(new URL(file, dist)));
    assert.deepEqual(WebAssembly.Module.customSections(module, "name"), [], `${file} still has its names`);
  }
});

test("the package holds what its exports promise, and no source", async () => {
  const packed = execFileSync("npm", ["pack", "--dry-run", "--json", "./pkg"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  const files = JSON.parse(packed)[0].files.map((/** @type {{ path: string }} */ file) => file.path);
  for (const file of [
    ...Object.keys(budgets),
    ...["embed.d.ts", "admin.d.ts", "batch.d.ts", "element.js", "element.d.ts", "react.js", "react.d.ts"],
  ]) {
    assert.ok(files.includes(`dist/${file}`), `${file} is missing from ${files.join(" ")}`);
  }
  assert.ok(files.includes("README.md") && files.includes("LICENSE-MIT") && files.includes("LICENSE-APACHE"));
  assert.deepEqual(files.filter((/** @type {string} */ file) => /\.(rs|tsx?)$/.test(file) && !file.endsWith(".d.ts")), []);
});

test("integrity.json holds what a browser compares", async () => {
  const hashes = JSON.parse(await readFile(new URL("integrity.json", dist), "utf8"));
  for (const file of ["script.js", "element.js"]) {
    const digest = createHash("sha384").update(await readFile(new URL(file, dist))).digest("base64");
    assert.equal(hashes[file], `sha384-${digest}`);
  }
});

test("cspFor names what a policy must allow", async () => {
  const { cspFor } = await import(new URL("csp.js", dist).href);
  const own = cspFor({});
  assert.deepEqual(own["script-src"], ["'self'", "https://unpkg.com", "'wasm-unsafe-eval'"]);
  assert.deepEqual(own["connect-src"], ["'self'", "https://api.open.cx"]);
  const nonced = cspFor({ nonce: "abc", apiUrl: "https://eu.example/api" }, "https://cdn.example/opencx/script.js");
  assert.deepEqual(nonced["script-src"], ["'nonce-abc'", "'strict-dynamic'", "'wasm-unsafe-eval'"]);
  assert.deepEqual(nonced["connect-src"], ["https://cdn.example", "https://eu.example"]);
});

test("publint finds nothing", async () => {
  const { messages } = await publint({ pkgDir: new URL("../../pkg", import.meta.url).pathname, strict: true });
  assert.deepEqual(messages, []);
});

test("importing on a server does nothing, calling says why not", async () => {
  const { loadWidget, isKitError } = await import(new URL("embed.js", dist).href);
  await assert.rejects(loadWidget({ token: "t" }), (error) => isKitError(error) && error.code === "NOT_SUPPORTED");
  const { connect } = await import(new URL("admin.js", dist).href);
  await assert.rejects(connect(null), (error) => isKitError(error) && error.code === "INVALID_OPTIONS");
});

test("public types hold no any and name no glue", async () => {
  for (const file of ["embed.d.ts", "admin.d.ts", "element.d.ts", "react.d.ts", "platform.d.ts", "provision.d.ts", "provision-many.d.ts", "widget-options.d.ts", "errors.d.ts"]) {
    const types = await readFile(new URL(file, dist), "utf8");
    assert.doesNotMatch(types, /\bany\b(?! )|: any\b|#glue/, file);
  }
});
