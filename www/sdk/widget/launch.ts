/** What a widget can be told, by the numbers that `src/embed/packed.rs` gives them. */
export enum Input {
  Load,
  Open,
  Close,
  Toggle,
  Reload,
  Grant,
  Deny,
  Destroy,
  Drawn,
  Missed,
  Failed,
  Due,
}

/** What is to be done: bits of a state, in the order in which they are carried out. */
export enum Effect {
  Unload = 1,
  Load = 2,
  Wait = 4,
  Show = 8,
  Hide = 16,
  TellFailure = 32,
  Remove = 64,
  Draw = 128,
  Forget = 256,
}

export enum Phase {
  Withheld,
  Idle,
  Loading,
  Waiting,
  Ready,
  Failed,
  Destroyed,
}

export const phaseOf = (state: number): Phase => (state >> 9) & 7;
export const isOpenIn = (state: number): boolean => ((state >> 12) & 1) === 1;

/** Between two attempts nothing but the wait is different from loading. */
export const STATES = ["withheld", "idle", "loading", "loading", "ready", "failed", "destroyed"] as const;
