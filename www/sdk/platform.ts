/** The platform's resources, with the platform's own field names (`contract/openapi.yaml`). */

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
}

export interface Org {
  id: string;
  name: string;
  /** Public: this is what the snippet carries. */
  widget_token: string;
  external_id: string | null;
}

/** What the browser may know of an organization key: never the key itself. */
export interface OrgKey {
  name: string;
  /** First 12 hex digits of the key's SHA-256, to tell keys apart. */
  fingerprint: string;
}

export interface NewDatasource {
  url: string;
  display_name?: string;
  /** 1 to 5000; the platform's default is 100. */
  page_limit?: number;
  /** Globs of paths to skip. */
  exclude_paths?: string[];
  /** Globs; if not empty, only these are crawled. */
  include_paths?: string[];
  /** 24 or more; null turns automatic crawls off; the platform's default is 168. */
  crawl_interval_hours?: number | null;
}

export interface Datasource {
  id: string;
  url: string;
  display_name: string;
  status: string;
}

/** How far a crawl has come; `finished` is false for states nobody knows yet. */
export interface CrawlProgress {
  datasource_id: string;
  state: "pending" | "scraping" | "completed" | "failed" | "cancelled" | (string & {});
  finished: boolean;
  pages_done: number;
  pages_total: number | null;
  error_message: string | null;
}

export interface TrainingInput {
  /** Trigger phrase or scenario title; 3 to 500 characters. */
  title: string;
  /** What the AI should do or say; 10 to 20,000 characters. */
  content: string;
  /** `BEHAVIORAL` applies to every conversation; the default is `SCENARIO_SPECIFIC`. */
  type?: "BEHAVIORAL" | "SCENARIO_SPECIFIC";
}

export interface Training {
  id: string;
  title: string;
  content: string;
}

export interface Invitation {
  email: string;
  /** The platform says that this person was invited, or is a member, already. */
  already_there: boolean;
}

/** Opens the dashboard once, within 15 minutes. Secret: show it to the person who asked, store it nowhere. */
export interface LoginLink {
  url: string;
}
