// One member's process: its server, its disk, its lives. It is up, or stopped by the operating system (paused: what
// arrives waits, time passes), or crashed. What the world saw of it last is kept here, so that what an event changed is
// told by comparing, in time of the change.

import type {Hasher} from "../core/base/hasher.ts";
import type {MemberId} from "../core/base/quantity.ts";
import {boot} from "../core/server/boot.ts";
import type {ServerConfig, Version} from "../core/server/config.ts";
import type {Effect} from "../core/server/io.ts";
import type {Entry} from "../core/raft/entry.ts";
import type {Server} from "../core/server/server.ts";
import type {Change} from "./event.ts";
import {Disk} from "./disk/disk.ts";
import {SharedList} from "./history/sharedList.ts";
import type {Draws, StreamId} from "./random.ts";
import type {Config} from "./run.ts";
import type {MemberView} from "./view.ts";
import type {MemberLanes} from "./world/lanes.ts";
import type {Waiting} from "./world/queue.ts";

/** What never changes between lives. */
export interface Birth {
  readonly id: MemberId;
  readonly name: string;
  readonly config: ServerConfig;
  readonly version: Version;
  readonly lanes: MemberLanes;
}

/** What was seen of a server after the last event that touched it. */
interface Seen {
  term: number;
  role: "follower" | "candidate" | "leader";
  commit: number;
  applied: number;
  revision: number;
  compact: number;
}

export class Member implements MemberView {
  readonly birth: Birth;
  status: "up" | "paused" | "crashed" = "crashed";
  incarnation = 0;
  server: Server | undefined;
  disk = new Disk();
  /** When its server wants a wake. */
  timer: Waiting | undefined;
  /** While paused: what waits to be handed over. */
  parked: readonly Waiting[] = [];
  /** Step of the event that booted it. */
  bootStep = 0;
  private seen: Seen = {term: 0, role: "follower", commit: 0, applied: 0, revision: 1, compact: -1};
  private log = new SharedList<Entry>();
  private luck = new Map<string, StreamId>();

  constructor(birth: Birth) {
    this.birth = birth;
  }

  get id(): MemberId {
    return this.birth.id;
  }

  get name(): string {
    return this.birth.name;
  }

  /** Starts a server on what the disk holds. */
  boot(draws: Draws, step: number, changes: Change[]): readonly Effect[] {
    this.incarnation++;
    this.bootStep = step;
    this.status = "up";
    this.luck = new Map();
    const {config, version} = this.birth;
    const {server, effects} = boot({config, version, disk: this.disk, draw: this.drawFrom(draws)});
    this.server = server;
    this.compareBoot(server, changes);
    return effects;
  }

  /** The process is gone; the disk settles what was not durable. */
  crash(draws: Draws): void {
    this.status = "crashed";
    this.server = undefined;
    this.timer = undefined;
    const life = `crash/${this.name}@${this.incarnation}`;
    this.disk.crash((file, bound) => draws.next(draws.stream(`${life}/${file}`), bound));
  }

  /** What the last event changed, by comparing with what was seen before. */
  observe(changes: Change[]): void {
    const {server, seen} = this;
    if (server === undefined) return;
    const {raft, store} = server;
    const member = this.id;
    const {term, role, commitIndex} = raft;
    if (term !== seen.term) changes.push({kind: "term", member, term});
    if (role !== seen.role || (term !== seen.term && role !== "follower"))
      changes.push({kind: "role", member, role, term});
    seen.term = term;
    seen.role = role;
    this.observeLog(server, changes);
    if (commitIndex !== seen.commit) {
      changes.push({kind: "commit", member, from: seen.commit + 1, to: commitIndex});
      seen.commit = commitIndex;
    }
    const applied = server.appliedIndex;
    if (applied !== seen.applied) {
      changes.push({kind: "apply", member, from: seen.applied + 1, to: applied});
      seen.applied = applied;
    }
    const revision = store.currentRevision;
    if (revision !== seen.revision) changes.push({kind: "revision", member, revision});
    seen.revision = revision;
    const compact = store.compactRevision;
    if (compact !== seen.compact) changes.push({kind: "compact", member, revision: compact});
    seen.compact = compact;
  }

  fork(draws: Draws): Member {
    const twin = Object.create(Member.prototype) as Member;
    Object.assign(twin, this, {disk: this.disk.fork(), seen: {...this.seen}, log: this.log.fork()});
    twin.server = this.server?.fork(twin.drawFrom(draws));
    return twin;
  }

  digest(into: Hasher): void {
    into.string(this.status);
    into.int(this.incarnation);
    this.server?.digest(into);
    this.disk.digest(into);
  }

  /** In time that does not depend on the size of log and store. */
  digestBriefly(into: Hasher): void {
    into.string(this.status);
    into.int(this.incarnation);
    if (this.server === undefined) return;
    const {raft, lastApplied, store} = this.server;
    into.int(raft.term);
    into.int(raft.votedFor);
    into.string(raft.role);
    into.int(raft.lastIndex);
    into.int(raft.termAt(raft.lastIndex) ?? 0);
    into.int(raft.commitIndex);
    into.int(lastApplied.index);
    into.string(lastApplied.digest);
    into.int(store.currentRevision);
    into.int(store.compactRevision);
  }

  /** Streams of luck are named per member and incarnation. */
  private drawFrom(draws: Draws): (stream: string, bound: number) => number {
    const life = `${this.name}@${this.incarnation}`;
    const {luck} = this;
    return (name, bound) => {
      let stream = luck.get(name);
      if (stream === undefined) luck.set(name, (stream = draws.stream(`${life}/${name}`)));
      return draws.next(stream, bound);
    };
  }

  private observeLog(server: Server, changes: Change[]): void {
    const {raft} = server;
    const {log} = this;
    const last = raft.lastIndex;
    const known = log.length;
    if (last === known && raft.entryAt(last) === log.at(known - 1)) return;
    let same = Math.min(last, known);
    while (same > 0 && raft.entryAt(same) !== log.at(same - 1)) same--;
    this.takeLog(server, same, changes);
  }

  /** After a boot all entries are other objects: an entry is the same if its term is (Log Matching). */
  private compareBoot(server: Server, changes: Change[]): void {
    const {raft, store} = server;
    const before = this.log.length;
    let same = 0;
    while (same < Math.min(raft.lastIndex, before) && raft.termAt(same + 1) === this.log.at(same)?.term)
      same++;
    if (this.incarnation > 1 && (same < before || same < raft.lastIndex)) this.takeLog(server, same, changes);
    this.log = new SharedList();
    for (let index = 1; index <= raft.lastIndex; index++) this.pushEntry(server, index);
    const {seen} = this;
    const member = this.id;
    if (this.incarnation > 1 && raft.term !== seen.term)
      changes.push({kind: "term", member, term: raft.term});
    if (this.incarnation > 1 && raft.role !== seen.role)
      changes.push({kind: "role", member, role: raft.role, term: raft.term});
    this.seen = {
      term: raft.term,
      role: raft.role,
      commit: raft.commitIndex,
      applied: server.appliedIndex,
      revision: store.currentRevision,
      compact: store.compactRevision,
    };
  }

  /** Takes over the server's log behind the first `same` entries. */
  private takeLog(server: Server, same: number, changes: Change[]): void {
    const {lastIndex} = server.raft;
    changes.push({
      kind: "log",
      member: this.id,
      from: same + 1,
      to: lastIndex,
      truncated: same < this.log.length,
    });
    this.log.truncate(same);
    for (let index = same + 1; index <= lastIndex; index++) this.pushEntry(server, index);
  }

  private pushEntry(server: Server, index: number): void {
    const entry = server.raft.entryAt(index);
    if (entry !== undefined) this.log.push(entry);
  }
}

/** What a server is told of a run's configuration. */
export function serverConfig(config: Config, id: MemberId): ServerConfig {
  const members = Array.from({length: config.members}, (_, i) => i + 1);
  const {raft, store, pausePoints} = config;
  return {id, members, ...raft, ...store, pausePoints};
}
