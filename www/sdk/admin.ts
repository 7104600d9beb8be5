import init, { AdminCore } from "#glue/admin";
import type { FieldError } from "./errors.js";
import { kitError } from "./kit-error.js";
import type {
  CrawlProgress,
  Datasource,
  Invitation,
  LoginLink,
  NewDatasource,
  NewOrg,
  Org,
  OrgKey,
  Training,
  TrainingInput,
} from "./platform.js";
import type { Plan, ProvisionOptions, ProvisionResult, SnippetOptions, Spec, Step } from "./provision.js";
import { lazyStart } from "./wasm-start.js";

export type * from "./errors.js";
export { isKitError } from "./errors.js";
export type * from "./platform.js";
export type * from "./provision.js";
export type { WidgetOptions } from "./widget-options.js";

export interface ConnectOptions {
  /** Where the partner proxy answers: an http(s) address, or a path on this page's own server. */
  proxyUrl: string;
  /** Where `admin.wasm` is served, if not beside this module. Only the first `connect` counts. */
  wasmUrl?: string | URL;
}

/** What may be said about a single call. */
export interface CallOptions {
  /** Ends the call with `ABORTED`. What the proxy has begun it finishes. */
  signal?: AbortSignal;
  /** For each attempt; 1 to 600,000 ms, default 30,000. */
  timeoutMs?: number;
  /** Names the thing in the proxy's ledger; by default what the thing is (a training's title, an address). */
  idempotencyKey?: string;
}

/**
 * Functions of one partner proxy. Each rejects with a `KitError`; calls that can be repeated without harm are tried up
 * to four times within half a minute.
 */
export interface Admin {
  /** What is wrong with a spec, each with its path; empty when nothing is. Sends nothing. */
  checkSpec(spec: Spec): readonly FieldError[];
  /** The steps a run of this spec has. Sends nothing. Throws `INVALID_SPEC`. */
  steps(spec: Spec): readonly Step[];
  /** What a run of this spec would do, and why. Asks the proxy what is done; changes nothing. Rejects with `INVALID_SPEC`. */
  plan(spec: Spec, call?: CallOptions): Promise<Plan>;
  /**
   * Makes the customer be as the spec says: what is done is skipped, the rest is done, each change is an event.
   * Resolves with `ok: false` when steps failed; rejects with `INVALID_SPEC` before anything is sent, with `ABORTED`,
   * or when the proxy cannot say what is done already.
   */
  provision(spec: Spec, options?: ProvisionOptions): Promise<ProvisionResult>;
  /** Creates an org, or gives back the one this `external_id` has. */
  createOrg(input: NewOrg, call?: CallOptions): Promise<Org>;
  /** Makes the org's secret key at the proxy, where it stays. */
  createOrgKey(orgId: string, input: { name: string }, call?: CallOptions): Promise<OrgKey>;
  /** Adds a website and starts its crawl. */
  startCrawl(orgId: string, input: NewDatasource, call?: CallOptions): Promise<Datasource>;
  /** Reads how far a crawl has come. */
  readCrawl(orgId: string, datasourceId: string, call?: CallOptions): Promise<CrawlProgress>;
  /** Crawls a website again, such as after a crawl that failed. Each call starts one, so it is never repeated by itself. */
  crawlAgain(orgId: string, datasourceId: string, call?: CallOptions): Promise<CrawlProgress>;
  addTraining(orgId: string, input: TrainingInput, call?: CallOptions): Promise<Training>;
  inviteUser(orgId: string, input: { email: string }, call?: CallOptions): Promise<Invitation>;
  /** Each call makes another link, so it is never repeated by itself. */
  createLoginLink(
    orgId: string,
    input: { email: string; name?: string },
    call?: CallOptions,
  ): Promise<LoginLink>;
  /** What puts the widget on a page, for a widget token: a script tag, an element or a module. Throws `INVALID_OPTIONS`. */
  embedSnippet(widgetToken: string, options: SnippetOptions): string;
}

const start = lazyStart(init, () => new URL("./admin.wasm", import.meta.url));

/** Loads the wasm (once) and gives the functions of one proxy. Rejects with `WASM_FAILED` or `INVALID_OPTIONS`. */
export async function connect(options: ConnectOptions): Promise<Admin> {
  if (typeof options !== "object" || options === null) {
    throw kitError("INVALID_OPTIONS", "connect() needs an object such as { proxyUrl }.");
  }
  await start(options.wasmUrl);
  const core = new AdminCore(options);
  // The casts give the glue's untyped values the shapes that the wasm side has checked.
  return {
    checkSpec: (spec) => core.checkSpec(spec) as FieldError[],
    steps: (spec) => core.steps(spec) as Step[],
    plan: (spec, call) => core.plan(spec, call) as Promise<Plan>,
    provision: (spec, run) => core.provision(spec, run) as Promise<ProvisionResult>,
    createOrg: (input, call) => core.createOrg(input, call) as Promise<Org>,
    createOrgKey: (orgId, input, call) => core.createOrgKey(orgId, input, call) as Promise<OrgKey>,
    startCrawl: (orgId, input, call) => core.startCrawl(orgId, input, call) as Promise<Datasource>,
    readCrawl: (orgId, datasourceId, call) =>
      core.readCrawl(orgId, datasourceId, call) as Promise<CrawlProgress>,
    crawlAgain: (orgId, datasourceId, call) =>
      core.crawlAgain(orgId, datasourceId, call) as Promise<CrawlProgress>,
    addTraining: (orgId, input, call) => core.addTraining(orgId, input, call) as Promise<Training>,
    inviteUser: (orgId, input, call) => core.inviteUser(orgId, input, call) as Promise<Invitation>,
    createLoginLink: (orgId, input, call) => core.createLoginLink(orgId, input, call) as Promise<LoginLink>,
    embedSnippet: (widgetToken, snippet) => core.embedSnippet(widgetToken, snippet),
  };
}
