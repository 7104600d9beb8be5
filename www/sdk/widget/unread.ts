import { seenKey } from "./seen.js";
import type { Session } from "./vendor-chat.js";

/**
 * How much the visitor has not seen: messages that arrive while the chat is closed, and, after a return, conversations that
 * have gone on since. The platform's own times are compared, so that the visitor's clock does not matter.
 */
export class Unread {
  readonly #key: string;
  readonly #waiting = new Map<string, number>();
  /** The newest time of a conversation that has been shown. */
  #seen: string;
  #newest = "";

  constructor(widgetToken: string) {
    this.#key = seenKey(widgetToken);
    this.#seen = stored(this.#key) ?? "";
  }

  get count(): number {
    let sum = 0;
    for (const count of this.#waiting.values()) sum += count;
    return sum;
  }

  message(session: Session | undefined): void {
    const id = session?.id ?? "";
    this.#waiting.set(id, (this.#waiting.get(id) ?? 0) + 1);
  }

  sessions(sessions: readonly Session[], isOpen: boolean): void {
    for (const { id, updatedAt = "" } of sessions) {
      if (updatedAt > this.#newest) this.#newest = updatedAt;
      if (this.#seen && updatedAt > this.#seen && !this.#waiting.has(id)) this.#waiting.set(id, 1);
    }
    // What there was at the first visit is known; what comes while the chat is open is seen.
    if (isOpen || !this.#seen) this.read();
  }

  /** The chat is open: all of it is seen. */
  read(): void {
    this.#waiting.clear();
    if (this.#newest <= this.#seen) return;
    this.#seen = this.#newest;
    try {
      localStorage.setItem(this.#key, this.#seen);
    } catch {
      // Storage is denied: then it is known for this page only.
    }
  }

  /** Its key goes with the contact's. */
  forget(): void {
    this.#waiting.clear();
    this.#seen = "";
    this.#newest = "";
  }
}

function stored(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}
