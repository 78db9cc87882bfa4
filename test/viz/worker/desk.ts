// Stands in for the page: sends messages to an engine, runs its slices by hand, and keeps what it answers. Time is what
// the test says it is: by default a slice ends after a few steps of work.

import {scenarios} from "../../../scenarios/index.ts";
import type {Frame, Windows} from "../../../viz/frame.ts";
import type {FromWorker, Source, Target, ToWorker} from "../../../viz/protocol.ts";
import {Engine} from "../../../viz/worker/engine.ts";

/** About what a page of 1280 × 720 asks for. */
export const windows: Windows = {
  log: "follow",
  revisions: "follow",
  keys: {from: 0, count: 8},
  events: {before: 20, after: 4},
  tapeMarks: 200,
  logColumns: 20,
  revisionColumns: 14,
  seenBy: "leader",
};

type Kind = FromWorker["kind"];
type Answer<K extends Kind> = Extract<FromWorker, {kind: K}>;
/** A request without its number and windows. */
type Asked = ToWorker extends infer M ? (M extends ToWorker ? Omit<M, "seq" | "windows"> : never) : never;

export class Desk {
  /** What it asks to see. */
  windows: Windows = windows;
  readonly engine: Engine;
  readonly answers: FromWorker[] = [];
  /** Milliseconds; each look at the clock takes `perLook`. */
  now = 0;
  private readonly perLook: number;
  private readonly slices: (() => void)[] = [];
  private seq = 0;

  constructor({perLook = 1, code = "00000000000000aa", list = scenarios} = {}) {
    this.perLook = perLook;
    this.engine = new Engine(
      {
        post: (message) => this.answers.push(message),
        later: (work) => this.slices.push(work),
        clock: () => (this.now += this.perLook),
      },
      {scenarios: list, code},
    );
    this.engine.start();
  }

  /** Sends a request; returns its number. */
  send(asked: Asked): number {
    const seq = ++this.seq;
    this.engine.take({...asked, seq, windows: this.windows} as ToWorker);
    return seq;
  }

  /** Runs one slice; false when there is nothing to do. */
  slice(): boolean {
    const work = this.slices.shift();
    work?.();
    return work !== undefined;
  }

  /** Runs slices until nothing is left to do. */
  settle(): void {
    while (this.slice());
  }

  /** Sends, settles, and returns the last answer of that kind to it. */
  ask<K extends Kind>(asked: Asked, kind: K): Answer<K> {
    const seq = this.send(asked);
    this.settle();
    const found = this.answers.findLast(
      (one): one is Answer<K> => one.kind === kind && "seq" in one && one.seq === seq,
    );
    if (found === undefined)
      throw new Error(`no ${kind} came of ${JSON.stringify(asked)}: ${JSON.stringify(this.answers.at(-1))}`);
    return found;
  }

  open(source: Source = {kind: "scenario", id: "leader-partition"}): Frame {
    return this.ask({kind: "open", source}, "frame").frame;
  }

  /** Moves from a frame, on its branch or another. */
  go(from: Frame, target: Target, branch = from.cursor.branch): Frame {
    return this.ask({kind: "seek", branch, from: from.cursor, target}, "frame").frame;
  }
}
