import type { Widget, WidgetEvents } from "./embed.js";
import { isKitError } from "./errors.js";
import { startVendorEmbed } from "./fallback.js";
import { kitError } from "./kit-error.js";
import { ownTag, readOptions } from "./script-options.js";
import { guard, VENDOR_SCRIPT } from "./vendor-script.js";
import { isSavingData } from "./wake.js";
import type { VisitorIdentity, WidgetOptions } from "./widget-options.js";

type Listener<Name extends keyof WidgetEvents> = (detail: WidgetEvents[Name]) => void;

/** What can be asked of the widget from the page; each promise settles. */
export interface CommandQueue {
  (command: "open" | "close" | "toggle" | "destroy"): Promise<void>;
  (command: "update", options: Partial<WidgetOptions>): Promise<void>;
  (command: "identify", user: VisitorIdentity): Promise<void>;
  (command: "logout"): Promise<void>;
  (command: "consent", decision: "grant" | "deny"): Promise<void>;
  /** Resolves when the launcher is there. Loads no chat. */
  (command: "ready"): Promise<void>;
  <Name extends keyof WidgetEvents>(
    command: "on" | "off",
    event: Name,
    listener: Listener<Name>,
  ): Promise<void>;
}

declare global {
  interface Window {
    /** Works before, while and after the widget loads. Gone when it is destroyed. */
    OpenCXKit?: CommandQueue;
  }
}

const SAY = "[opencx-kit]";

/** Ends of the subscriptions made by `on`, for `off`. */
const ends = new Map<unknown, () => void>();

function run(): void {
  if (window.OpenCXKit) {
    console.warn(SAY, "This page has the script tag twice. The second one does nothing.");
    return;
  }
  const tag = ownTag();
  const options = readOptions(tag);
  if (!tag || !options.token) {
    console.error(SAY, "The script tag has no data-token: put the org's widget token there.");
    return;
  }
  const widget = start(tag, options);
  // Whoever calls is told; this one is for the page that never does.
  widget.catch((reason: unknown) => console.error(SAY, "The chat could not be set up.", reason));
  window.OpenCXKit = async (command: string, ...given: unknown[]) => {
    // As they are now: what the page does to its objects while the widget loads is its own business.
    const taken = given.map((value) => (isPlain(value) ? { ...value } : value));
    carryOut(await widget, command, taken);
  };
}

/** Null where the vendor's plain embed carries the chat. */
async function start(tag: HTMLScriptElement, options: WidgetOptions): Promise<Widget | null> {
  // Resolved against our own address, so that neither <base> nor the page's address matters.
  const at = (file: string) => new URL(file, tag.src).href;
  try {
    if (options.strategy === "eager" && !isSavingData()) {
      // What is wanted at once is asked for at once, the largest part first.
      guard(preload("script", options.scriptUrl ?? VENDOR_SCRIPT), options);
      import(at("chat.js")).catch(() => undefined);
    }
    preload("fetch", at("embed.wasm")).crossOrigin = "anonymous";
    const { loadWidget }: typeof import("./embed.js") = await import(at("embed.js"));
    const widget = await loadWidget(options);
    // Not before they are used: a download goes with its link.
    widget.on("ready", forgetPreloads);
    widget.on("destroy", () => {
      forgetPreloads();
      delete window.OpenCXKit;
    });
    return widget;
  } catch (reason) {
    if (isKitError(reason) && reason.code !== "WASM_FAILED") throw reason;
    console.warn(SAY, "The vendor's plain embed takes over, without the kit's features.", reason);
    await startVendorEmbed(options);
    return null;
  }
}

const preloads: HTMLLinkElement[] = [];

function preload(as: string, href: string): HTMLLinkElement {
  const link = Object.assign(document.createElement("link"), { rel: "preload", as, href });
  preloads.push(link);
  document.head.append(link);
  return link;
}

function forgetPreloads(): void {
  for (const link of preloads.splice(0)) link.remove();
}

function isPlain(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function carryOut(widget: Widget | null, command: string, [event, listener]: unknown[]): void {
  if (!widget) {
    throw kitError("NOT_SUPPORTED", "The vendor's plain embed carries the chat here; it takes no commands.");
  }
  switch (command) {
    case "open":
    case "close":
    case "toggle":
    case "logout":
    case "destroy":
      widget[command]();
      return;
    case "ready":
      return;
    case "update":
    case "identify":
    case "consent":
      widget[command](event as never);
      return;
    case "on":
      ends.set(listener, widget.on(event as "error", listener as Listener<"error">));
      return;
    case "off":
      ends.get(listener)?.();
      ends.delete(listener);
      return;
    default:
      throw new TypeError(`${SAY} There is no command "${command}".`);
  }
}

run();
