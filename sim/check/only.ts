// One check of many, whose violation can be looked at after every event: for those who need no more than that.

import {assert} from "../../core/base/assert.ts";
import type {MemberId} from "../../core/base/quantity.ts";
import type {EventRecord} from "../event.ts";
import type {WorldView} from "../view.ts";
import type {Checker, Violation} from "./checker.ts";
import type {Interest} from "./interest.ts";

export class Only implements Checker {
  readonly name: string;
  /** Found after an event; what is judged at the end is not here. */
  violation: Violation | undefined;
  private readonly checker: Checker;

  constructor(checker: Checker) {
    this.name = checker.name;
    this.checker = checker;
  }

  get interest(): Interest | undefined {
    return this.checker.interest;
  }

  exercised(): number {
    return this.checker.exercised();
  }

  after(view: WorldView, event: EventRecord, touched: MemberId | undefined): Violation | undefined {
    this.violation ??= this.checker.after?.(view, event, touched);
    return this.violation;
  }

  end(view: WorldView): Violation | "unknown" | undefined {
    return this.checker.end?.(view);
  }

  fork(): this {
    const twin = new Only(this.checker.fork());
    twin.violation = this.violation;
    return twin as this;
  }
}

/** The one of that name, which is among them. */
export function checkOf(checkers: readonly Checker[], name: string): Only {
  const found = checkers.find((one) => one.name === name);
  assert(found !== undefined, `there is no check ${JSON.stringify(name)}`);
  return new Only(found);
}
