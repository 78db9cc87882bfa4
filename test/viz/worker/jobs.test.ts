import {describe, expect, it} from "vitest";
import {Jobs, sliceMax, type Work} from "../../../viz/worker/jobs.ts";

/** Slices run by hand; every look at the clock is a millisecond later. */
class Hand {
  readonly jobs: Jobs;
  readonly done: string[] = [];
  now = 0;
  private readonly slices: (() => void)[] = [];

  constructor() {
    this.jobs = new Jobs({later: (work) => this.slices.push(work), clock: () => ++this.now});
  }

  add(kind: string, name: string, steps: number, must = false): void {
    this.jobs.add({
      kind,
      seq: 0,
      must,
      work: () => this.work(name, steps),
      failed: () => this.done.push(`${name} failed`),
    });
  }

  slice(): boolean {
    const work = this.slices.shift();
    work?.();
    return work !== undefined;
  }

  settle(): readonly string[] {
    while (this.slice());
    return this.done;
  }

  *work(name: string, steps: number): Work {
    for (let i = 0; i < steps; i++) yield;
    if (name.startsWith("bad")) throw new Error(name);
    this.done.push(name);
  }
}

describe("jobs", () => {
  it("are done one after another, in slices that end in time", () => {
    const hand = new Hand();
    hand.add("a", "one", 30);
    hand.add("b", "two", 1);
    for (let before = hand.now; hand.slice(); before = hand.now)
      expect(hand.now - before).toBeLessThanOrEqual(sliceMax);
    expect(hand.done).toEqual(["one", "two"]);
  });

  it("of one kind give way to the newest, running or waiting", () => {
    const hand = new Hand();
    hand.add("seek", "first", 30);
    hand.slice();
    hand.add("seek", "second", 30);
    hand.add("seek", "third", 30);
    hand.add("find", "other", 1);
    expect(hand.settle()).toEqual(["third", "other"]);
  });

  it("that must be done are done, all of them, in order", () => {
    const hand = new Hand();
    for (const name of ["first", "second", "third"]) hand.add("act", name, 5, true);
    hand.slice();
    hand.jobs.cancel();
    expect(hand.settle()).toEqual(["first", "second", "third"]);
  });

  it("that throw are told, and the next one is done", () => {
    const hand = new Hand();
    hand.add("a", "bad", 2);
    hand.add("b", "good", 2);
    expect(hand.settle()).toEqual(["bad failed", "good"]);
  });

  it("for idle times wait for all others, and end with a cancel", () => {
    const hand = new Hand();
    const idle = (name: string): void =>
      hand.jobs.whenIdle({
        kind: "idle",
        seq: 0,
        must: false,
        work: () => hand.work(name, 20),
        failed: () => undefined,
      });
    idle("idle");
    hand.slice();
    hand.add("seek", "seek", 10);
    expect(hand.settle()).toEqual(["seek", "idle"]);
    idle("never");
    hand.slice();
    hand.jobs.cancel();
    expect(hand.settle()).toEqual(["seek", "idle"]);
  });
});
