import type { ConnectOptions } from "../sdk/admin.js";
import { isKitError } from "../sdk/errors.js";
import { Banner } from "./banner.js";
import { type Config, isProxyUp, readConfig } from "./config.js";
import { byId, setText } from "./dom.js";
import { NotSignedIn, type Person, SignIn } from "./sign-in.js";

const banner = new Banner();
const connection = byId("connection", HTMLParagraphElement);

/** What every page has around its own: whether the proxy answers, who is signed in, and the banner for when not. */
export class Frame {
  readonly config: Config;
  readonly #signIn: SignIn;
  readonly #account = byId("account", HTMLDivElement);
  readonly #name = byId("account-name", HTMLElement);
  readonly #role = byId("account-role", HTMLSpanElement);
  readonly #signOut = byId("sign-out", HTMLButtonElement);
  /** The proxy answers, and it is known who is signed in: at first, and again after either was lost. */
  ready: () => void = () => {};
  #entered = false;
  #entering: Promise<void> | null = null;

  constructor(config: Config) {
    this.config = config;
    this.#signIn = new SignIn(config.proxyUrl, config.signIn);
    this.#signOut.addEventListener("click", () => this.#leave());
  }

  /** The proxy, for `connect`. */
  get proxy(): ConnectOptions {
    return { proxyUrl: this.config.proxyUrl, ...this.#signIn.kept };
  }

  /** The proxy, for the functions of batches. */
  get batches(): ConnectOptions {
    return { proxyUrl: this.config.proxyUrl, ...this.#signIn.each };
  }

  /** Whether the proxy answers; at first also who is signed in. */
  async check(): Promise<void> {
    const up = await isProxyUp(this.config.proxyUrl);
    connection.dataset.state = up ? "up" : "down";
    connection.textContent = up ? "Proxy connected" : "Proxy not reachable";
    if (!up) return this.#unreachable();
    banner.hide("proxy");
    if (!this.#entered) await this.#enter(true);
  }

  /** After a call that was refused, perhaps for want of a sign-in: gets it back, by the person where need be. */
  async signInLost(): Promise<void> {
    await this.#enter(false);
  }

  /** An error in words for a person. A proxy that is away and a lost sign-in are seen to. */
  words(error: unknown): string {
    if (!isKitError(error)) return `The page failed: ${error}`;
    if (error.code === "NETWORK") this.check();
    // The platform's refusal of the partner key is a 502.
    if (error.code === "UNAUTHENTICATED" && error.status !== 502) {
      this.signInLost();
      return "Nothing was done, because you are not signed in any more.";
    }
    return `${error.message} (${error.code})`;
  }

  /** However many calls were refused, once. */
  #enter(anew: boolean): Promise<void> {
    this.#entering ??= this.#enterOnce(anew).finally(() => {
      this.#entering = null;
    });
    return this.#entering;
  }

  async #enterOnce(anew: boolean): Promise<void> {
    try {
      this.#show(await this.#signIn.enter(anew));
    } catch (thrown) {
      this.#show(null);
      if (!(thrown instanceof NotSignedIn)) return this.#unreachable();
      banner.show("sign-in", {
        title: thrown.title,
        text: thrown.message,
        at: thrown.at,
        again: () => {
          this.#signIn.forgetLeave();
          this.#enter(true);
        },
      });
      return;
    }
    this.#entered = true;
    banner.hide("sign-in");
    this.ready();
  }

  #unreachable(): void {
    banner.show("proxy", {
      title: "The proxy does not answer",
      text: `Nothing can be set up without it. Check that it runs at ${this.config.proxyUrl} and that it allows this page's origin, ${location.origin}.`,
      again: () => {
        this.#entered = false;
        this.check();
      },
    });
  }

  #show(person: Person | null): void {
    this.#account.hidden = person === null;
    this.#signOut.hidden = !this.#signIn.canSignOut;
    setText(this.#name, person?.subject ?? "");
    setText(this.#role, person?.role ?? "");
  }

  async #leave(): Promise<void> {
    try {
      await this.#signIn.leave();
    } catch (error) {
      const text =
        error instanceof TypeError ? "The proxy does not answer. You are still signed in." : String(error);
      banner.show("sign-in", { title: "You could not be signed out", text, again: () => this.#leave() });
    }
  }
}

/** Opens a page: `build` gets what is around it. */
export async function openPage(build: (frame: Frame) => Promise<void>): Promise<void> {
  for (const link of document.querySelectorAll<HTMLAnchorElement>("nav a")) {
    if (link.pathname === location.pathname) link.setAttribute("aria-current", "page");
  }
  try {
    await build(new Frame(await readConfig()));
  } catch (error) {
    connection.dataset.state = "down";
    connection.textContent = "Not started";
    const text = isKitError(error) ? `${error.message} (${error.code})` : String(error);
    banner.show("start", { title: "This page could not start", text, again: () => location.reload() });
  }
}
