import {describe, expect, it} from "vitest";
import type {Action} from "../../../sim/action.ts";
import {execute} from "../../../sim/execute.ts";
import {EtcdError, FaultError} from "../../../sim/program/error.ts";
import type {ProgramFaults} from "../../../sim/program/faults.ts";
import type {Program} from "../../../sim/program/program.ts";
import type {ProgramsDone} from "../../../sim/program/run.ts";
import {codeHash} from "../../../sim/trace/code.ts";
import {readTrace, writeTrace} from "../../../sim/trace/file.ts";
import {replay, traceOf} from "../../../sim/trace/replay.ts";
import {at, sound} from "../stage.ts";
import {alone, perform} from "./perform.ts";

/** What was done to the world, besides clients' lines. */
function actions({run}: ProgramsDone): readonly Action[] {
  return run.script.map(({do: action}) => action).filter(({kind}) => kind !== "client");
}

/** How a fault is refused. */
async function refused(asked: Promise<void>): Promise<FaultError> {
  const error: unknown = await asked.catch((caught: unknown) => caught);
  if (!(error instanceof FaultError)) throw new Error(`found ${String(error)}, expected a refusal`);
  return error;
}

describe("a fault of a program", () => {
  it("is done where the program asks, before anything else happens", async () => {
    const done = await perform({
      c1: async ({client, clock, faults}) => {
        await client.put("x", "1");
        const before = clock.now();
        await Promise.all([faults.crash("n1"), faults.pause("n2")]);
        return clock.now() - before;
      },
    });
    expect(done.programs).toMatchObject([{kind: "done", result: 0}]);
    expect(done.view.members.map(({status}) => status)).toEqual(["crashed", "paused", "up"]);
    expect(done.run.script.slice(-2)).toMatchObject([
      {id: 1, do: {kind: "crash", member: "n1"}, origin: "program"},
      {id: 2, do: {kind: "pause", member: "n2"}, origin: "program"},
    ]);
    expect(done.run.script.at(-1)?.when.after).toBe(done.run.script.at(-2)?.when.after);
  });

  it("befalls what was asked before it: a cut takes it on its way, one way or both", async () => {
    const writes = async (cut: (faults: ProgramFaults) => Promise<void>): Promise<unknown> =>
      alone(async ({client, clock, faults}) => {
        await client.put("x", "0");
        const put = client.put("x", "1").catch((error: unknown) => error);
        await cut(faults);
        const error = await put;
        await faults.heal();
        await clock.sleep(1000);
        const {kvs} = await client.get("x");
        return [error instanceof EtcdError && error.outcome, kvs[0]?.value];
      });
    const all = ["n1", "n2", "n3"];
    expect(await writes((faults) => faults.split([["c1"], all]))).toEqual(["unknown", "0"]);
    const each = async (how: (member: string) => Promise<void>): Promise<void> => {
      await Promise.all(all.map(how));
    };
    expect(await writes((faults) => each((to) => faults.cut("c1", to)))).toEqual(["unknown", "0"]);
    // What is lost is the answer alone.
    const answers = (faults: ProgramFaults): Promise<void> =>
      each((from) => faults.cut(from, "c1", {oneWay: true}));
    expect(await writes(answers)).toEqual(["unknown", "1"]);
  });

  const whole: readonly (readonly [string, (faults: ProgramFaults) => Promise<void>, Action])[] = [
    ["crash", (faults) => faults.crash("n2"), {kind: "crash", member: "n2"}],
    ["pause", (faults) => faults.pause("n2"), {kind: "pause", member: "n2"}],
    ["pause", (faults) => faults.pause("c2"), {kind: "pauseClient", client: "c2"}],
    ["cut", (faults) => faults.cut("n1", "n2"), {kind: "cut", from: "n1", to: "n2"}],
    [
      "cut",
      (faults) => faults.cut("c1", "n2", {oneWay: true}),
      {kind: "cut", from: "c1", to: "n2", oneWay: true},
    ],
    ["split", (faults) => faults.split([["n1"], ["n2"]]), {kind: "split", groups: [["n1"], ["n2"]]}],
    ["heal", (faults) => faults.heal(), {kind: "heal"}],
    ["heal", (faults) => faults.heal(["n1", "n2"]), {kind: "heal", link: ["n1", "n2"]}],
    [
      "do",
      (faults) => faults.do({kind: "clock", who: "n1", rate: 1_100_000}),
      {kind: "clock", who: "n1", rate: 1_100_000},
    ],
    [
      "do",
      (faults) => faults.do({kind: "disk", member: "n1", fault: {kind: "syncLies"}}),
      {kind: "disk", member: "n1", fault: {kind: "syncLies"}},
    ],
    [
      "do",
      (faults) => faults.do({kind: "crashAtDisk", member: "n3", nth: 2, when: "after"}),
      {kind: "crashAtDisk", member: "n3", nth: 2, when: "after"},
    ],
    ["do", (faults) => faults.do({kind: "loss", perMillion: 5}), {kind: "loss", perMillion: 5}],
  ];

  it.each(whole)("%s is an action of the run's script", async (_name, ask, action) => {
    const done = await perform({c1: ({faults}) => ask(faults), c2: ({clock}) => clock.sleep(100)});
    expect(actions(done)).toEqual([action]);
    expect(done.view.step).toBeGreaterThan(1);
  });

  it("restarts a member as it was, or otherwise", async () => {
    const done = await perform(
      {
        c1: async ({client, faults}) => {
          for (const member of ["n1", "n2"]) await faults.crash(member);
          await faults.restart("n1");
          await faults.restart("n2", {raft: {preVote: true}});
          await client.put("x", "1");
        },
      },
      {until: 20_000},
    );
    expect(done.programs).toMatchObject([{kind: "done"}]);
    expect(done.view.members.map(({config, incarnation}) => [config.preVote, incarnation])).toEqual([
      [false, 2],
      [true, 2],
      [false, 1],
    ]);
  });

  it("does not apply where it makes no sense: it rejects, says why, and is not in the run", async () => {
    const done = await perform({
      c1: async ({faults}) => {
        const errors = [await refused(faults.restart("n1")), await refused(faults.resume("n2"))];
        await faults.crash("n1");
        const asked = [faults.crash("n1"), faults.pause("n1"), faults.resume("c2"), faults.cut("n3", "n3")];
        errors.push(...(await Promise.all(asked.map(refused))));
        await faults.pause("c2");
        errors.push(await refused(faults.pause("c2")));
        errors.push(await refused(faults.do({kind: "crashAt", member: "n1", point: "beforeCommit", nth: 1})));
        return errors.map(({message, why, stack = ""}) => [
          `${message} (${why})`,
          stack.startsWith(`FaultError: ${message}\n`) && !stack.includes("director.ts"),
        ]);
      },
      c2: ({clock}) => clock.sleep(0),
    });
    const texts = [
      "restart n1 did not apply: n1 was not down (notNow)",
      "resume n2 did not apply: n2 was not paused (notNow)",
      "crash n1 did not apply: n1 was down already (notNow)",
      "pause n1 did not apply: n1 was paused or down already (notNow)",
      "resume c2 did not apply: c2 was not paused (notNow)",
      "cut n3–n3 did not apply: its two ends are one (unknownName)",
      "pause c2 did not apply: c2 was paused already (notNow)",
      "crash n1 at beforeCommit#1 did not apply: the run lists no such pause point (noPausePoint)",
    ];
    expect(done.programs).toMatchObject([
      {kind: "done", result: texts.map((text) => [text, true])},
      {kind: "done"},
    ]);
    expect(actions(done).map(({kind}) => kind)).toEqual(["crash", "pauseClient"]);
    expect(done.skipped).toEqual([]);
  });

  it("that does not apply says so a microsecond later", async () => {
    const c1: Program = async ({clock, faults}) => {
      const before = clock.now();
      await refused(faults.restart("n1"));
      return Math.round(1000 * (clock.now() - before));
    };
    expect((await perform({c1})).programs).toMatchObject([{kind: "done", result: 1}]);
  });

  it("that never applies does not hold time up: the run comes to its end", async () => {
    const {end, programs} = await perform(
      {
        c1: async ({faults}) => {
          for (;;) await refused(faults.restart("n1"));
        },
      },
      {until: 2},
    );
    expect(end).toBe("time");
    expect(programs).toEqual([{kind: "waits", program: "c1", waitsFor: ["restart n1"]}]);
  });

  const loose = (action: unknown) => (faults: ProgramFaults) =>
    faults.do(action as Parameters<ProgramFaults["do"]>[0]);

  it.each<[string, (faults: ProgramFaults) => Promise<void>]>([
    [
      'faults.crash.member: "n9", expected one of this run\'s names: n1 to n3, c1 to c2',
      (f) => f.crash("n9"),
    ],
    [
      'faults.pause.client: "c7", expected one of this run\'s names: n1 to n3, c1 to c2',
      (f) => f.pause("c7"),
    ],
    ['faults.pause.member: "leader", expected a member such as n2', (f) => f.pause("leader")],
    ["faults.restart.member: nothing, expected a member such as n2", (f) => f.restart(undefined as never)],
    ['faults.cut.to: "n4", expected one of this run\'s names: n1 to n3, c1 to c2', (f) => f.cut("n1", "n4")],
    ["faults.split.groups: {}, expected a list of 1 to 100", (f) => f.split({} as never)],
    ['faults.heal.link: "n1", expected a list of two', (f) => f.heal("n1" as never)],
    [
      "faults.do.rate: 0, expected a whole number from 100000 to 10000000",
      loose({kind: "clock", who: "n1", rate: 0}),
    ],
    ['faults.do.kind: "explode", expected one of cut, split, heal', loose({kind: "explode"})],
    ["faults.do: a client's line is client.do(…)", loose({kind: "client", client: "c1", op: "get x"})],
  ])("is refused where it stands: %s", async (message, ask) => {
    const {programs} = await perform({c1: async ({faults}) => ask(faults), c2: ({clock}) => clock.sleep(1)});
    expect(programs[0]).toMatchObject({kind: "failed", message: expect.stringContaining(message) as string});
    expect(programs[0]?.kind === "failed" && programs[0].stack).toMatch(/^TypeError: /);
  });

  it("is taken as it was when it was asked", async () => {
    const done = await perform({
      c1: async ({faults}) => {
        const groups = [["n1"], ["n2", "n3"]];
        const asked = faults.split(groups);
        groups.pop();
        await asked;
      },
    });
    expect(actions(done)).toEqual([{kind: "split", groups: [["n1"], ["n2", "n3"]]}]);
  });
});

describe("a client that is paused by a program", () => {
  it("is another's: that one stands still, and goes on when it is resumed", async () => {
    const {programs} = await perform({
      c1: async ({clock}) => {
        await clock.sleep(1500);
        return clock.now();
      },
      c2: async ({clock, faults}) => {
        await clock.sleep(1000);
        await faults.pause("c1");
        await clock.sleep(2000);
        await faults.resume("c1");
      },
    });
    expect(programs).toMatchObject([{kind: "done", result: 3000}, {kind: "done"}]);
  });

  it("is its own: it does nothing more until somebody else resumes it", async () => {
    const {programs} = await perform({
      c1: async ({clock, faults}) => {
        await clock.sleep(1000);
        const resumed = clock.sleep(1).then(() => clock.now());
        await faults.pause("c1");
        return [clock.now(), await resumed];
      },
      c2: async ({clock, faults}) => {
        await clock.sleep(3000);
        await faults.resume("c1");
      },
    });
    expect(programs).toMatchObject([{kind: "done", result: [3000, 3000]}, {kind: "done"}]);
  });

  it("cannot resume itself, in whatever order it asks", async () => {
    const {programs, end} = await perform(
      {
        c1: async ({faults}) => {
          await Promise.all([faults.pause("c1"), faults.resume("c1")]);
        },
      },
      {until: 2000},
    );
    expect(end).toBe("time");
    expect(programs).toEqual([{kind: "waits", program: "c1", waitsFor: ["pause c1", "resume c1"]}]);
  });
});

/** Crashes whoever leads, and brings it back; tolerates a plan that did so before. */
const deposes: Program = async ({client, clock, faults}) => {
  for (let i = 0; i < 3; i++) {
    await client.put("n", `${i}`);
    const status = await client.do("status");
    const leader = status.kind === "status" ? `n${status.leader}` : "";
    await faults.crash(leader).catch(() => {});
    await clock.sleep(800);
    await faults.restart(leader).catch(() => {});
  }
};

describe("a run with faults of programs", () => {
  it("runs again without them, from a trace's text too", async () => {
    const done = await perform({c1: deposes}, {lines: true, until: 20_000});
    expect(done.programs).toMatchObject([{kind: "done"}]);
    expect(actions(done).map(({kind}) => kind)).toEqual(Array(3).fill(["crash", "restart"]).flat());
    const read = readTrace(writeTrace(traceOf(done, {code: codeHash})));
    if (!read.ok) throw new Error(read.error);
    const {difference, executed} = replay(read.value, {versions: sound});
    expect(difference).toBeUndefined();
    expect(executed.traceHash).toBe(done.traceHash);
  });

  it("has those of a plan beside them: what comes second does not apply", async () => {
    const script = [at(1, 1000, {kind: "crash", member: "n1"}), at(2, 4000, {kind: "restart", member: "n1"})];
    const c1: Program = async ({clock, faults}) => {
      await clock.sleep(2000);
      await faults.restart("n1");
      await clock.sleep(3000);
    };
    const done = await perform({c1}, {script});
    expect(done.programs).toMatchObject([{kind: "done"}]);
    expect(done.run.script.map(({id, origin, do: {kind}}) => [id, origin, kind])).toEqual([
      [1, "plan", "crash"],
      [3, "program", "restart"],
    ]);
    expect(done.skipped.map(({intervention}) => intervention.id)).toEqual([2]);
    expect(execute(done.run, {versions: sound}).traceHash).toBe(done.traceHash);
  });
});
