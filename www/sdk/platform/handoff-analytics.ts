import type { List, Word } from "./list.js";

export type HandoffReason =
  | "based_on_instructions"
  | "instructions_not_clear"
  | "insufficient_knowledge"
  | "insufficient_tools"
  | "prohibited_topic"
  | "user_requested_human_assistance";

/** Times are RFC 3339 with a zone. */
export interface HandoffAnalyticsQuery {
  /** 30 days ago when left out. */
  start_date?: string;
  /** Now when left out; later than `start_date`. */
  end_date?: string;
}

/** What something of the AI's was counted for. */
export interface HandoffReference {
  type: Word<"ai_profile">;
  id: string;
  count: number;
}

export interface HandoffAnalytics {
  summary: string;
  total_handoffs: number;
  total_sessions: number;
  start_date: string;
  end_date: string;
  reasons: { reason?: Word<HandoffReason>; count?: number; percentage?: number }[];
  reason_combinations: { reasons?: Word<HandoffReason>[]; session_count?: number; percentage?: number }[];
  sentiments: { sentiment?: string; count?: number; percentage?: number }[];
  trends?: { date?: string; count?: number }[];
  knowledge_references: HandoffReference[];
  tool_references: HandoffReference[];
  instruction_references: HandoffReference[];
  prohibited_topic_references: HandoffReference[];
}

export interface HandoffEventsQuery extends HandoffAnalyticsQuery {
  /** `next` of the page before. */
  cursor?: string;
  reason?: HandoffReason;
}

export interface HandoffEvent {
  session_id?: string;
  summary?: string;
  explanation?: string;
  reasons?: Word<HandoffReason>[];
  created_at?: string;
}

export interface HandoffEventPage extends List<HandoffEvent> {
  /** What `cursor` takes; null at the end. */
  next: string | null;
  total: number;
}
