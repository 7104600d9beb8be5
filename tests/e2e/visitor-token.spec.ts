import type { Page, Route } from "@playwright/test";
import { expect, type Stack, test } from "./stack.js";
import { chat, chatWith, composer, heard, launcher, state, withWidget } from "./widget-page.js";

test.use({ expectedErrors: /Failed to load resource/ });

const PLATFORM = "**/backend/widget/v2/**";
const now = () => Math.floor(Date.now() / 1000);

/** A token as the platform's, without a signature: the routes below stand in for who would check it. */
const jwt = (claims: object) =>
  `h.${Buffer.from(JSON.stringify({ sub: "ann", ...claims })).toString("base64url")}.s`;

/** Lets the sandbox take each of these tokens for a contact of its own; all others are refused. */
async function takeFor(
  page: Page,
  stack: Stack,
  widgetToken: string,
  good: () => string[],
): Promise<string[]> {
  const made = await fetch(`${stack.sandbox.url}/backend/widget/v2/contact/create-unverified`, {
    method: "POST",
    headers: { "x-bot-token": widgetToken, "content-type": "application/json" },
    body: "{}",
  });
  const { token } = (await made.json()) as { token: string };
  const used: string[] = [];
  await page.context().route(PLATFORM, (route: Route) => {
    const headers = route.request().headers();
    const given = headers.authorization?.replace("Bearer ", "");
    if (!given) return route.continue();
    used.push(given);
    if (!good().includes(given)) {
      return route.fulfill({ status: 401, json: {}, headers: { "access-control-allow-origin": "*" } });
    }
    return route.continue({ headers: { ...headers, authorization: `Bearer ${token}` } });
  });
  return used;
}

test("getUserToken is asked when the chat starts, and the visitor is verified", async ({ page, stack }) => {
  const token = jwt({ iat: now(), exp: now() + 3600 });
  const code = `getUserToken: async () => { window.asked = (window.asked ?? 0) + 1; return "${token}" }`;
  await withWidget(stack, page, { code }, async ({ token: widgetToken }) => {
    expect(await page.evaluate("window.asked")).toBeUndefined();
    await takeFor(page, stack, widgetToken, () => [token]);
    await launcher(page).click();
    await chatWith(page, "My order number is 4711");
    expect(await heard(page)).toContain('identified {"isVerified":true}');
    expect(await page.evaluate("window.asked")).toBe(1);
    expect(await page.evaluate(() => JSON.stringify({ ...localStorage }))).not.toContain(token);
  });
});

test("a refused token is told, renewed once, and the message arrives", async ({ page, stack }) => {
  const [first, second] = [jwt({ iat: now(), n: 1 }), jwt({ iat: now(), n: 2 })];
  let good = [first];
  const code = `getUserToken: () => (window.asked = (window.asked ?? 0) + 1) === 1 ? "${first}" : "${second}"`;
  await withWidget(stack, page, { code }, async ({ token }) => {
    const used = await takeFor(page, stack, token, () => good);
    await launcher(page).click();
    await expect(composer(page)).toBeVisible();
    good = [second];
    await chatWith(page, "My order number is 4711");
    await expect(chat(page).getByText("My order number is 4711")).toHaveCount(1);
    expect((await heard(page)).filter((event) => event.startsWith("token"))).toEqual(["token-expired"]);
    expect(used.at(-1)).toBe(second);
    // And if that one is refused too, it is not asked for again.
    good = [];
    await composer(page).pressSequentially("And now?");
    await composer(page).press("Enter");
    await expect(chat(page).getByText("Something went wrong")).toBeVisible();
    await expect.poll(() => page.evaluate("window.asked")).toBe(3);
    expect(await state(page)).toBe("ready");
  });
});

test("a token is renewed at 80 % of its life, by one tab for all, without a new start", async ({
  page,
  stack,
}) => {
  const first = jwt({ iat: now(), exp: now() + 3600 });
  const renewed = jwt({ iat: now(), exp: now() + 3600, jti: "2" });
  const code = `user: { token: "${first}" },
    getUserToken: () => { localStorage.setItem("asked", Number(localStorage.getItem("asked")) + 1); return "${renewed}" }`;
  await withWidget(stack, page, { code }, async ({ token, url }) => {
    let good = [first, renewed];
    const used = await takeFor(page, stack, token, () => good);
    const other = await page.context().newPage();
    await other.goto(url);
    for (const tab of [page, other]) {
      await launcher(tab).click();
      await tab.waitForFunction(() => window.widget?.state === "ready");
    }
    // 80 % of its life is over in two seconds.
    const soon = jwt({ iat: now() - 78, exp: now() + 22, jti: "1" });
    good = [first, soon, renewed];
    for (const tab of [page, other]) {
      await tab.evaluate((token) => window.widget.update({ user: { token } }), soon);
    }
    await expect
      .poll(() => page.evaluate(() => localStorage.getItem("asked")), { timeout: 20_000 })
      .toBe("1");
    for (const tab of [page, other]) {
      await composer(tab).pressSequentially("My order number is 4711");
      await composer(tab).press("Enter");
    }
    await expect.poll(() => used.filter((token) => token === renewed).length).toBeGreaterThan(3);
    expect(await page.evaluate(() => localStorage.getItem("asked"))).toBe("1");
    expect((await heard(page)).filter((event) => event === "loading")).toHaveLength(1);
    await other.close();
  });
});

for (const [what, code] of [
  ["rejects", "getUserToken: async () => { throw new Error('my server') }"],
  ["throws", "getUserToken: () => { throw 'no' }"],
  ["hangs", "getUserToken: () => new Promise(() => {}), timeoutMs: 200"],
  ["gives something else", "getUserToken: () => ({ token: 5 })"],
] as const) {
  test(`getUserToken ${what}: an error, and no anonymous chat in a signed-in visitor's place`, async ({
    page,
    stack,
    wire,
  }) => {
    await withWidget(stack, page, { code }, async () => {
      await launcher(page).click();
      await expect.poll(() => heard(page)).toEqual(["open", "loading", "error UNAUTHENTICATED"]);
      await expect(page.getByRole("button", { name: "Try again" })).toBeVisible();
      expect(wire.requests.filter((request) => request.includes("/backend/"))).toEqual([]);
    });
  });
}

test("logout in one tab clears the other", async ({ page, stack }) => {
  await withWidget(stack, page, {}, async ({ url }) => {
    await launcher(page).click();
    await chatWith(page, "My order number is 4711");
    const other = await page.context().newPage();
    await other.goto(url);
    await other.waitForFunction("window.widget");
    await other.evaluate(() => window.widget.logout());
    await expect(chat(page).getByText("My order number is 4711")).toHaveCount(0);
    await expect(composer(page)).toBeVisible();
    await expect(chat(page).getByText("4711")).toHaveCount(0);
    expect(
      await page.evaluate(() => Object.keys(localStorage).filter((key) => key.includes("logout"))),
    ).toEqual([]);
    await other.close();
  });
});
