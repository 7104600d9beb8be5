import type { Spec } from "./provision.js";

/** A file of customers that was read. */
export interface CsvCustomers {
  /** The customers with whom nothing is wrong, in the file's order. */
  readonly specs: readonly Spec[];
  /** The row of each of them, as a spreadsheet numbers it: the headers are row 1. */
  readonly rows: readonly number[];
  /** Everything that is wrong, by row. */
  readonly errors: readonly CsvError[];
}

export interface CsvError {
  readonly row: number;
  /** The header as it stands in the file, or the path of a field that has no column; empty: the row as a whole. */
  readonly column: string;
  readonly reason: string;
}

export interface CsvOptions {
  /** Where `csv.wasm` is served, if not beside this module. Only the first call counts. */
  wasmUrl?: string | URL;
}
