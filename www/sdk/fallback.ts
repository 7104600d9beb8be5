import { kitError } from "./kit-error.js";
import { guard, VENDOR_SCRIPT } from "./vendor-script.js";
import { OURS, without } from "./widget/vendor-options.js";
import type { WidgetOptions } from "./widget-options.js";

/**
 * The vendor's plain embed, for a page where our own cannot run (its policy refuses WebAssembly, say): such a page must
 * not lose its chat. It has none of the kit's features.
 */
export function startVendorEmbed(options: WidgetOptions): Promise<void> {
  const { scriptUrl = VENDOR_SCRIPT } = options;
  const vendorOptions = without(options, OURS);
  return new Promise((resolve, reject) => {
    const fail = (what: string) =>
      reject(kitError("SCRIPT_FAILED", `The chat script at ${scriptUrl} ${what}.`, true));
    const script = document.createElement("script");
    script.src = scriptUrl;
    guard(script, options);
    script.onerror = () => fail("could not be loaded");
    script.onload = () => {
      try {
        (window as unknown as { initOpenScript(options: object): void }).initOpenScript(vendorOptions);
        resolve();
      } catch {
        fail("did not start");
      }
    };
    document.head.append(script);
  });
}
