import type { Page } from "@playwright/test";
import { expect, test } from "./stack.js";
import { heard, launcher, panel, state, withWidget } from "./widget-page.js";

const options = { host: "page" };
/** The vendor's own panel, in the page itself. */
const vendor = (page: Page) => page.getByRole("dialog", { name: "Support chat" });
const inside = (page: Page) => page.frameLocator('#opencx-root iframe[title="OpenCX Live Chat"]');

test("in the page, the kit's launcher opens and closes the vendor's panel, and the conversation stays", async ({
  page,
  stack,
}) => {
  await withWidget(stack, page, { options }, async () => {
    await launcher(page).click();
    await expect(inside(page).getByRole("textbox")).toBeVisible();
    await expect(panel(page)).toBeHidden();
    await expect(page.locator('iframe[title="OpenCX Live Chat Trigger"]')).toHaveCount(0);
    await inside(page).getByRole("textbox").pressSequentially("My order number is 4711");
    await inside(page).getByRole("textbox").press("Enter");
    await expect(inside(page).getByText("I do not know")).toBeVisible();

    await launcher(page).click();
    await expect(vendor(page)).toBeHidden();
    await expect(launcher(page)).toHaveAttribute("aria-expanded", "false");
    await launcher(page).click();
    await expect(inside(page).getByText("My order number is 4711")).toBeVisible();

    // The vendor's own Escape, in the page.
    await page.locator("#field").focus();
    await page.keyboard.press("Escape");
    await expect(vendor(page)).toBeHidden();
    await expect(launcher(page)).toHaveAttribute("aria-expanded", "false");
    expect((await heard(page)).at(-1)).toBe("close");
  });
});

test("opened by itself while a visitor is typing, it takes no key", async ({ page, stack }) => {
  await withWidget(stack, page, { options: { ...options, openAfterSeconds: 0.1 } }, async () => {
    await page.locator("#field").focus();
    await page.keyboard.type("thirty letters that must not go", { delay: 20 });
    await expect.poll(() => state(page)).toBe("ready");
    await expect(vendor(page)).toBeVisible();
    await page.keyboard.type("!");
    await expect(page.locator("#field")).toHaveValue("thirty letters that must not go!");
  });
});

test("destroyed, it takes its element and script along", async ({ page, stack }) => {
  await withWidget(stack, page, { options }, async () => {
    await launcher(page).click();
    await expect(inside(page).getByRole("textbox")).toBeVisible();
    await page.evaluate(() => window.widget.destroy());
    await expect(page.locator("#opencx-root, opencx-kit, script[src*='/widget/script.js']")).toHaveCount(0);
  });
});

test.describe("with a script that had failed before", () => {
  test.use({ expectedErrors: /Failed to load resource/ });

  test("its tag is not waited for", async ({ page, stack }) => {
    const address = `${stack.sandbox.url}/widget/script.js`;
    let asked = 0;
    await page.route(address, (route) => (++asked === 1 ? route.abort() : route.continue()));
    await withWidget(stack, page, { options, html: `<script src="${address}"></script>` }, async () => {
      expect(asked).toBe(1);
      await launcher(page).click();
      await expect(inside(page).getByRole("textbox")).toBeVisible();
    });
  });
});
