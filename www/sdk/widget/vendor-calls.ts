import { kitError } from "../kit-error.js";
import { VENDOR_API } from "../vendor-script.js";
import type { WidgetOptions } from "../widget-options.js";
import type { ChatEvents, Look, Session } from "./vendor-chat.js";
import type { VisitorToken } from "./visitor-token.js";

const LOST = -1;
const UNDER_WAY = 1;

/** The vendor's calls that say something, by the end of their path (`contract/openapi.yaml`, tag Widget v2). */
const CALL =
  /\/backend\/widget\/v2\/(config|contact\/create-unverified|sessions|poll|create-session|chat\/send)(?![\w-])/;

/**
 * Watches, in the frame's own window, what the vendor's script asks of the platform: it is silent about refusals, and has no
 * way to take another contact token.
 */
export class VendorCalls {
  readonly #status: Record<string, number> = {};
  readonly #token: VisitorToken;
  readonly #events: ChatEvents;
  /** The answer that the vendor's script will ask for first, and to which request it belongs. */
  #ahead: { answer: Promise<Response>; isTo(request: Request): boolean } | undefined;

  constructor(
    target: Window & typeof globalThis,
    { apiUrl = VENDOR_API, token: widgetToken }: WidgetOptions,
    token: VisitorToken,
    events: ChatEvents,
  ) {
    this.#token = token;
    this.#events = events;
    const real = target.fetch.bind(target);
    // Asked while the browser still reads the vendor's script: a round trip that the visitor does not wait for.
    const address = `${apiUrl.replace(/\/+$/, "")}/backend/widget/v2/config`;
    const headers = { "content-type": "application/json", "x-bot-token": widgetToken };
    const answer = real(address, { headers });
    // Whoever takes the answer hears of its failure.
    answer.catch(() => undefined);
    this.#ahead = { answer, isTo: ({ url }) => url === new target.Request(address).url };
    target.fetch = async (input, init) => {
      const request = new target.Request(input, init);
      const name = CALL.exec(request.url)?.[1];
      return name ? this.#watch(name, request, real) : real(request);
    };
  }

  get look(): Omit<Look, "isUsable"> {
    const { config = 0, sessions = 0, "contact/create-unverified": contact = 0 } = this.#status;
    return { config, contact, sessions };
  }

  async #watch(name: string, request: Request, real: typeof fetch): Promise<Response> {
    this.#status[name] = UNDER_WAY;
    try {
      const answer = await this.#send(request, real);
      this.#status[name] = answer.status;
      this.#read(name, answer);
      return answer;
    } catch (cause) {
      this.#status[name] = LOST;
      if (name === "create-session" || name === "chat/send") {
        this.#events.unsent(
          kitError("NETWORK", "A message may not have been sent: the platform did not answer.", true, cause),
        );
      }
      throw cause;
    }
  }

  /** With the token that is good now; a refused one is renewed, once, and the call made again: nothing was carried out. */
  async #send(request: Request, real: typeof fetch): Promise<Response> {
    const ahead = this.#ahead;
    if (ahead?.isTo(request)) {
      this.#ahead = undefined;
      return ahead.answer;
    }
    const used = this.#token.current;
    if (!used || !request.headers.has("authorization")) return real(request);
    const send = (token: string) => {
      const copy = request.clone();
      copy.headers.set("authorization", `Bearer ${token}`);
      return real(copy);
    };
    const answer = await send(used);
    if (answer.status !== 401) return answer;
    const renewed = await this.#token.refused(used);
    return renewed ? send(renewed) : answer;
  }

  #read(name: string, answer: Response): void {
    const { status, ok } = answer;
    if (status === 401 && !this.#token.current && name !== "config") this.#events.stale();
    if (!ok && (name === "create-session" || name === "chat/send")) {
      this.#events.unsent(
        Object.assign(kitError("PLATFORM_ERROR", "A message was not sent: the platform refused it.", true), {
          status,
        }),
      );
    }
    if (!ok || name === "config") return;
    answer
      .clone()
      .json()
      .then((body: { items?: Session[]; session?: Session } & Partial<Session>) => {
        this.#events.sessions(body.items ?? [body.session ?? body].filter(isSession));
      })
      // Not what the contract promises: then it tells nothing.
      .catch(() => undefined);
  }
}

function isSession(value: Partial<Session>): value is Session {
  return typeof value.id === "string" && "isHandedOff" in value;
}
