import { type Admin, connect } from "../sdk/admin.js";
import { isKitError } from "../sdk/errors.js";
import type { Org } from "../sdk/platform.js";
import type { ProvisionEvent, Spec, Step } from "../sdk/provision.js";
import type { Config } from "./config.js";
import { demoCustomer } from "./demo-customer.js";
import { byId, setText } from "./dom.js";
import { CustomerForm, type Reading } from "./form.js";
import { type Frame, openPage } from "./frame.js";
import { ResultPanel } from "./result.js";
import { SettlePanel } from "./settle.js";
import { SpecFile } from "./spec-file.js";
import { StepList } from "./steps.js";

const EMPTY = "Fill in a name and your customer id to see the steps.";

/** The page once everything it needs is there. */
class Page {
  readonly #admin: Admin;
  readonly #frame: Frame;
  readonly #config: Config;
  readonly #form: CustomerForm;
  readonly #file: SpecFile;
  readonly #steps: StepList;
  readonly #result: ResultPanel;
  readonly #settle: SettlePanel;
  readonly #summary = byId("summary", HTMLParagraphElement);
  readonly #error = byId("run-error", HTMLParagraphElement);
  readonly #run = byId("run", HTMLButtonElement);
  readonly #stop = byId("stop", HTMLButtonElement);
  /** A step of this run was refused: by the platform, or because nobody is signed in any more. */
  #refused = false;
  /** There is one while a run is on. */
  #running: AbortController | null = null;
  /** What the runs for this customer have given so far. */
  #customer = "";
  #orgId: string | null = null;
  #snippet: string | null = null;

  constructor(admin: Admin, frame: Frame) {
    const { config } = frame;
    this.#admin = admin;
    this.#frame = frame;
    this.#config = config;
    const words = (error: unknown) => frame.words(error);
    this.#result = new ResultPanel(admin, config.siteUrl, words);
    this.#settle = new SettlePanel(admin, { settled: () => this.#start(), words });
    this.#steps = new StepList((step) => this.#start([step.id]));
    this.#form = new CustomerForm({
      changed: () => this.#preview(),
      submitted: () => this.#start(),
    });
    this.#file = new SpecFile({
      opened: () => this.#openFile(),
      failed: (message) => setText(this.#error, message),
    });
    this.#stop.addEventListener("click", () => this.#running?.abort());
    const { siteUrl } = config;
    const demo = byId("fill-demo", HTMLButtonElement);
    demo.hidden = siteUrl === undefined;
    demo.addEventListener("click", () => {
      this.#form.fill(demoCustomer(siteUrl ?? ""));
      setText(this.#error, "");
      this.#preview();
      this.#run.focus();
    });
    this.#preview();
    // Until now a click would have been lost.
    for (const id of ["fill-demo", "open-spec", "run"]) byId(id, HTMLButtonElement).disabled = false;
  }

  /** Shows the steps that the form would make, as far as it is fit to. */
  #preview(): void {
    if (this.#running !== null) {
      return;
    }
    this.#plan(this.#read().spec);
    this.#tell();
  }

  /** What is to be set up: the open file's customer, or the form's. */
  #read(): Reading {
    const spec = this.#file.spec;
    return spec === null ? this.#form.read(this.#config) : { spec, fields: new Map() };
  }

  /** Says what is wrong with a file, or what a run of it would do. */
  async #openFile(): Promise<void> {
    const { spec } = this.#file;
    const mistakes = spec === null ? [] : this.#admin.checkSpec(spec);
    setText(this.#error, mistakes.map(({ path, message }) => `${path} ${message}.`).join(" "));
    if (mistakes.length > 0) return;
    this.#preview();
    if (spec === null) return;
    try {
      this.#file.show(await this.#admin.plan(spec));
    } catch (error) {
      setText(this.#error, this.#frame.words(error));
    }
  }

  /** A spec with mistakes has no steps; those of the last good one stay. */
  #plan(spec: Spec): void {
    this.#forgetOthers(spec);
    if (this.#admin.checkSpec(spec).length === 0) {
      this.#steps.plan(this.#admin.steps(spec));
    }
  }

  /** Another customer id means another customer: nothing shown for the last one may stay. */
  #forgetOthers(spec: Spec): void {
    if (spec.org.external_id !== this.#customer) {
      this.#customer = spec.org.external_id;
      this.#orgId = null;
      this.#snippet = null;
      this.#steps.forget();
      this.#result.hide();
      this.#settle.hide();
    }
  }

  async #start(only?: readonly string[]): Promise<void> {
    if (this.#running !== null) {
      return;
    }
    const reading = this.#read();
    const mistakes = this.#admin.checkSpec(reading.spec);
    const elsewhere = this.#form.showErrors(mistakes, reading);
    setText(this.#error, elsewhere.map(({ path, message }) => `${path} ${message}.`).join(" "));
    if (mistakes.length > 0) {
      return;
    }
    const controller = new AbortController();
    this.#setRunning(controller);
    this.#settle.hide();
    // The run tries again for a while before it gives up on the proxy; this is quicker to tell.
    this.#frame.check();
    this.#refused = false;
    this.#plan(reading.spec);
    this.#steps.begin(only);
    this.#tell();
    let stopped = false;
    try {
      const result = await this.#admin.provision(reading.spec, {
        onEvent: (event) => this.#follow(event, reading.spec),
        signal: controller.signal,
        watchCrawl: true,
        ...(only !== undefined && { only }),
      });
      this.#orgId = result.org?.id ?? this.#orgId;
      this.#snippet = result.snippet ?? this.#snippet;
    } catch (error) {
      stopped = isKitError(error) && error.code === "ABORTED";
      if (isKitError(error) && error.code === "INVALID_SPEC" && error.errors !== undefined) {
        this.#form.showErrors(error.errors, reading);
      }
      if (!stopped) setText(this.#error, this.#frame.words(error));
    }
    this.#steps.end(stopped);
    this.#setRunning(null);
    this.#showResult();
    // The form may have been edited meanwhile.
    this.#plan(this.#read().spec);
    this.#tell(stopped ? "Stopped." : "");
    if (this.#refused) this.#frame.signInLost();
    else this.#frame.check();
  }

  #follow(event: ProvisionEvent, { org }: Spec): void {
    this.#steps.apply(event);
    if (event.type === "step-failed" && event.error.code === "UNAUTHENTICATED") this.#refused = true;
    if (event.type === "step-failed" && event.step.kind === "org" && event.error.code === "OUTCOME_UNKNOWN") {
      this.#settle.show({ external_id: org.external_id, name: org.name });
    }
    if (event.type === "step-succeeded" || event.type === "step-skipped") {
      this.#keep(event.step, event.result);
    }
    // Pages of a crawl are shown at its step, but not read out one by one.
    if (event.type !== "crawl-progress" && event.type !== "run-finished") {
      this.#tell();
    }
  }

  /** Takes org and snippet as they come, so that a long crawl keeps nobody waiting. */
  #keep(step: Step, result: unknown): void {
    if (step.kind === "org" && isOrg(result)) {
      this.#orgId = result.id;
    } else if (step.kind === "snippet" && typeof result === "string") {
      this.#snippet = result;
    } else {
      return;
    }
    this.#showResult();
  }

  #showResult(): void {
    if (this.#orgId !== null) {
      this.#result.show(this.#orgId, this.#snippet, this.#form.invitee());
    }
  }

  /** One line on how the steps stand, read out when it changes. */
  #tell(first = ""): void {
    const { total, done, failed } = this.#steps.tally();
    const words = first === "" ? [] : [first];
    if (total === 0) {
      words.push(EMPTY);
    } else if (done === total) {
      words.push(`All ${total} steps are done.`);
    } else if (this.#running === null && done + failed === 0 && first === "") {
      words.push(`${total} steps to do.`);
    } else {
      words.push(`${done} of ${total} steps done.`);
    }
    if (failed > 0) {
      words.push(this.#running === null ? `${failed} failed: set up again to go on.` : `${failed} failed.`);
    }
    const text = words.join(" ");
    // Setting the same text again would have it read out again.
    if (this.#summary.textContent !== text) {
      this.#summary.textContent = text;
    }
  }

  #setRunning(controller: AbortController | null): void {
    const stopHadFocus = document.activeElement === this.#stop;
    this.#running = controller;
    this.#run.setAttribute("aria-disabled", String(controller !== null));
    this.#run.textContent = controller === null ? "Set up customer" : "Setting up…";
    this.#stop.hidden = controller === null;
    if (controller === null && stopHadFocus) {
      this.#run.focus();
    }
  }
}

function isOrg(value: unknown): value is Org {
  return typeof value === "object" && value !== null && typeof (value as { id?: unknown }).id === "string";
}

// Until the page has started, a submit must not reload it.
byId("customer", HTMLFormElement).addEventListener("submit", (event) => event.preventDefault());
openPage(async (frame) => {
  const checked = frame.check();
  const admin = await connect(frame.proxy);
  // A click before the sign-in is there would only be refused.
  if (frame.config.signIn !== undefined) await checked;
  new Page(admin, frame);
  await checked;
});
