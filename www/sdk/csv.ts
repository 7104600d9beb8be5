/** The part of the admin module that is downloaded when a file of customers is read. */
import init, { readCsv as read } from "#glue/csv";
import type { FieldError } from "./errors.js";
import type { Spec } from "./provision.js";
import type { CsvCustomers } from "./provision-many.js";
import { lazyStart } from "./wasm-start.js";

const start = lazyStart(init, () => new URL("./csv.wasm", import.meta.url));

/** Reads a file; `check` says what is wrong with one spec. */
export async function readCsv(
  text: string,
  check: (spec: Spec) => readonly FieldError[],
  wasmUrl?: string | URL,
): Promise<CsvCustomers> {
  await start(wasmUrl);
  return read(text, check) as CsvCustomers;
}
