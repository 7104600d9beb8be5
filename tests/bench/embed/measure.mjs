import { readFile } from "node:fs/promises";

/**
 * @typedef {object} Conditions
 * @property {string} name
 * @property {number} cpu How many times slower the processor is made.
 * @property {{ bytesPerSecond: number, latencyMs: number } | null} network Null: as it is.
 */

/** @type {readonly Conditions[]} */
export const CONDITIONS = Object.freeze([
  { name: "slow 4G, 4x CPU", cpu: 4, network: { bytesPerSecond: 1_600_000 / 8, latencyMs: 150 } },
  { name: "unthrottled", cpu: 1, network: null },
]);

/**
 * @typedef {object} Side
 * @property {string} page Of pages.mjs.
 * @property {"launcher" | "composer" | null} until What has to be there before it can become quiet.
 * @property {boolean} click Whether it is then hovered and clicked.
 */

/** Beside their own measures: nothing at all, whose cost is taken off both. @type {readonly Side[]} */
export const SIDES = Object.freeze([
  { page: "none", until: null, click: false },
  { page: "vendor", until: "composer", click: false },
  { page: "kit", until: "launcher", click: true },
  { page: "facade", until: "launcher", click: true },
  { page: "kit-eager", until: "composer", click: false },
  { page: "vendor-open", until: "composer", click: false },
  { page: "vendor-defer", until: "composer", click: false },
]);

/**
 * @typedef {object} Run Milliseconds and bytes; times from the start of the navigation.
 * @property {number} bytes On the wire up to quiet, without the page itself.
 * @property {number} [launcher]
 * @property {number} [composer]
 * @property {number} blocking Total blocking time up to quiet.
 * @property {number} shift
 * @property {number} [clickToChat]
 * @property {readonly Request[]} requests Of the whole run, the click included.
 * @property {readonly { startTime: number, duration: number }[]} longTasks Likewise.
 */

/**
 * @typedef {object} Request
 * @property {string} url
 * @property {string} type
 * @property {number} start
 * @property {number} [end]
 * @property {number} bytes
 * @property {boolean} cached
 * @property {string} [failed]
 */

const QUIET_MS = 1_000;
const PATIENCE_MS = 60_000;
const VENDOR_SCRIPT = "/vendor/script.js";

/**
 * One visit by somebody who was never there.
 *
 * @param {import("@playwright/test").Browser} browser
 * @param {string} origin
 * @param {Side} side
 * @param {Conditions} conditions
 * @returns {Promise<Run>}
 */
export async function visit(browser, origin, side, conditions) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    await page.addInitScript(await readFile(new URL("probe.js", import.meta.url), "utf8"));
    const devtools = await context.newCDPSession(page);
    const wire = await watchWire(devtools);
    const marks = await watchMarks(devtools);
    await throttle(devtools, conditions);

    await page.goto(`${origin}/${side.page}`, { waitUntil: "load" });
    if (side.until) await marks.seen(side.until);
    await quiet(page, wire);
    const before = await page.evaluate(() => ({ ...window.bench, marks: { ...window.bench.marks } }));
    const run = {
      bytes: wire.requests.reduce(
        (sum, request) => sum + (request.type === "Document" ? 0 : request.bytes),
        0,
      ),
      launcher: before.marks.launcher,
      composer: before.marks.composer,
      blocking: before.longTasks.reduce((sum, task) => sum + Math.max(0, task.duration - 50), 0),
      shift: before.shift,
      requests: wire.requests,
      longTasks: before.longTasks,
    };
    if (!side.click) return checkThrottling(run, conditions);

    const target = page.locator("opencx-kit button.launcher, #facade");
    await target.hover();
    await wire.finished(VENDOR_SCRIPT);
    await quiet(page, wire);
    await page.mouse.down();
    await page.mouse.up();
    await marks.seen("usableComposer");
    await quiet(page, wire);
    const after = await page.evaluate(() => window.bench);
    return checkThrottling(
      {
        ...run,
        clickToChat: after.marks.usableComposer - after.clickedAt,
        requests: wire.requests,
        longTasks: after.longTasks,
      },
      conditions,
    );
  } finally {
    await context.close();
  }
}

/** @param {import("@playwright/test").CDPSession} devtools @param {Conditions} conditions */
async function throttle(devtools, { cpu, network }) {
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: cpu });
  if (!network) return;
  await devtools.send("Network.emulateNetworkConditions", {
    offline: false,
    latency: network.latencyMs,
    downloadThroughput: network.bytesPerSecond,
    uploadThroughput: network.bytesPerSecond,
  });
}

/**
 * The network's throttling must reach the frame's requests as the page's own: if one day it does not, nothing here is true.
 *
 * @param {Run} run
 * @param {Conditions} conditions
 */
function checkThrottling(run, { name, network }) {
  for (const { url, start, end, bytes, cached } of run.requests) {
    if (!network || cached || end === undefined || !url.endsWith(VENDOR_SCRIPT)) continue;
    const least = (bytes / network.bytesPerSecond) * 1000 * 0.8;
    if (end - start >= least) continue;
    throw new Error(
      `The vendor's script came in ${Math.round(end - start)} ms under "${name}", where it takes ${Math.round(least)} at least: the browser does not throttle it.`,
    );
  }
  return run;
}

/** Until the network and the main thread have had nothing to do for a while. */
async function quiet(page, wire) {
  const giveUp = Date.now() + PATIENCE_MS;
  for (;;) {
    const idle = wire.idleMs();
    // Not asked while the network is busy: each question costs the page time.
    const left = idle < QUIET_MS ? QUIET_MS - idle : QUIET_MS - (await page.evaluate(sinceLastTask));
    if (left <= 0) return;
    if (Date.now() > giveUp) throw new Error("The page did not become quiet.");
    await new Promise((resolve) => setTimeout(resolve, left));
  }
}

function sinceLastTask() {
  const last = window.bench.longTasks.at(-1);
  return last ? performance.now() - last.startTime - last.duration : Number.POSITIVE_INFINITY;
}

/** @param {import("@playwright/test").CDPSession} devtools */
async function watchWire(devtools) {
  /** @type {Map<string, Request>} */
  const byId = new Map();
  const waiting = new Set();
  let first = 0;
  let changed = Date.now();
  const touch = () => {
    changed = Date.now();
    for (const check of waiting) check();
  };
  devtools.on("Network.requestWillBeSent", ({ requestId, request, type, timestamp }) => {
    if (!/^https?:/.test(request.url)) return;
    first ||= timestamp;
    byId.set(requestId, {
      url: request.url,
      type: type ?? "Other",
      start: (timestamp - first) * 1000,
      bytes: 0,
      cached: false,
    });
    touch();
  });
  devtools.on("Network.requestServedFromCache", ({ requestId }) => {
    const request = byId.get(requestId);
    if (request) request.cached = true;
  });
  devtools.on("Network.responseReceived", ({ requestId, response }) => {
    const request = byId.get(requestId);
    if (request && (response.fromDiskCache || response.fromPrefetchCache)) request.cached = true;
  });
  devtools.on("Network.loadingFinished", ({ requestId, timestamp, encodedDataLength }) => {
    const request = byId.get(requestId);
    if (!request) return;
    request.end = (timestamp - first) * 1000;
    if (!request.cached) request.bytes = encodedDataLength;
    touch();
  });
  devtools.on("Network.loadingFailed", ({ requestId, timestamp, errorText }) => {
    const request = byId.get(requestId);
    if (!request) return;
    request.end = (timestamp - first) * 1000;
    request.failed = errorText;
    touch();
  });
  await devtools.send("Network.enable");
  const requests = () => [...byId.values()];
  return {
    get requests() {
      return requests();
    },
    idleMs: () => (requests().every(({ end }) => end !== undefined) ? Date.now() - changed : 0),
    /** @param {string} path */
    finished: (path) =>
      until(`a complete ${path}`, waiting, () =>
        requests().some(({ url, end, failed }) => url.endsWith(path) && end !== undefined && !failed),
      ),
  };
}

/** @param {import("@playwright/test").CDPSession} devtools */
async function watchMarks(devtools) {
  const seen = new Set();
  const waiting = new Set();
  devtools.on("Runtime.bindingCalled", ({ name, payload }) => {
    if (name !== "benchMark") return;
    seen.add(payload);
    for (const check of waiting) check();
  });
  await devtools.send("Runtime.enable");
  await devtools.send("Runtime.addBinding", { name: "benchMark" });
  return { seen: (/** @type {string} */ mark) => until(mark, waiting, () => seen.has(mark)) };
}

/**
 * @param {string} what
 * @param {Set<() => void>} waiting Called whenever something may have changed.
 * @param {() => boolean} holds
 */
function until(what, waiting, holds) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => end(() => reject(new Error(`Waited in vain for ${what}.`))), PATIENCE_MS);
    const end = (/** @type {() => void} */ settle) => {
      clearTimeout(timer);
      waiting.delete(check);
      settle();
    };
    const check = () => {
      if (holds()) end(() => resolve(undefined));
    };
    waiting.add(check);
    check();
  });
}
