import type { WidgetOptions } from "../widget-options.js";

/** Whether the chat fills its container: then it has no launcher, and nothing opens or closes it but the page. */
export const isInline = ({ inline, container }: WidgetOptions): boolean =>
  inline === true && container !== undefined;
