// Bundles www/sdk and the wasm glue into pkg/dist, and www/admin into www/admin/dist. Run by `make build`.
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { build } from "esbuild";
import { integrityOf, printSizes } from "./sizes.mjs";

const dist = "pkg/dist";
const common = {
  bundle: true,
  minify: true,
  target: "es2022",
  legalComments: "none",
  logLevel: "warning",
};

/** Files that stand beside each other: loaded once, and some of them only when they are needed. */
const separateFiles = {
  name: "separate-files",
  setup(/** @type {import("esbuild").PluginBuild} */ { onResolve }) {
    const filter = /^\.\.?\/(embed|chat|csv)\.js$/;
    onResolve({ filter }, ({ path }) => ({ path: path.replace("../", "./"), external: true }));
  },
};

await rm(dist, { recursive: true, force: true });
await mkdir(dist, { recursive: true });
await Promise.all([
  build({
    ...common,
    entryPoints: [
      "www/sdk/embed.ts",
      "www/sdk/chat.ts",
      "www/sdk/csp.ts",
      "www/sdk/admin.ts",
      "www/sdk/csv.ts",
      "www/sdk/batch.ts",
    ],
    format: "esm",
    outdir: dist,
    plugins: [separateFiles],
  }),
  build({ ...common, entryPoints: ["www/sdk/script.ts"], format: "iife", outdir: dist }),
  build({
    ...common,
    entryPoints: ["www/sdk/element.ts"],
    format: "esm",
    outdir: dist,
    plugins: [separateFiles],
  }),
  build({
    ...common,
    entryPoints: ["www/sdk/react.ts"],
    format: "esm",
    outdir: dist,
    external: ["react"],
    plugins: [separateFiles],
    // Where pages are rendered on a server by default, this is for the browser.
    banner: { js: '"use client";' },
  }),
  copyFile("target/glue/embed/glue_bg.wasm", `${dist}/embed.wasm`),
  copyFile("target/glue/admin/glue_bg.wasm", `${dist}/admin.wasm`),
  copyFile("target/glue/csv/glue_bg.wasm", `${dist}/csv.wasm`),
  copyFile("LICENSE-MIT", "pkg/LICENSE-MIT"),
  copyFile("LICENSE-APACHE", "pkg/LICENSE-APACHE"),
]);

const page = "www/admin/dist";
await rm(page, { recursive: true, force: true });
await mkdir(page, { recursive: true });
await build({
  ...common,
  entryPoints: ["www/admin/main.ts", "www/admin/batches.ts"],
  format: "esm",
  outdir: page,
});
for (const file of ["admin.wasm", "csv.wasm"]) await copyFile(`${dist}/${file}`, `${page}/${file}`);
// What both pages have around their own is written once.
const frame = await readFile("www/admin/frame.html", "utf8");
for (const file of await readdir("www/admin")) {
  if (file.endsWith(".css")) await copyFile(`www/admin/${file}`, `${page}/${file}`);
  if (!file.endsWith(".html") || file === "frame.html") continue;
  const html = await readFile(`www/admin/${file}`, "utf8");
  await writeFile(
    `${page}/${file}`,
    html.replace(/ *<!-- frame\.html -->\n/, () => frame),
  );
}

await printSizes(dist);
const integrity = await integrityOf(dist);
await writeFile(`${dist}/integrity.json`, `${JSON.stringify(integrity, undefined, 2)}\n`);
for (const [file, hash] of Object.entries(integrity)) console.log(file.padEnd(12), hash);
