/** The part of the admin module that is downloaded when many customers are to be set up: from a file, or at once. */
import init, { Batch, readCsv as read } from "#glue/csv";
import type { FieldError } from "./errors.js";
import { kitError } from "./kit-error.js";
import type { ProvisionEvent, ProvisionOptions, ProvisionResult, Spec, StepError } from "./provision.js";
import type {
  BatchStanding,
  CsvCustomers,
  CustomerOutcome,
  ProvisionManyEvent,
  ProvisionManyOptions,
  ProvisionManyResult,
} from "./provision-many.js";
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

/** A call waits at the proxy for its turn in the platform's minute: with the longest wait that a call can have. */
const TIMEOUT_MS = 600_000;
/** How many of the fields that are wrong are in the message; all are in `errors`. */
const TOLD = 10;

/** What of the admin functions is needed here. */
interface Core {
  checkSpec(spec: Spec): readonly FieldError[];
  provision(spec: Spec, options: ProvisionOptions): Promise<ProvisionResult>;
}

/** Runs all whom the batch lets start. Of whoever has ended nothing is left but the result. */
export async function provisionMany(
  core: Core,
  specs: readonly Spec[],
  options: ProvisionManyOptions = {},
): Promise<ProvisionManyResult> {
  const { inFlight = 4, tolerate = 0, onEvent, wasmUrl, ...run } = options ?? {};
  checkOptions(inFlight, tolerate, onEvent, run.signal);
  const ids = checkSpecs(core, specs);
  await start(wasmUrl);
  const batch = new Batch(specs.length, inFlight, tolerate);
  const customers: CustomerOutcome[] = [];
  const standing = (): BatchStanding => ({
    stopped: (batch.stopped() ?? null) as BatchStanding["stopped"],
    done: batch.done(),
    failed: batch.failed(),
    notStarted: batch.notStarted(),
  });
  const emit = (event: ProvisionManyEvent) => {
    try {
      onEvent?.(event);
    } catch (thrown) {
      // The page's own affair: reported as its error, and the run goes on.
      globalThis.reportError?.(thrown);
    }
  };

  const runOne = async (index: number): Promise<boolean> => {
    const customer = { index, externalId: ids[index] ?? "" };
    emit({ type: "customer-started", ...customer });
    const told = (event: ProvisionEvent) => emit({ type: "customer-event", ...customer, event });
    const ended = await core
      .provision(specs[index] as Spec, { timeoutMs: TIMEOUT_MS, ...run, lane: "batch", onEvent: told })
      .then(
        (result) => ({ result, error: result.steps.find(({ error }) => error !== undefined)?.error }),
        (error: StepError) => ({
          error: { code: error.code, message: error.message, retryable: error.retryable },
        }),
      );
    const failed = ended.error !== undefined && { error: ended.error };
    const outcome = failed ? "failed" : "done";
    emit({ type: "customer-finished", ...customer, outcome, ...failed });
    customers[index] = {
      ...customer,
      outcome,
      ...failed,
      ...("result" in ended && { result: ended.result }),
    };
    return !failed;
  };

  const running = new Set<Promise<void>>();
  const abortIfAsked = () => run.signal?.aborted === true && batch.abort();
  for (;;) {
    // Then nobody starts.
    if (abortIfAsked()) emit({ type: "batch-stopped", ...standing() });
    for (let next = batch.start(); next !== undefined; next = batch.start()) {
      const one = runOne(next).then((done) => {
        running.delete(one);
        // Asked before a failure is counted: what the signal has ended is no reason of its own.
        const stops = abortIfAsked();
        if (batch.finish(done) || stops) emit({ type: "batch-stopped", ...standing() });
      });
      running.add(one);
    }
    if (running.size === 0) break;
    await Promise.race(running);
  }
  for (const [index, externalId] of ids.entries()) {
    customers[index] ??= { index, externalId, outcome: "not-started" };
  }
  const stands = standing();
  batch.free();
  const ok = stands.failed === 0 && stands.stopped === null;
  emit({ type: "batch-finished", ok, ...stands });
  return { ok, ...stands, customers };
}

/** All of them, before the first call; gives their external ids. */
function checkSpecs(core: Core, specs: readonly Spec[]): string[] {
  if (!Array.isArray(specs))
    throw refused("INVALID_SPEC", [{ path: "", message: "must be a list of specs" }]);
  const [ids, places, found]: [string[], Map<string, number>, FieldError[]] = [[], new Map(), []];
  for (const [index, spec] of specs.entries()) {
    const wrong = core.checkSpec(spec);
    const id = wrong.length === 0 ? spec.org.external_id : "";
    ids.push(id);
    for (const { path, message } of wrong) found.push({ path: `[${index}]${path && `.${path}`}`, message });
    const first = id === "" ? undefined : places.get(id);
    if (first !== undefined) {
      found.push({
        path: `[${index}].org.external_id`,
        message: `is the same as [${first}].org.external_id`,
      });
    }
    places.set(id, first ?? index);
  }
  if (found.length > 0) throw refused("INVALID_SPEC", found);
  return ids;
}

function checkOptions(inFlight: number, tolerate: number, onEvent: unknown, signal: unknown): void {
  const wrong = (path: string, message: string) => refused("INVALID_OPTIONS", [{ path, message }]);
  if (!Number.isInteger(inFlight) || inFlight < 1 || inFlight > 16) {
    throw wrong("inFlight", "must be a whole number from 1 to 16");
  }
  if (!Number.isInteger(tolerate) || tolerate < 0)
    throw wrong("tolerate", "must be a whole number, 0 or more");
  if (onEvent !== undefined && typeof onEvent !== "function") throw wrong("onEvent", "must be a function");
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw wrong("signal", "must be an AbortSignal");
  }
}

function refused(code: "INVALID_SPEC" | "INVALID_OPTIONS", errors: readonly FieldError[]) {
  const told = errors.slice(0, TOLD).map(({ path, message }) => `${path} ${message}`.trim());
  const more = errors.length > TOLD ? " There are more; errors has them all." : "";
  const message = `Nothing was sent, because some fields need a change: ${told.join("; ")}.${more}`;
  return Object.assign(kitError(code, message), { errors });
}
