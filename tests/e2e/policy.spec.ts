import { cspFor } from "../../www/sdk/csp.js";
import { withHostPage } from "./host-page.js";
import { expect, type Stack, test } from "./stack.js";
import { chatWith, composer, launcher, panel, withWidget } from "./widget-page.js";
import { widgetToken } from "./widget-token.js";

const csp = (directives: Record<string, string>) => ({
  "content-security-policy": Object.entries(directives)
    .map(([name, value]) => `${name} ${value}`)
    .join("; "),
});

async function tag(stack: Stack, more = ""): Promise<string> {
  return `<script async ${more} src="${stack.pages.url}/dist/script.js" data-token="${await widgetToken(stack)}"
    data-api-url="${stack.sandbox.url}" data-script-url="${stack.sandbox.url}/widget/script.js"></script>`;
}

test("a strict policy with nonce and strict-dynamic: launcher, chat, answer", async ({ page, stack }) => {
  const policy = csp({
    "default-src": "'none'",
    "script-src": "'nonce-n0nce' 'strict-dynamic' 'wasm-unsafe-eval'",
    "connect-src": `${stack.pages.url} ${stack.sandbox.url}`,
    "style-src": "'unsafe-inline'",
    "frame-src": "'self'",
    // The page's own icon, which browsers ask for.
    "img-src": "'self'",
    "base-uri": "'none'",
  });
  await withHostPage(await tag(stack, 'nonce="n0nce"'), policy, async (url) => {
    await page.goto(url);
    await launcher(page).click();
    await chatWith(page, "My order number is 4711");
  });
});

test.describe("without style-src 'unsafe-inline'", () => {
  test.use({ expectedErrors: /style-src/ });

  test("everything of ours has its looks", async ({ page, stack }) => {
    const policy = csp({ "style-src": "'self'" });
    await withWidget(
      stack,
      page,
      { headers: policy, options: { theme: { primaryColor: "rgb(1, 2, 3)" } } },
      async () => {
        await expect(launcher(page)).toHaveCSS("background-color", "rgb(1, 2, 3)");
        await expect(launcher(page)).toHaveCSS("position", "fixed");
        await launcher(page).click();
        await expect(panel(page)).toHaveCSS("border-radius", "16px");
        await expect(page.locator("opencx-kit iframe")).toHaveCSS("position", "absolute");
        await expect(composer(page)).toBeVisible();
      },
    );
  });
});

test.describe("where trusted types are required", () => {
  // The test itself tries what is not allowed.
  test.use({ expectedErrors: /requires 'TrustedHTML'/ });

  test("ours works, and the vendor's in its own window", async ({ page, stack }) => {
    const policy = csp({
      "require-trusted-types-for": "'script'",
      "trusted-types": "opencx-kit default",
    });
    await withHostPage(await tag(stack), policy, async (url) => {
      await page.goto(url);
      await launcher(page).click();
      await chatWith(page, "My order number is 4711");
      // The page's own window keeps its rules.
      const refused = await page.evaluate(() => {
        try {
          document.body.innerHTML = "<b>x</b>";
          return false;
        } catch {
          return true;
        }
      });
      expect(refused).toBe(true);
    });
  });
});

test.describe("where trusted types allow no policy of ours", () => {
  test.use({ expectedErrors: /TrustedScriptURL|trusted-types|Trusted Type|TrustedTypePolicy/i });

  test("the visitor is told", async ({ page, stack }) => {
    const policy = csp({ "require-trusted-types-for": "'script'", "trusted-types": "'none'" });
    await withHostPage(await tag(stack), policy, async (url) => {
      await page.goto(url);
      await launcher(page).click();
      await expect(panel(page).getByText("The chat cannot be reached right now.")).toBeVisible();
    });
  });
});

test("what cspFor gives is enough, in the frame and in the page", async ({ page, stack }) => {
  const options = {
    token: "t",
    apiUrl: stack.sandbox.url,
    scriptUrl: `${stack.sandbox.url}/widget/script.js`,
  };
  const directives = cspFor(options, `${stack.pages.url}/dist/script.js`);
  const text = Object.entries(directives).map(([name, values]) => [name, values.join(" ")]);
  const policy = csp({ "default-src": "'none'", ...Object.fromEntries(text) });
  await withHostPage(await tag(stack), policy, async (url) => {
    await page.goto(url);
    await launcher(page).click();
    await chatWith(page, "My order number is 4711");
  });
});
