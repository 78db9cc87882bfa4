// The revocations of leases that were applied, in the order of the log: those that clients asked for, and those that a
// leader asked for because the lease had run out. As the member that applied each first did it.

import type {LeaseId, MemberId} from "../../core/base/quantity.ts";
import {decodeCommand} from "../../core/server/command.ts";
import type {Server} from "../../core/server/server.ts";
import type {Moment} from "./operation.ts";
import {SharedList} from "./sharedList.ts";

export interface Revocation {
  readonly lease: LeaseId;
  /** Of its entry. */
  readonly index: number;
  readonly term: number;
  /** Who proposed it, for a client or for itself. */
  readonly proposer: MemberId;
  /** When it was applied first, and by whom. */
  readonly moment: Moment;
  readonly member: MemberId;
}

export class Revocations {
  private readonly list: SharedList<Revocation>;
  private applied: number;

  constructor(list = new SharedList<Revocation>(), applied = 0) {
    this.list = list;
    this.applied = applied;
  }

  /** Grows; good until the world goes on. */
  view(): readonly Revocation[] {
    return this.list.view();
  }

  /** A member applied entries. */
  note(
    member: MemberId,
    {raft}: Server,
    range: {readonly from: number; readonly to: number},
    moment: Moment,
  ): void {
    for (let index = Math.max(range.from, this.applied + 1); index <= range.to; index++) {
      this.applied = index;
      const entry = raft.entryAt(index);
      if (entry?.type !== "normal") continue;
      const command = decodeCommand(entry.data);
      if (command?.request.kind !== "leaseRevoke") continue;
      const {lease} = command.request;
      const {term} = entry;
      this.list.push({lease, index, term, proposer: command.proposer, moment, member});
    }
  }

  fork(): Revocations {
    return new Revocations(this.list.fork(), this.applied);
  }
}
