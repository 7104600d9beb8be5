// The pictures in docs/, taken of the running programs. Run by `make screenshots`.
import { chromium } from "@playwright/test";
import { CHROMIUM } from "./browsers.mjs";
import { startStack } from "./stack.mjs";

const stack = await startStack();
const browser = await chromium.launch(CHROMIUM);
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  await page.goto(stack.pages.url);
  await page.getByTestId("fill-demo").click();
  await page.getByTestId("run").click();
  await page.getByTestId("summary").filter({ hasText: "All" }).waitFor();
  await page.evaluate(() => window.scrollTo(0, 0));
  await page.screenshot({ path: "docs/admin.png" });

  await stack.site.saveSnippet(await page.getByTestId("snippet").inputValue());
  await page.goto(stack.site.url);
  await page.getByRole("button", { name: "Chat with us" }).click();
  const chat = page.frameLocator("opencx-kit iframe").frameLocator('iframe[title="OpenCX Live Chat"]');
  const composer = chat.getByRole("textbox");
  for (const [question, reply] of [
    ["How old must my child be to paddle the sea caves?", "at least 10 years old"],
    ["I want to talk to a person", "handing you over"],
  ]) {
    await composer.fill(question);
    await composer.press("Enter");
    await chat.getByText(reply).waitFor();
  }
  await page.screenshot({ path: "docs/chat.png" });
} finally {
  await browser.close();
  await stack.stop();
}
