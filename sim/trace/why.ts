// "Why?", answered from the record (law 9). Every event names the event that caused it; some changes have causes that
// this one name cannot hold, and they are found in the record:
//
//   a commit       ◀── the acknowledgements of its quorum (no learner's), and the leader's own sync
//   an apply       ◀── the commit of that entry on that member; so too a change of membership
//   a snapshot     ◀── the commit of the last entry that it stands for, on its sender
//   a store of it  ◀── the snapshot that was received
//   a TimeoutNow   ◀── the beginning of the transfer
//   a crash that was armed ◀── its arming (of several that may have struck, each)
//   an answer      ◀── the apply that made it;   a watch's response ◀── the revision that it tells of
//
// Walking these backwards gives the causes of a thing, forwards its effects: from a client's put to the watcher that saw
// it, and back.

import type {MemberId} from "../../core/base/quantity.ts";
import {noMember} from "../../core/base/quantity.ts";
import type {Ref} from "../../core/base/ref.ts";
import type {Action} from "../action.ts";
import type {Change, EventRecord} from "../event.ts";

/** What became of the question. Each list in order of steps. */
export interface Why {
  /** The events that made the thing. Empty: nothing on record did. */
  readonly of: readonly EventRecord[];
  /** What had to happen for that; the last one is the nearest. */
  readonly causes: readonly EventRecord[];
  /** What came of it. */
  readonly effects: readonly EventRecord[];
}

/** Operations by their `as`, for `op:#name` and `watch:#name`. */
export type Names = (as: string) => {readonly client: string; readonly call: number} | undefined;

/** Longest list of causes or effects; those nearest to the thing are kept. */
const listMax = 400;

/**
 * Causes and effects of what `ref` names, as of the records given: `event:n1→n3#17`, `msg:n1→n3#17`, `n1→n3#17`,
 * `entry:n1/6`, `rev:6.0`, `op:c1#4`, `op:#name`, `watch:c1#7`, `n2`, `c1`. Records hold all steps from 1; `learners` are
 * those that the cluster began with.
 */
export function why(
  records: readonly EventRecord[],
  ref: Ref,
  names: Names = () => undefined,
  learners: readonly MemberId[] = [],
): Why {
  const of = makersOf(records, ref, names);
  const links = new Links(records, learners);
  const starts = of.map(({step}) => step);
  const pick = (steps: readonly number[]): EventRecord[] =>
    steps.filter((step) => !starts.includes(step)).flatMap((step) => records[step - 1] ?? []);
  return {of, causes: pick(links.back(starts)), effects: pick(links.forth(starts))};
}

/** The events that made a thing: for an entry its writing, for an operation its question and its answer … */
export function makersOf(records: readonly EventRecord[], ref: Ref, names: Names): readonly EventRecord[] {
  const colon = ref.indexOf(":");
  const kind = colon < 0 ? "" : ref.slice(0, colon);
  const rest = ref.slice(colon + 1);
  switch (kind) {
    case "event":
    case "msg":
      return records.filter((record) => record.id === rest);
    case "entry": {
      const [member = "", index = ""] = rest.split("/");
      const at = Number(index);
      const wrote = (change: Change): boolean => {
        if (change.kind === "log")
          return `n${change.member}` === member && change.from <= at && at <= change.to;
        // Where a snapshot came in its place, that made it.
        if (change.kind !== "snapshot" || !change.received) return false;
        return `n${change.member}` === member && 1 <= at && at <= change.index;
      };
      return lastWith(records, wrote);
    }
    case "rev": {
      const main = Number(rest.split(".")[0]);
      return firstWith(records, (change) => change.kind === "revision" && change.revision >= main);
    }
    case "op":
    case "watch": {
      const call = rest.startsWith("#") ? names(rest.slice(1)) : callOf(rest);
      return call === undefined
        ? []
        : records.filter(({changes}) => changes.some((change) => isOf(change, call)));
    }
    default:
      return kind === "" ? byPlainName(records, rest) : [];
  }
}

/** What happens to a member's process. */
const processDeeds: readonly Action["kind"][] = ["crash", "restart", "pause", "resume"];

/** An event's bare name; or a member or client, whose last change it is then. */
function byPlainName(records: readonly EventRecord[], name: string): readonly EventRecord[] {
  if (name.includes("#")) return records.filter((record) => record.id === name);
  return lastWith(records, (change) => {
    if (change.kind === "fault") {
      const {action} = change;
      return processDeeds.includes(action.kind) && "member" in action && action.member === name;
    }
    return (
      ("member" in change && `n${change.member}` === name) || ("client" in change && change.client === name)
    );
  });
}

function callOf(rest: string): {readonly client: string; readonly call: number} | undefined {
  const [client, call] = rest.split("#");
  return client === undefined || call === undefined ? undefined : {client, call: Number(call)};
}

function isOf(change: Change, {client, call}: {readonly client: string; readonly call: number}): boolean {
  const speaks =
    change.kind === "invoked" ||
    change.kind === "settled" ||
    change.kind === "watched" ||
    change.kind === "told" ||
    change.kind === "finished";
  return speaks && change.client === client && change.call === call;
}

function firstWith(
  records: readonly EventRecord[],
  match: (change: Change) => boolean,
): readonly EventRecord[] {
  const found = records.find(({changes}) => changes.some(match));
  return found === undefined ? [] : [found];
}

function lastWith(
  records: readonly EventRecord[],
  match: (change: Change) => boolean,
): readonly EventRecord[] {
  const found = records.findLast(({changes}) => changes.some(match));
  return found === undefined ? [] : [found];
}

/** Who acknowledged how much to whom. */
interface Acknowledged {
  readonly step: number;
  readonly from: MemberId;
  readonly index: number;
}

interface Armed {
  readonly step: number;
  readonly action: Extract<Action, {kind: "crashAt" | "crashAtDisk"}>;
}

/** The steps that each step follows from, and the other way round. */
class Links {
  private readonly causes: (readonly number[])[] = [];
  private readonly effects = new Map<number, number[]>();

  constructor(records: readonly EventRecord[], learners: readonly MemberId[]) {
    const reader = new LinkReader(learners);
    for (const record of records) {
      const causes = reader.causesOf(record);
      this.causes[record.step] = causes;
      for (const cause of causes) {
        const known = this.effects.get(cause);
        if (known === undefined) this.effects.set(cause, [record.step]);
        else known.push(record.step);
      }
    }
  }

  /** All that the steps follow from, ascending. */
  back(from: readonly number[]): readonly number[] {
    return walk(from, (step) => this.causes[step] ?? []);
  }

  /** All that follows from the steps, ascending. */
  forth(from: readonly number[]): readonly number[] {
    return walk(from, (step) => this.effects.get(step) ?? []);
  }
}

/** Reads records in order and tells each one's causes. Remembers per member what later causes refer to. */
class LinkReader {
  /** By member: the step at which it acknowledged to itself (its last sync), and what others acknowledged to it. */
  private readonly syncs = new Map<MemberId, number>();
  private readonly acknowledged = new Map<MemberId, Acknowledged[]>();
  /** By member and index, resp. member and revision. */
  private readonly commits = new Map<string, number>();
  private readonly revisions = new Map<string, number>();
  /** By member: who its configuration says are learners, and the steps at which it took a snapshot, began to hand over. */
  private readonly learners = new Map<MemberId, readonly MemberId[]>();
  private readonly installs = new Map<MemberId, number>();
  private readonly transfers = new Map<MemberId, number>();
  /** By member's name: crashes that wait for their moment. */
  private readonly armed = new Map<string, readonly Armed[]>();
  private readonly learnersAtFirst: readonly MemberId[];

  constructor(learners: readonly MemberId[]) {
    this.learnersAtFirst = learners;
  }

  causesOf(record: EventRecord): readonly number[] {
    const causes = new Set<number>();
    if (record.cause > 0) causes.add(record.cause);
    this.note(record);
    for (const change of record.changes)
      for (const step of this.causesOfChange(change, record)) causes.add(step);
    if (record.payload.kind === "response") for (const step of this.revisionsIn(record)) causes.add(step);
    for (const step of this.handedOver(record)) causes.add(step);
    this.noteConfigurations(record);
    causes.delete(record.step);
    return [...causes];
  }

  private note({payload, step}: EventRecord): void {
    if (payload.kind === "diskDone") this.syncs.set(payload.member, step);
    if (
      payload.kind !== "message" ||
      payload.message.kind !== "AppendEntriesResponse" ||
      !payload.message.success
    )
      return;
    const {from, to, message} = payload;
    const others = (this.acknowledged.get(to) ?? []).filter((one) => one.from !== from);
    this.acknowledged.set(to, [...others, {step, from, index: message.index}]);
  }

  private causesOfChange(change: Change, {payload, step}: EventRecord): readonly number[] {
    switch (change.kind) {
      case "commit": {
        for (let index = change.from; index <= change.to; index++)
          this.commits.set(`${change.member}/${index}`, step);
        // A follower commits because its leader says so: the message itself. A leader counts.
        const counts =
          payload.kind === "diskDone" ||
          (payload.kind === "message" && payload.message.kind === "AppendEntriesResponse");
        if (!counts) return [];
        const mute = this.learners.get(change.member) ?? this.learnersAtFirst;
        const quorum = (this.acknowledged.get(change.member) ?? []).filter(
          ({from, index}) => index >= change.to && !mute.includes(from),
        );
        const own = this.syncs.get(change.member);
        return [...quorum.map((one) => one.step), ...(own === undefined ? [] : [own])];
      }
      case "apply":
        return this.commitsOf(change.member, change.from, change.to);
      case "revision":
        this.revisions.set(`${change.member}/${change.revision}`, step);
        return [];
      case "snapshot":
        if (!change.received || payload.kind !== "message") return [];
        this.installs.set(change.member, step);
        return this.commitsOf(payload.from, change.index, change.index);
      case "fault":
        return this.armedFor(change.action, payload, step);
      case "died":
        this.armed.delete(`n${change.member}`);
        return [];
      case "transfer":
        if (change.to !== noMember) this.transfers.set(change.member, step);
        return [];
      default:
        return [];
    }
  }

  /** Of a crash that no hand made: what was armed for such a moment. A crash of any kind disarms all. */
  private armedFor(action: Action, payload: EventRecord["payload"], step: number): readonly number[] {
    if (action.kind === "crashAt" || action.kind === "crashAtDisk") {
      this.armed.set(action.member, [...(this.armed.get(action.member) ?? []), {step, action}]);
      return [];
    }
    if (action.kind !== "crash") return [];
    const armed = this.armed.get(action.member) ?? [];
    this.armed.delete(action.member);
    if (payload.kind === "script" && payload.action.kind === "crash") return [];
    const mayStrike = ({action: {kind, ...how}}: Armed): boolean => {
      if (payload.kind !== "diskDone") return kind === "crashAt";
      return kind === "crashAt" || !("what" in how) || how.what === payload.what;
    };
    return armed.filter(mayStrike).map((one) => one.step);
  }

  /** Of a store that changed without an entry: the snapshot that it came with. Of a call to campaign at once: the transfer. */
  private handedOver({payload, changes}: EventRecord): readonly number[] {
    const found: (number | undefined)[] = [];
    if (payload.kind === "message" && payload.message.kind === "TimeoutNow") {
      found.push(this.transfers.get(payload.from));
    }
    if (payload.kind === "diskDone" && !changes.some(({kind}) => kind === "apply")) {
      const isStore = changes.some(({kind}) => kind === "revision" || kind === "compact");
      if (isStore) found.push(this.installs.get(payload.member));
    }
    return found.filter((step) => step !== undefined);
  }

  /** From the next event on: what is decided in this one is decided by the configuration before. */
  private noteConfigurations({changes}: EventRecord): void {
    for (const change of changes) {
      if (change.kind === "configuration") this.learners.set(change.member, change.confState.learners);
    }
  }

  private commitsOf(member: MemberId, from: number, to: number): readonly number[] {
    const steps: number[] = [];
    for (let index = from; index <= to; index++) {
      const step = this.commits.get(`${member}/${index}`);
      if (step !== undefined && !steps.includes(step)) steps.push(step);
    }
    return steps;
  }

  /** A watch's response follows from the revisions that it tells of, as its member made them. */
  private revisionsIn({payload}: EventRecord): readonly number[] {
    if (payload.kind !== "response" || payload.response.result.kind !== "watch") return [];
    const steps: number[] = [];
    for (const {kv} of payload.response.result.events) {
      const step = this.revisions.get(`${payload.from}/${kv.modRevision}`);
      if (step !== undefined && !steps.includes(step)) steps.push(step);
    }
    return steps;
  }
}

/** Breadth first, so that what is nearest is kept when there is too much; then by step. */
function walk(from: readonly number[], next: (step: number) => readonly number[]): readonly number[] {
  const seen = new Set(from);
  let edge = from;
  while (edge.length > 0 && seen.size < listMax + from.length) {
    const further: number[] = [];
    for (const step of edge) {
      for (const one of next(step)) {
        if (seen.has(one) || seen.size >= listMax + from.length) continue;
        seen.add(one);
        further.push(one);
      }
    }
    edge = further;
  }
  return [...seen].sort((a, b) => a - b);
}
