// The grants and revocations of leases that were applied, in the order of the log: those that clients asked for, and the
// revocations that a leader asked for because a lease had run out. As the member that applied each first did it.

import type {LeaseId, MemberId, Revision} from "../../core/base/quantity.ts";
import {decodeCommand} from "../../core/server/command.ts";
import type {Server} from "../../core/server/server.ts";
import type {Moment} from "./operation.ts";
import {SharedList} from "./sharedList.ts";

export interface LeaseEntry {
  readonly kind: "grant" | "revoke";
  readonly lease: LeaseId;
  /** Of its entry. */
  readonly index: number;
  readonly term: number;
  /** Who proposed it, for a client or for itself. */
  readonly proposer: MemberId;
  /** When it was applied first, and by whom. */
  readonly moment: Moment;
  readonly member: MemberId;
  /** The store's revision before and after the event that applied it; there may have been other entries. */
  readonly least: Revision;
  readonly most: Revision;
}

export class LeaseLog {
  private readonly list: SharedList<LeaseEntry>;
  private applied: number;
  private revision: Revision;

  constructor(list = new SharedList<LeaseEntry>(), applied = 0, revision = 1) {
    this.list = list;
    this.applied = applied;
    this.revision = revision;
  }

  /** Grows; good until the world goes on. */
  view(): readonly LeaseEntry[] {
    return this.list.view();
  }

  /** A member applied entries. */
  note(
    member: MemberId,
    {raft, store}: Server,
    range: {readonly from: number; readonly to: number},
    moment: Moment,
  ): void {
    if (range.to <= this.applied) return;
    const [least, most] = [this.revision, store.currentRevision];
    for (let index = Math.max(range.from, this.applied + 1); index <= range.to; index++) {
      const entry = raft.entryAt(index);
      const command = entry?.type === "normal" ? decodeCommand(entry.data) : undefined;
      if (entry === undefined || command === undefined) continue;
      const {request, proposer} = command;
      if (request.kind !== "leaseGrant" && request.kind !== "leaseRevoke") continue;
      const kind = request.kind === "leaseGrant" ? "grant" : "revoke";
      const {lease = ""} = request;
      this.list.push({kind, lease, index, term: entry.term, proposer, moment, member, least, most});
    }
    this.applied = range.to;
    this.revision = most;
  }

  fork(): LeaseLog {
    return new LeaseLog(this.list.fork(), this.applied, this.revision);
  }
}
