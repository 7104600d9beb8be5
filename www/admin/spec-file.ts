import type { Plan, Spec } from "../sdk/provision.js";
import { byId, setText } from "./dom.js";

/** A customer from a file: a spec as JSON, with everything that the form has no fields for. */
export class SpecFile {
  readonly #form = byId("customer", HTMLFormElement);
  readonly #card = byId("file-card", HTMLElement);
  readonly #name = byId("file-name", HTMLElement);
  readonly #plan = byId("file-plan", HTMLUListElement);
  readonly #input = byId("spec-file", HTMLInputElement);
  #spec: Spec | null = null;

  /** `opened` when there is another spec, or none any more; `failed` when a file holds none. */
  constructor({ opened, failed }: { opened: () => void; failed: (message: string) => void }) {
    byId("open-spec", HTMLButtonElement).addEventListener("click", () => this.#input.click());
    this.#input.addEventListener("change", async () => {
      const file = this.#input.files?.[0];
      // The same file, changed meanwhile, can be opened again.
      this.#input.value = "";
      if (file === undefined) return;
      try {
        const spec: Spec | null = JSON.parse(await file.text());
        if (spec === null) throw new Error("it holds null");
        this.#open(file.name, spec);
        opened();
      } catch (error) {
        failed(`${file.name} cannot be read as JSON: ${error instanceof Error ? error.message : error}`);
      }
    });
    byId("close-spec", HTMLButtonElement).addEventListener("click", () => {
      this.#open("", null);
      opened();
    });
  }

  /** What the open file says; null while none is open. */
  get spec(): Spec | null {
    return this.#spec;
  }

  /** Says what a run would do. */
  show({ actions, emails, platformCalls, extra }: Plan): void {
    const count = (action: "do" | "skip") => actions.filter((planned) => planned.action === action).length;
    const lines = [
      `Steps to do: ${count("do")}. Done before: ${count("skip")}.`,
      `Calls of the platform: ${platformCalls}.`,
    ];
    if (emails.length > 0) lines.push(`An e-mail goes to ${emails.join(", ")}.`);
    if (extra.length > 0) {
      lines.push(
        `On the platform and not in the file: ${extra.map(({ kind, label }) => `${kind} ${label}`).join(", ")}. It stays.`,
      );
    }
    this.#say(lines);
  }

  #open(name: string, spec: Spec | null): void {
    this.#spec = spec;
    this.#card.hidden = spec === null;
    this.#form.dataset.source = spec === null ? "form" : "file";
    setText(this.#name, name);
    this.#say([]);
  }

  #say(lines: readonly string[]): void {
    this.#plan.replaceChildren(
      ...lines.map((line) => Object.assign(document.createElement("li"), { textContent: line })),
    );
  }
}
