/** Every failure the kit reports is a plain `Error` of this shape. Branch on `code`, show `message`. */
export interface KitError extends Error {
  readonly name: "KitError";
  /** Stable across releases. */
  readonly code: KitErrorCode;
  /** The same call, made again, may succeed and can do no harm. */
  readonly retryable: boolean;
  /** HTTP status of the proxy's or the platform's answer, where there was one. */
  readonly status?: number;
  /** Milliseconds to wait before the next attempt, where the other side said so. */
  readonly retryAfterMs?: number;
  /** Which fields were refused, each by its path in what you passed (`trainings[1].title`). */
  readonly errors?: readonly FieldError[];
  /** Names this request in the proxy's log. */
  readonly requestId?: string;
}

/** One refused field. */
export interface FieldError {
  readonly path: string;
  readonly message: string;
}

export type KitErrorCode =
  | "INVALID_SPEC"
  | "INVALID_OPTIONS"
  | "NETWORK"
  | "TIMEOUT"
  | "ABORTED"
  | "UNAUTHENTICATED"
  | "FORBIDDEN"
  | "NOT_FOUND"
  | "CONFLICT"
  | "RATE_LIMITED"
  | "PLATFORM_ERROR"
  | "BAD_RESPONSE"
  | "OUTCOME_UNKNOWN"
  | "NOT_SUPPORTED"
  | "DISPOSED"
  | "SCRIPT_FAILED"
  | "WASM_FAILED"
  | "INTERNAL";

/** True for every error the kit made; works across bundles and frames, unlike `instanceof`. */
export function isKitError(value: unknown): value is KitError {
  return (
    typeof value === "object" &&
    value !== null &&
    (value as { name?: unknown }).name === "KitError" &&
    typeof (value as { code?: unknown }).code === "string"
  );
}
