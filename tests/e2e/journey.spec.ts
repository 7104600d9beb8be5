import { readFile } from "node:fs/promises";
import { expect, expectStep, openAdmin, test } from "./stack.js";

test("a customer is set up and a visitor chats on that customer's website", async ({ page, stack, wire }) => {
  await openAdmin(page, stack);
  await page.getByTestId("field-invitee").fill("owner@example.com");
  const training = {
    title: await page.getByTestId("training-1-title").inputValue(),
    content: await page.getByTestId("training-1-content").inputValue(),
  };
  await page.getByTestId("run").click();
  for (const kind of ["org", "org-key", "crawl", "training", "invitation", "snippet"]) {
    await expectStep(page, kind, "done");
  }
  await expect(page.getByTestId("step-training")).toHaveCount(2);
  const orgId = (await page.getByTestId("org-id").textContent()) ?? "";

  // A login link, for the person who asked.
  await page.getByTestId("login-email").fill("owner@example.com");
  await page.getByTestId("create-login-link").click();
  await expect(page.getByTestId("login-link")).toBeVisible();

  // The snippet, pasted as a site owner does.
  const snippet = await page.getByTestId("snippet").inputValue();
  await page.goto(`${stack.site.url}/_edit`);
  await page.getByTestId("editor-snippet").fill(snippet);
  await page.getByTestId("editor-save").click();
  await expect(page.getByTestId("editor-snippet")).toHaveValue(snippet);
  await page.waitForLoadState();
  await page.goto(stack.site.url);

  // Nothing of the platform before the visitor asks for it.
  const launcher = page.getByRole("button", { name: "Chat with us" });
  await expect(launcher).toBeVisible();
  expect(wire.requests.filter((request) => request.includes("/backend/widget/"))).toEqual([]);
  expect(await page.evaluate(() => localStorage.length)).toBe(0);

  await launcher.click();
  const chat = page.frameLocator("opencx-kit iframe").frameLocator('iframe[title="OpenCX Live Chat"]');
  const composer = chat.getByRole("textbox");
  const replies = chat.locator('[data-component="chat/agent_msg/msg"]');
  const ask = async (question: string) => {
    await composer.fill(question);
    await composer.press("Enter");
  };
  await ask("How old must my child be to paddle the sea caves?");
  await expect(replies.last()).toContainText("at least 10 years old");
  await expect(replies.last()).toContainText(`${stack.site.url}/tours.html`);

  await ask(training.title);
  await expect(replies.last()).toContainText(training.content);

  await ask("I want to talk to a person");
  await expect(replies.last()).toContainText(/person|team/i);

  // The keys stayed where they are. The org key is the bearer of the sandbox's crawl and training calls.
  const seen = await wire.text();
  expect(seen.length).toBeGreaterThan(100_000);
  expect(seen).toContain(orgId);
  expect(seen).not.toContain(stack.partnerKey);
  expect(seen).not.toMatch(/ocx_live_/);
  expect(await readFile(`${stack.dataDir}/proxy.log`, "utf8")).not.toMatch(/ocx_live_|\/login\//);
});
