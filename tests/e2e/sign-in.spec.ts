import type { Page } from "@playwright/test";
import { violations } from "./axe.js";
import { PartnerBackend } from "./partner-backend.js";
import { expect, expectStep, type Stack, test as withStack } from "./stack.js";

const test = withStack.extend<{ backend: PartnerBackend }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures' names from the pattern.
  backend: async ({}, use) => {
    const backend = await PartnerBackend.start();
    await use(backend);
    await backend.stop();
  },
});

// The browser itself reports each answer that is a refusal, and each server that is not there.
test.use({ expectedErrors: /status of 401|Failed to load resource|CORS/ });

/** Starts the proxy as that backend's, and opens its page. */
async function open(page: Page, stack: Stack, backend: PartnerBackend, mode: "session" | "jwt") {
  await stack.restart("proxy", { env: backend.settings(mode, stack.proxy.url) });
  await page.goto(stack.proxy.url);
}

/** The same, for who is signed in at the partner's own app already. */
async function openSignedIn(page: Page, stack: Stack, backend: PartnerBackend, mode: "session" | "jwt") {
  await page.context().addCookies([{ name: "partner-app", value: "ada", url: backend.url }]);
  await open(page, stack, backend, mode);
}

/** Signs in at the partner's own app, as the banner's link leads there. */
async function signInThere(page: Page, backend: PartnerBackend): Promise<void> {
  const link = page.getByTestId("banner-link");
  await expect(link).toHaveAttribute("href", backend.url);
  const app = await page.context().newPage();
  await app.goto(backend.url);
  await app.close();
  await page.getByTestId("banner-retry").click();
  await expect(page.getByTestId("banner")).toBeHidden();
}

async function setUp(page: Page, name: string): Promise<void> {
  await page.getByTestId("field-name").fill(name);
  await page.getByTestId("run").click();
}

for (const mode of ["session", "jwt"] as const) {
  test(`the served page takes over the sign-in of the partner's own app: ${mode}`, async ({
    page,
    stack,
    backend,
    wire,
  }) => {
    await open(page, stack, backend, mode);
    await expect(page.getByTestId("banner")).toContainText("You are not signed in");
    await expect(page.getByTestId("account")).toBeHidden();
    expect(await violations(page)).toEqual([]);

    await page.getByTestId("field-name").fill("Blue Fin Tours");
    await signInThere(page, backend);
    await expect(page.getByTestId("field-name")).toHaveValue("Blue Fin Tours");
    await expect(page.getByTestId("account")).toContainText("ada");
    await expect(page.getByTestId("account")).toContainText("admin");
    await expect(page.getByTestId("sign-out")).toBeVisible({ visible: mode === "session" });
    expect(await violations(page)).toEqual([]);
    await page.getByTestId("run").click();
    for (const kind of ["org", "org-key", "snippet"]) await expectStep(page, kind, "done");

    // The other page has it too, and what came from the backend is in no address.
    await page.getByTestId("to-batches").click();
    await expect(page.getByTestId("account")).toContainText("ada");
    await expect(page.getByTestId("batches")).toBeAttached();
    expect(wire.requests.filter((request) => /eyJ/.test(request))).toEqual([]);
  });
}

test("a session that ends in the midst is told, and nothing that was typed is lost", async ({
  page,
  context,
  stack,
  backend,
}) => {
  await openSignedIn(page, stack, backend, "session");
  await expect(page.getByTestId("account")).toContainText("ada");
  await page.getByTestId("field-name").fill("Blue Fin Tours");
  const asked = backend.asked;

  // Signed out in another tab: there the page has nothing left, also after a reload.
  const other = await context.newPage();
  await other.goto(stack.proxy.url);
  await other.getByTestId("sign-out").click();
  await expect(other.getByTestId("banner")).toContainText("You are signed out");
  await expect(other.getByTestId("account")).toBeHidden();
  await other.reload();
  await expect(other.getByTestId("banner")).toContainText("You are signed out");
  await other.close();
  expect(backend.asked).toBe(asked);

  await page.getByTestId("run").click();
  await expect(page.getByTestId("banner")).toContainText("Your session has ended");
  await expect(page.getByTestId("run-error")).toContainText("not signed in any more");
  await page.getByTestId("banner-retry").click();
  await expect(page.getByTestId("banner")).toBeHidden();
  await expect(page.getByTestId("account")).toContainText("ada");
  await expect(page.getByTestId("field-name")).toHaveValue("Blue Fin Tours");
  await page.getByTestId("run").click();
  await expectStep(page, "snippet", "done");
});

test("an opened file of customers outlives a session that ends", async ({ page, stack, backend }) => {
  await openSignedIn(page, stack, backend, "session");
  await page.getByTestId("to-batches").click();
  await expect(page.getByTestId("open-customers")).toBeEnabled();
  const buffer = Buffer.from("name,external_id\nBlue Fin,blue-fin");
  await page.getByTestId("customers-file").setInputFiles({ name: "one.csv", mimeType: "text/csv", buffer });
  await expect(page.getByTestId("start")).toHaveText("Start 1 customer");
  const ended = await page.evaluate(() =>
    fetch("v1/session", { method: "DELETE", headers: { "x-kit-client": "test" } }).then(
      (answer) => answer.status,
    ),
  );
  expect(ended).toBe(204);
  await page.getByTestId("start").click();
  await expect(page.getByTestId("banner")).toContainText("Your session has ended");
  await expect(page.getByTestId("draft-error")).toContainText("not signed in any more");
  await page.getByTestId("banner-retry").click();
  await expect(page.getByTestId("account")).toContainText("ada");
  await page.getByTestId("start").click();
  await expect(page.getByTestId("batch-summary")).toHaveText("The customer is set up.");
});

test("who signs out can sign in again", async ({ page, stack, backend }) => {
  await openSignedIn(page, stack, backend, "session");
  await page.getByTestId("sign-out").click();
  await expect(page.getByTestId("banner")).toContainText("You are signed out");
  await page.getByTestId("banner-retry").click();
  await expect(page.getByTestId("account")).toContainText("ada");
  expect(page.url()).toBe(`${stack.proxy.url}/`);
});

test("a token that is refused is replaced, and one that ends soon before it does", async ({
  page,
  stack,
  backend,
}) => {
  await page.clock.install();
  await openSignedIn(page, stack, backend, "jwt");
  await expect(page.getByTestId("account")).toContainText("ada");
  await setUp(page, "Blue Fin Tours");
  await expectStep(page, "snippet", "done");
  expect(backend.asked).toBe(1);

  // Another secret: the token that the page holds is no longer good.
  backend.secret += "changed";
  await stack.restart("proxy", { env: backend.settings("jwt", stack.proxy.url) });
  await setUp(page, "Red Fox Tours");
  await expectStep(page, "snippet", "done");
  await expect(page.getByTestId("banner")).toBeHidden();
  expect(backend.asked).toBe(2);

  await page.getByTestId("to-batches").click();
  await expect(page.getByTestId("account")).toContainText("ada");
  await expect(page.getByText("There is none yet.")).toBeVisible();
  expect(backend.asked).toBe(3);
  const look = () => page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
  const listed = () => page.waitForResponse((answer) => answer.url().includes("/v1/batches?"));
  await Promise.all([listed(), look()]);
  expect(backend.asked).toBe(3);
  await page.clock.fastForward("04:45");
  await Promise.all([listed(), look()]);
  expect(backend.asked).toBe(4);
});

test("a backend that does not answer, or a role that is none, is told with what to do", async ({
  page,
  stack,
  backend,
}) => {
  backend.role = "nobody";
  await openSignedIn(page, stack, backend, "session");
  await expect(page.getByTestId("banner")).toContainText("Your sign-in may not use this page");
  await expect(page.getByTestId("banner")).toContainText("no role at this proxy");
  await backend.stop();
  await page.getByTestId("banner-retry").click();
  await expect(page.getByTestId("banner")).toContainText("Your sign-in cannot be reached");
  await expect(page.getByTestId("banner")).toContainText(stack.proxy.url);
});
