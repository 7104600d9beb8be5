/** Where the time of the newest conversation that the visitor has seen is kept. */
export const seenKey = (widgetToken: string): string => `opencx-kit:seen:${widgetToken}`;
