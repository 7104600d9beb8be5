/** A customer's organization, as asked for. */
export interface NewOrg {
  /** Shown for the organization; 1 to 200 characters. */
  name: string;
  /** Your own id for this customer, 1 to 200 characters. It makes every repeat safe. */
  external_id: string;
  /** http or https address of the customer's website. */
  website?: string;
  /** Language code such as `en` or `pt-br`; at most 20 characters. The platform's default is `en`. */
  language?: string;
  /** System prompt for the AI agent; at most 20,000 characters. */
  ai_instructions?: string;
  /** Third parties to connect. The platform tries the credentials, and refuses the whole org if one fails. */
  integrations?: Integrations;
}

/** Credentials of third parties; FareHarbor is the only one known. */
export interface Integrations {
  fareharbor?: FareHarbor;
}

/** Secret: never keep it in a page longer than it takes to send it. */
export interface FareHarbor {
  /** 1 to 500 characters. */
  app_key: string;
  /** 1 to 500 characters. */
  user_key: string;
  /** 1 to 200 characters. */
  default_company_shortname: string;
}

export interface Org {
  /** UUID. */
  id: string;
  name: string;
  /** Public: this is what the snippet carries. */
  widget_token: string;
  external_id: string;
}

/** An organization's settings as the platform tells them; which further fields there are is its own affair. */
export interface Organization {
  name: string;
  created_at: string | null;
  updated_at: string | null;
  [field: string]: unknown;
}

/** What is left out stays as it is. Of the contract's schema is `name` alone; the platform's overview names the others. */
export interface OrgUpdate {
  /** 1 to 200 characters. */
  name?: string;
  /** http or https address. */
  website?: string;
  /** Language code, at most 20 characters. */
  language?: string;
  /** At most 20,000 characters. */
  ai_instructions?: string;
}

/** A customer that the proxy knows. */
export interface KnownOrg {
  external_id: string;
  /** `unknown`: the call that creates it was sent, and nobody knows what came of it. `left`: a person said to leave it so. */
  state: "sent" | "done" | "failed" | "unknown" | "left";
  org: Org | null;
}

/** What a person has found out of an org whose outcome is unknown. */
export interface SettledOrg {
  /** `not-made`: OpenCX has none with this external id. `left`: nobody knows, and another external id is used. */
  outcome: "not-made" | "left";
}

/** An organization that was made elsewhere: a person gives what the platform answered then. */
export interface AdoptedOrg {
  /** Your own id for this customer, 1 to 200 characters. */
  external_id: string;
  /** UUID, as the platform gave it. */
  id: string;
  /** 1 to 200 characters. */
  name: string;
  widget_token: string;
}
