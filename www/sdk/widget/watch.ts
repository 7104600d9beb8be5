import type { KitError } from "../errors.js";
import type { Look } from "./vendor-chat.js";

/** About a frame: what covers the chat until it is usable must not stay on longer. */
const LOOK_EVERY_MS = 20;

/** The core's judgement: undefined while it is open, true if usable, else why not and whether to try again. */
export type Standing = (
  waitedMs: number,
  limitMs: number,
  isUsable: boolean,
  config: number,
  contact: number,
  sessions: number,
) => undefined | true | [KitError, boolean];

/**
 * Looks at a starting chat until it is usable, or is found not to be going to; the vendor says neither. Gives the function
 * that ends the watch.
 */
export function watchStart(
  look: () => Look,
  limitMs: number,
  standing: Standing,
  usable: () => void,
  failed: (error: KitError, again: boolean) => void,
): () => void {
  const start = performance.now();
  const timer = setInterval(() => {
    const { isUsable, config, contact, sessions } = look();
    const found = standing(performance.now() - start, limitMs, isUsable, config, contact, sessions);
    if (!found) return;
    clearInterval(timer);
    if (found === true) usable();
    else failed(...found);
  }, LOOK_EVERY_MS);
  return () => clearInterval(timer);
}
