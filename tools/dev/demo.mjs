// `make demo`: everything of the kit on this machine, with an imitation of the platform.
// Usage: node tools/dev/demo.mjs [folder that holds target/debug, www and pkg]
import { existsSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { isFree, portFromEnv } from "./ports.mjs";
import { describeExit } from "./service.mjs";
import { PART_NAMES, startStack } from "./stack.mjs";

const ROOT = resolve(process.argv[2] ?? fileURLToPath(new URL("../../", import.meta.url)));
const DATA = join(ROOT, ".demo");

const QUESTION = "How old must my child be to paddle the sea caves?";

/** @type {Readonly<Record<import("./stack.mjs").PartName, { standard: number, variable: string, what: string }>>} */
const PARTS = {
  sandbox: { standard: 4801, variable: "SANDBOX_PORT", what: "the sandbox" },
  proxy: { standard: 4802, variable: "PROXY_PORT", what: "the proxy" },
  pages: { standard: 4803, variable: "PAGES_PORT", what: "the admin page" },
  site: { standard: 4804, variable: "SITE_PORT", what: "the customer's website" },
};

const NEEDED = [
  "target/debug/opencx-sandbox",
  "target/debug/opencx-partner-proxy",
  "www/admin/dist/index.html",
  "pkg/dist/script.js",
];

/** @param {string} message */
function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

function choosePorts() {
  /** @type {Partial<Record<import("./stack.mjs").PartName, number>>} */
  const ports = {};
  for (const name of PART_NAMES) {
    const { standard, variable } = PARTS[name];
    ports[name] = portFromEnv(variable, standard);
  }
  return /** @type {Record<import("./stack.mjs").PartName, number>} */ (ports);
}

/** @param {Record<import("./stack.mjs").PartName, number>} ports */
async function portProblems(ports) {
  const problems = [];
  for (const [index, name] of PART_NAMES.entries()) {
    const { variable, what } = PARTS[name];
    const port = ports[name];
    const twin = PART_NAMES.slice(0, index).find((other) => ports[other] === port);
    if (twin !== undefined) {
      problems.push(
        `Port ${port} is set for both ${PARTS[twin].what} and ${what}: give ${variable} another value.`,
      );
    } else if (!(await isFree(port))) {
      problems.push(
        `Port ${port}, wanted by ${what}, is taken: end what uses it, or run ${variable}=${port + 10} make demo`,
      );
    }
  }
  return problems;
}

/** @param {import("./stack.mjs").Stack} stack */
function guide(stack) {
  const leftOver =
    stack.site.snippet() === ""
      ? ""
      : "\n     (It still carries the code of an earlier demo, whose org is gone: paste over it.)";
  return `
OpenCX Partner Kit is running. Nothing here leaves this machine.

  1. Open the admin page, press "Fill in the demo customer", then "Set up customer":
     ${stack.pages.url}/
  2. Copy the snippet that appears when it is done.
  3. Paste it into the customer's website and save:
     ${stack.site.url}/_edit${leftOver}
  4. Open the website, click the chat button and ask
     "${QUESTION}"
     Then ask to talk to a person.
     ${stack.site.url}/

  Sandbox (plays the platform) ${stack.sandbox.url}
  Proxy (holds the keys)       ${stack.proxy.url}
  Logs                         ${relative(process.cwd(), stack.dataDir) || "."}/*.log

Ctrl-C ends all of it.
`;
}

async function main() {
  const ports = choosePorts();
  const missing = NEEDED.filter((file) => !existsSync(join(ROOT, file)));
  if (missing.length > 0) {
    fail(`Not built yet: ${missing.join(", ")}. Run make demo, which builds first.`);
  }
  const problems = await portProblems(ports);
  if (problems.length > 0) {
    fail(problems.join("\n"));
  }

  /** @type {import("./stack.mjs").Stack | undefined} */
  let stack;
  let ending = false;

  /** @param {number} exitCode */
  async function end(exitCode) {
    // Still starting, or asked twice: no waiting. Whatever runs is ended on exit.
    if (stack === undefined || ending) {
      process.exit(exitCode);
    }
    ending = true;
    await stack.stop();
    process.exit(exitCode);
  }

  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
    process.on(signal, () => {
      process.stdout.write("\nEnding the demo.\n");
      end(0);
    });
  }

  stack = await startStack({
    ports,
    root: ROOT,
    dataDir: DATA,
    onUnexpectedExit(name, exit) {
      if (!ending) {
        const log = relative(process.cwd(), join(DATA, `${name}.log`));
        process.stderr.write(
          `${PARTS[name].what} ${describeExit(exit)}, so the demo ends. Its log: ${log}\n`,
        );
        end(1);
      }
    },
  });
  process.stdout.write(guide(stack));
}

main().catch((error) => fail(error instanceof Error ? error.message : String(error)));
