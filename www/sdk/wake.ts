/** Facts of the browser for the decision when to load, which is made in the core. */

/** The visitor asks to save data, or his line is slow. Unknown in many browsers, then false. */
export function isSavingData(): boolean {
  const { connection } = navigator as { connection?: { saveData?: boolean; effectiveType?: string } };
  return connection?.saveData === true || /2g/.test(connection?.effectiveType ?? "");
}

/** The vendor's script keeps a visitor's contact under this key: he has chatted here before. */
export function hasStoredContact(token: string): boolean {
  try {
    return localStorage.getItem(`opencx-widget:org-token-${token}:contact-token`) !== null;
  } catch {
    // Storage is denied: then there is nothing to return to.
    return false;
  }
}

/** Calls back once the page has loaded and has nothing better to do; gives the function that ends the wait. */
export function whenIdle(callback: () => void): () => void {
  const ended = new AbortController();
  const wait = () => {
    if (typeof requestIdleCallback === "function") {
      const id = requestIdleCallback(callback, { timeout: 5_000 });
      ended.signal.addEventListener("abort", () => cancelIdleCallback(id));
    } else {
      const id = setTimeout(callback, 1_000);
      ended.signal.addEventListener("abort", () => clearTimeout(id));
    }
  };
  if (document.readyState === "complete") wait();
  else addEventListener("load", wait, { once: true, signal: ended.signal });
  return () => ended.abort();
}
