/** Batches that run in the proxy (`docs/many-customers.md`). No wasm: the proxy checks the specs, and does the work. */
import type { FieldError, KitErrorCode } from "./errors.js";
import { kitError } from "./kit-error.js";
import type { Spec } from "./provision.js";

export type * from "./errors.js";
export { isKitError } from "./errors.js";

/** Where the proxy is, as `connect` of the admin module takes it. */
export interface BatchProxy {
  /** Where the partner proxy answers: an http(s) address, or a path on this page's own server. */
  proxyUrl: string;
  /** Sent to the proxy as `Authorization: Bearer`: a token, or a function that gets one, asked for each call. */
  token?: string | (() => string | Promise<string>);
  /** Whether cookies go with each call. Default: the browser's, which is `same-origin`. */
  credentials?: "include" | "same-origin";
}

export interface StartBatchOptions {
  /** Customers at the same time; 1 to 16, default 4. */
  inFlight?: number;
  /** No further customer starts once more than that many have failed. Default 0. */
  tolerate?: number;
  /** Leave out what this platform cannot do. */
  skipUnsupported?: boolean;
  /** Remove what is on the platform and not in the spec. */
  prune?: boolean;
  /** The same key with the same specs is the same batch. Without one, each call is a batch of its own. */
  idempotencyKey?: string;
  /** Ends the waiting for the answer, not the batch. */
  signal?: AbortSignal;
}

export interface WatchBatchOptions {
  /** Begin behind that event (its `seq`). Default 0: with the first. */
  after?: number;
  /** Each event, once and in order. */
  onEvent?: (event: BatchEvent) => void;
  /** Ends the watching, not the batch. */
  signal?: AbortSignal;
}

export type BatchState = "running" | "stopping" | "stopped" | "finished";

/** Where a batch stands. */
export interface Batch {
  readonly id: string;
  readonly state: BatchState;
  /** Why it ended before all customers had their turn. */
  readonly stopped: "failures" | "aborted" | null;
  /** It is over, and all customers are done. */
  readonly ok: boolean;
  readonly counts: {
    readonly waiting: number;
    readonly running: number;
    readonly done: number;
    readonly failed: number;
  };
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** Something that happened; `externalId` null: to the batch as a whole. */
export interface BatchEvent {
  readonly seq: number;
  readonly at: string;
  readonly externalId: string | null;
  readonly state: "started" | "resumed" | "waiting" | "done" | "failed" | BatchState;
  /** Of a failed customer. */
  readonly code: KitErrorCode | null;
}

/** A customer of a batch. */
export interface BatchCustomer {
  readonly index: number;
  readonly externalId: string;
  readonly state: "waiting" | "running" | "done" | "failed";
  readonly steps: readonly BatchStep[] | null;
  readonly error: BatchError | null;
}

export interface BatchStep {
  /** Such as `training/1`. */
  readonly step: string;
  readonly kind: string;
  readonly outcome: "done" | "failed" | "skipped" | "not-started";
  readonly reason?: string;
  readonly error?: BatchError;
}

export interface BatchError {
  readonly code: KitErrorCode;
  readonly message: string;
  readonly retryable: boolean;
  readonly errors?: readonly FieldError[];
}

/** Begins a batch. Once this resolves, the page may be closed. */
export async function startBatch(
  proxy: BatchProxy,
  specs: readonly Spec[],
  options: StartBatchOptions = {},
): Promise<Batch> {
  const body = {
    specs,
    in_flight: options.inFlight,
    tolerate: options.tolerate,
    skip_unsupported: options.skipUnsupported,
    prune: options.prune,
  };
  const key = options.idempotencyKey ?? crypto.randomUUID();
  return batch(await ask(proxy, "POST", "", { body, key, signal: options.signal }));
}

/** Where a batch stands, with all its customers. */
export async function readBatch(
  proxy: BatchProxy,
  id: string,
  options: { signal?: AbortSignal } = {},
): Promise<Batch & { readonly customers: readonly BatchCustomer[] }> {
  const customers: BatchCustomer[] = [];
  for (let from: number | null = 0; ; ) {
    const page = await ask(proxy, "GET", `/${segment(id)}?limit=500&from=${from}`, options);
    customers.push(...(page.customers as Json[]).map(customer));
    from = page.next as number | null;
    if (from === null) return { ...batch(page), customers };
  }
}

/** The batches that the proxy knows, the latest first. */
export async function listBatches(
  proxy: BatchProxy,
  options: { limit?: number; signal?: AbortSignal } = {},
): Promise<readonly Batch[]> {
  const page = await ask(proxy, "GET", `?limit=${options.limit ?? 20}`, options);
  return (page.items as Json[]).map(batch);
}

/** No further customer starts; who was under way waits again. */
export async function stopBatch(proxy: BatchProxy, id: string): Promise<Batch> {
  return batch(await ask(proxy, "POST", `/${segment(id)}/stop`, { body: {} }));
}

/** Begins a batch that is over again, for those who are not done: as they were, or as these specs say. */
export async function resumeBatch(
  proxy: BatchProxy,
  id: string,
  corrected: readonly Spec[] = [],
): Promise<Batch> {
  return batch(await ask(proxy, "POST", `/${segment(id)}/resume`, { body: { specs: corrected } }));
}

/** Tells of a batch until it is over, whatever becomes of the connection meanwhile. */
export async function watchBatch(
  proxy: BatchProxy,
  id: string,
  options: WatchBatchOptions = {},
): Promise<Batch> {
  const { onEvent, signal } = options;
  const path = `/${segment(id)}/events`;
  let after = options.after ?? 0;
  let failures = 0;
  const tell = (told: Json) => {
    // A page that was asked twice tells nothing twice.
    if ((told.seq as number) <= after) return;
    after = told.seq as number;
    failures = 0;
    try {
      onEvent?.(event(told));
    } catch (thrown) {
      // The page's own affair: reported as its error, and the watching goes on.
      globalThis.reportError?.(thrown);
    }
  };
  // Streams that end at once do not get through here: then it is asked page by page.
  let streams = true;
  for (;;) {
    try {
      const before = after;
      const over = streams
        ? await stream(proxy, path, after, tell, signal)
        : await page(proxy, path, after, tell, signal);
      if (over) return await readState(proxy, id, signal);
      if (streams && after === before) failures++;
      await pause(streams ? wait(failures) : POLL_MS, signal);
    } catch (thrown) {
      if (!isPassing(thrown)) throw thrown;
      failures++;
      if (failures > STREAM_TRIES) streams = false;
      await pause(wait(failures), signal);
    }
  }
}

type Json = Record<string, unknown>;

/** So many connections in a row may break without a word before streams are given up. */
const STREAM_TRIES = 3;
const POLL_MS = 2_000;
const LONGEST_WAIT_MS = 30_000;
const TRIES = 4;
/** The proxy says something every 15 seconds: a connection so long silent is dead. */
const SILENCE_MS = 45_000;

function wait(failures: number): number {
  return Math.random() * Math.min(LONGEST_WAIT_MS, 500 * 2 ** failures);
}

interface Call {
  body?: object;
  key?: string;
  signal?: AbortSignal;
}

/** A call, again where that is safe and promises something. */
async function ask(proxy: BatchProxy, method: string, path: string, call: Call): Promise<Json> {
  for (let tries = 1; ; tries++) {
    try {
      const response = await send(proxy, method, path, { "content-type": "application/json" }, call);
      return (await response.json()) as Json;
    } catch (thrown) {
      if (!isPassing(thrown) || tries === TRIES) throw thrown;
      await pause(wait(tries), call.signal);
    }
  }
}

async function send(
  proxy: BatchProxy,
  method: string,
  path: string,
  headers: Record<string, string>,
  { body, key, signal }: Call,
): Promise<Response> {
  aborted(signal);
  const token = typeof proxy.token === "function" ? await proxy.token() : proxy.token;
  const response = await fetch(`${proxy.proxyUrl.replace(/\/+$/, "")}/v1/batches${path}`, {
    method,
    headers: {
      ...headers,
      // A page that may not ask here cannot send it: it keeps out what a form on another site can send.
      "x-kit-client": "batch",
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(key !== undefined && { "idempotency-key": key }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    ...(proxy.credentials !== undefined && { credentials: proxy.credentials }),
    ...(signal !== undefined && { signal }),
  }).catch((thrown: unknown) => {
    aborted(signal);
    throw kitError(
      "NETWORK",
      `The proxy at ${proxy.proxyUrl} cannot be reached, or does not allow this page's origin.`,
      true,
      thrown,
    );
  });
  if (response.ok) return response;
  throw await refusal(response);
}

/** The proxy's problem as an error. */
async function refusal(response: Response): Promise<Error> {
  const problem = (await response.json().catch(() => ({}))) as Json;
  const told = typeof problem.code === "string";
  const code = (told ? problem.code : "BAD_RESPONSE") as KitErrorCode;
  const message = told
    ? String(problem.detail)
    : "The proxy address answered with something that is not the proxy's JSON.";
  const errors = ((problem.errors ?? []) as Json[]).map(({ pointer, detail }) => ({
    path: path(String(pointer)),
    message: String(detail),
  }));
  return Object.assign(kitError(code, message, problem.retryable === true || response.status >= 502), {
    status: response.status,
    ...(typeof problem.retry_after_ms === "number" && { retryAfterMs: problem.retry_after_ms }),
    ...(errors.length > 0 && { errors }),
    ...(typeof problem.request_id === "string" && { requestId: problem.request_id }),
  });
}

/** `/specs/3/org/name` as `specs[3].org.name`. */
function path(pointer: string): string {
  const parts = pointer.split("/").slice(1);
  const named = parts.map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
  return named.reduce(
    (all, part) => (/^\d+$/.test(part) ? `${all}[${part}]` : (all && `${all}.${part}`) || part),
    "",
  );
}

/** Reads events until the connection ends; true: none will follow. */
async function stream(
  proxy: BatchProxy,
  path: string,
  after: number,
  tell: (event: Json) => void,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const silence = new AbortController();
  const ends = signal === undefined ? silence.signal : AbortSignal.any([signal, silence.signal]);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const heard = () => {
    clearTimeout(timer);
    timer = setTimeout(() => silence.abort(), SILENCE_MS);
  };
  try {
    heard();
    const headers = { accept: "text/event-stream", "last-event-id": String(after) };
    const response = await send(proxy, "GET", path, headers, { signal: ends });
    if (response.status === 204) return true;
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    for (;;) {
      const chunk = await reader?.read();
      if (chunk === undefined || chunk.done) return false;
      heard();
      const events = (text + chunk.value).split("\n\n");
      text = events.pop() ?? "";
      for (const event of events) {
        const data = event.split("\n").find((line) => line.startsWith("data: "));
        if (data !== undefined) tell(JSON.parse(data.slice(6)) as Json);
      }
    }
  } catch (thrown) {
    aborted(signal);
    // A connection that breaks off within a stream is no answer: it is begun again.
    if ((thrown as { name?: unknown } | null)?.name === "KitError") throw thrown;
    throw kitError("NETWORK", "The connection to the proxy broke off.", true, thrown);
  } finally {
    clearTimeout(timer);
    silence.abort();
  }
}

/** The same, page by page. */
async function page(
  proxy: BatchProxy,
  path: string,
  after: number,
  tell: (event: Json) => void,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const answer = await ask(proxy, "GET", `${path}?after=${after}`, {
    ...(signal !== undefined && { signal }),
  });
  for (const event of answer.items as Json[]) tell(event);
  return answer.over === true;
}

async function readState(proxy: BatchProxy, id: string, signal: AbortSignal | undefined): Promise<Batch> {
  return batch(
    await ask(proxy, "GET", `/${segment(id)}?limit=1`, { ...(signal !== undefined && { signal }) }),
  );
}

/** Another attempt may get past it. */
function isPassing(thrown: unknown): boolean {
  return (thrown as { retryable?: unknown } | null)?.retryable === true;
}

function pause(millis: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const ended = () => {
      clearTimeout(timer);
      reject(abortion(signal));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", ended);
      resolve();
    }, millis);
    if (signal?.aborted) ended();
    else signal?.addEventListener("abort", ended, { once: true });
  });
}

function aborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw abortion(signal);
}

function abortion(signal: AbortSignal | undefined) {
  return kitError(
    "ABORTED",
    "The watching was ended by its signal. The batch goes on.",
    false,
    signal?.reason,
  );
}

function segment(id: string): string {
  return encodeURIComponent(id);
}

function batch(told: Json): Batch {
  const { id, state, stopped, ok, counts, created_at, updated_at } = told;
  return { id, state, stopped, ok, counts, createdAt: created_at, updatedAt: updated_at } as Batch;
}

function event({ seq, at, external_id, state, code }: Json): BatchEvent {
  return { seq, at, externalId: external_id, state, code } as BatchEvent;
}

function customer({ index, external_id, state, steps, error }: Json): BatchCustomer {
  return { index, externalId: external_id, state, steps, error } as BatchCustomer;
}
