import { useEffect, useMemo, useState, useSyncExternalStore } from "react";
import type { KitError, Widget as PageWidget, WidgetOptions, WidgetState } from "./embed.js";
import { NOTHING, WidgetKeeper } from "./widget-keeper.js";

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
  /** The widget, or its chat, could not be loaded. */
  onError?: (error: KitError) => void;
}

export type WidgetProps = WidgetOptions & WidgetCallbacks;

/** `useWidget` for those who need nothing from it. Renders nothing: the widget draws itself. */
export function Widget({ onReady, onOpen, onClose, onError, ...options }: WidgetProps): null {
  // The index signature of the options has made their own properties unknown.
  const keeper = useKeeper(options as WidgetOptions);
  useEffect(() =>
    keeper.listen((name, detail) => {
      const { widget } = keeper.kept();
      if (name === "error" && detail) onError?.(detail);
      if (!widget) return;
      if (name === "ready") onReady?.(widget);
      if (name === "open") onOpen?.(widget);
      if (name === "close") onClose?.(widget);
    }),
  );
  return null;
}

function useKeeper(options: WidgetOptions): WidgetKeeper {
  const [keeper] = useState(() => new WidgetKeeper());
  useEffect(() => keeper.want(() => options));
  useEffect(() => () => keeper.want(undefined), [keeper]);
  return keeper;
}
