import type { SignInWay } from "./sign-in.js";

/** Where things are; the server of this page says so in `config.json`, relative to the page or not. */
export interface Config {
  /** The partner's proxy. */
  readonly proxyUrl: string;
  /** The kit's `script.js`, as the snippet will name it. */
  readonly scriptSrc: string;
  /** The vendor's widget script, where it is not the vendor's own. */
  readonly vendorScriptUrl?: string;
  /** The platform, as the widget calls it, where it is not the vendor's own. */
  readonly apiUrl?: string;
  /** The demo customer's website, in a demo. */
  readonly siteUrl?: string;
  /** Where people's sign-in comes from, where the proxy asks for one and nobody has asked before. */
  readonly signIn?: SignInWay;
}

const NAMES = ["proxyUrl", "scriptSrc"] as const;

const HEALTH_MS = 5_000;

export async function readConfig(): Promise<Config> {
  const answer = await fetch("config.json", { cache: "no-store" });
  if (!answer.ok) {
    throw new Error(`config.json was answered with ${answer.status}`);
  }
  const values: unknown = await answer.json();
  if (!isConfig(values)) {
    throw new Error(`config.json must give ${NAMES.join(", ")}`);
  }
  const here = (address: string) => new URL(address, document.baseURI).href;
  return { ...values, proxyUrl: here(values.proxyUrl), scriptSrc: here(values.scriptSrc) };
}

function isConfig(values: unknown): values is Config {
  return (
    typeof values === "object" &&
    values !== null &&
    NAMES.every((name) => typeof (values as Record<string, unknown>)[name] === "string")
  );
}

/** Whether the proxy answers, and lets this page's origin ask. */
export async function isProxyUp(proxyUrl: string): Promise<boolean> {
  try {
    const answer = await fetch(new URL("v1/health", `${proxyUrl.replace(/\/+$/, "")}/`), {
      cache: "no-store",
      signal: AbortSignal.timeout(HEALTH_MS),
    });
    // Read to the end: another web server at that address would answer too, but not this.
    const health: { ok?: unknown } = await answer.json();
    return answer.ok && health.ok === true;
  } catch {
    return false;
  }
}
