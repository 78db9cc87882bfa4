// Transactions that append elements to lists and read lists (Elle's list-append), as somebody saw them. No element is
// appended to the same list twice: then a list tells who wrote it, and in which order.

/** One operation of a transaction. */
export type Micro =
  | {readonly kind: "append"; readonly key: string; readonly element: string}
  | {readonly kind: "read"; readonly key: string; readonly list: readonly string[]};

export interface Transaction {
  /** For people: `op:c1#4`, or the lines of a file. */
  readonly name: string;
  /** Who asked for it. */
  readonly process: string;
  /** In its order, without reads whose answer nobody saw. */
  readonly micros: readonly Micro[];
  /** `aborted`: it was not done. `unknown`: it was if somebody saw it; otherwise it need not have been. */
  readonly outcome: "done" | "aborted" | "unknown";
  /** Moments, by any counter that all transactions share. */
  readonly invoked: number;
  /** Undefined: nobody knows. */
  readonly returned: number | undefined;
}
