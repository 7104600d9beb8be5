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
  /** What your `fetch`, a getter, the `token` function or `signal.reason` threw or held, where that was the reason. */
  readonly cause?: unknown;
}

/** One refused field. */
export interface FieldError {
  readonly path: string;
  readonly message: string;
}

/** New codes can come with a minor release: have a branch for others. */
export type KitErrorCode =
  /** Fields were refused, here or by the platform; `errors` names each by its path. Nothing was changed. */
  | "INVALID_SPEC"
  /** An option of a call, of `connect` or of the widget was refused; `errors` names it. */
  | "INVALID_OPTIONS"
  /** Nobody answered at the proxy's address, or it does not allow this page's origin. */
  | "NETWORK"
  /** No answer within `timeoutMs`. */
  | "TIMEOUT"
  /** Your `signal` ended it; `cause` is its reason. */
  | "ABORTED"
  /** No key, token or session, or one that is no longer good. */
  | "UNAUTHENTICATED"
  /** Known, and not allowed to do this. */
  | "FORBIDDEN"
  /** No such thing. */
  | "NOT_FOUND"
  /** It conflicts with what exists, or with a call still running. */
  | "CONFLICT"
  /** Too many calls; `retryAfterMs` says when there is room again. */
  | "RATE_LIMITED"
  /** The platform failed; `status` is what it answered. */
  | "PLATFORM_ERROR"
  /** An answer that is not the proxy's, or not of this release. */
  | "BAD_RESPONSE"
  /** A call that is answered only once may or may not have happened; a person settles it. */
  | "OUTCOME_UNKNOWN"
  /** This platform does not have this feature. */
  | "NOT_SUPPORTED"
  /** The handle was destroyed before. */
  | "DISPOSED"
  /** The vendor's widget script could not be loaded or did not start. */
  | "SCRIPT_FAILED"
  /** The kit's WebAssembly could not be loaded or compiled. */
  | "WASM_FAILED"
  /** A mistake of the kit, or a page in which something that every page has does not work. */
  | "INTERNAL";

/** True for every error the kit made; works across bundles and frames, unlike `instanceof`. Never throws. */
export function isKitError(value: unknown): value is KitError {
  try {
    const error = value as { name?: unknown; code?: unknown } | null;
    return typeof value === "object" && error?.name === "KitError" && typeof error.code === "string";
  } catch {
    return false; // a getter or a Proxy that throws is none of ours
  }
}
