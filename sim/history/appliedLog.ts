// The entries that were applied, in order, each as the member that applied it first did it: what became of requests whose
// answers were lost, and of leases that ran out by themselves.

import type {LeaseId, MemberId, Revision} from "../../core/base/quantity.ts";
import type {Entry} from "../../core/raft/entry.ts";
import {decodeCommand} from "../../core/server/command.ts";
import type {WriteRequest} from "../../core/server/command.ts";
import type {Server} from "../../core/server/server.ts";
import type {Moment} from "./operation.ts";
import {SharedList} from "./sharedList.ts";

/** What a member may propose without being asked: its log tells what became of these. */
export type Upkeep = Extract<WriteRequest, {readonly kind: "compact" | "leaseGrant" | "leaseRevoke"}>;

/** When it was applied first, and by whom. */
interface Span {
  readonly moment: Moment;
  readonly member: MemberId;
  /** The store's revision before and after the event that applied it; there may have been other entries. */
  readonly least: Revision;
  readonly most: Revision;
}

export class AppliedEntry implements Span {
  readonly entry: Entry;
  readonly moment: Moment;
  readonly member: MemberId;
  readonly least: Revision;
  readonly most: Revision;
  /** Undefined: the entry was not read yet; "none": it holds no upkeep. */
  private read: Proposed | "none" | undefined;

  constructor(entry: Entry, {moment, member, least, most}: Span) {
    this.entry = entry;
    this.moment = moment;
    this.member = member;
    this.least = least;
    this.most = most;
  }

  /** The upkeep that it holds, and who proposed that. An entry is read once, when somebody asks. */
  get upkeep(): Proposed | undefined {
    this.read ??= upkeepIn(this.entry) ?? "none";
    return this.read === "none" ? undefined : this.read;
  }
}

interface Proposed {
  readonly request: Upkeep;
  readonly proposer: MemberId;
}

function upkeepIn({type, data}: Entry): Proposed | undefined {
  const command = type === "normal" ? decodeCommand(data) : undefined;
  if (command === undefined) return undefined;
  const {request, proposer} = command;
  switch (request.kind) {
    case "compact":
    case "leaseGrant":
    case "leaseRevoke":
      return {request, proposer};
    default:
      return undefined;
  }
}

/** A grant or revocation of a lease: one that a client asked for, or a leader because the lease had run out. */
export interface LeaseEntry extends Span {
  readonly kind: "grant" | "revoke";
  readonly lease: LeaseId;
  /** Of its entry. */
  readonly index: number;
  readonly term: number;
  /** Who proposed it, for a client or for itself. */
  readonly proposer: MemberId;
}

export class AppliedLog {
  private list = new SharedList<AppliedEntry>();
  private ofLeases = new SharedList<LeaseEntry>();
  /** How many of the entries were looked at for leases: only who asks pays for reading them. */
  private read = 0;
  private applied = 0;
  private revision: Revision = 1;
  /** Whether no entry was missed. */
  complete = true;

  /** Grows; good until the world goes on. */
  view(): readonly AppliedEntry[] {
    return this.list.view();
  }

  leases(): readonly LeaseEntry[] {
    for (; this.read < this.list.length; this.read++) {
      const applied = this.list.at(this.read);
      if (applied !== undefined) this.readLease(applied);
    }
    return this.ofLeases.view();
  }

  /** A member applied entries. */
  note(
    member: MemberId,
    {raft, store}: Server,
    range: {readonly from: number; readonly to: number},
    moment: Moment,
  ): void {
    if (range.to <= this.applied) return;
    const span = {moment, member, least: this.revision, most: store.currentRevision};
    for (let index = this.applied + 1; index <= range.to; index++) {
      const entry = raft.entryAt(index);
      if (entry === undefined) this.complete = false;
      else this.list.push(new AppliedEntry(entry, span));
    }
    this.applied = range.to;
    this.revision = span.most;
  }

  fork(): AppliedLog {
    const twin = new AppliedLog();
    twin.list = this.list.fork();
    twin.ofLeases = this.ofLeases.fork();
    twin.read = this.read;
    twin.applied = this.applied;
    twin.revision = this.revision;
    twin.complete = this.complete;
    return twin;
  }

  private readLease({entry: {index, term}, upkeep, moment, member, least, most}: AppliedEntry): void {
    if (upkeep === undefined || upkeep.request.kind === "compact") return;
    const {request, proposer} = upkeep;
    const kind = request.kind === "leaseGrant" ? "grant" : "revoke";
    const {lease = ""} = request;
    this.ofLeases.push({kind, lease, index, term, proposer, moment, member, least, most});
  }
}
