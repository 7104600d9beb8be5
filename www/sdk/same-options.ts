/**
 * Whether two sets of options say the same, however new their objects are. Functions, and objects that are more than
 * data, are compared by identity; a missing option and an undefined one are the same.
 */
export function sameOptions(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((item, index) => sameOptions(item, other[index]));
  }
  if (!isData(one) || !isData(other)) return false;
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].every((name) => sameOptions(one[name], other[name]));
}

function isData(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
