import { withHostPage } from "./host-page.js";
import { expect, test } from "./stack.js";
import { widgetToken } from "./widget-token.js";

const chat = 'iframe[title="OpenCX Live Chat"]';

test("update starts the chat anew as it was shown; logout leaves nothing of the visitor", async ({
  page,
  stack,
}) => {
  const token = await widgetToken(stack);
  const html = `<script async src="${stack.pages.url}/dist/script.js" data-token="${token}"
    data-api-url="${stack.sandbox.url}" data-script-url="${stack.sandbox.url}/widget/script.js"></script>`;
  await withHostPage(html, {}, async (url) => {
    await page.goto(url);
    await page.waitForFunction(() => window.OpenCXKit !== undefined);
    await page.evaluate(() => {
      const heard: string[] = [];
      Object.assign(window, { heard });
      document.addEventListener("opencx-ready", () => heard.push("ready"));
      return window.OpenCXKit?.("open");
    });
    const inside = page.frameLocator("opencx-kit iframe").frameLocator(chat);
    await inside.getByRole("textbox").pressSequentially("My order number is 4711");
    await inside.getByRole("textbox").press("Enter");
    await expect(inside.getByText("I do not know")).toBeVisible();

    await page.evaluate(() => {
      const options = {
        theme: { primaryColor: "rgb(1, 2, 3)" },
        accessibility: { widgetTriggerButton: { label: "Ask" } },
      };
      const done = window.OpenCXKit?.("update", options);
      // Arguments are taken at the call.
      options.accessibility = { widgetTriggerButton: { label: "Too late" } };
      return done;
    });
    const launcher = page.getByRole("button", { name: "Ask" });
    await expect(launcher).toHaveCSS("background-color", "rgb(1, 2, 3)");
    await expect(page.getByRole("dialog", { name: "Ask" })).toBeVisible();
    await expect.poll(() => page.evaluate("heard.length")).toBe(2);

    // Still the same visitor: his conversation is listed, and opens.
    await inside.getByRole("button", { name: /I do not know/ }).click();
    await expect(inside.getByText("My order number is 4711")).toBeVisible();

    await page.evaluate(() => window.OpenCXKit?.("logout"));
    await expect.poll(() => page.evaluate("heard.length")).toBe(3);
    await expect(inside.getByRole("textbox")).toBeVisible();
    await expect(inside.getByText("My order number is 4711")).toHaveCount(0);
  });
});

test("a wrong update is refused and changes nothing", async ({ page, stack }) => {
  const token = await widgetToken(stack);
  const html = `<script async src="${stack.pages.url}/dist/script.js" data-token="${token}"></script>`;
  await withHostPage(html, {}, async (url) => {
    await page.goto(url);
    await expect(page.getByRole("button", { name: "Chat with us" })).toBeVisible();
    const refused = await page.evaluate(() =>
      window
        .OpenCXKit?.("update", { language: 5 as unknown as string })
        .catch((error: { code: string; errors: { path: string }[] }) => [error.code, error.errors[0]?.path]),
    );
    expect(refused).toEqual(["INVALID_OPTIONS", "language"]);
    await expect(page.getByRole("button", { name: "Chat with us" })).toBeVisible();
  });
});

test.describe("on a line that drops", () => {
  test.use({ expectedErrors: /Failed to load resource/ });

  test("the script is asked for again, and the chat opens", async ({ page, stack }) => {
    let asked = 0;
    const script = `${stack.sandbox.url}/widget/script.js`;
    await page.route(script, (route) => (++asked < 3 ? route.abort() : route.continue()));
    const html = `<script async src="${stack.pages.url}/dist/script.js" data-token="${await widgetToken(stack)}"
      data-api-url="${stack.sandbox.url}" data-script-url="${script}" data-open-after-seconds="0"></script>`;
    await withHostPage(html, {}, async (url) => {
      await page.goto(url);
      const inside = page.frameLocator("opencx-kit iframe").frameLocator(chat);
      await expect(inside.getByRole("textbox")).toBeVisible();
      expect(asked).toBe(3);
    });
  });
});
