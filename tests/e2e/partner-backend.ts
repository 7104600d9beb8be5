import { createHmac, randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

const COOKIE = "partner-app=ada";

const base64url = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");

/** The partner's own backend: signs people in by a cookie of its own, and speaks for them to one page. */
export class PartnerBackend {
  /** What it signs with, as long as the proxy takes it. */
  secret = randomUUID() + randomUUID();
  /** How long it says that a token is good. */
  expiresIn = 300;
  role = "admin";
  /** How often the page has asked it. */
  asked = 0;
  #page = "";
  readonly #server = createServer((request, answer) => {
    if (request.method !== "POST") {
      answer.setHeader("set-cookie", `${COOKIE}; Path=/; HttpOnly; SameSite=Lax`);
      answer.setHeader("content-type", "text/html").end("<!doctype html><title>App</title><p>Welcome, Ada");
      return;
    }
    this.asked++;
    answer.setHeader("access-control-allow-origin", this.#page);
    answer.setHeader("access-control-allow-credentials", "true");
    answer.setHeader("vary", "origin");
    answer.setHeader("content-type", "application/json");
    const known = request.headers.origin === this.#page && request.headers.cookie?.includes(COOKIE);
    if (!known) {
      answer.writeHead(401).end("{}");
      return;
    }
    const signed = this.#signed();
    answer.end(JSON.stringify({ assertion: signed, token: signed, expires_in: this.expiresIn }));
  });

  static async start(): Promise<PartnerBackend> {
    const backend = new PartnerBackend();
    await new Promise<void>((listening) => backend.#server.listen(0, "127.0.0.1", listening));
    return backend;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** What the proxy must be told, whose page then may ask. */
  settings(mode: "session" | "jwt", proxyUrl: string): Record<string, string> {
    this.#page = new URL(proxyUrl).origin;
    return {
      OPENCX_PROXY_SERVE_PAGES: "true",
      OPENCX_PROXY_AUTH_MODE: mode,
      OPENCX_PROXY_AUTH_ISSUER: this.url,
      OPENCX_PROXY_AUTH_AUDIENCE: "opencx-proxy",
      OPENCX_PROXY_AUTH_SECRET: this.secret,
      OPENCX_PROXY_SIGN_IN_URL: `${this.url}/opencx/sign-in`,
    };
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((closed) => this.#server.close(closed));
  }

  /** As `docs/who-may-call.md` has it. */
  #signed(): string {
    const now = Math.floor(Date.now() / 1000);
    const claims = {
      iss: this.url,
      aud: "opencx-proxy",
      sub: "ada",
      role: this.role,
      iat: now,
      exp: now + 60,
      jti: randomUUID(),
    };
    const head = `${base64url({ alg: "HS256", typ: "JWT" })}.${base64url(claims)}`;
    return `${head}.${createHmac("sha256", this.secret).update(head).digest("base64url")}`;
  }
}
