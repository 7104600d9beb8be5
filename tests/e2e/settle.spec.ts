import { expect, expectStep, openAdmin, test } from "./stack.js";

/** Asks the sandbox for something. */
async function sandbox(url: string, method: string, path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(`${url}/_sandbox/${path}`, {
    method,
    headers: { "content-type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  expect(response.ok).toBe(true);
  const text = await response.text();
  return text === "" ? null : JSON.parse(text);
}

test.use({ expectedErrors: /status of (409|502|400)/ });

test("an organization whose answer was lost is settled in the admin page", async ({ page, stack }) => {
  const { url } = stack.sandbox;
  const lose = { operation: "createOrg", when: { nth: 1 }, fault: { drop: { after_effect: true } } };
  await sandbox(url, "POST", "faults", lose);
  await openAdmin(page, stack);
  await page.getByTestId("run").click();
  // The run tries again by itself: the platform has it, and says no more than that.
  const panel = page.getByTestId("settle");
  await expect(panel).toBeVisible();
  await expectStep(page, "org", "failed");

  await page.getByTestId("settle-made").click();
  await expect(page.getByTestId("settle-id")).toBeFocused();
  await page.getByTestId("settle-left").click();
  await expect(page.getByTestId("settle-note")).toContainText("another customer id");

  // Found after all: staff have told both.
  type World = { orgs: Record<string, { id: string; widget_token: string }> };
  const { world } = (await sandbox(url, "GET", "state")) as { world: World };
  const [org] = Object.entries(world.orgs).map(([id, org]) => ({ ...org, id }));
  await page.getByTestId("settle-id").fill("not an id");
  await page.getByTestId("settle-token").fill(org?.widget_token ?? "");
  await page.getByTestId("settle-made").click();
  await expect(panel).toContainText("This must be");
  await page.getByTestId("settle-id").fill(org?.id ?? "");
  await page.getByTestId("settle-made").click();
  await expect(panel).toBeHidden();
  for (const kind of ["org", "org-key", "crawl", "snippet"]) await expectStep(page, kind, /^done/);
  await expect(page.getByTestId("org-id")).toHaveText(org?.id ?? "");
});
