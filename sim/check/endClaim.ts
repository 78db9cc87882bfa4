import type {WorldView} from "../view.ts";
import type {Checker, Violation} from "./checker.ts";

/** What is wrong, and the step at which it was seen. */
export interface Fault {
  readonly said: Violation["said"];
  readonly step: number;
}

/** Judges the whole run, and counts how often the claim could have failed. */
export type Judge = (view: WorldView, count: (times: number) => void) => Fault | undefined;

/** A claim that is judged once, at the end of a run. */
export class EndClaim implements Checker {
  readonly name: string;
  private readonly judge: Judge;
  private count = 0;

  constructor(name: string, judge: Judge) {
    this.name = name;
    this.judge = judge;
  }

  exercised(): number {
    return this.count;
  }

  fork(): this {
    const twin = new EndClaim(this.name, this.judge);
    twin.count = this.count;
    return twin as this;
  }

  end(view: WorldView): Violation | undefined {
    this.count = 0;
    const fault = this.judge(view, (times) => {
      this.count += times;
    });
    if (fault === undefined) return undefined;
    return {check: this.name, evidence: view.last === undefined ? [] : [view.last.id], ...fault};
  }
}
