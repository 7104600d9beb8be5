import type { KitErrorCode } from "./errors.js";
import type { CrawlProgress, NewDatasource, NewOrg, Org, TrainingInput } from "./platform.js";
import type { WidgetOptions } from "./widget-options.js";

/** What a customer should be. `provision(spec)` makes it so and can be run again at any time. */
export interface Spec {
  org: NewOrg;
  /** Crawl this website; `url` defaults to `org.website`. Leave out for no crawl. */
  crawl?: Partial<NewDatasource>;
  trainings?: TrainingInput[];
  members?: Member[];
  /** Options of the widget in the snippet, and where `script.js` is served from. */
  embed?: SnippetOptions;
}

export interface Member {
  email: string;
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
  /** `not-there`: the proxy's ledger knows of none. `each-time`: made anew by each run. */
  readonly reason: "not-there" | "done-before" | "each-time";
  /** False for an org, a key and a sent invitation: no call of the platform takes those back. */
  readonly canBeUndone: boolean;
}

/** What a run would do, and what it would take. */
export interface Plan {
  readonly actions: readonly PlannedAction[];
  /** Who would get an e-mail. */
  readonly emails: readonly string[];
  /** Calls to the platform, which takes 100 a minute. */
  readonly platformCalls: number;
  /** About how long, without the crawl: a first crawl takes the platform 10 to 30 minutes. */
  readonly aboutMs: number;
}

export type StepKind = "org" | "org-key" | "crawl" | "training" | "invitation" | "login-link" | "snippet";

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
  | "not-asked";

export type ProvisionEvent =
  | { readonly type: "run-started"; readonly steps: readonly Step[] }
  | { readonly type: "step-started"; readonly step: Step }
  | {
      readonly type: "step-retrying";
      readonly step: Step;
      readonly attempt: number;
      readonly waitMs: number;
      readonly code: KitErrorCode;
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

export interface ProvisionOptions {
  onEvent?: (event: ProvisionEvent) => void;
  /** Stops after the calls in flight; the promise rejects with `ABORTED`; the next run continues. */
  signal?: AbortSignal;
  /** Run only the steps with these ids. What they need must have been done before. */
  only?: readonly string[];
  /** Follow the crawl to its end with `crawl-progress` events; the other steps do not wait for it. Default false. */
  watchCrawl?: boolean;
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
}
