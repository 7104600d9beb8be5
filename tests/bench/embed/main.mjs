// `make bench-embed`: our script tag beside the vendor's own snippet. README.md says what is measured and how.
import { chromium } from "@playwright/test";
import { CHROMIUM } from "../../../tools/dev/browsers.mjs";
import { CONDITIONS, SIDES, visit } from "./measure.mjs";
import { startOrigins } from "./origins.mjs";
import { tableOf } from "./table.mjs";
import { waterfallOf } from "./waterfall.mjs";

const rounds = Number(process.env.BENCH_RUNS ?? 7);
if (!Number.isInteger(rounds) || rounds < 1) {
  throw new Error(
    `BENCH_RUNS is "${process.env.BENCH_RUNS}": give the number of runs of each side, such as 7.`,
  );
}

const origins = await startOrigins();
const browser = await chromium.launch(CHROMIUM);
try {
  // What the browser does only once, at its first pages, is nobody's.
  for (const side of SIDES) await visit(browser, origins.page, side, CONDITIONS[1]);

  const measured = CONDITIONS.map((conditions) => ({
    conditions,
    /** @type {Map<string, import("./measure.mjs").Run[]>} */
    runs: new Map(SIDES.map(({ page }) => [page, []])),
  }));
  for (let round = 1; round <= rounds; round++) {
    process.stderr.write(`run ${round} of ${rounds}\n`);
    // Sides by turns, and every other time backwards: what else the machine does falls on all alike.
    const order = round % 2 ? SIDES : [...SIDES].reverse();
    for (const { conditions, runs } of measured) {
      for (const side of order)
        runs.get(side.page)?.push(await visit(browser, origins.page, side, conditions));
    }
  }

  console.log(`\nMedians of ${rounds} (least-most), Chromium ${browser.version()}`);
  for (const { conditions, runs } of measured) {
    console.log(`\n${tableOf(conditions.name, conditions.network !== null, runs).join("\n")}`);
    if (!process.env.BENCH_DETAILS) continue;
    for (const [page, [run]] of runs) console.log(`\n${waterfallOf(page, run).join("\n")}`);
  }
} finally {
  await browser.close();
  await origins.stop();
}
