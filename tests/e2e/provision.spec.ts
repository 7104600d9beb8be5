import type { Page } from "@playwright/test";
import type { ProvisionEvent, ProvisionResult, Spec } from "../../www/sdk/provision.js";
import { violations } from "./axe.js";
import { openPartnerPage } from "./partner-page.js";
import { expect, type Stack, test } from "./stack.js";

const SPEC: Spec = {
  org: { name: "Blue Fin Tours", external_id: "blue-fin", language: "en" },
  trainings: [
    { title: "Refunds", content: "Full refund up to 48 hours before the tour." },
    { title: "Tone", content: "Be warm and brief, always.", type: "BEHAVIORAL" },
  ],
  members: [{ email: "owner@bluefin.example" }],
  settings: { autopilot: { channels: { web: true } }, handoff: { level: 2 } },
  office_hours: [
    {
      name: "Desk",
      iana_timezone: "Europe/Berlin",
      shifts: [{ day_of_week: "monday_to_friday", start_time: "09:00:00", end_time: "17:00:00" }],
    },
  ],
  tags: [{ tag_name: "vip", description: "Comes every year." }],
  contacts: [{ email: "first@guest.example", name: "First Guest", custom_data: { plan: "gold" } }],
  embed: { scriptSrc: "https://cdn.example/script.js" },
};

declare global {
  interface Window {
    happened: ProvisionEvent[];
  }
}

function provision(page: Page, spec: Spec, options: object = {}): Promise<ProvisionResult> {
  return page.evaluate(
    ([spec, options]) => {
      window.happened = [];
      return window.admin.provision(spec, { ...options, onEvent: (event) => window.happened.push(event) });
    },
    [spec, options] as const,
  );
}

/** The platform's calls since the last time somebody asked. */
async function platformCalls(stack: Stack): Promise<{ method: string; operation: string; status: number }[]> {
  const calls = await (await fetch(`${stack.sandbox.url}/_sandbox/calls`)).json();
  await fetch(`${stack.sandbox.url}/_sandbox/calls`, { method: "DELETE" });
  return calls;
}

function outcomes(result: ProvisionResult): string[] {
  return result.steps.map(({ step, outcome, reason }) =>
    [step.id, outcome, reason].filter(Boolean).join(" "),
  );
}

test("a customer is made as the spec says, and a second run, from anywhere, writes nothing", async ({
  page,
  context,
  stack,
}) => {
  await openPartnerPage(page, stack);
  const planned = await page.evaluate((spec) => window.admin.plan(spec), SPEC);
  expect(planned.actions.every(({ action }) => action === "do")).toBe(true);
  expect(planned.emails).toEqual(["owner@bluefin.example"]);
  expect(await platformCalls(stack)).toEqual([]);

  const first = await provision(page, SPEC);
  expect(first.steps.filter(({ outcome }) => outcome !== "done")).toEqual([]);
  expect(first.ok).toBe(true);
  expect((await platformCalls(stack)).length).toBe(planned.platformCalls);

  const other = await context.newPage();
  await openPartnerPage(other, stack);
  const again = await provision(other, SPEC);
  expect(again.ok).toBe(true);
  expect(again.extra).toEqual([]);
  expect(again.snippet).toBe(first.snippet);
  expect((await platformCalls(stack)).filter(({ method }) => method !== "GET")).toEqual([]);
});

test("what has changed is changed, what is gone is made again, what is not asked for goes by prune", async ({
  page,
  stack,
}) => {
  await openPartnerPage(page, stack);
  const first = await provision(page, SPEC);
  const org = first.org?.id ?? "";
  const idOf = (id: string) => {
    const result = first.steps.find(({ step }) => step.id === id)?.result;
    return (result as { id: string } | undefined)?.id ?? "";
  };
  await page.evaluate(([org, id]) => window.admin.deleteOfficeHours(org, id), [
    org,
    idOf("office-hours/1"),
  ] as const);
  await platformCalls(stack);

  const changed: Spec = {
    ...SPEC,
    org: { ...SPEC.org, name: "Blue Fin Tours and Trips" },
    trainings: [{ title: "Refunds", content: "Full refund up to 24 hours before the tour." }],
    tags: [{ tag_name: "vip" }, { tag_name: "group" }],
  };
  const plan = await page.evaluate((spec) => window.admin.plan(spec, { prune: true }), changed);
  const acting = plan.actions
    .filter(({ action }) => action === "do")
    .map(({ step, reason }) => `${step.id} ${reason}`);
  expect(acting).toEqual([
    "org-settings changed",
    "training/1 changed",
    "office-hours/1 not-there",
    "tag/1 changed",
    "tag/2 not-there",
    "snippet each-time",
    `removal/training/${idOf("training/2")} not-in-spec`,
  ]);
  await platformCalls(stack);

  const told = await provision(page, changed);
  expect(told.ok).toBe(true);
  expect(told.extra).toEqual([{ kind: "training", id: idOf("training/2"), label: "Tone" }]);
  const writes = (await platformCalls(stack)).filter(({ method }) => method !== "GET");
  expect(writes.map(({ operation }) => operation).sort()).toEqual([
    "createOfficeHours",
    "updateOrg",
    "updateTraining",
    "upsertTag",
    "upsertTag",
  ]);

  const pruned = await provision(page, changed, { prune: true });
  expect(pruned.ok).toBe(true);
  const removed = (await platformCalls(stack)).filter(({ method }) => method !== "GET");
  expect(removed.map(({ operation }) => operation)).toEqual(["deleteTraining"]);
  const trainings = await page.evaluate(async (org) => {
    const titles = [];
    for await (const training of window.admin.trainings(org)) titles.push(training.content);
    return titles;
  }, org);
  expect(trainings).toEqual(["Full refund up to 24 hours before the tour."]);
  expect((await page.evaluate((org) => window.admin.readOrgSettings(org), org)).name).toBe(
    "Blue Fin Tours and Trips",
  );
});

test("stopped by its signal, a run loses nothing and the next one goes on", async ({ page, stack }) => {
  await openPartnerPage(page, stack);
  const code = await page.evaluate(async (spec) => {
    const stop = new AbortController();
    return window.admin
      .provision(spec, {
        signal: stop.signal,
        onEvent: (event) => {
          if (event.type === "step-succeeded" && event.step.kind === "org-key") stop.abort();
        },
      })
      .catch((error: { code: string }) => error.code);
  }, SPEC);
  expect(code).toBe("ABORTED");
  const next = await provision(page, SPEC);
  expect(next.ok).toBe(true);
  expect(outcomes(next).slice(0, 2)).toEqual(["org skipped done-before", "org-key skipped done-before"]);
  const calls = await platformCalls(stack);
  for (const operation of ["createOrg", "createOrgApiKey", "createOfficeHours", "inviteUser"]) {
    expect(calls.filter((call) => call.operation === operation).length, operation).toBe(1);
  }
});

test("what the platform cannot do is said before a run, and can be left out", async ({ page, stack }) => {
  await stack.restart("proxy", { env: { OPENCX_PATH_UPDATE_AUTOPILOT: "none" } });
  await openPartnerPage(page, stack);
  const refused = await page.evaluate(
    (spec) => window.admin.provision(spec).catch((error: { code: string }) => error.code),
    SPEC,
  );
  expect(refused).toBe("NOT_SUPPORTED");
  expect(await platformCalls(stack)).toEqual([]);
  const rest = await provision(page, SPEC, { skipUnsupported: true });
  expect(rest.ok).toBe(true);
  expect(outcomes(rest)).toContain("autopilot skipped not-supported");
});

test("the admin page sets a customer up from a file, and says before what that would do", async ({
  page,
  stack,
}) => {
  await page.goto(stack.pages.url);
  const open = async (name: string, text: string) => {
    await expect(page.getByTestId("open-spec")).toBeEnabled();
    const buffer = Buffer.from(text);
    await page.getByTestId("spec-file").setInputFiles({ name, mimeType: "application/json", buffer });
  };
  await expect(page.getByTestId("open-spec")).toBeEnabled();
  await open("broken.json", "{");
  await expect(page.getByTestId("run-error")).toContainText("broken.json cannot be read as JSON");
  await open("typo.json", JSON.stringify({ ...SPEC, training: [] }));
  await expect(page.getByTestId("run-error")).toContainText("training");
  await open("blue-fin.json", JSON.stringify(SPEC));
  const plan = page.getByTestId("file-plan");
  await expect(plan).toContainText("An e-mail goes to owner@bluefin.example.");
  await expect(page.getByTestId("field-name")).toBeHidden();
  expect(await platformCalls(stack)).toEqual([]);
  await page.getByTestId("run").click();
  await expect(page.getByTestId("summary")).toContainText("All 11 steps are done.");
  await expect(page.getByTestId("snippet")).toHaveValue(/data-token/);

  // Opened again, it has nothing left to do but the snippet.
  await open("blue-fin.json", JSON.stringify(SPEC));
  await expect(plan).toContainText("Steps to do: 1. Done before: 10.");
  expect(await violations(page)).toEqual([]);
  await page.getByTestId("close-spec").click();
  await expect(page.getByTestId("field-name")).toBeVisible();
});
