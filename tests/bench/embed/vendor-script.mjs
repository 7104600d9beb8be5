import { readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { Ballast } from "./ballast.mjs";

/** The measured widget: contract/widget.md, section 1. */
const RAW_BYTES = 1_092_892;
const GZIP_BYTES = 331_427;
const TOLERANCE = 0.02;

/** Characters of modules by when they run. `idle` never does: nobody's bundle is used whole at start-up. */
const LENGTHS = { render: 240_000, chat: 70_000, idle: 130_000, texts: 120_000, styles: 45_000 };

/**
 * How often each module runs, the first time being the one that compiles it. Chosen so that, unthrottled on two cores, the
 * evaluation takes about 270 ms, and from there to the composer about as long as measured on the vendor's.
 */
const ROUNDS = { evaluate: 24, render: 32, chat: 32 };

/**
 * A script of the vendor's weight that does the vendor's start-up work, the same at every call.
 *
 * @returns {Promise<{ source: Buffer, gzip: Buffer }>}
 */
export async function makeVendorScript() {
  const standIn = await readFile(new URL("stand-in.js", import.meta.url), "utf8");
  const ballast = new Ballast(20260722);
  const parts = [
    `render:${ballast.modules(LENGTHS.render)}`,
    `chat:${ballast.modules(LENGTHS.chat)}`,
    `idle:${ballast.modules(LENGTHS.idle)}`,
    `texts:${ballast.texts(LENGTHS.texts)}`,
    `styles:${JSON.stringify(ballast.styles(LENGTHS.styles))}`,
    `work:${JSON.stringify(ROUNDS)}`,
  ].join(",");
  const rest = RAW_BYTES - parts.length - standIn.length;
  const source = Buffer.from(
    `(()=>{const BALLAST={${parts},evaluate:${ballast.modules(rest)}};\n${standIn}})();\n`,
  );
  const gzip = gzipSync(source, { level: 9 });
  assertNear("raw", source.length, RAW_BYTES);
  assertNear("gzip", gzip.length, GZIP_BYTES);
  return { source, gzip };
}

/** @param {string} what @param {number} is @param {number} wanted */
function assertNear(what, is, wanted) {
  const off = is / wanted - 1;
  if (Math.abs(off) <= TOLERANCE) return;
  throw new Error(
    `The generated stand-in has ${is.toLocaleString("en")} bytes ${what}, ${(off * 100).toFixed(1)} % off the vendor's ${wanted.toLocaleString("en")}. ` +
      "The comparison would not be fair: adjust ballast.mjs or LENGTHS in vendor-script.mjs.",
  );
}
