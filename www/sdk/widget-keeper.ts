import {
  isKitError,
  type KitError,
  loadWidget,
  type Widget,
  type WidgetEvents,
  type WidgetOptions,
  type WidgetState,
} from "./embed.js";
import { kitError } from "./kit-error.js";
import { sameOptions } from "./same-options.js";

/** What there is at a moment. A new object after each change, so that it can be compared by identity. */
export interface Kept {
  /** The widget, once it is loaded. */
  readonly widget: Widget | undefined;
  readonly state: WidgetState;
  /** Why the state is `failed`. */
  readonly error: KitError | undefined;
}

export const NOTHING: Kept = { widget: undefined, state: "idle", error: undefined };

/** The widget's events, an `error` for one that could not be loaded too, and `change` for each change without one. */
export interface KeeperEvents extends WidgetEvents {
  change: undefined;
}

export type KeeperListener = <Name extends keyof KeeperEvents>(
  name: Name,
  detail: KeeperEvents[Name],
) => void;

interface Run {
  options: WidgetOptions;
  readonly widget: Promise<Widget>;
}

const EVENTS = [
  "loading",
  "ready",
  "open",
  "close",
  "message",
  "unread",
  "handoff",
  "identified",
  "token-expired",
  "error",
  "destroy",
] as const satisfies readonly (keyof WidgetEvents)[];

/**
 * Keeps one widget on the page while one is wanted, with the options last asked for: for the element and the hook.
 * What is wanted is looked at in a microtask, so that nothing is loaded, or destroyed, for what is undone at once.
 */
export class WidgetKeeper {
  #wanted: (() => WidgetOptions | undefined) | undefined;
  #due = false;
  #run: Run | undefined;
  #kept = NOTHING;
  readonly #listeners = new Set<KeeperListener>();
  /** Those who asked for the widget when none was wanted. */
  readonly #waiting: (() => void)[] = [];

  /** From now on a widget is kept with what `options` gives when it is asked; none if it gives undefined. */
  want(options: (() => WidgetOptions | undefined) | undefined): void {
    this.#wanted = options;
    if (this.#due) return;
    this.#due = true;
    queueMicrotask(() => this.#settle());
  }

  readonly kept = (): Kept => this.#kept;

  readonly listen = (listener: KeeperListener): (() => void) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  };

  /**
   * The widget of the options last asked for, also if they change meanwhile. Waits until one is wanted; rejects with a
   * `KitError` if that one cannot be loaded.
   */
  async widget(): Promise<Widget> {
    for (;;) {
      // What is asked for in the same turn still counts.
      await undefined;
      this.#settle();
      const run = this.#run;
      if (!run) {
        await new Promise<void>((resolve) => this.#waiting.push(resolve));
        continue;
      }
      await run.widget.catch(() => undefined);
      if (this.#run === run) return run.widget;
    }
  }

  // A command waits for the widget. That there is none has been told as an error already.
  readonly open = (): void => this.#command((widget) => widget.open());
  readonly close = (): void => this.#command((widget) => widget.close());
  readonly toggle = (): void => this.#command((widget) => widget.toggle());

  #command(give: (widget: Widget) => void): void {
    this.widget().then(give, () => undefined);
  }

  #settle(): void {
    this.#due = false;
    const options = this.#wanted?.();
    const run = this.#run;
    if (sameOptions(options, run?.options)) return;
    if (options && run && this.#canUpdate(run.options, options)) {
      const gone = Object.fromEntries(Object.keys(run.options).map((name) => [name, undefined]));
      run.options = options;
      run.widget
        .then((widget) => widget.update({ ...gone, ...options }))
        .catch((error: KitError) => this.#run === run && this.#tell("error", error));
      return;
    }
    this.#end();
    if (options) this.#start(options);
  }

  /** Another org, or another place, needs another widget; so does one that could not be loaded. */
  #canUpdate(before: WidgetOptions, options: WidgetOptions): boolean {
    return (
      this.#kept.state !== "failed" &&
      options.token === before.token &&
      options.container === before.container
    );
  }

  #start(options: WidgetOptions): void {
    const widget = loadWidget(options).catch((reason: unknown) => {
      throw isKitError(reason) ? reason : kitError("INTERNAL", "The widget failed.", false, reason);
    });
    const run: Run = { options, widget };
    this.#run = run;
    for (const go of this.#waiting.splice(0)) go();
    widget.then(
      (loaded) => {
        if (this.#run !== run) return loaded.destroy();
        for (const name of EVENTS) loaded.on(name, (detail) => this.#follow(run, loaded, name, detail));
        this.#kept = { widget: loaded, state: loaded.state, error: undefined };
        this.#tell("change");
      },
      (error: KitError) => {
        if (this.#run !== run) return;
        this.#kept = { widget: undefined, state: "failed", error };
        this.#tell("error", error);
      },
    );
  }

  #end(): void {
    const { widget } = this.#kept;
    this.#run = undefined;
    this.#kept = NOTHING;
    // One that is still loading is destroyed on arrival.
    widget?.destroy();
    this.#tell("change");
  }

  #follow<Name extends keyof WidgetEvents>(
    run: Run,
    widget: Widget,
    name: Name,
    detail: WidgetEvents[Name],
  ): void {
    // The last event of a widget that was replaced is told, but says nothing of the new one.
    if (this.#run === run) {
      const error = name === "error" ? (detail as KitError) : this.#kept.error;
      this.#kept = { widget, state: widget.state, error: widget.state === "failed" ? error : undefined };
    }
    this.#tell<keyof KeeperEvents>(name, detail);
  }

  #tell<Name extends keyof KeeperEvents>(name: Name, detail?: KeeperEvents[Name]): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(name, detail as KeeperEvents[Name]);
      } catch (thrown) {
        // The page's own mistake: reported as such, and no other listener misses its event.
        reportError(thrown);
      }
    }
  }
}
