// The schema of a spec in the package: readable by JavaScript's regular expressions, and the same as the TypeScript type.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { claims, root, withCompiler } from "./type-claims.mjs";

const schema = /** @type {import("./type-claims.mjs").Schema} */ (
  JSON.parse(await readFile(join(root, "pkg/spec.schema.json"), "utf8"))
);

test("every pattern is one that JavaScript reads", () => {
  const patterns = /** @type {RegExp[]} */ ([]);
  const visit = (/** @type {unknown} */ value) => {
    if (typeof value !== "object" || value === null) return;
    if ("pattern" in value && typeof value.pattern === "string") patterns.push(new RegExp(value.pattern, "u"));
    for (const inner of Object.values(value)) visit(inner);
  };
  visit(schema);
  assert.ok(patterns.length > 20, `${patterns.length}`);
});

test("the type Spec and the schema have the same fields, of the same kinds", async () => {
  // The widget's own options are the embed's affair.
  const skip = (/** @type {string} */ at) => at === "Spec.embed.options";
  const imports = `import type { Spec } from ${JSON.stringify(join(root, "www/sdk/provision.js"))};`;
  await withCompiler(imports, async (unmet) => {
    const lines = claims(schema, "Spec", "Spec", {}, { skip });
    assert.ok(lines.length > 60, `${lines.length}`);
    assert.deepEqual(await unmet(lines), []);
    // What does not hold is found.
    const wrong = structuredClone(schema);
    delete wrong.properties?.tags?.items?.properties?.description;
    assert.equal((await unmet(claims(wrong, "Spec", "Spec", {}, { skip }))).length, 1);
  });
});
