const FORMAT = new Intl.NumberFormat("en");

/** A number in the page's language. */
export function number(value: number): string {
  return FORMAT.format(value);
}

/** So many customers, in words. */
export function customers(count: number): string {
  return count === 1 ? "1 customer" : `${number(count)} customers`;
}
