import type { List, Word } from "./list.js";

/** `BEHAVIORAL` applies to every conversation, `SCENARIO_SPECIFIC` when a question is similar in meaning. */
export type TrainingType = "BEHAVIORAL" | "SCENARIO_SPECIFIC";

export type Channel =
  | "web"
  | "email"
  | "phone_voice"
  | "slack"
  | "sms"
  | "whatsapp"
  | "instagram"
  | "messenger"
  | "api"
  | "web_voice";

export interface TrainingInput {
  /** Trigger phrase or scenario title; 3 to 500 characters. */
  title: string;
  /** What the AI should do or say; 10 to 20,000 characters. */
  content: string;
  /** The platform's default is `SCENARIO_SPECIFIC`. */
  type?: TrainingType;
  /** Drafts are kept, and not used by the AI. */
  is_draft?: boolean;
  /** A folder; null for none. */
  directory_id?: string | null;
  /** Empty, or left out, is every channel. */
  restricted_to_channels?: Channel[];
  /** At most 100; empty, or left out, is every segment of contacts. */
  restricted_to_segments?: string[];
  /** Data of your own; a list can be filtered by it. The name `opencx_kit_key` is the kit's. */
  metadata?: Record<string, unknown>;
  /** From when it holds: RFC 3339 with a zone, such as `2026-11-23T09:00:00Z`; null for no bound. */
  start_time?: string | null;
  /** Until when; later than `start_time`. */
  end_time?: string | null;
}

/** What is recorded of a training that was added. */
export interface AddedTraining {
  id: string;
  title: string;
  type: Word<TrainingType> | null;
  is_draft: boolean | null;
}

export interface Training {
  id: string;
  /** Last published title. */
  title: string;
  /** Last published content. */
  content: string;
  /** Null when there is no draft. */
  draft_title?: string | null;
  draft_content?: string | null;
  type?: Word<TrainingType>;
  is_draft: boolean;
  directory_id: string | null;
  restricted_to_channels: Word<Channel>[];
  restricted_to_segments: string[];
  /** Null until it was first published. */
  current_version?: number | null;
  metadata?: Record<string, unknown> | null;
  /** RFC 3339, as all times here. */
  published_at?: string | null;
  start_time?: string | null;
  end_time?: string | null;
  created_at: string;
  updated_at: string;
}

export interface TrainingQuery {
  /** Within title or content, in any case; at most 500 characters. */
  search?: string;
  type?: TrainingType;
  is_draft?: boolean;
  /** 1 to 100; the platform's default is 50. */
  limit?: number;
  /** How many to pass over. */
  offset?: number;
  sort_by?: "created_at" | "handoff_count";
  /** Every one of these pairs a training must have in its metadata. */
  metadata?: Record<string, unknown>;
}

export interface TrainingPage extends List<Training> {
  /** Matches before paging. */
  total?: number;
  limit?: number;
  offset?: number;
  has_more?: boolean;
}
