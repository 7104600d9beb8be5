import type {} from "../../www/sdk/script.js";
import { withHostPage } from "./host-page.js";
import { expect, test } from "./stack.js";
import { composer, launcher, withWidget } from "./widget-page.js";
import { widgetToken } from "./widget-token.js";

test("the npm form: load, open, listen, destroy", async ({ page, stack, wire }) => {
  const options = {
    token: await widgetToken(stack),
    apiUrl: stack.sandbox.url,
    scriptUrl: `${stack.sandbox.url}/widget/script.js`,
  };
  await page.goto(stack.site.url);
  const events = await page.evaluate(
    async ({ module, options }) => {
      const { loadWidget } = await import(module);
      const widget = await loadWidget(options);
      const events: string[] = [];
      for (const name of ["open", "ready", "close", "error", "destroy"]) {
        widget.on(name, () => events.push(`${name} ${widget.state}`));
      }
      const ready = new Promise((resolve) => widget.on("ready", resolve));
      widget.open();
      await ready;
      widget.close();
      widget.destroy();
      return events;
    },
    { module: `${stack.pages.url}/dist/embed.js`, options },
  );
  expect(events).toEqual(["open loading", "ready ready", "close ready", "destroy destroyed"]);
  await expect(page.locator("opencx-kit")).toHaveCount(0);
  expect(wire.requests.some((request) => request.includes("/backend/widget/v2/config"))).toBe(true);
});

test("the script tag twice: the second is ignored; calls before it is loaded wait", async ({
  page,
  stack,
}) => {
  const token = await widgetToken(stack);
  const tag = `<script async src="${stack.pages.url}/dist/script.js" data-token="${token}"
    data-api-url="${stack.sandbox.url}" data-script-url="${stack.sandbox.url}/widget/script.js"></script>`;
  await stack.site.saveSnippet(tag + tag);
  await page.goto(stack.site.url);
  await page.waitForFunction(() => window.OpenCXKit !== undefined);
  await page.evaluate(() => window.OpenCXKit?.("open"));
  const panel = page.getByRole("dialog", { name: "Chat with us" });
  await expect(panel).toBeVisible();
  await expect(page.locator("opencx-kit")).toHaveCount(1);
  await page.evaluate(() => window.OpenCXKit?.("close"));
  await expect(panel).toBeHidden();
});

test("the widget's configuration is asked for while its script is still on the way, and only once", async ({
  page,
  stack,
  wire,
}) => {
  const configCalls = () =>
    wire.requests.filter((request) => /^GET .*\/backend\/widget\/v2\/config$/.test(request));
  await page.route("**/widget/script.js", async (route) => {
    await expect.poll(configCalls).toHaveLength(1);
    await route.continue();
  });
  await withWidget(stack, page, { options: { apiUrl: `${stack.sandbox.url}//` } }, async () => {
    await launcher(page).click();
    await expect(composer(page)).toBeVisible();
    expect(configCalls()).toHaveLength(1);
  });
});

test.describe("without the vendor's script", () => {
  test.use({ expectedErrors: /Failed to load resource/ });

  test("a vendor script that cannot be had leaves a launcher that says so", async ({ page, stack }) => {
    const tag = `<script async src="${stack.pages.url}/dist/script.js" data-token="t"
    data-api-url="${stack.sandbox.url}" data-script-url="${stack.sandbox.url}/no/such.js"></script>`;
    await stack.site.saveSnippet(tag);
    await page.goto(stack.site.url);
    await page.getByRole("button", { name: "Chat with us" }).click();
    await expect(page.getByText("The chat cannot be reached right now.")).toBeVisible();
    await expect(page.getByRole("button", { name: "Try again" })).toBeVisible();
  });
});

test.describe("where the page's policy refuses WebAssembly", () => {
  test.use({ expectedErrors: /WebAssembly|Content Security Policy/ });

  test("the vendor's plain embed carries the chat", async ({ page, stack, wire }) => {
    const token = await widgetToken(stack);
    const tag = `<script async src="${stack.pages.url}/dist/script.js" data-token="${token}"
      data-api-url="${stack.sandbox.url}" data-script-url="${stack.sandbox.url}/widget/script.js"></script>`;
    const policy = { "content-security-policy": `script-src ${stack.pages.url} ${stack.sandbox.url}` };
    await withHostPage(tag, policy, async (url) => {
      await page.goto(url);
      await page.frameLocator('iframe[title="OpenCX Live Chat Trigger"]').getByRole("button").click();
      const chat = page.frameLocator('iframe[title="OpenCX Live Chat"]');
      await expect(chat.getByRole("textbox")).toBeVisible();
      await expect(page.locator("opencx-kit")).toHaveCount(0);
      const code = await page.evaluate(() =>
        window.OpenCXKit?.("open").catch((error: { code: string }) => error.code),
      );
      expect(code).toBe("NOT_SUPPORTED");
    });
    expect(wire.requests.some((request) => request.endsWith("/embed.js"))).toBe(true);
  });
});
