// The highest entry that is known to be committed, as the claims about quorums follow it: they are asked of that entry
// alone, for Log Matching, which is judged apart, speaks for all before it.
//
// Decided by: the configuration that its leader had applied, or, if the leader applied the next one in the same event,
// that one: quorums of neighbours have a member in common, so that "every quorum has a member that holds it" is true of
// both. It is also true of the newest configuration that anybody has applied, for the change to it is committed.
// It need not be true of the older one of a member that is behind by two changes.

import type {MemberId} from "../../core/base/quantity.ts";
import type {ConfState} from "../../core/raft/confState.ts";
import type {Entry} from "../../core/raft/entry.ts";
import type {RawNode} from "../../core/raft/rawNode.ts";
import type {EventRecord} from "../event.ts";
import type {EventId} from "../run.ts";
import type {MemberView, WorldView} from "../view.ts";
import {sameEntry} from "./entries.ts";

export interface Committed {
  readonly entry: Entry;
  /** The term of the leader that was first to know it committed. */
  readonly term: number;
  readonly member: MemberId;
  readonly event: EventId;
}

export class CommittedTop {
  top: Committed | undefined;
  /** By which the top was decided. */
  private decidedBy: ConfState | undefined;
  private newest: ConfState | undefined;
  private newestIndex = -1;

  fork(): CommittedTop {
    const twin = new CommittedTop();
    twin.top = this.top;
    twin.decidedBy = this.decidedBy;
    twin.newest = this.newest;
    twin.newestIndex = this.newestIndex;
    return twin;
  }

  /** What an event did: `rose`, something more is committed; `moved`, somebody may hold less, or others decide. */
  take(view: WorldView, event: EventRecord): "rose" | "moved" | undefined {
    let did: "rose" | "moved" | undefined;
    for (const change of event.changes) {
      if (change.kind === "commit") {
        if (this.rise(view, event, change.member, change.to)) did = "rose";
      } else if (change.kind === "configuration") {
        this.configure(view, change.member, change.confState);
        did ??= "moved";
      } else if (change.kind === "snapshot" || (change.kind === "log" && change.truncated)) {
        did ??= "moved";
      }
    }
    return this.top === undefined ? undefined : did;
  }

  /** A quorum without the top: of the configuration that decided, or of the newest. `holds` tells of a member. */
  lacking(view: WorldView, holds: (member: MemberView) => boolean): ConfState | undefined {
    for (const conf of [this.decidedBy, this.newest]) {
      if (conf !== undefined && isWithout(view, conf, holds)) return conf;
    }
    return undefined;
  }

  /** Whether a log holds the top, or begins behind it. */
  isIn(raft: RawNode): boolean {
    const {top} = this;
    if (top === undefined || raft.firstIndex > top.entry.index) return true;
    const entry = raft.entryAt(top.entry.index);
    return entry !== undefined && sameEntry(entry, top.entry);
  }

  private rise(view: WorldView, event: EventRecord, member: MemberId, to: number): boolean {
    const raft = view.members[member - 1]?.server?.raft;
    const entry = raft?.entryAt(to);
    if (raft === undefined || entry === undefined || to <= (this.top?.entry.index ?? 0)) return false;
    this.top = {entry, term: raft.term, member, event: event.id};
    this.decidedBy = raft.confState;
    return true;
  }

  private configure(view: WorldView, member: MemberId, confState: ConfState): void {
    const index = view.members[member - 1]?.server?.appliedIndex ?? 0;
    if (index <= this.newestIndex) return;
    this.newestIndex = index;
    this.newest = confState;
  }
}

/** Whether those that hold nothing are a majority of each half, and so a quorum. */
function isWithout(view: WorldView, conf: ConfState, holds: (member: MemberView) => boolean): boolean {
  return isMajority(view, conf.voters, holds) && isMajority(view, conf.votersOutgoing, holds);
}

function isMajority(
  view: WorldView,
  voters: readonly MemberId[],
  holds: (member: MemberView) => boolean,
): boolean {
  let without = 0;
  for (const voter of voters) {
    const member = view.members[voter - 1];
    if (member !== undefined && !holds(member)) without++;
  }
  return voters.length === 0 || 2 * without > voters.length;
}
