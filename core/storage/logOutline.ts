// Which term stands at which index of the log, without its entries: enough to tell whether a snapshot is of this log.

import type {EntryId, Index} from "../raft/entry.ts";

export class LogOutline {
  private end: Index;
  /** The first entry of each stretch of one term that is known, ascending. Replaced when it changes: twins share it. */
  private starts: readonly EntryId[];

  /** A log that goes up to `last`, of which nothing is known yet but `starts`. */
  constructor(last: Index, starts: readonly EntryId[] = []) {
    this.end = last;
    this.starts = starts;
  }

  /** The index of the last entry. */
  get last(): Index {
    return this.end;
  }

  /** One more entry at the end, or at an earlier index in place of all from there on. */
  put({index, term}: EntryId): void {
    if (index <= this.end) this.starts = this.starts.filter((start) => start.index < index);
    if (this.starts.at(-1)?.term !== term) this.starts = [...this.starts, {index, term}];
    this.end = index;
  }

  /** Whether it holds that entry. Of an index from before what is known it is said to: that was committed long ago. */
  holds({index, term}: EntryId): boolean {
    if (index > this.end) return false;
    const known = this.starts.findLast((start) => start.index <= index);
    return known === undefined || known.term === term;
  }

  fork(): LogOutline {
    return new LogOutline(this.end, this.starts);
  }
}
