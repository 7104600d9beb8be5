import type { WidgetOptions } from "./widget-options.js";

/**
 * Options of the script tag: those of a `<script type="application/json" data-opencx-kit>` on the page, and over them
 * the tag's own `data-*` (`data-primary-color` is `primaryColor`).
 */
export function readOptions(tag: HTMLScriptElement): WidgetOptions {
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
  for (const [name, text] of Object.entries(tag.dataset)) {
    options[name] = optionValue(name, text ?? "");
  }
  return options as WidgetOptions;
}

/** In an attribute `true`, `false` and numbers are what they look like; the rest, and every token, is text. */
export function optionValue(name: string, text: string): boolean | number | string {
  if (name === "token") return text;
  if (text === "true" || text === "false") return text === "true";
  return text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
}
