// `make bench-provision`: one customer beside the guide's own way, and 500 within the platform's limit. README.md says how.
import { launch } from "./browser.mjs";
import { manyCustomers } from "./many-customers.mjs";
import { oneCustomer } from "./one-customer.mjs";

/** @param {string} name @param {number} usual */
function wholeNumber(name, usual) {
  const number = Number(process.env[name] ?? usual);
  if (Number.isInteger(number) && number > 0) return number;
  throw new Error(`${name} is "${process.env[name]}": give a number such as ${usual}.`);
}

const rounds = wholeNumber("BENCH_RUNS", 7);
const customers = wholeNumber("BENCH_CUSTOMERS", 500);

/** @param {number[]} times */
function summary(times) {
  const sorted = times.toSorted((a, b) => a - b);
  const [least, median, most] = [sorted[0], sorted[Math.floor(sorted.length / 2)], sorted[sorted.length - 1]];
  return { median, text: `${median.toFixed(0)} ms (${least.toFixed(0)}-${most.toFixed(0)})` };
}

/** @param {string} name @param {string} value @param {string} limit @param {boolean} met */
const line = (name, value, limit, met) =>
  console.log(`  ${name.padEnd(28)}${value.padStart(26)}   ${limit.padEnd(12)}${met ? "met" : "MISSED"}`);

const browser = await launch();
try {
  const one = await oneCustomer(browser, rounds);
  const [ours, guide] = [summary(one.ours), summary(one.guide)];
  const ratio = ours.median / guide.median;
  console.log(
    `\nOne customer: ${one.calls} calls, 100 ms added to each answer; medians of ${rounds} (least-most)`,
  );
  console.log(`  ${"the guide's way".padEnd(28)}${guide.text.padStart(26)}`);
  console.log(`  ${"ours".padEnd(28)}${ours.text.padStart(26)}`);
  line("ratio", ratio.toFixed(3), "<= 0.35", ratio <= 0.35);

  const many = await manyCustomers(browser, customers);
  const minutes = (many.took * many.speed) / 60_000;
  console.log(
    `\n${customers} customers: ${many.calls} calls, ${many.limited} of them with the partner's key, in ${minutes.toFixed(1)} of the platform's minutes, its clock ${many.speed} times as fast`,
  );
  line("used of what is allowed", `${(many.used * 100).toFixed(1)} %`, ">= 95 %", many.used >= 0.95);
  line("answers 429", String(many.refused), "0", many.refused === 0);
  line("duplicates", String(many.duplicates), "0", many.duplicates === 0);
  line("memory of the tab", `+${many.grownMb.toFixed(1)} MB`, "< 20 MB", many.grownMb < 20);
} finally {
  await browser.close();
}
