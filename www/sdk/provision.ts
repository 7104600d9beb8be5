import type { CallOptions } from "./admin.js";
import type { KitErrorCode } from "./errors.js";
import type {
  AutopilotSettings,
  ContactInput,
  CrawlProgress,
  HandoffSettings,
  NewDatasource,
  NewOrg,
  OfficeHoursInput,
  Org,
  TagInput,
  TrainingInput,
} from "./platform.js";
import type { WidgetOptions } from "./widget-options.js";

/**
 * What a customer should be. `provision(spec)` makes it so and can be run again at any time. The package's `spec.schema.json` says
 * the same for a file. Lists hold at most 2,000 items; a field that this type does not have is refused.
 */
export interface Spec {
  /** Where an editor finds the JSON Schema of a spec in a file. */
  $schema?: string;
  org: NewOrg;
  /** Crawl this website; `url` defaults to `org.website`. Leave out for no crawl. */
  crawl?: Partial<NewDatasource>;
  /** No two with the same title. */
  trainings?: TrainingInput[];
  /** No two with the same address. */
  members?: Member[];
  settings?: { autopilot?: AutopilotSettings; handoff?: HandoffSettings };
  /** No two with the same name. */
  office_hours?: OfficeHoursInput[];
  /** No two with the same name. */
  tags?: TagInput[];
  /** No two with the same address, or, without one, the same phone number. */
  contacts?: ContactInput[];
  /** Options of the widget in the snippet, and where `script.js` is served from. */
  embed?: SnippetOptions;
}

export interface Member {
  email: string;
  /** For a login link, should an account have to be made; 1 to 200 characters. */
  name?: string;
  /** `invitation` (default) sends an e-mail; `login-link` gives a link, new with every run. */
  access?: "invitation" | "login-link";
}

export interface SnippetOptions {
  /**
   * `script` (default): a script tag to paste. `element`: the `<opencx-chat>` element with its script. `npm`: a module that
   * calls `loadWidget`, for an app that has the package installed.
   */
  form?: "script" | "element" | "npm";
  /** Address of the kit's `script.js`, or of its `element.js` for an element. The npm form needs none. */
  scriptSrc?: string;
  /** Subresource Integrity hash of that file, from the package's `integrity.json`. */
  integrity?: string;
  /** Nonce of the page's content policy, for a page that is written anew at each request. */
  nonce?: string;
  /** Plain options of the widget, without the token. */
  options?: Omit<WidgetOptions, "token">;
}

/** What a run would do with one step. */
export interface PlannedAction {
  readonly step: Step;
  readonly action: "do" | "skip";
  /**
   * `not-there`: the proxy's ledger knows of none. `changed`: the spec says something else than when it was done. `gone`: the
   * platform has it no longer. `each-time`: made anew by each run. `not-in-spec`: it goes, by `prune`. `not-supported`: this
   * platform cannot do it.
   */
  readonly reason:
    | "not-there"
    | "changed"
    | "gone"
    | "done-before"
    | "each-time"
    | "not-in-spec"
    | "not-supported";
  /** False for an org, a key, a tag, a sent invitation and a removal: no call of the platform takes those back. */
  readonly canBeUndone: boolean;
}

/** A thing on the platform that the spec does not ask for. Of contacts only those that an earlier run made. */
export interface Extra {
  readonly kind: "crawl" | "training" | "office-hours" | "tag" | "contact";
  readonly id: string;
  readonly label: string;
}

/** What a run would do, and what it would take. */
export interface Plan {
  readonly actions: readonly PlannedAction[];
  /** On the platform and not in the spec. With `prune` what can be removed is also among the actions. */
  readonly extra: readonly Extra[];
  /** Who would get an e-mail. */
  readonly emails: readonly string[];
  /** Calls to the platform, which takes 100 a minute. */
  readonly platformCalls: number;
  /** About how long, without the crawl: a first crawl takes the platform 10 to 30 minutes. */
  readonly aboutMs: number;
}

export type StepKind =
  | "org"
  | "org-key"
  | "org-settings"
  | "crawl"
  | "training"
  | "office-hours"
  | "tag"
  | "contact"
  | "autopilot"
  | "handoff"
  | "invitation"
  | "login-link"
  | "removal"
  | "snippet";

export interface Step {
  /** Unique in the run and stable between runs of the same spec: `org`, `training/1`, … */
  readonly id: string;
  readonly kind: StepKind;
  /** For people: a training's title, an e-mail address, a website. */
  readonly label: string;
}

export interface StepError {
  readonly code: KitErrorCode;
  readonly message: string;
  readonly retryable: boolean;
}

export type SkipReason =
  /** Done in an earlier run, by the proxy's ledger. */
  | "done-before"
  /** A step that this one needs has failed, or was left out and never done before. */
  | "needs-other-step"
  /** Left out by `only`. */
  | "not-asked"
  /** This platform cannot do it, and `skipUnsupported` was given. */
  | "not-supported";

export type ProvisionEvent =
  | { readonly type: "run-started"; readonly steps: readonly Step[] }
  | { readonly type: "step-started"; readonly step: Step }
  | {
      readonly type: "step-retrying";
      readonly step: Step;
      readonly attempt: number;
      readonly waitMs: number;
      readonly error: StepError;
    }
  | {
      readonly type: "step-skipped";
      readonly step: Step;
      readonly reason: SkipReason;
      readonly result?: unknown;
    }
  | { readonly type: "step-succeeded"; readonly step: Step; readonly result: unknown }
  | { readonly type: "step-failed"; readonly step: Step; readonly error: StepError }
  | { readonly type: "crawl-progress"; readonly step: Step; readonly progress: CrawlProgress }
  | { readonly type: "run-finished"; readonly ok: boolean };

export interface PlanOptions extends CallOptions {
  /** Plan the removal of what is on the platform and not in the spec. */
  prune?: boolean;
}

export interface ProvisionOptions {
  onEvent?: (event: ProvisionEvent) => void;
  /** Stops after the calls in flight; the promise rejects with `ABORTED`; the next run continues. */
  signal?: AbortSignal;
  /** For each call; 1 to 600,000 ms, default 30,000. */
  timeoutMs?: number;
  /** `batch`: people's calls go first, and a call waits at the proxy for its turn as long as `timeoutMs` lets it. */
  lane?: "people" | "batch";
  /** Run only the steps with these ids. What they need must have been done before. */
  only?: readonly string[];
  /** Follow the crawl to its end with `crawl-progress` events; the other steps do not wait for it. Default false. */
  watchCrawl?: boolean;
  /** Remove what is on the platform and not in the spec: trainings, websites, office hours, and contacts that a run made. */
  prune?: boolean;
  /** Leave out what this platform cannot do, where a run is refused otherwise with `NOT_SUPPORTED`. */
  skipUnsupported?: boolean;
}

export interface StepOutcome {
  readonly step: Step;
  readonly outcome: "done" | "skipped" | "failed";
  readonly reason?: SkipReason;
  readonly result?: unknown;
  readonly error?: StepError;
}

export interface ProvisionResult {
  /** No step failed. */
  readonly ok: boolean;
  readonly org: Org | null;
  /** What puts the widget on a page, in the form that was asked for. */
  readonly snippet: string | null;
  readonly steps: readonly StepOutcome[];
  /** On the platform and not in the spec; with `prune` it has been removed where that can be done. */
  readonly extra: readonly Extra[];
}
