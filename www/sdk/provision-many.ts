import type { ProvisionEvent, ProvisionOptions, ProvisionResult, Spec, StepError } from "./provision.js";

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

export interface ProvisionManyOptions extends Omit<ProvisionOptions, "onEvent" | "lane"> {
  /** Customers at the same time; 1 to 16, default 4. Their calls take turns in the platform's 100 a minute anyway. */
  inFlight?: number;
  /** No further customer starts once more than that many have failed; those under way end. Default 0. */
  tolerate?: number;
  onEvent?: (event: ProvisionManyEvent) => void;
  /** For each call, its wait at the proxy included; 1 to 600,000 ms, default 600,000. */
  timeoutMs?: number;
  /** Where `csv.wasm` is served, if not beside this module. Only the first call counts. */
  wasmUrl?: string | URL;
}

/** Where a batch stands. */
export interface BatchStanding {
  /** Why no further customer starts: more than `tolerate` have failed, or the signal. */
  readonly stopped: "failures" | "aborted" | null;
  readonly done: number;
  readonly failed: number;
  readonly notStarted: number;
}

export type ProvisionManyEvent =
  | { readonly type: "customer-started"; readonly index: number; readonly externalId: string }
  | {
      readonly type: "customer-event";
      readonly index: number;
      readonly externalId: string;
      readonly event: ProvisionEvent;
    }
  | {
      readonly type: "customer-finished";
      readonly index: number;
      readonly externalId: string;
      readonly outcome: "done" | "failed";
      readonly error?: StepError;
    }
  | ({ readonly type: "batch-stopped" } & BatchStanding)
  | ({ readonly type: "batch-finished"; readonly ok: boolean } & BatchStanding);

/** What became of one customer. */
export interface CustomerOutcome {
  /** Its place in the list of specs. */
  readonly index: number;
  readonly externalId: string;
  /** `failed`: some step failed, or the signal came in between. Run it again: what is done is skipped. */
  readonly outcome: "done" | "failed" | "not-started";
  /** As `provision` gives it; none of a run that ended before its steps, or was stopped. */
  readonly result?: ProvisionResult;
  /** Of a failed customer: the first error. */
  readonly error?: StepError;
}

export interface ProvisionManyResult extends BatchStanding {
  /** All customers are done. */
  readonly ok: boolean;
  /** One for each spec, in their order. */
  readonly customers: readonly CustomerOutcome[];
}
