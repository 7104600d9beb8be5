import { test as base, expect, type Page } from "@playwright/test";
import { startStack } from "../../tools/dev/stack.mjs";
import { Wire } from "./wire.js";

export type Stack = Awaited<ReturnType<typeof startStack>>;

/**
 * Each test gets four real programs of its own, on ports of the system's choice, and a page whose every byte is kept.
 * A console error, an unhandled rejection and a breach of the platform's contract fail the test; an error that belongs to
 * the test is named in `expectedErrors`.
 */
export const test = base.extend<{ stack: Stack; wire: Wire; expectedErrors: RegExp | undefined }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures' names from the pattern.
  stack: async ({}, use) => {
    const stack = await startStack();
    await use(stack);
    const breaches = await stack.breaches();
    await stack.stop();
    expect(breaches, "calls and answers that break the platform's contract").toEqual([]);
  },
  expectedErrors: [undefined, { option: true }],
  wire: [
    // After the stack, so that it is looked at before the stack ends under the open page.
    async ({ context, stack: _, expectedErrors }, use) => {
      const wire = new Wire(context);
      await use(wire);
      const unexpected = wire.errors.filter((error) => !expectedErrors?.test(error));
      expect(unexpected, "console errors and unhandled rejections").toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

/** Opens the admin page and fills in the demo's customer. */
export async function openAdmin(page: Page, stack: Stack): Promise<void> {
  await page.goto(stack.pages.url);
  await page.getByTestId("fill-demo").click();
}

/** Waits until every step of that kind is in that state. */
export async function expectStep(page: Page, kind: string, state: string | RegExp): Promise<void> {
  for (const step of await page.getByTestId(`step-${kind}`).all()) {
    await expect(step).toHaveAttribute("data-state", state);
  }
}
