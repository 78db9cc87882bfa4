// Which behaviours (behaviours.ts) a run reached, and how often: looks on, and decides nothing. Of a run a bit of each is kept, of
// many runs in how many of them it was reached.

import {present} from "../../core/base/assert.ts";
import type {NotesOutlet, RaftNote} from "../../core/raft/notes.ts";
import {pointsOf} from "../../core/server/io.ts";
import type {Actor} from "../../core/server/io.ts";
import type {PeerMessage} from "../../core/server/peer.ts";
import type {EventRecord, Payload} from "../event.ts";
import type {Config} from "../run.ts";
import {serversOf} from "../run.ts";
import type {WorldView} from "../view.ts";
import {behaviours, effects, places, roles} from "./behaviours.ts";
import type {Places} from "./behaviours.ts";

/** A bit per behaviour, four in each hexadecimal digit, the first behaviour's lowest in the first. */
export type Reached = string;

const [taken, refused, ignored] = [0, 1, 2];
const boot = roles.indexOf("follower");

/** Of one run. Told of each event after it happened, of each note as it is made, and of the history at the end. */
export class Coverage implements NotesOutlet {
  /** By place. */
  readonly counts = new Uint32Array(behaviours.length);
  /** Messages of which the catalogue says that they cannot be. */
  readonly unforeseen = new Set<string>();
  /** As a place in `roles`; member n stands at n−1. */
  private readonly role: Uint8Array;
  private readonly pauseOf: ReadonlyMap<Actor, number>;
  /** What became of a message of which kind, as notes told since the last event. */
  private effect = taken;
  private about: PeerMessage["kind"] | undefined;

  constructor(config: Config) {
    this.role = new Uint8Array(serversOf(config)).fill(boot);
    this.pauseOf = pausesOf(config);
  }

  note(note: RaftNote): void {
    const way = wayOf(note);
    const place = places.note.get(note.kind)?.get(way);
    if (place !== undefined) this.count(place);
    switch (note.kind) {
      case "booted":
        this.role[note.member - 1] = boot;
        return;
      case "messageDropped":
        return this.told(note.message.kind, ignored);
      case "voteCast":
        return this.told(note.message.kind, note.granted ? taken : refused);
      case "voteLeased":
      case "appendRefused":
        return this.told(note.message.kind, refused);
      case "snapshotIgnored":
        return this.told("InstallSnapshot", refused);
      case "proposalDropped":
        return this.told("Propose", refused);
      case "readDropped":
        return this.told("ReadIndex", refused);
      default:
    }
  }

  /** `view`: the world after it. */
  onEvent({payload, changes}: EventRecord, view: WorldView): void {
    let isLost = false;
    for (const change of changes) {
      if (change.kind === "lost") {
        isLost = true;
        this.countIn(places.lost, change.why);
      } else if (change.kind === "fault") {
        const {action} = change;
        if (action.kind === "disk") this.countIn(places.diskFault, action.fault.kind);
        else this.countIn(places.fault, action.kind);
      }
    }
    if (payload.kind === "message" && !isLost) this.heard(payload, view);
    else if (payload.kind === "turn") this.turned(payload.actor);
    this.about = undefined;
    // After the message, which the role before it heard.
    for (const change of changes) if (change.kind === "role") this.became(change.member, change.role);
  }

  /** What came of the calls. */
  history({operations, recipes}: WorldView): void {
    for (const {request, outcome} of operations)
      if (outcome !== undefined) this.countIn(places.call.get(request.kind), outcome.kind);
    for (const {recipe, outcome} of recipes)
      if (outcome !== undefined) this.countIn(places.recipe.get(recipe.kind), outcome.kind);
  }

  reached(): Reached {
    let digits = "";
    for (let first = 0; first < this.counts.length; first += 4) {
      let digit = 0;
      for (let bit = 0; bit < 4; bit++) if ((this.counts[first + bit] ?? 0) > 0) digit |= 1 << bit;
      digits += digit.toString(16);
    }
    return digits;
  }

  private heard({to, message}: Extract<Payload, {kind: "message"}>, {members}: WorldView): void {
    // Who is paused hears it later.
    if (members[to - 1]?.status === "paused") return;
    const role = this.role[to - 1] ?? boot;
    // What a member says to itself in the same turn is told of likewise.
    const effect = this.about === message.kind ? this.effect : taken;
    const place = places.message.get(message.kind)?.[role * effects.length + effect] ?? -1;
    if (place >= 0) this.count(place);
    else this.unforeseen.add(`message/${message.kind}/${roles[role]}/${effects[effect]}`);
  }

  private told(about: PeerMessage["kind"], effect: number): void {
    this.about = about;
    this.effect = effect;
  }

  private turned(actor: Actor): void {
    this.countIn(places.turn, actor);
    const place = this.pauseOf.get(actor);
    if (place !== undefined) this.count(place);
  }

  private became(member: number, role: (typeof roles)[number]): void {
    const before = this.role[member - 1] ?? boot;
    const after = roles.indexOf(role);
    if (after === before) return;
    this.countIn(places.role, `${roles[before]}→${role}`);
    this.role[member - 1] = after;
  }

  private countIn(in_: Places | undefined, name: string): void {
    const place = in_?.get(name);
    if (place !== undefined) this.count(place);
  }

  private count(place: number): void {
    this.counts[place] = (this.counts[place] ?? 0) + 1;
  }
}

/** Which point an actor's turns come from, where it is sure: it pauses at one point only. */
function pausesOf({pausePoints}: Config): ReadonlyMap<Actor, number> {
  const found = new Map<Actor, number>();
  for (const [actor, itsPoints] of Object.entries(pointsOf)) {
    const [alone, ...more] = pausePoints.filter((point) => itsPoints.some((one) => one === point));
    if (alone !== undefined && more.length === 0)
      found.set(actor as Actor, present(places.pause.get(alone), "a place for every point"));
  }
  return found;
}

/** What tells a note from others of its kind; "": nothing. */
function wayOf(note: RaftNote): string {
  switch (note.kind) {
    case "campaignRefused":
    case "messageDropped":
    case "proposalDropped":
    case "snapshotNotSent":
    case "snapshotIgnored":
    case "changeIgnored":
    case "receiptObsolete":
      return note.why;
    case "transfer":
      return note.step;
    case "logCut":
      return note.how;
    default:
      return "";
  }
}

/** In how many runs each behaviour was reached, by place. */
export class Covered {
  readonly runs: Uint32Array;

  constructor(of: Iterable<Reached> = []) {
    this.runs = new Uint32Array(behaviours.length);
    for (const one of of) this.add(one);
  }

  add(reached: Reached): void {
    for (let digit = 0; digit < reached.length; digit++) {
      const bits = Number.parseInt(reached[digit] ?? "0", 16);
      for (let bit = 0; bit < 4; bit++) {
        const place = 4 * digit + bit;
        if ((bits & (1 << bit)) !== 0) this.runs[place] = (this.runs[place] ?? 0) + 1;
      }
    }
  }

  /** Names of what no run reached, in the catalogue's order. */
  never(): readonly string[] {
    return behaviours.filter((_, place) => this.runs[place] === 0);
  }

  /** What was reached, but by fewer runs than that: how many, by name. */
  rare(fewer: number): Readonly<Record<string, number>> {
    return Object.fromEntries(
      behaviours
        .map((name, place): [string, number] => [name, this.runs[place] ?? 0])
        .filter(([, runs]) => runs > 0 && runs < fewer),
    );
  }
}
