// The proxy's protocol as OpenAPI: a document that tools read, and the same as the TypeScript types.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { Validator } from "@seriousme/openapi-schema-validator";
import { claims, root, withCompiler } from "./type-claims.mjs";

/**
 * @typedef {import("./type-claims.mjs").Schema} Schema
 * @typedef {{ content?: Record<string, { schema: Schema }> }} Answer
 * @typedef {{ name: string, in: string, required: boolean, schema?: Schema, content?: Record<string, { schema: Schema }> }} Parameter
 * @typedef {{ operationId: string, parameters: Parameter[], requestBody?: Answer, responses: Record<string, Answer> }} Operation
 */

const document = JSON.parse(await readFile(join(root, "docs/proxy-openapi.json"), "utf8"));
const named = /** @type {Record<string, Schema>} */ (document.components.schemas);
const operations = Object.entries(/** @type {Record<string, Record<string, Operation>>} */ (document.paths)).flatMap(
  ([path, item]) => Object.values(item).map((operation) => ({ path, ...operation })),
);

test("it is a valid OpenAPI 3.1 document", async () => {
  const validator = new Validator();
  const { valid, errors } = await validator.validate(structuredClone(document));
  assert.ok(valid, JSON.stringify(errors, null, 2));
  assert.equal(validator.version, "3.1");
  const wrong = structuredClone(document);
  wrong.paths["/v1/orgs"].post.parameters[0] = { name: "X-Kit-Client", in: "head" };
  assert.equal((await new Validator().validate(wrong)).valid, false);
});

/** No function of a page's: the proxy's own, and what `provision` and the batches' module ask by themselves. */
const NOT_OF_PAGES = [
  "health",
  "signIn",
  "readSession",
  "signOut",
  "readCustomer",
  "inventory",
  "listCustomerEvents",
  "startBatch",
  "listBatches",
  "readBatch",
  "stopBatch",
  "resumeBatch",
  "listBatchEvents",
];
/** Functions that call no operation, or several. */
const OF_SEVERAL = [
  "checkSpec",
  "steps",
  "plan",
  "provision",
  "provisionMany",
  "readCsv",
  "watchCrawl",
  "trainings",
  "embedSnippet",
];
/** Functions that take one field of the input as it is. */
const ONE_FIELD = /** @type {Record<string, string>} */ ({
  excludePages: "page_ids",
  includePages: "page_ids",
  resyncPages: "page_ids",
  deletePages: "page_ids",
  setTrainingDraft: "is_draft",
});
/** The module gives these all their fields: empty, or null, where the proxy has none. */
const FILLED = ["startCrawl", "addTraining"];

/** What a read takes, as an object. */
function query(/** @type {Operation} */ { parameters }) {
  const fields = parameters.filter((parameter) => parameter.in === "query");
  return /** @type {Schema} */ ({
    type: "object",
    properties: Object.fromEntries(
      fields.map(({ name, schema, content }) => [name, schema ?? content?.["application/json"]?.schema ?? {}]),
    ),
    required: fields.filter(({ required }) => required).map(({ name }) => name),
  });
}

/** What must hold of the function that calls an operation. */
function claimsOf(/** @type {Operation & { path: string }} */ operation, /** @type {Record<string, Schema>} */ schemas) {
  const { operationId: name, path, requestBody, responses } = operation;
  const lines = /** @type {string[]} */ ([]);
  const ids = path.split("/").filter((part) => part.startsWith("{")).length;
  for (let index = 0; index < ids; index++) {
    lines.push(`claim<Same<Parameters<Admin["${name}"]>[${index}], string>>(); // ${name} ${index}`);
  }
  const body = requestBody?.content?.["application/json"]?.schema;
  const input = body ?? query(operation);
  const type = `There<Parameters<Admin["${name}"]>[${ids}]>`;
  const field = ONE_FIELD[name];
  if (field !== undefined) {
    const schema = schemas[input.$ref?.split("/").at(-1) ?? ""]?.properties?.[field];
    assert.ok(schema, name);
    lines.push(...claims(schema, type, `${name} input`, schemas));
  } else if (body?.$ref?.endsWith("/Empty") || Object.keys(query(operation).properties ?? {}).length + (body ? 1 : 0) === 0) {
    lines.push(`claim<Same<${type}, CallOptions>>(); // ${name} input`);
  } else {
    lines.push(...claims(input, type, `${name} input`, schemas));
  }
  const answer = responses[200] ?? responses[201];
  let answered = `Awaited<ReturnType<Admin["${name}"]>>`;
  if (responses[204] !== undefined) {
    // A tag is saved without a key: what the ledger records of one saved with a key is no page's affair.
    lines.push(`claim<Same<${answered}, void>>(); // ${name} answer`);
  } else if (name === "setTrainingDraft") {
    lines.push(`claim<Same<${answered}, unknown>>(); // ${name} answer`);
  } else {
    const schema = answer?.content?.["application/json"]?.schema;
    assert.ok(schema, name);
    // Worked out in the page.
    if (schema.$ref?.endsWith("/DatasourceDetail")) answered = `Omit<${answered}, "progress">`;
    const options = { isAnswer: true, isFilled: FILLED.includes(name) };
    lines.push(...claims(schema, answered, `${name} answer`, schemas, options));
  }
  return lines;
}

const ADMIN = `import type { Admin, CallOptions } from ${JSON.stringify(join(root, "www/sdk/admin.js"))};`;

test("each function of a page takes and gives what its operation does", async () => {
  await withCompiler(ADMIN, async (unmet) => {
    const called = operations.filter(({ operationId }) => !NOT_OF_PAGES.includes(operationId));
    const functions = [...called.map(({ operationId }) => operationId), ...OF_SEVERAL];
    const lines = [
      `claim<Same<keyof Admin, ${functions.map((name) => JSON.stringify(name)).join(" | ")}>>(); // all`,
      ...called.flatMap((operation) => claimsOf(operation, named)),
    ];
    assert.ok(lines.length > 500, `${lines.length}`);
    assert.deepEqual(await unmet(lines), []);
  });
});

test("a difference on either side is found", async () => {
  const changes = /** @type {[string, (schemas: Record<string, any>) => void][]} */ ([
    ["listTags", (schemas) => delete schemas.Tag.properties.description],
    ["listTags", (schemas) => (schemas.Tag.properties.colour = { type: "string" })],
    ["listTags", (schemas) => schemas.Tag.required.pop()],
    ["listTags", (schemas) => (schemas.Tag.properties.tag_name.type = ["string", "null"])],
    ["listTags", (schemas) => (schemas.Tag.properties.description.type = "string")],
    ["listTags", (schemas) => (schemas.Tag.properties.exclude_from_auto_tagging.type = "string")],
    ["capabilities", (schemas) => (schemas.Capabilities.properties.calls.additionalProperties.type = "string")],
    ["saveTag", (schemas) => delete schemas.TagInput.properties.category_id],
    ["saveTag", (schemas) => (schemas.TagInput.properties.colour = { type: "string" })],
    ["saveTag", (schemas) => schemas.TagInput.required.push("description")],
    ["listOrgs", (schemas) => schemas.KnownOrg.properties.state.enum.push("lost")],
    ["readCrawlJob", (schemas) => schemas.CrawlJobStatus["x-known-values"].push("paused")],
    ["readCrawl", (schemas) => delete schemas.DatasourceDetail.allOf[1].properties.page_stats.properties.total],
  ]);
  const lines = changes.flatMap(([name, change], index) => {
    const schemas = structuredClone(named);
    change(schemas);
    const operation = operations.find(({ operationId }) => operationId === name);
    assert.ok(operation, name);
    return claimsOf(operation, schemas).map((line) => `${line} (change ${index})`);
  });
  await withCompiler(ADMIN, async (unmet) => {
    const found = (await unmet(lines)).join("\n");
    for (const index of changes.keys()) assert.ok(found.includes(`(change ${index})`), `change ${index}`);
  });
});

/** The names of fields as the batches' module gives them. */
function camel(/** @type {Schema} */ schema) {
  const name = (/** @type {string} */ text) => text.replace(/_(\w)/g, (_, letter) => letter.toUpperCase());
  return /** @type {Schema} */ ({
    ...schema,
    properties: Object.fromEntries(Object.entries(schema.properties ?? {}).map(([key, field]) => [name(key), field])),
    required: schema.required?.map(name),
  });
}

/** Of a schema those fields alone. */
function only(/** @type {Schema} */ schema, /** @type {string[]} */ fields) {
  return /** @type {Schema} */ ({
    ...schema,
    properties: Object.fromEntries(Object.entries(schema.properties ?? {}).filter(([name]) => fields.includes(name))),
    required: schema.required?.filter((name) => fields.includes(name)),
  });
}

test("the batches' module gives what the proxy answers, by names of JavaScript", async () => {
  const { Batch, BatchCustomer, BatchEvent, Problem } = named;
  assert.ok(Batch && BatchCustomer && BatchEvent && Problem?.properties?.code?.["x-known-values"]);
  // What a page has said itself, it is not told again.
  const told = only(Batch, ["id", "state", "stopped", "ok", "counts", "created_at", "updated_at"]);
  // The module's own codes are among those of its type.
  const skip = (/** @type {string} */ at) => at.endsWith(".code");
  const options = { isAnswer: true, skip };
  const codes = Problem.properties.code["x-known-values"].map((code) => JSON.stringify(code)).join(" | ");
  const lines = [
    ...claims(camel(told), "batch.Batch", "Batch", named, options),
    ...claims(camel(BatchCustomer), "batch.BatchCustomer", "BatchCustomer", named, options),
    ...claims(camel(BatchEvent), "batch.BatchEvent", "BatchEvent", named, options),
    `claim<(${codes}) extends batch.KitErrorCode ? true : false>(); // codes`,
  ];
  const imports = `import type * as batch from ${JSON.stringify(join(root, "www/sdk/batch.js"))};`;
  await withCompiler(imports, async (unmet) => assert.deepEqual(await unmet(lines), []));
});
