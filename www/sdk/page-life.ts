/** What a page does while a widget stands on it, and what the widget must not do to the page. */

/** Puts the host back when the page has replaced its body or emptied it, as client-side navigation does. */
export function keepAttached(host: Element): () => void {
  const observer = new MutationObserver(() => {
    if (!host.isConnected && document.body) {
      document.body.append(host);
      observe();
    }
  });
  const observe = () => {
    observer.observe(document.documentElement, { childList: true });
    observer.observe(document.body, { childList: true });
  };
  observe();
  return () => observer.disconnect();
}

/** On a small screen the panel covers the page; the page behind it must not scroll. */
export class ScrollLock {
  #before: string | undefined;

  /** Where the panel is full-screen, as in the launcher's style sheet. */
  lock(): void {
    if (this.#before === undefined && matchMedia("(max-width:449px)").matches) {
      this.#before = document.documentElement.style.overflow;
      document.documentElement.style.overflow = "hidden";
    }
  }

  unlock(): void {
    if (this.#before !== undefined) document.documentElement.style.overflow = this.#before;
    this.#before = undefined;
  }
}

/** Escape closes the chat from inside too: the vendor's frames keep their keys to themselves. */
export function onEscapeInside(host: Element, close: () => void): void {
  const inside = host.shadowRoot?.querySelector("iframe")?.contentDocument;
  for (const frame of inside?.querySelectorAll("iframe") ?? []) {
    // Ends with the frame.
    frame.contentWindow?.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.defaultPrevented) close();
    });
  }
}
