/** What a page does while a widget stands on it, and what the widget must not do to the page. */

/**
 * Puts the host on the page and back on it when the page has thrown it out, as client-side navigation and `document.open` do.
 * Beside the body and not in it: a replaced body leaves the chat alone, and a frame that is moved starts anew. `attached` is
 * called each time.
 */
export function keepAttached(
  host: HTMLElement,
  container: Element | string | undefined,
  attached: () => void,
): () => void {
  const observer = new MutationObserver(() => {
    if (!host.isConnected) attach();
  });
  const attach = () => {
    const place = typeof container === "string" ? document.querySelector(container) : container;
    const parent = place ?? document.documentElement;
    if (!parent?.isConnected) return;
    host.dir = getComputedStyle(document.body ?? parent).direction;
    parent.append(host);
    for (const node of [document, document.documentElement, parent])
      observer.observe(node, { childList: true });
    attached();
  };
  attach();
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
