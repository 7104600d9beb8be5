import { contactLink } from "../contact-link.js";
import { ScrollLock } from "../page-life.js";
import type { WidgetOptions } from "../widget-options.js";
import { isInline } from "./inline.js";
import { dressHost, dressRoot } from "./looks.js";

const CHAT_ICON = "M21 12a8 8 0 0 1-8 8H4l2-3a8 8 0 1 1 15-5Z";
const CLOSE_ICON = "M6 6l12 12M18 6L6 18";
const SVG = "http://www.w3.org/2000/svg";

const TEXTS = {
  loading: "Loading the chat…",
  failed: "The chat cannot be reached right now.",
  retry: "Try again",
  contact: "Contact us",
  close: "Close chat",
};

/** What a visitor can do with it. */
export interface LauncherActions {
  toggle(): void;
  close(): void;
  retry(): void;
}

/** Launcher and panel: one host element, all else in its shadow root. */
export class Launcher {
  readonly host = document.createElement("opencx-kit");
  readonly panel: HTMLElement;
  readonly #root = this.host.attachShadow({ mode: "open" });
  readonly #button: HTMLElement;
  readonly #close: HTMLElement;
  readonly #note: HTMLElement;
  readonly #text: HTMLElement;
  readonly #retry: HTMLElement;
  readonly #contact: HTMLElement;
  #options: WidgetOptions;
  #unread = 0;
  #isOpen = false;
  readonly #scroll = new ScrollLock();
  readonly #actions: LauncherActions;

  /** Its listeners go with its elements, which nothing else holds. */
  constructor(options: WidgetOptions, actions: LauncherActions) {
    this.#options = options;
    this.#actions = actions;
    dressRoot(this.#root);
    const inline = isInline(options);
    this.panel = make(this.#root, "div", `panel${inline ? " inline" : ""}`, {
      role: inline ? "region" : "dialog",
      tabindex: "-1",
    });
    this.#close = make(this.panel, "button", "close", { type: "button" });
    this.#close.append(icon(CLOSE_ICON));
    this.#note = make(this.panel, "div", "note", { role: "status" });
    this.#text = make(this.#note, "div");
    this.#retry = make(this.#note, "button", "", { type: "button" });
    this.#contact = make(this.#note, "a");
    this.#button = make(this.#root, "button", "launcher", { type: "button", "aria-haspopup": "dialog" });
    this.#button.hidden = inline;
    this.dress(options);
    this.show(false);
  }

  /** Listens to the visitor. Says whether it did not before: `document.open` takes every listener from a page. */
  listen(): boolean {
    const { toggle, close, retry } = this.#actions;
    const wasDeaf = this.#button.onclick === null;
    this.#button.onclick = toggle;
    this.#close.onclick = close;
    this.#retry.onclick = retry;
    this.panel.onkeydown = (event) => {
      if (event.key === "Escape" && !isInline(this.#options)) close();
    };
    return wasDeaf;
  }

  /** What the options say of looks and names. The name is for both: the button opens what the dialog is. */
  dress(options: WidgetOptions): void {
    this.#options = options;
    dressHost(this.host, options);
    const { language = "en", fallbackContact = "" } = options;
    const texts = { ...TEXTS, ...options.texts };
    const link = contactLink(fallbackContact);
    name(this.panel, this.#label);
    this.panel.lang = language;
    name(this.#close, texts.close);
    this.#retry.textContent = texts.retry;
    this.#contact.textContent = texts.contact;
    if (link) this.#contact.setAttribute("href", link);
    else this.#contact.removeAttribute("href");
    this.#draw();
  }

  get #label(): string {
    return this.#options.accessibility?.widgetTriggerButton?.label || "Chat with us";
  }

  show(isOpen: boolean): void {
    this.#isOpen = isOpen;
    this.panel.hidden = !isOpen;
    if (isOpen && !isInline(this.#options)) this.#scroll.lock();
    else this.#scroll.unlock();
    this.#button.setAttribute("aria-expanded", String(isOpen));
    this.#draw();
  }

  /** The chat has a panel of its own. */
  hidePanel(hasOwn: boolean): void {
    this.panel.hidden = hasOwn || !this.#isOpen;
  }

  /** How many unread messages the button tells of. */
  set unread(count: number) {
    this.#unread = count;
    this.#draw();
  }

  #draw(): void {
    const { openIcon, closeIcon } = this.#options.assets?.widgetTrigger ?? {};
    const image = this.#isOpen ? closeIcon : openIcon;
    this.#button.replaceChildren(image ? picture(image) : icon(this.#isOpen ? CLOSE_ICON : CHAT_ICON));
    name(this.#button, this.#unread ? `${this.#label} (${this.#unread})` : this.#label);
    if (this.#unread) this.#button.dataset.unread = String(this.#unread);
    else delete this.#button.dataset.unread;
  }

  /** Says in the panel that the chat is on its way, or cannot be had and what to do then; `undefined` clears it. */
  say(what: "loading" | "failed" | undefined): void {
    this.#note.hidden = !what;
    const hasFailed = what === "failed";
    this.#text.textContent = what ? { ...TEXTS, ...this.#options.texts }[what] : "";
    this.#retry.hidden = !hasFailed;
    this.#contact.hidden = !hasFailed || !this.#contact.hasAttribute("href");
  }

  /** Whether the keyboard is somewhere in launcher or panel. */
  get hasFocus(): boolean {
    return this.#root.activeElement !== null;
  }

  focus(): void {
    this.#button.focus();
  }

  remove(): void {
    this.#scroll.unlock();
    this.host.remove();
  }
}

function make(
  parent: Node,
  tag: string,
  className?: string,
  attributes: Record<string, string> = {},
): HTMLElement {
  const made = document.createElement(tag);
  if (className) made.className = className;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  parent.appendChild(made);
  return made;
}

function name(element: Element, label: string): void {
  element.setAttribute("aria-label", label);
}

function icon(path: string): SVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const shape = document.createElementNS(SVG, "path");
  shape.setAttribute("d", path);
  svg.append(shape);
  return svg;
}

function picture(address: string): HTMLImageElement {
  const image = new Image();
  image.src = address;
  image.alt = "";
  return image;
}
