import { byId } from "./dom.js";

/** One message over the whole page, for what makes it useless until somebody acts. */
export class Banner {
  readonly #element = byId("banner", HTMLDivElement);
  readonly #title = byId("banner-title", HTMLParagraphElement);
  readonly #text = byId("banner-text", HTMLParagraphElement);
  readonly #retry = byId("banner-retry", HTMLButtonElement);
  #again = () => {};

  constructor() {
    this.#retry.addEventListener("click", () => this.#again());
  }

  show(title: string, text: string, again: () => void): void {
    this.#title.textContent = title;
    this.#text.textContent = text;
    this.#again = again;
    this.#element.hidden = false;
  }

  hide(): void {
    this.#element.hidden = true;
  }
}
