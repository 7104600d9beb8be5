/** The part of the embed that is downloaded when the visitor shows intent (`docs/architecture.md`). */
export { Visit } from "./widget/visit.js";
