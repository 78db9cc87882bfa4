// A space is a state machine that can be gone through completely: where it begins, what may happen in a state, and what
// that leads to. Nothing is written to a state after birth. The explorer (explorer.ts) knows nothing else of it.

import type {Violation} from "../check/checker.ts";

/** A 64-bit digest in two int32 lanes, filled by {@link Space.fingerprint}. */
export interface Fingerprint {
  a: number;
  b: number;
}

/** Actions are compared by identity: one object for each. */
export interface Space<S, A> {
  readonly name: string;
  readonly initial: S;
  /** What may happen, in an order that depends on the state alone. */
  actions(state: S): readonly A[];
  apply(state: S, action: A): S;
  /** What broke on the way into this state. */
  violation(state: S): Violation | undefined;
  /** Equal for states that go on equally. */
  fingerprint(state: S, into: Fingerprint): void;
  /** Whether the two, both enabled, do not matter to each other: either order leads to the same state, and neither disables the other. */
  independent(state: S, a: A, b: A): boolean;
  /** The state without what can never matter again: as if it had been taken, to no effect. The same object if there is none. */
  settle(state: S): S;
  /** What can be renamed; see symmetry.ts. */
  readonly symmetry: Symmetry<S, A>;
}

/** A group of renamings under which the space looks the same. Number 0 renames nothing. */
export interface Symmetry<S, A> {
  readonly size: number;
  inverse(renaming: number): number;
  /** The renaming that leads to the least fingerprint, which is left in `into`: equal for all states that are renamings of each other. */
  least(state: S, into: Fingerprint): number;
  rename(state: S, renaming: number): S;
  renameAction(action: A, renaming: number): A;
}
