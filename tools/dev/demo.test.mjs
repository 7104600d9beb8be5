import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { makeFakeRoot } from "./fixtures/fake-root.mjs";

const DEMO = fileURLToPath(new URL("demo.mjs", import.meta.url));
const VARIABLES = ["SANDBOX_PORT", "PROXY_PORT", "PAGES_PORT", "SITE_PORT"];

/** @type {string} */
let root;

before(async () => {
  root = await makeFakeRoot();
});

after(() => rm(root, { recursive: true }));

/** Ports nobody uses at this moment. */
async function freePorts() {
  const servers = VARIABLES.map(() => createServer().listen(0, "127.0.0.1"));
  await Promise.all(servers.map((server) => new Promise((resolve) => server.once("listening", resolve))));
  const ports = servers.map(
    (server) => /** @type {import("node:net").AddressInfo} */ (server.address()).port,
  );
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return Object.fromEntries(VARIABLES.map((name, index) => [name, String(ports[index])]));
}

/** @param {Record<string, string>} env */
function startDemo(env) {
  const child = spawn(process.execPath, [DEMO, root], { env: { ...process.env, ...env } });
  let output = "";
  /** @type {(text: string) => Promise<string>} */
  const until = (text) =>
    new Promise((resolve, reject) => {
      const look = () => output.includes(text) && resolve(output);
      child.stdout.on("data", look);
      child.once("close", () => reject(new Error(output)));
      look();
    });
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      output += chunk;
    });
  }
  const ended = new Promise((resolve) => {
    child.once("close", (code) => resolve({ code, output }));
  });
  return { child, until, ended };
}

test("it says where to click, and Ctrl-C ends everything with exit code 0", async () => {
  const env = await freePorts();
  const demo = startDemo(env);
  const output = await demo.until("Ctrl-C ends all of it.");
  for (const name of VARIABLES) {
    assert.ok(output.includes(`http://127.0.0.1:${env[name]}`), name);
  }
  const { pid } = /** @type {any} */ (await (await fetch(`http://127.0.0.1:${env.SANDBOX_PORT}`)).json());
  demo.child.kill("SIGINT");
  assert.equal((await demo.ended).code, 0);
  assert.throws(() => process.kill(pid, 0));
});

test("a taken port is named before anything is started", async () => {
  const taken = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => taken.once("listening", resolve));
  const { port } = /** @type {import("node:net").AddressInfo} */ (taken.address());
  await rm(join(root, ".demo"), { recursive: true, force: true });
  const demo = startDemo({ ...(await freePorts()), PAGES_PORT: String(port) });
  const { code, output } = await demo.ended;
  taken.close();
  assert.equal(code, 1);
  assert.equal(
    output,
    `Port ${port}, wanted by the admin page, is taken: end what uses it, or run PAGES_PORT=${port + 10} make demo\n`,
  );
  assert.equal(existsSync(join(root, ".demo")), false);
});

test("a port that is none, or one for two, is refused", async () => {
  const ports = await freePorts();
  const none = await startDemo({ ...ports, SITE_PORT: "eighty" }).ended;
  assert.deepEqual(none, {
    code: 1,
    output: "SITE_PORT=eighty is not a port: use a number from 1 to 65535.\n",
  });
  const twice = await startDemo({ ...ports, PROXY_PORT: ports.SANDBOX_PORT ?? "" }).ended;
  assert.equal(twice.code, 1);
  assert.match(twice.output, /set for both the sandbox and the proxy: give PROXY_PORT another value/);
});

test("when a program ends by itself the demo says so and ends too", async () => {
  const env = await freePorts();
  const demo = startDemo(env);
  await demo.until("Ctrl-C ends all of it.");
  await fetch(`http://127.0.0.1:${env.PROXY_PORT}/crash`).catch(() => {});
  const { code, output } = await demo.ended;
  assert.equal(code, 1);
  assert.match(output, /the proxy ended with exit code 7, so the demo ends\. Its log: .*proxy\.log\n$/);
});

test("the question it suggests is one the website answers", async () => {
  const question = /const QUESTION = "(.+)";/.exec(await readFile(DEMO, "utf8"))?.[1];
  const file = new URL("../../www/site/questions.json", import.meta.url);
  const questions = JSON.parse(await readFile(file, "utf8"));
  assert.ok(questions.some((/** @type {{ question: string }} */ entry) => entry.question === question));
});
