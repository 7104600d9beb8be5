import type { Word } from "./list.js";

/** The days that the contract names; others are refused, since nobody could say what they cover. */
export type DayOfWeek =
  | "everyday"
  | "monday_to_friday"
  | "monday"
  | "tuesday"
  | "wednesday"
  | "thursday"
  | "friday"
  | "saturday"
  | "sunday";

/** A span of time on some days. It ends later than it starts: one over midnight is two, the first until 23:59:59. */
export interface ShiftInput {
  /** Of a shift that is there, when a schedule is replaced. */
  id?: string;
  day_of_week: DayOfWeek;
  /** Local time, `HH:MM:SS`. */
  start_time: string;
  /** Likewise. */
  end_time: string;
}

/** A schedule; it is known by its name. */
export interface OfficeHoursInput {
  /** 1 to 200 characters. */
  name: string;
  /** IANA name of the time zone, such as `Europe/Berlin`. */
  iana_timezone: string;
  /** All of them, at most 200: those left out are removed. None may lie over another. */
  shifts: ShiftInput[];
}

export interface Shift {
  id: string;
  day_of_week: Word<DayOfWeek>;
  start_time: string;
  end_time: string;
  created_at: string;
  updated_at: string;
}

/** What is recorded of a schedule that was added. */
export interface AddedOfficeHours {
  id: string;
  name: string;
  iana_timezone: string;
}

export interface OfficeHours extends AddedOfficeHours {
  shifts: Shift[];
  /** RFC 3339. */
  created_at: string;
  updated_at: string;
}
