import { expect, expectStep, test } from "./stack.js";

for (const base of ["", "/opencx/kit"]) {
  test(`the page that the proxy serves sets a customer up ${base && `below ${base}`}`, async ({
    page,
    stack,
    wire,
  }) => {
    await stack.restart("proxy", {
      env: { OPENCX_PROXY_SERVE_PAGES: "true", OPENCX_PROXY_BASE_PATH: base || "/" },
    });
    const own = `${stack.proxy.url}${base}/`;
    // As a person types it.
    const answer = await page.goto(stack.proxy.url + base);
    expect(page.url()).toBe(own);
    expect(answer?.headers()["content-security-policy"]).toContain("default-src 'none'");
    await expect(page.getByTestId("connection")).toHaveAttribute("data-state", "up");
    await expect(page.getByTestId("fill-demo")).toBeHidden();
    await page.getByTestId("field-name").fill("Blue Fin Tours");
    await page.getByTestId("field-website").fill(stack.site.url);
    await page.getByTestId("training-1-title").fill("Refunds");
    await page.getByTestId("training-1-content").fill("Refunds take five working days.");
    await page.getByTestId("run").click();
    for (const kind of ["org", "org-key", "crawl", "snippet"]) await expectStep(page, kind, "done");
    await expect(page.getByTestId("open-editor")).toBeHidden();
    expect(wire.requests.filter((request) => request.includes(stack.pages.url))).toEqual([]);

    // What the snippet names can be loaded by the customer's website, of another origin.
    const snippet = await page.getByTestId("snippet").inputValue();
    expect(snippet).toContain(`src="${own}dist/script.js"`);
    await stack.site.saveSnippet(snippet);
    await page.goto(stack.site.url);
    await page.getByRole("button", { name: "Chat with us" }).click();
    const chat = page.frameLocator("opencx-kit iframe").frameLocator('iframe[title="OpenCX Live Chat"]');
    await expect(chat.getByRole("textbox")).toBeVisible();

    // The second time only what has changed is sent again.
    const script = wire.requests.find((request) => request.includes("dist/script.js")) ?? "";
    expect(script).toContain(own);
    const tag = (await fetch(`${own}dist/embed.wasm`)).headers.get("etag") ?? "";
    const again = await fetch(`${own}dist/embed.wasm`, { headers: { "if-none-match": tag } });
    expect(again.status).toBe(304);
  });
}
