import type { Page } from "@playwright/test";
import type { Spec } from "../../www/sdk/provision.js";
import type {
  ProvisionManyEvent,
  ProvisionManyOptions,
  ProvisionManyResult,
} from "../../www/sdk/provision-many.js";
import { openPartnerPage } from "./partner-page.js";
import { expect, type Stack, test } from "./stack.js";

const specs = (count: number): Spec[] =>
  Array.from({ length: count }, (_, n) => ({ org: { name: `Customer ${n}`, external_id: `c-${n}` } }));

/** Runs, and gives the events too. `abortAt`: the signal fires when that customer starts. */
function many(
  page: Page,
  specs: unknown,
  options: ProvisionManyOptions & { abortAt?: number } = {},
): Promise<{ result: ProvisionManyResult; events: ProvisionManyEvent[] }> {
  return page.evaluate(
    async ([specs, { abortAt, ...options }]) => {
      const events: ProvisionManyEvent[] = [];
      const stop = new AbortController();
      const onEvent = (event: ProvisionManyEvent) => {
        events.push(event);
        if (event.type === "customer-started" && event.index === abortAt) stop.abort();
      };
      const result = await window.admin.provisionMany(specs as Spec[], {
        ...options,
        signal: stop.signal,
        onEvent,
      });
      return { result, events };
    },
    [specs, options] as const,
  );
}

/** `done`, `failed` and `not-started` of each customer, by their first letters. */
function outcomes({ customers }: ProvisionManyResult): string {
  customers.forEach(({ index, externalId }, place) => {
    expect([index, externalId]).toEqual([place, `c-${place}`]);
  });
  return customers.map(({ outcome }) => outcome.charAt(0)).join("");
}

/** An org of that customer that the proxy did not make: creating it is refused. */
async function makeElsewhere(stack: Stack, external_id: string): Promise<void> {
  const made = await fetch(`${stack.sandbox.url}/partner/v1/orgs`, {
    method: "POST",
    headers: { authorization: `Bearer ${stack.partnerKey}`, "content-type": "application/json" },
    body: JSON.stringify({ name: "Elsewhere", external_id }),
  });
  expect(made.status).toBe(201);
}

test("all are set up, so many at a time, and a second run writes nothing", async ({ page, stack }) => {
  await openPartnerPage(page, stack);
  const { result, events } = await many(page, specs(9), { inFlight: 3 });
  expect(result).toMatchObject({ ok: true, stopped: null, done: 9, failed: 0, notStarted: 0 });
  expect(outcomes(result)).toBe("ddddddddd");
  expect(result.customers[4]?.result?.org?.external_id).toBe("c-4");
  let [underWay, most] = [0, 0];
  for (const { type } of events) {
    if (type === "customer-started") most = Math.max(most, ++underWay);
    if (type === "customer-finished") underWay--;
  }
  expect(most).toBe(3);
  const of4 = events.filter((event) => event.type === "customer-event" && event.externalId === "c-4");
  expect(of4.map((event) => event.type === "customer-event" && event.event.type)).toContain("run-started");
  expect(events.at(-1)).toMatchObject({ type: "batch-finished", ok: true, done: 9 });

  await fetch(`${stack.sandbox.url}/_sandbox/calls`, { method: "DELETE" });
  expect(outcomes((await many(page, specs(9))).result)).toBe("ddddddddd");
  const calls: { method: string }[] = await (await fetch(`${stack.sandbox.url}/_sandbox/calls`)).json();
  expect(calls.filter(({ method }) => method !== "GET")).toEqual([]);
});

test.describe("where one is refused", () => {
  test.use({ expectedErrors: /the server responded with a status of 409/ });

  test("it stops after one failure too many, and goes on where some are tolerated", async ({
    page,
    stack,
  }) => {
    await makeElsewhere(stack, "c-2");
    await openPartnerPage(page, stack);
    const { result, events } = await many(page, specs(8), { inFlight: 1 });
    expect(outcomes(result)).toBe("ddfnnnnn");
    expect(result).toMatchObject({ ok: false, stopped: "failures", notStarted: 5 });
    expect(result.customers[2]?.error?.code).toBe("CONFLICT");
    expect(events.filter(({ type }) => type === "batch-stopped")).toHaveLength(1);

    const tolerant = await many(page, specs(8), { inFlight: 2, tolerate: 1 });
    expect(outcomes(tolerant.result)).toBe("ddfddddd");
    expect(tolerant.result).toMatchObject({ ok: false, stopped: null });
  });
});

test("the signal stops it, what happened is told, and the next run goes on", async ({ page, stack }) => {
  await openPartnerPage(page, stack);
  const { result } = await many(page, specs(5), { inFlight: 1, abortAt: 2 });
  expect(outcomes(result)).toBe("ddfnn");
  expect(result.stopped).toBe("aborted");
  expect(result.customers[2]?.error?.code).toBe("ABORTED");
  expect(outcomes((await many(page, specs(5))).result)).toBe("ddddd");
});

test("what is wrong is refused before the first call", async ({ page, stack }) => {
  await openPartnerPage(page, stack);
  const refused = (list: unknown, options: object = {}) =>
    page.evaluate(
      async ([list, options]) => {
        const error: { code: string; message: string; errors: { path: string }[] } = await window.admin
          .provisionMany(list as Spec[], options)
          .then(() => Promise.reject(new Error("it was not refused")))
          .catch((error) => error);
        return [
          error.code,
          error.errors?.map(({ path }) => path).join(" "),
          error.message.length < 1_000,
        ] as const;
      },
      [list, options] as const,
    );
  const one = { org: { name: "A", external_id: "a" } };
  for (const [list, paths] of [
    [5, ""],
    [null, ""],
    [[one, 7], "[1]"],
    [[one, { org: { name: "", external_id: "b" } }], "[1].org.name"],
    [[5, one, one], "[0] [2].org.external_id"],
    [[one, { ...one, trainings: [{ title: "Refunds" }] }], "[1].trainings[0].content"],
    [Array(50).fill(7), Array.from({ length: 50 }, (_, n) => `[${n}]`).join(" ")],
  ] as const) {
    expect(await refused(list)).toEqual(["INVALID_SPEC", paths, true]);
  }
  for (const [options, path] of [
    [{ inFlight: 0 }, "inFlight"],
    [{ inFlight: 17 }, "inFlight"],
    [{ inFlight: 1.5 }, "inFlight"],
    [{ tolerate: -1 }, "tolerate"],
    [{ onEvent: 5 }, "onEvent"],
    [{ signal: 1 }, "signal"],
  ] as const) {
    expect(await refused(specs(2), options)).toEqual(["INVALID_OPTIONS", path, true]);
  }
  expect((await many(page, [])).result.ok).toBe(true);
  expect(await (await fetch(`${stack.sandbox.url}/_sandbox/calls`)).json()).toEqual([]);
});
