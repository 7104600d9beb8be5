import { expect, test } from "./stack.js";
import { chatWith, composer, heard, launcher, panel, state, withWidget } from "./widget-page.js";

test("nothing at all before consent; a call made meanwhile is not lost", async ({ page, stack, wire }) => {
  await withWidget(stack, page, { options: { consent: "required", strategy: "eager" } }, async () => {
    await page.evaluate(() => window.widget.open());
    await page.evaluate(() => new Promise((idle) => requestIdleCallback(idle)));
    expect(await state(page)).toBe("withheld");
    await expect(page.locator("opencx-kit")).toHaveCount(0);
    expect(wire.requests.filter((request) => request.includes(stack.sandbox.url))).toEqual([]);
    expect(await page.evaluate(() => [localStorage.length, document.cookie])).toEqual([0, ""]);
    expect(await heard(page)).toEqual([]);

    await page.evaluate(() => window.widget.consent("grant"));
    await expect(composer(page)).toBeVisible();
    await expect(launcher(page)).toBeVisible();
  });
});

test("refused, the widget is gone, and with it what was kept on this device", async ({ page, stack }) => {
  await withWidget(stack, page, { options: { consent: "required" } }, async ({ token }) => {
    await page.evaluate(() => window.widget.consent("grant"));
    await launcher(page).click();
    await chatWith(page, "My order number is 4711");
    expect(await page.evaluate(() => Object.keys(localStorage).join())).toContain(token);
    await page.evaluate(() => window.widget.consent("deny"));
    await expect(page.locator("opencx-kit")).toHaveCount(0);
    expect(await page.evaluate(() => localStorage.length)).toBe(0);
    expect(await state(page)).toBe("destroyed");
    await page.evaluate(() => window.widget.consent("grant"));
    await expect(panel(page)).toHaveCount(0);
  });
});

test("a word that is none is refused", async ({ page, stack }) => {
  await withWidget(stack, page, { options: { consent: "required" } }, async () => {
    const code = await page.evaluate(() => {
      try {
        window.widget.consent("yes" as "grant");
      } catch (error) {
        return (error as { code: string }).code;
      }
    });
    expect(code).toBe("INVALID_OPTIONS");
  });
});
