// What is asked of a cluster that is left alone: all members that may run do, have applied the same, and hold the same.

import {Hasher} from "../../../core/base/hasher.ts";
import type {Micros} from "../../../core/base/quantity.ts";
import {earliest} from "../../../core/base/quantity.ts";
import type {Catalogue} from "../../../core/base/said.ts";
import {sayer} from "../../../core/base/said.ts";
import type {Checker, Violation} from "../../../sim/check/checker.ts";
import type {Cue, Director} from "../../../sim/director.ts";
import {harmOf} from "../../../sim/disk/fault.ts";
import type {EventRecord} from "../../../sim/event.ts";
import type {MemberView, WorldView} from "../../../sim/view.ts";

/** The name of the operations that a member is asked for when all is whole again. */
export function lastPut(member: string): string {
  return `last/${member}`;
}

const words = {
  notAnswered: {
    en: "nothing is wrong any more, and {member} has done no put that it was asked for",
    zh: "一切已恢复，{member} 却没有完成任何一次 put",
  },
  notUp: {
    en: "{member} is down, though nothing that was durable on its disk is damaged",
    zh: "{member} 没有运行，而其磁盘上已持久化的内容并无损坏",
  },
  notAlike: {
    en: "{a} has applied up to entry {first} and {b} up to {second}, or they hold different things",
    zh: "{a} 应用到条目 {first}，{b} 应用到条目 {second}，或者两者内容不同",
  },
} as const satisfies Catalogue;

const say = sayer<typeof words>();

/** What keeps the members from being alike; undefined: nothing does. */
function difference(view: WorldView): Violation["said"] | undefined {
  const down = view.members.find((member) => member.server === undefined && mayRun(member));
  if (down !== undefined) return say("notUp", {member: nameOf(down)}, [nameOf(down)]);
  const running = view.members.filter(({server}) => server !== undefined);
  const idle = running.find((member) => !answers(view, nameOf(member)));
  if (idle !== undefined) return say("notAnswered", {member: nameOf(idle)}, [nameOf(idle)]);
  const [first, ...others] = running;
  const other = others.find((member) => first !== undefined && contentOf(member) !== contentOf(first));
  if (first === undefined || other === undefined) return undefined;
  const [a, b] = [nameOf(first), nameOf(other)];
  return say("notAlike", {a, first: appliedBy(first), b, second: appliedBy(other)}, [a, b]);
}

function answers({operations}: WorldView, member: string): boolean {
  return operations.some(({as, outcome}) => as === lastPut(member) && outcome?.kind === "ok");
}

/** A sector that could not be read can be again; a bit that flipped stays so, and what was lost is. */
function mayRun({disk}: MemberView): boolean {
  return disk.harms.every(({kind}) => harmOf[kind] === "stops" || kind === "unreadable");
}

function appliedBy({server}: MemberView): number {
  return server?.appliedIndex ?? 0;
}

function contentOf({server}: MemberView): string {
  if (server === undefined) return "";
  const into = new Hasher();
  server.store.digest(into);
  const {index, digest} = server.lastApplied;
  return `${index} ${digest} ${into.hash()}`;
}

function nameOf({id}: MemberView): string {
  return `n${id}`;
}

/** Once faults have ended every member that may run catches up, and a client is answered. */
export class Convergence implements Checker {
  readonly name = "Convergence";
  private count = 0;

  exercised(): number {
    return this.count;
  }

  fork(): this {
    const twin = new Convergence();
    twin.count = this.count;
    return twin as this;
  }

  end(view: WorldView): Violation | undefined {
    this.count++;
    const said = difference(view);
    return said && {check: this.name, said, evidence: view.last ? [view.last.id] : [], step: view.step};
  }
}

/** Several directors as one, which goes on until all members are alike, and not less than to `least`. */
export class UntilAlike implements Director {
  private readonly directors: readonly Director[];
  private readonly least: Micros;

  constructor(directors: readonly Director[], least: Micros) {
    this.directors = directors;
    this.least = least;
  }

  after(view: WorldView, event: EventRecord | undefined): readonly Cue[] {
    return this.directors.flatMap((director) => director.after(view, event));
  }

  deadline(): Micros | undefined {
    return earliest(...this.directors.map((director) => director.deadline()));
  }

  done(view: WorldView): boolean {
    if (view.now <= this.least || !this.directors.every((director) => director.done(view))) return false;
    return difference(view) === undefined;
  }

  fork(): this {
    const directors = this.directors.map((director) => director.fork());
    return new UntilAlike(directors, this.least) as this;
  }
}
