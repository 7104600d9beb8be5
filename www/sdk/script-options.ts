import type { WidgetOptions } from "./widget-options.js";

/** A tag manager runs us without a `currentScript`; then the tag is known by its token, or by its address. */
export function ownTag(): HTMLScriptElement | null {
  return (document.currentScript ??
    document.querySelector('script[data-token],script[src*="/script.js"]')) as HTMLScriptElement | null;
}

/**
 * Options of the script tag: those of a `<script type="application/json" data-opencx-kit>` on the page, and over them
 * the tag's own `data-*` (`data-primary-color` is `primaryColor`).
 */
export function readOptions(tag: HTMLScriptElement | null): WidgetOptions {
  const options: Record<string, unknown> = {};
  const nested = document.querySelector('script[type="application/json"][data-opencx-kit]');
  if (nested) {
    try {
      Object.assign(options, JSON.parse(nested.textContent ?? ""));
    } catch {
      console.error(
        "[opencx-kit] The data-opencx-kit element holds no valid JSON. Its options are left out.",
      );
    }
  }
  for (const [name, text] of Object.entries(tag?.dataset ?? {})) setOption(options, name, text ?? "");
  // The browser hides it from selectors, not from scripts.
  if (tag?.nonce) options.nonce ??= tag.nonce;
  return options as WidgetOptions;
}

/** Plain options that stand deeper in the vendor's table, by the names they have in attributes. */
const DEEPER: Record<string, [string, string]> = {
  primaryColor: ["theme", "primaryColor"],
  palette: ["theme", "palette"],
  botName: ["bot", "name"],
  userToken: ["user", "token"],
};

/** Sets the option that an attribute of that name, in camelCase, means. */
export function setOption(options: Record<string, unknown>, name: string, text: string): void {
  const deeper = DEEPER[name];
  if (!deeper) {
    options[name] = optionValue(name, text);
    return;
  }
  const [parent, child] = deeper;
  options[parent] = { ...(options[parent] as object | undefined), [child]: text };
}

/** In an attribute `true`, `false` and numbers are what they look like; the rest, and every token, is text. */
function optionValue(name: string, text: string): boolean | number | string {
  if (name === "token") return text;
  if (text === "true" || text === "false") return text === "true";
  return text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
}
