import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, expectStep, openAdmin, type Stack, test } from "./stack.js";

// The browser itself reports each request that fails.
test.use({ expectedErrors: /Failed to load resource|blocked by CORS policy/ });

/** Every call the sandbox has had, as `POST /partner/v1/orgs 201`. */
async function platformCalls(stack: Stack): Promise<string[]> {
  const answer = await fetch(`${stack.sandbox.url}/_sandbox/calls`);
  const calls = (await answer.json()) as { method: string; path: string; status: number }[];
  return calls.map(({ method, path, status }) => `${method} ${path} ${status}`);
}

test("a proxy that is not there is told, and a second click continues", async ({ page, stack }) => {
  await openAdmin(page, stack);
  await stack.kill("proxy");
  await page.getByTestId("run").click();
  await expect(page.getByTestId("banner")).toContainText("The proxy does not answer");
  await expect(page.getByTestId("run-error")).toContainText("NETWORK", { timeout: 30_000 });

  await stack.restart("proxy");
  await page.getByTestId("run").click();
  await expectStep(page, "snippet", "done");
  await expectStep(page, "training", "done");
});

test("a refused partner key is told in words for its operator", async ({ page, stack, wire }) => {
  await stack.restart("proxy", { env: { OPENCX_PARTNER_KEY: "not-the-partner-key" } });
  await openAdmin(page, stack);
  await page.getByTestId("run").click();
  const org = page.getByTestId("step-org");
  await expect(org).toHaveAttribute("data-state", "failed");
  await expect(org).toContainText("OPENCX_PARTNER_KEY");
  await expect(org).toContainText("UNAUTHENTICATED");
  await expectStep(page, "training", "skipped");

  await stack.restart("proxy", { env: { OPENCX_PARTNER_KEY: stack.partnerKey } });
  await page.getByTestId("run").click();
  await expectStep(page, "training", "done");
  await expectStep(page, "snippet", "done");
  expect(await wire.text()).not.toContain("not-the-partner-key");
});

test("a platform that answers HTML is told, and a second click makes one org", async ({
  page,
  stack,
  wire,
}) => {
  const html = createServer((_, answer) => {
    answer.setHeader("content-type", "text/html").end("<!doctype html><title>Welcome</title>");
  });
  await new Promise<void>((listening) => html.listen(0, "127.0.0.1", listening));
  const port = (html.address() as AddressInfo).port;
  try {
    await stack.restart("proxy", { env: { OPENCX_API_URL: `http://127.0.0.1:${port}` } });
    await openAdmin(page, stack);
    await page.getByTestId("run").click();
    const org = page.getByTestId("step-org");
    await expect(org).toHaveAttribute("data-state", "failed");
    await expect(org).toContainText("BAD_RESPONSE");
  } finally {
    html.closeAllConnections();
    html.close();
  }
  await stack.restart("proxy", { env: { OPENCX_API_URL: stack.sandbox.url } });
  await page.getByTestId("run").click();
  await expectStep(page, "snippet", "done");
  await expectStep(page, "crawl", "done");
  const made = (await platformCalls(stack)).filter((call) => call === "POST /partner/v1/orgs 201");
  expect(made).toHaveLength(1);
  expect(await wire.text()).not.toContain("Welcome");
});

test("a proxy killed in the middle of a run loses nothing", async ({ page, stack }) => {
  await openAdmin(page, stack);
  // One step by itself, then the kill, then all of it.
  await page.getByTestId("step-org").getByTestId("run-step").click();
  await expectStep(page, "org", "done");
  await page.getByTestId("run").click();
  await stack.kill("proxy");
  await expect(page.getByTestId("stop")).toBeHidden({ timeout: 40_000 });

  await stack.restart("proxy");
  await page.getByTestId("run").click();
  await expectStep(page, "training", /^done/);
  await expectStep(page, "crawl", /^done/);
  await expectStep(page, "org", "done-before");
  const calls = await platformCalls(stack);
  expect(calls.filter((call) => call === "POST /partner/v1/orgs 201")).toHaveLength(1);
  expect(calls.filter((call) => call.startsWith("POST /training 2"))).toHaveLength(2);
  expect(calls.filter((call) => call.startsWith("POST /crawl 2"))).toHaveLength(1);
});

test("a website that cannot be read is told, and a second click reads it", async ({ page, stack }) => {
  await openAdmin(page, stack);
  await stack.kill("site");
  await page.getByTestId("run").click();
  const crawl = page.getByTestId("step-crawl");
  await expect(crawl).toHaveAttribute("data-state", "failed");
  await expect(crawl).toContainText("The crawl ended as failed");
  await expectStep(page, "snippet", "done");

  await stack.restart("site");
  await page.getByTestId("run").click();
  await expectStep(page, "crawl", /^done/);
  await expect(crawl).toContainText("10 pages");
});

test("bad input is refused at its field before anything is sent", async ({ page, stack, wire }) => {
  await openAdmin(page, stack);
  const cases: [field: string, bad: string][] = [
    ["field-name", ""],
    ["field-website", "kittiwake"],
    ["field-language", "x".repeat(40)],
    ["training-1-content", ""],
    ["field-invitee", "nobody"],
  ];
  for (const [field, bad] of cases) {
    const input = page.getByTestId(field);
    const good = await input.inputValue();
    await input.evaluate((element: HTMLInputElement, value) => {
      // A list of choices must not keep the page from being shown a bad one.
      if (element.tagName === "SELECT") element.append(new Option(value, value));
    }, bad);
    if ((await input.evaluate((element) => element.tagName)) === "SELECT") await input.selectOption(bad);
    else await input.fill(bad);
    await page.getByTestId("run").click();
    await expect(input, field).toHaveAttribute("aria-invalid", "true");
    await expect(input, field).toBeFocused();
    await input.fill(good);
  }
  expect(wire.requests.filter((request) => /\/v1\/(orgs|customers)/.test(request))).toEqual([]);
});

test("a second run of the same customer writes nothing", async ({ page, stack }) => {
  await openAdmin(page, stack);
  await page.getByTestId("run").click();
  await expectStep(page, "snippet", "done");
  await expectStep(page, "crawl", "done");
  const before = await platformCalls(stack);
  await page.reload();
  await page.getByTestId("fill-demo").click();
  await page.getByTestId("run").click();
  await expectStep(page, "snippet", "done");
  await expectStep(page, "org", "done-before");
  await expect(page.getByTestId("stop")).toBeHidden();
  const writes = (await platformCalls(stack)).slice(before.length).filter((call) => call.startsWith("POST"));
  expect(writes).toEqual([]);
});
