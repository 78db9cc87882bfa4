// Entries and snapshots that begin anywhere: `entriesFrom(5, "1 1 2")` are 5/1, 6/1 and 7/2.

import {confState} from "../../../core/raft/confState.ts";
import type {ConfState} from "../../../core/raft/confState.ts";
import type {Entry, EntryId} from "../../../core/raft/entry.ts";
import type {Snapshot} from "../../../core/raft/snapshot.ts";
import {bytes, entry} from "./notation.ts";

export function entriesFrom(index: number, terms: string): readonly Entry[] {
  const list = terms.split(" ").filter((term) => term !== "");
  return list.map((term, i) => entry({index: index + i, term: Number(term)}));
}

export function snapshotAt({index, term}: EntryId, conf: ConfState = confState([1, 2, 3])): Snapshot {
  return {index, term, confState: conf, data: bytes(`state at ${index}`)};
}
