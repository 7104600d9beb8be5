import type { Page } from "@playwright/test";
import type {} from "../../www/sdk/script.js";
import { withHostPage } from "./host-page.js";
import { expect, type Stack, test } from "./stack.js";
import { chatWith, composer, launcher, panel } from "./widget-page.js";
import { widgetToken } from "./widget-token.js";

async function attributes(stack: Stack): Promise<string> {
  return `data-token="${await widgetToken(stack)}" data-api-url="${stack.sandbox.url}"
    data-script-url="${stack.sandbox.url}/widget/script.js"`;
}

const src = (stack: Stack) => `${stack.pages.url}/dist/script.js`;

async function works(page: Page): Promise<void> {
  await launcher(page).click();
  await expect(composer(page)).toBeVisible();
}

test("async, deferred, in the head before there is a body, below a <base>", async ({ page, stack }) => {
  const kinds = ["async", "defer", "", 'type="module"'];
  for (const kind of kinds) {
    const tag = `<script ${kind} src="${src(stack)}" ${await attributes(stack)}></script>`;
    const html = `<!doctype html><html><head><base href="https://elsewhere.example/">${tag}</head><body>Hello</body></html>`;
    await withHostPage(html, {}, async (url) => {
      await page.goto(url);
      await works(page);
    });
  }
});

test("put in by a tag manager, without a currentScript", async ({ page, stack }) => {
  const given = await attributes(stack);
  const html = `<script>addEventListener("load", () => {
    const box = document.createElement("div");
    box.innerHTML = \`<script src="${src(stack)}" ${given}><\\/script>\`;
    const copy = document.createElement("script");
    for (const { name, value } of box.firstChild.attributes) copy.setAttribute(name, value);
    document.head.append(copy);
  })</script>`;
  await withHostPage(html, {}, async (url) => {
    await page.goto(url);
    await works(page);
  });
});

test("options on the tag, nested ones in JSON, and the tag wins", async ({ page, stack }) => {
  const json = {
    accessibility: { widgetTriggerButton: { label: "Ask the harbour" } },
    theme: { primaryColor: "rgb(9, 9, 9)", widgetTrigger: { offset: { bottom: 70 } } },
    language: "fr",
  };
  const html = `<script type="application/json" data-opencx-kit>${JSON.stringify(json)}</script>
    <script async src="${src(stack)}" ${await attributes(stack)} data-language="de" data-primary-color="rgb(1, 2, 3)"
      data-timeout-ms="30000"></script>`;
  await withHostPage(html, {}, async (url) => {
    await page.goto(url);
    await expect(launcher(page)).toHaveAccessibleName("Ask the harbour");
    await expect(launcher(page)).toHaveCSS("background-color", "rgb(1, 2, 3)");
    await expect(launcher(page)).toHaveCSS("bottom", "70px");
    await expect(panel(page)).toHaveAttribute("lang", "de");
  });
});

test.describe("with a mistake on the page", () => {
  test.use({ expectedErrors: /opencx-kit/ });

  test("a wrong option is refused, and the page goes on", async ({ page, stack }) => {
    const html = `<script async src="${src(stack)}" ${await attributes(stack)} data-strategy="soon"></script>
      <button id="own" onclick="this.textContent = 'clicked'">Own</button>`;
    await withHostPage(html, {}, async (url) => {
      await page.goto(url);
      await page.waitForFunction(() => window.OpenCXKit !== undefined);
      const refused = await page.evaluate(() =>
        window
          .OpenCXKit?.("open")
          .catch((error: { code: string; message: string }) => [error.code, error.message]),
      );
      expect(refused?.[0]).toBe("INVALID_OPTIONS");
      expect(refused?.[1]).toContain("strategy must be one of: intent idle eager manual");
      await page.locator("#own").click();
      await expect(page.locator("#own")).toHaveText("clicked");
      await expect(page.locator("opencx-kit")).toHaveCount(0);
    });
  });

  test("no token, and JSON that is none: said in the console", async ({ page, stack, wire }) => {
    const html = `<script type="application/json" data-opencx-kit>{ oops }</script>
      <script async src="${src(stack)}"></script>`;
    await withHostPage(html, {}, async (url) => {
      await page.goto(url);
      await expect.poll(() => wire.errors.join("\n")).toContain("no data-token");
      expect(wire.errors.join("\n")).toContain("no valid JSON");
    });
  });
});

test("with Subresource Integrity, by the hash that the build prints", async ({ page, stack }) => {
  const hash = (await (await fetch(`${stack.pages.url}/dist/integrity.json`)).json())["script.js"];
  const tag = `<script async src="${src(stack)}" integrity="${hash}" crossorigin="anonymous" ${await attributes(stack)}></script>`;
  await withHostPage(tag, {}, async (url) => {
    await page.goto(url);
    await works(page);
  });
});

/** Every order of a few commands given before, while and after the widget loads: each promise settles, none is lost. */
test("the queue loses no call", async ({ page, stack }) => {
  const html = `<script async src="${src(stack)}" ${await attributes(stack)}></script>`;
  await withHostPage(html, {}, async (url) => {
    await page.goto(url);
    await page.waitForFunction(() => window.OpenCXKit !== undefined);
    const outcomes = await page.evaluate(async () => {
      const kit = window.OpenCXKit;
      if (!kit) return [];
      const heard: string[] = [];
      const listener = () => heard.push("open");
      const calls = [
        kit("on", "open", listener),
        kit("open"),
        kit("close"),
        kit("toggle"),
        kit("identify", { data: { name: "Ann" } }),
        kit("update", { language: "fr" }),
        kit("update", { language: 5 as unknown as string }),
        kit("off", "open", listener),
        kit("close"),
        kit("open"),
        kit("no such command" as "open"),
        kit("ready"),
      ];
      const settled = await Promise.allSettled(calls);
      return [settled.map(({ status }) => status[0]).join(""), heard.length];
    });
    expect(outcomes).toEqual(["ffffffrfffrf", 2]);
    await chatWith(page, "My order number is 4711");
    const late = await page.evaluate(async () => {
      const kit = window.OpenCXKit;
      await kit?.("destroy");
      return (await Promise.allSettled([kit?.("open"), kit?.("destroy")])).map(({ status }) => status);
    });
    expect(late).toEqual(["fulfilled", "fulfilled"]);
  });
});
