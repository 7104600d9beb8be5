import type { Admin } from "../sdk/admin.js";
import type { Spec } from "../sdk/provision.js";
import { number } from "./number.js";

/** What the platform takes from batches in a minute. */
const CALLS_A_MINUTE = 97;
const NAMED = 3;

/** What a batch of these specs would begin, in lines for people. */
export function outline(admin: Admin, specs: readonly Spec[]): string[] {
  const sum = (of: (spec: Spec) => number) => specs.reduce((all, spec) => all + of(spec), 0);
  const emails = specs.flatMap(({ members = [] }) =>
    members.filter(({ access }) => access !== "login-link").map(({ email }) => email),
  );
  // The snippet is written in a page, and asks nobody.
  const calls = sum((spec) => admin.steps(spec).filter(({ kind }) => kind !== "snippet").length);
  const minutes = Math.ceil(calls / CALLS_A_MINUTE);
  const lines = [
    `Customers: ${number(specs.length)}. Who is done already costs no write.`,
    `Websites to be read: ${number(sum(({ crawl }) => (crawl ? 1 : 0)))}. Trainings: ${number(sum(({ trainings = [] }) => trainings.length))}.`,
    `Steps: ${number(calls)}. The platform takes ${CALLS_A_MINUTE} a minute: ${minutes === 1 ? "a minute" : `${number(minutes)} minutes`} or so.`,
  ];
  const others = emails.length - NAMED;
  if (emails.length > 0) {
    const named = emails.slice(0, NAMED).join(", ");
    lines.push(`An e-mail goes to ${named}${others > 0 ? `, and ${number(others)} more` : ""}.`);
  }
  return lines;
}
