import type { Page } from "@playwright/test";
import { expect, test } from "./stack.js";
import { chatWith, heard, launcher, panel, state, withWidget } from "./widget-page.js";

/** Keeps count of what outlives an element: listeners on window and document, timers, observers, globals, storage. */
function keepCount(): void {
  const listeners = new Set<string>();
  const timers = new Set<number>();
  const observers = new Set<MutationObserver | IntersectionObserver>();
  const ids = new Map<unknown, number>();
  const idOf = (value: unknown) => {
    const id = ids.get(value) ?? ids.size;
    ids.set(value, id);
    return id;
  };
  const targets = new Map<EventTarget, string>([
    [window, "window"],
    [document, "document"],
    [document.documentElement, "html"],
  ]);
  const { addEventListener: add, removeEventListener: remove } = EventTarget.prototype;
  EventTarget.prototype.addEventListener = function (type, listener, options) {
    const target = targets.get(this ?? window);
    if (target && listener) {
      const name = `${target} ${type} ${idOf(listener)}`;
      listeners.add(name);
      const { signal, once } = typeof options === "object" ? options : {};
      const forget = () => listeners.delete(name);
      if (signal) add.call(signal, "abort", forget);
      if (once) add.call(this, type, forget, { once: true });
    }
    return add.call(this ?? window, type, listener, options);
  };
  EventTarget.prototype.removeEventListener = function (type, listener, options) {
    const target = targets.get(this ?? window);
    if (target) listeners.delete(`${target} ${type} ${idOf(listener)}`);
    return remove.call(this ?? window, type, listener, options);
  };
  for (const [start, stop, isOnce] of [
    ["setTimeout", "clearTimeout", true],
    ["setInterval", "clearInterval", false],
  ] as const) {
    const [begin, end] = [window[start], window[stop]];
    Object.assign(window, {
      [start]: (callback: () => void, wait?: number) => {
        const id = begin(() => {
          if (isOnce) timers.delete(id);
          callback();
        }, wait);
        timers.add(id);
        return id;
      },
      [stop]: (id: number) => {
        timers.delete(id);
        end(id);
      },
    });
  }
  for (const name of ["MutationObserver", "IntersectionObserver"] as const) {
    const { observe, disconnect } = window[name].prototype;
    Object.assign(window[name].prototype, {
      observe(this: MutationObserver, ...given: [Node, MutationObserverInit]) {
        observers.add(this);
        return observe.apply(this, given as never);
      },
      disconnect(this: MutationObserver) {
        observers.delete(this);
        return disconnect.call(this);
      },
    });
  }
  Object.assign(window, {
    left: () => ({
      listeners: [...listeners].sort(),
      timers: timers.size,
      observers: observers.size,
      globals: Object.keys(window)
        .filter((name) => !["heard", "widget"].includes(name))
        .sort(),
      // What the vendor's script keeps, it keeps for the visitor's return.
      storage: Object.keys(localStorage).filter((name) => !name.startsWith("opencx-widget:")),
      cookies: document.cookie,
      elements: [...document.querySelectorAll("*")].map(({ tagName }) => tagName),
      style: document.documentElement.getAttribute("style") || null,
    }),
  });
}

const left = (page: Page) => page.evaluate(() => (window as unknown as { left(): object }).left());

for (const options of [
  {},
  { strategy: "eager", openAfterSeconds: 600 },
  { container: "#place", inline: true },
]) {
  test(`destroy leaves nothing: ${JSON.stringify(options)}`, async ({ page, stack }) => {
    await page.setViewportSize({ width: 390, height: 700 });
    await page.addInitScript(keepCount);
    // Playwright leaves listeners of its own where it acts first: before the count, then.
    const before = `await new Promise((begin) => Object.assign(window, { begin }));
      delete window.begin; window.before = JSON.stringify(window.left())`;
    const begin = page.waitForFunction("window.begin").then(async () => {
      await page.locator("#field").click();
      await page.evaluate("begin()");
    });
    const html = '<div id="place" style="block-size:400px"></div>';
    await withWidget(stack, page, { options, before, html }, async () => {
      await begin;
      const isInline = "inline" in options;
      if (!isInline) await launcher(page).hover();
      await page.evaluate(() => window.widget.open());
      await chatWith(page, "My order number is 4711");
      expect(await left(page)).not.toEqual(JSON.parse(await page.evaluate("before")));
      await page.evaluate(() => window.widget.destroy());
      const now: Record<string, unknown> = { ...(await left(page)) };
      const then = JSON.parse(await page.evaluate("before")) as Record<string, unknown>;
      then.globals = [...(then.globals as string[]), "before"].sort();
      expect(now).toEqual(then);
      // Without a frame, the vendor's script can ask for nothing.
      expect(page.frames()).toHaveLength(1);
      expect(await state(page)).toBe("destroyed");
      // Final: nothing brings it back.
      await page.evaluate(() => {
        window.widget.open();
        window.widget.update({ language: "fr" });
        window.widget.identify({ data: { name: "Ann" } });
        window.widget.logout();
      });
      await expect(panel(page)).toHaveCount(0);
      expect((await heard(page)).filter((event) => event === "destroy")).toHaveLength(1);
    });
  });
}

test("the script tag's own global goes too, and another tag begins anew", async ({ page, stack }) => {
  await withWidget(stack, page, {}, async ({ token }) => {
    await page.evaluate(() => window.widget.destroy());
    const add = (src: string, token: string) => {
      const script = document.createElement("script");
      Object.assign(script.dataset, { token });
      script.src = src;
      document.head.append(script);
    };
    for (let turn = 0; turn < 2; turn++) {
      await page.evaluate(
        `(${add})(${JSON.stringify(`${stack.pages.url}/dist/script.js`)}, ${JSON.stringify(token)})`,
      );
      await expect(launcher(page)).toBeVisible();
      await page.evaluate("OpenCXKit('destroy')");
      await expect(launcher(page)).toHaveCount(0);
      expect(await page.evaluate("typeof OpenCXKit")).toBe("undefined");
    }
  });
});

test("many widgets with different tokens live on one page", async ({ page, stack }) => {
  await withWidget(stack, page, { options: { openAfterSeconds: 0 } }, async ({ token }) => {
    await page.evaluate(
      async ([module, token, apiUrl]) => {
        const { loadWidget } = await import(module ?? "");
        const theme = { widgetTrigger: { offset: { bottom: 20, left: 20 } } };
        Object.assign(window, {
          second: await loadWidget({ token, apiUrl, scriptUrl: `${apiUrl}/widget/script.js`, theme }),
        });
      },
      [`${stack.pages.url}/dist/embed.js`, `${token}-other`, stack.sandbox.url],
    );
    await expect(page.locator("opencx-kit")).toHaveCount(2);
    await expect.poll(() => state(page)).toBe("ready");
    await page.evaluate("second.destroy()");
    await expect(page.locator("opencx-kit")).toHaveCount(1);
    await chatWith(page, "My order number is 4711");
  });
});
