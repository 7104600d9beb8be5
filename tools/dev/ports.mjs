import { createServer } from "node:net";

/**
 * Reads a port from the environment.
 *
 * @param {string} variable
 * @param {number} standard
 * @returns {number}
 */
export function portFromEnv(variable, standard) {
  const text = process.env[variable];
  if (text === undefined || text === "") {
    return standard;
  }
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1 || port > 65_535) {
    throw new Error(`${variable}=${text} is not a port: use a number from 1 to 65535.`);
  }
  return port;
}

/**
 * True when something can listen on this port of the loopback interface.
 *
 * @param {number} port
 * @returns {Promise<boolean>}
 */
export function isFree(port) {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", (/** @type {NodeJS.ErrnoException} */ error) => {
      if (error.code === "EADDRINUSE" || error.code === "EACCES") {
        resolve(false);
      } else {
        reject(error);
      }
    });
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}
