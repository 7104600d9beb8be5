/** Options of the chat widget. Those the kit does not know go to the vendor's script untouched. */
export interface WidgetOptions {
  /** Widget token of the org: public. */
  token: string;
  /** Language of the widget's own texts, such as `en`. */
  language?: string;
  /** Base address of the platform. Default `https://api.open.cx`. */
  apiUrl?: string;
  /** Address of the vendor's widget script. */
  scriptUrl?: string;
  /** Subresource Integrity hash of that script. */
  integrity?: string;
  /** Nonce for that script, where the page's policy asks for one. */
  nonce?: string;
  /** Milliseconds until a widget that has not appeared counts as failed. Default 20,000. */
  timeoutMs?: number;
  /**
   * When the chat is loaded: at the visitor's `intent` (default; one who has chatted before: once the page is idle), once
   * the page is `idle`, at once (`eager`), or only when opened (`manual`). Never unasked where he saves data.
   */
  strategy?: "intent" | "idle" | "eager" | "manual";
  /** Opens the chat after so many seconds, without taking the keyboard from where the visitor has it. */
  openAfterSeconds?: number;
  /** `primaryColor` colours the launcher too. */
  theme?: { primaryColor?: string; [part: string]: unknown };
  /** The visitor: a verified `token` from your server, or `data` that nobody has checked. */
  user?: VisitorIdentity;
  /** Any option of the vendor's table. */
  [vendorOption: string]: unknown;
}

export type VisitorIdentity =
  | { token: string; externalId?: string }
  | {
      data: { name?: string; email?: string; avatarUrl?: string; customData?: Record<string, string> };
      externalId?: string;
    };
