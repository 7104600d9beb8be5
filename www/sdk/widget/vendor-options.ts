import type { WidgetOptions } from "../widget-options.js";
import type { ChatEvents, ReceivedMessage, Session } from "./vendor-chat.js";

/** The vendor's script knows nothing of these. */
export const OURS: readonly string[] = [
  "scriptUrl",
  "integrity",
  "nonce",
  "strategy",
  "host",
  "consent",
  "timeoutMs",
  "openAfterSeconds",
  "getUserToken",
  "container",
  "fallbackContact",
  "texts",
];

/** These change launcher or behaviour of the kit, and need no new start of the chat. */
export const IN_PLACE: readonly string[] = [
  ...OURS.slice(3),
  "accessibility",
  "assets",
  "hooks",
  "isOpen",
  "openAfterNSeconds",
  // Looked at by itself: another token of the same visitor changes nothing else.
  "user",
];

export function without(options: object, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(options).filter(([name]) => !names.includes(name)));
}

/** What `initOpenScript` gets. The page's own hooks are looked up at each call, so that an update reaches them. */
export function vendorOptions(
  current: () => WidgetOptions,
  token: string | undefined,
  events: ChatEvents,
): Record<string, unknown> {
  const options = current();
  const call = (name: string, context: unknown) =>
    (current().hooks as Record<string, (context: unknown) => void> | undefined)?.[name]?.(context);
  const hooks = {
    ...options.hooks,
    onNavigateToChat: (context: unknown) => call("onNavigateToChat", context),
    onSessionCreated: (context: unknown) => call("onSessionCreated", context),
    onMessageReceived: (context: { message: ReceivedMessage; session?: Session }) => {
      events.message(context.message, context.session);
      call("onMessageReceived", context);
    },
  };
  const vendor: Record<string, unknown> = { ...without(options, OURS), hooks };
  // Opening is the kit's affair.
  delete vendor.isOpen;
  delete vendor.openAfterNSeconds;
  if (token) vendor.user = { ...options.user, token };
  return vendor;
}
