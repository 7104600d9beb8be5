import type { WidgetEvents } from "../embed.js";
import type { KitError } from "../errors.js";
import { forgetContact } from "../identity.js";
import { sameOptions } from "../same-options.js";
import type { VisitorIdentity, WidgetOptions } from "../widget-options.js";
import { HostFrame } from "./host-frame.js";
import { HostPage } from "./host-page.js";
import { isInline } from "./inline.js";
import { Input } from "./launch.js";
import { Unread } from "./unread.js";
import type { Chat, ChatEvents, ReceivedMessage, Session } from "./vendor-chat.js";
import { IN_PLACE, without } from "./vendor-options.js";
import { isSameVisitor, type RenewIn, VisitorToken } from "./visitor-token.js";
import { type Standing, watchStart } from "./watch.js";

/** The widget, as a visit sees it. */
export interface VisitPage {
  options(): WidgetOptions & { scriptUrl: string };
  readonly panel: HTMLElement;
  readonly isOpen: boolean;
  step(input: Input, error?: KitError): void;
  emit<Name extends keyof WidgetEvents>(name: Name, detail: WidgetEvents[Name]): void;
}

/** What the core decides for it. */
export interface VisitCore {
  readonly standing: Standing;
  readonly renewIn: RenewIn;
}

/** A visitor and his chat: all that is not needed, and not downloaded, before he shows intent. */
export class Visit {
  readonly #page: VisitPage;
  readonly #core: VisitCore;
  readonly #token: VisitorToken;
  readonly #unread: Unread;
  readonly #handedOff = new Map<string, boolean>();
  #told = 0;
  #chat: Chat | undefined;
  #hasCleared = false;
  #end = () => {};

  constructor(page: VisitPage, core: VisitCore) {
    this.#page = page;
    this.#core = core;
    const { token, user, getUserToken } = page.options();
    this.#unread = new Unread(token);
    this.#token = new VisitorToken(token, core.renewIn, () => page.options().timeoutMs ?? 20_000, {
      expired: () => page.emit("token-expired", undefined),
      failed: (error) => page.emit("error", error),
    });
    this.#token.set(tokenOf(user), getUserToken);
  }

  /** Starts the chat; what comes of it is told as a step of the widget. */
  async start(): Promise<void> {
    let isOver = false;
    this.#end = () => {
      isOver = true;
    };
    try {
      await this.#token.start();
    } catch (error) {
      if (!isOver) this.#page.step(Input.Failed, error as KitError);
      return;
    }
    if (isOver) return;
    const settle = (input: Input, error?: KitError) => {
      if (isOver) return;
      this.#end();
      if (input === Input.Drawn) this.#chat?.settled();
      this.#page.step(input, error);
    };
    const failed = (error: KitError, again: boolean) => settle(again ? Input.Missed : Input.Failed, error);
    const { panel, options } = this.#page;
    const events = this.#events(failed);
    const chat =
      options().host === "page"
        ? new HostPage(options, this.#token, events)
        : new HostFrame(panel, options, this.#token, events);
    this.#chat = chat;
    const { timeoutMs = 20_000 } = options();
    const unwatch = watchStart(
      () => chat.look(),
      timeoutMs,
      this.#core.standing,
      () => settle(Input.Drawn),
      failed,
    );
    this.#end = () => {
      isOver = true;
      unwatch();
    };
  }

  /** Ends the chat. */
  stop(): void {
    this.#end();
    this.#token.stop();
    this.#chat?.remove();
    this.#chat = undefined;
  }

  show(isOpen: boolean): void {
    this.#chat?.show(isOpen);
    if (!isOpen) return;
    this.#unread.read();
    this.#tellUnread();
  }

  focus(): void {
    this.#chat?.focus();
  }

  get hasFocus(): boolean {
    return this.#chat?.hasFocus === true;
  }

  get unread(): number {
    return this.#unread.count;
  }

  /** The page or its server vouches for him. */
  get isVerified(): boolean {
    return this.#token.current !== undefined;
  }

  /** Takes note of other options; says whether the chat must start anew for them. */
  takes(next: WidgetOptions, before: WidgetOptions): boolean {
    const [token, tokenBefore] = [tokenOf(next.user), tokenOf(before.user)];
    const isSameUser = sameOptions([next.user, next.getUserToken], [before.user, before.getUserToken]);
    if (!isSameUser) this.#token.set(token, next.getUserToken);
    // Another token of the same visitor is used from the next call on.
    const isSamePerson = isSameUser || (token && tokenBefore && isSameVisitor(token, tokenBefore));
    return !isSamePerson || !sameOptions(without(next, IN_PLACE), without(before, IN_PLACE));
  }

  /** Nobody is known any more. */
  forget(): void {
    this.#unread.forget();
    this.#handedOff.clear();
    this.#tellUnread();
  }

  #events(failed: ChatEvents["failed"]): ChatEvents {
    const { step, emit } = this.#page;
    return {
      // In a turn of its own: a chat may fail while it is being made.
      failed: (error, again) => queueMicrotask(() => failed(error, again)),
      message: (message, session) => this.#message(message, session),
      sessions: (sessions) => this.#sessions(sessions),
      // The vendor's script never replaces it; once is enough to get a good one.
      stale: () => {
        if (this.#hasCleared) return;
        this.#hasCleared = true;
        forgetContact(this.#page.options().token, ["contact-token"]);
        queueMicrotask(() => step(Input.Reload));
      },
      unsent: (error) => emit("error", error),
      toggled: (isOpen) => step(isOpen ? Input.Open : Input.Close),
      escaped: () => isInline(this.#page.options()) || step(Input.Close),
    };
  }

  #message({ type, data }: ReceivedMessage, session: Session | undefined): void {
    if (type !== "AI" && type !== "AGENT") return;
    if (!this.#page.isOpen) this.#unread.message(session);
    this.#page.emit("message", {
      who: type === "AI" ? "ai" : "agent",
      conversation: session?.id,
      text: data?.message,
    });
    this.#sessions(session ? [session] : []);
  }

  #sessions(sessions: readonly Session[]): void {
    this.#unread.sessions(sessions, this.#page.isOpen);
    for (const { id, isHandedOff = false } of sessions) {
      const before = this.#handedOff.get(id);
      this.#handedOff.set(id, isHandedOff);
      if (isHandedOff && before === false) this.#page.emit("handoff", { conversation: id });
    }
    this.#tellUnread();
  }

  #tellUnread(): void {
    const { count } = this.#unread;
    if (count === this.#told) return;
    this.#told = count;
    this.#page.emit("unread", { count });
  }
}

function tokenOf(user: VisitorIdentity | undefined): string | undefined {
  return user && "token" in user ? user.token : undefined;
}
