import { execFileSync } from "node:child_process";
import { defineConfig } from "@playwright/test";

// The system's browsers: those of Playwright's own cannot be had everywhere.
const find = (name: string) => execFileSync("sh", ["-c", `command -v ${name}`], { encoding: "utf8" }).trim();

const CHROMIUM = {
  executablePath: find("chromium"),
  args: [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
  ],
};

const WITH_CACHE = /back-forward-cache\.spec/;

/** Not run in Firefox: driven through BiDi, it takes no emulated media, and the admin page's own way is not the engine's. */
const CHROMIUM_ONLY = /\/(journey|failures|back-forward-cache)\.spec/;

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
  use: { screenshot: "only-on-failure", trace: "off" },
  projects: [
    { name: "chromium", use: { launchOptions: CHROMIUM }, testIgnore: WITH_CACHE },
    {
      name: "chromium-with-cache",
      // Playwright switches the back/forward cache off.
      use: { launchOptions: { ...CHROMIUM, ignoreDefaultArgs: ["--disable-back-forward-cache"] } },
      testMatch: WITH_CACHE,
    },
    {
      name: "firefox",
      // The system's Firefox ESR, through WebDriver BiDi.
      use: {
        browserName: "firefox",
        channel: "moz-firefox",
        launchOptions: { executablePath: find("firefox-esr") },
      },
      testIgnore: CHROMIUM_ONLY,
    },
  ],
});
