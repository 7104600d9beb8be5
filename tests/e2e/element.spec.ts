import type { Page } from "@playwright/test";
import type {} from "../../www/sdk/element.js";
import { expect, type Stack, test } from "./stack.js";
import { widgetToken } from "./widget-token.js";

declare global {
  interface Window {
    /** The element's events so far, by name. */
    told: string[];
    /** How often a launcher was put on the page. */
    drawn: number;
  }
}

const EVENTS = ["opencx-ready", "opencx-open", "opencx-close", "opencx-error", "opencx-destroy"] as const;
const launcher = (page: Page) => page.getByRole("button", { name: "Chat with us" });
const told = (page: Page) => page.evaluate(() => window.told);
const drawn = (page: Page) => page.evaluate(() => window.drawn);

/** The customer's page with `<opencx-chat>` on it, and a record of what happens. */
async function openPage(page: Page, stack: Stack, attributes: string): Promise<void> {
  await page.addInitScript((names) => {
    window.told = [];
    window.drawn = 0;
    for (const name of names) {
      const listener = ({ target, detail }: CustomEvent<{ code: string } | null>) => {
        // The widget's own element tells of itself under the same names.
        if ((target as Element).localName === "opencx-chat") {
          window.told.push(detail ? `${name} ${detail.code}` : name);
        }
      };
      document.addEventListener(name, listener as EventListener, true);
    }
    new MutationObserver((changes) => {
      for (const node of changes.flatMap(({ addedNodes }) => [...addedNodes])) {
        if (node.nodeName === "OPENCX-KIT") window.drawn += 1;
      }
    }).observe(document, { childList: true, subtree: true });
  }, EVENTS);
  await stack.site.saveSnippet(
    `<opencx-chat ${attributes} api-url="${stack.sandbox.url}" script-url="${stack.sandbox.url}/widget/script.js">
      <a href="mailto:help@example.com">Write to us</a></opencx-chat>
    <script type="module" src="${stack.pages.url}/dist/element.js"></script>`,
  );
  await page.goto(stack.site.url);
}

/** Long enough for anything that microtasks, or a load of the widget, would have done. */
async function settle(page: Page): Promise<void> {
  await page.evaluate(
    () => new Promise<void>((resolve) => setTimeout(() => requestAnimationFrame(() => resolve()), 200)),
  );
}

test("an element loads the widget, tells of it, and takes commands before it is loaded", async ({
  page,
  stack,
}) => {
  await openPage(page, stack, `token="${await widgetToken(stack)}" language="de" class="ours"`);
  await page.evaluate(() => document.querySelector("opencx-chat")?.open());
  await expect.poll(() => told(page)).toEqual(["opencx-open", "opencx-ready"]);
  const panel = page.getByRole("dialog", { name: "Chat with us" });
  await expect(panel).toHaveAttribute("lang", "de");
  await expect(page.getByRole("link", { name: "Write to us" })).toBeHidden();
  const state = await page.evaluate(async () => (await document.querySelector("opencx-chat")?.widget)?.state);
  expect(state).toBe("ready");
  await page.evaluate(() => document.querySelector("opencx-chat")?.toggle());
  await expect(panel).toBeHidden();
  // A second copy of the module finds the name taken.
  await page.evaluate((module) => import(module), `${stack.pages.url}/dist/element.js?again`);
  await page.evaluate(() => document.querySelector("opencx-chat")?.remove());
  await expect(page.locator("opencx-kit")).toHaveCount(0);
  expect(await drawn(page)).toBe(1);
});

test("moved in one go it stays; taken away it goes; put back it comes again", async ({ page, stack }) => {
  await openPage(page, stack, 'token="t"');
  await expect(launcher(page)).toBeVisible();
  await page.evaluate(() => {
    const chat = document.querySelector("opencx-chat") as Element;
    chat.remove();
    document.querySelector("main, body")?.prepend(chat);
  });
  await settle(page);
  expect([await drawn(page), await told(page)]).toEqual([1, []]);

  const chat = await page.evaluateHandle(() => {
    const chat = document.querySelector("opencx-chat") as Element;
    chat.remove();
    return chat;
  });
  await expect(launcher(page)).toHaveCount(0);
  await chat.evaluate((element) => document.body.append(element));
  await expect(launcher(page)).toBeVisible();
  expect(await drawn(page)).toBe(2);
  // Gone before it is loaded: nothing is drawn.
  await page.evaluate(() => {
    const brief = document.createElement("opencx-chat");
    brief.setAttribute("token", "brief");
    document.body.append(brief);
    brief.remove();
  });
  await settle(page);
  expect(await drawn(page)).toBe(2);
});

test("new options reach the same widget; the same ones and other attributes change nothing", async ({
  page,
  stack,
}) => {
  await openPage(page, stack, 'token="t"');
  await expect(launcher(page)).toBeVisible();
  await page.evaluate(() => {
    const chat = document.querySelector("opencx-chat");
    chat?.setAttribute("token", "t");
    chat?.setAttribute("class", "other");
    chat?.setAttribute("data-page", "1");
  });
  await settle(page);
  expect(await drawn(page)).toBe(1);

  await page.evaluate(() => {
    const chat = document.querySelector("opencx-chat") as HTMLElementTagNameMap["opencx-chat"];
    chat.setAttribute("language", "fr");
    chat.setAttribute("timeout-ms", "9000");
    chat.options = { accessibility: { widgetTriggerButton: { label: "Ask us" } }, token: "not this one" };
  });
  await expect(page.getByRole("button", { name: "Ask us" })).toBeVisible();
  await expect(launcher(page)).toHaveCount(0);
  await page.evaluate(() => {
    const chat = document.querySelector("opencx-chat") as HTMLElementTagNameMap["opencx-chat"];
    chat.options = structuredClone(chat.options);
  });
  await settle(page);
  expect([await drawn(page), await told(page)]).toEqual([1, []]);
  await expect(page.locator("opencx-kit [role=dialog]")).toHaveAttribute("lang", "fr");

  await page.evaluate(() => document.querySelector("opencx-chat")?.removeAttribute("language"));
  await expect(page.locator("opencx-kit [role=dialog]")).toHaveAttribute("lang", "en");
  expect(await drawn(page)).toBe(1);

  // Another org is another widget.
  await page.evaluate(() => document.querySelector("opencx-chat")?.setAttribute("token", "u"));
  await expect.poll(() => drawn(page)).toBe(2);
  expect(await told(page)).toEqual(["opencx-destroy"]);
});

test("options set before the element is known are not lost", async ({ page, stack }) => {
  await page.goto(stack.site.url);
  await page.evaluate(async (module) => {
    const chat = document.createElement("opencx-chat");
    chat.options = { token: "t", accessibility: { widgetTriggerButton: { label: "Ask us" } } };
    document.body.append(chat);
    await import(module);
  }, `${stack.pages.url}/dist/element.js`);
  await expect(page.getByRole("button", { name: "Ask us" })).toBeVisible();
});

test("a missing token is an event, leaves no rejection, and can be put right", async ({ page, stack }) => {
  await openPage(page, stack, 'language="en"');
  await expect.poll(() => told(page)).toEqual(["opencx-error INVALID_OPTIONS"]);
  await page.evaluate(() => {
    const chat = document.querySelector("opencx-chat") as HTMLElementTagNameMap["opencx-chat"];
    chat.open();
    void chat.widget;
  });
  await settle(page);
  await page.evaluate(() => document.querySelector("opencx-chat")?.setAttribute("token", "t"));
  await expect(launcher(page)).toBeVisible();
  expect(await told(page)).toEqual(["opencx-error INVALID_OPTIONS"]);
});

test.describe("with a module that cannot be had", () => {
  test.use({ expectedErrors: /Failed to load resource|net::ERR_FAILED|Cross-Origin Request Blocked/ });

  test("the failed load is an event", async ({ page, stack }) => {
    await page.route("**/embed.wasm", (route) => route.abort());
    await openPage(page, stack, 'token="t"');
    await expect.poll(() => told(page)).toEqual(["opencx-error WASM_FAILED"]);
  });
});
