import { VENDOR_API, VENDOR_SCRIPT } from "./vendor-script.js";
import type { WidgetOptions } from "./widget-options.js";

/** Directives of a Content Security Policy, each with the sources to add to it. */
export type CspDirectives = Record<
  "script-src" | "connect-src" | "style-src" | "img-src" | "font-src" | "frame-src",
  readonly string[]
>;

/**
 * What a page's policy must allow for a widget with these options, for a server or a build to put into its header. Nothing of
 * the kit itself needs `style-src`, `img-src`, `font-src`: those are for the vendor's script, as its own policy test has them.
 * With `nonce`, the nonce stands in place of the scripts' origins; the page must have `'strict-dynamic'` beside it, or the
 * origins too.
 *
 * With `require-trusted-types-for 'script'`, also allow `trusted-types opencx-kit default`.
 *
 * @param kitUrl Address of the kit's `script.js` or `embed.js`. Left out, its files are the site's own.
 */
export function cspFor(
  options: Pick<WidgetOptions, "apiUrl" | "scriptUrl" | "nonce">,
  kitUrl?: string,
): CspDirectives {
  const { scriptUrl = VENDOR_SCRIPT, apiUrl = VENDOR_API, nonce } = options;
  const kit = kitUrl ? source(kitUrl) : "'self'";
  const scripts = nonce ? [`'nonce-${nonce}'`, "'strict-dynamic'"] : unique([kit, source(scriptUrl)]);
  return {
    "script-src": [...scripts, "'wasm-unsafe-eval'"],
    "connect-src": unique([kit, source(apiUrl)]),
    "style-src": ["'unsafe-inline'"],
    "img-src": ["'self'", "data:", "blob:"],
    "font-src": ["data:"],
    "frame-src": ["'self'", "about:"],
  };
}

/** The origin of an address; a path is the site's own. */
function source(address: string): string {
  return URL.canParse(address) ? new URL(address).origin : "'self'";
}

function unique(sources: readonly string[]): string[] {
  return [...new Set(sources)];
}
