import { chromium } from "@playwright/test";
import { CHROMIUM } from "../../../tools/dev/browsers.mjs";

export function launch() {
  return chromium.launch(CHROMIUM);
}

/**
 * A page of the proxy's allowed origin with `window.admin`, connected. Its wasm memory is `window.wasmMemory`.
 *
 * @param {import("@playwright/test").Browser} browser
 * @param {import("../../../tools/dev/stack.mjs").Stack} stack
 */
export async function openAdmin(browser, stack) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.addInitScript(() => {
    const instantiate = WebAssembly.instantiateStreaming;
    WebAssembly.instantiateStreaming = async (...given) => {
      const made = await instantiate(...given);
      // Its name is whatever the build has made of it.
      const memory = Object.values(made.instance.exports).find((it) => it instanceof WebAssembly.Memory);
      Object.assign(window, { wasmMemory: memory });
      return made;
    };
  });
  // A file of the page's origin, and no page of its own that would do anything.
  await page.goto(`${stack.pages.url}/dist/integrity.json`);
  await page.evaluate(
    async ({ module, proxyUrl }) => {
      const { connect } = await import(module);
      Object.assign(window, { admin: await connect({ proxyUrl }) });
    },
    { module: `${stack.pages.url}/dist/admin.js`, proxyUrl: stack.proxy.url },
  );
  return { page, close: () => context.close() };
}
