import type { KitError } from "../errors.js";
import type { Look } from "./vendor-chat.js";

/** Where there are no frames, as in a hidden tab. */
const LOOK_EVERY_MS = 250;

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
  let frame = 0;
  const end = () => {
    clearInterval(timer);
    cancelAnimationFrame(frame);
  };
  const watch = () => {
    const { isUsable, config, contact, sessions } = look();
    const found = standing(performance.now() - start, limitMs, isUsable, config, contact, sessions);
    if (!found) return;
    end();
    if (found === true) usable();
    else failed(...found);
  };
  const timer = setInterval(watch, LOOK_EVERY_MS);
  // What covers the chat until it is usable must not stay on for a frame longer.
  const next = () => {
    frame = requestAnimationFrame(next);
    watch();
  };
  next();
  return end;
}
