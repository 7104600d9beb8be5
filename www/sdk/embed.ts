import init from "#glue/embed";
import type { KitError } from "./errors.js";
import { kitError } from "./kit-error.js";
import { lazyStart } from "./wasm-start.js";
import { LiveWidget } from "./widget/widget.js";
import type { VisitorIdentity, WidgetOptions } from "./widget-options.js";

export type * from "./errors.js";
export { isKitError } from "./errors.js";
export type * from "./widget-options.js";

/** What happens to a widget, with what its listeners are told. */
export interface WidgetEvents {
  /** The chat is being loaded. */
  loading: undefined;
  /** The visitor can write. */
  ready: undefined;
  open: undefined;
  close: undefined;
  /** A message for the visitor has arrived, whether the chat is open or not. */
  message: {
    readonly who: "ai" | "agent";
    /** Id of the conversation. */
    readonly conversation: string | undefined;
    readonly text: string | undefined;
  };
  /** What the visitor has not seen, counted in messages. */
  unread: { readonly count: number };
  /** A person answers that conversation from now on. */
  handoff: { readonly conversation: string };
  /** The chat knows the visitor; verified if by a token of your server. */
  identified: { readonly isVerified: boolean };
  /** The platform refuses the visitor's token. Asked for again, once, through `getUserToken`. */
  "token-expired": undefined;
  /** The chat could not be loaded, and the visitor sees so and can try again; or a message could not be sent. */
  error: KitError;
  destroy: undefined;
}

/**
 * `withheld`: nothing at all until the visitor agrees. `idle`: launcher only, nothing loaded. `failed`: the next open tries
 * again.
 */
export type WidgetState = "withheld" | "idle" | "loading" | "ready" | "failed" | "destroyed";

export interface Widget {
  readonly state: WidgetState;
  readonly isOpen: boolean;
  /** How many messages the visitor has not seen. */
  readonly unread: number;
  open(): void;
  /** Hides the chat; the conversation stays. */
  close(): void;
  toggle(): void;
  /**
   * Takes other options over those it has. What concerns the launcher changes at once; for the rest, a chat that was loaded
   * starts anew, open or closed as it was. Throws `INVALID_OPTIONS`, and then nothing has changed; also for another `token`
   * or `container`.
   */
  update(options: Partial<WidgetOptions>): void;
  /** Says who the visitor is: a verified `token` from your server, or unverified `data`. As `update({ user })`. */
  identify(user: VisitorIdentity): void;
  /** Forgets the visitor on this device, so that the next person does not see his conversation. */
  logout(): void;
  /** With `consent: "required"`: `grant` lets the widget begin, `deny` destroys it and clears what is kept on this device. */
  consent(decision: "grant" | "deny"): void;
  /** Removes the widget and everything the vendor's script started. Final. */
  destroy(): void;
  [Symbol.dispose](): void;
  /** Calls `listener` for each such event; gives the function that ends it. */
  on<Name extends keyof WidgetEvents>(name: Name, listener: (detail: WidgetEvents[Name]) => void): () => void;
}

const start = lazyStart(init, () => new URL("./embed.wasm", import.meta.url));

/**
 * Puts a launcher on the page; the chat is loaded when the visitor asks for it. Rejects with `INVALID_OPTIONS`,
 * `WASM_FAILED`, or `NOT_SUPPORTED` where there is no page.
 */
export async function loadWidget(options: WidgetOptions): Promise<Widget> {
  if (typeof document === "undefined") {
    throw kitError(
      "NOT_SUPPORTED",
      "A widget needs a page: call loadWidget() in the browser, not on the server.",
    );
  }
  if (typeof options !== "object" || options === null) {
    throw kitError("INVALID_OPTIONS", "loadWidget() needs an object such as { token }.");
  }
  // As they are now: what the page does to them while the wasm loads is its own business.
  const taken = { ...options };
  await Promise.all([start(), body()]);
  return new LiveWidget(taken);
}

/** A script in the head can run before there is a body. */
function body(): Promise<void> {
  return new Promise((resolve) => {
    if (document.body) resolve();
    else document.addEventListener("DOMContentLoaded", () => resolve(), { once: true });
  });
}
