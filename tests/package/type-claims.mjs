// TypeScript types against JSON schemas: what must hold of a type, one line each, and what the compiler says of it.
import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * @typedef {{
 *   $ref?: string, type?: string | string[], enum?: (string | null)[], "x-known-values"?: string[], const?: unknown, pattern?: string,
 *   items?: Schema, properties?: Record<string, Schema>, required?: string[], additionalProperties?: unknown, allOf?: Schema[],
 *   anyOf?: Schema[], oneOf?: Schema[],
 * }} Schema
 *
 * `skip`: of that place nothing is claimed. `isAnswer`: null in the schema is null in the type; in an input it may mean as well that
 * the field can be left out. `isFilled`: all fields are there in the type, those that the schema lets be missing with something for it.
 * @typedef {{ skip?: (at: string) => boolean, isAnswer?: boolean, isFilled?: boolean }} Options
 */

export const root = fileURLToPath(new URL("../../", import.meta.url));

const PRELUDE = `
  type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;
  type Not<A> = A extends true ? false : true;
  /** NonNullable makes a plain string of words that may become more. */
  type There<T> = T extends null | undefined ? never : T;
  /** Without an index signature. */
  type Fields<T> = keyof { [K in keyof T as string extends K ? never : number extends K ? never : K]: T[K] };
  type Required<T> = { [K in Fields<T> & keyof T]: object extends Pick<T, K> ? never : K }[Fields<T> & keyof T];
  /** Without those that nobody knows yet. */
  type Words<T> = T extends string ? (string extends T ? never : T) : never;
  declare function claim<T extends true>(): void;`;

const words = (/** @type {readonly string[]} */ list) => list.map((word) => JSON.stringify(word)).join(" | ") || "never";

/** A schema with its reference followed, the parts of an allOf put together, and null beside it noted. */
function resolved(/** @type {Schema} */ schema, /** @type {Record<string, Schema>} */ named) {
  let whole = schema;
  let nullable = [schema.type].flat().includes("null");
  if (schema.$ref !== undefined) {
    const name = schema.$ref.split("/").at(-1) ?? "";
    const found = named[name];
    if (found === undefined) throw new Error(`${schema.$ref} leads nowhere`);
    return resolved(found, named);
  }
  const either = schema.anyOf ?? schema.oneOf;
  if (either !== undefined && schema.type === undefined) {
    nullable = either.some((one) => one.type === "null");
    // Where one of several is answered, it is the first to whom no key was given.
    const inner = either.find((one) => one.type !== "null");
    whole = inner === undefined ? schema : resolved(inner, named).schema;
  }
  if (schema.allOf !== undefined && schema.type === undefined) {
    const parts = schema.allOf.map((part) => resolved(part, named).schema);
    whole = {
      type: "object",
      properties: Object.assign({}, ...parts.map((part) => part.properties)),
      required: parts.flatMap((part) => part.required ?? []),
    };
  }
  return { schema: whole, nullable };
}

/**
 * What must hold of a type: objects by their fields, the rest by what it is.
 * @param {Schema} given
 * @param {string} type
 * @param {string} at
 * @param {Record<string, Schema>} [named]
 * @param {Options} [options]
 * @returns {string[]}
 */
export function claims(given, type, at, named = {}, options = {}) {
  if (options.skip?.(at)) return [];
  const { schema, nullable } = resolved(given, named);
  const lines = /** @type {string[]} */ ([]);
  const claim = (/** @type {string} */ text) => lines.push(`claim<${text}>(); // ${at}`);
  const kind = [schema.type].flat().find((one) => one !== "null");
  const there = `There<${type}>`;
  if (options.isAnswer && !options.isFilled && kind !== undefined) {
    claim(`${nullable ? "" : "Not<"}(null extends ${type} ? true : false)${nullable ? "" : ">"}`);
  }
  if (schema["x-known-values"]) {
    claim(`Same<Words<${there}>, ${words(schema["x-known-values"])}>`);
    claim(`string extends ${there} ? true : false`);
  } else if (schema.enum) {
    claim(`Same<${there}, ${words(schema.enum.filter((word) => word !== null))}>`);
  } else if (kind === "array" && schema.items) {
    lines.push(...claims(schema.items, `${there}[number]`, `${at}[]`, named, options));
  } else if (kind === "object") {
    // The kit's own names are in the schema as ones that may not be used.
    const fields = Object.entries(schema.properties ?? {}).filter(([, field]) => field.type !== "null");
    if (fields.length === 0 && schema.additionalProperties === true) {
      claim(`string extends keyof ${there} ? true : false`);
      return lines;
    }
    if (fields.length === 0 && typeof schema.additionalProperties === "object") {
      const each = /** @type {Schema} */ (schema.additionalProperties);
      lines.push(...claims(each, `${there}[string]`, `${at}.*`, named, options));
    }
    claim(`Same<Fields<${there}>, ${words(fields.map(([name]) => name))}>`);
    // One of two fields that must be there is no field that must be there.
    if (schema.allOf === undefined) {
      const required = options.isFilled ? fields.map(([name]) => name) : (schema.required ?? []);
      claim(`Same<Required<${there}>, ${words(required)}>`);
    }
    for (const [name, field] of fields) {
      lines.push(...claims(field, `${there}[${JSON.stringify(name)}]`, `${at}.${name}`, named, options));
    }
  } else if (kind === "string" || kind === "boolean") {
    claim(`Same<${there}, ${kind}>`);
  } else if (kind === "integer" || kind === "number") {
    claim(`${there} extends number ? true : false`);
  }
  return lines;
}

/**
 * Runs `use` with a function that gives those of some claims that do not hold.
 * @param {string} imports
 * @param {(unmet: (lines: readonly string[]) => Promise<string[]>) => Promise<void>} use
 */
export async function withCompiler(imports, use) {
  const folder = await mkdtemp(join(tmpdir(), "type-claims-"));
  try {
    await use(async (lines) => {
      await writeFile(join(folder, "claims.ts"), [imports, PRELUDE, ...lines].join("\n"));
      await writeFile(
        join(folder, "tsconfig.json"),
        JSON.stringify({
          extends: join(root, "tsconfig.json"),
          compilerOptions: { noUnusedLocals: false },
          include: ["claims.ts"],
        }),
      );
      const { stdout } = spawnSync(join(root, "node_modules/.bin/tsc"), ["-p", folder], { encoding: "utf8" });
      return stdout
        .split("\n")
        .filter((line) => line.includes("claims.ts"))
        .map((line) => `${line} ${claimAt(line, lines, imports)}`);
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The claim that a line of the compiler is about. */
function claimAt(/** @type {string} */ said, /** @type {readonly string[]} */ lines, /** @type {string} */ imports) {
  const number = Number(/claims\.ts\((\d+),/.exec(said)?.[1]);
  const before = [imports, PRELUDE].join("\n").split("\n").length;
  return lines[number - 1 - before] ?? "";
}
