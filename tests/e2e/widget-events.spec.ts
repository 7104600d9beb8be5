import { expect, test } from "./stack.js";
import { chat, chatWith, composer, heard, launcher, withWidget } from "./widget-page.js";

test("a message is told with who and where; one that comes while the chat is closed is counted", async ({
  page,
  stack,
}) => {
  await withWidget(stack, page, {}, async () => {
    await launcher(page).click();
    await chatWith(page, "My order number is 4711");
    const events = await heard(page);
    const message = events.find((event) => event.startsWith("message"))?.slice("message ".length) ?? "{}";
    expect(JSON.parse(message)).toEqual({
      who: "ai",
      conversation: expect.stringMatching(/^[0-9a-f-]{36}$/),
      text: expect.stringContaining("I do not know"),
    });
    expect(events.filter((event) => event.startsWith("unread"))).toEqual([]);

    // The answer comes when the visitor has closed the chat.
    let answer: (() => void) | undefined;
    await page.route("**/chat/send", async (route) => {
      await new Promise<void>((go) => {
        answer = go;
      });
      await route.continue();
    });
    await composer(page).pressSequentially("And the colour?");
    await composer(page).press("Enter");
    await expect.poll(() => answer !== undefined).toBe(true);
    await launcher(page).click();
    answer?.();
    await expect(launcher(page)).toHaveAttribute("data-unread", "1");
    await expect(launcher(page)).toHaveAccessibleName("Chat with us (1)");
    expect(await page.evaluate(() => window.widget.unread)).toBe(1);
    await launcher(page).click();
    await expect(launcher(page)).toHaveAccessibleName("Chat with us");
    expect((await heard(page)).filter((event) => event.startsWith("unread"))).toEqual([
      'unread {"count":1}',
      'unread {"count":0}',
    ]);
  });
});

test("an answer that came while the visitor was away is counted when he returns", async ({ page, stack }) => {
  await withWidget(stack, page, {}, async ({ token }) => {
    await launcher(page).click();
    await chatWith(page, "My order number is 4711");
    await launcher(page).click();
    // Somebody goes on with his conversation from another of his windows.
    const [contact, session] = await page.evaluate(async (token) => {
      const contact = localStorage.getItem(`opencx-widget:org-token-${token}:contact-token`) ?? "";
      const message = window.heard.find((event) => event.startsWith("message")) ?? "";
      return [contact, JSON.parse(message.slice("message ".length)).conversation as string];
    }, token);
    await fetch(`${stack.sandbox.url}/backend/widget/v2/chat/send`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "x-bot-token": token,
        authorization: `Bearer ${contact}`,
      },
      body: JSON.stringify({
        uuid: "5c3f6a52-6d5b-4b6f-9a2e-0d2a3f0c1b77",
        content: "And the colour?",
        session_id: session,
        bot_token: token,
      }),
    });
    await page.reload();
    await expect(launcher(page)).toHaveAttribute("data-unread", "1");
  });
});

test("a conversation that a person takes over is told", async ({ page, stack }) => {
  await withWidget(stack, page, {}, async () => {
    await launcher(page).click();
    await composer(page).pressSequentially("I want to talk to a human");
    await composer(page).press("Enter");
    await expect(chat(page).getByText("A person from our team will answer")).toBeVisible();
    await expect.poll(() => heard(page)).toContainEqual(expect.stringMatching(/^handoff \{"conversation":"/));
  });
});

test("events are the host's too, and what a page's listener throws is its own affair", async ({
  page,
  stack,
}) => {
  const before = `document.addEventListener("opencx-open", () => { window.bubbled = true })`;
  await withWidget(stack, page, { before }, async () => {
    await page.evaluate(() => {
      Object.assign(window, {
        reportError: (error: Error) => Object.assign(window, { reported: String(error) }),
      });
      window.widget.on("open", () => {
        throw new Error("mine");
      });
      const end = window.widget.on("open", () => Object.assign(window, { last: true }));
      window.widget.open();
      end();
    });
    expect(await page.evaluate("[window.bubbled, window.reported, window.last]")).toEqual([
      true,
      "Error: mine",
      true,
    ]);
  });
});
