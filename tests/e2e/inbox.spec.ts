import { violations } from "./axe.js";
import { expect, test } from "./stack.js";
import { chat, composer, launcher, withWidget } from "./widget-page.js";

const OFTEN = JSON.stringify({ session_poll_seconds: 0.2, sessions_poll_seconds: 0.5 });

test("a person answers a visitor from the sandbox's inbox", async ({ page, context, stack }) => {
  await stack.restart("sandbox", { env: { OPENCX_SANDBOX_VARIANTS: OFTEN } });
  await withWidget(stack, page, {}, async () => {
    await launcher(page).click();
    await composer(page).pressSequentially("Can I talk to a person? <img src=x onerror=alert(1)>");
    await composer(page).press("Enter");
    await chat(page).getByText("A person from our team will answer you here.").waitFor();

    const inbox = await context.newPage();
    await inbox.goto(`${stack.sandbox.url}/_sandbox/inbox`);
    await expect(inbox).toHaveTitle(/^\(1\)/);
    const entry = inbox.getByRole("navigation").getByRole("button", { name: /1 unread/ });
    await entry.click();
    await expect(inbox.getByRole("heading", { level: 2 })).toBeFocused();
    await expect(inbox.getByRole("log")).toContainText("<img src=x onerror=alert(1)>");
    await expect(inbox).toHaveTitle(/^Inbox/);

    await inbox.getByLabel("Your name").fill("Ana");
    await inbox.getByLabel("Answer").fill("Good morning, this is Ana.");
    await inbox.keyboard.press("Control+Enter");
    await expect(inbox.getByLabel("Answer")).toHaveValue("");
    await expect(chat(page).getByText("Good morning, this is Ana.")).toBeVisible();

    await composer(page).pressSequentially("Thank you, Ana!");
    await composer(page).press("Enter");
    await expect(inbox.getByRole("log")).toContainText("Thank you, Ana!");

    expect(await violations(inbox)).toEqual([]);

    await inbox.getByRole("button", { name: "Resolve" }).click();
    await expect(inbox.getByRole("button", { name: "Open again" })).toBeFocused();
    await expect(chat(page).getByText("This conversation is closed.")).toBeVisible();

    await chat(page).getByLabel("4", { exact: true }).check();
    await chat(page).getByRole("button", { name: "Send rating" }).click();
    await expect(inbox.getByRole("log")).toContainText("The visitor rated it 4");
  });
});
