import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** Serves one page, as somebody's website would, while `use` runs: a whole document, or what stands in its body. */
export async function withHostPage(
  html: string,
  headers: Record<string, string>,
  use: (url: string) => Promise<void>,
): Promise<void> {
  const server = createServer((request, answer) => {
    if (request.url !== "/") {
      answer.writeHead(204).end();
      return;
    }
    answer.writeHead(200, { "content-type": "text/html; charset=utf-8", ...headers });
    const head = '<!doctype html><html lang="en"><title>A page</title><body><main><p>Hello</p></main>';
    answer.end(html.startsWith("<!doctype") ? html : head + html);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  try {
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}
