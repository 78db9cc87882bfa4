// The changes of a store in the order in which they were made, and the states between them. Two things tell the order: the
// revisions that clients were answered, and the log.
//
//   revisions   each change made the one that its answer names: no two the same, none left out
//   the log     its entries, each done to the state before it; also what nobody was answered, or asked for
//
// While it is drawn, every change must be answered what it comes to, and who saw a revision what the store is at it.

import {contains, keyOfBytes, rangeOf} from "../../core/base/key.ts";
import type {KeyRange} from "../../core/base/key.ts";
import {decodeCommand, encodeRequest, isKvWrite} from "../../core/server/command.ts";
import type {KvWriteRequest} from "../../core/server/command.ts";
import type {KeyValue, RequestOp} from "../../core/mvcc/kv.ts";
import type {AppliedEntry} from "../history/appliedLog.ts";
import {sameAnswer} from "./answers.ts";
import {sameBytes} from "./entries.ts";
import {isUpkeep} from "./judged.ts";
import type {Judged} from "./judged.ts";
import {freshKvState, kvStep} from "./kvModel.ts";
import type {KvRequest, KvState, KvStep} from "./kvModel.ts";
import {roles} from "./table.ts";
import type {Table} from "./table.ts";

export interface Line {
  /** By state, from the fresh store on: the number of the operation that led to it; −1: none did. */
  readonly makers: readonly number[];
  /** By revision: the number of its first state. */
  readonly firsts: readonly number[];
  /** Kept only where they are asked for. */
  readonly states: readonly KvState[] | undefined;
  /** The revision of the last. */
  readonly revision: number;
  /** Whether nothing happened to the store besides. */
  readonly isWhole: boolean;
  /** Of the model, to draw it. */
  readonly steps: number;
}

/** What no order explains. */
export interface Breach {
  /**
   * time: it shows less than one that had returned before it was asked; state: it was not answered what that one left;
   * revision: both made the same; gap: nobody made what lies between them.
   */
  readonly why: "time" | "state" | "revision" | "gap";
  /** Two operations, the one to blame last; one alone, if what it contradicts nobody asked for. */
  readonly witness: readonly [Judged, Judged] | readonly [Judged];
  readonly steps: number;
}

/**
 * As far as every revision was made by an operation of the table, all of known outcome; `isWhole`: nothing else can have changed
 * the store. A breach holds whatever else happened.
 */
export function lineByRevisions(table: Table, isWhole: boolean): Line | Breach {
  const makers = makersIn(table);
  if ("why" in makers) return makers;
  const leases = isWhole ? freshKvState.leases : undefined;
  return drawnOn(table, {leases, bound: makers.length}, (drawing) => {
    for (let revision = 2; ; revision++) {
      const maker = makers[revision] ?? -1;
      const op = table.at(maker);
      if (op === undefined) return drawing.line(isWhole);
      const breach = drawing.add(kvStep(drawing.state, op.request), maker);
      if (breach !== undefined) return breach;
    }
  });
}

/** By revision: who made it; −1: nobody says so. None above their number: there is a gap below it. */
function makersIn({ops, roles: roleOf, revisions}: Table): Int32Array | Breach {
  const makers = new Int32Array(ops.length + 2).fill(-1);
  for (let i = 0; i < ops.length; i++) {
    const revision = revisions[i] ?? 0;
    if (roleOf[i] !== roles.change || !(revision < makers.length)) continue;
    const other = ops[makers[revision] ?? -1];
    if (other !== undefined) return {why: "revision", witness: [other, ops[i] as Judged], steps: 0};
    makers[revision] = i;
  }
  return makers;
}

/** Which operation of a client an entry of upkeep is. */
export type Told = ReadonlyMap<AppliedEntry, number>;

/** As the log has it; undefined where the log and the answers do not fit together. A breach holds given the log. */
export function lineByLog(table: Table, log: readonly AppliedEntry[], told: Told): Line | Breach | undefined {
  const bound = table.ops.length + log.length + 2;
  return drawnOn(table, {leases: freshKvState.leases, bound}, (drawing) => {
    const reading = new LogReading(table, told, drawing);
    for (const entry of log) {
      const breach = reading.take(entry);
      if (breach !== undefined) return breach === "misfit" ? undefined : breach;
    }
    return reading.line();
  });
}

interface Start {
  readonly leases: KvState["leases"];
  /** Above every revision that can be come to. */
  readonly bound: number;
}

/** Draws; and keeps the states where they must be looked at: by whoever may have a place at many, or to say who changed what. */
function drawnOn<Drawn extends Line | Breach | undefined>(
  table: Table,
  {leases, bound}: Start,
  draw: (drawing: Drawing) => Drawn,
): Drawn | Breach {
  const drawn = (keepsPast: boolean): Drawn | Breach => {
    const drawing = new Drawing(table, {...freshKvState, leases, keepsPast}, bound);
    return drawing.seen() ?? draw(drawing);
  };
  const isAsked = table.has(roles.past) || table.has(roles.refusal);
  const first = drawn(isAsked);
  return isAsked || first === undefined || !("why" in first) ? first : drawn(true);
}

class Drawing {
  state: KvState;
  private readonly table: Table;
  private readonly makers: number[] = [];
  private readonly firsts: number[] = [];
  private readonly states: KvState[] | undefined;
  /** By revision: one who saw it; and by operation the next. */
  private readonly heads: Int32Array;
  private readonly nexts: Int32Array;
  private steps = 0;

  constructor(table: Table, first: KvState, bound: number) {
    this.table = table;
    this.state = first;
    this.states = first.keepsPast ? [] : undefined;
    this.heads = new Int32Array(bound).fill(-1);
    this.nexts = new Int32Array(table.ops.length);
    for (let i = table.ops.length - 1; i >= 0; i--) {
      const [role, revision] = [table.roles[i], table.revisions[i] ?? 0];
      // Who says to have made the first revision is asked what it saw: nobody made it.
      if ((role !== roles.view && !(role === roles.change && revision === 1)) || !(revision < bound))
        continue;
      this.nexts[i] = this.heads[revision] ?? -1;
      this.heads[revision] = i;
    }
    this.push(first, -1);
  }

  /** What comes next, and whose it was. */
  add({state, answer}: KvStep, maker: number): Breach | undefined {
    this.steps++;
    const op = this.table.at(maker);
    if (op?.answer !== undefined && !sameAnswer(op.answer, answer)) return this.breachOf(op);
    const isNew = state.revision > this.state.revision;
    this.push(state, maker);
    return isNew ? this.seen() : undefined;
  }

  /** Who saw the revision that was come to must have been answered what is there. */
  seen(): Breach | undefined {
    const {state, heads, nexts, table} = this;
    for (let i = heads[state.revision] ?? -1; i >= 0; i = nexts[i] ?? -1) {
      const op = table.ops[i] as Judged;
      this.steps++;
      if (op.answer !== undefined && !sameAnswer(op.answer, kvStep(state, op.request).answer))
        return this.breachOf(op);
    }
    return undefined;
  }

  line(isWhole: boolean): Line {
    const {makers, firsts, states, steps, state} = this;
    return {makers, firsts, states, isWhole, steps, revision: state.revision};
  }

  private push(state: KvState, maker: number): void {
    if (state.revision > this.state.revision || this.makers.length === 0)
      this.firsts[state.revision] = this.makers.length;
    this.states?.push(state);
    this.makers.push(maker);
    this.state = state;
  }

  private breachOf(op: Judged): Breach {
    const {states = [], makers, steps, table} = this;
    return stateBreach(op, table, {states, makers, steps}, states.length - 1);
  }
}

/** Draws the line entry by entry. */
class LogReading {
  private readonly table: Table;
  private readonly told: Told;
  private readonly drawing: Drawing;
  /** By revision: who says to have made it. */
  private readonly makers = new Map<number, number>();
  /** Of unknown outcome, by a request's bytes, in order of invocation. */
  private readonly lost = new Map<string, number[]>();
  private last: AppliedEntry | undefined;

  constructor(table: Table, told: Told, drawing: Drawing) {
    this.table = table;
    this.told = told;
    this.drawing = drawing;
    for (let i = 0; i < table.ops.length; i++) {
      const {request} = table.ops[i] as Judged;
      if (table.roles[i] === roles.change) this.makers.set(table.revisions[i] ?? 0, i);
      else if (table.roles[i] === roles.lost && request.kind !== "logged" && !isUpkeep(request))
        this.wait(keyOfBytes(encodeRequest(request)), i);
    }
  }

  private wait(bytes: string, index: number): void {
    const others = this.lost.get(bytes);
    if (others === undefined) this.lost.set(bytes, [index]);
    else others.push(index);
  }

  take(entry: AppliedEntry): Breach | "misfit" | undefined {
    if (!this.fits(entry)) return "misfit";
    const request = entry.entry.type === "normal" ? decodeCommand(entry.entry.data)?.request : undefined;
    if (request === undefined || (!isKvWrite(request) && !isUpkeep(request))) return undefined;
    const {state} = this.drawing;
    const next = kvStep(state, request as KvRequest);
    // It did nothing; or the store refused it for what the model does not know: a quota, a permission.
    if (next.state === state || next.state.revision > entry.most) return undefined;
    const maker = isKvWrite(request) ? this.makerOf(request, next) : (this.told.get(entry) ?? -1);
    if (maker === undefined || maker === "nobody") return maker && "misfit";
    return this.drawing.add(next, maker);
  }

  /** Whether the store was where the log has it, before the entries of one event and after. */
  private fits(entry: AppliedEntry): boolean {
    const {last, drawing} = this;
    this.last = entry;
    return last?.moment === entry.moment || drawing.state.revision === entry.least;
  }

  /** Who asked for the entry; undefined: it was refused, another made that revision. */
  private makerOf(request: KvWriteRequest, {state}: KvStep): number | "nobody" | undefined {
    const {table, makers, lost} = this;
    const bytes = encodeRequest(request);
    const known = makers.get(state.revision);
    if (known !== undefined) {
      const asked = table.at(known)?.request as KvWriteRequest;
      return sameBytes(bytes, encodeRequest(asked)) ? known : undefined;
    }
    return lost.get(keyOfBytes(bytes))?.shift() ?? "nobody";
  }

  /** Undefined where somebody was answered what the log does not have. */
  line(): Line | undefined {
    const {drawing, last, table} = this;
    const line = drawing.line(true);
    if (last !== undefined && line.revision !== last.most) return undefined;
    const made = new Set(line.makers);
    for (let i = 0; i < table.ops.length; i++) {
      const isMaker = table.roles[i] === roles.change || table.roles[i] === roles.upkeep;
      if ((table.revisions[i] ?? 0) > line.revision || (isMaker && !made.has(i))) return undefined;
    }
    return line;
  }
}

/**
 * The operation was not answered what `states[upTo]` gives. Beside it stands who last changed what it asked for; or who did
 * later, if nobody had.
 */
export function stateBreach(
  op: Judged,
  table: Table,
  {states = [], makers, steps}: Pick<Line, "states" | "makers" | "steps">,
  upTo: number,
): Breach {
  const ranges = rangesOf(op.request);
  const isChanged = (range: KeyRange, i: number): boolean =>
    differs(states[i - 1]?.keys.within(range), states[i]?.keys.within(range));
  let last = upTo;
  while (last > 0 && !ranges.some((range) => isChanged(range, last))) last--;
  const other = last > 0 ? table.at(makers[last] ?? -1) : laterChange(op, table);
  return {why: "state", witness: other === undefined || other === op ? [op] : [other, op], steps};
}

function differs(before: readonly KeyValue[] = [], after: readonly KeyValue[] = []): boolean {
  return before.length !== after.length || before.some((kv, i) => kv !== after[i]);
}

/** The first change, by revision, of what an operation asked for. */
function laterChange(op: Judged, table: Table): Judged | undefined {
  const asked = rangesOf(op.request);
  const meets = (a: KeyRange): boolean => asked.some((b) => contains(a, b.from) || contains(b, a.from));
  let [first, least] = [-1, Infinity];
  for (let i = 0; i < table.ops.length; i++) {
    const [one, revision] = [table.ops[i] as Judged, table.revisions[i] ?? Infinity];
    if (table.roles[i] !== roles.change || one === op || !(revision < least)) continue;
    if (rangesOf(one.request).some(meets)) [first, least] = [i, revision];
  }
  return table.at(first);
}

/** What a request looks at, or changes. */
function rangesOf(request: KvRequest | RequestOp): readonly KeyRange[] {
  switch (request.kind) {
    case "put":
      return [rangeOf({key: request.key})];
    case "range":
    case "deleteRange":
      return [rangeOf(request)];
    case "txn":
      return [...request.compare.map(rangeOf), ...[...request.success, ...request.failure].flatMap(rangesOf)];
    default:
      return [];
  }
}
