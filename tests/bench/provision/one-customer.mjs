// One customer, ours beside the guide's own way. README.md says what is measured and how.
import { startStack } from "../../../tools/dev/stack.mjs";
import { openAdmin } from "./browser.mjs";
import { control } from "./control.mjs";
import { setUpByGuide } from "./guide.mjs";
import { programs } from "./programs.mjs";
import { whole } from "./specs.mjs";

const LATENCY_MS = 100;

/** @param {import("@playwright/test").Browser} browser @param {number} rounds */
export async function oneCustomer(browser, rounds) {
  const stack = await startStack({
    commands: programs,
    env: { OPENCX_PROXY_CALLS_A_MINUTE: "0", OPENCX_PROXY_ORG_CALLS_A_MINUTE: "0" },
  });
  try {
    const api = stack.sandbox.url;
    await control(api, "PUT", "variants", { calls_a_minute: 0 });
    await control(api, "POST", "faults", { fault: { latency: { fixed_ms: LATENCY_MS } } });
    const { page, close } = await openAdmin(browser, stack);
    const sides = { ours: /** @type {number[]} */ ([]), guide: /** @type {number[]} */ ([]) };
    const calls = { ours: 0, guide: 0 };

    /** @param {"ours" | "guide"} side @param {string} id */
    async function run(side, id) {
      await control(api, "DELETE", "calls");
      const took =
        side === "ours"
          ? await setUpByUs(page, whole(id))
          : await setUpByGuide(api, stack.partnerKey, whole(id));
      calls[side] = (await control(api, "GET", "calls")).length;
      return took;
    }

    // What is done only once, at the first customer, is nobody's.
    for (const side of /** @type {const} */ (["ours", "guide"])) await run(side, `${side}-0`);
    for (let round = 1; round <= rounds; round++) {
      const order = /** @type {("ours" | "guide")[]} */ (round % 2 ? ["ours", "guide"] : ["guide", "ours"]);
      for (const side of order) sides[side].push(await run(side, `${side}-${round}`));
    }
    await close();
    if (calls.ours !== calls.guide)
      throw new Error(`The sides differ: ${calls.ours} calls and ${calls.guide}.`);
    await mustBeClean(stack);
    return { calls: calls.ours, ...sides };
  } finally {
    await stack.stop();
  }
}

/** @param {import("@playwright/test").Page} page @param {unknown} spec @returns {Promise<number>} */
async function setUpByUs(page, spec) {
  const { took, failed } = await page.evaluate(async (given) => {
    const { admin } = /** @type {any} */ (window);
    const started = performance.now();
    const result = await admin.provision(given);
    const took = performance.now() - started;
    return { took, failed: result.ok ? undefined : JSON.stringify(result.steps) };
  }, spec);
  if (failed !== undefined) throw new Error(`Steps failed: ${failed}`);
  return took;
}

/** @param {import("../../../tools/dev/stack.mjs").Stack} stack */
export async function mustBeClean(stack) {
  const breaches = await stack.breaches();
  if (breaches.length > 0) throw new Error(`The contract is broken: ${JSON.stringify(breaches[0])}`);
}
