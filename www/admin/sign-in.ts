import type { ConnectOptions } from "../sdk/admin.js";

/** How the page gets a sign-in, as `config.json` says it. */
export interface SignInWay {
  /** What the partner's backend gives: an assertion for a session of the proxy, or a token. */
  readonly kind: "session" | "jwt";
  /** Where that backend is asked. */
  readonly url: string;
}

/** Who is there, by the word of the proxy. */
export interface Person {
  readonly subject: string;
  readonly role: string;
}

/** Nobody is signed in; says why, and where one can sign in. */
export class NotSignedIn extends Error {
  constructor(
    readonly title: string,
    message: string,
    readonly at?: string,
  ) {
    super(message);
  }
}

type Json = Record<string, unknown>;

/** A token is replaced so long before its end: a call may be on its way for a while. */
const EARLY_MS = 30_000;
const BACKEND_MS = 15_000;
const TITLES: Readonly<Record<number, string>> = {
  401: "The proxy does not know you",
  403: "Your sign-in may not use this page",
};
/** In the page's own address, so that a reload does not sign in again. */
const SIGNED_OUT = "?signed-out";

/** Takes the sign-in over that a person has at the partner's own backend. */
export class SignIn {
  readonly #session: URL;
  readonly #way: SignInWay | undefined;
  #token: Promise<string> | null = null;
  #until = Number.POSITIVE_INFINITY;

  constructor(proxyUrl: string, way: SignInWay | undefined) {
    this.#session = new URL("v1/session", `${proxyUrl.replace(/\/+$/, "")}/`);
    this.#way = way;
  }

  /** For who keeps what he was given and asks again only when it was refused, as `connect` does. */
  get kept(): Pick<ConnectOptions, "token" | "credentials"> {
    let given: string | undefined;
    const token = async () => {
      if ((await this.#good()) === given) this.#token = null;
      given = await this.#good();
      return given;
    };
    return { ...this.each, ...(this.#way?.kind === "jwt" && { token }) };
  }

  /** For who asks before each call, as the functions of batches do. */
  get each(): Pick<ConnectOptions, "token" | "credentials"> {
    if (this.#way === undefined) return {};
    return this.#way.kind === "jwt" ? { token: () => this.#good() } : { credentials: "include" };
  }

  /** Whether there is something that can be ended from here. */
  get canSignOut(): boolean {
    return this.#way?.kind === "session";
  }

  /**
   * Who is signed in; null where the proxy asks nobody. `anew`: a session that is none, or has ended, is begun. Rejects with
   * `NotSignedIn`.
   */
  async enter(anew: boolean): Promise<Person | null> {
    if (location.search === SIGNED_OUT) {
      throw new NotSignedIn("You are signed out", "Nothing of what was shown is left in this page.");
    }
    const known = await this.#who();
    const answer = known.status === 401 ? await this.#again(anew) : known;
    // A proxy of another make may have no such route.
    if (known.status === 404) return null;
    const { detail, subject, role } = await json(answer);
    if (!answer.ok) {
      const title = TITLES[answer.status] ?? "The proxy could not say who you are";
      throw new NotSignedIn(title, String(detail ?? `It answered ${answer.status}.`));
    }
    return typeof subject === "string" && subject !== "" ? { subject, role: String(role) } : null;
  }

  /** Ends the session, and with it all that the page shows. */
  async leave(): Promise<void> {
    const answer = await fetch(this.#session, {
      method: "DELETE",
      credentials: "include",
      headers: { "x-kit-client": "page" },
    });
    if (!answer.ok) throw new Error(`The proxy answered ${answer.status}. You are still signed in.`);
    location.replace(location.pathname + SIGNED_OUT);
  }

  /** Who was signed out wants in again. */
  forgetLeave(): void {
    if (location.search === SIGNED_OUT) history.replaceState(null, "", location.pathname + location.hash);
  }

  async #who(): Promise<Response> {
    const { token, credentials } = this.each;
    const bearer = typeof token === "function" ? await token() : undefined;
    return fetch(this.#session, {
      cache: "no-store",
      ...(credentials && { credentials }),
      ...(bearer && { headers: { authorization: `Bearer ${bearer}` } }),
    });
  }

  async #again(anew: boolean): Promise<Response> {
    if (this.#way === undefined) {
      const remedy = "Its operator can say where by pages.sign_in_url (OPENCX_PROXY_SIGN_IN_URL).";
      throw new NotSignedIn(
        "This page has no sign-in",
        `The proxy asks who you are, and the page has no place to sign in at. ${remedy}`,
      );
    }
    if (this.#way.kind === "jwt") {
      this.#token = null;
      return this.#who();
    }
    if (!anew) {
      const message = "Nothing you have typed is lost. Try again takes your sign-in over once more.";
      throw new NotSignedIn("Your session has ended", message);
    }
    const assertion = await this.#ask("assertion");
    return fetch(this.#session, {
      method: "POST",
      credentials: "include",
      headers: { "content-type": "application/json", "x-kit-client": "page" },
      body: JSON.stringify({ assertion: assertion.assertion }),
    });
  }

  /** A token that is good for a while yet; however many ask, it is got once. */
  #good(): Promise<string> {
    if (this.#token === null || Date.now() >= this.#until) {
      const token = this.#new();
      token.catch(() => {
        // The next call asks anew.
        if (this.#token === token) this.#token = null;
      });
      this.#token = token;
      this.#until = Number.POSITIVE_INFINITY;
    }
    return this.#token;
  }

  async #new(): Promise<string> {
    const { token, expires_in } = await this.#ask("token");
    if (typeof expires_in === "number") {
      const life = expires_in * 1_000;
      this.#until = Date.now() + Math.max(life - EARLY_MS, life / 2);
    }
    return String(token);
  }

  /** Asks the partner's backend, which answers an object with that text in it. */
  async #ask(name: "assertion" | "token"): Promise<Json> {
    const url = new URL(this.#way?.url ?? "", document.baseURI);
    let answer: Response;
    try {
      answer = await fetch(url, {
        method: "POST",
        credentials: "include",
        headers: { accept: "application/json" },
        cache: "no-store",
        signal: AbortSignal.timeout(BACKEND_MS),
      });
    } catch {
      const remedy = `If ${url.origin} itself can be opened, its operator must let pages of ${location.origin} ask, with credentials.`;
      throw new NotSignedIn(
        "Your sign-in cannot be reached",
        `${url.origin} does not answer this page. ${remedy}`,
        url.origin,
      );
    }
    if (answer.status === 401 || answer.status === 403) {
      const message = `This page takes over your sign-in at ${url.origin}, where you are not signed in. Sign in there, then try again.`;
      throw new NotSignedIn("You are not signed in", message, url.origin);
    }
    const told = await json(answer);
    if (!answer.ok || typeof told[name] !== "string") {
      const message = `${url.origin} answered ${answer.status} without the ${name} that this page needs. Try again; if it stays so, tell who runs it.`;
      throw new NotSignedIn("Your sign-in did not work", message, url.origin);
    }
    return told;
  }
}

/** An answer's JSON object; an empty one where it has none. */
async function json(answer: Response): Promise<Json> {
  const told: unknown = await answer.json().catch(() => null);
  return typeof told === "object" && told !== null ? (told as Json) : {};
}
