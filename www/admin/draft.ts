import { type Admin, connect } from "../sdk/admin.js";
import { startBatch } from "../sdk/batch.js";
import { isKitError } from "../sdk/errors.js";
import type { Spec } from "../sdk/provision.js";
import { type Customers, type Mistake, mistakesOf, readCustomers } from "./customer-file.js";
import { byId, setText } from "./dom.js";
import { clearError, showError } from "./field-error.js";
import type { Frame } from "./frame.js";
import { customers, number } from "./number.js";
import { outline } from "./outline.js";

/** As many as the proxy takes at a time. */
const MOST = 1_000;
/** So many mistakes are shown: whoever has more puts these right first. */
const SHOWN = 100;

/** A batch that is to be: its file, what is wrong in it, what it would begin. */
export class Draft {
  readonly #open = byId("open-customers", HTMLButtonElement);
  readonly #input = byId("customers-file", HTMLInputElement);
  readonly #form = byId("draft", HTMLFormElement);
  readonly #name = byId("draft-name", HTMLSpanElement);
  readonly #outline = byId("draft-outline", HTMLUListElement);
  readonly #error = byId("draft-error", HTMLParagraphElement);
  readonly #mistakes = byId("mistakes", HTMLElement);
  readonly #mistakeRows = byId("mistake-rows", HTMLTableSectionElement);
  readonly #mistakesMore = byId("mistakes-more", HTMLParagraphElement);
  readonly #leaveOut = byId("leave-out", HTMLInputElement);
  readonly #tolerate = byId("tolerate", HTMLInputElement);
  readonly #skip = byId("skip-unsupported", HTMLInputElement);
  readonly #start = byId("start", HTMLButtonElement);
  readonly #frame: Frame;
  readonly #started: (id: string) => void;
  /** Loaded when the first file is opened. */
  #admin: Promise<Admin> | null = null;
  #customers: Customers | null = null;
  /** Of one batch: a second click on Start, or a repeat after a lost answer, begins no other. */
  #key: string | null = null;
  #busy = false;

  constructor(frame: Frame, started: (id: string) => void) {
    this.#frame = frame;
    this.#started = started;
    this.#open.addEventListener("click", () => this.#input.click());
    this.#input.addEventListener("change", () => {
      const file = this.#input.files?.[0];
      // The same file, changed meanwhile, can be opened again.
      this.#input.value = "";
      if (file !== undefined) this.#read(file);
    });
    this.#form.addEventListener("input", () => {
      this.#key = null;
      clearError(this.#tolerate);
      this.#show();
    });
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#begin();
    });
    byId("close-draft", HTMLButtonElement).addEventListener("click", () => this.#close());
    // Until now a click would have been lost.
    this.#open.disabled = false;
  }

  async #read(file: File): Promise<void> {
    if (this.#busy) return;
    this.#close();
    this.#setBusy(true, "Reading…");
    try {
      const admin = await this.#loaded();
      this.#customers = await readCustomers(admin, file);
      this.#name.textContent = file.name;
      this.#list(this.#customers.mistakes);
      this.#say(outline(admin, this.#customers.specs));
      this.#form.hidden = false;
    } catch (error) {
      // What a file is that it should not be is said by who read it.
      setText(
        this.#error,
        isKitError(error) || !(error instanceof Error) ? this.#frame.words(error) : error.message,
      );
    } finally {
      this.#setBusy(false);
    }
  }

  #loaded(): Promise<Admin> {
    this.#admin ??= connect(this.#frame.proxy).catch((error: unknown) => {
      this.#admin = null;
      throw error;
    });
    return this.#admin;
  }

  async #begin(): Promise<void> {
    const specs = this.#specs();
    if (specs === null || this.#busy) return;
    const text = this.#tolerate.value.trim();
    const tolerate = Number(text);
    if (!/^\d+$/.test(text) || tolerate > MOST) {
      showError(this.#tolerate, `Give a whole number from 0 to ${number(MOST)}.`);
      this.#tolerate.focus();
      return;
    }
    setText(this.#error, "");
    this.#setBusy(true, "Starting…");
    this.#key ??= crypto.randomUUID();
    const options = { tolerate, skipUnsupported: this.#skip.checked, idempotencyKey: this.#key };
    try {
      const { id } = await startBatch(this.#frame.batches, specs, options);
      this.#close();
      this.#started(id);
    } catch (error) {
      const mistakes = isKitError(error) ? (error.errors ?? []) : [];
      if (mistakes.length > 0) this.#list(mistakesOf(mistakes, this.#customers?.places ?? []));
      setText(
        this.#error,
        mistakes.length > 0 ? "Nothing was begun: the proxy has found mistakes." : this.#frame.words(error),
      );
    } finally {
      this.#setBusy(false);
    }
  }

  /** Those that a click would begin; null while there is something to be decided first. */
  #specs(): readonly Spec[] | null {
    const { specs, mistakes } = this.#customers ?? { specs: [], mistakes: [] };
    const decided = mistakes.length === 0 || this.#leaveOut.checked;
    return decided && specs.length > 0 && specs.length <= MOST ? specs : null;
  }

  #list(mistakes: readonly Mistake[]): void {
    const { unit, specs } = this.#customers ?? { unit: "Row", specs: [] };
    this.#mistakeRows.replaceChildren(
      ...mistakes.slice(0, SHOWN).map(({ place, column, reason }) => {
        const row = document.createElement("tr");
        const texts = [place === 0 ? "The file" : `${unit} ${number(place)}`, column, reason];
        row.append(
          ...texts.map((text) => Object.assign(document.createElement("td"), { textContent: text })),
        );
        return row;
      }),
    );
    const more = mistakes.length - SHOWN;
    setText(this.#mistakesMore, more > 0 ? `And ${number(more)} more.` : "");
    this.#mistakes.hidden = mistakes.length === 0;
    this.#leaveOut.checked = false;
    byId("leave-out-part", HTMLLabelElement).hidden =
      specs.length === 0 || this.#customers?.mistakes !== mistakes;
  }

  #say(lines: readonly string[]): void {
    const { specs, mistakes } = this.#customers ?? { specs: [], mistakes: [] };
    const told = specs.length === 0 ? ["No customer of this file can be set up as it is."] : [...lines];
    if (mistakes.length > 0)
      told.push(`Mistakes: ${number(mistakes.length)}. Put them right, and open the file again.`);
    if (specs.length > MOST)
      told.push(`A batch takes ${number(MOST)} customers: make several files of this one.`);
    this.#outline.replaceChildren(
      ...told.map((line) => Object.assign(document.createElement("li"), { textContent: line })),
    );
    this.#show();
  }

  #show(): void {
    this.#start.setAttribute("aria-disabled", String(this.#busy || this.#specs() === null));
    const count = this.#customers?.specs.length ?? 0;
    this.#start.hidden = count === 0;
    if (!this.#busy) this.#start.textContent = `Start ${customers(count)}`;
  }

  #setBusy(busy: boolean, words = "Open a file of customers"): void {
    this.#busy = busy;
    this.#open.setAttribute("aria-disabled", String(busy));
    if (this.#form.hidden || !busy) this.#open.textContent = busy ? words : "Open a file of customers";
    else this.#start.textContent = words;
    this.#show();
  }

  #close(): void {
    this.#customers = null;
    this.#key = null;
    setText(this.#error, "");
    // The button that had the focus is gone with the rest.
    if (this.#form.contains(document.activeElement)) this.#open.focus();
    this.#form.hidden = true;
  }
}
