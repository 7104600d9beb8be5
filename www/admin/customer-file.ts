import type { Admin } from "../sdk/admin.js";
import type { FieldError } from "../sdk/errors.js";
import type { Spec } from "../sdk/provision.js";

/** Something that is wrong in a file. */
export interface Mistake {
  readonly place: number;
  /** A column's header, or the path of a field; empty: all that stands in this place. */
  readonly column: string;
  readonly reason: string;
}

/** The customers of a file. */
export interface Customers {
  /** What its places are: rows as a spreadsheet numbers them, or customers of a list, from 1. */
  readonly unit: "Row" | "Customer";
  /** Those with whom nothing is wrong. */
  readonly specs: readonly Spec[];
  /** Where each of them stands. */
  readonly places: readonly number[];
  readonly mistakes: readonly Mistake[];
}

/** Reads a CSV file, or a JSON file with a list of specs. Throws for one that is neither. */
export async function readCustomers(admin: Admin, file: File): Promise<Customers> {
  const text = await file.text();
  if (!/\.json$/i.test(file.name) && !/^\s*\[/.test(text)) {
    const { specs, rows, errors } = await admin.readCsv(text);
    const mistakes = errors.map(({ row, column, reason }) => ({ place: row, column, reason }));
    return { unit: "Row", specs, places: rows, mistakes };
  }
  let listed: unknown;
  try {
    listed = JSON.parse(text);
  } catch (error) {
    throw new Error(`${file.name} cannot be read as JSON: ${error instanceof Error ? error.message : error}`);
  }
  if (!Array.isArray(listed)) throw new Error(`${file.name} holds no list of specs, such as [{ "org": … }].`);
  return ofList(admin, listed);
}

/** Where the proxy finds a mistake, it names it by its place among the specs. */
export function mistakesOf(errors: readonly FieldError[], places: readonly number[]): Mistake[] {
  return errors.map(({ path, message }) => {
    const [, index, column] = /^specs\[(\d+)\]\.?(.*)$/.exec(path) ?? ["", "-1", path];
    return { place: places[Number(index)] ?? 0, column: column ?? "", reason: message };
  });
}

function ofList(admin: Admin, listed: readonly Spec[]): Customers {
  const [specs, places, mistakes]: [Spec[], number[], Mistake[]] = [[], [], []];
  const first = new Map<string, number>();
  for (const [index, spec] of listed.entries()) {
    const place = index + 1;
    const wrong = admin
      .checkSpec(spec)
      .map(({ path, message }) => ({ place, column: path, reason: message }));
    const id = wrong.length === 0 ? spec.org.external_id : undefined;
    const before = id === undefined ? undefined : first.get(id);
    if (before !== undefined) {
      wrong.push({ place, column: "org.external_id", reason: `is the same as of customer ${before}` });
    } else if (id !== undefined) {
      first.set(id, place);
      specs.push(spec);
      places.push(place);
    }
    mistakes.push(...wrong);
  }
  return { unit: "Customer", specs, places, mistakes };
}
