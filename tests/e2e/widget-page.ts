import type { FrameLocator, Locator, Page } from "@playwright/test";
import type { Widget } from "../../www/sdk/embed.js";
import { withHostPage } from "./host-page.js";
import type { Stack } from "./stack.js";
import { widgetToken } from "./widget-token.js";

declare global {
  interface Window {
    /** The handle of the page's widget. */
    widget: Widget;
    /** Its events so far, as `name` or `name detail`. */
    heard: string[];
  }
}

export interface WidgetPage {
  /** Widget token of the org. */
  readonly token: string;
  readonly url: string;
}

/** What a page is made with. */
export interface PageSetup {
  /** Options that JSON can carry. */
  options?: Record<string, unknown>;
  /** Options that it cannot, as JavaScript: `getUserToken: async () => "…"`. */
  code?: string;
  /** Runs before the widget is loaded. */
  before?: string;
  /** More of the page. */
  html?: string;
  headers?: Record<string, string>;
  /** Attributes of the page's own scripts. */
  script?: string;
}

/** A page of somebody's own that calls `loadWidget`, and keeps the handle as `widget` and its events as `heard`. */
export async function withWidget(
  stack: Stack,
  page: Page,
  { options = {}, code = "", before = "", html = "", headers = {}, script = "" }: PageSetup,
  use: (page: WidgetPage) => Promise<void>,
): Promise<void> {
  const token = await widgetToken(stack);
  const plain = {
    token,
    apiUrl: stack.sandbox.url,
    scriptUrl: `${stack.sandbox.url}/widget/script.js`,
    ...options,
  };
  const content = `<input id="field" aria-label="Name"><p style="block-size:3000px">Long</p>${html}
  <script type="module" ${script}>
    import { loadWidget } from "${stack.pages.url}/dist/embed.js";
    ${before};
    window.heard = [];
    const widget = await loadWidget({ ...${JSON.stringify(plain)}, ${code} });
    for (const name of ["loading", "ready", "open", "close", "message", "unread", "handoff", "identified",
      "token-expired", "error", "destroy"]) {
      widget.on(name, (detail) => window.heard.push(
        detail === undefined ? name : name + " " + (detail.code ?? JSON.stringify(detail))));
    }
    window.widget = widget;
  </script>`;
  await withHostPage(content, headers, async (url) => {
    await page.goto(url);
    await page.waitForFunction("window.widget");
    await use({ token, url });
  });
}

export const launcher = (page: Page): Locator => page.locator("opencx-kit button.launcher");
export const panel = (page: Page): Locator => page.locator("opencx-kit .panel");
export const chat = (page: Page): FrameLocator =>
  page.frameLocator("opencx-kit iframe").frameLocator('iframe[title="OpenCX Live Chat"]');
export const composer = (page: Page): Locator => chat(page).getByRole("textbox");
export const heard = (page: Page): Promise<string[]> => page.evaluate(() => window.heard);
export const state = (page: Page): Promise<string> => page.evaluate(() => window.widget.state);

/** Writes a message and waits until it is answered, in the sandbox's words for what it does not know. */
export async function chatWith(page: Page, message: string): Promise<void> {
  await composer(page).pressSequentially(message);
  await composer(page).press("Enter");
  await chat(page).getByText("I do not know").first().waitFor();
}
