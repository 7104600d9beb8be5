import { guard, VENDOR_API } from "./vendor-script.js";
import type { WidgetOptions } from "./widget-options.js";

/**
 * Warms up at the first sign of interest (pointer, focus or finger on the launcher): connects to the platform and loads the
 * vendor's script into the cache, without running it; loads the kit's own part for the chat. Gives the function that takes the traces away.
 */
export function warmOnInterest(
  host: Element,
  options: WidgetOptions & { scriptUrl: string },
  chatPart: () => Promise<unknown>,
): () => void {
  const links: HTMLLinkElement[] = [];
  const ended = new AbortController();
  const link = (rel: string, href: string) => {
    const made = document.createElement("link");
    made.rel = rel;
    made.href = href;
    links.push(made);
    return made;
  };
  const warm = () => {
    ended.abort();
    // If it fails now, it is tried again at the click.
    chatPart().catch(() => undefined);
    link("preconnect", options.apiUrl ?? VENDOR_API).crossOrigin = "anonymous";
    const script = link("preload", options.scriptUrl);
    script.as = "script";
    guard(script, options);
    document.head.append(...links);
  };
  for (const sign of ["pointerover", "focusin", "touchstart"]) {
    host.addEventListener(sign, warm, { passive: true, signal: ended.signal });
  }
  return () => {
    ended.abort();
    for (const made of links) made.remove();
  };
}
