import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { startService } from "./service.mjs";
import { startSiteServer } from "./site-server.mjs";
import { CROSS_ORIGIN_HEADERS, startStaticServer } from "./static-server.mjs";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

const ADMIN_HEADERS = Object.freeze({
  "content-security-policy": [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self'",
    "connect-src 'self' http: https:",
    "img-src 'self' data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; "),
  "referrer-policy": "no-referrer",
});

/** @typedef {"sandbox" | "proxy" | "pages" | "site"} PartName */

/** @type {readonly PartName[]} */
export const PART_NAMES = Object.freeze(["sandbox", "proxy", "pages", "site"]);

/**
 * @typedef {object} StackOptions
 * @property {Partial<Record<PartName, number>>} [ports] 0, the default of each, lets the system choose.
 * @property {string} [dataDir] Keys, logs and the proxy's data. A temporary folder, removed by `stop`, if left out.
 * @property {Readonly<Record<string, string>>} [env] More environment for sandbox and proxy; wins over what is set here.
 * @property {boolean} [quiet] Do not repeat the programs' output here; it is in `<dataDir>/<name>.log`. Default true.
 * @property {Partial<Record<"sandbox" | "proxy", readonly string[]>>} [commands] Program and arguments of each.
 * @property {string} [root] Holds `target/debug`, `www` and `pkg`. Default: this checkout.
 * @property {(name: PartName, exit: import("./service.mjs").Exit) => void} [onUnexpectedExit] Not called for `kill`,
 *   `restart` and `stop`.
 */

/**
 * @typedef {object} Stack
 * @property {{ url: string }} sandbox
 * @property {{ url: string }} proxy
 * @property {{ url: string }} pages The admin page at `/`, the npm package's files at `/dist/`.
 * @property {{ url: string, snippet: () => string, saveSnippet: (text: string) => Promise<void> }} site
 * @property {string} partnerKey
 * @property {string} dataDir
 * @property {() => Promise<unknown[]>} breaches What broke the platform's contract since the sandbox was started.
 * @property {() => Promise<void>} stop Ends everything and waits for it. Harmless when repeated.
 * @property {(name: PartName) => Promise<void>} kill Ends one part at once, as a crash would.
 * @property {(name: PartName, options?: { env?: Readonly<Record<string, string>> }) => Promise<void>} restart At the
 *   same address; `env` is added to what the part had.
 */

/**
 * One running part: its address, how to end it, and for programs when it ended.
 *
 * @typedef {object} Part
 * @property {string} url
 * @property {(signal?: NodeJS.Signals) => Promise<unknown>} stop
 * @property {Promise<import("./service.mjs").Exit>} [exited]
 */

/**
 * Starts sandbox, proxy, the pages and a customer's website, and resolves when all of them answer.
 *
 * @param {StackOptions} [options]
 * @returns {Promise<Stack>}
 */
export async function startStack(options = {}) {
  const { ports = {}, env = {}, quiet = true, commands = {}, root = ROOT, onUnexpectedExit } = options;
  const temporary = options.dataDir === undefined;
  const dataDir = temporary ? await mkdtemp(join(tmpdir(), "opencx-stack-")) : resolve(options.dataDir ?? "");
  // Also when nobody gets to call `stop`.
  const removeData = () => rmSync(dataDir, { recursive: true, force: true });
  if (temporary) {
    process.on("exit", removeData);
  }
  const proxyData = join(dataDir, "proxy");
  // A new sandbox knows none of the orgs an older ledger speaks of, so the ledger starts anew with it.
  await rm(proxyData, { recursive: true, force: true });
  await mkdir(proxyData, { recursive: true, mode: 0o700 });
  const partnerKey = await makePartnerKey(dataDir);

  /** @type {Partial<Record<PartName, Part>>} */
  const parts = {};
  /** @type {Partial<Record<PartName, string>>} Addresses, kept over a restart. */
  const urls = {};
  /** @type {Record<PartName, Record<string, string>>} */
  const extraEnv = { sandbox: { ...env }, proxy: { ...env }, pages: {}, site: {} };

  /** @param {PartName} name */
  function portOf(name) {
    const url = urls[name];
    return url === undefined ? (ports[name] ?? 0) : Number(new URL(url).port);
  }

  /** @param {PartName} name */
  function urlOf(name) {
    const url = urls[name];
    if (url === undefined) {
      throw new Error(`${name} has not been started`);
    }
    return url;
  }

  /**
   * @param {"sandbox" | "proxy"} name
   * @param {string} program
   * @param {Readonly<Record<string, string>>} own
   */
  function startProgram(name, program, own) {
    return startService({
      name,
      command: commands[name] ?? [join(root, "target", "debug", program)],
      env: { ...inheritedEnv(), ...own, ...extraEnv[name] },
      readyLine: `${program} listening on `,
      logFile: join(dataDir, `${name}.log`),
      quiet,
    });
  }

  /** @type {Record<PartName, () => Promise<Part>>} */
  const starters = {
    // The pages come first: the proxy must be told their origin. They learn the rest at each request.
    pages: () =>
      startStaticServer({
        port: portOf("pages"),
        mounts: [
          { path: "/", folder: join(root, "www", "admin", "dist"), headers: ADMIN_HEADERS },
          { path: "/dist/", folder: join(root, "pkg", "dist"), headers: CROSS_ORIGIN_HEADERS },
        ],
        json: {
          "/config.json": () => ({
            proxyUrl: urls.proxy,
            scriptSrc: `${urls.pages}/dist/script.js`,
            vendorScriptUrl: `${urls.sandbox}/widget/script.js`,
            apiUrl: urls.sandbox,
            siteUrl: urls.site,
          }),
        },
      }),
    sandbox: () =>
      startProgram("sandbox", "opencx-sandbox", {
        OPENCX_SANDBOX_LISTEN: `127.0.0.1:${portOf("sandbox")}`,
        OPENCX_SANDBOX_PARTNER_KEY: partnerKey,
      }),
    proxy: () =>
      startProgram("proxy", "opencx-partner-proxy", {
        OPENCX_API_URL: urlOf("sandbox"),
        OPENCX_PARTNER_KEY: partnerKey,
        OPENCX_PROXY_LISTEN: `127.0.0.1:${portOf("proxy")}`,
        // Several stacks run side by side in the tests.
        OPENCX_PROXY_OPERATIONS_LISTEN: "off",
        OPENCX_PROXY_ALLOWED_ORIGINS: originsOf(urlOf("pages")).join(","),
        OPENCX_PROXY_DATA: proxyData,
        // The demo's customers have their website on this machine.
        OPENCX_PROXY_ALLOW_PRIVATE_WEBSITES: "true",
      }),
    site: async () => {
      site = await startSiteServer({
        port: portOf("site"),
        folder: join(root, "www", "site"),
        // In a temporary stack nothing needs to survive.
        ...(temporary ? {} : { snippetFile: join(dataDir, "site-snippet.html") }),
      });
      return site;
    },
  };

  /** @type {Awaited<ReturnType<typeof startSiteServer>>} */
  let site;

  /** @param {PartName} name */
  async function start(name) {
    const part = await starters[name]();
    parts[name] = part;
    urls[name] = part.url;
    part.exited?.then((exit) => {
      // Still registered means that nobody here ended it.
      if (parts[name] === part) {
        delete parts[name];
        onUnexpectedExit?.(name, exit);
      }
    });
  }

  /**
   * @param {PartName} name
   * @param {NodeJS.Signals} [signal]
   */
  async function end(name, signal) {
    const part = parts[name];
    delete parts[name];
    await part?.stop(signal);
  }

  async function stop() {
    await Promise.all(PART_NAMES.map((name) => end(name)));
    if (temporary) {
      process.off("exit", removeData);
      await rm(dataDir, { recursive: true, force: true });
    }
  }

  try {
    await start("pages");
    await Promise.all([start("sandbox").then(() => start("proxy")), start("site")]);
  } catch (error) {
    await stop();
    throw error;
  }

  return {
    sandbox: { url: urlOf("sandbox") },
    proxy: { url: urlOf("proxy") },
    pages: { url: urlOf("pages") },
    site: {
      url: urlOf("site"),
      snippet: () => site.snippet(),
      saveSnippet: (text) => site.saveSnippet(text),
    },
    partnerKey,
    dataDir,
    breaches: async () => {
      const answer = await fetch(`${urlOf("sandbox")}/_sandbox/breaches`);
      return /** @type {Promise<unknown[]>} */ (answer.json());
    },
    stop,
    kill: (name) => end(name, "SIGKILL"),
    restart: async (name, { env: more = {} } = {}) => {
      Object.assign(extraEnv[name], more);
      await end(name);
      await start(name);
    },
  };
}

/**
 * A key nobody else has, new at each start and readable by this user only.
 *
 * @param {string} dataDir
 */
async function makePartnerKey(dataDir) {
  const key = `sandbox-partner-${randomBytes(24).toString("hex")}`;
  const file = join(dataDir, "partner-key");
  await writeFile(file, key, { mode: 0o600 });
  // The mode of `writeFile` counts for new files only.
  await chmod(file, 0o600);
  return key;
}

/** Ours without settings of the kit: a demo must not take a real key or address from the shell it runs in. */
function inheritedEnv() {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("OPENCX_")));
}

/**
 * Both ways a browser may write a loopback address.
 *
 * @param {string} url
 */
function originsOf(url) {
  return [url, url.replace("127.0.0.1", "localhost")];
}
