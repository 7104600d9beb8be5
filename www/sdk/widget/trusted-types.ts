/** The part of the browser's Trusted Types that is used here; TypeScript does not know them yet. */
interface Policies {
  createPolicy(
    name: string,
    rules: Record<"createHTML" | "createScriptURL", (value: string) => string>,
  ): { createScriptURL(address: string): string };
}

const asItIs = (value: string) => value;
const rules = { createHTML: asItIs, createScriptURL: asItIs };

/** A name can be used once in a window. */
const known = new WeakMap<Window, ReturnType<Policies["createPolicy"]>>();

/** Where the page requires trusted types, an address must be vouched for: this one, which the site owner chose. */
export function trustedAddress(target: Window, address: string): string {
  const { trustedTypes } = target as { trustedTypes?: Policies };
  if (!trustedTypes) return address;
  let policy = known.get(target);
  if (!policy) {
    policy = trustedTypes.createPolicy("opencx-kit", rules);
    known.set(target, policy);
  }
  return policy.createScriptURL(address);
}

/** Lets the vendor's script draw in a window of its own, where nothing else runs. The page's own window keeps its rules. */
export function trustAll(target: Window): void {
  const { trustedTypes } = target as { trustedTypes?: Policies };
  try {
    trustedTypes?.createPolicy("default", rules);
  } catch {
    // The page's policy does not allow it: the chat fails, and says so.
  }
}
