import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { startSiteServer } from "./site-server.mjs";

const SNIPPET = '<script src="http://127.0.0.1:1/script.js" data-token="$&"></script>';

/** @type {string} */
let folder;
/** @type {string} */
let snippetFile;
/** @type {Awaited<ReturnType<typeof startSiteServer>>} */
let site;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "site-server-"));
  snippetFile = join(folder, "saved", "snippet.html");
  await writeFile(join(folder, "index.html"), "<body>\n<p>Home</p>\n</body></html>");
  await writeFile(join(folder, "style.css"), "p { color: red }");
  site = await startSiteServer({ folder, snippetFile });
});

afterEach(async () => {
  await site.stop();
  await rm(folder, { recursive: true });
});

/**
 * @param {string} snippet
 * @param {Record<string, string>} [headers]
 */
function post(snippet, headers = {}) {
  return fetch(`${site.url}/_edit`, {
    method: "POST",
    headers: { origin: site.url, ...headers },
    body: new URLSearchParams({ snippet }),
    redirect: "manual",
  });
}

test("pages are plain until something is saved", async () => {
  assert.equal(await (await fetch(`${site.url}/`)).text(), "<body>\n<p>Home</p>\n</body></html>");
});

test("saved code stands before the end of the body of every page, as it was pasted", async () => {
  const answer = await post(`  ${SNIPPET}\n`);
  assert.equal(answer.status, 303);
  assert.equal(answer.headers.get("location"), "/_edit?saved");
  for (const path of ["/", "/index.html", "/index%2ehtml"]) {
    const page = await (await fetch(site.url + path)).text();
    assert.equal(page, `<body>\n<p>Home</p>\n${SNIPPET}\n  </body></html>`, path);
  }
});

test("other files stay as they are", async () => {
  await post(SNIPPET);
  const style = await fetch(`${site.url}/style.css`);
  assert.equal(style.headers.get("content-type"), "text/css; charset=utf-8");
  assert.equal(await style.text(), "p { color: red }");
});

test("the editor shows the saved code as text and runs none of it", async () => {
  await post(`</textarea>${SNIPPET}`);
  const answer = await fetch(`${site.url}/_edit?saved`);
  const page = await answer.text();
  assert.match(page, /&lt;\/textarea>&lt;script src=&quot;/);
  assert.match(page, /data-token=&quot;\$&amp;&quot;/);
  assert.match(page, /role="status"/);
  assert.match(answer.headers.get("content-security-policy") ?? "", /default-src 'none'/);
});

test("saved code survives a restart", async () => {
  await post(SNIPPET);
  await site.stop();
  site = await startSiteServer({ folder, snippetFile });
  assert.equal(site.snippet(), SNIPPET);
  assert.equal(await readFile(snippetFile, "utf8"), SNIPPET);
});

test("without a file the code is kept in memory", async () => {
  await site.stop();
  site = await startSiteServer({ folder });
  await site.saveSnippet(SNIPPET);
  assert.match(await (await fetch(`${site.url}/`)).text(), /data-token/);
});

for (const origin of ["http://evil.example", "null", "", "http://127.0.0.1:1"]) {
  test(`saving from origin "${origin}" is refused`, async () => {
    const answer = await post(SNIPPET, { origin });
    assert.equal(answer.status, 403);
    assert.equal(site.snippet(), "");
  });
}

test("saving by its other name is allowed, mixing the two is not", async () => {
  const port = new URL(site.url).port;
  const byName = `http://localhost:${port}`;
  assert.equal(await rawStatus({ host: `localhost:${port}`, origin: byName }), 303);
  assert.equal(await rawStatus({ host: `127.0.0.1:${port}`, origin: byName }), 403);
});

for (const host of ["evil.example", "localhost", "127.0.0.1:1"]) {
  test(`a request for host ${host} is refused`, async () => {
    assert.equal(await rawStatus({ host, origin: `http://${host}` }), 403);
  });
}

test("only the form of the editor is read, and only so much of it", async () => {
  assert.equal((await post("", { "content-type": "text/plain" })).status, 415);
  assert.equal((await post("x".repeat(70_000))).status, 413);
  assert.equal((await fetch(`${site.url}/`, { method: "POST", headers: { origin: site.url } })).status, 405);
});

for (const path of ["/..%2f..%2fetc/passwd.html", "/nothing.html", "/nothing/", "/a%00.html"]) {
  test(`${path} is not found`, async () => {
    assert.equal((await fetch(site.url + path)).status, 404);
  });
}

/**
 * `fetch` does not let a caller choose the host.
 *
 * @param {Record<string, string>} headers
 */
function rawStatus(headers) {
  return new Promise((resolve, reject) => {
    const body = "snippet=";
    const call = request(
      `${site.url}/_edit`,
      { method: "POST", headers: { "content-type": "application/x-www-form-urlencoded", ...headers } },
      (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      },
    );
    call.on("error", reject);
    call.end(body);
  });
}
