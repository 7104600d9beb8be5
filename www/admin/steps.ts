import type { CrawlProgress } from "../sdk/platform.js";
import type { ProvisionEvent, SkipReason, Step, StepError, StepKind } from "../sdk/provision.js";
import { byId, copyOf, part, setText } from "./dom.js";
import { TITLES } from "./step-titles.js";

/** Carried by each row as `data-state`. */
export type StepState = "waiting" | "running" | "done" | "done-before" | "failed" | "skipped";

/** Said in place of a label that would only repeat the title. */
const NOTES: Readonly<Partial<Record<StepKind, string>>> = {
  "org-key": "Stays with the proxy, never comes here",
  autopilot: "Where the assistant answers by itself",
  handoff: "How soon, and to whom",
  snippet: "To paste into the website",
};

const WORDS: Readonly<Record<StepState, string>> = {
  waiting: "Waiting",
  running: "Running",
  done: "Done",
  "done-before": "Done before",
  failed: "Failed",
  skipped: "Not run",
};

const ICONS: Readonly<Record<StepState, string>> = {
  waiting: "#icon-waiting",
  running: "#icon-running",
  done: "#icon-done",
  "done-before": "#icon-done",
  failed: "#icon-failed",
  skipped: "#icon-skipped",
};

/** How many steps there are, and how they stand. */
export interface Tally {
  readonly total: number;
  readonly done: number;
  readonly failed: number;
}

/** The list of steps, each in its state, each with a button of its own. */
export class StepList {
  readonly #list = byId("steps", HTMLOListElement);
  readonly #runOne: (step: Step) => void;
  #rows = new Map<string, StepRow>();

  constructor(runOne: (step: Step) => void) {
    this.#runOne = runOne;
  }

  /** Shows these steps; a step that was there before, with the same label, keeps its state. */
  plan(steps: readonly Step[]): void {
    const rows = new Map<string, StepRow>();
    for (const step of steps) {
      const old = this.#rows.get(step.id);
      rows.set(step.id, old?.isFor(step) ? old : new StepRow(step, this.#runOne));
    }
    const inPlace = [...rows.values()].every((row, index) => this.#list.children[index] === row.element);
    // Untouched rows stay in the page, so that a focused button keeps its focus.
    if (!inPlace || rows.size !== this.#list.children.length) {
      this.#list.replaceChildren(...[...rows.values()].map((row) => row.element));
    }
    this.#rows = rows;
  }

  forget(): void {
    this.#rows.clear();
    this.#list.replaceChildren();
  }

  apply(event: ProvisionEvent): void {
    if (event.type === "run-started") {
      this.plan(event.steps);
    } else if (event.type !== "run-finished") {
      this.#rows.get(event.step.id)?.apply(event);
    }
  }

  /** Marks the beginning of a run over these steps, all of them if none are named. */
  begin(only: readonly string[] | undefined): void {
    for (const [id, row] of this.#rows) {
      row.begin(only === undefined || only.includes(id));
    }
  }

  /** Marks the end of a run, by itself or by the Stop button. */
  end(stopped: boolean): void {
    for (const row of this.#rows.values()) {
      row.end(stopped);
    }
  }

  tally(): Tally {
    const states = [...this.#rows.values()].map((row) => row.state);
    return {
      total: states.length,
      done: states.filter((state) => state === "done" || state === "done-before").length,
      failed: states.filter((state) => state === "failed").length,
    };
  }
}

class StepRow {
  readonly element = copyOf("step-template");
  readonly #step: Step;
  readonly #icon = part(this.element, "use", SVGUseElement);
  readonly #word = part(this.element, ".step-state", HTMLSpanElement);
  readonly #detail = part(this.element, ".step-detail", HTMLParagraphElement);
  readonly #progress = part(this.element, "progress", HTMLProgressElement);
  readonly #button = part(this.element, "button", HTMLButtonElement);
  #outcome: StepState = "waiting";
  #crawl: CrawlProgress | null = null;
  #busy = false;

  constructor(step: Step, run: (step: Step) => void) {
    const title = TITLES[step.kind];
    this.#step = step;
    this.element.dataset.stepId = step.id;
    this.element.dataset.testid = `step-${step.kind}`;
    part(this.element, ".step-title", HTMLParagraphElement).textContent = title;
    const label = NOTES[step.kind] ?? step.label;
    part(this.element, ".step-label", HTMLParagraphElement).textContent = label;
    this.#detail.dataset.testid = "step-detail";
    this.#word.dataset.testid = "step-state";
    this.#progress.dataset.testid = "step-progress";
    this.#progress.setAttribute("aria-label", "Pages read");
    this.#button.dataset.testid = "run-step";
    this.#button.setAttribute("aria-label", `Run this step: ${title}, ${label}`);
    this.#button.addEventListener("click", () => {
      if (!this.#busy) {
        run(step);
      }
    });
    this.#show();
  }

  get state(): StepState {
    if (this.#crawl === null) {
      return this.#outcome;
    }
    if (!this.#crawl.finished) {
      // A crawl goes on at the platform after its step was answered; it is running while somebody watches.
      return this.#busy ? "running" : this.#outcome;
    }
    return this.#crawl.state === "completed" ? this.#outcome : "failed";
  }

  isFor(step: Step): boolean {
    return this.#step.kind === step.kind && this.#step.label === step.label;
  }

  begin(asked: boolean): void {
    this.#busy = true;
    if (asked) {
      this.#outcome = "waiting";
      this.#crawl = null;
      setText(this.#detail, "");
    }
    this.#show();
  }

  end(stopped: boolean): void {
    const wasRunning = this.state === "running";
    this.#busy = false;
    if (this.#outcome === "running") {
      this.#outcome = "waiting";
    }
    if (stopped && wasRunning) {
      setText(
        this.#detail,
        this.#crawl === null
          ? "Stopped. The next run looks up whether it was done."
          : "No longer watched. The crawl goes on at the platform.",
      );
    }
    this.#show();
  }

  apply(event: Exclude<ProvisionEvent, { type: "run-started" | "run-finished" }>): void {
    switch (event.type) {
      case "step-started":
        this.#outcome = "running";
        break;
      case "step-retrying":
        setText(this.#detail, `Trying again in ${seconds(event.waitMs)}, attempt ${event.attempt}.`);
        break;
      case "step-succeeded":
        this.#outcome = "done";
        // What the crawl has read stays.
        if (this.#crawl === null) {
          setText(this.#detail, "");
        }
        break;
      case "step-skipped":
        this.#skip(event.reason);
        break;
      case "step-failed":
        this.#outcome = "failed";
        this.#explain(event.error);
        break;
      case "crawl-progress":
        this.#crawl = event.progress;
        setText(this.#detail, crawlWords(event.progress));
        break;
    }
    this.#show();
  }

  #skip(reason: SkipReason): void {
    if (reason === "done-before") {
      this.#outcome = "done-before";
    } else if (reason === "needs-other-step") {
      this.#outcome = "skipped";
      setText(this.#detail, "It needs a step that has failed or was left out.");
    }
  }

  #explain(error: StepError): void {
    const code = document.createElement("code");
    code.textContent = error.code;
    this.#detail.replaceChildren(`${error.message} `, code);
    this.#detail.hidden = false;
  }

  #show(): void {
    const state = this.state;
    this.element.dataset.state = state;
    this.#icon.setAttribute("href", ICONS[state]);
    this.#word.textContent = state === "waiting" && !this.#busy ? "To do" : WORDS[state];
    this.#button.setAttribute("aria-disabled", String(this.#busy));
    const crawl = this.#crawl;
    this.#progress.hidden = crawl === null || state !== "running";
    if (crawl !== null && crawl.pages_total !== null && crawl.pages_done > 0) {
      this.#progress.max = crawl.pages_total;
      this.#progress.value = crawl.pages_done;
    } else {
      // Without a value it is shown as indeterminate.
      this.#progress.removeAttribute("value");
    }
  }
}

function crawlWords({ state, finished, pages_done, pages_total, error_message }: CrawlProgress): string {
  if (finished && state !== "completed") {
    return error_message ?? (state === "cancelled" ? "The crawl was cancelled." : "The crawl failed.");
  }
  if (finished) {
    return `${pages_done} ${pages_done === 1 ? "page" : "pages"} read`;
  }
  if (pages_done === 0) {
    return "Looking for pages";
  }
  // Until the platform has counted them it says none, or zero.
  return pages_total === null || pages_total < pages_done
    ? `${pages_done} pages so far`
    : `${pages_done} of ${pages_total} pages`;
}

function seconds(milliseconds: number): string {
  return `${Math.max(1, Math.round(milliseconds / 1000))} s`;
}
