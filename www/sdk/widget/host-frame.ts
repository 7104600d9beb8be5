import type { WidgetOptions } from "../widget-options.js";
import { ensureStorage } from "./memory-storage.js";
import { trustAll } from "./trusted-types.js";
import { VendorCalls } from "./vendor-calls.js";
import { type Chat, type ChatEvents, composerIn, isUsable } from "./vendor-chat.js";
import { vendorOptions } from "./vendor-options.js";
import { startVendor } from "./vendor-start.js";
import type { VisitorToken } from "./visitor-token.js";

/**
 * The vendor's chat in a frame of the page's own origin, with `inline: true`: removing the frame ends everything that the
 * vendor's script has started, which the vendor has no call for.
 */
export class HostFrame implements Chat {
  readonly #frame = document.createElement("iframe");
  readonly #onEscape: (event: KeyboardEvent) => void;
  #calls: VendorCalls | undefined;

  constructor(
    parent: HTMLElement,
    options: () => WidgetOptions & { scriptUrl: string },
    token: VisitorToken,
    events: ChatEvents,
  ) {
    const frame = this.#frame;
    this.#onEscape = (event) => {
      if (event.key === "Escape" && !event.defaultPrevented) events.escaped();
    };
    frame.title = options().accessibility?.widgetTriggerButton?.label || "Chat with us";
    // Chromium fires `load` for about:blank while it is appended, Firefox later, after replacing the document; both again
    // when the page has moved the frame, which starts it anew.
    frame.onload = () => {
      const inside = frame.contentWindow as (Window & typeof globalThis) | null;
      const body = inside?.document.body;
      if (!body || body.firstElementChild) return;
      const root = inside.document.createElement("div");
      root.id = "opencx-root";
      // By the style object, which no `style-src` stops. The vendor's inline mode fills its parent.
      root.style.cssText = "position:fixed;inset:0";
      body.append(root);
      ensureStorage(inside);
      trustAll(inside);
      this.#calls = new VendorCalls(inside, options(), token, events);
      const vendor = () => ({ ...vendorOptions(options, token.current, events), inline: true });
      startVendor(inside, options(), vendor, events.failed);
      inside.addEventListener("keydown", this.#onEscape);
    };
    parent.append(frame);
  }

  get #root(): Element | null | undefined {
    return this.#frame.contentDocument?.getElementById("opencx-root");
  }

  look() {
    const nothing = { config: 0, contact: 0, sessions: 0 };
    return { isUsable: isUsable(this.#root), ...(this.#calls?.look ?? nothing) };
  }

  /** The panel shows and hides it, and knows where the keyboard is. */
  show(): void {}
  readonly hasFocus = false;

  /** Into the composer, which the vendor leaves to others. */
  focus(): void {
    (composerIn(this.#root) ?? this.#frame).focus();
  }

  /** The vendor's own frames keep Escape to themselves. */
  settled(): void {
    for (const inner of this.#root?.querySelectorAll("iframe") ?? []) {
      inner.contentWindow?.addEventListener("keydown", this.#onEscape);
    }
  }

  remove(): void {
    this.#frame.remove();
  }
}
