import type { Page } from "@playwright/test";
import type { CrawlProgress } from "../../www/sdk/platform.js";
import { openPartnerPage } from "./partner-page.js";
import { expect, type Stack, test } from "./stack.js";

/** A page of the partner's own, with an org whose website is being crawled. */
async function startCrawl(page: Page, stack: Stack): Promise<[org: string, crawl: string]> {
  await openPartnerPage(page, stack);
  return page.evaluate(async (url) => {
    const { admin } = window;
    const org = await admin.createOrg({ name: "Blue Fin Tours", external_id: "blue-fin" });
    await admin.createOrgKey(org.id, { name: "watched" });
    const crawl = await admin.startCrawl(org.id, { url });
    return [org.id, crawl.id] as [string, string];
  }, stack.site.url);
}

test("a crawl is watched to its end by two, with one poll for both", async ({ page, stack }) => {
  const ids = await startCrawl(page, stack);
  const looks: string[] = [];
  page.on("request", (request) => {
    if (request.method() === "GET" && request.url().includes("/crawls/")) looks.push(request.url());
  });
  const watched = await page.evaluate(async ([org, crawl]) => {
    const told: [CrawlProgress[], CrawlProgress[]] = [[], []];
    const ends = await Promise.all(
      told.map((heard) => window.admin.watchCrawl(org, crawl, { onProgress: (one) => heard.push(one) })),
    );
    return { told, ends };
  }, ids);
  const [last, other] = watched.ends;
  expect(last).toMatchObject({
    datasource_id: ids[1],
    state: "completed",
    finished: true,
    error_message: null,
  });
  expect(last?.pages_done).toBeGreaterThan(5);
  expect(last?.pages_done).toBe(last?.pages_total);
  expect(other).toEqual(last);
  expect(watched.told[0]).toEqual(watched.told[1]);
  expect(watched.told[0].at(-1)).toEqual(last);
  const done = watched.told[0].map((progress) => progress.pages_done);
  expect(done, "never goes back").toEqual([...done].sort((a, b) => a - b));
  expect(looks.length).toBe(watched.told[0].length);
});

test.describe("of a crawl that nobody made", () => {
  test.use({ expectedErrors: /Failed to load resource/ });

  test("a crawl that nobody made cannot be watched", async ({ page, stack }) => {
    const [org] = await startCrawl(page, stack);
    const code = await page.evaluate(async (org) => {
      const nobodys = "0b6f7a52-0c3a-4b6e-9d53-1f0a4d1f2c11";
      return window.admin.watchCrawl(org, nobodys).then(
        () => "watched",
        (error) => error.code,
      );
    }, org);
    expect(code).toBe("NOT_FOUND");
  });
});
