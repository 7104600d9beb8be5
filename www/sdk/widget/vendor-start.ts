import type { KitError } from "../errors.js";
import { kitError } from "../kit-error.js";
import { guard } from "../vendor-script.js";
import type { WidgetOptions } from "../widget-options.js";
import { trustedAddress } from "./trusted-types.js";

type VendorWindow = Window & { initOpenScript?: (options: object) => void };

/**
 * Runs the vendor's script in a window's document, unless it has run there already, and starts the widget. Gives the script
 * element it made.
 */
export function startVendor(
  target: Window,
  options: WidgetOptions & { scriptUrl: string },
  vendor: () => object,
  failed: (error: KitError, again: boolean) => void,
): HTMLScriptElement | undefined {
  const { scriptUrl } = options;
  const fail = (what: string, cause?: unknown) =>
    failed(
      kitError(
        "SCRIPT_FAILED",
        `The chat script at ${scriptUrl} ${what}. Check its address, and script-src in the page's content policy.`,
        true,
        cause,
      ),
      // What came over the network may come better the next time; what threw will throw again.
      cause === undefined,
    );
  const init = () => {
    // Asked for now: a script that was cut short, or a page in place of one, loads and defines nothing.
    const start = (target as VendorWindow).initOpenScript;
    if (typeof start !== "function") return fail("is not the widget, or was cut short");
    try {
      start(vendor());
    } catch (cause) {
      fail("threw an error when started", cause);
    }
  };
  if (typeof (target as VendorWindow).initOpenScript === "function") {
    init();
    return undefined;
  }
  const script = target.document.createElement("script");
  guard(script, options);
  script.onload = init;
  script.onerror = () => fail("could not be loaded");
  try {
    script.src = trustedAddress(target, scriptUrl);
    target.document.head.append(script);
  } catch (cause) {
    fail("is refused by the page's trusted-types policy", cause);
  }
  return script;
}
