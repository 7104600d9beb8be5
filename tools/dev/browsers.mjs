// The system's browsers, as tests, benchmarks and pictures start them: those of Playwright's own cannot be had everywhere.
import { execFileSync } from "node:child_process";

/** @param {string} name */
export const find = (name) => execFileSync("sh", ["-c", `command -v ${name}`], { encoding: "utf8" }).trim();

export const CHROMIUM = {
  executablePath: find("chromium"),
  args: [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
  ],
};
