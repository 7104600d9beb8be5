import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { CROSS_ORIGIN_HEADERS, startStaticServer } from "./static-server.mjs";

/** @type {string} */
let folder;
/** @type {import("./http-server.mjs").HttpServer} */
let server;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "static-server-"));
  await mkdir(join(folder, "page"));
  await mkdir(join(folder, "dist"));
  await writeFile(join(folder, "page", "index.html"), "<p>page</p>");
  await writeFile(join(folder, "page", "main.js"), "export {};");
  await writeFile(join(folder, "dist", "kit_bg.wasm"), "\0asm");
  await writeFile(join(folder, "secret.txt"), "outside");
  server = await startStaticServer({
    mounts: [
      {
        path: "/",
        folder: join(folder, "page"),
        headers: { "content-security-policy": "default-src 'none'" },
      },
      { path: "/dist/", folder: join(folder, "dist"), headers: CROSS_ORIGIN_HEADERS },
    ],
    json: { "/config.json": () => ({ answer: 42 }) },
  });
});

after(async () => {
  await server.stop();
  await rm(folder, { recursive: true });
});

test("the index page carries the headers of its mount and is not cached", async () => {
  const response = await fetch(`${server.url}/`);
  assert.equal(response.status, 200);
  assert.equal(response.headers.get("content-type"), "text/html; charset=utf-8");
  assert.equal(response.headers.get("content-security-policy"), "default-src 'none'");
  assert.equal(response.headers.get("cache-control"), "no-cache");
  assert.equal(response.headers.get("access-control-allow-origin"), null);
});

test("WebAssembly has its own type and may be used by other origins", async () => {
  const response = await fetch(`${server.url}/dist/kit_bg.wasm?v=1`);
  assert.equal(response.headers.get("content-type"), "application/wasm");
  assert.equal(response.headers.get("access-control-allow-origin"), "*");
  assert.equal(response.headers.get("cross-origin-resource-policy"), "cross-origin");
  assert.equal(response.headers.get("content-security-policy"), null);
});

test("scripts are UTF-8 JavaScript", async () => {
  const response = await fetch(`${server.url}/main.js`);
  assert.equal(response.headers.get("content-type"), "text/javascript; charset=utf-8");
});

test("a changed file shows at once", async () => {
  await writeFile(join(folder, "page", "new.txt"), "one");
  assert.equal(await (await fetch(`${server.url}/new.txt`)).text(), "one");
  await writeFile(join(folder, "page", "new.txt"), "second");
  assert.equal(await (await fetch(`${server.url}/new.txt`)).text(), "second");
});

test("JSON is made at each request", async () => {
  const response = await fetch(`${server.url}/config.json`);
  assert.equal(response.headers.get("cache-control"), "no-store");
  assert.deepEqual(await response.json(), { answer: 42 });
});

for (const path of ["/..%2fsecret.txt", "/%2e%2e/secret.txt", "/dist/..%2f..%2fsecret.txt", "/nothing.js"]) {
  test(`${path} is not found`, async () => {
    assert.equal((await fetch(server.url + path)).status, 404);
  });
}

test("a path that cannot be decoded is refused", async () => {
  assert.equal((await fetch(`${server.url}/%E0%A4%A`)).status, 400);
});

test("only reading is allowed", async () => {
  assert.equal((await fetch(`${server.url}/`, { method: "POST" })).status, 405);
});
