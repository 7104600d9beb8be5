import type { TrainingInput } from "../sdk/platform.js";
import { byId, copyOf, part } from "./dom.js";

type TextField = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

/** One training of the form, with the field behind each of its properties. */
export interface TrainingRow {
  readonly value: TrainingInput;
  readonly fields: Readonly<Record<"title" | "content" | "type", TextField>>;
}

interface Row {
  readonly item: HTMLElement;
  readonly title: HTMLInputElement;
  readonly content: HTMLTextAreaElement;
  readonly type: HTMLSelectElement;
  readonly remove: HTMLButtonElement;
}

/** The list of trainings: rows come and go, and are numbered from 1. */
export class TrainingRows {
  readonly #list = byId("trainings", HTMLOListElement);
  readonly #add = byId("add-training", HTMLButtonElement);
  readonly #changed: () => void;
  #rows: Row[] = [];

  constructor(changed: () => void) {
    this.#changed = changed;
    this.#add.addEventListener("click", () => {
      this.#append({ title: "", content: "" }).title.focus();
      changed();
    });
  }

  fill(trainings: readonly TrainingInput[]): void {
    this.#rows = [];
    this.#list.replaceChildren();
    for (const training of trainings) {
      this.#append(training);
    }
  }

  /** Those with something in them, in order. */
  read(): TrainingRow[] {
    return this.#rows
      .filter((row) => row.title.value.trim() !== "" || row.content.value.trim() !== "")
      .map(({ title, content, type }) => ({
        value: {
          title: title.value.trim(),
          content: content.value.trim(),
          type: type.value === "BEHAVIORAL" ? "BEHAVIORAL" : "SCENARIO_SPECIFIC",
        },
        fields: { title, content, type },
      }));
  }

  #append(training: TrainingInput): Row {
    const item = copyOf("training-template");
    const row: Row = {
      item,
      title: part(item, '[data-part="title"]', HTMLInputElement),
      content: part(item, '[data-part="content"]', HTMLTextAreaElement),
      type: part(item, '[data-part="type"]', HTMLSelectElement),
      remove: part(item, '[data-part="remove"]', HTMLButtonElement),
    };
    row.title.value = training.title;
    row.content.value = training.content;
    row.type.value = training.type ?? "SCENARIO_SPECIFIC";
    row.remove.addEventListener("click", () => this.#remove(row));
    this.#rows.push(row);
    this.#list.append(item);
    this.#number();
    return row;
  }

  #remove(row: Row): void {
    const index = this.#rows.indexOf(row);
    this.#rows.splice(index, 1);
    row.item.remove();
    this.#number();
    // Focus must not fall to the top of the page with the button that had it.
    (this.#rows[Math.min(index, this.#rows.length - 1)]?.remove ?? this.#add).focus();
    this.#changed();
  }

  #number(): void {
    for (const [index, row] of this.#rows.entries()) {
      const number = index + 1;
      part(row.item, "h3", HTMLHeadingElement).textContent = `Training ${number}`;
      row.remove.setAttribute("aria-label", `Remove training ${number}`);
      row.remove.dataset.testid = `training-${number}-remove`;
      for (const name of ["title", "content", "type"] as const) {
        const id = `training-${number}-${name}`;
        row[name].id = id;
        row[name].dataset.testid = id;
        row[name].setAttribute("aria-describedby", `${id}-error`);
        part(row.item, `[data-part="${name}-label"]`, HTMLLabelElement).htmlFor = id;
        part(row.item, `[data-part="${name}-error"]`, HTMLParagraphElement).id = `${id}-error`;
      }
    }
  }
}
