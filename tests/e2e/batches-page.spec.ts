import type { Page } from "@playwright/test";
import { violations } from "./axe.js";
import { expect, type Stack, test } from "./stack.js";

const HEADERS = "name,external_id,website,email,trainings[0].title,trainings[0].content";

function csv(...rows: string[]): string {
  return [HEADERS, ...rows].join("\n");
}

const FIVE = csv(
  ...["a", "b", "c", "d", "e"].map((id) => `Customer ${id},c-${id},,,Refunds,Five working days.`),
);

async function openFile(page: Page, name: string, text: string): Promise<void> {
  await expect(page.getByTestId("open-customers")).toBeEnabled();
  await page
    .getByTestId("customers-file")
    .setInputFiles({ name, mimeType: "text/plain", buffer: Buffer.from(text) });
}

/** Lets the platform go wrong. */
async function fault(stack: Stack, rule: object): Promise<void> {
  const answer = await fetch(`${stack.sandbox.url}/_sandbox/faults`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(rule),
  });
  expect(answer.ok).toBe(true);
}

const rows = (page: Page) => page.getByTestId("customers").locator("tbody tr");

test("a batch of a CSV file goes on when its page is closed, and another page sees it end", async ({
  page,
  context,
  stack,
}) => {
  await page.goto(stack.pages.url);
  await page.getByTestId("to-batches").click();
  await expect(page.getByTestId("to-batches")).toHaveAttribute("aria-current", "page");
  await openFile(page, "customers.csv", FIVE);
  await expect(page.getByTestId("draft-outline")).toContainText("Customers: 5.");
  await expect(page.getByTestId("draft-outline")).toContainText("Trainings: 5.");
  await expect(page.getByTestId("mistakes")).toBeHidden();
  expect(await violations(page)).toEqual([]);
  // Nobody's turn ends before the page is closed.
  await fault(stack, { operation: "createOrg", fault: { status: { code: 429, retry_after: 1 } } });
  await page.getByTestId("start").click();
  await expect(page.getByTestId("batch-summary")).toContainText("Running.");
  await expect(page.getByTestId("batch").getByRole("heading", { level: 2 })).toBeFocused();
  await expect(rows(page)).toHaveCount(5);
  await page.close();

  const another = await context.newPage();
  await another.goto(`${stack.pages.url}/batches.html`);
  await expect(another.getByTestId("batch-summary")).toContainText("Running. 0 %");
  await fetch(`${stack.sandbox.url}/_sandbox/faults`, { method: "DELETE" });
  await expect(another.getByTestId("batch-summary")).toHaveText("All 5 customers are set up.", {
    timeout: 30_000,
  });
  await expect(rows(another).filter({ hasText: "Done" })).toHaveCount(5);
  await expect(rows(another).first()).toContainText("3 steps done");
  await expect(another.getByTestId("counts")).toHaveText(/Done5/);
  await expect(another.getByTestId("stop-batch")).toBeHidden();
  await expect(another.getByTestId("batches")).toContainText("Done");
  expect(await violations(another)).toEqual([]);

  // The same file again is another batch, in which all is done before.
  await openFile(another, "customers.csv", FIVE);
  await another.getByTestId("start").click();
  await expect(rows(another).first()).toContainText("3 done before");
  await expect(another.getByTestId("batches").getByRole("link")).toHaveCount(2);
  await another.goBack();
  await expect(rows(another).first()).toContainText("3 steps done");
});

test("what is wrong in a file is told by row and column, and can be left out", async ({ page, stack }) => {
  await page.goto(`${stack.pages.url}/batches.html`);
  await openFile(
    page,
    "wrong.csv",
    csv("Blue Fin,blue-fin,nowhere,,,", "Red Fox,red-fox,,,,", "Owl,owl,,owl,,"),
  );
  const mistakes = page.getByTestId("mistakes").locator("tbody tr");
  await expect(mistakes).toHaveText([/^Row 2website/, /^Row 4email/]);
  const start = page.getByTestId("start");
  await expect(start).toHaveAttribute("aria-disabled", "true");
  expect(await violations(page)).toEqual([]);
  await start.press("Enter");
  await expect(page.getByTestId("batch")).toBeHidden();
  await page.getByTestId("leave-out").check();
  await expect(start).toHaveText("Start 1 customer");
  await start.click();
  await expect(page.getByTestId("batch-summary")).toHaveText("The customer is set up.");

  await openFile(page, "broken.json", "[{");
  await expect(page.getByTestId("draft-error")).toContainText("broken.json cannot be read as JSON");
  await openFile(page, "one.json", JSON.stringify({ org: {} }));
  await expect(page.getByTestId("draft-error")).toContainText("holds no list of specs");
  const org = { name: "A", external_id: "a" };
  await openFile(page, "list.json", JSON.stringify([{ org }, { org: { name: "" } }, { org }]));
  await expect(mistakes).toHaveText([
    /^Customer 2org.name/,
    /^Customer 2org.external_id/,
    /^Customer 3.*customer 1/,
  ]);
});

test.describe("what only the proxy finds", () => {
  test.use({ expectedErrors: /status of 400/ });

  test("is told by its place too", async ({ page, stack }) => {
    await page.goto(`${stack.pages.url}/batches.html`);
    const header = "name,external_id,members[0].email,members[0].access";
    await openFile(page, "links.csv", `${header}\nBlue Fin,blue-fin,a@b.example,login-link`);
    await page.getByTestId("start").click();
    await expect(page.getByTestId("draft-error")).toContainText("Nothing was begun");
    await expect(page.getByTestId("mistakes").locator("tbody tr")).toHaveText(/^Row 2members\[0\]\.access/);
  });
});

test("a customer who fails is named with the reason, and resumed", async ({ page, stack }) => {
  await page.goto(`${stack.pages.url}/batches.html`);
  await fault(stack, { operation: "createOrg", when: { nth: 2 }, fault: { status: { code: 400 } } });
  await openFile(page, "customers.csv", FIVE);
  await page.getByTestId("tolerate").fill("1.5");
  await page.getByTestId("start").click();
  await expect(page.getByTestId("tolerate")).toBeFocused();
  await expect(page.getByTestId("draft")).toContainText("Give a whole number");
  await page.getByTestId("tolerate").fill("2");
  await page.getByTestId("start").click();
  const summary = page.getByTestId("batch-summary");
  await expect(summary).toContainText("It is over: 4 done, 1 failed.");
  await page.getByTestId("show").selectOption("failed");
  await expect(rows(page)).toHaveCount(1);
  await expect(rows(page)).toContainText("Create the organization");
  await expect(rows(page)).toContainText("INVALID_SPEC");
  expect(await violations(page)).toEqual([]);

  await page.getByTestId("resume-batch").click();
  await expect(summary).toHaveText("All 5 customers are set up.");
  await expect(rows(page)).toHaveCount(0);
  await page.getByTestId("show").selectOption("all");
  await expect(rows(page).filter({ hasText: "Done" })).toHaveCount(5);
  await expect(page.getByTestId("resume-batch")).toBeHidden();
});

test("a thousand customers are shown in pages, on a small screen too, and can be stopped", async ({
  page,
  stack,
}) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await page.goto(`${stack.pages.url}/batches.html`);
  const specs = Array.from({ length: 1_000 }, (_, n) => ({
    org: { name: `Customer ${n}`, external_id: `c-${n}` },
  }));
  await openFile(page, "thousand.json", JSON.stringify(specs));
  await expect(page.getByTestId("start")).toHaveText("Start 1,000 customers");
  await page.getByTestId("start").click();
  await expect(page.getByTestId("range")).toHaveText("1–50 of 1,000");
  await expect(rows(page)).toHaveCount(50);
  await page.getByTestId("next").press("Enter");
  await expect(page.getByTestId("range")).toHaveText("51–100 of 1,000");
  await expect(rows(page).first()).toContainText("c-50");
  await expect(rows(page).first()).toContainText("Waiting");
  await page.getByTestId("stop-batch").click();
  await expect(page.getByTestId("batch-summary")).toContainText("Stopped by a person");
  await expect(page.getByTestId("batch").getByRole("heading", { level: 2 })).toBeFocused();
  await expect(page.getByTestId("resume-batch")).toBeVisible();
  await expect(page.getByTestId("range")).toHaveText("51–100 of 1,000");
  const width = () => page.evaluate(() => document.documentElement.scrollWidth);
  expect(await width()).toBeLessThanOrEqual(360);
  await page.evaluate(() => {
    document.documentElement.dir = "rtl";
  });
  expect(await width()).toBeLessThanOrEqual(360);
  expect(await violations(page)).toEqual([]);
});

test.describe("where something is not there", () => {
  test.use({ expectedErrors: /status of 404|Failed to load resource|CORS/ });

  test("a batch that is gone is told, and a proxy that is away too, until it is back", async ({
    page,
    stack,
  }) => {
    await page.goto(`${stack.pages.url}/batches.html`);
    await openFile(page, "customers.csv", FIVE);
    await page.getByTestId("start").click();
    await expect(page.getByTestId("batch-summary")).toHaveText("All 5 customers are set up.");
    const address = page.url();
    await stack.kill("proxy");
    await page.reload();
    await expect(page.getByTestId("banner")).toContainText("The proxy does not answer");
    await stack.restart("proxy");
    await page.getByTestId("banner-retry").click();
    await expect(page.getByTestId("batch-summary")).toHaveText("All 5 customers are set up.");
    expect(page.url()).toBe(address);
    await page.goto(`${stack.pages.url}/batches.html#00000000-0000-4000-8000-000000000000`);
    await expect(page.getByTestId("batch-error")).toContainText("knows no batch of that id");
    await expect(page.getByTestId("batch-summary")).toBeHidden();
  });
});
