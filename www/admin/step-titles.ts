import type { StepKind } from "../sdk/provision.js";

/** What a step does, for people. */
export const TITLES: Readonly<Record<StepKind, string>> = {
  org: "Create the organization",
  "org-key": "Create its key",
  "org-settings": "Change the organization",
  crawl: "Read the website",
  training: "Teach the assistant",
  "office-hours": "Set office hours",
  tag: "Add a tag",
  contact: "Add a contact",
  autopilot: "Set autopilot",
  handoff: "Set when people take over",
  removal: "Remove what is not asked for",
  invitation: "Invite to the dashboard",
  "login-link": "Create a login link",
  snippet: "Write the snippet",
};
