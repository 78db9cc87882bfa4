// The states of the store, one per revision, as the recorded changes make them: what a read at a revision must show.
// Made when a run is judged, not while it goes on.

import type {KvState} from "./kvModel.ts";
import {freshKvState} from "./kvModel.ts";
import type {RevisionsView} from "../history/revisions.ts";

export class States {
  private readonly revisions: RevisionsView;
  /** From revision 1 on; undefined from the first one on whose changes nobody knows. */
  private readonly states: (KvState | undefined)[] = [{...freshKvState, leases: undefined}];

  constructor(revisions: RevisionsView) {
    this.revisions = revisions;
  }

  /** Undefined: not reached, or not known. Leases are not known. */
  at(revision: number): KvState | undefined {
    if (revision < 1 || revision > this.revisions.last) return undefined;
    while (this.states.length < revision) this.states.push(this.next());
    return this.states[revision - 1];
  }

  private next(): KvState | undefined {
    const before = this.states.at(-1);
    const changes = this.revisions.at(this.states.length + 1);
    if (before === undefined || changes === undefined) return undefined;
    let {keys} = before;
    for (const {kind, kv} of changes) keys = kind === "put" ? keys.with(kv) : keys.without(kv.key);
    return {...before, revision: before.revision + 1, keys, older: before};
  }
}
