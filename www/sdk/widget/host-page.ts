import type { WidgetOptions } from "../widget-options.js";
import { type Chat, type ChatEvents, composerIn, isUsable } from "./vendor-chat.js";
import { vendorOptions } from "./vendor-options.js";
import { startVendor } from "./vendor-start.js";
import type { VisitorToken } from "./visitor-token.js";

type SetIsOpen = (isOpen: boolean) => void;

/**
 * The vendor's chat in the page itself, as the vendor documents it, for what a frame cannot carry. It is driven through
 * `customComponents.widgetTrigger`. What its script has started cannot be ended before the page is left.
 */
export class HostPage implements Chat {
  readonly #root: HTMLElement;
  readonly #script: HTMLScriptElement | undefined;
  #setIsOpen: SetIsOpen | undefined;
  #wanted = false;

  constructor(options: () => WidgetOptions & { scriptUrl: string }, token: VisitorToken, events: ChatEvents) {
    const there = document.getElementById("opencx-root");
    this.#root = there ?? document.createElement("div");
    this.#root.id = "opencx-root";
    // While it mounts, the vendor's widget takes the keyboard from wherever the visitor is typing.
    this.#root.inert = true;
    if (!there) document.body.append(this.#root);
    const widgetTrigger = ({ isOpen, setIsOpen }: { isOpen: boolean; setIsOpen: SetIsOpen }) => {
      this.#setIsOpen = setIsOpen;
      if (isOpen !== this.#wanted && !this.#root.inert) {
        this.#wanted = isOpen;
        // Not while the vendor's script is drawing.
        queueMicrotask(() => events.toggled(isOpen));
      }
      return null;
    };
    const vendor = () => {
      const { customComponents } = options();
      return {
        ...vendorOptions(options, token.current, events),
        inline: false,
        customComponents: { ...customComponents, widgetTrigger },
      };
    };
    this.#script = startVendor(window, options(), vendor, events.failed);
  }

  /** What it asks of the platform cannot be seen from here without changing the page's own `fetch`. */
  look() {
    return {
      isUsable: this.#setIsOpen !== undefined && isUsable(this.#root),
      config: 0,
      contact: 0,
      sessions: 0,
    };
  }

  settled(): void {
    this.#root.inert = false;
    this.#setIsOpen?.(this.#wanted);
  }

  show(isOpen: boolean): void {
    this.#wanted = isOpen;
    if (!this.#root.inert) this.#setIsOpen?.(isOpen);
  }

  get hasFocus(): boolean {
    return this.#root.contains(document.activeElement);
  }

  focus(): void {
    composerIn(this.#root)?.focus();
  }

  remove(): void {
    this.#root.remove();
    this.#script?.remove();
  }
}
