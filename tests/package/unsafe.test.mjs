// No crate of ours may hold unsafe code: the compiler forbids it to each, in all its targets, and no source can allow it again.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

const root = new URL("../../", import.meta.url);
const manifests = execFileSync("git", ["ls-files", "*Cargo.toml"], { cwd: root, encoding: "utf8" }).trim().split("\n");
const FORBIDS = /^\[(workspace\.)?lints\.rust\]\n(?:.+\n)*?unsafe_code = "forbid"$/m;
const INHERITS = /^\[lints\]\nworkspace = true$/m;

test("every crate forbids unsafe code", async () => {
  assert.ok(manifests.length >= 4, `${manifests}`);
  assert.match(await readFile(new URL("Cargo.toml", root), "utf8"), FORBIDS);
  for (const manifest of manifests) {
    const text = await readFile(new URL(manifest, root), "utf8");
    const own = manifest === "Cargo.toml" ? INHERITS : new RegExp(`${INHERITS.source}|${FORBIDS.source}`, "m");
    assert.match(text, own, manifest);
  }
});
