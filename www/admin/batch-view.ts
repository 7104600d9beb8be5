import { type Batch, type BatchEvent, readBatch, resumeBatch, stopBatch, watchBatch } from "../sdk/batch.js";
import { isKitError } from "../sdk/errors.js";
import { BatchCustomers } from "./batch-customers.js";
import { beganAt, isOver, told } from "./batch-words.js";
import { CustomerTable } from "./customer-table.js";
import { byId, setText } from "./dom.js";
import type { Frame } from "./frame.js";
import { number } from "./number.js";

/** A failed customer's sentence is read with all others: not more often than this. */
const READ_AGAIN_MS = 2_000;

/** One batch, followed for as long as it is open here. */
export class BatchView {
  readonly #section = byId("batch", HTMLElement);
  readonly #heading = byId("batch-heading", HTMLHeadingElement);
  readonly #body = byId("batch-body", HTMLDivElement);
  readonly #summary = byId("batch-summary", HTMLParagraphElement);
  readonly #error = byId("batch-error", HTMLParagraphElement);
  readonly #progress = byId("batch-progress", HTMLProgressElement);
  readonly #counts = byId("counts", HTMLDListElement);
  readonly #stop = byId("stop-batch", HTMLButtonElement);
  readonly #resume = byId("resume-batch", HTMLButtonElement);
  readonly #table = new CustomerTable();
  readonly #frame: Frame;
  readonly #changed: () => void;
  #customers = new BatchCustomers();
  #batch: Batch | null = null;
  /** Ends the following of the batch that is open. */
  #following: AbortController | null = null;
  /** The latest event. */
  #seen = 0;
  #reading: ReturnType<typeof setTimeout> | undefined;
  /** Of the latest reading: one that began before it tells nothing new. */
  #turn = 0;
  #drawing = 0;
  #wanted = false;

  /** `changed`: the batch has begun again, or is over. */
  constructor(frame: Frame, changed: () => void) {
    this.#frame = frame;
    this.#changed = changed;
    this.#stop.addEventListener("click", () => this.#ask(this.#stop, stopBatch));
    this.#resume.addEventListener("click", () =>
      this.#ask(this.#resume, (proxy, id) => resumeBatch(proxy, id)),
    );
  }

  /** Shows a batch, and follows it to its end. */
  async open(id: string): Promise<void> {
    this.#end();
    if (this.#batch?.id !== id) this.close();
    const following = new AbortController();
    const { signal } = following;
    this.#following = following;
    try {
      let batch = await this.#read(id, signal);
      const wasOver = isOver(batch);
      while (!isOver(batch)) {
        const onEvent = (event: BatchEvent) => this.#follow(id, event, signal);
        await watchBatch(this.#frame.batches, id, { after: this.#seen, onEvent, signal });
        batch = await this.#read(id, signal);
      }
      if (!wasOver) this.#changed();
    } catch (error) {
      if (signal.aborted) return;
      this.#show();
      setText(this.#error, this.#frame.words(error));
    }
  }

  /** Ends the following, not the batch. */
  close(): void {
    this.#end();
    this.#batch = null;
    this.#seen = 0;
    this.#customers = new BatchCustomers();
    this.#table.reset();
    setText(this.#error, "");
    this.#section.hidden = true;
    this.#body.hidden = true;
  }

  /** Goes to it, as soon as there is something to see. */
  focus(): void {
    this.#wanted = true;
    if (!this.#section.hidden) this.#show();
  }

  #show(): void {
    this.#section.hidden = false;
    if (this.#wanted) this.#heading.focus();
    this.#wanted = false;
  }

  #end(): void {
    this.#following?.abort();
    this.#following = null;
    clearTimeout(this.#reading);
    this.#reading = undefined;
  }

  async #read(id: string, signal: AbortSignal): Promise<Batch> {
    const turn = ++this.#turn;
    this.#customers.beginReading();
    const { customers, ...batch } = await readBatch(this.#frame.batches, id, { signal });
    signal.throwIfAborted();
    if (turn !== this.#turn) return batch;
    this.#customers.take(customers);
    this.#batch = batch;
    setText(this.#error, "");
    this.#draw();
    return batch;
  }

  #follow(id: string, event: BatchEvent, signal: AbortSignal): void {
    this.#seen = event.seq;
    this.#customers.tell(event);
    // A failed one's sentence, and what happens to the batch as a whole, is not in the event.
    if (event.state === "failed" || (event.externalId === null && event.state !== "started")) {
      this.#reading ??= setTimeout(() => this.#readAgain(id, signal), READ_AGAIN_MS);
    }
    // However many events come at once, and none at all in a hidden tab.
    if (this.#drawing === 0) this.#drawing = requestAnimationFrame(() => this.#draw());
  }

  async #readAgain(id: string, signal: AbortSignal): Promise<void> {
    try {
      await this.#read(id, signal);
    } catch (error) {
      // Who follows tells of a proxy that is away.
      if (!isKitError(error) && !signal.aborted) throw error;
    } finally {
      if (!signal.aborted) this.#reading = undefined;
    }
  }

  async #ask(
    button: HTMLButtonElement,
    ask: (proxy: Frame["batches"], id: string) => Promise<Batch>,
  ): Promise<void> {
    const id = this.#batch?.id;
    if (id === undefined || button.getAttribute("aria-disabled") === "true") return;
    button.setAttribute("aria-disabled", "true");
    setText(this.#error, "");
    try {
      const batch = await ask(this.#frame.batches, id);
      // Another may have been opened meanwhile.
      if (this.#batch?.id !== id) return;
      this.#batch = batch;
      this.#draw();
      // One that was over is followed again.
      if (button === this.#resume) {
        this.open(id);
        this.#changed();
      }
    } catch (error) {
      setText(this.#error, this.#frame.words(error));
    } finally {
      button.removeAttribute("aria-disabled");
    }
  }

  #draw(): void {
    cancelAnimationFrame(this.#drawing);
    this.#drawing = 0;
    const batch = this.#batch;
    if (batch === null) return;
    const { counts } = this.#customers;
    this.#body.hidden = false;
    this.#section.dataset.state = batch.state;
    this.#heading.textContent = `Batch of ${beganAt(batch)}`;
    this.#show();
    const text = told(batch, counts);
    // Setting the same text again would have it read out again.
    if (this.#summary.textContent !== text) this.#summary.textContent = text;
    this.#progress.max = counts.waiting + counts.running + counts.done + counts.failed;
    this.#progress.value = counts.done + counts.failed;
    for (const count of this.#counts.querySelectorAll<HTMLElement>("[data-count]")) {
      count.textContent = number(counts[count.dataset.count as keyof typeof counts]);
    }
    this.#buttons(batch);
    this.#table.show(this.#customers.rows, counts);
  }

  #buttons(batch: Batch): void {
    const focused = document.activeElement;
    this.#stop.hidden = isOver(batch);
    this.#stop.textContent = batch.state === "stopping" ? "Stopping…" : "Stop";
    this.#resume.hidden = !isOver(batch) || batch.ok;
    // Focus must not fall to the top of the page with the button that had it.
    const hidden =
      (focused === this.#stop && this.#stop.hidden) || (focused === this.#resume && this.#resume.hidden);
    if (hidden) this.#heading.focus();
  }
}
