import type { Page } from "@playwright/test";
import type { BatchEvent } from "../../www/sdk/batch.js";
import type { Spec } from "../../www/sdk/provision.js";
import { expect, type Stack, test } from "./stack.js";

const specs: Spec[] = Array.from({ length: 5 }, (_, n) => ({
  org: { name: `Customer ${n}`, external_id: `c-${n}` },
  trainings: [{ title: "Refunds", content: "Refunds take five working days." }],
}));

type Module = typeof import("../../www/sdk/batch.js");

/** Starts a batch, and gives its id. */
function start(page: Page, stack: Stack): Promise<string> {
  return page.evaluate(
    async ([proxyUrl, specs]) => {
      const { startBatch } = (await import("/dist/batch.js" as string)) as Module;
      return (await startBatch({ proxyUrl }, specs, { inFlight: 1 })).id;
    },
    [stack.proxy.url, specs] as const,
  );
}

test("a batch ends though its page is closed, and another page sees all of it", async ({
  page,
  context,
  stack,
}) => {
  await page.goto(stack.pages.url);
  const id = await start(page, stack);
  await page.close();
  const another = await context.newPage();
  await another.goto(stack.pages.url);
  const { end, events, listed } = await another.evaluate(
    async ([proxyUrl, id]) => {
      const { listBatches, readBatch, watchBatch } = (await import("/dist/batch.js" as string)) as Module;
      const events: BatchEvent[] = [];
      await watchBatch({ proxyUrl }, id, { onEvent: (event) => events.push(event) });
      return { end: await readBatch({ proxyUrl }, id), events, listed: await listBatches({ proxyUrl }) };
    },
    [stack.proxy.url, id] as const,
  );
  expect(end).toMatchObject({ state: "finished", ok: true, counts: { done: 5, failed: 0 } });
  expect(end.customers.map(({ externalId, state }) => `${externalId} ${state}`)).toEqual(
    specs.map(({ org }) => `${org.external_id} done`),
  );
  expect(listed.map((batch) => batch.id)).toEqual([id]);
  const told = events.map(({ externalId, state }) => `${externalId ?? "batch"} ${state}`);
  expect(told).toEqual([
    "batch started",
    ...specs.flatMap(({ org }) => [`${org.external_id} running`, `${org.external_id} done`]),
    "batch finished",
  ]);
});

test.describe("where a spec is wrong", () => {
  test.use({ expectedErrors: /the server responded with a status of 400/ });

  test("nothing starts, and the field is named", async ({ page, stack }) => {
    await page.goto(stack.pages.url);
    const error = await page.evaluate(async (proxyUrl) => {
      const { startBatch } = (await import("/dist/batch.js" as string)) as Module;
      const wrong = [{ org: { name: "A", external_id: "a" } }, { org: { name: "", external_id: "b" } }];
      return startBatch({ proxyUrl }, wrong).then(
        () => null,
        ({ code, errors }) => ({ code, paths: errors.map(({ path }: { path: string }) => path) }),
      );
    }, stack.proxy.url);
    expect(error).toEqual({ code: "INVALID_SPEC", paths: ["specs[1].org.name"] });
  });
});
