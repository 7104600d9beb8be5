import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { createInterface } from "node:readline";

const STOP_MS = 3_000;

/**
 * @typedef {object} ServiceOptions
 * @property {string} name For messages.
 * @property {readonly string[]} command Program and arguments.
 * @property {Readonly<Record<string, string | undefined>>} env The whole environment of the program.
 * @property {string} readyLine What stands before the address in the line that says it is ready.
 * @property {string} logFile Gets everything it prints.
 * @property {boolean} [quiet] Print nothing of it here. Default true.
 * @property {number} [startMs] How long it may take to be ready. Default 30,000.
 */

/**
 * @typedef {object} Exit
 * @property {number | null} code
 * @property {NodeJS.Signals | null} signal
 */

/**
 * @typedef {object} Service
 * @property {string} url
 * @property {number | undefined} pid
 * @property {Promise<Exit>} exited Resolves when it has ended, for whatever reason.
 * @property {(signal?: NodeJS.Signals) => Promise<Exit>} stop Asks it to end, then makes it; waits for its exit.
 */

/** @type {Set<import("node:child_process").ChildProcess>} */
const running = new Set();

/** @type {readonly NodeJS.Signals[]} */
const ENDING_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"];

/** @param {NodeJS.Signals} signal */
function onSignal(signal) {
  // With a listener of its own, the program decides; its exit still ends what is left.
  if (process.listenerCount(signal) > 1) {
    return;
  }
  killAll();
  process.off(signal, onSignal);
  process.kill(process.pid, signal);
}

function killAll() {
  for (const child of running) {
    signalGroup(child, "SIGKILL");
  }
}

/**
 * Reaches what the program has started, too.
 *
 * @param {import("node:child_process").ChildProcess} child
 * @param {NodeJS.Signals} signal
 */
function signalGroup(child, signal) {
  if (child.pid === undefined) {
    return;
  }
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) {
      throw error;
    }
  }
}

/** @param {import("node:child_process").ChildProcess} child */
function endWithUs(child) {
  if (running.size === 0) {
    // `exit` comes after an uncaught exception, too.
    process.on("exit", killAll);
    for (const signal of ENDING_SIGNALS) {
      process.on(signal, onSignal);
    }
  }
  running.add(child);
}

/** @param {import("node:child_process").ChildProcess} child */
function hasEnded(child) {
  running.delete(child);
  if (running.size === 0) {
    process.off("exit", killAll);
    for (const signal of ENDING_SIGNALS) {
      process.off(signal, onSignal);
    }
  }
}

/**
 * Starts a program and resolves when it has printed its address. It never outlives this process.
 *
 * @param {ServiceOptions} options
 * @returns {Promise<Service>}
 */
export async function startService({
  name,
  command,
  env,
  readyLine,
  logFile,
  quiet = true,
  startMs = 30_000,
}) {
  const [program = "", ...args] = command;
  const log = createWriteStream(logFile, { flags: "a" });
  log.on("error", (error) => process.stderr.write(`${logFile}: ${error.message}\n`));
  const child = spawn(program, args, {
    env,
    stdio: ["ignore", "pipe", "pipe"],
    // A process group of its own: Ctrl-C in the terminal reaches us alone, and we end it in order.
    detached: true,
  });
  endWithUs(child);

  let lastLine = "";
  /** @type {Promise<Exit>} */
  const exited = new Promise((resolve) => {
    child.once("error", (error) => {
      lastLine = error.message;
      if (child.pid === undefined) {
        resolve({ code: null, signal: null });
      }
    });
    // `close` follows `exit` when all output has been read.
    child.once("close", (code, signal) => resolve({ code, signal }));
  });
  exited.then(() => {
    hasEnded(child);
    log.end();
  });

  /** @type {Promise<string>} */
  const ready = new Promise((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on("line", (line) => {
        lastLine = line.trim() === "" ? lastLine : line;
        log.write(`${line}\n`);
        if (!quiet) {
          process.stderr.write(`[${name}] ${line}\n`);
        }
        if (stream === child.stdout && line.startsWith(readyLine)) {
          resolve(line.slice(readyLine.length).trim());
        }
      });
    }
  });

  /** @param {NodeJS.Signals} [signal] */
  async function stop(signal = "SIGTERM") {
    // Once it has ended, its number may belong to somebody else.
    if (!running.has(child)) {
      return exited;
    }
    signalGroup(child, signal);
    const timer = setTimeout(() => signalGroup(child, "SIGKILL"), STOP_MS);
    const exit = await exited;
    clearTimeout(timer);
    return exit;
  }

  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const failed = new Promise((_, reject) => {
    timer = setTimeout(() => {
      stop("SIGKILL");
      reject(new Error(`${name} was not ready after ${startMs / 1000} s. Its log: ${logFile}`));
    }, startMs);
    exited.then((exit) =>
      reject(new Error(`${name} did not start: ${describeExit(exit)}. ${lastLine}`.trim())),
    );
  });
  // After a good start its later exit must not count as an unhandled rejection.
  failed.catch(() => {});
  try {
    const url = await Promise.race([ready, failed]);
    return { url: /** @type {string} */ (url), pid: child.pid, exited, stop };
  } finally {
    clearTimeout(timer);
  }
}

/** @param {Exit} exit */
export function describeExit({ code, signal }) {
  if (signal !== null) {
    return `ended by ${signal}`;
  }
  return code === null ? "cannot be run" : `ended with exit code ${code}`;
}
