// The entries for elements and for React: small, without the wasm glue, and harmless on a server.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { createElement, StrictMode } from "react";
import { renderToString } from "react-dom/server";
import { sizeOf } from "../../tools/build/sizes.mjs";

const dist = new URL("../../pkg/dist/", import.meta.url);

/** What each may cost in gzip bytes, on top of `embed.js`, and what it may import. */
const entries = {
  "element.js": { budget: 2_048, imports: ["./embed.js"] },
  "react.js": { budget: 1_536, imports: ["./embed.js", "react"] },
};

for (const [file, { budget, imports }] of Object.entries(entries)) {
  test(`${file} keeps to ${budget} bytes of gzip`, async () => {
    const { gzip } = await sizeOf(new URL(file, dist).pathname);
    assert.ok(gzip <= budget, `${gzip} bytes; find out what has grown, or raise the budget and say why`);
  });

  test(`${file} leaves the wasm and its glue to embed.js`, async () => {
    const code = await readFile(new URL(file, dist), "utf8");
    const found = [...code.matchAll(/(?:\bfrom|\bimport)\s*"([^"]+)"/g)].map(([, name]) => name);
    assert.deepEqual([...new Set(found)].sort(), imports);
    assert.doesNotMatch(code, /wasm|WebAssembly/);
  });
}

test("the element's module does nothing on a server", async () => {
  await import(new URL("element.js", dist).href);
  assert.equal("customElements" in globalThis, false);
});

test("React's module is marked as the browser's", async () => {
  assert.match(await readFile(new URL("react.js", dist), "utf8"), /^"use client";/);
});

test("on a server the component renders nothing and the hook has no widget", async () => {
  const { useWidget, Widget } = await import(new URL("react.js", dist).href);
  const options = { token: "t", language: "en" };
  function Page() {
    const { widget, state, error } = useWidget(options);
    return createElement("p", null, [String(widget), state, String(error)].join(" "), createElement(Widget, options));
  }
  const html = renderToString(createElement(StrictMode, null, createElement(Page)));
  assert.equal(html, "<p>undefined idle undefined</p>");
});
