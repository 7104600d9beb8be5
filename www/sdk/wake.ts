import { contactKey } from "./identity.js";

/** Facts of the browser for the decision when to load, which is made in the core. */

/** The visitor asks to save data, or his line is slow. Unknown in many browsers, then false. */
export function isSavingData(): boolean {
  const { connection } = navigator as { connection?: { saveData?: boolean; effectiveType?: string } };
  return connection?.saveData === true || /2g/.test(connection?.effectiveType ?? "");
}

/** The vendor's script keeps a visitor's contact under this key: he has chatted here before. */
export function hasStoredContact(token: string): boolean {
  try {
    return localStorage.getItem(contactKey(token, "contact-token")) !== null;
  } catch {
    // Storage is denied: then there is nothing to return to.
    return false;
  }
}

/**
 * Calls back once the page has loaded, is seen (not a tab in the background, not rendered ahead) and has nothing better to
 * do; gives the function that ends the wait.
 */
export function whenIdle(callback: () => void): () => void {
  const ended = new AbortController();
  const { signal } = ended;
  const wait = () => {
    if (document.readyState !== "complete") return addEventListener("load", wait, { once: true, signal });
    if (document.hidden) return document.addEventListener("visibilitychange", wait, { once: true, signal });
    if (typeof requestIdleCallback === "function") {
      const id = requestIdleCallback(callback, { timeout: 5_000 });
      signal.addEventListener("abort", () => cancelIdleCallback(id));
    } else {
      const id = setTimeout(callback, 1_000);
      signal.addEventListener("abort", () => clearTimeout(id));
    }
  };
  wait();
  return () => ended.abort();
}

/** Calls back when the visitor comes near that place of the page; gives the function that ends the wait. */
export function whenSeen(element: Element, callback: () => void): () => void {
  const observer = new IntersectionObserver(
    (entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      observer.disconnect();
      callback();
    },
    { rootMargin: "200px" },
  );
  observer.observe(element);
  return () => observer.disconnect();
}
