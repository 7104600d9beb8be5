import { createRequire } from "node:module";
import { expect, test } from "./stack.js";
import { chat, chatWith, composer, launcher, panel, withWidget } from "./widget-page.js";

test("a sign of interest warms the connection and the cache, and runs nothing", async ({
  page,
  stack,
  wire,
}) => {
  await withWidget(stack, page, {}, async () => {
    await expect(launcher(page)).toBeVisible();
    const asked = () => wire.requests.filter((request) => request.startsWith(`GET ${stack.sandbox.url}`));
    expect(asked()).toEqual([]);
    await launcher(page).hover();
    await expect.poll(asked).toEqual([`GET ${stack.sandbox.url}/widget/script.js`]);
    await expect(page.locator('link[rel="preconnect"], link[rel="preload"]')).toHaveCount(2);
    await expect(page.locator("opencx-kit iframe")).toHaveCount(0);

    await page.evaluate("widget.destroy()");
    await expect(page.locator('link[rel="preconnect"], link[rel="preload"]')).toHaveCount(0);
  });
});

test("eager: the chat is there before it is opened", async ({ page, stack }) => {
  await withWidget(stack, page, { options: { strategy: "eager" } }, async () => {
    await expect.poll(() => page.evaluate("widget.state")).toBe("ready");
    await expect(panel(page)).toBeHidden();
    await launcher(page).click();
    await expect(composer(page)).toBeVisible();
  });
});

test("a visitor who has chatted before is loaded for when the page is idle", async ({ page, stack }) => {
  await withWidget(stack, page, {}, async () => {
    await launcher(page).click();
    await composer(page).pressSequentially("Hello");
    await composer(page).press("Enter");
    await expect
      .poll(() =>
        page.evaluate(() => Object.keys(localStorage).some((key) => key.endsWith(":contact-token"))),
      )
      .toBe(true);
    // Answered: a reload in the midst of it is the vendor's error, which Firefox reports.
    await expect
      .poll(() => page.evaluate(() => window.heard.some((event) => event.startsWith("message"))))
      .toBe(true);
    await page.reload();
    await expect.poll(() => page.evaluate("window.widget?.state")).toBe("ready");
    await expect(panel(page)).toBeHidden();
  });
});

test("manual: not even a returning visitor is loaded for", async ({ page, stack, wire }) => {
  await withWidget(stack, page, { options: { strategy: "manual" } }, async ({ token }) => {
    await page.evaluate(
      (key) => localStorage.setItem(key, "x"),
      `opencx-widget:org-token-${token}:contact-token`,
    );
    const before = wire.requests.length;
    await page.reload();
    await page.waitForLoadState();
    await page.evaluate(() => new Promise((idle) => requestIdleCallback(idle)));
    expect(wire.requests.slice(before).filter((request) => request.includes(stack.sandbox.url))).toEqual([]);
  });
});

test("opened by itself, it leaves the keyboard where it is", async ({ page, stack }) => {
  await withWidget(stack, page, { options: { openAfterSeconds: 0.2 } }, async () => {
    await page.locator("#field").focus();
    await expect(panel(page)).toBeVisible();
    await expect.poll(() => page.evaluate("widget.state")).toBe("ready");
    await expect(page.locator("#field")).toBeFocused();
  });
});

test("a replaced body gets the launcher back, and the chat works", async ({ page, stack }) => {
  await withWidget(stack, page, {}, async () => {
    await launcher(page).click();
    await expect(composer(page)).toBeVisible();
    await page.evaluate(() => {
      const body = document.createElement("body");
      body.append("Another page");
      document.body = body;
    });
    await expect(launcher(page)).toBeVisible();
    await expect(composer(page)).toBeVisible();
    // And once more, on the new body.
    await page.evaluate(() => document.body.replaceChildren());
    await expect(composer(page)).toBeVisible();
  });
});

test("Escape closes from inside the chat, and the keyboard returns to the launcher", async ({
  page,
  stack,
}) => {
  await withWidget(stack, page, {}, async () => {
    await launcher(page).focus();
    await page.keyboard.press("Enter");
    await composer(page).focus();
    await page.keyboard.press("Escape");
    await expect(panel(page)).toBeHidden();
    await expect(launcher(page)).toBeFocused();
  });
});

test("on a small screen the page behind does not scroll, and scrolls again after", async ({
  page,
  stack,
}) => {
  await page.setViewportSize({ width: 390, height: 700 });
  await withWidget(stack, page, {}, async () => {
    await launcher(page).click();
    await expect(composer(page)).toBeVisible();
    const overflow = () => page.evaluate(() => getComputedStyle(document.documentElement).overflowY);
    expect(await overflow()).toBe("hidden");
    const box = await panel(page).boundingBox();
    expect(box).toEqual({ x: 0, y: 0, width: 390, height: 700 });
    await page.getByRole("button", { name: "Close chat" }).click();
    expect(await overflow()).not.toBe("hidden");
  });
});

test("axe finds nothing on launcher and panel", async ({ page, stack }) => {
  const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
  await withWidget(stack, page, {}, async () => {
    await launcher(page).click();
    await expect(composer(page)).toBeVisible();
    await page.addScriptTag({ path: axe });
    const violations = await page.evaluate(async () => {
      const { axe } = window as unknown as {
        axe: { run(c: object): Promise<{ violations: { id: string }[] }> };
      };
      return (await axe.run({ include: [["opencx-kit"]] })).violations.map((violation) => violation.id);
    });
    expect(violations).toEqual([]);
  });
});

test("a replaced body leaves the conversation on the screen", async ({ page, stack }) => {
  await withWidget(stack, page, {}, async () => {
    await launcher(page).click();
    await chatWith(page, "My order number is 4711");
    await page.evaluate(() => {
      document.body = document.createElement("body");
    });
    await expect(chat(page).getByText("My order number is 4711")).toBeVisible();
    await page.evaluate(() => history.pushState({}, "", "/elsewhere"));
    await chatWith(page, "Is anybody there?");
  });
});

test("document.open and document.write: it comes back, and works", async ({ page, stack }) => {
  await withWidget(stack, page, {}, async () => {
    await page.evaluate(() => {
      document.open();
      document.write("<!doctype html><title>New</title><p>Another document</p>");
      document.close();
    });
    await launcher(page).click();
    await chatWith(page, "My order number is 4711");
    await page.evaluate(() => {
      document.open();
      document.write("<!doctype html><title>And again</title><p>A third document</p>");
      document.close();
    });
    await chat(page)
      .getByRole("button", { name: /I do not know/ })
      .click();
    await expect(chat(page).getByText("My order number is 4711")).toBeVisible();
  });
});

test("in a hidden tab nothing is loaded by itself; once seen, it is", async ({ page, stack, wire }) => {
  const before = `let hidden = true;
    Object.defineProperty(document, "hidden", { get: () => hidden });
    window.reveal = () => { hidden = false; document.dispatchEvent(new Event("visibilitychange")); }`;
  await withWidget(stack, page, { options: { strategy: "idle" }, before }, async () => {
    await page.waitForLoadState();
    await page.evaluate(() => new Promise((idle) => requestIdleCallback(idle)));
    expect(wire.requests.filter((request) => request.includes(stack.sandbox.url))).toEqual([]);
    await page.evaluate("reveal()");
    await expect.poll(() => page.evaluate("widget.state")).toBe("ready");
  });
});

test("in an iframe of the page's own origin", async ({ page, stack }) => {
  await withWidget(stack, page, {}, async ({ url }) => {
    await page.evaluate((url) => {
      window.widget.destroy();
      const frame = document.createElement("iframe");
      frame.src = url;
      frame.id = "outer";
      frame.style.cssText = "inline-size:600px;block-size:600px";
      document.body.prepend(frame);
    }, url);
    const outer = page.frameLocator("#outer");
    await outer.locator("opencx-kit button.launcher").click();
    const inner = outer.frameLocator("opencx-kit iframe").frameLocator('iframe[title="OpenCX Live Chat"]');
    await expect(inner.getByRole("textbox")).toBeVisible();
  });
});
