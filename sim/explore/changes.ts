// What a step changed of a member's raft, as far as the claims of Figure 3 ask.

import type {RawNode} from "../../core/raft/rawNode.ts";
import type {Change} from "../event.ts";
import type {Host} from "./host.ts";

/** `before` undefined: it was another life. What it comes back with is looked at again. */
export function changesOf(before: RawNode | undefined, {id: member, raft}: Host): readonly Change[] {
  const changes: Change[] = [];
  const {term, role, lastIndex, commitIndex, lastApplied} = raft;
  if (role === "leader" && (before?.role !== role || before.term !== term))
    changes.push({kind: "role", member, role, term});
  const known = before?.lastIndex ?? 0;
  let same = Math.min(known, lastIndex);
  while (same >= raft.firstIndex && raft.entryAt(same) !== before?.entryAt(same)) same--;
  if (same < lastIndex || same < known)
    changes.push({kind: "log", member, from: same + 1, to: lastIndex, truncated: same < known});
  if (before === undefined) return changes;
  if (commitIndex > before.commitIndex)
    changes.push({kind: "commit", member, from: before.commitIndex + 1, to: commitIndex});
  if (lastApplied > before.lastApplied)
    changes.push({kind: "apply", member, from: before.lastApplied + 1, to: lastApplied});
  return changes;
}
