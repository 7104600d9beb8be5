import { type Batch, listBatches } from "../sdk/batch.js";
import { beganAt, isOver, standing } from "./batch-words.js";
import { byId, copyOf, part, setText } from "./dom.js";
import type { Frame } from "./frame.js";
import { customers } from "./number.js";

/** The latest batches; each leads to its own view by the address of the page. */
export class BatchList {
  readonly #list = byId("batches", HTMLUListElement);
  readonly #note = byId("batches-note", HTMLParagraphElement);
  readonly #frame: Frame;
  #open = "";

  constructor(frame: Frame) {
    this.#frame = frame;
  }

  /** Reads them; none where the proxy does not tell. */
  async refresh(): Promise<readonly Batch[]> {
    try {
      const batches = await listBatches(this.#frame.batches);
      this.#list.replaceChildren(...batches.map(item));
      setText(this.#note, batches.length === 0 ? "There is none yet." : "");
      this.mark(this.#open);
      return batches;
    } catch (error) {
      setText(this.#note, this.#frame.words(error));
      return [];
    }
  }

  /** Which of them is open. */
  mark(id: string): void {
    this.#open = id;
    for (const link of this.#list.querySelectorAll("a")) {
      if (link.hash === `#${id}`) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  }
}

function item(batch: Batch): HTMLElement {
  const element = copyOf("batch-template");
  const { waiting, running, done, failed } = batch.counts;
  const total = waiting + running + done + failed;
  const link = part(element, "a", HTMLAnchorElement);
  link.href = `#${batch.id}`;
  part(element, "time", HTMLTimeElement).dateTime = batch.createdAt;
  part(element, "time", HTMLTimeElement).textContent = beganAt(batch);
  part(element, ".batch-size", HTMLSpanElement).textContent = customers(total);
  const state = part(element, ".batch-state", HTMLSpanElement);
  state.textContent = standing(batch);
  element.dataset.state = !isOver(batch) ? "running" : batch.ok ? "done" : "failed";
  return element;
}
