import type { List } from "./list.js";

/** What is told of a contact; what is left out stays. */
export interface ContactUpdate {
  email?: string;
  /** With country code; 3 to 40 characters. It is read back as `phone_number`. */
  phone?: string;
  /** 1 to 200 characters. */
  name?: string;
  /** Texts by name, each of at most 10,000 characters. */
  custom_data?: Record<string, string>;
}

/** A person whom your own server knows: by e-mail in any case, or else by phone, so one of the two must be there. */
export type ContactInput = ContactUpdate & ({ email: string } | { phone: string });

export interface Contact {
  /** UUID. */
  id: string;
  email: string | null;
  phone_number: string | null;
  name: string | null;
  custom_data: Record<string, unknown> | null;
  created_at?: string | null;
  updated_at?: string | null;
}

/** Times are RFC 3339 with a zone; each `before` is later than its `after`. */
export interface ContactQuery {
  /** `next` of the page before. */
  cursor?: string;
  created_after?: string;
  created_before?: string;
  updated_after?: string;
  updated_before?: string;
}

export interface ContactPage extends List<Contact> {
  /** What `cursor` takes; null at the end. */
  next: string | null;
}
