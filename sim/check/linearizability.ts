// Linearizability of what clients saw: there is one order of all operations, each at an instant between its invocation
// and its return, in which a single store gives every answer that was given, revisions included. Herlihy & Wing 1990.
//
//   the order that revisions tell ──▶ sweep ──▶ held · violated
//                                       │ open: an outcome is unknown, a lease ended, something was compacted
//            the order of the log ──▶ sweep ──▶ held · violated, given the log
//                                       │ open: there is no log, or it does not fit
//                                     search ──▶ held · violated · unknown

import {present} from "../../core/base/assert.ts";
import type {Said} from "../../core/base/said.ts";
import type {Operation} from "../history/operation.ts";
import type {WorldView} from "../view.ts";
import {sameAnswer} from "./answers.ts";
import type {Checker, Violation} from "./checker.ts";
import {Claims} from "./claims.ts";
import {isUpkeep, judged} from "./judged.ts";
import type {Judged, Span} from "./judged.ts";
import {freshKvState, kvStep} from "./kvModel.ts";
import type {KvRequest, KvState, Logged} from "./kvModel.ts";
import {lineByLog, lineByRevisions} from "./line.ts";
import type {Breach, Line, Told} from "./line.ts";
import {toldIn, untold, withLog} from "./logged.ts";
import type {Log} from "./logged.ts";
import {search} from "./search.ts";
import type {Model} from "./search.ts";
import {sweep} from "./sweep.ts";
import type {Swept} from "./sweep.ts";
import {roles, Table} from "./table.ts";
import {say} from "./words.ts";

export type Judgement = Outcome & {
  /** Steps of the model. */
  readonly steps: number;
  /** Answers that had to be explained. */
  readonly judged: number;
  readonly by: "sweep" | "search";
};

type Outcome =
  | {readonly kind: "held"}
  | {readonly kind: "unknown"}
  | {
      readonly kind: "violated";
      /** Up to its return, no order explains what happened. */
      readonly blocked: Judged;
      /** Absent: it was searched for. */
      readonly breach?: Breach;
      /** That entries were applied as the log has them is a part of the proof; absent: clients' answers alone are. */
      readonly given?: "log";
    };

/** Steps of a search that is to confirm, without the log, what is violated given the log. */
const confirmingSteps = 400_000;

/** The store, told what the whole history pins down. */
function modelWith(claims: Claims): Model<KvState, Judged> {
  return {
    initial: freshKvState,
    step(state, op) {
      const next = kvStep(state, op.request);
      if (op.answer === undefined) {
        const fits = ({least, most}: Span): boolean => state.revision >= least && next.state.revision <= most;
        if (op.spans?.some(fits) === false) return undefined;
        return claims.allow(state, next.state) ? next.state : undefined;
      }
      return sameAnswer(op.answer, next.answer) ? next.state : undefined;
    },
    excludes: ({revision}, {answer, request}) =>
      answer === undefined && isWrite(request) && claims.isTaken(revision + 1),
    // Every answer has the revision after it: of a compaction, a bound.
    reach({answer, pure}) {
      if (answer?.kind !== "ok" || answer.result.kind === "compact") return undefined;
      return {least: pure === true ? answer.revision : answer.revision - 1, most: answer.revision};
    },
    place: ({revision}) => revision,
    hash: (state) => [state.hashA, state.hashB],
  };
}

function isWrite({kind}: KvRequest): boolean {
  return kind === "put" || kind === "deleteRange" || kind === "txn";
}

/** Judges a history, in order of invocation; `budget` in model steps, of the search. */
export function judge(
  operations: readonly Operation[],
  budget: number,
  view?: Pick<WorldView, "appliedLog">,
): Judgement {
  return new Judging(operations, budget, view?.appliedLog).judgement();
}

/** As {@link judge}, by search alone: what the sweep is compared with. */
export function judgeBySearch(
  operations: readonly Operation[],
  budget: number,
  view?: Pick<WorldView, "appliedLog">,
): Judgement {
  return new Judging(operations, budget, view?.appliedLog).searched(view?.appliedLog, budget);
}

class Judging {
  private readonly operations: readonly Operation[];
  private readonly budget: number;
  private readonly log: Log | undefined;
  private readonly ops: readonly Judged[];
  /** Those that were answered. */
  private readonly known: Table;
  private memory: Told | undefined;

  constructor(operations: readonly Operation[], budget: number, log: Log | undefined) {
    this.operations = operations;
    this.budget = budget;
    this.log = log;
    const [ops, known]: [Judged[], Judged[]] = [[], []];
    for (const operation of operations) {
      const op = judged(operation);
      if (op === undefined) continue;
      ops.push(op);
      if (op.answer !== undefined) known.push(op);
    }
    this.ops = ops;
    this.known = new Table(known);
  }

  judgement(): Judgement {
    const swept = this.byRevisions();
    if (swept.kind !== "open") return this.ofSweep(swept);
    const given = this.log === undefined ? swept : this.byLog(this.log);
    if (given.kind === "held") return this.ofSweep(given);
    if (given.kind === "violated") return this.confirmed(this.ofSweep(given));
    const found = this.searched(this.log, this.budget);
    return this.log === undefined ? found : this.confirmed(found);
  }

  /** By what was answered alone; what was not may never have been done. */
  private byRevisions(): Swept {
    const {known, ops} = this;
    const isWhole = !known.has(roles.upkeep);
    const swept = sweptOn(known, lineByRevisions(known, isWhole));
    const isSure = !isWhole || (known.ops.length === ops.length && this.untold().length === 0);
    return swept.kind === "violated" && !isSure ? sweptOn(known, lineByRevisions(known, false)) : swept;
  }

  private byLog(log: Log): Swept {
    const table = new Table(this.ops);
    const line = lineByLog(table, log, this.told(log));
    const swept: Swept = line === undefined ? {kind: "open", steps: 0} : sweptOn(table, line);
    // Of those that ask for the same lease again and again, which one an entry is was guessed.
    const isGuess = swept.kind === "violated" && swept.breach.witness.some(({request}) => isUpkeep(request));
    return isGuess ? {kind: "open", steps: swept.steps} : swept;
  }

  private ofSweep(swept: Exclude<Swept, {kind: "open"}>): Judgement {
    const {steps} = swept;
    const told = {steps, judged: this.known.ops.length, by: "sweep"} as const;
    if (swept.kind === "held") return {kind: "held", ...told};
    const {breach} = swept;
    return {kind: "violated", breach, blocked: present(breach.witness.at(-1), "a witness"), ...told};
  }

  searched(log: Log | undefined, budget: number): Judgement {
    const ops = log === undefined ? this.ops : withLog(this.ops, log, this.told(log));
    const claims = new Claims(log === undefined ? Infinity : (log.at(-1)?.most ?? 1));
    for (const {request, answer} of ops) if (answer !== undefined) claims.add(request, answer);
    for (const {watched} of this.operations)
      for (const {response} of watched)
        if (response.result.kind === "watch")
          for (const event of response.result.events) claims.addEvent(event);
    const found = search(modelWith(claims), ops, budget);
    const {kind, steps} = found;
    const told = {steps, judged: this.known.ops.length, by: "search"} as const;
    return kind === "violated" ? {kind, blocked: found.blocked, ...told} : {kind, ...told};
  }

  /** Whether it is violated without the log too: what nobody asked for only the log explains. */
  private confirmed(judgement: Judgement): Judgement {
    if (judgement.kind !== "violated") return judgement;
    const found = this.untold().length > 0 ? undefined : this.searched(undefined, confirmingSteps);
    return found?.kind === "violated" ? judgement : {...judgement, given: "log"};
  }

  private told(log: Log): Told {
    return (this.memory ??= toldIn(this.ops, log));
  }

  private untold(): readonly Logged[] {
    return this.log === undefined ? [] : untold(this.log, this.told(this.log));
  }
}

function sweptOn(table: Table, line: Line | Breach): Swept {
  return "why" in line ? {kind: "violated", steps: line.steps, breach: line} : sweep(table, line);
}

export class Linearizability implements Checker {
  readonly name = "Linearizability";
  private readonly budget: number;
  private count = 0;

  /** `budget`: model steps of a search, after which the answer is "unknown". */
  constructor(budget = 4_000_000) {
    this.budget = budget;
  }

  exercised(): number {
    return this.count;
  }

  fork(): this {
    const twin = new Linearizability(this.budget);
    twin.count = this.count;
    return twin as this;
  }

  end(view: WorldView): Violation | "unknown" | undefined {
    const judgement = judge(view.operations, this.budget, view);
    this.count = judgement.judged;
    if (judgement.kind === "held") return undefined;
    if (judgement.kind === "unknown") return "unknown";
    const said = saidOf(judgement);
    const step = judgement.blocked.operation?.returned?.step ?? view.step;
    return {check: this.name, said, evidence: view.last === undefined ? [] : [view.last.id], step};
  }
}

function saidOf({blocked, breach, given}: Extract<Judgement, {kind: "violated"}>): Said {
  const nameIn = ({operation}: Judged): string => {
    const {client, call} = present(operation, "an operation that a client asked for");
    return `op:${client}#${call}`;
  };
  const [operation, client, line] = [nameIn(blocked), blocked.operation?.client ?? "", blocked.request.kind];
  const other = breach?.witness.length === 2 ? nameIn(breach.witness[0]) : undefined;
  if (breach === undefined || other === undefined)
    return say(given === "log" ? "notLinearizableByLog" : "notLinearizable", {operation, client, line}, [
      operation,
    ]);
  const told = {operation, client, line, other};
  const refs = [other, operation];
  if (given === "log") return say("contradictsByLog", told, refs);
  const ids = {
    time: "showsLess",
    state: "missesChange",
    revision: "sameRevision",
    gap: "revisionOfNobody",
  } as const;
  return say(ids[breach.why], told, refs);
}
