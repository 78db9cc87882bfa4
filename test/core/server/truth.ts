// What a log leads to: for every entry that any member of a cluster ever had, the digests that a member has once it has
// applied the log up to there. Made by applying the entries to a store of its own, without a disk.

import {Hasher} from "../../../core/base/hasher.ts";
import type {Applier} from "../../../core/server/applier.ts";
import type {Server} from "../../../core/server/server.ts";
import type {Entry, EntryId, Index} from "../../../core/raft/entry.ts";
import {emptyApplier} from "./emptyApplier.ts";

/** A store after an entry. */
interface Place {
  readonly id: EntryId;
  readonly before: Place | undefined;
  readonly applier: Applier;
  readonly text: string;
}

export class Truth {
  private readonly places = new Map<string, Place>();

  constructor() {
    const applier = emptyApplier();
    const id = {index: 0, term: 0};
    this.places.set(nameOf(id), {id, before: undefined, applier, text: textOf(applier)});
  }

  /** Takes note of all entries of a member's log that were not heard of yet. */
  note({raft}: Server): void {
    const unheard: Entry[] = [];
    for (let index = raft.lastIndex; index >= raft.firstIndex; index--) {
      const entry = raft.entryAt(index);
      if (entry === undefined || this.places.has(nameOf(entry))) break;
      unheard.push(entry);
    }
    for (const entry of unheard.reverse()) {
      const before = this.places.get(
        nameOf({index: entry.index - 1, term: raft.termAt(entry.index - 1) ?? -1}),
      );
      if (before === undefined) throw new Error(`nobody knows what was before entry ${nameOf(entry)}`);
      const applier = before.applier.fork();
      applier.apply(entry, 0);
      this.places.set(nameOf(entry), {id: entry, before, applier, text: textOf(applier)});
    }
  }

  /** What a member that has applied up to `index`, on the way to the entry `id`, must look like; see {@link stateText}. */
  textAt(index: Index, id: EntryId): string | undefined {
    let place = this.places.get(nameOf(id));
    while (place !== undefined && place.id.index > index) place = place.before;
    return place?.text;
  }

  /** The same after some entries more. */
  textAfter(id: EntryId, entries: readonly Entry[]): string | undefined {
    const applier = this.places.get(nameOf(id))?.applier.fork();
    for (const entry of entries) applier?.apply(entry, 0);
    return applier && textOf(applier);
  }
}

/** What a member has applied, and what its store holds, in a few words. */
export function stateText({lastApplied, store, lessor}: Server): string {
  return inWords(lastApplied, store, lessor);
}

function textOf({index, digestOfEntries: digest, store, lessor}: Applier): string {
  return inWords({index, digest}, store, lessor);
}

function inWords(
  {index, digest}: Server["lastApplied"],
  store: Server["store"],
  lessor: Server["lessor"],
): string {
  const hasher = new Hasher();
  store.digest(hasher);
  const leases = lessor.view(0).map(({lease, ttl, keys}) => `${lease} ${ttl} ${keys.join()}`);
  const held = leases.sort().join("; ");
  return `${index}: entries ${digest}, store ${hasher.hash()} at ${store.currentRevision}, leases ${held}`;
}

function nameOf({index, term}: EntryId): string {
  return `${index} of term ${term}`;
}
