import { kitError } from "./kit-error.js";

/** What wasm-bindgen's `--target web` glue exports as its default. */
type Init = (options: { module_or_path: string | URL | Request }) => Promise<unknown>;

/**
 * Starts a wasm module once, at the first call. A failed attempt is forgotten, so that the next call tries again.
 */
export function lazyStart(init: Init, defaultUrl: () => URL): (url?: string | URL) => Promise<void> {
  let started: Promise<void> | undefined;
  return (url) => {
    started ??= start(init, url ?? defaultUrl()).catch((reason: unknown) => {
      started = undefined;
      throw reason;
    });
    return started;
  };
}

async function start(init: Init, url: string | URL): Promise<void> {
  if (typeof WebAssembly === "undefined") {
    throw kitError("WASM_FAILED", "This browser has no WebAssembly, or the page has switched it off.");
  }
  try {
    await init({ module_or_path: url });
  } catch (cause) {
    const blocked =
      cause instanceof WebAssembly.CompileError && /unsafe-eval|Content Security Policy/i.test(cause.message);
    const message = blocked
      ? "The page's content policy refuses WebAssembly. Add 'wasm-unsafe-eval' to its script-src."
      : `The module at ${String(url)} could not be loaded. Check that it is served there, and the network.`;
    throw kitError("WASM_FAILED", message, !blocked, cause);
  }
}
