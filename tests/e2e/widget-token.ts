import type { Stack } from "./stack.js";

/** A widget token of an org made for this test. */
export async function widgetToken(stack: Stack): Promise<string> {
  const answer = await fetch(`${stack.sandbox.url}/partner/v1/orgs`, {
    method: "POST",
    headers: { authorization: `Bearer ${stack.partnerKey}`, "content-type": "application/json" },
    body: JSON.stringify({ name: "Embed test" }),
  });
  return ((await answer.json()) as { widget_token: string }).widget_token;
}
