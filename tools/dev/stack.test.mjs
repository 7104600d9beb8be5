import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { makeFakeRoot } from "./fixtures/fake-root.mjs";
import { startStack } from "./stack.mjs";

const CRASHING = fileURLToPath(new URL("fixtures/crash-with-stack.mjs", import.meta.url));

/** @type {string} */
let root;

before(async () => {
  root = await makeFakeRoot();
});

after(() => rm(root, { recursive: true }));

/** @param {string} url */
async function readJson(url) {
  return /** @type {any} */ (await (await fetch(url)).json());
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test("every part answers and knows the others", async () => {
  const stack = await startStack({ root, env: { OPENCX_MORE: "yes" } });
  try {
    const sandbox = await readJson(stack.sandbox.url);
    const proxy = await readJson(stack.proxy.url);
    assert.equal(sandbox.env.OPENCX_SANDBOX_PARTNER_KEY, stack.partnerKey);
    assert.equal(proxy.env.OPENCX_PARTNER_KEY, stack.partnerKey);
    assert.equal(proxy.env.OPENCX_API_URL, stack.sandbox.url);
    assert.equal(proxy.env.OPENCX_MORE, "yes");
    assert.equal(proxy.env.OPENCX_PROXY_DATA, join(stack.dataDir, "proxy"));
    assert.deepEqual(proxy.env.OPENCX_PROXY_ALLOWED_ORIGINS.split(","), [
      stack.pages.url,
      stack.pages.url.replace("127.0.0.1", "localhost"),
    ]);
    assert.deepEqual(await readJson(`${stack.pages.url}/config.json`), {
      proxyUrl: stack.proxy.url,
      scriptSrc: `${stack.pages.url}/dist/script.js`,
      vendorScriptUrl: `${stack.sandbox.url}/widget/script.js`,
      apiUrl: stack.sandbox.url,
      siteUrl: stack.site.url,
    });
    const admin = await fetch(`${stack.pages.url}/`);
    assert.match(admin.headers.get("content-security-policy") ?? "", /script-src 'self' 'wasm-unsafe-eval'/);
    assert.equal(
      (await fetch(`${stack.pages.url}/dist/script.js`)).headers.get("access-control-allow-origin"),
      "*",
    );
    await stack.site.saveSnippet("<i></i>");
    assert.match(await (await fetch(`${stack.site.url}/`)).text(), /<i><\/i>/);
  } finally {
    await stack.stop();
  }
  assert.equal(existsSync(stack.dataDir), false);
});

test("settings of the kit in the shell do not reach the programs", async () => {
  process.env.OPENCX_PROXY_PROBE = "from the shell";
  const stack = await startStack({ root });
  delete process.env.OPENCX_PROXY_PROBE;
  const proxy = await readJson(stack.proxy.url);
  await stack.stop();
  assert.equal(proxy.env.OPENCX_PROXY_PROBE, undefined);
});

test("the data folder keeps the site's code, not the proxy's ledger, and the key is private", async () => {
  const dataDir = join(root, "data");
  await mkdir(join(dataDir, "proxy"), { recursive: true });
  await writeFile(join(dataDir, "proxy", "ledger"), "old");
  await writeFile(join(dataDir, "partner-key"), "old", { mode: 0o644 });
  const stack = await startStack({ root, dataDir });
  await stack.site.saveSnippet("<b></b>");
  await stack.stop();
  const keyFile = join(dataDir, "partner-key");
  assert.equal((await stat(keyFile)).mode & 0o777, 0o600);
  assert.equal(await readFile(keyFile, "utf8"), stack.partnerKey);
  assert.equal(existsSync(join(dataDir, "proxy", "ledger")), false);
  assert.match(await readFile(join(dataDir, "proxy.log"), "utf8"), /listening on/);

  const second = await startStack({ root, dataDir });
  await second.stop();
  assert.notEqual(second.partnerKey, stack.partnerKey);
  assert.equal(second.site.snippet(), "<b></b>");
});

test("stop waits until nothing is left, even of a program that will not end", {
  timeout: 20_000,
}, async () => {
  const stack = await startStack({ root, env: { FAKE_STUBBORN: "opencx-sandbox" } });
  const pids = [(await readJson(stack.sandbox.url)).pid, (await readJson(stack.proxy.url)).pid];
  await Promise.all([stack.stop(), stack.stop()]);
  assert.deepEqual(pids.map(isAlive), [false, false]);
  await assert.rejects(fetch(stack.pages.url));
});

test("a killed part can be restarted at its address, with more environment", async () => {
  /** @type {string[]} */
  const unexpected = [];
  const stack = await startStack({ root, onUnexpectedExit: (name) => unexpected.push(name) });
  try {
    const before = await readJson(stack.proxy.url);
    await stack.kill("proxy");
    assert.equal(isAlive(before.pid), false);
    await assert.rejects(fetch(stack.proxy.url));
    await stack.restart("proxy", { env: { OPENCX_LIMIT: "1" } });
    const now = await readJson(stack.proxy.url);
    assert.notEqual(now.pid, before.pid);
    assert.equal(now.env.OPENCX_LIMIT, "1");
    await stack.restart("site");
    await stack.restart("pages");
    assert.equal((await fetch(`${stack.pages.url}/`)).status, 200);
    assert.equal((await fetch(`${stack.site.url}/`)).status, 200);
    assert.deepEqual(unexpected, []);
  } finally {
    await stack.stop();
  }
});

test("a program that ends by itself is reported with its exit code", async () => {
  /** @type {(value: unknown) => void} */
  let report = () => {};
  const reported = new Promise((resolve) => {
    report = resolve;
  });
  const stack = await startStack({ root, onUnexpectedExit: (name, exit) => report({ name, ...exit }) });
  await fetch(`${stack.sandbox.url}/crash`).catch(() => {});
  assert.deepEqual(await reported, { name: "sandbox", code: 7, signal: null });
  await stack.stop();
});

test("a program that does not start is named, with its last words, and nothing is left", async () => {
  await assert.rejects(
    startStack({ root, env: { FAKE_FAIL: "opencx-partner-proxy" } }),
    /proxy did not start: ended with exit code 3\. the fake was told to fail/,
  );
  await assert.rejects(
    startStack({ root, commands: { sandbox: [join(root, "none")] } }),
    /sandbox did not start: cannot be run.*ENOENT/,
  );
});

for (const way of ["throw", "exit", "SIGINT", "SIGTERM", "SIGHUP"]) {
  test(`the programs end with a parent that ends by ${way}`, async () => {
    const { code, signal, pids } = await new Promise((resolve) => {
      const child = execFile(process.execPath, [CRASHING, root, way], (_error, stdout) => {
        resolve({ code: child.exitCode, signal: child.signalCode, pids: JSON.parse(stdout) });
      });
    });
    assert.deepEqual([code, signal], { throw: [1, null], exit: [5, null] }[way] ?? [null, way]);
    // SIGKILL has been sent, and takes effect as soon as the system gets to it.
    while (pids.some(isAlive)) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  });
}
