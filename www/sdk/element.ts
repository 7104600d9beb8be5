import { attributeOptions } from "./element-attributes.js";
import type { Widget, WidgetEvents, WidgetOptions } from "./embed.js";
import { WidgetKeeper } from "./widget-keeper.js";

export type { KitError, KitErrorCode, Widget, WidgetEvents, WidgetOptions } from "./embed.js";

/** The events of `<opencx-chat>`, with what they carry as `detail`. They do not bubble. */
export type OpenCXChatEventMap = {
  [Name in keyof WidgetEvents as `opencx-${Name}`]: CustomEvent<
    WidgetEvents[Name] extends undefined ? null : WidgetEvents[Name]
  >;
};

/**
 * `<opencx-chat token="…">`: loads the widget while it is on the page, and draws nothing itself. Plain options are
 * attributes (`api-url` is `apiUrl`).
 */
export interface OpenCXChatElement extends HTMLElement {
  /** All other options. An attribute wins. Assign a new object to change them. */
  options: Partial<WidgetOptions>;
  /** The widget of the options set last. Rejects with a `KitError`, of which `opencx-error` tells too. */
  readonly widget: Promise<Widget>;
  /** Waits for the widget, as `close` and `toggle` do. */
  open(): void;
  close(): void;
  toggle(): void;
}

declare global {
  interface HTMLElementTagNameMap {
    "opencx-chat": OpenCXChatElement;
  }
  interface HTMLElementEventMap extends OpenCXChatEventMap {}
}

const NAME = "opencx-chat";

/** A server has no elements to extend, and must be able to import this. */
const PageElement = (globalThis.HTMLElement ?? Object) as typeof HTMLElement;

class ChatElement extends PageElement implements OpenCXChatElement {
  readonly #keeper = new WidgetKeeper();
  #options: Partial<WidgetOptions> = {};

  constructor() {
    super();
    hide(this);
    this.#keeper.listen((name, detail) => {
      if (name === "change") return;
      this.dispatchEvent(new CustomEvent(`opencx-${name}`, { detail: detail ?? null }));
    });
    // Any attribute can be an option, so a list of observed ones would not do.
    new MutationObserver(() => this.#update()).observe(this, { attributes: true });
    // Set by a framework before this class was there, it hides the property of the class.
    if (Object.hasOwn(this, "options")) {
      const { options } = this;
      Reflect.deleteProperty(this, "options");
      this.options = options;
    }
  }

  connectedCallback(): void {
    this.#update();
  }

  disconnectedCallback(): void {
    this.#update();
  }

  get options(): Partial<WidgetOptions> {
    return this.#options;
  }

  set options(options: Partial<WidgetOptions> | null | undefined) {
    this.#options = options ?? {};
    this.#update();
  }

  get widget(): Promise<Widget> {
    const widget = this.#keeper.widget();
    // Whoever only listens to `opencx-error` leaves no rejection unhandled.
    widget.catch(() => undefined);
    return widget;
  }

  open(): void {
    this.#keeper.open();
  }

  close(): void {
    this.#keeper.close();
  }

  toggle(): void {
    this.#keeper.toggle();
  }

  #update(): void {
    this.#keeper.want(() =>
      this.isConnected ? ({ ...this.#options, ...attributeOptions(this) } as WidgetOptions) : undefined,
    );
  }
}

/** By a constructed style sheet: no policy stops it, and no framework finds an attribute it has not set. */
function hide(element: HTMLElement): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(":host{display:none}");
  element.attachShadow({ mode: "open" }).adoptedStyleSheets = [sheet];
}

// A second copy of this module, or another element of that name, is left in peace.
if (globalThis.customElements && !customElements.get(NAME)) customElements.define(NAME, ChatElement);
