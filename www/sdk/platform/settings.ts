/**
 * What is in them is not documented: these names are the ones that the sandbox plays, any other is passed on as it is. What is left
 * out stays; null takes a setting back.
 */
export interface AutopilotSettings {
  /** On which channels the AI answers, such as `{ web: true }`. Where it is off, a message goes straight to the team. */
  channels?: Record<string, boolean | null> | null;
  /** What the AI never answers but hands off at once: a list, or a text with one topic a line. */
  prohibited_topics?: string[] | string | null;
  [field: string]: unknown;
}

/** Likewise. */
export interface HandoffSettings {
  /**
   * 0 never hands off, 1 does so quickly (the default), 2 tries first and respects an explicit request, 3 wants a full statement
   * of the problem and several attempts first.
   */
  level?: 0 | 1 | 2 | 3 | null;
  /** Who keeps what is handed off while nobody is there: the team's inbox or the AI. */
  outside_office_hours?: "inbox" | "ai" | null;
  [field: string]: unknown;
}
