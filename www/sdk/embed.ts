import init, { WidgetCore } from "#glue/embed";
import type { KitError } from "./errors.js";
import { forgetContact } from "./identity.js";
import { kitError } from "./kit-error.js";
import { keepAttached, onEscapeInside, ScrollLock } from "./page-life.js";
import { VENDOR_SCRIPT } from "./vendor-script.js";
import { hasStoredContact, isSavingData, whenIdle } from "./wake.js";
import { warmOnInterest } from "./warm.js";
import { lazyStart } from "./wasm-start.js";
import type { WidgetOptions } from "./widget-options.js";

export type * from "./errors.js";
export { isKitError } from "./errors.js";
export type { WidgetOptions } from "./widget-options.js";

/** What happens to a widget, with what its listeners are told. */
export interface WidgetEvents {
  /** The chat is drawn. */
  ready: undefined;
  open: undefined;
  close: undefined;
  /** The chat could not be loaded; the visitor sees so and can try again. */
  error: KitError;
  destroy: undefined;
}

/** `idle`: launcher only, nothing loaded. `failed`: the next open tries again. */
export type WidgetState = "idle" | "loading" | "ready" | "failed" | "destroyed";

export interface Widget {
  readonly state: WidgetState;
  readonly isOpen: boolean;
  open(): void;
  /** Hides the chat; the conversation stays. */
  close(): void;
  toggle(): void;
  /**
   * Takes other options over those it has. Launcher and panel change at once; a chat that was loaded starts anew with them,
   * open or closed as it was. Throws `INVALID_OPTIONS`, and then nothing has changed.
   */
  update(options: Partial<WidgetOptions>): void;
  /** Says who the visitor is: a verified `token` from your server, or unverified `data`. As `update({ user })`. */
  identify(user: NonNullable<WidgetOptions["user"]>): void;
  /** Forgets the visitor on this device, so that the next person does not see his conversation. */
  logout(): void;
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
  let current = { scriptUrl: VENDOR_SCRIPT, ...options };
  await Promise.all([start(), body()]);
  const listeners = new Map<string, Set<(detail: never) => void>>();
  const core = new WidgetCore(document, current, (name: string, detail: never) => {
    follow(name as keyof WidgetEvents);
    host.dispatchEvent(new CustomEvent(`opencx-${name}`, { detail, bubbles: true }));
    for (const listener of [...(listeners.get(name) ?? [])]) {
      try {
        listener(detail);
      } catch (thrown) {
        // The page's own mistake: reported as such, and no other listener misses its event.
        reportError(thrown);
      }
    }
  });
  const host = core.host;
  const scroll = new ScrollLock();
  const ends = [keepAttached(host), warmOnInterest(host, current), () => scroll.unlock()];

  function follow(name: keyof WidgetEvents): void {
    if (name === "open") scroll.lock();
    if (name === "close") scroll.unlock();
    if (name === "ready") onEscapeInside(host, () => core.close());
    if (name === "destroy") for (const end of ends) end();
  }

  const wake = core.wake(hasStoredContact(options.token), isSavingData());
  if (wake === "now") core.load();
  if (wake === "idle") ends.push(whenIdle(() => core.load()));
  if (typeof options.openAfterSeconds === "number") {
    const timer = setTimeout(() => core.openQuietly(), options.openAfterSeconds * 1000);
    ends.push(() => clearTimeout(timer));
  }

  const update = (changes: Partial<WidgetOptions>) => {
    const next = { ...current, ...changes };
    core.update(next);
    current = next;
  };

  return {
    get state() {
      return core.state as WidgetState;
    },
    get isOpen() {
      return core.isOpen;
    },
    open: () => core.open(),
    close: () => core.close(),
    toggle: () => core.toggle(),
    update,
    identify: (user) => update({ user }),
    logout: () => {
      forgetContact(current.token);
      update({ user: undefined });
    },
    destroy: () => core.destroy(),
    // Absent in older browsers, where nobody can call it.
    [Symbol.dispose ?? "dispose"]: () => core.destroy(),
    on(name, listener) {
      const all = listeners.get(name) ?? new Set();
      listeners.set(name, all.add(listener));
      return () => {
        all.delete(listener);
      };
    },
  };
}

/** A script in the head can run before there is a body. */
function body(): Promise<void> {
  return new Promise((resolve) => {
    if (document.body) resolve();
    else document.addEventListener("DOMContentLoaded", () => resolve(), { once: true });
  });
}
