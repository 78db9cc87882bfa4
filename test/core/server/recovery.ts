// One crash and what becomes of it: the member boots on the disk that was left, does what it finds to do, is elected and
// applies its log. What may not be is thrown, in words.

import type {MemberId} from "../../../core/base/quantity.ts";
import type {Entry} from "../../../core/raft/entry.ts";
import {isRaftMessage} from "../../../core/server/peer.ts";
import type {PeerMessage} from "../../../core/server/peer.ts";
import {boot} from "../../../core/server/boot.ts";
import type {ServerConfig} from "../../../core/server/config.ts";
import {soundVersion} from "../../../core/server/config.ts";
import type {Effect, Input} from "../../../core/server/io.ts";
import type {Server} from "../../../core/server/server.ts";
import type {DiskReader} from "../../../core/storage/disk.ts";
import type {Disk} from "../../../sim/disk/disk.ts";
import type {Kept} from "./promises.ts";
import type {Truth} from "./truth.ts";
import {stateText} from "./truth.ts";

export type Booted = ReturnType<typeof boot>;

/** Luck is the same every time: what is left on the disk decides alone. */
export function bootOn(disk: DiskReader, config: ServerConfig): Booted {
  return boot({config, version: soundVersion, disk, draw: (stream) => (stream === "nonce" ? 1000 : 0)});
}

/** What the member has after the crash. Throws what is wrong with it. */
export function recover(disk: Disk, config: ServerConfig, truth: Truth): Kept {
  const {server, effects} = bootOn(disk, config);
  refuseExit(effects);
  const kept = keptBy(server);
  const {last} = kept;
  if (last.term > kept.term) throw new Error(`it is in term ${kept.term} and has an entry of ${last.term}`);
  expectText("it starts", stateText(server), truth.textAt(server.appliedIndex, last));
  const life = new Life(server, disk.fork(), config);
  life.goOn(effects);
  life.handle({kind: "timeout"});
  if (server.raft.role !== "leader") throw new Error("it is not elected");
  const news: Entry[] = [];
  for (let index = last.index + 1; index <= server.raft.lastIndex; index++) {
    const entry = server.raft.entryAt(index);
    if (entry !== undefined) news.push(entry);
  }
  if (server.appliedIndex < server.raft.lastIndex) throw new Error("it does not apply its log");
  expectText("it goes on", stateText(server), truth.textAfter(last, news));
  return kept;
}

function keptBy({raft}: Server): Kept {
  const {term, votedFor, firstIndex, lastIndex} = raft;
  const terms = new Map<number, number>();
  for (let index = firstIndex - 1; index <= lastIndex; index++) terms.set(index, raft.termAt(index) ?? -1);
  const last = {index: lastIndex, term: raft.termAt(lastIndex) ?? -1};
  return {term, votedFor, last, termAt: (index) => (index < firstIndex ? "inSnapshot" : terms.get(index))};
}

export function refuseExit(effects: readonly Effect[]): void {
  for (const effect of effects) {
    if (effect.kind !== "exit") continue;
    const {id, args} = effect.reason;
    throw new Error(`it refuses to go on: ${id} ${JSON.stringify(args)}`);
  }
}

function expectText(when: string, found: string, expected: string | undefined): void {
  if (found !== expected)
    throw new Error(`${when} with ${found}, and not with ${expected ?? "anything known"}`);
}

/** A member whose disk takes no time, among others who vote for it and hold what it sends. */
export class Life {
  private readonly server: Server;
  private readonly disk: Disk;
  private readonly others: readonly MemberId[];

  constructor(server: Server, disk: Disk, {id, members}: ServerConfig) {
    this.server = server;
    this.disk = disk;
    this.others = members.filter((member) => member !== id);
  }

  handle(input: Input): void {
    this.goOn(this.server.handle(input, 0));
  }

  /** Does what the effects want, and what comes of that, until all is quiet. */
  goOn(effects: readonly Effect[]): void {
    const left = [...effects];
    for (let effect = left.shift(); effect !== undefined; effect = left.shift()) {
      refuseExit([effect]);
      for (const input of this.inputsOf(effect)) left.push(...this.server.handle(input, 0));
    }
  }

  private inputsOf(effect: Effect): readonly Input[] {
    if (effect.kind === "send") return this.answersTo(effect.message);
    if (effect.kind !== "disk") return [];
    this.disk.submit(effect.op, effect.do);
    this.disk.complete(effect.op);
    return [{kind: "diskDone", op: effect.op}];
  }

  private answersTo(message: PeerMessage): readonly Input[] {
    if (!isRaftMessage(message)) return [];
    const {from: to, to: from, term} = message;
    if (!this.others.includes(from)) return [];
    const answered = (answer: PeerMessage): readonly Input[] => [{kind: "message", from, message: answer}];
    if (message.kind === "RequestVote")
      return answered({kind: "RequestVoteResponse", from, to, term, voteGranted: true});
    if (message.kind !== "AppendEntries") return [];
    const index = message.prevLogIndex + message.entries.length;
    return answered({
      kind: "AppendEntriesResponse",
      from,
      to,
      term,
      success: true,
      index,
      hintIndex: 0,
      hintTerm: 0,
    });
  }
}
