/**
 * The platform's resources, with the platform's own field names (`contract/openapi.yaml`). What goes in is checked against these
 * limits before anything is sent; what comes out may hold fields, and words, of a later release.
 */
export type * from "./platform/contact.js";
export type * from "./platform/crawl.js";
export type * from "./platform/dashboard-access.js";
export type * from "./platform/handoff-analytics.js";
export type * from "./platform/list.js";
export type * from "./platform/office-hours.js";
export type * from "./platform/org.js";
export type * from "./platform/org-key.js";
export type * from "./platform/settings.js";
export type * from "./platform/tag.js";
export type * from "./platform/training.js";
export type * from "./platform/visitor.js";
