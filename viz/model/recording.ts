// What is worth showing of a branch's events, kept as they happen: which steps are interesting, where messages and new
// terms are, who led when, which faults were in force, which entry made which revision. Everything is in order of steps,
// so that every question is a binary search, whatever the length of the run.

import type {Micros} from "../../core/base/quantity.ts";
import {decodeCommand, type WriteRequest} from "../../core/server/command.ts";
import {contains, type Key} from "../../core/base/key.ts";
import type {RequestOp} from "../../core/mvcc/kv.ts";
import {isVoter} from "../../core/raft/confState.ts";
import type {Action} from "../../sim/action.ts";
import {trueRate} from "../../sim/clock.ts";
import {lasts} from "../../sim/disk/fault.ts";
import type {Violation} from "../../sim/check/checker.ts";
import type {Change, EventRecord} from "../../sim/event.ts";
import type {Operation} from "../../sim/history/operation.ts";
import type {WorldView} from "../../sim/view.ts";

/** A step and its time. */
export interface Mark {
  readonly step: number;
  readonly at: Micros;
}

/** From one mark to another; no end while it lasts. */
export interface Span<T> {
  readonly what: T;
  readonly from: Mark;
  to: Mark | undefined;
}

/**
 * Why a server changed its role, when it is not the usual: a candidate was told to campaign by its leader, or pre-votes
 * allow it; a leader stops because no quorum answers, or because it has no vote any more. Or it starts for the `first` time.
 */
export type Spur = "told" | "preVotes" | "noQuorum" | "removed" | "first";

/** The weightiest thing that an event did. */
export interface Notable extends Mark {
  readonly spur?: Spur;
  readonly what: Change | {readonly kind: "violated"; readonly violation: Violation};
}

export interface Fault {
  readonly action: Action;
  readonly event: string;
}

export interface Lead {
  readonly term: number;
  readonly member: number;
}

export class Recording {
  readonly notables: Notable[] = [];
  readonly messages: number[] = [];
  /** Steps at which a higher term than any before was seen. */
  readonly terms: number[] = [];
  readonly leads: Span<Lead>[] = [];
  readonly faults: Span<Fault>[] = [];
  readonly violations: {readonly violation: Violation; readonly at: Micros}[] = [];
  private readonly asked = new Map<string, {readonly step: number; readonly member: number}[]>();
  private last = 0;
  private termMax = 0;
  private readonly leading = new Set<number>();
  /** Who asks whether it could win. */
  private readonly asking = new Set<number>();
  private readonly entries: ({readonly index: number; readonly step: number} | undefined)[] = [];
  private readonly positions = new Map<string, number>();
  private scanned = 0;

  /** Steps taken in so far. */
  get step(): number {
    return this.last;
  }

  /** Takes in the next event. `view`: the branch at this event or later; undefined when it is only repeated. */
  after(record: EventRecord, view: WorldView | undefined): void {
    const {step, at} = record;
    this.last = step;
    const {kind} = record.payload;
    if (kind === "message" || kind === "request" || kind === "response") this.messages.push(step);
    if (record.payload.kind === "request") this.noteAsked(record.payload.client, record.payload.to, step);
    let weightiest: Change | undefined;
    for (const change of record.changes) {
      if (weightOf(change, this.leading) > weightOf(weightiest, this.leading)) weightiest = change;
    }
    const spur = this.spurOf(weightiest, record);
    for (const change of record.changes) this.note(change, record, view);
    if (weightiest !== undefined)
      this.notables.push({step, at, what: weightiest, ...(spur === undefined ? {} : {spur})});
  }

  /** A claim failed at an event that was taken in before. */
  violated(violation: Violation, at: Micros): void {
    this.violations.push({violation, at});
    const notable: Notable = {step: violation.step, at, what: {kind: "violated", violation}};
    const after = this.notables.findIndex(({step}) => step >= violation.step);
    if (after < 0) this.notables.push(notable);
    else {
      const there = this.notables[after];
      // Of several at once the first is told: the checks that say best what is wrong stand first.
      if (there?.step === violation.step && there.what.kind === "violated") return;
      this.notables.splice(after, there?.step === violation.step ? 1 : 0, notable);
    }
  }

  /** The log index of the entry that made a revision; undefined when it was not seen. */
  entryOf(revision: number): number | undefined {
    return this.entries[revision]?.index;
  }

  /** The step of the crash that a member is down from at `step`; undefined when it is not. */
  crashedSince(member: string, step: number): number | undefined {
    const crash = this.faults.findLast(
      ({what: {action}, from, to}) =>
        action.kind === "crash" &&
        action.member === member &&
        from.step <= step &&
        (to === undefined || to.step > step),
    );
    return crash?.from.step;
  }

  /** The member that got the client's newest request up to `step`; undefined when none did. */
  askedBy(client: string, step: number): number | undefined {
    const asked = this.asked.get(client) ?? [];
    return asked[lastAt(asked, step, (one) => one.step)]?.member;
  }

  /** The operation `op:c1#4` of the branch's operations. */
  operation(client: string, call: number, operations: readonly Operation[]): Operation | undefined {
    for (; this.scanned < operations.length; this.scanned++) {
      const operation = operations[this.scanned];
      if (operation !== undefined) this.positions.set(`${operation.client}#${operation.call}`, this.scanned);
    }
    return operations[this.positions.get(`${client}#${call}`) ?? -1];
  }

  /** The recording of a branch that shares the events up to and with `step`, which `record` gives again. */
  fork(step: number, record: (step: number) => EventRecord | undefined): Recording {
    const twin = new Recording();
    for (let i = 1; i <= step; i++) {
      const again = record(i);
      if (again !== undefined) twin.after(again, undefined);
    }
    for (const [revision, made] of this.entries.entries()) {
      if (made !== undefined && made.step <= step) twin.entries[revision] = made;
    }
    for (const {violation, at} of this.violations) if (violation.step <= step) twin.violated(violation, at);
    return twin;
  }

  private spurOf(change: Change | undefined, {payload, changes}: EventRecord): Spur | undefined {
    if (change?.kind === "fault" && change.action.kind === "restart") {
      const {member: name} = change.action;
      const crashed = this.faults.some(
        ({what: {action}}) => action.kind === "crash" && action.member === name,
      );
      return crashed ? undefined : "first";
    }
    if (change?.kind !== "role") return undefined;
    const {member, role} = change;
    if (role === "candidate") {
      if (payload.kind === "message" && payload.message.kind === "TimeoutNow") return "told";
      return this.asking.has(member) ? "preVotes" : undefined;
    }
    if (role !== "follower" || changes.some((one) => one.kind === "term" && one.member === member))
      return undefined;
    const left = changes.some(
      (one) => one.kind === "configuration" && one.member === member && !isVoter(one.confState, member),
    );
    return left ? "removed" : "noQuorum";
  }

  private note(change: Change, record: EventRecord, view: WorldView | undefined): void {
    switch (change.kind) {
      case "term":
        return this.noteTerm(change.term, record.step);
      case "role":
        this.noteTerm(change.term, record.step);
        return this.noteRole(change.member, change.role, change.term, record);
      case "fault":
        return this.noteFault(change.action, record);
      case "died":
        this.ceased(change.member, record);
        this.disarm(`n${change.member}`, record);
        return this.open({kind: "crash", member: `n${change.member}`}, record);
      case "revision":
        return this.noteRevision(change.member, change.revision, record, view);
      default:
        return;
    }
  }

  /** Only changes of the member are kept. */
  private noteAsked(client: string, member: number, step: number): void {
    const asked = this.asked.get(client) ?? [];
    if (asked.length === 0) this.asked.set(client, asked);
    if (asked.at(-1)?.member !== member) asked.push({step, member});
  }

  private noteTerm(term: number, step: number): void {
    if (term <= this.termMax) return;
    this.termMax = term;
    if (this.terms.at(-1) !== step) this.terms.push(step);
  }

  private noteRole(member: number, role: string, term: number, record: EventRecord): void {
    if (role === "preCandidate") this.asking.add(member);
    else this.asking.delete(member);
    if (role !== "leader") return this.ceased(member, record);
    this.leading.add(member);
    // The lane shows the leader of the highest term: an older one, which may not know better, ends there.
    for (const lead of this.leads)
      if (lead.to === undefined && lead.what.term < term) lead.to = markOf(record);
    this.leads.push({what: {term, member}, from: markOf(record), to: undefined});
  }

  private ceased(member: number, record: EventRecord): void {
    this.leading.delete(member);
    for (const lead of this.leads)
      if (lead.to === undefined && lead.what.member === member) lead.to = markOf(record);
  }

  private noteFault(action: Action, record: EventRecord): void {
    switch (action.kind) {
      case "split":
        this.close(record, ({kind}) => kind === "split");
        return this.open(action, record);
      case "heal":
        return this.heal(action.link, record);
      case "link":
        // The newest of what was set stands for all of it.
        this.close(record, (open) => open.kind === "link" && isSameWay(open, action));
        if ("set" in action) this.open(action, record);
        return;
      case "connection":
        if (action.do === "accept") {
          const {client, member} = action;
          return this.close(
            record,
            (open) => open.kind === "connection" && open.client === client && open.member === member,
          );
        }
        this.open(action, record);
        return action.do === "reset" ? this.close(record, (open) => open === action) : undefined;
      case "slow": {
        const {member, actor, factor} = action;
        this.close(record, (open) => open.kind === "slow" && open.member === member && open.actor === actor);
        return factor === 1 ? undefined : this.open(action, record);
      }
      case "crash":
        this.ceased(Number(action.member.slice(1)), record);
        this.closeDisk(action.member, record, "untilCrash");
        this.disarm(action.member, record);
        return this.open(action, record);
      case "restart":
        this.closeDisk(action.member, record, "untilCrash");
        return this.close(record, (open) => open.kind === "crash" && open.member === action.member);
      case "resume":
        return this.close(record, (open) => open.kind === "pause" && open.member === action.member);
      case "resumeClient":
        return this.close(record, (open) => open.kind === "pauseClient" && open.client === action.client);
      case "clock":
        this.close(record, (open) => open.kind === "clock" && open.who === action.who);
        if (action.rate !== trueRate) this.open(action, record);
        return;
      case "loss":
        this.close(record, ({kind}) => kind === "loss");
        if (action.perMillion > 0) this.open(action, record);
        return;
      case "cut":
      case "pause":
      case "pauseClient":
      case "crashAt":
      case "crashAtDisk":
        return this.open(action, record);
      case "disk":
        return this.noteDisk(action, record);
      case "client":
      case "mark":
        return;
      default:
        // What happens at one moment: a timeout forced, a message taken, a draw pinned.
        this.open(action, record);
        return this.close(record, (open) => open === action);
    }
  }

  /** What lasts stays open until it is mended; what waits for a crash, until then. */
  private noteDisk(action: Extract<Action, {kind: "disk"}>, record: EventRecord): void {
    const {member, fault} = action;
    if (fault.kind === "mend") return this.closeDisk(member, record);
    this.open(action, record);
    if (lasts[fault.kind] === "once") this.close(record, (open) => open === action);
  }

  private closeDisk(member: string, record: EventRecord, which?: "untilCrash"): void {
    this.close(
      record,
      (open) =>
        open.kind === "disk" &&
        open.member === member &&
        (which === undefined || lasts[open.fault.kind] === which),
    );
  }

  /** A crash of any kind leaves none armed. */
  private disarm(member: string, record: EventRecord): void {
    this.close(
      record,
      (open) => (open.kind === "crashAt" || open.kind === "crashAtDisk") && open.member === member,
    );
  }

  private heal(link: readonly [string, string] | undefined, record: EventRecord): void {
    if (link === undefined) return this.close(record, ({kind}) => kind === "split" || kind === "cut");
    this.close(record, (open) => open.kind === "cut" && link.includes(open.from) && link.includes(open.to));
  }

  private open(action: Action, record: EventRecord): void {
    this.faults.push({what: {action, event: record.id}, from: markOf(record), to: undefined});
  }

  private close(record: EventRecord, which: (action: Action) => boolean): void {
    for (const fault of this.faults)
      if (fault.to === undefined && which(fault.what.action)) fault.to = markOf(record);
  }

  /** Which of the entries just applied made which of the new revisions. Members agree, so the first to tell is enough. */
  private noteRevision(
    member: number,
    revision: number,
    record: EventRecord,
    view: WorldView | undefined,
  ): void {
    const server = view?.members[member - 1]?.server;
    const applied = record.changes.find((change) => change.kind === "apply" && change.member === member);
    if (server === undefined || applied?.kind !== "apply" || this.entries[revision] !== undefined) return;
    let next = revision;
    // Backwards, since the last revision is known and the first may have been told before.
    for (
      let index = applied.to;
      index >= applied.from && next > 1 && this.entries[next] === undefined;
      index--
    ) {
      const entry = server.raft.entryAt(index);
      const command = entry?.type === "normal" ? decodeCommand(entry.data) : undefined;
      const key = server.store.versionAt(next, 0)?.kv.key;
      if (command === undefined || key === undefined || !mayTouch(command.request, key)) continue;
      this.entries[next--] = {index, step: record.step};
    }
  }
}

/** Whether what was set of a link first is set anew: there, and back if it is meant too. */
function isSameWay(old: LinkAction, again: LinkAction): boolean {
  if (old.from === again.from && old.to === again.to) return again.oneWay !== true || old.oneWay === true;
  return old.from === again.to && old.to === again.from && again.oneWay !== true;
}

type LinkAction = Extract<Action, {readonly kind: "link"}>;

/** The last of an ascending list that is at most `step`; −1 for none. Binary search. */
export function lastAt<T>(list: readonly T[], step: number, stepOf: (item: T) => number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const item = list[middle];
    if (item !== undefined && stepOf(item) <= step) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function markOf({step, at}: EventRecord): Mark {
  return {step, at};
}

/** 0: not interesting. Of several things that one event did, the weightiest is told. */
function weightOf(change: Change | undefined, leading: ReadonlySet<number>): number {
  switch (change?.kind) {
    case "died":
      return 9;
    case "fault":
      return change.action.kind === "client" || change.action.kind === "mark" ? 0 : 8;
    case "role":
      if (change.role === "leader") return 7;
      if (change.role === "candidate" || change.role === "preCandidate") return 5;
      return leading.has(change.member) ? 6 : 0;
    case "transfer":
      if (change.to !== 0) return 6;
      return leading.has(change.member) ? 4 : 0;
    case "snapshot":
      if (change.received) return 6;
      return leading.has(change.member) ? 1 : 0;
    case "configuration":
      // Each member changes over; the leader's is told, as of commits.
      return leading.has(change.member) ? 5 : 0;
    case "log":
      return change.truncated ? 5 : 0;
    case "commit":
      return leading.has(change.member) ? 3 : 0;
    case "settled":
      return 4;
    case "watched":
      return change.response.result.kind === "watch" && saysSomething(change.response.result) ? 2 : 0;
    case "told":
      return 2;
    case "finished":
      return 4;
    case "invoked":
      return 1;
    default:
      return 0;
  }
}

function saysSomething(result: {readonly canceled?: boolean; readonly events: readonly unknown[]}): boolean {
  return result.canceled === true || result.events.length > 0;
}

function mayTouch(request: RequestOp | WriteRequest, key: Key): boolean {
  switch (request.kind) {
    case "put":
      return request.key === key;
    case "deleteRange":
      return contains({from: request.key, to: request.rangeEnd ?? ""}, key);
    case "txn":
      return [...request.success, ...request.failure].some((op) => mayTouch(op, key));
    default:
      return false;
  }
}
