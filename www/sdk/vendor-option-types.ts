/** Who the visitor is. */
export type VisitorIdentity = (
  | { token: string }
  | { data: { name?: string; email?: string; avatarUrl?: string; customData?: Record<string, string> } }
) & {
  /** Separates the conversations of one person in several accounts. */
  externalId?: string;
};

/** The vendor's options, as documented (`contract/README.md`). What has functions cannot stand on a script tag. */
export interface VendorOptions {
  /** Widget token of the org: public. */
  token: string;
  /** Base address of the platform. Default `https://api.open.cx`. */
  apiUrl?: string;
  /** Language of the widget's own texts, such as `en`, `de` or `zh-cn`. Default `en`. */
  language?: string;
  /** Other words for the widget's own texts, by language. */
  translationOverrides?: Record<string, Record<string, string>>;
  user?: VisitorIdentity;
  /** Asks for name and e-mail address before the first conversation. */
  collectUserData?: boolean;
  /** With `collectUserData`. */
  prefillUserData?: { name?: string; email?: string };
  /** With `collectUserData`. */
  extraDataCollectionFields?: string[];
  bot?: { name?: string; avatarUrl?: string };
  humanAgent?: { name?: string; avatarUrl?: string };
  /** Opens the chat at the start, as `openAfterSeconds: 0`. */
  isOpen?: boolean;
  /** As `openAfterSeconds`, which wins. */
  openAfterNSeconds?: number;
  /** With `container`: the chat fills it and is always open. */
  inline?: boolean;
  assets?: {
    organizationLogo?: string;
    /** Addresses of pictures for the launcher. */
    widgetTrigger?: { openIcon?: string; closeIcon?: string };
  };
  theme?: {
    palette?: "neutral" | "stone" | "zinc" | "slate";
    /** Colours the launcher too. */
    primaryColor?: string;
    /** In pixels, for the launcher too. A button is at least 44. */
    widgetTrigger?: {
      zIndex?: number;
      offset?: { bottom?: number; left?: number | "initial"; right?: number | "initial" };
      size?: { button?: number; icon?: number };
    };
    /** `zIndex`, `borderRadius` and `boxShadow` for the kit's panel too. */
    widgetContentContainer?: {
      zIndex?: number;
      borderRadius?: string;
      boxShadow?: string;
      [more: string]: unknown;
    };
    /** `chat.width` and `chat.height` for the kit's panel too. */
    screens?: {
      chat?: { width?: string; height?: string; [more: string]: unknown };
      [screen: string]: unknown;
    };
  };
  /** CSS with `data-component` selectors, for the inside of the chat. */
  cssOverrides?: string;
  disableTooltips?: boolean;
  textContent?: {
    welcomeScreen?: { title?: string; description?: string };
    sessionsScreen?: { headerTitle?: string };
    chatScreen?: { headerTitle?: string };
  };
  initialMessages?: string[];
  /** Wins over `initialMessages`. */
  advancedInitialMessages?: { message: string; persistent?: boolean }[];
  initialQuestions?: string[];
  initialQuestionsPosition?: "above-chat-input" | "below-initial-messages";
  chatBannerItems?: { message: string; persistent?: boolean }[];
  chatFooterItems?: {
    message: string;
    showWhenSessionIsOpen?: boolean;
    showWhenSessionIsResolved?: boolean;
  }[];
  headerButtons?: { sessionsScreen?: HeaderButton[]; chatScreen?: HeaderButton[] };
  /** Render functions, in the vendor's own React. */
  modesComponents?: { key: string; component: (props: never) => unknown }[];
  /** Render functions, in the vendor's own React. With `host: "page"`, `widgetTrigger` is the kit's. */
  customComponents?: Record<string, unknown>;
  router?: { goToChatIfNoSessions?: boolean; chatScreenOnly?: boolean };
  hooks?: {
    onNavigateToChat?: (context: { session?: object }) => void;
    onSessionCreated?: (context: { session: object }) => void;
    onMessageReceived?: (context: { message: object; session: object }) => void;
  };
  oneOpenSessionAllowed?: boolean;
  anchorTarget?: "_blank" | "_top";
  /** Added to the AI's HTTP actions. */
  headers?: Record<string, string>;
  /** Added to the AI's HTTP actions. */
  queryParams?: Record<string, string>;
  /** Added to the AI's HTTP actions. */
  bodyProperties?: Record<string, unknown>;
  /** What the AI sees. A function in version 5 of the vendor's script only. */
  context?: Record<string, unknown> | (() => Record<string, unknown>);
  /** What people see, and the AI does not. */
  messageCustomData?: Record<string, unknown>;
  /** What people see, and the AI does not. */
  sessionCustomData?: Record<string, string | number | boolean>;
  thisWasHelpfulOrNot?: { enabled?: boolean };
  timestamps?: { perMessageGroup?: { enabled?: boolean } };
  /** The label is the launcher's name. Default `Chat with us`. */
  accessibility?: { widgetTriggerButton?: { label?: string } };
  disableSendingWhenAwaitingAIReply?: boolean;
  /** Version 5, as those below. */
  displayMode?: "popover" | "companion";
  companion?: Record<string, unknown>;
  streaming?: boolean;
  capabilities?: Record<string, boolean>;
  features?: Record<string, boolean>;
  requireInitialQuestion?: boolean;
  mentions?: unknown;
  presentation?: Record<string, unknown>;
  /** What the vendor may add. */
  [vendorOption: string]: unknown;
}

export interface HeaderButton {
  functionality: "expand-shrink" | "close-widget" | "resolve-session";
  [more: string]: unknown;
}
