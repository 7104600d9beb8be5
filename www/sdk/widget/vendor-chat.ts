import type { KitError } from "../errors.js";

/** The vendor's chat, wherever it runs. */
export interface Chat {
  /** What can be seen of its start. */
  look(): Look;
  /** It has come up. */
  settled(): void;
  show(isOpen: boolean): void;
  focus(): void;
  /** Whether the keyboard is in it, where launcher and panel do not know. */
  readonly hasFocus: boolean;
  /** Ends it, as far as it can be ended. */
  remove(): void;
}

export interface Look {
  readonly isUsable: boolean;
  /** Its start-up calls: a status, 0 if not made or not to be seen, 1 under way, -1 lost. */
  readonly config: number;
  readonly contact: number;
  readonly sessions: number;
}

/** A conversation, as far as the kit reads it (`WidgetSession` of the contract). */
export interface Session {
  readonly id: string;
  readonly updatedAt?: string;
  readonly isHandedOff?: boolean;
}

/** A message as the vendor's hook gives it. */
export interface ReceivedMessage {
  readonly type?: string;
  readonly data?: { readonly message?: string };
}

/** What a chat tells of itself. */
export interface ChatEvents {
  /** It did not start; `again` if another attempt may help. */
  failed(error: KitError, again: boolean): void;
  /** A message for the visitor has arrived. */
  message(message: ReceivedMessage, session: Session | undefined): void;
  /** So these conversations stand now. */
  sessions(sessions: readonly Session[]): void;
  /** The stored contact of an anonymous visitor is refused. */
  stale(): void;
  /** A message could not be sent, which the vendor's script may not say. */
  unsent(error: KitError): void;
  /** It opened or closed itself. */
  toggled(isOpen: boolean): void;
  /** Escape was pressed inside it. */
  escaped(): unknown;
}

/** Signs of a composer, a list or a form in place of the vendor's spinner. */
const SIGNS = 'textarea,form,input,[data-component^="sessions/"],[data-component^="chat/"]';

/** Whether a visitor can use what is drawn there, in a frame or not. */
export function isUsable(root: ParentNode | null | undefined): boolean {
  if (!root) return false;
  if (root.querySelector(SIGNS)) return true;
  for (const frame of root.querySelectorAll("iframe")) {
    if (isUsable(frame.contentDocument)) return true;
  }
  return false;
}

/** The composer, if it is drawn. */
export function composerIn(root: ParentNode | null | undefined): HTMLElement | undefined {
  for (const frame of root?.querySelectorAll("iframe") ?? []) {
    const composer = frame.contentDocument?.querySelector("textarea");
    if (composer) return composer;
  }
  return root?.querySelector("textarea") ?? undefined;
}
