import { fileURLToPath } from "node:url";

/** @param {string} name */
const program = (name) => [fileURLToPath(new URL(`../../../target/release/${name}`, import.meta.url))];

/** Proxy and sandbox as they are run, and not as they are debugged. */
export const programs = { sandbox: program("opencx-sandbox"), proxy: program("opencx-partner-proxy") };
