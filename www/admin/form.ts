import type { FieldError } from "../sdk/errors.js";
import type { TrainingInput } from "../sdk/platform.js";
import type { Spec } from "../sdk/provision.js";
import type { Config } from "./config.js";
import { byId } from "./dom.js";
import { clearError, type Field, showError } from "./field-error.js";
import { TrainingRows } from "./trainings.js";

/** What the form says, and which field stands behind each path of it. */
export interface Reading {
  readonly spec: Spec;
  readonly fields: ReadonlyMap<string, Field>;
}

export interface FormValues {
  readonly name: string;
  readonly externalId: string;
  readonly website: string;
  readonly language: string;
  readonly aiInstructions: string;
  readonly trainings: readonly TrainingInput[];
  readonly invitee: string;
}

const NO_TRAININGS: readonly TrainingInput[] = [
  { title: "", content: "", type: "SCENARIO_SPECIFIC" },
  { title: "", content: "", type: "BEHAVIORAL" },
];

/** The customer's form. */
export class CustomerForm {
  readonly #form = byId("customer", HTMLFormElement);
  readonly #name = byId("name", HTMLInputElement);
  readonly #externalId = byId("external-id", HTMLInputElement);
  readonly #website = byId("website", HTMLInputElement);
  readonly #language = byId("language", HTMLInputElement);
  readonly #aiInstructions = byId("ai-instructions", HTMLTextAreaElement);
  readonly #invitee = byId("invitee", HTMLInputElement);
  readonly #trainings: TrainingRows;
  #idByHand = false;

  constructor(on: { changed: () => void; submitted: () => void }) {
    this.#trainings = new TrainingRows(on.changed);
    this.#trainings.fill(NO_TRAININGS);
    this.#name.addEventListener("input", () => {
      if (!this.#idByHand) {
        this.#externalId.value = slug(this.#name.value);
        clearError(this.#externalId);
      }
    });
    this.#externalId.addEventListener("input", () => {
      // Emptied by hand, it follows the name again.
      this.#idByHand = this.#externalId.value !== "";
    });
    this.#form.addEventListener("input", (event) => {
      if (isField(event.target)) {
        clearError(event.target);
      }
      on.changed();
    });
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      on.submitted();
    });
  }

  fill(values: FormValues): void {
    this.#name.value = values.name;
    this.#externalId.value = values.externalId;
    this.#website.value = values.website;
    this.#language.value = values.language;
    this.#aiInstructions.value = values.aiInstructions;
    this.#invitee.value = values.invitee;
    this.#trainings.fill(values.trainings);
    this.#idByHand = true;
    this.clearErrors();
  }

  /** E-mail of the person to invite, or an empty text. */
  invitee(): string {
    return this.#invitee.value.trim();
  }

  read(config: Config): Reading {
    const website = this.#website.value.trim();
    const language = this.#language.value.trim();
    const instructions = this.#aiInstructions.value.trim();
    const rows = this.#trainings.read();
    const invitee = this.invitee();
    const fields = new Map<string, Field>([
      ["org.name", this.#name],
      ["org.external_id", this.#externalId],
      ["org.website", this.#website],
      ["crawl.url", this.#website],
      ["org.language", this.#language],
      ["org.ai_instructions", this.#aiInstructions],
      ["members[0].email", this.#invitee],
    ]);
    for (const [index, row] of rows.entries()) {
      for (const [name, field] of Object.entries(row.fields)) {
        fields.set(`trainings[${index}].${name}`, field);
      }
    }
    const options = {
      ...(config.vendorScriptUrl && { scriptUrl: config.vendorScriptUrl }),
      ...(config.apiUrl && { apiUrl: config.apiUrl }),
    };
    const spec: Spec = {
      org: {
        name: this.#name.value.trim(),
        external_id: this.#externalId.value.trim(),
        ...(website !== "" && { website }),
        ...(language !== "" && { language }),
        ...(instructions !== "" && { ai_instructions: instructions }),
      },
      ...(website !== "" && { crawl: {} }),
      ...(rows.length > 0 && { trainings: rows.map((row) => row.value) }),
      ...(invitee !== "" && { members: [{ email: invitee }] }),
      embed: {
        scriptSrc: config.scriptSrc,
        options: language === "" ? options : { ...options, language },
      },
    };
    return { spec, fields };
  }

  /** Shows each error at its field, and goes to the first. Gives back those that belong to no field. */
  showErrors(errors: readonly FieldError[], { fields }: Reading): FieldError[] {
    this.clearErrors();
    const elsewhere: FieldError[] = [];
    const bad = new Set<Field>();
    for (const error of errors) {
      const field = fields.get(error.path);
      if (field === undefined) {
        elsewhere.push(error);
      } else if (!bad.has(field)) {
        bad.add(field);
        showError(field, sentence(labelOf(field), error.message, fields));
      }
    }
    const inOrder = [...this.#form.elements].find((element) => isField(element) && bad.has(element));
    if (isField(inOrder)) {
      inOrder.focus();
    }
    return elsewhere;
  }

  clearErrors(): void {
    for (const element of this.#form.elements) {
      if (isField(element)) {
        clearError(element);
      }
    }
  }
}

function isField(value: unknown): value is Field {
  return (
    value instanceof HTMLInputElement ||
    value instanceof HTMLTextAreaElement ||
    value instanceof HTMLSelectElement
  );
}

/** The label's own text, without the word "required"; `data-label` where that makes no sentence. */
function labelOf(field: Field): string {
  return field.dataset.label ?? field.labels?.[0]?.firstChild?.textContent?.trim() ?? "This";
}

/** "must be …" with the label before it; a path within becomes the name of its field. */
function sentence(label: string, message: string, fields: ReadonlyMap<string, Field>): string {
  const readable = message.replace(/[a-z_]+(?:\[\d+\])?\.[a-z_]+/g, (path) => {
    const field = fields.get(path);
    if (field === undefined) {
      return path;
    }
    const group = field.closest("li")?.querySelector("h3")?.textContent;
    return `the ${labelOf(field)}${group ? ` of ${group}` : ""}`.toLowerCase();
  });
  return `${label} ${readable}.`;
}

/** `Café Zoë & Sons` becomes `cafe-zoe-sons`. */
export function slug(name: string): string {
  return name
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 200);
}
