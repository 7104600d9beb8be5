import type { BatchCustomer, BatchEvent } from "../sdk/batch.js";

/** A customer of the open batch, as far as the page knows. */
export interface Row {
  readonly customer: BatchCustomer;
  /** By the latest event, which may be newer than what was read. */
  state: BatchCustomer["state"];
}

export type Counts = Readonly<Record<BatchCustomer["state"], number>>;

/** The customers of one batch: read from time to time, and kept up to date by what is told in between. */
export class BatchCustomers {
  #rows = new Map<string, Row>();
  /** Told of since the last reading began: what was read may be older. */
  #told = new Set<string>();

  get rows(): Row[] {
    return [...this.#rows.values()];
  }

  get counts(): Counts {
    const counts = { waiting: 0, running: 0, done: 0, failed: 0 };
    for (const { state } of this.#rows.values()) counts[state]++;
    return counts;
  }

  /** A reading begins; `take` ends it. */
  beginReading(): void {
    this.#told.clear();
  }

  take(customers: readonly BatchCustomer[]): void {
    const before = this.#rows;
    this.#rows = new Map(
      customers.map((customer) => {
        const told = this.#told.has(customer.externalId) ? before.get(customer.externalId) : undefined;
        return [customer.externalId, { customer, state: told?.state ?? customer.state }];
      }),
    );
  }

  tell({ externalId, state }: BatchEvent): void {
    const row = this.#rows.get(externalId ?? "");
    // Events come from the first on: an old one changes nobody who has had his turn. Who is to have another is read anew.
    if (row === undefined || row.state === "done" || row.state === "failed" || !isState(state)) return;
    this.#told.add(row.customer.externalId);
    row.state = state;
  }
}

function isState(state: BatchEvent["state"]): state is BatchCustomer["state"] {
  return state === "waiting" || state === "running" || state === "done" || state === "failed";
}
