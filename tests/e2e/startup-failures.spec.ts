import type { Page, Route } from "@playwright/test";
import { expect, test } from "./stack.js";
import { chatWith, composer, heard, launcher, panel, state, withWidget } from "./widget-page.js";

// The browser itself reports each request that fails, and the vendor's script some of its own.
test.use({
  expectedErrors:
    /Failed to (load|fetch|create session|poll)|CORS policy|SyntaxError|Unexpected token|net::ERR|Cross-Origin Request Blocked|NetworkError|JSON\.parse|^Error$/,
});

const SCRIPT = "**/widget/script.js";
const CONFIG = "**/backend/widget/v2/config";
const CONTACT = "**/backend/widget/v2/contact/create-unverified";
const SESSIONS = "**/backend/widget/v2/sessions?*";

const answer = (status: number, contentType: string, body: string) => (route: Route) =>
  route.request().method() === "OPTIONS"
    ? route.continue()
    : route.fulfill({ status, contentType, body, headers: { "access-control-allow-origin": "*" } });
const drop = (route: Route) => route.abort();
/** Never answers: the browser gives up with the page. */
const hang = () => undefined;

const cases: [what: string, where: string, how: (route: Route) => unknown, code: string][] = [
  ["the script is not there", SCRIPT, answer(404, "text/plain", "no"), "SCRIPT_FAILED"],
  ["the script is blocked", SCRIPT, drop, "SCRIPT_FAILED"],
  [
    "a page comes in place of the script",
    SCRIPT,
    answer(200, "text/html", "<!doctype html>"),
    "SCRIPT_FAILED",
  ],
  [
    "the script is cut short",
    SCRIPT,
    answer(200, "text/javascript", "window.initOpenScript = ("),
    "SCRIPT_FAILED",
  ],
  ["the script defines nothing", SCRIPT, answer(200, "text/javascript", "1"), "SCRIPT_FAILED"],
  [
    "the script throws",
    SCRIPT,
    answer(200, "text/javascript", "initOpenScript = () => { throw 1 }"),
    "SCRIPT_FAILED",
  ],
  ["the script hangs", SCRIPT, hang, "TIMEOUT"],
  ["the token is refused", CONFIG, answer(401, "application/json", "{}"), "UNAUTHENTICATED"],
  ["the address is wrong", CONFIG, answer(404, "text/html", "no"), "NOT_FOUND"],
  ["the platform is down", CONFIG, answer(500, "application/json", "{}"), "PLATFORM_ERROR"],
  ["the platform hangs", CONFIG, hang, "TIMEOUT"],
  ["the platform cannot be reached", CONFIG, drop, "NETWORK"],
  ["the configuration is none", CONFIG, answer(200, "text/html", "<!doctype html>"), "TIMEOUT"],
  ["no contact can be made", CONTACT, answer(500, "application/json", "{}"), "PLATFORM_ERROR"],
  ["the contact hangs", CONTACT, hang, "TIMEOUT"],
  ["the conversations are lost", SESSIONS, drop, "NETWORK"],
  ["the conversations hang", SESSIONS, hang, "TIMEOUT"],
];

async function failsAndRecovers(page: Page, code: string): Promise<void> {
  await launcher(page).click();
  await expect(panel(page).getByText("The chat cannot be reached right now.")).toBeVisible();
  expect(await heard(page)).toEqual(["open", "loading", `error ${code}`]);
  expect(await state(page)).toBe("failed");
  await expect(panel(page).getByRole("link", { name: "Contact us" })).toHaveAttribute(
    "href",
    "mailto:help@example.com",
  );
  await expect(page.locator("opencx-kit iframe")).toHaveCount(0);
}

for (const [what, where, how, code] of cases) {
  test(`${what}: ${code}, and a later click tries again`, async ({ page, stack }) => {
    const options = { fallbackContact: "help@example.com", timeoutMs: 1_500 };
    await withWidget(stack, page, { options }, async () => {
      await page.route(where, how);
      await failsAndRecovers(page, code);
      await page.unrouteAll({ behavior: "ignoreErrors" });
      await page.evaluate(() => window.widget.update({ timeoutMs: 20_000 }));
      await panel(page).getByRole("button", { name: "Try again" }).click();
      await expect(composer(page)).toBeVisible();
      await expect.poll(() => state(page)).toBe("ready");
    });
  });
}

test("a platform that is down for a moment is asked again, without a word to the visitor", async ({
  page,
  stack,
}) => {
  let asked = 0;
  await page.route(CONFIG, (route) => {
    if (route.request().method() === "GET" && ++asked < 3)
      return answer(503, "application/json", "{}")(route);
    return route.continue();
  });
  await withWidget(stack, page, {}, async () => {
    await launcher(page).click();
    await expect(composer(page)).toBeVisible();
    expect(asked).toBe(3);
    expect(await heard(page)).toEqual(["open", "loading", "ready"]);
  });
});

test("without storage the chat works, for as long as the page is there", async ({ page, stack }) => {
  await page.addInitScript(() => {
    Object.defineProperty(window, "localStorage", {
      get() {
        throw new DOMException("denied", "SecurityError");
      },
      configurable: true,
    });
  });
  await withWidget(stack, page, {}, async () => {
    await launcher(page).click();
    await chatWith(page, "My order number is 4711");
    await launcher(page).click();
    await launcher(page).click();
    await chatWith(page, "Is anybody there?");
    await page.evaluate(() => window.widget.logout());
    await page.evaluate(() => window.widget.destroy());
  });
});

test("a stored contact that is refused is replaced, once", async ({ page, stack }) => {
  await withWidget(stack, page, { options: { strategy: "manual" } }, async ({ token }) => {
    const key = `opencx-widget:org-token-${token}:contact-token`;
    await page.evaluate((key) => localStorage.setItem(key, "stale"), key);
    await launcher(page).click();
    await chatWith(page, "My order number is 4711");
    expect(await page.evaluate((key) => localStorage.getItem(key), key)).not.toBe("stale");
  });
});

test("a message that could not be sent is told to the page", async ({ page, stack }) => {
  await withWidget(stack, page, {}, async () => {
    await launcher(page).click();
    await expect(composer(page)).toBeVisible();
    await page.route("**/backend/widget/v2/create-session", answer(500, "application/json", "{}"));
    await composer(page).pressSequentially("Hello");
    await composer(page).press("Enter");
    await expect.poll(() => heard(page)).toContain("error PLATFORM_ERROR");
    expect(await state(page)).toBe("ready");
  });
});
