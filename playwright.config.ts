import { defineConfig } from "@playwright/test";
import { CHROMIUM, find } from "./tools/dev/browsers.mjs";

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
