import type { KitError, KitErrorCode } from "./errors.js";

/** An error of the kit, for the failures that happen before the wasm is there to make them. */
export function kitError(code: KitErrorCode, message: string, retryable = false, cause?: unknown): KitError {
  const error = new Error(message, cause === undefined ? undefined : { cause });
  return Object.assign(error, { name: "KitError" as const, code, retryable });
}
