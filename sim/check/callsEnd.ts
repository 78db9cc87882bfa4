import type {Micros} from "../../core/base/quantity.ts";
import {bytesOfKey, textOfBytes} from "../../core/base/key.ts";
import type {Request} from "../../core/server/request.ts";
import {Clock} from "../clock.ts";
import type {EventRecord} from "../event.ts";
import type {Operation} from "../history/operation.ts";
import type {RevisionsView} from "../history/revisions.ts";
import type {WorldView} from "../view.ts";
import {sameBytes} from "./entries.ts";
import type {Checker, Violation} from "./checker.ts";
import {say} from "./words.ts";

/** A client's time: its clocks, each from when it went by it, and when it stood still; open at the end: it still does. */
interface Course {
  readonly clocks: readonly {readonly from: Micros; readonly clock: Clock}[];
  readonly pauses: readonly {readonly from: Micros; readonly to: Micros}[];
}

const steady: Course = {clocks: [{from: 0, clock: Clock.true}], pauses: []};

/**
 * Every call ends within its time, by its client's clock, and a call that failed for good was not done and never will be: only
 * what is said to be uncertain is. M2.
 */
export class CallsEnd implements Checker {
  readonly name = "Every Call Ends";
  readonly interest = {changes: ["fault"]} as const;
  /** By client; absent: nothing happened to it. */
  private courses = new Map<string, Course>();
  private count = 0;

  exercised(): number {
    return this.count;
  }

  fork(): this {
    const twin = new CallsEnd();
    twin.courses = new Map(this.courses);
    twin.count = this.count;
    return twin as this;
  }

  after(_view: WorldView, {changes, at}: EventRecord): undefined {
    for (const change of changes) {
      if (change.kind !== "fault") continue;
      const {action} = change;
      if (action.kind === "clock") this.goesBy(action.who, at, (clock) => clock.atRate(at, action.rate));
      else if (action.kind === "jump") this.goesBy(action.who, at, (clock) => clock.ahead(at, action.by));
      else if (action.kind === "pauseClient" || action.kind === "resumeClient") {
        const {clocks, pauses} = this.courseOf(action.client);
        const began = action.kind === "resumeClient" ? pauses.at(-1) : undefined;
        const others = began === undefined ? pauses : pauses.slice(0, -1);
        const pause = began === undefined ? {from: at, to: Infinity} : {...began, to: at};
        this.courses.set(action.client, {clocks, pauses: [...others, pause]});
      }
    }
  }

  end(view: WorldView): Violation | undefined {
    this.count = 0;
    for (const operation of view.operations) {
      const said = this.late(operation, view) ?? this.doneAllTheSame(operation, view);
      if (said === undefined) continue;
      const evidence = view.last === undefined ? [] : [view.last.id];
      return {check: this.name, said, evidence, step: operation.returned?.step ?? view.step};
    }
    return undefined;
  }

  private courseOf(client: string): Course {
    return this.courses.get(client) ?? steady;
  }

  private goesBy(who: string, at: Micros, change: (clock: Clock) => Clock): void {
    const {clocks, pauses} = this.courseOf(who);
    const clock = change(clocks.at(-1)?.clock ?? Clock.true);
    this.courses.set(who, {clocks: [...clocks, {from: at, clock}], pauses});
  }

  private late(operation: Operation, view: WorldView): Violation["said"] | undefined {
    const {client, call, request, returned, invoked} = operation;
    if (request.kind === "watchCreate") return undefined;
    const {requestTimeout} = view.run.config.client;
    const course = this.courseOf(client);
    const due = whenOvertaken(course, whenDue(course, invoked.at, requestTimeout), view.overtaken);
    const until = returned?.at ?? view.now;
    if (returned !== undefined || until > due) this.count++;
    if (until <= due) return undefined;
    const name = `op:${client}#${call}`;
    const args = {client, operation: name, time: (until - invoked.at) / 1000};
    return say(returned === undefined ? "callOpen" : "callLate", args, [name]);
  }

  /** A put that failed, and whose key and value nobody else can have written. */
  private doneAllTheSame(operation: Operation, view: WorldView): Violation["said"] | undefined {
    const {request, outcome, client, call} = operation;
    if (request.kind !== "put" || outcome?.kind !== "failed" || request.value.length === 0) return undefined;
    this.count++;
    const {key, value} = request;
    const isMine = (other: Operation): boolean =>
      other !== operation && other.outcome?.kind !== "failed" && mayWrite(other.request, value);
    const revision = madeBy(view.revisions, key, value);
    if (revision === undefined || view.operations.some(isMine)) return undefined;
    const name = `op:${client}#${call}`;
    const key2 = textOfBytes(bytesOfKey(key));
    return say("failedButDone", {client, operation: name, revision, key: key2}, [name, `rev:${revision}`]);
  }
}

/** Who chooses what happens next may keep a client waiting for its own clock, and it may be paused before that comes. */
function whenOvertaken({pauses}: Course, due: Micros, overtaken: Micros): Micros {
  if (overtaken === 0) return due;
  let late = due + overtaken;
  for (const {from, to} of pauses) if (from <= late && to > due) late = to + overtaken;
  return late;
}

/** Whether a request writes that value somewhere. */
function mayWrite(request: Request, value: Uint8Array): boolean {
  if (request.kind === "txn")
    return [...request.success, ...request.failure].some((op) => mayWrite(op, value));
  return request.kind === "put" && sameBytes(request.value, value);
}

function madeBy(revisions: RevisionsView, key: string, value: Uint8Array): number | undefined {
  for (let revision = 2; revision <= revisions.last; revision++) {
    const made = revisions
      .at(revision)
      ?.some((event) => event.kind === "put" && event.kv.key === key && sameBytes(event.kv.value, value));
    if (made === true) return revision;
  }
  return undefined;
}

/** When the client looks whether `time` of its own has passed since `from`, if it does so as soon as it can. */
function whenDue({clocks, pauses}: Course, from: Micros, time: Micros): Micros {
  const began = clocks.findLast((one) => one.from <= from)?.clock ?? Clock.true;
  const goal = began.read(from) + time;
  let due = Infinity;
  for (const [i, {from: since, clock}] of clocks.entries()) {
    due = Math.max(since, clock.when(goal));
    if (due < (clocks[i + 1]?.from ?? Infinity)) break;
  }
  for (const pause of pauses) if (pause.from <= due && due < pause.to) due = pause.to;
  return due;
}
