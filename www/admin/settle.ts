import type { Admin } from "../sdk/admin.js";
import { isKitError } from "../sdk/errors.js";
import { byId, setText } from "./dom.js";
import { clearError, showError } from "./field-error.js";

/** Whose organization nobody knows of. */
export interface InDoubt {
  external_id: string;
  name: string;
}

export interface SettleListener {
  /** It was made, and is taken over; or it was not, and can be made. */
  settled: () => void;
  /** An error in words for a person. */
  words: (error: unknown) => string;
}

/** Asks a person what became of an organization whose answer was lost. */
export class SettlePanel {
  readonly #section = byId("settle", HTMLElement);
  readonly #id = byId("settle-id", HTMLInputElement);
  readonly #token = byId("settle-token", HTMLInputElement);
  readonly #note = byId("settle-note", HTMLParagraphElement);
  readonly #admin: Admin;
  readonly #listener: SettleListener;
  #customer: InDoubt | null = null;
  #asking = false;

  constructor(admin: Admin, listener: SettleListener) {
    this.#admin = admin;
    this.#listener = listener;
    for (const field of [this.#id, this.#token]) field.addEventListener("input", () => clearError(field));
    byId("settle-form", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      this.#takeOver();
    });
    byId("settle-not-made", HTMLButtonElement).addEventListener("click", () => this.#say("not-made"));
    byId("settle-left", HTMLButtonElement).addEventListener("click", () => this.#say("left"));
  }

  show(customer: InDoubt): void {
    this.#customer = customer;
    setText(this.#note, "");
    this.#section.hidden = false;
  }

  hide(): void {
    this.#customer = null;
    for (const field of [this.#id, this.#token]) {
      field.value = "";
      clearError(field);
    }
    this.#section.hidden = true;
  }

  #takeOver(): void {
    const fields = { id: this.#id, widget_token: this.#token };
    const [id, widget_token] = [this.#id.value.trim(), this.#token.value.trim()];
    if (widget_token === "") showError(this.#token, "Give the widget token that OpenCX staff have told you.");
    if (id === "") showError(this.#id, "Give the organization's id that OpenCX staff have told you.");
    const missing = [this.#id, this.#token].find((field) => field.value.trim() === "");
    if (missing !== undefined) {
      missing.focus();
      return;
    }
    this.#ask(async (customer) => {
      await this.#admin.adoptOrg({ ...customer, id, widget_token });
      this.hide();
      this.#listener.settled();
    }, fields);
  }

  #say(outcome: "not-made" | "left"): void {
    this.#ask(async ({ external_id }) => {
      await this.#admin.settleOrg(external_id, { outcome });
      if (outcome === "not-made") {
        this.hide();
        this.#listener.settled();
      } else {
        setText(
          this.#note,
          `Left. ${external_id} is used no more: set the customer up under another customer id.`,
        );
      }
    });
  }

  /** One question at a time. */
  async #ask(
    question: (customer: InDoubt) => Promise<void>,
    fields: Record<string, HTMLInputElement> = {},
  ): Promise<void> {
    if (this.#asking || this.#customer === null) return;
    this.#asking = true;
    setText(this.#note, "");
    try {
      await question(this.#customer);
    } catch (error) {
      const mistakes = isKitError(error) ? (error.errors ?? []) : [];
      const known = mistakes.filter(({ path }) => fields[path] !== undefined);
      for (const { path, message } of known) {
        const field = fields[path];
        if (field !== undefined) showError(field, `This ${message}.`);
      }
      if (known.length === 0) {
        setText(this.#note, this.#listener.words(error));
      }
    } finally {
      this.#asking = false;
    }
  }
}
