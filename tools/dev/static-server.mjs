import sirv from "sirv";
import { listen, requestPath, sendText } from "./http-server.mjs";

/**
 * One folder under one path of the server.
 *
 * @typedef {object} Mount
 * @property {string} path Where the folder appears; starts and ends with a slash.
 * @property {string} folder
 * @property {Record<string, string>} [headers] Added to every answer from this folder.
 */

/**
 * @typedef {object} StaticServerOptions
 * @property {readonly Mount[]} mounts The longest matching path wins.
 * @property {Record<string, () => unknown>} [json] Paths answered with JSON made at each request.
 * @property {number} [port] 0, the default, lets the system choose.
 */

/** Lets pages of any origin load these files, as a CDN would. */
export const CROSS_ORIGIN_HEADERS = Object.freeze({
  "access-control-allow-origin": "*",
  "cross-origin-resource-policy": "cross-origin",
});

// Text files carry no charset of their own, and a classic script would otherwise take the page's.
const TEXT = /\.(?:css|html|js|json|map|mjs|txt)$/;
const TEXT_TYPES = Object.freeze({
  css: "text/css",
  html: "text/html",
  js: "text/javascript",
  json: "application/json",
  map: "application/json",
  mjs: "text/javascript",
  txt: "text/plain",
});

/**
 * Serves one folder's files as they are on disk at that moment.
 *
 * @param {string} folder
 * @param {Record<string, string>} [headers]
 */
export function serveFolder(folder, headers = {}) {
  return sirv(folder, {
    // Files are looked up at each request: a rebuild shows without a restart.
    dev: true,
    etag: true,
    extensions: [],
    setHeaders(response, pathname) {
      const extension = TEXT.exec(pathname)?.[0].slice(1);
      if (extension !== undefined) {
        const type = TEXT_TYPES[/** @type {keyof typeof TEXT_TYPES} */ (extension)];
        response.setHeader("content-type", `${type}; charset=utf-8`);
      }
      response.setHeader("x-content-type-options", "nosniff");
      for (const [name, value] of Object.entries(headers)) {
        response.setHeader(name, value);
      }
    },
  });
}

/**
 * A file server for development: no caching, correct types (`application/wasm` too), loopback only.
 *
 * @param {StaticServerOptions} options
 * @returns {Promise<import("./http-server.mjs").HttpServer>}
 */
export function startStaticServer({ mounts, json = {}, port = 0 }) {
  const folders = mounts
    .map((mount) => ({ ...mount, serve: serveFolder(mount.folder, mount.headers) }))
    .sort((a, b) => b.path.length - a.path.length);

  return listen((request, response) => {
    const path = requestPath(request);
    if (path === null) {
      return sendText(response, 400, "This address cannot be read.");
    }
    if (request.method !== "GET" && request.method !== "HEAD") {
      return sendText(response, 405, "Only GET and HEAD.", { allow: "GET, HEAD" });
    }
    const makeJson = Object.hasOwn(json, path) ? json[path] : undefined;
    if (makeJson) {
      response.writeHead(200, { "content-type": "application/json", "cache-control": "no-store" });
      return response.end(request.method === "HEAD" ? undefined : JSON.stringify(makeJson()));
    }
    const mount = folders.find((candidate) => path.startsWith(candidate.path));
    if (!mount) {
      return sendText(response, 404, "Not found.");
    }
    const query = request.url?.indexOf("?") ?? -1;
    const search = query < 0 ? "" : request.url?.slice(query);
    const inFolder = path.slice(mount.path.length - 1);
    // sirv has no index file without extensions of its own.
    request.url = encodeURI(inFolder.endsWith("/") ? `${inFolder}index.html` : inFolder) + search;
    return mount.serve(request, response, () => sendText(response, 404, "Not found.", mount.headers));
  }, port);
}
