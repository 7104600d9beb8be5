import type { WidgetOptions } from "./widget-options.js";

/** The vendor's widget, its last version 4; the vendor advises to pin an exact version. */
export const VENDOR_SCRIPT = "https://unpkg.com/@opencx/widget@4.0.63/dist-embed/script.js";

/** The platform, where an option does not name another. */
export const VENDOR_API = "https://api.open.cx";

/** Gives a script, or its preload, the nonce and the hash that the page asks for. */
export function guard(element: HTMLScriptElement | HTMLLinkElement, options: WidgetOptions): void {
  if (options.nonce) element.nonce = options.nonce;
  if (options.integrity) {
    element.integrity = options.integrity;
    element.crossOrigin = "anonymous";
  }
}
