import type { VendorOptions, VisitorIdentity } from "./vendor-option-types.js";

export type * from "./vendor-option-types.js";

/** Options of the kit, and over them all of the vendor's. Those the kit does not know go to the vendor's script untouched. */
export interface WidgetOptions extends VendorOptions {
  /** Address of the vendor's widget script. */
  scriptUrl?: string;
  /** Subresource Integrity hash of that script. */
  integrity?: string;
  /** Nonce for that script, where the page's policy asks for one. Default: the nonce of the kit's own script tag. */
  nonce?: string;
  /** Milliseconds until a chat that has not come up counts as failed, 1 to 600,000. Default 20,000. */
  timeoutMs?: number;
  /**
   * When the chat is loaded: at the visitor's `intent` (default; one who has chatted before: once the page is idle), once
   * the page is `idle`, at once (`eager`), or only when opened (`manual`). Never unasked where he saves data.
   */
  strategy?: "intent" | "idle" | "eager" | "manual";
  /**
   * Where the vendor's script runs: in a `frame` of the page's own origin (default), or in the `page`, for what a frame
   * cannot carry. In the page, what it has started cannot be ended before the page is left.
   */
  host?: "frame" | "page";
  /** Opens the chat after so many seconds, 0 to 86,400, without taking the keyboard from where the visitor has it. */
  openAfterSeconds?: number;
  /** `required`: nothing at all happens until `consent("grant")`. */
  consent?: "required" | "granted";
  /**
   * Gives the contact token of a signed-in visitor, from your server; null or undefined for one who is not. Asked when the
   * chat starts without `user.token`, at 80 % of a token's life, and once when the platform refuses one.
   */
  getUserToken?: () => string | null | undefined | Promise<string | null | undefined>;
  /** Element, or its selector, in which the widget is put. With `inline: true` the chat fills it, without a launcher. */
  container?: Element | string;
  /** E-mail address or link that is offered to the visitor when the chat cannot be had. */
  fallbackContact?: string;
  /** The kit's own words, for pages in other languages. */
  texts?: { loading?: string; failed?: string; retry?: string; contact?: string; close?: string };
  /** The visitor: a verified `token` from your server, or `data` that nobody has checked. */
  user?: VisitorIdentity;
}
