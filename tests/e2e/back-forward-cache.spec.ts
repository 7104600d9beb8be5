import { expect, test } from "./stack.js";
import { chatWith, launcher, withWidget } from "./widget-page.js";

test("a page with an open chat is kept, and works when it is back", async ({ page, stack }) => {
  await withWidget(stack, page, {}, async ({ url }) => {
    await launcher(page).click();
    await chatWith(page, "My order number is 4711");
    await page.evaluate(() => {
      addEventListener("pageshow", ({ persisted }) => Object.assign(window, { persisted }));
    });
    await page.goto(`${stack.site.url}`);
    // Playwright waits for a `load` that a page from the cache does not fire.
    await page.goBack({ waitUntil: "commit" });
    expect(page.url()).toBe(url);
    expect(await page.evaluate("window.persisted")).toBe(true);
    // Playwright no longer knows the frames of a page that comes from the cache.
    const works = await page.evaluate(async () => {
      const outer = document
        .querySelector("opencx-kit")
        ?.shadowRoot?.querySelector("iframe")?.contentDocument;
      const inner = outer?.querySelector("iframe")?.contentDocument;
      const textarea = inner?.querySelector("textarea");
      if (!inner || !textarea) return "no chat";
      const before = inner.body.textContent ?? "";
      textarea.value = "Is anybody there?";
      textarea.dispatchEvent(new Event("input", { bubbles: true }));
      textarea.form?.requestSubmit();
      return before.includes("4711") && inner.body.textContent?.includes("Is anybody there?");
    });
    expect(works).toBe(true);
    const sent = async () => {
      const calls = await (await fetch(`${stack.sandbox.url}/_sandbox/calls`)).json();
      return calls.filter(({ method, path }: { method: string; path: string }) =>
        `${method} ${path}`.match(/^POST .*chat\/send/),
      ).length;
    };
    await expect.poll(sent).toBe(2);
  });
});
