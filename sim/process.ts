// One member's process: its server, its disk, its lives. It is up, or stopped by the operating system (paused: what
// arrives waits, time passes), or crashed. What the world saw of it last is kept here, so that what an event changed is
// told by comparing, in time of the change.

import type {Hasher} from "../core/base/hasher.ts";
import type {MemberId, Micros} from "../core/base/quantity.ts";
import {noMember} from "../core/base/quantity.ts";
import {boot} from "../core/server/boot.ts";
import type {ServerConfig, Version} from "../core/server/config.ts";
import {actors} from "../core/server/io.ts";
import type {Actor, Effect, Point} from "../core/server/io.ts";
import {emptyConfState} from "../core/raft/confState.ts";
import type {ConfState} from "../core/raft/confState.ts";
import type {Entry, RoleName} from "../core/raft/entry.ts";
import type {NotesOutlet} from "../core/raft/notes.ts";
import type {Server} from "../core/server/server.ts";
import type {Change, Payload} from "./event.ts";
import {Clock} from "./clock.ts";
import {Disk} from "./disk/disk.ts";
import {SharedList} from "./history/sharedList.ts";
import type {Draws, StreamId} from "./random.ts";
import type {Config} from "./run.ts";
import {firstLearners} from "./run.ts";
import type {ArmedCrash, MemberView} from "./view.ts";
import {digestData} from "./world/chain.ts";
import type {MemberLanes} from "./world/lanes.ts";
import type {Waiting} from "./world/queue.ts";

const neverSeen: Seen = {
  term: 0,
  role: "follower",
  confState: emptyConfState,
  transferee: noMember,
  base: 0,
  commit: 0,
  applied: 0,
  revision: 1,
  compact: -1,
};

/** What never changes between lives. */
export interface Birth {
  readonly id: MemberId;
  readonly name: string;
  readonly lanes: MemberLanes;
  /** What it boots as unless a restart says otherwise. */
  readonly make: Make;
}

/** What a member boots as: its flags and its version, which a restart may change. Never written: replaced. */
export interface Make {
  readonly config: ServerConfig;
  /** Names of bugs, and the version made of them. */
  readonly versions: readonly string[];
  readonly version: Version;
}

/** What a boot happens in. */
export interface Boot {
  /** Of the event that boots it. */
  readonly step: number;
  readonly now: Micros;
  /** Takes what it changes. */
  readonly changes: Change[];
  readonly notes: NotesOutlet | undefined;
}

/** What was seen of a server after the last event that touched it. */
interface Seen {
  term: number;
  role: RoleName;
  confState: ConfState;
  transferee: MemberId;
  /** The log begins behind it. */
  base: number;
  commit: number;
  applied: number;
  revision: number;
  compact: number;
}

export class Member implements MemberView {
  readonly birth: Birth;
  /** What a wake of its brings: the same each time. */
  readonly wakes: Payload;
  status: "up" | "paused" | "crashed" = "crashed";
  clock = Clock.true;
  incarnation = 0;
  server: Server | undefined;
  disk = new Disk();
  /** When its server wants a wake. */
  timer: Waiting | undefined;
  /** While paused: what waits to be handed over. */
  parked: readonly Waiting[] = [];
  /** Step of the event that booted it. */
  bootStep = 0;
  make: Make;
  /** Never written: replaced. */
  armed: readonly ArmedCrash[] = [];
  /** Never written: replaced. */
  slowActors: ReadonlyMap<Actor, number> = new Map();
  private seen: Seen = {...neverSeen};
  /** Its log as seen last, from index 1; undefined where it was never seen, because a snapshot stood for it. */
  private log = new SharedList<Entry | undefined>();
  private luck = new Map<string, StreamId>();

  constructor(birth: Birth) {
    this.birth = birth;
    this.wakes = {kind: "wake", member: birth.id};
    this.make = birth.make;
  }

  get id(): MemberId {
    return this.birth.id;
  }

  get name(): string {
    return this.birth.name;
  }

  get config(): ServerConfig {
    return this.make.config;
  }

  get versions(): readonly string[] {
    return this.make.versions;
  }

  /** Starts a server on what the disk holds. */
  boot(draws: Draws, {step, now, changes, notes}: Boot): readonly Effect[] {
    this.incarnation++;
    this.bootStep = step;
    this.status = "up";
    this.luck = new Map();
    const {config, version} = this.make;
    const {disk} = this;
    const {server, effects} = boot({
      config,
      version,
      disk,
      draw: this.drawFrom(draws),
      now: this.clock.read(now),
      notes,
    });
    this.server = server;
    this.compareBoot(server, changes);
    return effects;
  }

  /** The process is gone; the disk settles what was not durable. */
  crash(draws: Draws): void {
    this.status = "crashed";
    this.server = undefined;
    this.timer = undefined;
    this.armed = [];
    const life = `crash/${this.name}@${this.incarnation}`;
    this.disk.crash((file, bound) => draws.next(draws.stream(`${life}/${file}`), bound));
  }

  /** An actor pauses at a point: whether a crash was armed for this. */
  comesTo(point: Point): boolean {
    return this.countsDown((one) => one.kind === "point" && one.point === point) !== undefined;
  }

  /** An operation of its disk is about to be done: whether a crash was armed for this, and on which side of it. */
  completesOnDisk(what: string): "before" | "after" | undefined {
    const due = this.countsDown((one) => one.kind === "disk" && (one.what ?? what) === what);
    return due?.kind === "disk" ? due.when : undefined;
  }

  /** How many times as long as usual a turn of the actor takes. */
  slownessOf(actor: Actor): number {
    return this.slowActors.size === 0 ? 1 : (this.slowActors.get(actor) ?? 1);
  }

  /** What was armed for this comes nearer. Returns the first whose moment has come. */
  private countsDown(concerns: (one: ArmedCrash) => boolean): ArmedCrash | undefined {
    const due = this.armed.find((one) => concerns(one) && one.left === 1);
    this.armed = this.armed.map((one) => (concerns(one) ? {...one, left: one.left - 1} : one));
    return due;
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
    this.observeMembership(server, changes);
    if (commitIndex !== seen.commit) {
      pushRange(changes, "commit", member, Math.max(seen.commit, seen.base) + 1, commitIndex);
      seen.commit = commitIndex;
    }
    const applied = server.appliedIndex;
    if (applied !== seen.applied) {
      pushRange(changes, "apply", member, Math.max(seen.applied, seen.base) + 1, applied);
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
    // In the order of the table, so that equal ones have equal digests.
    const slow = actors.filter((actor) => this.slowActors.has(actor));
    const slowness = slow.map((actor) => [actor, this.slownessOf(actor)]);
    digestData([this.armed, slowness, this.changedSettings()], into);
  }

  /** What a restart made different from the beginning. */
  private changedSettings(): readonly unknown[] {
    const {make} = this.birth;
    const before = new Map<string, unknown>(Object.entries(make.config));
    const changed = Object.entries(this.config).filter(([key, value]) => before.get(key) !== value);
    const isSame = this.versions.join() === make.versions.join();
    return [Object.fromEntries(changed), isSame ? [] : this.versions];
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

  private observeMembership({raft}: Server, changes: Change[]): void {
    const {seen} = this;
    const {confState, transferee} = raft;
    const member = this.id;
    if (confState !== seen.confState) changes.push({kind: "configuration", member, confState});
    if (transferee !== seen.transferee) changes.push({kind: "transfer", member, to: transferee});
    seen.confState = confState;
    seen.transferee = transferee;
  }

  private observeLog(server: Server, changes: Change[]): void {
    const {raft} = server;
    const last = raft.lastIndex;
    const base = this.observeBase(server, changes);
    const known = this.log.length;
    if (last === known && (last === base || raft.entryAt(last) === this.log.at(known - 1))) return;
    let same = Math.min(last, known);
    while (same > base && raft.entryAt(same) !== this.log.at(same - 1)) same--;
    this.takeLog(server, same, changes);
  }

  /** Where the log begins. If that is beyond what was seen, or another entry stood there, a snapshot came in its place. */
  private observeBase({raft}: Server, changes: Change[]): number {
    const base = raft.firstIndex - 1;
    if (base === this.seen.base) return base;
    this.seen.base = base;
    const received = this.log.at(base - 1)?.term !== raft.termAt(base);
    if (received) this.forgetLog(base);
    changes.push({kind: "snapshot", member: this.id, index: base, received});
    return base;
  }

  private forgetLog(base: number): void {
    this.log = new SharedList();
    for (let index = 1; index <= base; index++) this.log.push(undefined);
  }

  /** After a boot all entries are other objects: an entry is the same if its term is (Log Matching). */
  private compareBoot(server: Server, changes: Change[]): void {
    const {raft, store} = server;
    const again = this.incarnation > 1;
    const before = this.log.length;
    const base = raft.firstIndex - 1;
    let same = base;
    while (same < Math.min(raft.lastIndex, before) && raft.termAt(same + 1) === this.log.at(same)?.term)
      same++;
    // A snapshot that was not durable is gone with the crash: the log begins where it did before.
    if (again && base < this.seen.base) this.forgetLog(base);
    else if (again) this.observeBase(server, changes);
    if (again && (same < before || same < raft.lastIndex)) this.takeLog(server, same, changes);
    if (!again) this.forgetLog(base);
    this.log.truncate(base);
    for (let index = base + 1; index <= raft.lastIndex; index++) this.pushEntry(server, index);
    const {seen} = this;
    const member = this.id;
    if (this.incarnation > 1 && raft.term !== seen.term)
      changes.push({kind: "term", member, term: raft.term});
    if (this.incarnation > 1 && raft.role !== seen.role)
      changes.push({kind: "role", member, role: raft.role, term: raft.term});
    if (again) this.observeMembership(server, changes);
    this.seen = {
      term: raft.term,
      role: raft.role,
      confState: raft.confState,
      transferee: raft.transferee,
      base,
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

/** What a snapshot stands for is told as a snapshot, not entry by entry. */
function pushRange(
  changes: Change[],
  kind: "commit" | "apply",
  member: MemberId,
  from: number,
  to: number,
): void {
  if (from <= to) changes.push({kind, member, from, to});
}

/** What a server is told of a run's configuration. */
export function serverConfig(config: Config, id: MemberId): ServerConfig {
  const members = Array.from({length: config.members}, (_, i) => i + 1);
  const learners = firstLearners(config);
  const {raft, store, pausePoints, clock} = config;
  return {id, members, learners, ...raft, ...store, pausePoints, tick: clock.tick};
}
