import { type BrowserContext, expect, type Request } from "@playwright/test";

/** Every byte that reached the browser, or left it, and every error it reported. */
export class Wire {
  readonly errors: string[] = [];
  readonly requests: string[] = [];
  readonly #open = new Set<Request>();
  readonly #parts: Promise<string>[] = [];

  constructor(context: BrowserContext) {
    context.on("request", (request) => {
      this.requests.push(`${request.method()} ${request.url()}`);
      this.#open.add(request);
    });
    context.on("requestfinished", (request) => this.#keep(request, true));
    context.on("requestfailed", (request) => this.#keep(request, false));
    context.on("console", (message) => {
      if (message.type() === "error") this.errors.push(message.text());
    });
    context.on("weberror", (error) => this.errors.push(String(error.error())));
  }

  /** All of it as one text, once nothing is under way any more. */
  async text(): Promise<string> {
    await expect.poll(() => [...this.#open].map((request) => request.url())).toEqual([]);
    return (await Promise.all(this.#parts)).join("\n");
  }

  #keep(request: Request, answered: boolean): void {
    this.#open.delete(request);
    this.#parts.push(answered ? exchange(request) : question(request));
  }
}

// Where the page closes meanwhile, what is known already stands: nobody waits for the rest then.

async function question(request: Request): Promise<string> {
  const headers = await request.allHeaders().catch(() => request.headers());
  return JSON.stringify([request.url(), headers, request.postData()]);
}

async function exchange(request: Request): Promise<string> {
  const response = await request.response().catch(() => null);
  const headers = await response?.allHeaders().catch(() => response.headers());
  // Redirects have no body to give, and preflights show none.
  const body = await response?.body().catch(() => Buffer.alloc(0));
  return (await question(request)) + JSON.stringify(headers) + (body?.toString("latin1") ?? "");
}
