import type { KitError } from "../errors.js";
import { kitError } from "../kit-error.js";

export type AskForToken = () => string | null | undefined | Promise<string | null | undefined>;

/** The core's token clock: milliseconds until it is to be renewed, not a number if it never ends. */
export type RenewIn = (issuedAt: number, expiresAt: number, nowMs: number, isFresh: boolean) => number;

export interface TokenEvents {
  /** The platform refuses it. */
  expired(): void;
  /** `getUserToken` failed. */
  failed(error: KitError): void;
}

type Claims = Record<string, unknown> & { iat?: unknown; exp?: unknown };

/** How long a tab that was given a token keeps the others from asking: until they have heard of it. */
const HEARD_MS = 100;

/**
 * The contact token of a signed-in visitor: renewed by asking the page again at 80 % of its life, and once when it is
 * refused, by one tab for all. It stays in memory; tabs hear of it through a storage event and keep nothing in storage.
 */
export class VisitorToken {
  current: string | undefined;
  #ask: AskForToken | undefined;
  #renewing: Promise<void> | undefined;
  #refused: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isRunning = false;
  readonly #key: string;
  readonly #renewIn: RenewIn;
  readonly #timeoutMs: () => number;
  readonly #events: TokenEvents;

  constructor(widgetToken: string, renewIn: RenewIn, timeoutMs: () => number, events: TokenEvents) {
    this.#key = `opencx-kit:user-token:${widgetToken}`;
    this.#renewIn = renewIn;
    this.#timeoutMs = timeoutMs;
    this.#events = events;
  }

  /** What the page passes; undefined for an anonymous visitor. */
  set(token: string | undefined, ask: AskForToken | undefined): void {
    this.current = token;
    this.#ask = ask;
    this.#refused = undefined;
    if (this.#isRunning) this.#plan(false);
  }

  /** For a chat that starts: a token that is good now, asked for if need be. Rejects with a `KitError`. */
  async start(): Promise<string | undefined> {
    this.#isRunning = true;
    addEventListener("storage", this.#heard);
    if (this.#ask && (!this.current || this.#due(false) === 0)) await this.#renew();
    else this.#plan(false);
    return this.current;
  }

  /** No chat needs it. */
  stop(): void {
    this.#isRunning = false;
    removeEventListener("storage", this.#heard);
    clearTimeout(this.#timer);
  }

  /** The platform has refused that one: gives another, or undefined if there is none. */
  async refused(token: string): Promise<string | undefined> {
    if (token !== this.current) return this.current;
    if (this.#refused === token) return undefined;
    this.#refused = token;
    this.#events.expired();
    if (!this.#ask) return undefined;
    await this.#renewQuietly();
    const { current } = this;
    return current === token ? undefined : current;
  }

  #due(isFresh: boolean): number {
    const { iat, exp } = claimsOf(this.current);
    return this.#renewIn(Number(iat), Number(exp), Date.now(), isFresh);
  }

  #plan(isFresh: boolean): void {
    clearTimeout(this.#timer);
    const due = this.#due(isFresh);
    if (!this.#ask || Number.isNaN(due)) return;
    // Not all tabs in the same moment: who comes later has heard of the new one.
    this.#timer = setTimeout(() => this.#renewQuietly(), due + Math.random() * Math.min(due / 20, 5_000));
  }

  #renewQuietly(): Promise<void> {
    return this.#renew().catch((error: KitError) => this.#events.failed(error));
  }

  #renew(): Promise<void> {
    this.#renewing ??= this.#askOnce().finally(() => {
      this.#renewing = undefined;
    });
    return this.#renewing;
  }

  async #askOnce(): Promise<void> {
    const before = this.current;
    const ask = async () => {
      if (this.current !== before) return;
      const token = await inTime(this.#ask, this.#timeoutMs());
      if (this.current !== before) return;
      this.current = token;
      this.#plan(true);
      if (token && before) {
        share(this.#key, token);
        await new Promise((resolve) => setTimeout(resolve, HEARD_MS));
      }
    };
    // Absent where the page is no secure context; then each tab asks for itself.
    if (before && navigator.locks) await navigator.locks.request(this.#key, ask);
    else await ask();
  }

  readonly #heard = ({ key, newValue }: StorageEvent) => {
    if (key !== this.#key || !newValue || !this.current || !isSameVisitor(newValue, this.current)) return;
    this.current = newValue;
    this.#plan(true);
  };
}

/** What a JWT says; nothing, if it is none. Nobody trusts it: the platform checks its signature. */
function claimsOf(token: string | undefined): Claims {
  try {
    const payload = token?.split(".")[1] ?? "";
    return JSON.parse(atob(payload.replace(/-/g, "+").replace(/_/g, "/")));
  } catch {
    return {};
  }
}

/** All that a new token may say differently are its times and its number. */
export function isSameVisitor(one: string, other: string): boolean {
  const who = (token: string) => {
    const { iat, exp, nbf, jti, ...rest } = claimsOf(token);
    return JSON.stringify(rest);
  };
  return who(one) !== "{}" && who(one) === who(other);
}

async function inTime(ask: AskForToken | undefined, timeoutMs: number): Promise<string | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer in ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    const token = (await Promise.race([ask?.(), late])) ?? undefined;
    if (token !== undefined && typeof token !== "string")
      throw new TypeError(`a ${typeof token} in place of a text`);
    return token || undefined;
  } catch (cause) {
    const message = "getUserToken() gave no token. Check it, and the route of your server that it calls.";
    throw kitError("UNAUTHENTICATED", message, true, cause);
  } finally {
    clearTimeout(timer);
  }
}

function share(key: string, token: string): void {
  try {
    localStorage.setItem(key, token);
    localStorage.removeItem(key);
  } catch {
    // Storage is denied: then each tab asks for itself.
  }
}
