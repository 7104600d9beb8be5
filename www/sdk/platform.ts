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

/** What is recorded of a training that was added. */
export interface AddedTraining {
  id: string;
  title: string;
  type: string | null;
  is_draft: boolean | null;
}

export interface Training {
  id: string;
  title: string;
  content: string;
  draft_title?: string | null;
  draft_content?: string | null;
  type?: "BEHAVIORAL" | "SCENARIO_SPECIFIC";
  is_draft: boolean;
  directory_id: string | null;
  restricted_to_channels: string[];
  restricted_to_segments: string[];
  metadata?: Record<string, unknown> | null;
  start_time?: string | null;
  end_time?: string | null;
  created_at: string;
  updated_at: string;
}

export interface TrainingQuery {
  search?: string;
  limit?: number;
  offset?: number;
}

export interface TrainingPage extends List<Training> {
  total?: number;
  has_more?: boolean;
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

/** A list of the platform, or a page of one. */
export interface List<T> {
  items: readonly T[];
}

/** An organization's settings as the platform tells them; which fields there are is its own affair. */
export interface Organization {
  name: string;
  [field: string]: unknown;
}

/** What is left out stays as it is. */
export interface OrgUpdate {
  name?: string;
  website?: string;
  language?: string;
  ai_instructions?: string;
}

/** A customer that the proxy knows. */
export interface KnownOrg {
  external_id: string;
  state: "sent" | "done" | "failed" | "unknown";
  org: Org | null;
}

/** An organization that was made elsewhere. */
export interface AdoptedOrg {
  external_id: string;
  id: string;
  name: string;
  widget_token: string;
}

export interface KnownOrgKey extends OrgKey {
  created_at: string;
  /** The newest is the one in use; ask OpenCX to revoke the others. */
  in_use: boolean;
}

/** What is left out stays as it is. */
export interface DatasourceUpdate {
  display_name?: string;
  page_limit?: number;
  exclude_paths?: string[];
  include_paths?: string[];
  crawl_interval_hours?: number | null;
  status?: "active" | "paused";
}

export interface DatasourceDetail extends Datasource {
  /** How far its crawl has come. */
  progress: CrawlProgress;
  [field: string]: unknown;
}

export interface CrawlJob {
  id: string;
  status: string;
  total_pages: number | null;
  completed_pages: number;
  [field: string]: unknown;
}

export interface CrawledPage {
  id: string;
  url: string;
  sync_status: "synced" | "pending" | "error" | "excluded" | (string & {});
}

/** What is in them is not documented; known names are `channels` and `prohibited_topics`. */
export interface AutopilotSettings {
  [field: string]: unknown;
}

/** What is in them is not documented; known names are `level` and `outside_office_hours`. */
export interface HandoffSettings {
  [field: string]: unknown;
}

export interface ShiftInput {
  /** A day, `everyday` or `monday_to_friday`. */
  day_of_week: string;
  /** Local time, HH:MM:SS. */
  start_time: string;
  end_time: string;
}

export interface OfficeHoursInput {
  name: string;
  /** Such as `Europe/Berlin`. */
  iana_timezone: string;
  shifts: ShiftInput[];
}

export interface OfficeHours extends OfficeHoursInput {
  id: string;
}

export interface TagInput {
  tag_name: string;
  /** At most 160 characters. */
  description?: string | null;
  exclude_from_auto_tagging?: boolean;
  category_id?: string | null;
}

export interface Tag extends TagInput {
  created_at: string;
  updated_at: string;
}

export interface ContactInput {
  email?: string;
  phone?: string;
  name?: string;
  custom_data?: Record<string, string>;
}

export interface Contact {
  id: string;
  email: string | null;
  phone_number: string | null;
  name: string | null;
  custom_data: Record<string, unknown> | null;
}

export interface ContactQuery {
  cursor?: string;
}

export interface ContactPage extends List<Contact> {
  next: string | null;
}

export interface HandoffAnalyticsQuery {
  start_date?: string;
  end_date?: string;
}

export interface HandoffAnalytics {
  summary: string;
  total_handoffs: number;
  total_sessions: number;
  [field: string]: unknown;
}

export interface HandoffEventsQuery extends HandoffAnalyticsQuery {
  cursor?: string;
}

export interface HandoffEvent {
  session_id?: string;
  summary?: string;
  explanation?: string;
  reasons?: string[];
  created_at?: string;
}

export interface HandoffEventPage extends List<HandoffEvent> {
  next: string | null;
  total: number;
}

/** A signed-in visitor, as the customer's own server knows him. */
export interface AuthenticateUser {
  email: string;
  name?: string;
}

export interface ContactToken {
  /** For `user.token` of that visitor's widget, and for nobody else. */
  token: string;
}

/** Which of the calls whose path is a guess this proxy's platform has, by the contract's operation. */
export interface Capabilities {
  calls: Record<string, boolean>;
}
