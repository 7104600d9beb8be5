// The schema of a spec in the package: readable by JavaScript's regular expressions, and the same as the TypeScript type.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

/** @typedef {{ type?: string | string[], enum?: (string | null)[], pattern?: string, items?: Schema, properties?: Record<string, Schema>, required?: string[], allOf?: unknown }} Schema */

const root = fileURLToPath(new URL("../../", import.meta.url));
const schema = /** @type {Schema} */ (JSON.parse(await readFile(join(root, "pkg/spec.schema.json"), "utf8")));

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

/** What must hold of a type: one line each. Objects by their fields, the rest by what it is. */
function claims(/** @type {Schema} */ schema, /** @type {string} */ type, /** @type {string} */ at) {
  const lines = /** @type {string[]} */ ([]);
  const claim = (/** @type {string} */ text) => lines.push(`claim<${text}>(); // ${at}`);
  const words = (/** @type {readonly string[]} */ list) => list.map((word) => JSON.stringify(word)).join(" | ") || "never";
  const kind = [schema.type].flat().find((one) => one !== "null");
  const there = `NonNullable<${type}>`;
  if (schema.enum) {
    claim(`Same<${there}, ${words(schema.enum.filter((word) => word !== null))}>`);
  } else if (kind === "array" && schema.items) {
    lines.push(...claims(schema.items, `${there}[number]`, `${at}[]`));
  } else if (kind === "object" && at !== "Spec.embed.options") {
    // The kit's own names are in the schema as ones that may not be used.
    const fields = Object.entries(schema.properties ?? {}).filter(([, field]) => field.type !== "null");
    claim(`Same<Fields<${there}>, ${words(fields.map(([name]) => name))}>`);
    // One of two fields that must be there is no field that must be there.
    if (schema.allOf === undefined) claim(`Same<Required<${there}>, ${words(schema.required ?? [])}>`);
    for (const [name, field] of fields) lines.push(...claims(field, `${there}[${JSON.stringify(name)}]`, `${at}.${name}`));
  } else if (kind === "string" || kind === "boolean") {
    claim(`Same<${there}, ${kind}>`);
  } else if (kind === "integer") {
    claim(`${there} extends number ? true : false`);
  }
  return lines;
}

test("the type Spec and the schema have the same fields, of the same kinds", async () => {
  const folder = await mkdtemp(join(tmpdir(), "spec-schema-"));
  const check = async (/** @type {readonly string[]} */ lines) => {
    const code = `
      import type { Spec } from ${JSON.stringify(join(root, "www/sdk/provision.ts").replace(/\.ts$/, ".js"))};
      type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;
      /** Without an index signature. */
      type Fields<T> = keyof { [K in keyof T as string extends K ? never : number extends K ? never : K]: T[K] };
      type Required<T> = { [K in Fields<T> & keyof T]: object extends Pick<T, K> ? never : K }[Fields<T> & keyof T];
      declare function claim<T extends true>(): void;
      ${lines.join("\n")}`;
    await writeFile(join(folder, "claims.ts"), code);
    await writeFile(join(folder, "tsconfig.json"), JSON.stringify({ extends: join(root, "tsconfig.json"), include: ["claims.ts"] }));
    const { stdout } = spawnSync(join(root, "node_modules/.bin/tsc"), ["-p", folder], { encoding: "utf8" });
    return stdout.split("\n").filter((line) => line.includes("claims.ts"));
  };
  try {
    const lines = claims(schema, "Spec", "Spec");
    assert.ok(lines.length > 60, `${lines.length}`);
    assert.deepEqual(await check(lines), []);
    // What does not hold is found.
    const wrong = structuredClone(schema);
    delete wrong.properties?.tags?.items?.properties?.description;
    assert.equal((await check(claims(wrong, "Spec", "Spec"))).length, 1);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
