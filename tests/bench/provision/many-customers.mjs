// Many customers through the platform's minute. README.md says what is measured and how.
import { startStack } from "../../../tools/dev/stack.mjs";
import { openAdmin } from "./browser.mjs";
import { control } from "./control.mjs";
import { mustBeClean } from "./one-customer.mjs";
import { programs } from "./programs.mjs";
import { slim } from "./specs.mjs";

/** How many of the sandbox's seconds go by in one of the machine's. */
const SPEED = 5;
/** The proxy's own (`proxy/src/config/limits.rs`). */
const WINDOW_MS = 60_500;
const REQUESTS_A_MINUTE = 600;

/** @param {import("@playwright/test").Browser} browser @param {number} count */
export async function manyCustomers(browser, count) {
  const windowMs = WINDOW_MS / SPEED;
  const stack = await startStack({
    commands: programs,
    env: {
      OPENCX_PROXY_BUDGET_WINDOW_MS: String(windowMs),
      OPENCX_PROXY_REQUESTS_A_MINUTE: String(REQUESTS_A_MINUTE * SPEED),
    },
  });
  try {
    const api = stack.sandbox.url;
    await control(api, "PUT", "clock", { speed: SPEED });
    const { page, close } = await openAdmin(browser, stack);
    const share = await shareOfBatches(stack.proxy.url);
    const before = await memoryOf(page);
    const { took, result } = await page.evaluate(
      async (specs) => {
        const { admin } = /** @type {any} */ (window);
        const started = performance.now();
        const result = await admin.provisionMany(specs, { inFlight: 8 });
        const took = performance.now() - started;
        Object.assign(window, { kept: result });
        const failed = result.customers.find((/** @type {any} */ customer) => customer.outcome !== "done");
        return { took, result: { done: result.done, failed: JSON.stringify(failed) } };
      },
      Array.from({ length: count }, (_, index) => slim(index)),
    );
    const after = await memoryOf(page);
    await close();
    if (result.done !== count)
      throw new Error(`${result.done} of ${count} are done. The first that is not: ${result.failed}`);
    await mustBeClean(stack);
    const calls = /** @type {{ path: string, status: number }[]} */ (await control(api, "GET", "calls"));
    const limited = calls.filter(({ path }) => path.startsWith("/partner/")).length;
    return {
      calls: calls.length,
      limited,
      took,
      speed: SPEED,
      used: limited / ((share * took) / windowMs),
      refused: calls.filter(({ status }) => status === 429).length,
      duplicates: duplicatesIn(await control(api, "GET", "state"), count),
      grownMb: (after - before) / 2 ** 20,
    };
  } finally {
    await stack.stop();
  }
}

/** The calls of a window that the proxy gives to batches, as it says on each answer. @param {string} proxy */
async function shareOfBatches(proxy) {
  const policy = (await fetch(`${proxy}/v1/customers/nobody`)).headers.get("ratelimit-policy");
  const share = Number(/"batch";q=(\d+)/.exec(policy ?? "")?.[1]);
  if (!(share > 0)) throw new Error(`The proxy says no share of batches: ${policy}`);
  return share;
}

/** Bytes. @param {import("@playwright/test").Page} page */
async function memoryOf(page) {
  const session = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  await session.detach();
  return usedSize + (await page.evaluate(() => /** @type {any} */ (window).wasmMemory.buffer.byteLength));
}

/** Orgs and trainings that are there more than once. @param {any} state @param {number} count */
function duplicatesIn({ world }, count) {
  const orgs = /** @type {any[]} */ (Object.values(world.orgs));
  if (orgs.length < count) throw new Error(`Only ${orgs.length} of ${count} orgs are there.`);
  const more = (/** @type {string[]} */ names) => names.length - new Set(names).size;
  return orgs.reduce(
    (sum, org) =>
      sum + more(org.knowledge.trainings.map((/** @type {any} */ { title }) => title)) + org.keys.length - 1,
    more(orgs.map(({ external_id }) => external_id)),
  );
}
