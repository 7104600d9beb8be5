/** @typedef {import("./measure.mjs").Run} Run */

/**
 * When each request of a run began and ended, and each long task: where a missed limit comes from.
 *
 * @param {string} page
 * @param {Run} run
 * @returns {string[]}
 */
export function waterfallOf(page, run) {
  const time = (/** @type {number | undefined} */ value) =>
    (value === undefined ? "-" : Math.round(value).toString()).padStart(6);
  const events = [
    ...run.requests.map(({ start, end, url, type, bytes, cached, failed }) => ({
      start,
      text: `${time(start)} ${time(end)}  ${type.padEnd(9)} ${new URL(url).pathname} ${failed ?? (cached ? "from cache" : `${bytes} bytes`)}`,
    })),
    ...run.longTasks.map(({ startTime, duration }) => ({
      start: startTime,
      text: `${time(startTime)} ${time(startTime + duration)}  long task ${Math.round(duration)} ms`,
    })),
  ].sort((a, b) => a.start - b.start);
  const marks = ["launcher", "composer", "clickToChat"].flatMap((name) => {
    const value = run[/** @type {"launcher"} */ (name)];
    return value === undefined ? [] : [`${name} ${Math.round(value)}`];
  });
  return [`${page}: ${marks.join(", ")}`, ...events.map(({ text }) => text)];
}
