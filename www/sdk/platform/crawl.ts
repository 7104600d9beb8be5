import type { Word } from "./list.js";

/** How a website is crawled. */
export interface CrawlSettings {
  /** Label, 1 to 200 characters; the platform takes the domain when left out. */
  display_name?: string;
  /** Most pages in one crawl, 1 to 5000; the platform's default is 100. What it makes of null is not documented. */
  page_limit?: number | null;
  /** At most 1000 globs of paths to skip, each of 1 to 500 characters. */
  exclude_paths?: string[];
  /** Likewise; if not empty, only these are crawled. */
  include_paths?: string[];
  /** Hours between automatic crawls, 24 or more; null turns them off; the platform's default is 168. */
  crawl_interval_hours?: number | null;
}

export interface NewDatasource extends CrawlSettings {
  /** Start address, http or https. */
  url: string;
  /** Whether the first crawl starts at once; the platform's default is true. */
  auto_start_crawl?: boolean;
}

/** What is left out stays as it is; a list takes the place of the one that was there. */
export interface DatasourceUpdate extends CrawlSettings {
  /** `paused` stops the automatic crawls. */
  status?: "active" | "paused";
}

/** What is recorded of a website that was added. */
export interface AddedDatasource {
  /** UUID. */
  id: string;
  url: string;
  display_name: string;
  status: Word<"active" | "paused">;
}

export interface Datasource extends AddedDatasource {
  page_limit: number | null;
  exclude_paths: string[];
  include_paths: string[];
  crawl_interval_hours: number | null;
  /** RFC 3339, as all times here. */
  last_crawl_started_at: string | null;
  last_crawl_completed_at: string | null;
  error_message: string | null;
  created_at: string;
  updated_at: string;
}

/** Pages of a website by their state. */
export interface PageStats {
  total: number;
  synced: number;
  pending: number;
  error: number;
  excluded: number;
}

export interface DatasourceDetail extends Datasource {
  /** How far its crawl has come. */
  progress: CrawlProgress;
  page_stats: PageStats;
  /** The running job; null when none runs. */
  active_crawl_job: ActiveCrawlJob | null;
}

/** How far a crawl has come; `finished` is false for states nobody knows yet. */
export interface CrawlProgress {
  datasource_id: string;
  state: Word<CrawlState>;
  finished: boolean;
  pages_done: number;
  pages_total: number | null;
  error_message: string | null;
}

export type CrawlState = "pending" | "scraping" | "completed" | "failed" | "cancelled";

/** A crawl that runs. */
export interface ActiveCrawlJob {
  /** UUID. */
  id: string;
  status: Word<CrawlState>;
  /** Null until the site has been looked at. */
  total_pages?: number | null;
  completed_pages?: number;
  new_pages?: number;
  updated_pages?: number;
  removed_pages?: number;
  unchanged_pages?: number;
  started_at?: string | null;
}

/** A crawl that runs, or has run. */
export interface CrawlJob {
  /** UUID. */
  id: string;
  /** UUID of the website. */
  datasource_id: string;
  status: Word<CrawlState>;
  started_at: string | null;
  completed_at: string | null;
  total_pages: number | null;
  completed_pages: number;
  new_pages: number;
  updated_pages: number;
  removed_pages: number;
  unchanged_pages: number;
  error_message: string | null;
  created_at: string;
  updated_at: string;
}

/** A page of a website. The names of its fields are inferred, so any may be missing; its four states are documented. */
export interface CrawledPage {
  id?: string;
  url?: string;
  sync_status?: Word<"synced" | "pending" | "error" | "excluded">;
  [field: string]: unknown;
}
