import { expect, test } from "./stack.js";

const FILE = `name;external_id;website;email;trainings[0].title;trainings[0].content
Blue Fin;blue-fin;https://bluefin.example;owner@bluefin.example;Refunds;"Full refund; up to 48 hours before."
Red Fox;red-fox;;;;
Green Owl;green-owl;;desk@greenowl.example;;
`;

test("customers of a CSV file are set up by real parts, and a second run writes nothing", async ({
  page,
  stack,
}) => {
  await page.goto(stack.pages.url);
  const run = () =>
    page.evaluate(
      async ({ module, proxyUrl, text }) => {
        const { connect } = await import(module);
        const admin = await connect({ proxyUrl });
        const { specs, rows, errors } = await admin.readCsv(text);
        const events: string[] = [];
        const onEvent = (event: { type: string }) => events.push(event.type);
        const result = await admin.provisionMany(specs, { inFlight: 2, onEvent });
        return { rows, errors, result, events };
      },
      { module: `${stack.pages.url}/dist/admin.js`, proxyUrl: stack.proxy.url, text: FILE },
    );
  const writes = async () => {
    const calls: { method: string }[] = await (await fetch(`${stack.sandbox.url}/_sandbox/calls`)).json();
    return calls.filter(({ method }) => method !== "GET").length;
  };

  const first = await run();
  expect(first.errors).toEqual([]);
  expect(first.rows).toEqual([2, 3, 4]);
  expect(first.result).toMatchObject({ ok: true, stopped: null, done: 3, failed: 0, notStarted: 0 });
  expect(first.events.filter((type) => type === "customer-finished")).toHaveLength(3);
  // Three orgs, three keys, a training, two invitations.
  expect(await writes()).toBe(9);

  const second = await run();
  expect(second.result).toMatchObject({ ok: true, done: 3 });
  expect(await writes()).toBe(9);
});
