// Every kind of fault does to a cluster what it says, and no claim breaks by it.

import {describe, expect, it} from "vitest";
import {versionOf} from "../../../sim/bug/museum.ts";
import type {Checker} from "../../../sim/check/checker.ts";
import {standardChecks} from "../../../sim/check/standard.ts";
import type {EventRecord} from "../../../sim/event.ts";
import {execute} from "../../../sim/execute.ts";
import type {FaultKind} from "../../../sim/fault/kinds.ts";
import {faultPlan} from "../../../sim/fault/plan.ts";
import type {WorldView} from "../../../sim/view.ts";
import {Mix} from "../../../sim/workload/mix.ts";
import {parseEventId} from "../../../sim/world/lanes.ts";
import {makeRun, ms} from "../stage.ts";

/** What can be seen to happen. */
type Seen =
  | "lost/cut"
  | "lost/loss"
  | "lost/refused"
  | "late"
  | "twice"
  | "overtaken"
  | "reset"
  | "armedCrash"
  | "crashWhileBooting"
  | "otherFlags"
  | "allDown"
  | "oneDown"
  | "twoDown"
  | "lateTurn";

/** Looks on as a check does, and never fails. */
class Happened implements Checker {
  readonly name = "Happened";
  readonly seen = new Set<Seen>();
  private readonly times: number[] = [0];
  private readonly messages = new Set<unknown>();
  private readonly last = new Map<string, number>();
  private readonly booted: number[] = [];

  exercised(): number {
    return 1;
  }

  fork(): this {
    return this;
  }

  after(view: WorldView, event: EventRecord): undefined {
    this.times[event.step] = event.at;
    const {payload, changes} = event;
    const {config} = view.run;
    if (payload.kind === "message") this.arrived(event, config.network.peerLatency.most);
    if (payload.kind === "turn" && event.at - (this.times[event.cause] ?? 0) > config.clock.apply.most)
      this.seen.add("lateTurn");
    for (const change of changes) {
      if (
        change.kind === "lost" &&
        (change.why === "cut" || change.why === "loss" || change.why === "refused")
      )
        this.seen.add(`lost/${change.why}`);
      if (change.kind !== "fault") continue;
      const {action} = change;
      if (action.kind === "connection" && action.do === "reset") this.seen.add("reset");
      if (action.kind === "restart") this.booted[Number(action.member.slice(1))] = event.at;
      if (action.kind === "crash" && payload.kind !== "script") {
        this.seen.add("armedCrash");
        const up = event.at - (this.booted[Number(action.member.slice(1))] ?? -1e9);
        if (up < 100 * ms) this.seen.add("crashWhileBooting");
      }
    }
    const down = view.members.filter(({status}) => status === "crashed").length;
    if (down === view.members.length) this.seen.add("allDown");
    if (down === 1) this.seen.add("oneDown");
    if (down > 1) this.seen.add("twoDown");
    if (view.members.some(({config: flags}) => flags.messageBytesMax !== config.raft.messageBytesMax))
      this.seen.add("otherFlags");
  }

  private arrived({id, at, payload}: EventRecord, most: number): void {
    if (payload.kind !== "message") return;
    if (at - payload.sent > most) this.seen.add("late");
    if (this.messages.has(payload.message)) this.seen.add("twice");
    this.messages.add(payload.message);
    const {lane = "", ordinal = 0} = parseEventId(id) ?? {};
    const before = this.last.get(lane) ?? 0;
    if (ordinal < before) this.seen.add("overtaken");
    this.last.set(lane, Math.max(before, ordinal));
  }
}

const none = new Set<Seen>();

/** Where all come often. */
const pausePoints = ["raftBeforeSave", "raftAfterSave", "beforeApplyOneEntryNormal", "beforeCommit"] as const;

/** What is seen of plans of one kind, until all that should be is; of ten plans at most. */
function happened(kind: FaultKind | undefined, should: readonly Seen[] = []): ReadonlySet<Seen> {
  const seen = new Set<Seen>();
  const until = 2000 * ms;
  for (let i = 0; i === 0 || (i < 10 && !should.every((one) => seen.has(one))); i++) {
    const seed = `exercised ${i}`;
    const settings = {members: 3, clients: 2, pausePoints, store: {commitEvery: 20 * ms}};
    const run = makeRun({seed, until: 3000, ...settings});
    const script = kind === undefined ? [] : faultPlan(seed, run.config, {until, kinds: [kind]});
    const looks = new Happened();
    const director = new Mix({seed, until, operationsMax: 12, think: 100 * ms, linger: 200 * ms});
    const {violation, end} = execute(
      {...run, script},
      {versions: versionOf, director, checkers: [...standardChecks(), looks]},
    );
    expect([violation, end]).toEqual([undefined, "done"]);
    for (const one of looks.seen) seen.add(one);
  }
  return seen;
}

const tells: readonly (readonly [FaultKind, readonly Seen[], readonly Seen[]])[] = [
  ["partial", ["lost/cut"], ["armedCrash"]],
  ["bridge", ["lost/cut"], []],
  ["flap", ["lost/cut"], []],
  ["swizzle", ["lost/cut"], []],
  ["slowLink", ["late"], ["lost/loss"]],
  ["narrowLink", ["late"], ["lost/loss"]],
  ["lossyLink", ["lost/loss"], ["late"]],
  ["duplicate", ["twice"], ["lost/loss"]],
  ["reorder", ["overtaken"], ["twice"]],
  ["reset", ["reset"], ["lost/refused"]],
  ["refuse", ["lost/refused"], ["reset"]],
  ["crashAt", ["armedCrash"], []],
  ["crashAtDisk", ["armedCrash"], []],
  ["crashTwice", ["armedCrash", "crashWhileBooting"], []],
  ["reconfigure", ["otherFlags"], ["armedCrash"]],
  ["blackout", ["allDown"], ["armedCrash"]],
  ["rolling", ["oneDown"], ["twoDown"]],
  ["slowActor", ["lateTurn"], ["late"]],
];

describe("of a cluster", () => {
  it("nothing of this can be seen when nothing is wrong", () => {
    expect(happened(undefined)).toEqual(none);
  });

  it.each(tells)("%s can be seen, and no claim breaks", (kind, is, isNot) => {
    const seen = happened(kind, is);
    for (const one of is) expect([...seen]).toContain(one);
    for (const one of isNot) expect([...seen]).not.toContain(one);
  });
});
