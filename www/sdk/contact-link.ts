/**
 * The address of a link for what a site owner wrote: an e-mail address, or a web, `mailto:` or `tel:` link, or a path on
 * the site. Undefined for anything else, a `javascript:` link above all.
 */
export function contactLink(text: string): string | undefined {
  if (/^(?:https?:\/\/|mailto:|tel:|\/)/.test(text)) return text;
  return /^[^\s@:/?&]+@[^\s@:/?&]+$/.test(text) ? `mailto:${text}` : undefined;
}
