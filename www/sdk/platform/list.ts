/** A list of the platform, or a page of one. */
export interface List<T> {
  items: readonly T[];
}

/** One of these words, or one of a later release. */
export type Word<Known extends string> = Known | (string & {});

/** Which of the calls whose path is a guess this proxy's platform has, by the contract's operation. */
export interface Capabilities {
  calls: Record<string, boolean>;
}
