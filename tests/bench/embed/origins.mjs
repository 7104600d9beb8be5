import { readdir, readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { listen, requestPath, sendText } from "../../../tools/dev/http-server.mjs";
import { makePage } from "./pages.mjs";
import { makeVendorScript } from "./vendor-script.mjs";

const DIST = new URL("../../../pkg/dist/", import.meta.url);
const TYPES = {
  js: "text/javascript; charset=utf-8",
  wasm: "application/wasm",
  html: "text/html; charset=utf-8",
};

/**
 * @typedef {object} Origins
 * @property {string} page
 * @property {string} files Our files and the vendor's script, as from one CDN.
 * @property {string} api
 * @property {() => Promise<void>} stop
 */

/**
 * Page, files and platform, each on an origin of its own, so that preflights are real. All bytes are compressed before
 * anything is measured, by gzip for both sides.
 *
 * @returns {Promise<Origins>}
 */
export async function startOrigins() {
  const vendor = await makeVendorScript();
  /** @type {Record<string, Buffer>} */
  const stored = { "/vendor/script.js": vendor.gzip };
  for (const name of await readdir(DIST)) {
    if (!/\.(?:js|wasm)$/.test(name)) continue;
    stored[`/kit/${name}`] = gzipSync(await readFile(new URL(name, DIST)), { level: 9 });
  }
  const files = await listen((request, response) => {
    const path = requestPath(request) ?? "";
    const bytes = stored[path];
    if (!bytes) return sendText(response, 404, `The bench serves no ${path}.`);
    response.writeHead(200, {
      "content-type": TYPES[/** @type {"js"} */ (path.split(".").at(-1))],
      "content-encoding": "gzip",
      "content-length": bytes.length,
      "cache-control": "public, max-age=31536000, immutable",
      "access-control-allow-origin": "*",
      "cross-origin-resource-policy": "cross-origin",
      "timing-allow-origin": "*",
    });
    response.end(bytes);
  });
  const api = await listen(answerApi);
  const page = await listen((request, response) => {
    const html = makePage((requestPath(request) ?? "/").slice(1), { files: files.url, api: api.url });
    if (html === null) return sendText(response, 404, "No such page.");
    const bytes = gzipSync(html);
    response.writeHead(200, {
      "content-type": TYPES.html,
      "content-encoding": "gzip",
      "content-length": bytes.length,
      "cache-control": "no-cache",
    });
    response.end(bytes);
  });
  return {
    page: page.url,
    files: files.url,
    api: api.url,
    stop: async () => {
      await Promise.all([page.stop(), files.stop(), api.stop()]);
    },
  };
}

/** The platform's three start-up calls, answered at once. @type {import("node:http").RequestListener} */
function answerApi(request, response) {
  const headers = {
    "access-control-allow-origin": "*",
    "access-control-allow-headers": "authorization, content-type, x-bot-token",
    "access-control-allow-methods": "GET, POST",
  };
  if (request.method === "OPTIONS") {
    response.writeHead(204, headers);
    return response.end();
  }
  const path = requestPath(request) ?? "";
  const body = Object.entries(ANSWERS).find(([end]) => path.endsWith(end))?.[1];
  if (body === undefined) return sendText(response, 404, `The bench's platform knows no ${path}.`, headers);
  response.writeHead(200, { ...headers, "content-type": "application/json", "cache-control": "no-store" });
  response.end(JSON.stringify(body));
}

const ANSWERS = {
  "/widget/v2/config": {
    org: { id: "5e0a7d6e-0000-4000-8000-000000000001", name: "Blue Fin Tours" },
    sessionsPollingIntervalSeconds: 60,
    sessionPollingIntervalSeconds: 10,
    office_hours: null,
  },
  "/widget/v2/contact/create-unverified": { token: `${"x".repeat(36)}.${"y".repeat(180)}.${"z".repeat(43)}` },
  "/widget/v2/sessions": { items: [], next: null },
};
