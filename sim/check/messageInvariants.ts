import {describeMessage} from "../../core/raft/describe.ts";
import type {Message} from "../../core/raft/message.ts";
import {faultOf} from "../../core/raft/messageChecks.ts";
import type {RawNode} from "../../core/raft/rawNode.ts";
import {isRaftMessage} from "../../core/server/peer.ts";
import type {EventRecord} from "../event.ts";
import type {WorldView} from "../view.ts";
import type {Checker, Violation} from "./checker.ts";
import {nameOf} from "./entries.ts";
import {say} from "./words.ts";

/**
 * What members say to each other can be so: terms and entries are in order, and what a leader says to be committed is, as far as it knows.
 * core/raft/README.md, "Invariants". Looked at as it arrives, or is lost; not what members with a planted bug say.
 */
export class MessageInvariants implements Checker {
  readonly name = "Message Invariants";
  readonly interest = {payloads: ["message"]} as const;
  private readonly ofAll: boolean;
  private count = 0;

  /** `ofAll`: members with a planted bug are asked too. */
  constructor(ofAll = false) {
    this.ofAll = ofAll;
  }

  exercised(): number {
    return this.count;
  }

  fork(): this {
    const twin = new MessageInvariants(this.ofAll);
    twin.count = this.count;
    return twin as this;
  }

  after(view: WorldView, event: EventRecord): Violation | undefined {
    const {payload} = event;
    if (payload.kind !== "message" || !isRaftMessage(payload.message)) return undefined;
    const {message, from} = payload;
    const sender = view.members[from - 1];
    if (sender === undefined || (!this.ofAll && sender.versions.length > 0)) return undefined;
    this.count++;
    const fault = faultOf(message) ?? commitFault(message, sender.server?.raft);
    if (fault === undefined) return undefined;
    const args = {member: nameOf(from), claim: fault, message: describeMessage(message)};
    const said = say("messageWrong", args, [nameOf(from)]);
    return {check: this.name, said, evidence: [event.id], step: event.step};
  }
}

/** A commit index never falls while its leader leads; of one that leads no more nobody can tell. `raft`: the sender's. */
function commitFault(message: Message, raft: RawNode | undefined): "toldCommitIsCommitted" | undefined {
  let told: number;
  switch (message.kind) {
    case "AppendEntries":
      told = message.leaderCommit;
      break;
    case "Heartbeat":
      told = message.commit;
      break;
    case "ReadIndexResponse":
      told = message.index;
      break;
    case "InstallSnapshot":
      told = message.snapshot.index;
      break;
    default:
      return undefined;
  }
  if (raft === undefined || told <= raft.commitIndex) return undefined;
  return raft.role === "leader" && raft.term === message.term ? "toldCommitIsCommitted" : undefined;
}
