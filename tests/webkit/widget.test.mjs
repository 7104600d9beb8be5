// The embed in WebKitGTK, which is WebKit and not Safari: what differs between engines, over real HTTP.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { Key } from "selenium-webdriver";
import { startStack } from "../../tools/dev/stack.mjs";
import { startWebKit } from "./browser.mjs";

/** @typedef {Record<string, string>} Headers */

/** @type {Awaited<ReturnType<typeof startStack>>} */
let stack;
/** @type {Awaited<ReturnType<typeof startWebKit>>} */
let webkit;
/** @type {import("node:http").Server} */
let server;
let html = "";
/** @type {Headers} */
let headers = {};

before(async () => {
  stack = await startStack();
  webkit = await startWebKit();
  server = createServer((_, answer) => {
    answer.writeHead(200, { "content-type": "text/html; charset=utf-8", ...headers }).end(html);
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", () => listening(undefined)));
});

after(async () => {
  await webkit?.quit();
  server?.closeAllConnections();
  server?.close();
  const breaches = await stack?.breaches();
  await stack?.stop();
  assert.deepEqual(breaches, [], "calls and answers that break the platform's contract");
});

/** Opens a page with that content. @param {string} content @param {Headers} [more] */
async function open(content, more = {}) {
  html = `<!doctype html><html lang="en"><title>A page</title><body><main><p>Hello</p></main>${content}`;
  headers = more;
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  await webkit.browser.get(`http://127.0.0.1:${port}/`);
}

async function tag() {
  const made = await fetch(`${stack.sandbox.url}/partner/v1/orgs`, {
    method: "POST",
    headers: { authorization: `Bearer ${stack.partnerKey}`, "content-type": "application/json" },
    body: JSON.stringify({ name: "WebKit test" }),
  });
  const { widget_token: token } = await made.json();
  return `<script async src="${stack.pages.url}/dist/script.js" data-token="${token}" data-api-url="${stack.sandbox.url}"
    data-script-url="${stack.sandbox.url}/widget/script.js"></script>`;
}

/** Runs in the page, with these at hand. @param {string} code @returns {Promise<any>} */
function inPage(code) {
  return webkit.browser.executeScript(`
    const host = document.querySelector("opencx-kit");
    const root = host?.shadowRoot;
    const button = root?.querySelector("button.launcher");
    const panel = root?.querySelector(".panel");
    const frame = root?.querySelector("iframe");
    const chat = frame?.contentDocument?.querySelector('iframe[title="OpenCX Live Chat"]')?.contentDocument;
    const composer = chat?.querySelector("textarea");
    ${code}`);
}

/** Waits until that is true in the page. @param {string} condition */
async function until(condition) {
  await webkit.browser.wait(() => inPage(`return Boolean(${condition})`), 15_000, `never: ${condition}`);
}

/** The widget's calls to the platform so far. @returns {Promise<{ path: string }[]>} */
async function calls() {
  const all = await (await fetch(`${stack.sandbox.url}/_sandbox/calls`)).json();
  return all.filter((/** @type {{ path: string }} */ { path }) => path.includes("/widget/"));
}

test("the launcher is a named button, and nothing is asked of the platform before a click", async () => {
  await open(await tag());
  await until("button");
  const seen = await inPage(`return [button.getAttribute("aria-label"), button.getAttribute("aria-expanded"),
    getComputedStyle(button).position, getComputedStyle(panel).display, localStorage.length]`);
  assert.deepEqual(seen, ["Chat with us", "false", "fixed", "none", 0]);
  assert.deepEqual(await calls(), []);
});

test("a click opens, a message is answered, closing keeps the conversation, Escape gives the keyboard back", async () => {
  await open(await tag());
  await until("button");
  await inPage("button.focus(); button.click()");
  await until("composer");
  await until("document.activeElement === host && chat.hasFocus()");
  await webkit.browser.actions().sendKeys("My order number is 4711", Key.ENTER).perform();
  await until('chat.body.textContent.includes("I do not know")');
  await webkit.browser.actions().sendKeys(Key.ESCAPE).perform();
  await until("panel.hidden && root.activeElement === button");
  await inPage("button.click()");
  await until('!panel.hidden && chat.body.textContent.includes("4711")');
});

test("a replaced body leaves the chat alone; destroy leaves nothing", async () => {
  await open(await tag());
  await until("button");
  await inPage("button.click()");
  await until("composer");
  await inPage('window.kept = chat; document.body = document.createElement("body")');
  await until("chat === window.kept && composer");
  await inPage('OpenCXKit("destroy")');
  await until('!document.querySelector("opencx-kit") && !("OpenCXKit" in window) && frames.length === 0');
});

test("on a right-to-left page it stands on the left", async () => {
  await open(`<script>document.documentElement.dir = "rtl"</script>${await tag()}`);
  await until("button");
  assert.equal(await inPage("return button.getBoundingClientRect().left"), 20);
});

test("a wrong option is refused with its path", async () => {
  await open(`<script type="module">
    import { loadWidget } from "${stack.pages.url}/dist/embed.js";
    loadWidget({ token: "t", theme: { primaryColor: 5 } }).catch((error) => {
      window.refused = [error.code, error.errors[0].path];
    });
  </script>`);
  await until("window.refused");
  assert.deepEqual(await inPage("return window.refused"), ["INVALID_OPTIONS", "theme.primaryColor"]);
});

test("where the policy refuses WebAssembly, the vendor's plain embed carries the chat", async () => {
  await open(await tag(), {
    "content-security-policy": `script-src 'unsafe-inline' ${stack.pages.url} ${stack.sandbox.url}`,
  });
  await until(`document.querySelector('iframe[title="OpenCX Live Chat Trigger"]')`);
  assert.equal(await inPage("return host"), null);
});

test("axe finds nothing on launcher and panel", async () => {
  await open(await tag());
  await until("button");
  await inPage("button.click()");
  await until("composer");
  await inPage(await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8"));
  const found = await webkit.browser.executeAsyncScript(`
    const done = arguments[arguments.length - 1];
    axe.run({ include: [["opencx-kit"]] }).then(({ violations }) => done(violations.map(({ id }) => id)), String);`);
  assert.deepEqual(found, []);
});
