// The bytes a visitor pays for, raw and compressed.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

/** What is measured, under the names people use for it. */
export const parts = [
  "script.js",
  "embed.js",
  "embed.wasm",
  "chat.js",
  "element.js",
  "react.js",
  "admin.js",
  "admin.wasm",
  "csv.js",
  "csv.wasm",
  "batch.js",
];

/** @param {string} file @returns {Promise<{ raw: number, gzip: number, brotli: number }>} */
export async function sizeOf(file) {
  const bytes = await readFile(file);
  return {
    raw: bytes.length,
    gzip: gzipSync(bytes, { level: 9 }).length,
    brotli: brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length,
  };
}

/**
 * The Subresource Integrity hash of each file that a page can name in a tag.
 * @param {string} dist @returns {Promise<Record<string, string>>}
 */
export async function integrityOf(dist) {
  const hashes = parts
    .filter((part) => part.endsWith(".js"))
    .map(async (part) => {
      const digest = createHash("sha384")
        .update(await readFile(`${dist}/${part}`))
        .digest("base64");
      return [part, `sha384-${digest}`];
    });
  return Object.fromEntries(await Promise.all(hashes));
}

/** @param {string} dist */
export async function printSizes(dist) {
  const column = (/** @type {string | number} */ value) => String(value).padStart(9);
  console.log(`${"bytes".padEnd(12)}${["raw", "gzip", "brotli"].map(column).join("")}`);
  for (const part of parts) {
    const { raw, gzip, brotli } = await sizeOf(`${dist}/${part}`);
    console.log(`${part.padEnd(12)}${[raw, gzip, brotli].map(column).join("")}`);
  }
}
