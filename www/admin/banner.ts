import { byId } from "./dom.js";

/** What a message is about: one that is settled does not take another's away. */
export type About = "proxy" | "sign-in" | "start";

export interface Message {
  readonly title: string;
  readonly text: string;
  /** What "Try again" does. */
  readonly again: () => void;
  /** Where something can be done about it. */
  readonly at?: string | undefined;
}

/** One message over the whole page, for what makes it useless until somebody acts. */
export class Banner {
  readonly #element = byId("banner", HTMLDivElement);
  readonly #title = byId("banner-title", HTMLParagraphElement);
  readonly #text = byId("banner-text", HTMLParagraphElement);
  readonly #link = byId("banner-link", HTMLAnchorElement);
  readonly #retry = byId("banner-retry", HTMLButtonElement);
  #about: About | null = null;
  #again = () => {};

  constructor() {
    this.#retry.addEventListener("click", () => this.#again());
  }

  show(about: About, { title, text, again, at }: Message): void {
    this.#about = about;
    this.#title.textContent = title;
    this.#text.textContent = text;
    this.#link.hidden = at === undefined;
    if (at !== undefined) {
      this.#link.href = at;
      this.#link.textContent = `Open ${at}`;
    }
    this.#again = again;
    this.#element.hidden = false;
  }

  hide(about: About): void {
    if (this.#about !== about) return;
    this.#about = null;
    this.#element.hidden = true;
  }
}
