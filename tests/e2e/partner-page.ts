import type { Page } from "@playwright/test";
import type { Admin } from "../../www/sdk/admin.js";
import type { Stack } from "./stack.js";

declare global {
  interface Window {
    admin: Admin;
  }
}

/** A page of the partner's own that has the admin functions as `admin`. */
export async function openPartnerPage(page: Page, stack: Stack): Promise<void> {
  await page.goto(stack.pages.url);
  await page.evaluate(async (proxyUrl) => {
    const { connect } = await import("/dist/admin.js" as string);
    window.admin = await connect({ proxyUrl });
  }, stack.proxy.url);
}
