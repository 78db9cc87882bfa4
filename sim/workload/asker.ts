// One client, asking for one load: which question comes next, and which of its lines.
//
//            due                    a line that fails, or the last one
//   ──pace──▶ question ─▶ line ─▶ answered ─▶ line … ─▶ end ──pace──▶
//                          └ a watch: the next line at once

import type {Micros} from "../../core/base/quantity.ts";
import type {Between} from "../run.ts";
import {filled} from "./template.ts";
import type {Asking, Below} from "./template.ts";
import {isEndless, opensWatch} from "./workload.ts";
import type {Ask, Line, Load} from "./workload.ts";

/** A question on its way. Never written: replaced. */
export interface Question {
  readonly n: number;
  readonly lines: readonly Line[];
  /** Of the line that is asked, or comes next. */
  readonly place: number;
  /** When that line is asked; undefined while its answer is waited for. */
  readonly due: Micros | undefined;
  /** Its call, once it has one. */
  readonly call: number | undefined;
  readonly limit: string | undefined;
}

/** What of a load may be asked just now. */
export type Allowed = (ask: Ask) => boolean;

export class Asker {
  readonly load: Load;
  readonly client: string;
  /** The load's, in its workload. */
  readonly place: number;
  private questions: readonly Question[] = [];
  /** When the next question begins; undefined: when this one is answered. */
  private begins: Micros | undefined;
  private count = 0;
  private failed = false;
  /** Calls of watches that go on. */
  private watches: ReadonlySet<number> = new Set();

  constructor(load: Load, client: string, place: number) {
    this.load = load;
    this.client = client;
    this.place = place;
  }

  start(now: Micros, below: Below): void {
    this.begins = now + this.pause(below);
  }

  get underway(): readonly Question[] {
    return this.questions;
  }

  /** When it wants to ask; undefined: it waits, or is done. */
  due(until: Micros): Micros | undefined {
    let least = this.mayBegin(until) ? this.begins : undefined;
    for (const {due} of this.questions) if (due !== undefined && !(due >= (least ?? Infinity))) least = due;
    return least;
  }

  /** All that it asked is answered, and it asks no more. */
  isDone(until: Micros, now: Micros): boolean {
    return this.questions.length === 0 && (!this.mayBegin(until) || now > until);
  }

  /** What it asks now, and for which question; undefined: nothing after all. */
  next(
    now: Micros,
    until: Micros,
    allowed: Allowed,
    below: Below,
  ): {readonly n: number; readonly line: string} | undefined {
    if (this.mayBegin(until) && (this.begins ?? Infinity) <= now) this.begin(now, allowed, below);
    const question = this.questions.find(({due}) => due !== undefined && due <= now);
    const line = question?.lines[question.place];
    if (question === undefined || line === undefined) return undefined;
    if (typeof line !== "string") {
      this.goOn(question, now, below);
      return undefined;
    }
    this.replace(question, {...question, due: undefined, call: undefined});
    return {n: question.n, line};
  }

  /** The line was asked: `call` undefined if it was none, as a cancellation. */
  asked(n: number, call: number | undefined, now: Micros, below: Below): void {
    const question = this.question(n);
    if (question === undefined) return;
    const line = question.lines[question.place];
    if (call !== undefined && typeof line === "string" && isEndless(line))
      this.watches = new Set([...this.watches, call]);
    else if (call !== undefined) return this.replace(question, {...question, call});
    this.goOn(question, now, below);
  }

  /** The client did not take the line. */
  refused(n: number, now: Micros, below: Below): void {
    const question = this.question(n);
    if (question !== undefined) this.end(question, false, now, below);
  }

  /** A call of the client's has ended. */
  settled(call: number, isGood: boolean, now: Micros, below: Below): void {
    if (this.watches.has(call)) this.watches = new Set([...this.watches].filter((one) => one !== call));
    const question = this.questions.find((one) => one.call === call);
    if (question === undefined) return;
    if (isGood) this.goOn(question, now, below);
    else this.end(question, false, now, below);
  }

  fork(): Asker {
    return Object.assign(Object.create(Asker.prototype) as Asker, this);
  }

  private mayBegin(until: Micros): boolean {
    return this.begins !== undefined && this.begins <= until && this.count < (this.load.most ?? Infinity);
  }

  private begin(now: Micros, allowed: Allowed, below: Below): void {
    const {pace} = this.load;
    this.begins = pace.kind === "open" ? now + this.pause(below) : undefined;
    if (pace.kind === "open" && this.questions.length >= pace.waiting) return;
    this.count++;
    const ask = this.choose(allowed, below);
    const asking: Asking = {client: this.client, place: this.place, n: this.count};
    const lines = filled(ask.lines, this.load, asking, below);
    const question = {n: this.count, lines, place: 0, due: now, call: undefined, limit: ask.limit};
    this.questions = [...this.questions, question];
  }

  private choose(allowed: Allowed, below: Below): Pick<Ask, "lines" | "limit"> {
    const {asks, order, afterFailure: [first, ...rest] = []} = this.load;
    const wasFailure = this.failed;
    this.failed = false;
    if (wasFailure && first !== undefined) return {lines: [first, ...rest]};
    if (order === "inTurn") return asks[(this.count - 1) % asks.length] ?? {lines: [""]};
    const {watches = Infinity} = this.load;
    const may = asks.filter((ask) => allowed(ask) && (this.watches.size < watches || !opensWatch(ask)));
    const from = may.length === 0 ? asks : may;
    let left = below(
      "ask",
      Math.max(
        1,
        from.reduce((sum, {weight}) => sum + weight, 0),
      ),
    );
    for (const ask of from) {
      if (left < ask.weight) return ask;
      left -= ask.weight;
    }
    return from[0] ?? {lines: [""]};
  }

  /** To the next line; one that waits is due when it has waited. */
  private goOn(question: Question, now: Micros, below: Below): void {
    const place = question.place + 1;
    const line = question.lines[place];
    if (line === undefined) return this.end(question, true, now, below);
    const due = typeof line === "string" ? now : now + drawn(line.wait, "wait", below);
    this.replace(question, {...question, place, due, call: undefined});
  }

  private end(question: Question, isGood: boolean, now: Micros, below: Below): void {
    if (!isGood) this.failed = true;
    this.questions = this.questions.filter((one) => one !== question);
    if (this.load.pace.kind === "closed") this.begins = now + this.pause(below);
  }

  private pause(below: Below): Micros {
    const {pace} = this.load;
    return drawn(pace.kind === "closed" ? pace.think : pace.every, "pause", below);
  }

  private question(n: number): Question | undefined {
    return this.questions.find((one) => one.n === n);
  }

  private replace(question: Question, by: Question): void {
    this.questions = this.questions.map((one) => (one === question ? by : one));
  }
}

function drawn({least, most}: Between, stream: string, below: Below): number {
  return least + below(stream, most - least + 1);
}
