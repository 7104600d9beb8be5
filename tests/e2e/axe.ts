import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "@playwright/test";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe finds in a page, by the names of its rules. The page's own policy takes no script from outside; automation does. */
export function violations(page: Page): Promise<string[]> {
  return page.evaluate(`${axe}; axe.run().then((r) => r.violations.map((v) => v.id))`);
}
