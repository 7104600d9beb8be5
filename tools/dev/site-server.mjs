import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { listen, requestPath, sendText } from "./http-server.mjs";
import { serveFolder } from "./static-server.mjs";

const EDITOR_PAGE = fileURLToPath(new URL("editor.html", import.meta.url));
const EDITOR_STYLE = fileURLToPath(new URL("editor.css", import.meta.url));
const LARGEST_BODY = 64 * 1024;

const EDITOR_HEADERS = Object.freeze({
  "cache-control": "no-store",
  // The page shows code that is not ours: it must never run here, nor the page be framed.
  "content-security-policy":
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  // With no-referrer a browser sends `Origin: null` with the form, and saving would be refused.
  "referrer-policy": "same-origin",
  "x-content-type-options": "nosniff",
});

/**
 * @typedef {object} SiteServerOptions
 * @property {string} folder The website's files.
 * @property {number} [port] 0, the default, lets the system choose.
 * @property {string} [snippetFile] Keeps the pasted code over a restart; in memory when left out.
 */

/**
 * @typedef {object} Site
 * @property {() => string} snippet The code that is on the site now.
 * @property {(text: string) => Promise<void>} saveSnippet As if pasted and saved in the editor.
 */

/**
 * A customer's website as a site builder hosts it: the owner pastes code at `/_edit`, and every page carries it.
 *
 * @param {SiteServerOptions} options
 * @returns {Promise<import("./http-server.mjs").HttpServer & Site>}
 */
export async function startSiteServer({ folder, port = 0, snippetFile }) {
  const root = resolve(folder);
  const serveFile = serveFolder(root);
  let snippet = snippetFile === undefined ? "" : await readIfThere(snippetFile);

  /** @param {string} text */
  async function saveSnippet(text) {
    if (snippetFile !== undefined) {
      await mkdir(dirname(snippetFile), { recursive: true });
      // Renamed into place, so that a crash cannot leave half a snippet.
      await writeFile(`${snippetFile}.new`, text);
      await rename(`${snippetFile}.new`, snippetFile);
    }
    snippet = text;
  }

  /**
   * @param {import("node:http").IncomingMessage} request
   * @param {import("node:http").ServerResponse} response
   */
  async function answer(request, response) {
    const host = request.headers.host ?? "";
    if (!isOwnHost(host, server.port)) {
      return sendText(response, 403, "This server answers only at its own address.");
    }
    const path = requestPath(request);
    if (path === null) {
      return sendText(response, 400, "This address cannot be read.");
    }
    if (path === "/_edit" && request.method === "POST") {
      return save(request, response, host);
    }
    if (request.method !== "GET" && request.method !== "HEAD") {
      return sendText(response, 405, "Only GET and HEAD.", { allow: "GET, HEAD" });
    }
    if (path === "/_edit") {
      const saved = new URL(request.url ?? "/", "http://localhost").searchParams.has("saved");
      const page = await editorPage(snippet, saved);
      return sendPage(request, response, 200, page, EDITOR_HEADERS);
    }
    if (path === "/_edit/style.css") {
      response.setHeader("content-type", "text/css; charset=utf-8");
      return response.end(await readFile(EDITOR_STYLE));
    }
    if (path.endsWith("/") || path.endsWith(".html")) {
      const page = await readPage(root, path);
      return page === null
        ? sendText(response, 404, "No such page.")
        : sendPage(request, response, 200, withSnippet(page, snippet), { "cache-control": "no-store" });
    }
    return serveFile(request, response, () => sendText(response, 404, "No such page."));
  }

  /**
   * @param {import("node:http").IncomingMessage} request
   * @param {import("node:http").ServerResponse} response
   * @param {string} host
   */
  async function save(request, response, host) {
    // A page of another origin must not put code on this site through the owner's browser.
    if (request.headers.origin !== `http://${host}`) {
      return sendText(response, 403, "Code can be saved only from this site's own editor.");
    }
    if (!request.headers["content-type"]?.startsWith("application/x-www-form-urlencoded")) {
      return sendText(response, 415, "Send the editor's form.");
    }
    const body = await readBody(request);
    if (body === null) {
      return sendText(response, 413, "The code is too long.");
    }
    await saveSnippet((new URLSearchParams(body).get("snippet") ?? "").trim());
    response.writeHead(303, { location: "/_edit?saved", "cache-control": "no-store" });
    return response.end();
  }

  const server = await listen((request, response) => {
    answer(request, response).catch((error) => {
      process.stderr.write(`site: ${request.method} ${request.url}: ${error}\n`);
      if (!response.headersSent) {
        sendText(response, 500, "The site failed. Its terminal says why.");
      } else {
        response.destroy();
      }
    });
  }, port);
  return { ...server, snippet: () => snippet, saveSnippet };
}

/**
 * @param {string} host
 * @param {number} port
 */
function isOwnHost(host, port) {
  return host === `127.0.0.1:${port}` || host === `localhost:${port}`;
}

/**
 * @param {string} root
 * @param {string} path
 */
async function readPage(root, path) {
  const file = resolve(join(root, path.endsWith("/") ? `${path}index.html` : path));
  if (!file.startsWith(root + sep) || file.includes("\0")) {
    return null;
  }
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (isMissing(error)) {
      return null;
    }
    throw error;
  }
}

/** @param {string} file */
async function readIfThere(file) {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (isMissing(error)) {
      return "";
    }
    throw error;
  }
}

/** @param {unknown} error */
function isMissing(error) {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return code === "ENOENT" || code === "ENOTDIR" || code === "EISDIR";
}

/**
 * @param {string} page
 * @param {string} snippet
 */
function withSnippet(page, snippet) {
  const end = page.toLowerCase().lastIndexOf("</body>");
  if (snippet === "" || end < 0) {
    return page;
  }
  return `${page.slice(0, end)}${snippet}\n  ${page.slice(end)}`;
}

/**
 * @param {string} snippet
 * @param {boolean} saved
 */
async function editorPage(snippet, saved) {
  const template = await readFile(EDITOR_PAGE, "utf8");
  const news = snippet === "" ? "Saved. The site carries no code now." : "Saved. It is on every page now.";
  // Functions as replacements: a `$&` in the snippet must stay as it is.
  return template
    .replace("<!-- saved -->", () => (saved ? `<p class="saved" role="status">${news}</p>` : ""))
    .replace("<!-- snippet -->", () => escapeHtml(snippet));
}

/** @param {string} text */
function escapeHtml(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}

/** @param {import("node:http").IncomingMessage} request */
async function readBody(request) {
  const chunks = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    // Read to the end all the same: an answer before that would be lost with the connection.
    if (length <= LARGEST_BODY) {
      chunks.push(chunk);
    }
  }
  return length > LARGEST_BODY ? null : Buffer.concat(chunks).toString("utf8");
}

/**
 * @param {import("node:http").IncomingMessage} request
 * @param {import("node:http").ServerResponse} response
 * @param {number} status
 * @param {string} page
 * @param {Record<string, string>} headers
 */
function sendPage(request, response, status, page, headers) {
  response.writeHead(status, {
    "content-type": "text/html; charset=utf-8",
    "content-length": String(Buffer.byteLength(page)),
    ...headers,
  });
  response.end(request.method === "HEAD" ? undefined : page);
}
