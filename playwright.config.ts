import { execFileSync } from "node:child_process";
import { defineConfig } from "@playwright/test";

// The system's Chromium: a browser of Playwright's own cannot be had everywhere.
const chromium = execFileSync("sh", ["-c", "command -v chromium"], { encoding: "utf8" }).trim();

export default defineConfig({
  testDir: "tests/e2e",
  outputDir: "test-results",
  // Each worker runs a stack of four programs and a browser.
  workers: 2,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  forbidOnly: true,
  retries: 0,
  reporter: "list",
  use: {
    launchOptions: {
      executablePath: chromium,
      args: [
        "--no-sandbox",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
      ],
    },
    screenshot: "only-on-failure",
    trace: "off",
  },
});
