import { expect, test } from "./stack.js";
import { chatWith, composer, launcher, panel, withWidget } from "./widget-page.js";

test("a real button: name, state, kind of popup, 44 pixels, visible focus", async ({ page, stack }) => {
  const options = { theme: { widgetTrigger: { size: { button: 20 } } } };
  await withWidget(stack, page, { options }, async () => {
    const button = page.getByRole("button", { name: "Chat with us" });
    await expect(button).toHaveAttribute("aria-expanded", "false");
    await expect(button).toHaveAttribute("aria-haspopup", "dialog");
    const box = await button.boundingBox();
    expect([box?.width, box?.height]).toEqual([44, 44]);
    await page.locator("#field").focus();
    await page.keyboard.press("Tab");
    await expect(button).toBeFocused();
    await expect(button).toHaveCSS("outline-style", "solid");
    await page.keyboard.press("Space");
    await expect(button).toHaveAttribute("aria-expanded", "true");
    await expect(composer(page)).toBeFocused();
    await page.keyboard.press("Escape");
    await expect(button).toBeFocused();
  });
});

test("z-index, offsets, size and pictures are the vendor's options", async ({ page, stack }) => {
  const dot = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==";
  const options = {
    theme: {
      widgetTrigger: { zIndex: 7, offset: { bottom: 33, left: 44 }, size: { button: 60, icon: 30 } },
      widgetContentContainer: { borderRadius: "5px" },
      screens: { chat: { width: "300px", height: "350px" } },
    },
    assets: { widgetTrigger: { openIcon: dot, closeIcon: `${dot}#close` } },
  };
  await withWidget(stack, page, { options }, async () => {
    const box = await launcher(page).boundingBox();
    const view = page.viewportSize();
    expect(box).toEqual({ x: 44, y: (view?.height ?? 0) - 33 - 60, width: 60, height: 60 });
    await expect(launcher(page)).toHaveCSS("z-index", "7");
    await expect(launcher(page).locator("img")).toHaveAttribute("src", dot);
    await expect(launcher(page).locator("img")).toHaveCSS("width", "30px");
    await launcher(page).click();
    await expect(launcher(page).locator("img")).toHaveAttribute("src", `${dot}#close`);
    await expect(panel(page)).toHaveCSS("z-index", "8");
    await expect(panel(page)).toHaveCSS("border-radius", "5px");
    const shown = await panel(page).boundingBox();
    expect([shown?.x, shown?.width, shown?.height]).toEqual([44, 300, 350]);
    await page.evaluate(() => window.widget.update({ theme: {}, assets: {} }));
    await expect(launcher(page).locator("svg")).toBeVisible();
  });
});

for (const where of ["html", "body"]) {
  test(`on a right-to-left page (dir on ${where}) it stands on the left`, async ({ page, stack }) => {
    const before = `document.${where === "html" ? "documentElement" : "body"}.dir = "rtl"`;
    await withWidget(stack, page, { before }, async () => {
      expect((await launcher(page).boundingBox())?.x).toBe(20);
      await launcher(page).click();
      expect((await panel(page).boundingBox())?.x).toBe(20);
    });
  });
}

test("in its container, and filling it", async ({ page, stack }) => {
  const html = '<div id="place" style="inline-size:500px;block-size:450px"></div>';
  const options = { container: "#place", inline: true, strategy: "manual" };
  await withWidget(stack, page, { options, html }, async () => {
    await expect(launcher(page)).toBeHidden();
    await page.evaluate(() => window.widget.open());
    await chatWith(page, "My order number is 4711");
    const [place, shown] = [await page.locator("#place").boundingBox(), await panel(page).boundingBox()];
    expect([shown?.x, shown?.y, shown?.width]).toEqual([place?.x, place?.y, place?.width]);
    // No dialog that could be closed: Escape leaves it.
    await page.keyboard.press("Escape");
    await expect(panel(page)).toBeVisible();
  });
});

test("in its container, the chat is loaded when the visitor comes near", async ({ page, stack }) => {
  const html = '<div id="place" style="block-size:450px"></div>';
  await withWidget(stack, page, { options: { container: "#place", inline: true }, html }, async () => {
    await expect(page.locator("opencx-kit iframe")).toHaveCount(0);
    await page.locator("#place").scrollIntoViewIfNeeded();
    await expect(composer(page)).toBeVisible();
  });
});

test("forced colours and reduced motion are kept", async ({ page, stack, browserName }) => {
  test.skip(browserName === "firefox", "Playwright cannot emulate them through BiDi");
  await page.emulateMedia({ forcedColors: "active", reducedMotion: "reduce" });
  await withWidget(stack, page, {}, async () => {
    await expect(launcher(page)).toHaveCSS("transition-duration", "0s");
    await expect(launcher(page)).toHaveCSS("border-top-width", "2px");
  });
});

test("a hostile style sheet of the page does not reach it", async ({ page, stack }) => {
  const html =
    "<style>* { all: unset !important; display: none !important } html, body { display: block !important; transform: scale(.5); filter: blur(1px) }</style>";
  await withWidget(
    stack,
    page,
    { html: html.replace("* {", "button, div, iframe, svg, main {") },
    async () => {
      await launcher(page).click();
      await expect(composer(page)).toBeVisible();
    },
  );
});
