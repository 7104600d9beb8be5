/** @typedef {import("./measure.mjs").Run} Run */

/**
 * Medians of one side under one condition, with the extremes beside them.
 *
 * @typedef {{ median: number, least: number, most: number }} Summary
 */

/** @param {readonly number[]} values @returns {Summary} */
export function summarize(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  return { median, least: sorted[0], most: sorted[sorted.length - 1] };
}

/**
 * @typedef {object} Measure
 * @property {string} name
 * @property {string} ours Page of ours, of pages.mjs.
 * @property {string | null} theirs Page it is compared with. Null: ours stands alone.
 * @property {(run: Run) => number | undefined} of
 * @property {boolean} [withoutPage] What the page costs by itself is taken off both.
 * @property {number} [limit] Of the ratio; where ours stands alone, of the value. As the issue has it.
 * @property {boolean} [slowOnly] The limit is for the slow network only.
 * @property {number} [digits]
 */

/** @type {readonly Measure[]} */
const MEASURES = [
  { name: "bytes before intent", ours: "kit", theirs: "vendor", of: (run) => run.bytes, limit: 0.07 },
  {
    name: "launcher visible, ms",
    ours: "kit",
    theirs: "vendor",
    of: (run) => run.launcher,
    limit: 0.25,
    slowOnly: true,
  },
  { name: "  against `defer`", ours: "kit", theirs: "vendor-defer", of: (run) => run.launcher },
  {
    name: "blocking, ms",
    ours: "kit",
    theirs: "vendor",
    of: (run) => run.blocking,
    withoutPage: true,
    limit: 0.05,
  },
  { name: "layout shift", ours: "kit", theirs: null, of: (run) => run.shift, limit: 0, digits: 4 },
  {
    name: "eager: chat, ms",
    ours: "kit-eager",
    theirs: "vendor-open",
    of: (run) => run.composer,
    limit: 1.05,
  },
  { name: "  against it closed", ours: "kit-eager", theirs: "vendor", of: (run) => run.composer },
  { name: "click to chat, ms", ours: "kit", theirs: "facade", of: (run) => run.clickToChat, limit: 1 },
];

/**
 * The table for one condition, one line each.
 *
 * @param {string} condition
 * @param {boolean} slow
 * @param {ReadonlyMap<string, readonly Run[]>} runs By page.
 * @returns {string[]}
 */
export function tableOf(condition, slow, runs) {
  const rows = MEASURES.map((measure) => {
    const { name, ours, theirs, limit, digits = 0 } = measure;
    const own = valuesOf(measure, ours, runs);
    const other = theirs === null ? null : valuesOf(measure, theirs, runs);
    const compared = other === null ? own.median : own.median / other.median;
    const applies = limit !== undefined && (slow || !measure.slowOnly);
    return [
      name,
      written(own, digits),
      other === null ? "" : written(other, digits),
      other === null ? "" : compared.toFixed(3),
      applies ? String(limit) : "",
      applies ? (compared <= limit ? "met" : "MISSED") : "",
    ];
  });
  const all = [[condition, "ours", "theirs", "ratio", "limit", ""], ...rows];
  const widths = all[0].map((_, column) => Math.max(...all.map((row) => row[column].length)));
  return all.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column])))
      .join("  ")
      .trimEnd(),
  );
}

/** @param {Measure} measure @param {string} page @param {ReadonlyMap<string, readonly Run[]>} runs */
function valuesOf({ of, withoutPage }, page, runs) {
  const take = (/** @type {string} */ name) =>
    (runs.get(name) ?? []).map((run) => {
      const value = of(run);
      if (value === undefined)
        throw new Error(`A run of the page "${name}" has not measured what the table needs.`);
      return value;
    });
  const own = withoutPage ? summarize(take("none")).median : 0;
  return summarize(take(page).map((value) => Math.max(0, value - own)));
}

/** @param {Summary} summary @param {number} digits */
function written({ median, least, most }, digits) {
  const number = (/** @type {number} */ value) =>
    value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return `${number(median)} (${number(least)}-${number(most)})`;
}
