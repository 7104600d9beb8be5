// WebKitGTK's own browser, driven through its WebDriver; Playwright knows only a WebKit of its own. Run under xvfb-run.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { Builder, Capabilities } from "selenium-webdriver";

/** A port that nothing listens on. */
async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  server.close();
  await once(server, "close");
  return port;
}

/** Starts driver and browser; `quit` ends both. */
export async function startWebKit() {
  const port = await freePort();
  const driverPath = execFileSync("sh", ["-c", "command -v WebKitWebDriver"], { encoding: "utf8" }).trim();
  const driver = spawn(driverPath, [`--port=${port}`], { stdio: "ignore" });
  const exited = once(driver, "exit");
  for (let attempt = 0; ; attempt++) {
    const status = await fetch(`http://127.0.0.1:${port}/status`).catch(() => undefined);
    if (status?.ok) break;
    if (attempt > 200 || driver.exitCode !== null) throw new Error("WebKitWebDriver does not answer");
    await new Promise((again) => setTimeout(again, 50));
  }
  const browser = await new Builder()
    .usingServer(`http://127.0.0.1:${port}`)
    .withCapabilities(new Capabilities({ browserName: "MiniBrowser" }))
    .build();
  await browser.manage().setTimeouts({ script: 30_000, pageLoad: 30_000 });
  return {
    browser,
    async quit() {
      await browser.quit().catch(() => undefined);
      driver.kill();
      await exited;
    },
  };
}
