import { useEffect, useMemo, useState, useSyncExternalStore } from "react";
import type { KitError, Widget as PageWidget, WidgetEvents, WidgetOptions, WidgetState } from "./embed.js";
import { type KeeperEvents, NOTHING, WidgetKeeper } from "./widget-keeper.js";

export type { KitError, KitErrorCode, WidgetOptions, WidgetState } from "./embed.js";
export { isKitError } from "./embed.js";
export type { PageWidget };

/** What `useWidget` gives. Its functions stay the same ones at every render. */
export interface UsedWidget {
  /** Undefined on the server and until it is loaded. */
  readonly widget: PageWidget | undefined;
  /** `failed` also when the widget could not be loaded at all. */
  readonly state: WidgetState;
  /** Why `state` is `failed`. */
  readonly error: KitError | undefined;
  /** Waits for the widget, as `close` and `toggle` do. */
  open(): void;
  close(): void;
  toggle(): void;
}

/**
 * Keeps the widget on the page while the component is mounted. Options are compared by value, functions in them by
 * identity: a new object at every render does not reload it, a new function does.
 */
export function useWidget(options: WidgetOptions): UsedWidget {
  const keeper = useKeeper(options);
  const kept = useSyncExternalStore(keeper.listen, keeper.kept, () => NOTHING);
  return useMemo(() => {
    const { open, close, toggle } = keeper;
    return { ...kept, open, close, toggle };
  }, [keeper, kept]);
}

/** What happens to the widget. These may be new functions at every render. */
export interface WidgetCallbacks {
  /** The chat is drawn. */
  onReady?: (widget: PageWidget) => void;
  onOpen?: (widget: PageWidget) => void;
  onClose?: (widget: PageWidget) => void;
  /** A message for the visitor has arrived. */
  onMessage?: (message: WidgetEvents["message"]) => void;
  /** What the visitor has not seen has become more or less. */
  onUnread?: (unread: WidgetEvents["unread"]) => void;
  /** A person answers from now on. */
  onHandoff?: (handoff: WidgetEvents["handoff"]) => void;
  /** The widget, or its chat, could not be loaded. */
  onError?: (error: KitError) => void;
}

export type WidgetProps = WidgetOptions & WidgetCallbacks;

/** `useWidget` for those who need nothing from it. Renders nothing: the widget draws itself. */
export function Widget({
  onReady,
  onOpen,
  onClose,
  onMessage,
  onUnread,
  onHandoff,
  onError,
  ...options
}: WidgetProps): null {
  // The index signature of the options has made their own properties unknown.
  const keeper = useKeeper(options as WidgetOptions);
  useEffect(() => {
    const listener = (name: keyof KeeperEvents, detail: unknown) => {
      const { widget } = keeper.kept();
      if (name === "error") onError?.(detail as KitError);
      if (name === "message") onMessage?.(detail as WidgetEvents["message"]);
      if (name === "unread") onUnread?.(detail as WidgetEvents["unread"]);
      if (name === "handoff") onHandoff?.(detail as WidgetEvents["handoff"]);
      if (!widget) return;
      if (name === "ready") onReady?.(widget);
      if (name === "open") onOpen?.(widget);
      if (name === "close") onClose?.(widget);
    };
    return keeper.listen(listener);
  });
  return null;
}

function useKeeper(options: WidgetOptions): WidgetKeeper {
  const [keeper] = useState(() => new WidgetKeeper());
  useEffect(() => keeper.want(() => options));
  useEffect(() => () => keeper.want(undefined), [keeper]);
  return keeper;
}
