import type { BatchStep } from "../sdk/batch.js";
import type { StepKind } from "../sdk/provision.js";
import type { Counts, Row } from "./batch-customers.js";
import { byId, copyOf, part } from "./dom.js";
import { number } from "./number.js";
import { TITLES } from "./step-titles.js";

/** Rows in the page at a time: a batch has up to a thousand. */
const PAGE = 50;

export const WORDS: Readonly<Record<Row["state"], string>> = {
  waiting: "Waiting",
  running: "Running",
  done: "Done",
  failed: "Failed",
};

/** The customers of a batch, a page of them at a time, all or those in one state. */
export class CustomerTable {
  readonly #body = byId("customer-rows", HTMLTableSectionElement);
  readonly #show = byId("show", HTMLSelectElement);
  readonly #previous = byId("previous", HTMLButtonElement);
  readonly #next = byId("next", HTMLButtonElement);
  readonly #range = byId("range", HTMLParagraphElement);
  #rows: readonly Row[] = [];
  #page = 0;

  constructor() {
    this.#show.addEventListener("change", () => this.#turn(0));
    this.#previous.addEventListener("click", () => this.#turn(this.#page - 1));
    this.#next.addEventListener("click", () => this.#turn(this.#page + 1));
  }

  /** From the first page on, all of them. */
  reset(): void {
    this.#show.value = "all";
    this.#page = 0;
  }

  show(rows: readonly Row[], counts: Counts): void {
    this.#rows = rows;
    for (const option of this.#show.options) {
      const count = option.value === "all" ? rows.length : counts[option.value as Row["state"]];
      const word = option.value === "all" ? "All" : WORDS[option.value as Row["state"]];
      setIfNew(option, `${word}: ${number(count)}`);
    }
    this.#draw();
  }

  #turn(page: number): void {
    const pages = this.#pages();
    if (page >= 0 && page < Math.max(1, pages)) this.#page = page;
    this.#draw();
  }

  #picked(): readonly Row[] {
    const state = this.#show.value;
    return state === "all" ? this.#rows : this.#rows.filter((row) => row.state === state);
  }

  #pages(): number {
    return Math.ceil(this.#picked().length / PAGE);
  }

  /** Rows that are there already are only changed where they differ: no jump, no lost focus, little work. */
  #draw(): void {
    const picked = this.#picked();
    this.#page = Math.min(this.#page, Math.max(0, this.#pages() - 1));
    const from = this.#page * PAGE;
    const shown = picked.slice(from, from + PAGE);
    while (this.#body.rows.length > shown.length) this.#body.deleteRow(-1);
    for (const [index, row] of shown.entries()) {
      const element = this.#body.rows[index] ?? this.#body.appendChild(copyOf("customer-template"));
      draw(element, row);
    }
    const last = from + shown.length;
    setIfNew(
      this.#range,
      picked.length === 0 ? "None" : `${number(from + 1)}–${number(last)} of ${number(picked.length)}`,
    );
    this.#previous.setAttribute("aria-disabled", String(this.#page === 0));
    this.#next.setAttribute("aria-disabled", String(last === picked.length));
  }
}

function draw(element: HTMLElement, { customer, state }: Row): void {
  element.dataset.state = state;
  setIfNew(part(element, "th", HTMLTableCellElement), customer.externalId);
  part(element, "use", SVGUseElement).setAttribute("href", `#icon-${state}`);
  setIfNew(part(element, ".state-word", HTMLSpanElement), WORDS[state]);
  const text = part(element, ".outcome", HTMLTableCellElement);
  // What was read of one who has begun anew is of no use.
  setIfNew(text, state === customer.state ? outcome(customer.error, customer.steps) : "");
}

function outcome(error: Row["customer"]["error"], steps: readonly BatchStep[] | null): string {
  if (error !== null) {
    const failed = steps?.find(({ outcome }) => outcome === "failed");
    const where = failed === undefined ? "" : `${TITLES[failed.kind as StepKind] ?? failed.kind}: `;
    return `${where}${error.message} (${error.code})`;
  }
  if (steps === null) return "";
  const count = (of: (step: BatchStep) => boolean) => steps.filter(of).length;
  const before = count(({ reason }) => reason === "done-before");
  const left = count(({ reason }) => reason === "not-supported");
  return [
    `${count(({ outcome }) => outcome === "done")} steps done`,
    ...(before > 0 ? [`${before} done before`] : []),
    ...(left > 0 ? [`${left} left out`] : []),
  ].join(", ");
}

function setIfNew(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
