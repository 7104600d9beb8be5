import { setOption } from "./script-options.js";

/** Attributes that every element has, and so are no options. */
const HTML =
  /^(?:(?:aria|data)-.*|on[a-z]+|accesskey|autocapitalize|autofocus|class|contenteditable|dir|draggable|enterkeyhint|exportparts|hidden|id|inert|inputmode|is|item(?:id|prop|ref|scope|type)|lang|part|popover|role|slot|spellcheck|style|tabindex|title|translate)$/;

/** What frameworks put on elements for themselves has other signs in it (`_ngcontent-x`, `@click`, `:id`). */
const OPTION = /^[a-z][a-z0-9-]*$/;

/** The options that stand on an element: `script-url` is `scriptUrl`. */
export function attributeOptions(element: HTMLElement): Record<string, unknown> {
  const options: Record<string, unknown> = {};
  for (const { name, value } of element.attributes) {
    if (!OPTION.test(name) || HTML.test(name)) continue;
    const option = name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
    setOption(options, option, value);
  }
  // The browser empties this attribute once it has read it.
  if (element.nonce) options.nonce = element.nonce;
  return options;
}
