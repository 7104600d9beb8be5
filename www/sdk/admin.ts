import init, { AdminCore } from "#glue/admin";
import type { FieldError } from "./errors.js";
import { kitError } from "./kit-error.js";
import type {
  AddedDatasource,
  AddedOfficeHours,
  AddedTraining,
  AdoptedOrg,
  AuthenticateUser,
  AutopilotSettings,
  Capabilities,
  ContactInput,
  ContactPage,
  ContactQuery,
  ContactToken,
  ContactUpdate,
  CrawledPage,
  CrawlJob,
  CrawlProgress,
  Datasource,
  DatasourceDetail,
  DatasourceUpdate,
  HandoffAnalytics,
  HandoffAnalyticsQuery,
  HandoffEventPage,
  HandoffEventsQuery,
  HandoffSettings,
  Invitation,
  KnownOrg,
  KnownOrgKey,
  List,
  LoginLink,
  NewDatasource,
  NewOrg,
  OfficeHours,
  OfficeHoursInput,
  Org,
  Organization,
  OrgKey,
  OrgUpdate,
  SettledOrg,
  Tag,
  TagInput,
  Training,
  TrainingInput,
  TrainingPage,
  TrainingQuery,
} from "./platform.js";
import type {
  Plan,
  PlanOptions,
  ProvisionOptions,
  ProvisionResult,
  SnippetOptions,
  Spec,
  Step,
} from "./provision.js";
import type {
  CsvCustomers,
  CsvOptions,
  ProvisionManyOptions,
  ProvisionManyResult,
} from "./provision-many.js";
import { lazyStart } from "./wasm-start.js";

export type * from "./errors.js";
export { isKitError } from "./errors.js";
export type * from "./platform.js";
export type * from "./provision.js";
export type * from "./provision-many.js";
export type { WidgetOptions } from "./widget-options.js";

export interface ConnectOptions {
  /** Where the partner proxy answers: an http(s) address, or a path on this page's own server. */
  proxyUrl: string;
  /**
   * Sent to the proxy as `Authorization: Bearer`: a token, or a function that gets one. The function is asked once for all
   * calls, and again when the proxy has refused what it gave (401). Where it fails, calls fail with `UNAUTHENTICATED`.
   */
  token?: string | (() => string | Promise<string>);
  /** Whether cookies go with each call. Default: the browser's, which is `same-origin`. */
  credentials?: "include" | "same-origin";
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

/** What may be said about watching a crawl. */
export interface WatchOptions {
  /** Told how far it has come, at each look. */
  onProgress?: (progress: CrawlProgress) => void;
  /** Ends this watching with `ABORTED`. The crawl goes on. */
  signal?: AbortSignal;
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
  plan(spec: Spec, options?: PlanOptions): Promise<Plan>;
  /**
   * Makes the customer be as the spec says: what is done is skipped, what has changed is changed, what is missing is added;
   * each change is an event. Resolves with `ok: false` when steps failed; rejects with `INVALID_SPEC` or `NOT_SUPPORTED`
   * before anything is sent, with `ABORTED`, or when the proxy cannot say what is done already.
   */
  provision(spec: Spec, options?: ProvisionOptions): Promise<ProvisionResult>;
  /**
   * Runs `provision` for many customers, so many at the same time, within the proxy's budget of calls. Resolves with what became
   * of each, also when it stops before its end: after more failures than are tolerated, or by the signal. Can be run again with
   * the same specs: who is done costs no writes. Rejects before anything is sent: `INVALID_SPEC` (`[3].org.name`) if any of the
   * specs is wrong or two have the same `external_id`, `INVALID_OPTIONS`.
   */
  provisionMany(specs: readonly Spec[], options?: ProvisionManyOptions): Promise<ProvisionManyResult>;
  /**
   * Reads customers from a CSV file, a row for each; headers are the fields of a spec by their paths (`docs/many-customers.md`).
   * Sends nothing. Loads `csv.wasm` once; rejects with `WASM_FAILED` if that fails, and with `INVALID_OPTIONS` for no text.
   */
  readCsv(text: string, options?: CsvOptions): Promise<CsvCustomers>;

  /** What this proxy's platform has of the calls that are not documented. */
  capabilities(call?: CallOptions): Promise<Capabilities>;

  /** Creates an org, or gives back the one this `external_id` has. */
  createOrg(input: NewOrg, call?: CallOptions): Promise<Org>;
  /** Takes over an org that was made elsewhere: its id and widget token cannot be read, so a person gives them. */
  adoptOrg(input: AdoptedOrg, call?: CallOptions): Promise<Org>;
  /**
   * Settles an org whose outcome is `unknown`, once a person has found out that it was not made (it can be made anew), or leaves
   * it as it is (this external id is used no more). One that was made is taken over by `adoptOrg`.
   */
  settleOrg(externalId: string, input: SettledOrg, call?: CallOptions): Promise<void>;
  /** The customers that the proxy knows, by their external ids; `next` is what `after` takes. */
  listOrgs(
    query?: { limit?: number; after?: string },
    call?: CallOptions,
  ): Promise<List<KnownOrg> & { next: string | null }>;
  readOrgSettings(orgId: string, call?: CallOptions): Promise<Organization>;
  updateOrgSettings(orgId: string, input: OrgUpdate, call?: CallOptions): Promise<Organization>;

  /** Makes the org's secret key at the proxy, where it stays. */
  createOrgKey(orgId: string, input: { name: string }, call?: CallOptions): Promise<OrgKey>;
  listOrgKeys(orgId: string, call?: CallOptions): Promise<List<KnownOrgKey>>;
  /** Makes another key, which the proxy uses from now on. The old one stays good until OpenCX revokes it. */
  rotateOrgKey(orgId: string, input: { name: string }, call?: CallOptions): Promise<OrgKey>;

  /** Adds a website and starts its crawl. */
  startCrawl(orgId: string, input: NewDatasource, call?: CallOptions): Promise<AddedDatasource>;
  listCrawls(orgId: string, call?: CallOptions): Promise<List<Datasource>>;
  /** Reads a website, and how far its crawl has come. */
  readCrawl(orgId: string, crawlId: string, call?: CallOptions): Promise<DatasourceDetail>;
  /**
   * Watches a crawl until it has ended, be it `completed`, `failed` or `cancelled`, and resolves with how it ended. Looks at
   * once, then ever more rarely (half a second to ten seconds), not while the page is hidden, and at once when it is seen
   * again. However many watch the same crawl, it is looked at once for all. Rejects with `ABORTED`, which ends this watching
   * and no other, or with what a look failed with after its retries.
   */
  watchCrawl(orgId: string, crawlId: string, options?: WatchOptions): Promise<CrawlProgress>;
  updateCrawl(
    orgId: string,
    crawlId: string,
    input: DatasourceUpdate,
    call?: CallOptions,
  ): Promise<Datasource>;
  deleteCrawl(orgId: string, crawlId: string, call?: CallOptions): Promise<void>;
  /** Crawls a website again, such as after a crawl that failed. Each call starts one, so it is never repeated by itself. */
  crawlAgain(orgId: string, crawlId: string, call?: CallOptions): Promise<DatasourceDetail>;
  listCrawlJobs(orgId: string, crawlId: string, call?: CallOptions): Promise<List<CrawlJob>>;
  readCrawlJob(orgId: string, crawlId: string, jobId: string, call?: CallOptions): Promise<CrawlJob>;
  cancelCrawl(orgId: string, crawlId: string, jobId: string, call?: CallOptions): Promise<void>;
  listPages(orgId: string, crawlId: string, call?: CallOptions): Promise<List<CrawledPage>>;
  excludePages(orgId: string, crawlId: string, pageIds: readonly string[], call?: CallOptions): Promise<void>;
  includePages(orgId: string, crawlId: string, pageIds: readonly string[], call?: CallOptions): Promise<void>;
  resyncPages(orgId: string, crawlId: string, pageIds: readonly string[], call?: CallOptions): Promise<void>;
  deletePages(orgId: string, crawlId: string, pageIds: readonly string[], call?: CallOptions): Promise<void>;

  addTraining(orgId: string, input: TrainingInput, call?: CallOptions): Promise<AddedTraining>;
  /** All trainings that fit, page after page as they are asked for. */
  trainings(
    orgId: string,
    query?: TrainingQuery,
    call?: CallOptions,
  ): AsyncIterableIterator<Training, void, void>;
  /** One page of them. */
  listTrainings(orgId: string, query?: TrainingQuery, call?: CallOptions): Promise<TrainingPage>;
  readTraining(orgId: string, trainingId: string, call?: CallOptions): Promise<Training>;
  updateTraining(
    orgId: string,
    trainingId: string,
    input: TrainingInput,
    call?: CallOptions,
  ): Promise<Training>;
  /** Publishes a draft, or makes one of a published training. */
  setTrainingDraft(orgId: string, trainingId: string, isDraft: boolean, call?: CallOptions): Promise<unknown>;
  deleteTraining(orgId: string, trainingId: string, call?: CallOptions): Promise<void>;

  inviteUser(orgId: string, input: { email: string }, call?: CallOptions): Promise<Invitation>;
  /** Each call makes another link, so it is never repeated by itself. */
  createLoginLink(
    orgId: string,
    input: { email: string; name?: string },
    call?: CallOptions,
  ): Promise<LoginLink>;

  readAutopilot(orgId: string, call?: CallOptions): Promise<AutopilotSettings>;
  updateAutopilot(orgId: string, input: AutopilotSettings, call?: CallOptions): Promise<AutopilotSettings>;
  readHandoff(orgId: string, call?: CallOptions): Promise<HandoffSettings>;
  updateHandoff(orgId: string, input: HandoffSettings, call?: CallOptions): Promise<HandoffSettings>;

  addOfficeHours(orgId: string, input: OfficeHoursInput, call?: CallOptions): Promise<AddedOfficeHours>;
  listOfficeHours(orgId: string, call?: CallOptions): Promise<List<OfficeHours>>;
  readOfficeHours(orgId: string, scheduleId: string, call?: CallOptions): Promise<OfficeHours>;
  /** The shifts take the place of those that were there. */
  updateOfficeHours(
    orgId: string,
    scheduleId: string,
    input: OfficeHoursInput,
    call?: CallOptions,
  ): Promise<void>;
  deleteOfficeHours(orgId: string, scheduleId: string, call?: CallOptions): Promise<void>;

  /** Adds a tag, or changes the one of that name. */
  saveTag(orgId: string, input: TagInput, call?: CallOptions): Promise<void>;
  listTags(orgId: string, call?: CallOptions): Promise<List<Tag>>;

  addContact(orgId: string, input: ContactInput, call?: CallOptions): Promise<{ id: string }>;
  listContacts(orgId: string, query?: ContactQuery, call?: CallOptions): Promise<ContactPage>;
  updateContact(orgId: string, contactId: string, input: ContactUpdate, call?: CallOptions): Promise<void>;
  deleteContact(orgId: string, contactId: string, call?: CallOptions): Promise<void>;

  readHandoffAnalytics(
    orgId: string,
    query?: HandoffAnalyticsQuery,
    call?: CallOptions,
  ): Promise<HandoffAnalytics>;
  listHandoffEvents(orgId: string, query?: HandoffEventsQuery, call?: CallOptions): Promise<HandoffEventPage>;

  /** A token for one signed-in visitor. Only a server of the customer's should ask: whoever has it is that visitor. */
  createContactToken(orgId: string, input: AuthenticateUser, call?: CallOptions): Promise<ContactToken>;

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
  const ask = <T>(name: string, ids: string[], input: unknown, call?: CallOptions) =>
    core.call(name, ids, input, call) as Promise<T>;
  const pages =
    (name: string) => (orgId: string, crawlId: string, ids: readonly string[], call?: CallOptions) =>
      ask<void>(name, [orgId, crawlId], { page_ids: ids }, call);
  const listTrainings = (orgId: string, query?: TrainingQuery, call?: CallOptions) =>
    ask<TrainingPage>("listTrainings", [orgId], query, call);
  return {
    checkSpec: (spec) => core.checkSpec(spec) as FieldError[],
    steps: (spec) => core.steps(spec) as Step[],
    plan: (spec, options) => core.plan(spec, options) as Promise<Plan>,
    provision: (spec, run) => core.provision(spec, run) as Promise<ProvisionResult>,
    provisionMany: async (specs, run) => {
      const { provisionMany } = await import("./csv.js");
      const one = {
        checkSpec: (spec: Spec) => core.checkSpec(spec) as FieldError[],
        provision: (spec: Spec, options: ProvisionOptions) =>
          core.provision(spec, options) as Promise<ProvisionResult>,
      };
      return provisionMany(one, specs, run);
    },
    readCsv: async (text, csv) => {
      if (typeof text !== "string") {
        const message = "readCsv() needs the file's text, such as that of await file.text().";
        throw kitError("INVALID_OPTIONS", message);
      }
      const { readCsv } = await import("./csv.js");
      return readCsv(text, (spec) => core.checkSpec(spec) as FieldError[], csv?.wasmUrl);
    },
    embedSnippet: (widgetToken, snippet) => core.embedSnippet(widgetToken, snippet),
    capabilities: (call) => ask("capabilities", [], undefined, call),
    createOrg: (input, call) => ask("createOrg", [], input, call),
    adoptOrg: (input, call) => ask("adoptOrg", [], input, call),
    settleOrg: (externalId, input, call) => ask("settleOrg", [externalId], input, call),
    listOrgs: (query, call) => ask("listOrgs", [], query, call),
    readOrgSettings: (org, call) => ask("readOrgSettings", [org], undefined, call),
    updateOrgSettings: (org, input, call) => ask("updateOrgSettings", [org], input, call),
    createOrgKey: (org, input, call) => ask("createOrgKey", [org], input, call),
    listOrgKeys: (org, call) => ask("listOrgKeys", [org], undefined, call),
    rotateOrgKey: (org, input, call) => ask("rotateOrgKey", [org], input, call),
    startCrawl: (org, input, call) => ask("startCrawl", [org], input, call),
    listCrawls: (org, call) => ask("listCrawls", [org], undefined, call),
    readCrawl: (org, crawl, call) => ask("readCrawl", [org, crawl], undefined, call),
    watchCrawl: (org, crawl, watch) => core.watchCrawl(org, crawl, watch) as Promise<CrawlProgress>,
    updateCrawl: (org, crawl, input, call) => ask("updateCrawl", [org, crawl], input, call),
    deleteCrawl: (org, crawl, call) => ask("deleteCrawl", [org, crawl], undefined, call),
    crawlAgain: (org, crawl, call) => ask("crawlAgain", [org, crawl], undefined, call),
    listCrawlJobs: (org, crawl, call) => ask("listCrawlJobs", [org, crawl], undefined, call),
    readCrawlJob: (org, crawl, job, call) => ask("readCrawlJob", [org, crawl, job], undefined, call),
    cancelCrawl: (org, crawl, job, call) => ask("cancelCrawl", [org, crawl, job], undefined, call),
    listPages: (org, crawl, call) => ask("listPages", [org, crawl], undefined, call),
    excludePages: pages("excludePages"),
    includePages: pages("includePages"),
    resyncPages: pages("resyncPages"),
    deletePages: pages("deletePages"),
    addTraining: (org, input, call) => ask("addTraining", [org], input, call),
    trainings: (org, query, call) => everyTraining((page) => listTrainings(org, { ...query, ...page }, call)),
    listTrainings,
    readTraining: (org, id, call) => ask("readTraining", [org, id], undefined, call),
    updateTraining: (org, id, input, call) => ask("updateTraining", [org, id], input, call),
    setTrainingDraft: (org, id, draft, call) => ask("setTrainingDraft", [org, id], { is_draft: draft }, call),
    deleteTraining: (org, id, call) => ask("deleteTraining", [org, id], undefined, call),
    inviteUser: (org, input, call) => ask("inviteUser", [org], input, call),
    createLoginLink: (org, input, call) => ask("createLoginLink", [org], input, call),
    readAutopilot: (org, call) => ask("readAutopilot", [org], undefined, call),
    updateAutopilot: (org, input, call) => ask("updateAutopilot", [org], input, call),
    readHandoff: (org, call) => ask("readHandoff", [org], undefined, call),
    updateHandoff: (org, input, call) => ask("updateHandoff", [org], input, call),
    addOfficeHours: (org, input, call) => ask("addOfficeHours", [org], input, call),
    listOfficeHours: (org, call) => ask("listOfficeHours", [org], undefined, call),
    readOfficeHours: (org, id, call) => ask("readOfficeHours", [org, id], undefined, call),
    updateOfficeHours: (org, id, input, call) => ask("updateOfficeHours", [org, id], input, call),
    deleteOfficeHours: (org, id, call) => ask("deleteOfficeHours", [org, id], undefined, call),
    saveTag: (org, input, call) => ask("saveTag", [org], input, call),
    listTags: (org, call) => ask("listTags", [org], undefined, call),
    addContact: (org, input, call) => ask("addContact", [org], input, call),
    listContacts: (org, query, call) => ask("listContacts", [org], query, call),
    updateContact: (org, id, input, call) => ask("updateContact", [org, id], input, call),
    deleteContact: (org, id, call) => ask("deleteContact", [org, id], undefined, call),
    readHandoffAnalytics: (org, query, call) => ask("readHandoffAnalytics", [org], query, call),
    listHandoffEvents: (org, query, call) => ask("listHandoffEvents", [org], query, call),
    createContactToken: (org, input, call) => ask("createContactToken", [org], input, call),
  };
}

/** One page after the other, as they are asked for. */
async function* everyTraining(read: (page: TrainingQuery) => Promise<TrainingPage>) {
  const limit = 100;
  for (let offset = 0, more = true; more; offset += limit) {
    const page = await read({ limit, offset });
    yield* page.items;
    more = page.has_more === true;
  }
}
