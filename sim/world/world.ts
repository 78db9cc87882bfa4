// The world: members, clients, network, disks and clocks of one run, and the events that wait. Its one verb is `take`;
// which event comes next is somebody else's choice (schedule/), the base one being the least (due, seq). A world can be
// forked at any moment, and the twin goes on exactly like it (law 2).
//
// Every event belongs to a lane and is numbered in it, names its cause, draws from streams of its own, touches at most
// one member, and is mixed into the chain together with its effects.

import {assert, present} from "../../core/base/assert.ts";
import {Hasher} from "../../core/base/hasher.ts";
import type {Hash} from "../../core/base/hasher.ts";
import type {MemberId, Micros} from "../../core/base/quantity.ts";
import {noMember} from "../../core/base/quantity.ts";
import type {Sight} from "../../core/client/operand.ts";
import type {NotesOutlet} from "../../core/raft/notes.ts";
import type {Version} from "../../core/server/config.ts";
import type {Cue} from "../director.ts";
import type {Change, Payload, Pending} from "../event.ts";
import {History} from "../history/history.ts";
import type {Moment, Operation, RecipeOperation} from "../history/operation.ts";
import type {RevisionsView} from "../history/revisions.ts";
import type {AppliedEntry, LeaseEntry} from "../history/appliedLog.ts";
import {SharedList} from "../history/sharedList.ts";
import {Network} from "../network/network.ts";
import type {Place} from "../network/network.ts";
import {Member, serverConfig} from "../process.ts";
import {Draws} from "../random.ts";
import type {Intervention, Lane, Run} from "../run.ts";
import {serversOf} from "../run.ts";
import type {WorldView} from "../view.ts";
import {act, inapplicable} from "./actions.ts";
import type {Inapplicable} from "./actions.ts";
import {Agenda} from "./agenda.ts";
import {digestPayload} from "./chain.ts";
import {Connections, streamKey} from "./connections.ts";
import type {StreamKey} from "./connections.ts";
import {deliver} from "./deliver.ts";
import {eventId, LaneTable, memberLanes, memberName, scriptLane} from "./lanes.ts";
import type {LaneIndex} from "./lanes.ts";
import {clientOf, targetOf} from "./payload.ts";
import {boot} from "./processes.ts";
import {earlier} from "./queue.ts";
import type {Waiting} from "./queue.ts";
import {noChanges, TakenEvent} from "./record.ts";
import {Script} from "./script.ts";
import {ClientSite} from "./site.ts";

/** Makes the version of a member out of names of bugs (bug/museum.ts). Fails as an assertion on a name that it does not know. */
export type Versions = (names: readonly string[]) => Version;

/** An intervention that did not apply any more. */
export interface Skipped {
  readonly intervention: Intervention;
  readonly step: number;
  readonly why: Inapplicable;
}

/** Events between two state digests in the chain. */
const digestEvery = 1024;

/** A script event, with what it fires. */
interface Scripted extends Waiting {
  readonly item: Intervention;
  readonly byTime: boolean;
}

export class World implements WorldView {
  readonly run: Run;
  readonly versions: Versions;
  readonly clients: readonly string[];
  now: Micros = 0;
  step = 0;
  last: TakenEvent | undefined;
  /** The member that the last event was handed to; undefined if none. */
  touched: MemberId | undefined;
  skipped: readonly Skipped[] = [];
  /** Messages between members that were sent. */
  messages = 0;
  overtaken: Micros = 0;
  members: readonly Member[] = [];
  sites: readonly ClientSite[] = [];
  network: Network;
  connections = new Connections();
  history = new History();
  draws: Draws;
  chain = new Hasher();
  /** Names only: forks share it. */
  readonly lanes = new LaneTable();
  private readonly links: readonly LaneIndex[];
  /** The lane of each client's wakes. */
  readonly wakes: readonly LaneIndex[];
  /** What waits; besides it only the members' and clients' wakes do, and what arrived at members that are paused. */
  agenda = new Agenda(this.lanes);
  private script: Script;
  /** What fired, in order, so that it fires again. */
  private fired = new SharedList<Intervention>();
  /**
   * The event that an intervention which comes now is tied to: the last one, or where time passed since, none. Of several
   * interventions in a row all are tied to what the first was tied to, or to the first if that was a time alone.
   */
  private anchor: Waiting | undefined;
  /** The last event that the script did not make. */
  private unscripted: Waiting | undefined;
  /** What the event under way has changed. */
  changes: Change[] = [];
  /** Decides nothing; a twin has none. */
  notes: NotesOutlet | undefined;

  private constructor(run: Run, versions: Versions) {
    this.run = run;
    this.versions = versions;
    this.clients = Array.from({length: run.config.clients}, (_, i) => `c${i + 1}`);
    const servers = Array.from({length: serversOf(run.config)}, (_, i) => memberName(i + 1));
    const names = [...servers, ...this.clients];
    this.network = new Network(run.config, names);
    this.links = names.flatMap((from) => names.map((to) => this.lanes.index(`${from}→${to}`)));
    this.wakes = this.clients.map((name) => this.lanes.index(`client/${name}`));
    this.draws = new Draws(run.seed);
    this.script = new Script(run.script, this.lanes);
  }

  /**
   * A world at the beginning of a run, its members booted. `versions` makes a member out of the run's names of bugs;
   * `notes` is told what happens inside of their raft.
   */
  static create(run: Run, versions: Versions, notes?: NotesOutlet): World {
    const world = new World(run, versions);
    world.notes = notes;
    const {config} = run;
    world.members = Array.from({length: serversOf(config)}, (_, i) => {
      const name = memberName(i + 1);
      const bugs = run.versions[name] ?? [];
      const make = {config: serverConfig(config, i + 1), versions: bugs, version: versions(bugs)};
      const lanes = memberLanes(name, world.lanes, world.draws);
      return new Member({id: i + 1, name, lanes, make});
    });
    world.sites = world.clients.map((name, i) =>
      ClientSite.create(i, config, world.draws, versions(run.versions[name] ?? [])),
    );
    for (const member of world.members)
      if (member.id <= config.members + config.learners) boot(world, member);
    return world;
  }

  get operations(): readonly Operation[] {
    return this.history.operations;
  }

  get revisions(): RevisionsView {
    return this.history.revisions;
  }

  get leaseLog(): readonly LeaseEntry[] {
    return this.history.applied.leases();
  }

  get appliedLog(): readonly AppliedEntry[] | undefined {
    const {applied} = this.history;
    return applied.complete ? applied.view() : undefined;
  }

  seenBy(client: string): Sight {
    return this.site(client).seen;
  }

  get recipes(): readonly RecipeOperation[] {
    return this.history.recipes;
  }

  get pausedClients(): readonly string[] {
    return this.sites.filter(({paused}) => paused).map(({name}) => name);
  }

  /** This world as others may see it: by type, without a way to change it. */
  get view(): WorldView {
    return this;
  }

  /** The chain up to the last event. */
  get hash(): Hash {
    return this.chain.hash();
  }

  /** The last event that the script did not make: what choices go by. */
  get lastUnscripted(): Pick<Pending, "lane" | "ordinal"> | undefined {
    return this.unscripted;
  }

  // ---- what may come next

  /**
   * The base schedule's next event: what the script fires, else the least (due, seq). Undefined: nothing more will
   * happen. Interventions whose turn it is but that do not apply are skipped on the way.
   */
  next(): Pending | undefined {
    return this.nextWaiting();
  }

  /**
   * What may be taken now, by (due, seq): the head of every lane, all messages of lanes that may reorder; a script event
   * goes first. Of these, those due at most `window` after the earliest. A fresh array.
   */
  enabled(window: Micros = Infinity): readonly Pending[] {
    const next = this.nextWaiting();
    if (next === undefined || next.payload.kind === "script") return next === undefined ? [] : [next];
    const limit = next.due + window;
    const soon = this.agenda.queue.upTo(limit);
    for (const timer of this.timers(true)) if (timer.due <= limit) soon.push(timer);
    const found: Waiting[] = [];
    for (const event of byOrder(soon)) {
      const {payload} = event;
      const free = payload.kind === "message" && this.mayReorder(payload.from, payload.to);
      if (free || !hasLane(found, event.laneIndex)) found.push(event);
    }
    return found;
  }

  /** Everything that waits, by (due, seq); last what is held by hand. A fresh array. */
  pending(): readonly Pending[] {
    const {parked} = this;
    return [...byOrder([...this.agenda.queue.all(), ...parked, ...this.timers(false)]), ...this.agenda.held];
  }

  // ---- the verbs

  /** Takes an event that is enabled. */
  take(pending: Pending): TakenEvent {
    const event = this.withdraw(pending);
    this.begin(event);
    digestPayload(event.payload, this.chain);
    if (event.payload.kind === "script") this.intervene(event as Scripted);
    else deliver(this, event);
    return this.end(event);
  }

  /** An intervention from outside, carried out at once. Undefined when it does not apply; {@link skipped} then says why. */
  act(cue: Cue): TakenEvent | undefined {
    const {anchor} = this;
    const when = {
      at: this.now,
      ...(anchor === undefined ? {} : {after: eventId(anchor.lane, anchor.ordinal)}),
    };
    const why = inapplicable(this, cue.do);
    const id = why === undefined ? this.script.freshId(scriptLane(cue.do), cue.id) : 0;
    const item: Intervention = {id, when, do: cue.do, origin: cue.origin, ...telling(cue)};
    if (why === undefined) return this.take(this.scripted(item, false));
    this.skip(item, why);
    return undefined;
  }

  /** A schedule takes this event next: if it is not the earliest, that one is overtaken. */
  overtake({due}: Pending): void {
    const earliest = this.nextWaiting();
    if (earliest !== undefined) this.overtaken = Math.max(this.overtaken, due - earliest.due);
  }

  /** Time passes without an event, up to before the next one. What is done then is tied to the time alone. */
  passTo(time: Micros): void {
    if (time <= this.now) return;
    this.now = time;
    this.anchor = undefined;
  }

  /** An independent twin: what is done to one does not happen to the other. */
  fork(): World {
    const twin = Object.create(World.prototype) as World;
    const draws = this.draws.fork();
    return Object.assign(twin, this, {
      draws,
      members: this.members.map((member) => member.fork(draws)),
      sites: this.sites.map((site) => site.fork()),
      network: this.network.fork(),
      connections: this.connections.fork(),
      history: this.history.fork(),
      agenda: this.agenda.fork(),
      script: this.script.fork(),
      fired: this.fired.fork(),
      chain: this.chain.fork(),
      changes: [],
    });
  }

  /** All that decides how the world goes on. Equal behaviour, equal digest: times are relative. O(state). */
  digest(): Hash {
    const into = new Hasher();
    for (const member of this.members) {
      member.digest(into);
      into.int(Math.max(0, member.disk.stalledUntil - this.now));
    }
    for (const member of this.members) member.clock.digest(into, this.now);
    for (const site of this.sites) {
      site.digest(into);
      site.clock.digest(into, this.now);
      if (this.script.hasOperands) site.seen.digest(into);
    }
    this.network.digest(into, this.now);
    // Then a wake that is late keeps its place.
    if (this.overtaken > 0) into.word(1);
    this.connections.digest(into);
    this.draws.digest(into);
    this.script.digest(into);
    for (const pending of this.pending()) {
      into.string(pending.lane);
      into.int(pending.due - this.now);
      into.string(pending.fate?.why ?? "");
      digestPayload(pending.payload, into);
    }
    return into.hash();
  }

  /** The interventions that fired, in order. */
  get firedScript(): readonly Intervention[] {
    return this.fired.view();
  }

  /** The run so far with everything that was done to it: it runs again without whoever did it. */
  recorded(): Run {
    return {...this.run, script: [...this.fired.view(), ...this.script.rest()]};
  }

  /** What was done so far, in order, without the first `known`. */
  firedFrom(known: number): readonly Intervention[] {
    return this.fired.view().slice(known);
  }

  // ---- for this room: places and names

  member(id: MemberId): Member {
    return present(this.members[id - 1], "member", id);
  }

  site(client: string): ClientSite {
    return present(this.sites[Number(client.slice(1)) - 1], "client", client);
  }

  placeOfMember(id: MemberId): Place {
    return id - 1;
  }

  placeOfClient(index: number): Place {
    return this.members.length + index;
  }

  linkLane(from: Place, to: Place): LaneIndex {
    return present(this.links[from * (this.members.length + this.sites.length) + to], "the lane of a link");
  }

  /** Whether messages between two members may overtake each other. */
  mayReorder(from: MemberId, to: MemberId): boolean {
    if (this.run.config.network.reorder) return true;
    return this.network.mayReorder(this.placeOfMember(from), this.placeOfMember(to));
  }

  get moment(): Moment {
    return {step: this.step, at: this.now};
  }

  // ---- for this room: what waits

  /** Puts an event into its lane; with `inOrder`, not before those that are in it. */
  put(
    laneIndex: LaneIndex,
    due: Micros,
    payload: Payload,
    inOrder = true,
    fate?: Waiting["fate"],
    cause = this.step,
  ): void {
    this.push(this.agenda.name(laneIndex, {due, cause, payload, fate}, inOrder));
  }

  /** Puts back one that was taken out, or another in its place. */
  push(event: Waiting): void {
    const target = targetOf(event.payload);
    const member = target === noMember ? undefined : this.members[target - 1];
    const client = target === noMember ? clientOf(event.payload) : undefined;
    const site = client === undefined ? undefined : this.site(client);
    if (member?.status === "paused") member.parked = [...member.parked, event];
    else if (site?.paused === true) site.parked = [...site.parked, event];
    else this.agenda.queue.push(event);
  }

  /** Takes out one that waits, wherever it does. */
  remove(event: Waiting): void {
    if (this.agenda.queue.remove(event)) return;
    this.agenda.held = this.agenda.held.filter((one) => one !== event);
    for (const holder of [...this.members, ...this.sites])
      holder.parked = holder.parked.filter((one) => one !== event);
  }

  /** Finds a message that waits, by its name. */
  findMessage(lane: Lane, ordinal: number): Waiting | undefined {
    const index = this.lanes.find(lane);
    const match = (event: Waiting): boolean => event.laneIndex === index && event.ordinal === ordinal;
    const {parked} = this;
    return this.agenda.queue.all().find(match) ?? this.agenda.held.find(match) ?? parked.find(match);
  }

  /** What is on its way over links that carry no more is lost; what has arrived already, at a process that is paused, is not. */
  loseBlocked(): void {
    this.replaceWaiting((event) => {
      if (event.fate !== undefined || event.due < this.now || !event.lane.includes("→")) return undefined;
      const [from = "", to = ""] = event.lane.split("→");
      return this.network.blocked(from, to) ? {...event, fate: {why: "cut", at: this.now}} : undefined;
    });
  }

  /** What is on its way on streams that were reset is lost, also what waits at a process that is paused. */
  loseReset(streams: ReadonlySet<StreamKey>): void {
    this.replaceWaiting((event) => {
      const {payload, fate} = event;
      if (fate !== undefined || !("stream" in payload) || payload.kind === "close") return undefined;
      const key = streamKey(this.site(payload.client).index, payload.stream);
      return streams.has(key) ? {...event, fate: {why: "reset", at: this.now}} : undefined;
    });
  }

  /** Nothing that a member's disk was asked for is done before a time; what is later stays, so order does. */
  postponeDisk(id: MemberId, time: Micros): void {
    const concerns = ({payload, due}: Waiting): boolean =>
      payload.kind === "diskDone" && payload.member === id && due < time;
    for (const event of this.agenda.queue.removeAll(concerns)) this.agenda.queue.push({...event, due: time});
    const member = this.member(id);
    member.parked = member.parked.map((event) => (concerns(event) ? {...event, due: time} : event));
  }

  /** Notes what the event under way changed. */
  note(change: Change): void {
    this.changes.push(change);
  }

  /** Puts others in the place of some that wait, also at processes that are paused; what is held by hand stays. */
  private replaceWaiting(by: (event: Waiting) => Waiting | undefined): void {
    this.agenda.queue.replace(by);
    for (const holder of [...this.members, ...this.sites])
      holder.parked = holder.parked.map((event) => by(event) ?? event);
  }

  /** What waits for processes that are paused. */
  private get parked(): readonly Waiting[] {
    return [...this.members, ...this.sites].flatMap((holder) => holder.parked);
  }

  // ---- taking

  private nextWaiting(): Waiting | undefined {
    for (;;) {
      const due = this.nextTimed();
      const fires = this.script.next(due?.due);
      if (fires === undefined) return due;
      const why = inapplicable(this, fires.item.do);
      if (why === undefined) return this.scripted(fires.item, fires.byTime);
      this.script.remove(fires.item);
      this.skip(fires.item, why);
    }
  }

  /** The least of the queue and of the wakes that members and clients want. */
  private nextTimed(): Waiting | undefined {
    let best = this.agenda.queue.peek();
    for (const {status, timer} of this.members) {
      if (timer !== undefined && status === "up" && (best === undefined || earlier(timer, best)))
        best = timer;
    }
    for (const {timer, paused} of this.sites)
      if (timer !== undefined && !paused && (best === undefined || earlier(timer, best))) best = timer;
    return best;
  }

  private timers(enabledOnly: boolean): Waiting[] {
    const found: Waiting[] = [];
    for (const {status, timer} of this.members)
      if (timer !== undefined && (!enabledOnly || status === "up")) found.push(timer);
    for (const {timer, paused} of this.sites)
      if (timer !== undefined && (!enabledOnly || !paused)) found.push(timer);
    return found;
  }

  private scripted(item: Intervention, byTime: boolean): Scripted {
    const due = byTime ? Math.max(this.now, item.when.at) : this.now;
    const payload = {kind: "script", action: item.do, ...telling(item)} as const;
    const lane = scriptLane(item.do);
    return {
      lane,
      laneIndex: this.lanes.index(lane),
      ordinal: item.id,
      due,
      seq: 0,
      cause: 0,
      payload,
      item,
      byTime,
    };
  }

  /** Takes the event out of where it waits. */
  private withdraw(pending: Pending): Waiting {
    const {payload} = pending;
    if (payload.kind === "script") return pending as Scripted;
    const holder =
      payload.kind === "wake"
        ? this.member(payload.member)
        : payload.kind === "clientWake"
          ? this.site(payload.client)
          : undefined;
    if (holder !== undefined) {
      const {timer} = holder;
      if (timer?.ordinal !== pending.ordinal)
        assert(false, `wake ${pending.lane}#${pending.ordinal} is not the one that waits`);
      holder.timer = undefined;
      this.agenda.woke(timer);
      return timer;
    }
    if (this.agenda.queue.remove(pending as Waiting)) return pending as Waiting;
    const same = this.agenda.queue
      .all()
      .find(({lane, ordinal}) => lane === pending.lane && ordinal === pending.ordinal);
    assert(same !== undefined, `event ${pending.lane}#${pending.ordinal} is not among those that wait`);
    this.agenda.queue.remove(same);
    return same;
  }

  private begin({laneIndex, ordinal, due}: Waiting): void {
    this.now = Math.max(this.now, due);
    this.step++;
    this.touched = undefined;
    this.changes = [];
    const {hashA, hashB} = this.lanes.row(laneIndex);
    const {chain} = this;
    chain.word(hashA);
    chain.word(hashB);
    chain.int(ordinal);
    chain.int(this.now);
  }

  private intervene(event: Scripted): void {
    const {item, byTime} = event;
    this.script.remove(item);
    this.fired.push(item);
    if (byTime || this.anchor === undefined) this.anchor = event;
    act(this, item.do);
  }

  private end(event: Waiting): TakenEvent {
    if (this.step % digestEvery === 0) for (const member of this.members) member.digestBriefly(this.chain);
    this.script.taken(event.laneIndex, event.ordinal);
    if (event.payload.kind !== "script") this.anchor = this.unscripted = event;
    const {step, now: at} = this;
    const changes = this.changes.length === 0 ? noChanges : this.changes;
    this.last = new TakenEvent(event, {step, at, changes}, this.chain.lanes());
    return this.last;
  }

  private skip(intervention: Intervention, why: Inapplicable): void {
    this.skipped = [...this.skipped, {intervention, step: this.step, why}];
  }
}

/** What decides nothing. */
function telling({step, let: bound}: Pick<Cue, "step" | "let">): Pick<Cue, "step" | "let"> {
  return {...(step === undefined ? {} : {step}), ...(bound === undefined ? {} : {let: bound})};
}

/** They are few: looking at all of them is faster than keeping a set. */
function hasLane(events: readonly Waiting[], lane: LaneIndex): boolean {
  for (const {laneIndex} of events) if (laneIndex === lane) return true;
  return false;
}

function byOrder(events: Waiting[]): Waiting[] {
  return events.sort((a, b) => a.due - b.due || a.seq - b.seq);
}
