// Entries in members' logs. A log may begin behind a snapshot: an entry that stood there once is not in it any more, but
// what the snapshot stands for holds it, if it was committed. Such an entry counts as being in the log.

import type {Entry, EntryId} from "../core/raft/entry.ts";
import type {MemberView} from "../sim/view.ts";
import type {Scene} from "./story.ts";
import {memberOf} from "./who.ts";

/** An entry that is looked for. */
export interface Sought extends EntryId {
  /** Some member knew it as committed: whatever log begins behind it has it. */
  readonly committed: boolean;
}

/** The entry that a reference names at this moment. */
export function soughtOf(ref: string, scene: Scene): Sought | undefined {
  if (!ref.startsWith("entry:")) {
    const id = scene.story.entry(ref);
    return id === undefined ? undefined : {...id, committed: scene.story.isCommitted(ref)};
  }
  const [who = "", index = ""] = ref.slice("entry:".length).split("/");
  return soughtAt(memberOf(who, scene), Number(index), scene);
}

/** Whether the log holds it; with `committed`, and whether that member knows it as committed. */
export function holdsEntry(
  member: MemberView | undefined,
  {index, term, committed: everywhere}: Sought,
  committed?: boolean,
): boolean {
  const raft = member?.server?.raft;
  if (raft === undefined) return false;
  const held = index < raft.firstIndex ? everywhere : raft.entryAt(index)?.term === term;
  return held && (committed === undefined || raft.commitIndex >= index === committed);
}

/** What stands at an index of a log. What a snapshot stands for there is the entry that others committed at that index. */
function soughtAt(member: MemberView | undefined, index: number, {view}: Scene): Sought | undefined {
  const raft = member?.server?.raft;
  if (raft === undefined) return undefined;
  const entry = raft.entryAt(index);
  if (entry !== undefined) return sought(entry, raft.commitIndex >= index);
  if (index < 1 || index >= raft.firstIndex) return undefined;
  for (const {server} of view.members) {
    const other =
      server !== undefined && server.raft.commitIndex >= index ? server.raft.entryAt(index) : undefined;
    if (other !== undefined) return sought(other, true);
  }
  // All that know it have it behind a snapshot: its term is not needed to find it there.
  return {index, term: raft.termAt(index) ?? 0, committed: true};
}

function sought({index, term}: Entry, committed: boolean): Sought {
  return {index, term, committed};
}
