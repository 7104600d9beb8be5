import { backoff, begin, checkOptions, renewIn, standing, step, when } from "#glue/embed";
import { contactLink } from "../contact-link.js";
import type { Widget, WidgetEvents, WidgetState } from "../embed.js";
import type { KitError } from "../errors.js";
import { forgetContact } from "../identity.js";
import { kitError } from "../kit-error.js";
import { keepAttached } from "../page-life.js";
import { VENDOR_SCRIPT } from "../vendor-script.js";
import { hasStoredContact, isSavingData, whenIdle, whenSeen } from "../wake.js";
import { warmOnInterest } from "../warm.js";
import type { VisitorIdentity, WidgetOptions } from "../widget-options.js";
import { isInline } from "./inline.js";
import { Effect, Input, isOpenIn, Phase, phaseOf, STATES } from "./launch.js";
import { Launcher } from "./launcher.js";
import { seenKey } from "./seen.js";
import type { Visit } from "./visit.js";

type Options = WidgetOptions & { scriptUrl: string };

const STRATEGIES: readonly unknown[] = ["intent", "idle", "eager", "manual"];
const NOW = 0;
const WHEN_IDLE = 1;

/** One widget on the page. Decisions are made in the core; this carries them out. */
export class LiveWidget implements Widget {
  #options: Options;
  #state: number;
  #launcher: Launcher | undefined;
  #visit: Visit | undefined;
  #isQuiet = false;
  /** Ends a wait or a download of ours. */
  #endLoad = () => {};
  /** Ends all that runs while the widget is there. */
  readonly #ends: (() => void)[] = [];
  readonly #listeners = new Map<string, Set<(detail: never) => void>>();

  /** Throws `INVALID_OPTIONS`. */
  constructor(options: WidgetOptions) {
    // The symbol is absent in older browsers, where nobody can call it.
    Object.defineProperty(this, Symbol.dispose ?? "dispose", { value: this.destroy });
    this.#options = checked(options);
    this.#state = begin(this.#options.consent === "required");
    this.#carryOut(0);
  }

  get state(): WidgetState {
    return STATES[this.#phase];
  }

  get isOpen(): boolean {
    return isOpenIn(this.#state);
  }

  get unread(): number {
    return this.#visit?.unread ?? 0;
  }

  get #phase(): Phase {
    return phaseOf(this.#state);
  }

  readonly open = (): void => this.#step(Input.Open);
  readonly close = (): void => this.#step(Input.Close);
  readonly toggle = (): void => this.#step(Input.Toggle);
  readonly destroy = (): void => this.#step(Input.Destroy);
  declare readonly [Symbol.dispose]: () => void;

  consent(decision: "grant" | "deny"): void {
    if (decision !== "grant" && decision !== "deny") {
      throw kitError("INVALID_OPTIONS", 'consent() takes "grant" or "deny".');
    }
    this.#step(decision === "grant" ? Input.Grant : Input.Deny);
  }

  update(changes: Partial<WidgetOptions>): void {
    const before = this.#options;
    const next = checked({ ...before, ...changes });
    if (next.token !== before.token || next.container !== before.container) {
      throw invalid("token", "and container cannot change: destroy the widget and load another");
    }
    this.#options = next;
    this.#launcher?.dress(next);
    if (this.#visit?.takes(next, before)) this.#step(Input.Reload);
  }

  identify(user: VisitorIdentity): void {
    this.update({ user });
  }

  logout(): void {
    const key = logoutKey(this.#options.token);
    try {
      // Other tabs hear of it; nothing stays.
      localStorage.setItem(key, "");
      localStorage.removeItem(key);
    } catch {
      // Storage is denied: then no other tab can hear.
    }
    this.#leave();
  }

  #leave(): void {
    this.#forget();
    const before = this.#options;
    this.#options = { ...before, user: undefined, getUserToken: undefined };
    this.#visit?.takes(this.#options, before);
    this.#step(Input.Reload);
  }

  on<Name extends keyof WidgetEvents>(
    name: Name,
    listener: (detail: WidgetEvents[Name]) => void,
  ): () => void {
    const all = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, all.add(listener));
    return () => {
      all.delete(listener);
    };
  }

  readonly #step = (input: Input, error?: KitError): void => {
    const before = this.#state;
    if (input < Input.Drawn) this.#isQuiet = false;
    this.#state = step(before, input);
    this.#carryOut(before, error);
  };

  /** Opens without taking the keyboard from where the visitor has it. */
  readonly #openQuietly = (): void => {
    const before = this.#state;
    if (this.isOpen) return;
    this.#isQuiet = true;
    this.#state = step(before, Input.Open);
    this.#carryOut(before);
  };

  #carryOut(before: number, error?: KitError): void {
    const effects = this.#state;
    const has = (effect: Effect) => (effects & effect) !== 0;
    if (has(Effect.Unload) || has(Effect.Remove)) {
      this.#endLoad();
      this.#visit?.stop();
    }
    if (has(Effect.Draw)) this.#draw();
    if (has(Effect.Load)) this.#load();
    if (has(Effect.Wait)) {
      const timer = setTimeout(() => this.#step(Input.Due), backoff(this.#state, Math.random()));
      this.#endLoad = () => clearTimeout(timer);
    }
    if (has(Effect.Show)) this.#show();
    if (has(Effect.Hide)) this.#hide();
    if (has(Effect.TellFailure)) this.#launcher?.say("failed");
    if (has(Effect.Remove)) {
      for (const end of this.#ends.splice(0)) end();
      this.#launcher?.remove();
      drop(seenKey(this.#options.token));
    }
    if (has(Effect.Forget)) this.#forget();
    this.#tell(before, error);
  }

  #draw(): void {
    const launcher = new Launcher(this.#options, {
      toggle: this.toggle,
      close: this.close,
      retry: this.open,
    });
    this.#launcher = launcher;
    const { host } = launcher;
    const { token, strategy, openAfterSeconds, isOpen, openAfterNSeconds, container } = this.#options;
    const ends = this.#ends;
    const choice = when(Math.max(STRATEGIES.indexOf(strategy), 0), hasStoredContact(token), isSavingData());
    const load = () => this.#step(Input.Load);
    const after = (seconds: number, act: () => void) => {
      const timer = setTimeout(act, seconds * 1000);
      ends.push(() => clearTimeout(timer));
    };
    // In a turn of its own: whoever loads the widget can listen first. What it will need is on its way meanwhile.
    if (choice === NOW) {
      chatPart().catch(() => undefined);
      after(0, load);
    }
    if (choice === WHEN_IDLE) ends.push(whenIdle(load));
    if (isInline(this.#options) && strategy !== "manual") ends.push(whenSeen(host, this.#openQuietly));
    const openAfter = openAfterSeconds ?? (isOpen ? 0 : openAfterNSeconds);
    if (openAfter !== undefined) after(openAfter, this.#openQuietly);
    // What failed for want of a network is tried again when it is back, if the visitor is waiting before it.
    const online = () => {
      if (this.isOpen && this.#phase === Phase.Failed) this.open();
    };
    // Another tab has logged the visitor out: what he wrote must not stay on the screen in this one.
    const stored = ({ key, newValue }: StorageEvent) => {
      if (key === logoutKey(token) && newValue !== null) this.#leave();
    };
    const attached = () => {
      addEventListener("online", online);
      addEventListener("storage", stored);
      // The page was opened anew under the widget, and the chat's listeners went too.
      if (launcher.listen()) this.#step(Input.Reload);
    };
    launcher.listen();
    ends.push(keepAttached(host, container, attached), warmOnInterest(host, this.#options, chatPart), () => {
      removeEventListener("online", online);
      removeEventListener("storage", stored);
    });
  }

  #load(): void {
    const launcher = this.#launcher;
    if (!launcher) return;
    launcher.say("loading");
    if (this.isOpen) this.#focus();
    let isOver = false;
    this.#endLoad = () => {
      isOver = true;
    };
    const page = {
      options: () => this.#options,
      panel: launcher.panel,
      step: this.#step,
      emit: this.#emit,
    };
    const isOpen = () => this.isOpen;
    chatPart().then(
      (part) => {
        if (isOver) return;
        this.#visit ??= new part.Visit(
          Object.defineProperty(page, "isOpen", { get: isOpen }) as typeof page & { isOpen: boolean },
          { standing, renewIn },
        );
        this.#visit.start();
      },
      (cause: unknown) => {
        if (isOver) return;
        const message =
          "A file of the kit, chat.js, could not be loaded. Check that it is served beside embed.js.";
        this.#step(Input.Missed, kitError("NETWORK", message, true, cause));
      },
    );
  }

  #show(): void {
    this.#launcher?.show(true);
    this.#arrange();
    this.#focus();
  }

  #hide(): void {
    const hadFocus = this.#launcher?.hasFocus || this.#visit?.hasFocus;
    this.#launcher?.show(false);
    this.#arrange();
    if (hadFocus) this.#launcher?.focus();
  }

  /** In the page, the chat has a panel of its own; ours only says what there is to say before. */
  #arrange(): void {
    this.#visit?.show(this.isOpen);
    if (this.#options.host === "page") this.#launcher?.hidePanel(this.#phase === Phase.Ready);
  }

  /** Into the chat, or the panel while there is none. */
  #focus(): void {
    if (this.#isQuiet) return;
    if (this.#phase === Phase.Ready) this.#visit?.focus();
    else this.#launcher?.panel.focus();
  }

  /** The next person at this computer must not see what this one has written. */
  #forget(): void {
    forgetContact(this.#options.token);
    drop(seenKey(this.#options.token));
    this.#visit?.forget();
  }

  #tell(before: number, error?: KitError): void {
    const was = phaseOf(before);
    const phase = this.#phase;
    if (isOpenIn(before) !== this.isOpen) this.#emit(this.isOpen ? "open" : "close", undefined);
    if (was === phase) return;
    if (phase === Phase.Loading && was !== Phase.Waiting) this.#emit("loading", undefined);
    if (phase === Phase.Failed && error) this.#emit("error", error);
    if (phase === Phase.Destroyed) this.#emit("destroy", undefined);
    if (phase !== Phase.Ready) return;
    this.#launcher?.say(undefined);
    this.#arrange();
    if (this.isOpen) this.#focus();
    this.#emit("ready", undefined);
    const isVerified = this.#visit?.isVerified === true;
    if (isVerified || this.#options.user) this.#emit("identified", { isVerified });
  }

  readonly #emit = <Name extends keyof WidgetEvents>(name: Name, detail: WidgetEvents[Name]): void => {
    const launcher = this.#launcher;
    if (launcher && name === "unread") launcher.unread = this.unread;
    launcher?.host.dispatchEvent(new CustomEvent(`opencx-${name}`, { detail, bubbles: true }));
    for (const listener of [...(this.#listeners.get(name) ?? [])]) {
      try {
        listener(detail as never);
      } catch (thrown) {
        // The page's own mistake: reported as such, and no other listener misses its event.
        reportError(thrown);
      }
    }
  };
}

/** Downloaded once; a failed download is forgotten, so that the next call tries again. */
let part: Promise<typeof import("../chat.js")> | undefined;

function chatPart(): Promise<typeof import("../chat.js")> {
  part ??= import("../chat.js").catch((reason: unknown) => {
    part = undefined;
    throw reason;
  });
  return part;
}

const logoutKey = (widgetToken: string): string => `opencx-kit:logout:${widgetToken}`;

function drop(key: string): void {
  try {
    localStorage.removeItem(key);
  } catch {
    // Storage is denied: then nothing was kept in it.
  }
}

/** Checked, and no longer the page's: what it does to its object later is no business of the widget. */
function checked(given: WidgetOptions): Options {
  let options: WidgetOptions;
  try {
    options = { ...given };
  } catch (cause) {
    throw kitError("INVALID_OPTIONS", "An option threw an error when read.", false, cause);
  }
  checkOptions(options);
  const { fallbackContact, container } = options;
  if (fallbackContact && !contactLink(fallbackContact)) {
    throw invalid("fallbackContact", "must be an e-mail address or a link");
  }
  if (container && !(container instanceof Element) && typeof container !== "string") {
    throw invalid("container", "must be an element or a selector");
  }
  return { ...options, scriptUrl: options.scriptUrl || VENDOR_SCRIPT };
}

function invalid(path: string, message: string): KitError {
  return Object.assign(kitError("INVALID_OPTIONS", `${path} ${message}.`), { errors: [{ path, message }] });
}
