/** The languages that the contract names for a visitor; the org's own may be any. */
export type VisitorLanguage =
  | "en"
  | "fr"
  | "de"
  | "nl"
  | "pl"
  | "pt"
  | "es"
  | "it"
  | "ru"
  | "ja"
  | "ko"
  | "zh"
  | "ar"
  | "tr"
  | "sv"
  | "da"
  | "no"
  | "fi"
  | "el"
  | "cs"
  | "hu"
  | "th"
  | "vi"
  | "id"
  | "he"
  | "hi"
  | "uk"
  | "ro"
  | "bg"
  | "hr"
  | "sk"
  | "sl"
  | "sr"
  | "et"
  | "lv"
  | "lt"
  | "is"
  | "ga"
  | "ms"
  | "tl"
  | "fa"
  | "bn"
  | "ta"
  | "te"
  | "ur"
  | "sw"
  | "zu"
  | "af"
  | "sq"
  | "hy"
  | "az"
  | "eu"
  | "be"
  | "bs"
  | "ca"
  | "cy";

/** A signed-in visitor, as the customer's own server knows him. */
export interface AuthenticateUser {
  email: string;
  /** 1 to 200 characters. */
  name?: string;
  /** http or https address of a picture; null for none. */
  avatar_url?: string | null;
  /** With country code; 3 to 40 characters. */
  phone?: string;
  language?: VisitorLanguage;
  /** Kept as verified data. */
  customData?: Record<string, unknown>;
  /** More for the AI to know of him; at most 20,000 characters. */
  chat_context?: string;
  /** Parameters of the AI's actions for him. They may be secrets: only a server should have them. */
  http_action_overrides?: {
    query_params?: Record<string, unknown>;
    path_params?: Record<string, unknown>;
    body_params?: Record<string, unknown>;
    headers?: Record<string, unknown>;
  };
  /** Personal connections of widget v5. With it the token lives one hour; without it, it does not expire. */
  mcp_access?: {
    /** Left out allows all that are enabled, an empty list none; at most 500. */
    server_ids?: string[];
    /** For products where one person switches between several accounts. */
    account_id?: string;
  };
}

export interface ContactToken {
  /** For `user.token` of that visitor's widget, and for nobody else. */
  token: string;
  contact?: { id: string };
}
