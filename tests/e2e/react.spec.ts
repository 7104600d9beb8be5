import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "@playwright/test";
import { build } from "esbuild";
import { startStaticServer } from "../../tools/dev/static-server.mjs";
import type { UsedWidget } from "../../www/sdk/react.js";
import type { WidgetOptions } from "../../www/sdk/widget-options.js";
import { test as base, expect, type Stack } from "./stack.js";
import { widgetToken } from "./widget-token.js";

declare global {
  interface Window {
    /** Renders a component that uses the hook. */
    showHook: (options: WidgetOptions) => void;
    /** Renders the component of the package. */
    showWidget: (options: Partial<WidgetOptions>) => void;
    unmount: () => void;
    /** What the hook gave at each render, by state. */
    states: string[];
    used: UsedWidget;
    calls: string[];
    /** How many launchers were put on the page. */
    launchers: number;
  }
}

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** A partner's app, as a bundler sees it. StrictMode runs each effect twice. */
const APP = `
  import { createElement, StrictMode } from "react";
  import { createRoot } from "react-dom/client";
  import { useWidget, Widget } from "opencx-partner-kit/react";

  const root = createRoot(document.querySelector("#app"));
  const show = (component, props) => root.render(createElement(StrictMode, null, createElement(component, props)));
  window.states = [];
  window.calls = [];
  window.launchers = 0;
  new MutationObserver((changes) => {
    const added = changes.flatMap(({ addedNodes }) => [...addedNodes]);
    window.launchers += added.filter(({ nodeName }) => nodeName === "OPENCX-KIT").length;
  }).observe(document.documentElement, { childList: true });

  function Hook({ options }) {
    // A new object at each render, nested ones too.
    const used = useWidget(structuredClone(options));
    window.used = used;
    if (window.states.at(-1) !== used.state) window.states.push(used.state);
    return createElement("button", { onClick: used.toggle }, used.error?.code ?? used.state);
  }

  window.showHook = (options) => show(Hook, { options });
  window.showWidget = (options) => {
    const call = (name) => (value) => window.calls.push(name + " " + (value.code ?? value.state));
    const on = { onReady: call("ready"), onOpen: call("open"), onClose: call("close"), onError: call("error") };
    show(Widget, { ...options, ...on });
  };
  window.unmount = () => root.unmount();
`;

const HTML = `<!doctype html><html lang="en"><title>App</title><link rel="icon" href="data:,"><div id="app"></div>
<script type="module" src="/app.js"></script>`;

/** What can be handed into a page. */
type PlainOptions = Pick<WidgetOptions, "token" | "apiUrl" | "scriptUrl" | "language">;

const test = base.extend<{ options: PlainOptions }, { app: string }>({
  /** Address of the app. */
  app: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures' names from the pattern.
    async ({}, use) => {
      const folder = await mkdtemp(join(tmpdir(), "opencx-react-"));
      const site = join(folder, "site");
      await mkdir(join(folder, "node_modules"));
      await symlink(join(ROOT, "pkg"), join(folder, "node_modules", "opencx-partner-kit"));
      await build({
        stdin: { contents: APP, resolveDir: folder, sourcefile: "app.js" },
        nodePaths: [join(ROOT, "node_modules")],
        define: { "process.env.NODE_ENV": '"development"' },
        bundle: true,
        format: "esm",
        outfile: join(site, "app.js"),
        logLevel: "error",
      });
      await copyFile(join(ROOT, "pkg/dist/embed.wasm"), join(site, "embed.wasm"));
      await writeFile(join(site, "index.html"), HTML);
      const server = await startStaticServer({ mounts: [{ path: "/", folder: site }] });
      await use(server.url);
      await server.stop();
      await rm(folder, { recursive: true });
    },
    { scope: "worker" },
  ],
  options: async ({ stack }, use) => use({ ...vendor(stack), token: await widgetToken(stack) }),
});

function vendor(stack: Stack) {
  return { apiUrl: stack.sandbox.url, scriptUrl: `${stack.sandbox.url}/widget/script.js` };
}

/** Marks the widget that is on the page now, to know it again. */
const mark = (page: Page) =>
  page.locator("opencx-kit").evaluate((host) => host.setAttribute("data-mark", ""));
const marked = (page: Page) => page.locator("opencx-kit[data-mark]");
const hosts = (page: Page) => page.locator("opencx-kit");
const states = (page: Page) => page.evaluate(() => window.states);

test("the hook keeps one widget under StrictMode, follows it, and destroys it", async ({
  page,
  app,
  options,
}) => {
  await page.goto(app);
  await page.evaluate((options) => window.showHook(options), options);
  await expect.poll(() => page.evaluate(() => window.used.widget !== undefined)).toBe(true);
  await expect(hosts(page)).toHaveCount(1);
  await mark(page);

  const panel = page.getByRole("dialog", { name: "Chat with us" });
  await page.locator("#app button").click();
  await expect(panel).toBeVisible();
  await expect.poll(() => states(page)).toEqual(["idle", "loading", "ready"]);
  expect(await page.evaluate(() => window.used.widget?.isOpen)).toBe(true);
  await page.evaluate(() => window.used.close());
  await expect(panel).toBeHidden();

  // The same options in a new object; then others.
  await page.evaluate((options) => window.showHook({ ...options, language: undefined }), options);
  await expect(marked(page)).toHaveCount(1);
  await page.evaluate((options) => window.showHook({ ...options, language: "fr" }), options);
  await expect(page.locator("opencx-kit [role=dialog]")).toHaveAttribute("lang", "fr");
  await expect(marked(page)).toHaveCount(1);
  await expect.poll(() => states(page)).toEqual(["idle", "loading", "ready", "loading", "ready"]);

  // Another org is another widget.
  await page.evaluate((options) => window.showHook({ ...options, token: "other" }), options);
  await expect(marked(page)).toHaveCount(0);
  await expect(hosts(page)).toHaveCount(1);
  expect(await page.evaluate(() => window.launchers)).toBe(2);

  await page.evaluate(() => window.unmount());
  await expect(hosts(page)).toHaveCount(0);
});

test("mounted and gone before it is loaded, it leaves nothing", async ({ page, app, options }) => {
  await page.goto(app);
  await page.evaluate(async (options) => {
    window.showHook(options);
    // One turn, in which React commits and the load begins.
    await new Promise((resolve) => setTimeout(resolve));
    window.unmount();
  }, options);
  await page.waitForLoadState("networkidle");
  expect(await page.evaluate(() => document.querySelector("#app")?.childElementCount)).toBe(0);
  await expect(hosts(page)).toHaveCount(0);
});

test("a command given before the first effect waits for the widget", async ({ page, app, options }) => {
  await page.goto(app);
  await page.evaluate(async (options) => {
    window.showHook(options);
    while (!window.used) await new Promise((resolve) => setTimeout(resolve));
    window.used.open();
  }, options);
  await expect(page.getByRole("dialog", { name: "Chat with us" })).toBeVisible();
});

test("the component calls back with functions that are new at each render", async ({
  page,
  app,
  options,
}) => {
  await page.goto(app);
  await page.evaluate((options) => window.showWidget(options), options);
  await expect(hosts(page)).toHaveCount(1);
  await mark(page);
  await page.evaluate((options) => window.showWidget(options), options);
  await page.getByRole("button", { name: "Chat with us" }).click();
  await expect.poll(() => page.evaluate(() => window.calls)).toEqual(["open loading", "ready ready"]);
  await page.keyboard.press("Escape");
  await page.evaluate(() => window.showWidget({}));
  await expect.poll(() => page.evaluate(() => window.calls.at(-1))).toBe("error INVALID_OPTIONS");
  await expect(hosts(page)).toHaveCount(0);
  expect(await page.locator("#app").innerHTML()).toBe("");
});

test("a failed load is a state, and new options try again", async ({ page, app, options }) => {
  await page.goto(app);
  await page.evaluate(() => window.showHook({ token: "" }));
  await expect(page.locator("#app button")).toHaveText("INVALID_OPTIONS");
  expect(await states(page)).toEqual(["idle", "failed"]);
  await page.evaluate((options) => window.showHook(options), options);
  await expect(page.locator("#app button")).toHaveText("idle");
  await expect(hosts(page)).toHaveCount(1);
});
