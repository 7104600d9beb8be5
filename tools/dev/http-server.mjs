import { createServer } from "node:http";

/**
 * @typedef {object} HttpServer
 * @property {string} url Origin of the server, without a slash at the end.
 * @property {number} port The port in use, also when 0 was asked for.
 * @property {() => Promise<void>} stop Ends open connections too, and resolves when the port is free.
 */

/**
 * Listens on the loopback interface only.
 *
 * @param {import("node:http").RequestListener} listener
 * @param {number} [port] 0 lets the system choose.
 * @returns {Promise<HttpServer>}
 */
export async function listen(listener, port = 0) {
  const server = createServer(listener);
  await new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve(undefined));
  });
  const address = server.address();
  if (address === null || typeof address === "string") {
    throw new Error("The server has no TCP address");
  }
  return {
    url: `http://127.0.0.1:${address.port}`,
    port: address.port,
    stop: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        // A browser's keep-alive connection would hold the port for seconds.
        server.closeAllConnections();
      }),
  };
}

/**
 * Path of a request, decoded once, without query; null when it cannot be read.
 *
 * @param {import("node:http").IncomingMessage} request
 * @returns {string | null}
 */
export function requestPath(request) {
  try {
    return decodeURI(new URL(request.url ?? "/", "http://localhost").pathname);
  } catch {
    return null;
  }
}

/**
 * Answers with a short text.
 *
 * @param {import("node:http").ServerResponse} response
 * @param {number} status
 * @param {string} text
 * @param {Record<string, string>} [headers]
 */
export function sendText(response, status, text, headers = {}) {
  response.writeHead(status, {
    "content-type": "text/plain; charset=utf-8",
    "cache-control": "no-store",
    ...headers,
  });
  response.end(`${text}\n`);
}
