import {describe, expect, it, vi} from "vitest";
import {standardChecks} from "../../../sim/check/standard.ts";
import {execute} from "../../../sim/execute.ts";
import {EtcdError} from "../../../sim/program/error.ts";
import type {Program} from "../../../sim/program/program.ts";
import {runPrograms} from "../../../sim/program/run.ts";
import {codeHash} from "../../../sim/trace/code.ts";
import {replay, traceOf} from "../../../sim/trace/replay.ts";
import {readTrace, writeTrace} from "../../../sim/trace/file.ts";
import {at, makeRun, ms, sound} from "../stage.ts";
import {alone, perform} from "./perform.ts";

const increment: Program = async ({client, clock, random}) => {
  for (let i = 0; i < 3; i++) {
    const {kvs} = await client.get("n");
    await clock.sleep(1 + random(20));
    await client.put("n", `${Number(kvs[0]?.value ?? 0) + 1}`);
  }
};

describe("a program", () => {
  it("puts, gets, deletes and compares, in virtual time", async () => {
    const found = await alone(async ({client, clock}) => {
      const put = await client.put("x", "ä");
      const {kvs, count} = await client.get("x");
      const before = clock.now();
      const swapped = await client.txn({
        if: [
          {key: "x", mod: put.revision},
          {key: "x", value: "b", is: "!="},
        ],
        do: [{put: "x", value: "b"}, {get: "x"}],
        else: [{del: "x"}],
      });
      const all = await client.get("", {prefix: true, keysOnly: true});
      const gone = await client.delete("x", {prevKv: true});
      return [
        kvs[0],
        count,
        swapped.succeeded,
        swapped.responses,
        all.kvs.length,
        gone.prevKvs[0]?.value,
        clock.now() > before,
      ];
    });
    expect(found).toMatchObject([
      {key: "x", value: "ä", createRevision: 2, modRevision: 2, version: 1, lease: ""},
      1,
      true,
      [{}, {kvs: [{value: "b"}]}],
      1,
      "b",
      true,
    ]);
  });

  it("sleeps by its client's clock", async () => {
    const fast = [at(1, 0, {kind: "clock", who: "c1", rate: 2_000_000})];
    const slept = async ({clock}: Parameters<Program>[0]): Promise<number> => {
      await clock.sleep(0);
      const before = clock.now();
      await clock.sleep(4000);
      return clock.now() - before;
    };
    expect(await alone(slept)).toBe(4000);
    const done = await perform({c1: slept}, {script: fast});
    expect(done.programs).toMatchObject([{kind: "done", result: 4000}]);
    expect(done.at).toBe(2000 * ms + 1);
  });

  it("does nothing while its client stands still", async () => {
    const script = [
      at(1, 1000, {kind: "pauseClient", client: "c1"}),
      at(2, 3000, {kind: "resumeClient", client: "c1"}),
    ];
    const times = await alone(
      async ({client, clock}) => {
        await clock.sleep(1500);
        const woke = clock.now();
        await client.put("x", "1");
        return [woke, clock.now() > woke];
      },
      {script},
    );
    expect(times).toEqual([3000, true]);
  });

  it("reads a watch, and cancels it by leaving the loop", async () => {
    const done = await perform(
      {
        c1: async ({client}) => {
          const seen: string[] = [];
          for await (const {events} of client.watch("k/", {prefix: true, prevKv: true})) {
            for (const {type, kv, prevKv} of events)
              seen.push(`${type} ${kv.key} ${kv.value} ${prevKv?.value ?? "-"}`);
            if (seen.length >= 3) break;
          }
          return seen;
        },
        c2: async ({client, clock}) => {
          await clock.sleep(1500);
          await client.put("k/a", "1");
          await client.put("other", "1");
          await client.put("k/a", "2");
          await client.delete("k/a");
        },
      },
      {linger: 500 * ms},
    );
    expect(done.programs[0]).toMatchObject({
      kind: "done",
      result: ["put k/a 1 -", "put k/a 2 1", "delete k/a  2"],
    });
    const watch = done.operations.find(({request}) => request.kind === "watchCreate");
    expect(watch?.outcome?.kind).toBe("ok");
  });

  it("is told that what it watches was compacted", async () => {
    const found = await alone(async ({client}) => {
      for (let i = 0; i < 4; i++) await client.put("x", `${i}`);
      const {revision} = await client.get("x");
      await client.compact(revision);
      try {
        for await (const news of client.watch("x", {revision: 2})) return news;
      } catch (error) {
        return error instanceof EtcdError && [error.message, error.code];
      }
      return undefined;
    });
    expect(found).toEqual(["etcdserver: mvcc: required revision has been compacted", "OutOfRange"]);
  });

  it("holds a lock alone, leads, keeps leases, asks whatever a line can", async () => {
    const done = await perform({
      c1: async ({client, clock}) => {
        const lock = await client.lock("m", {ttl: 2});
        const owned = await lock.isOwner();
        await clock.sleep(3000);
        await lock.unlock();
        return [lock.key.startsWith("m/"), owned, lock.isLost];
      },
      c2: async ({client, clock}) => {
        const chief = await client.campaign("chief", "c2");
        await chief.proclaim("again");
        const lock = await client.lock("m");
        const {lease} = await client.grant(10);
        await client.put("leased", "1", {lease});
        const left = await client.keepAlive(lease);
        await client.revoke(lease);
        const {kvs} = await client.get("leased");
        const stm = await client.do("stm add n 2");
        const status = await client.do("status");
        await chief.resign();
        return [clock.now() > 3000, lock.revision > chief.revision, left, kvs.length, stm.kind, status.kind];
      },
    });
    expect(done.programs).toMatchObject([
      {kind: "done", result: [true, true, false]},
      {kind: "done", result: [true, true, 10, 0, "stm", "status"]},
    ]);
  });

  it("knows that its lock is lost", async () => {
    const script = [
      at(1, 1500, {kind: "pauseClient", client: "c1"}),
      at(2, 5000, {kind: "resumeClient", client: "c1"}),
    ];
    const found = await alone(
      async ({client, clock}) => {
        const lock = await client.lock("m", {ttl: 1});
        const before = lock.isLost;
        await clock.sleep(4000);
        // It is gone, and nobody has told yet.
        return [before, lock.isLost, await lock.isOwner(), lock.isLost];
      },
      {script},
    );
    expect(found).toEqual([false, false, false, true]);
  });

  it("gives up what it asked, on its way and before", async () => {
    const cut = [at(1, 0, {kind: "split", groups: [["c1"], ["n1", "n2", "n3"]]})];
    const found = await alone(
      async ({client, clock}) => {
        const first = new AbortController();
        const put = client.put("x", "1", {signal: first.signal}).catch((error: unknown) => error);
        await clock.sleep(100);
        first.abort();
        const second = new AbortController();
        const get = client.get("x", {signal: second.signal}).catch((error: unknown) => error);
        second.abort();
        return [await put, await get].map(
          (error) => error instanceof EtcdError && [error.message, error.outcome],
        );
      },
      {script: cut},
    );
    expect(found).toEqual([
      ["context canceled", "unknown"],
      ["context canceled", "failed"],
    ]);
  });
});

describe("the same programs with the same seed", () => {
  const two = {c1: increment, c2: increment};

  it("give the same chain; another seed gives another", async () => {
    const [first, second, other] = [await perform(two), await perform(two), await perform(two, {seed: "8"})];
    expect(second.traceHash).toBe(first.traceHash);
    expect(other.traceHash).not.toBe(first.traceHash);
    expect(first.programs.map(({kind}) => kind)).toEqual(["done", "done"]);
  });

  it("interleave: an update is lost, as it would be in life", async () => {
    const {operations} = await perform(two);
    const order = operations.map(({client}) => client).join(" ");
    expect(order).toMatch(/c1 c2 .*c1|c2 c1 .*c2/);
    const values = operations.flatMap(({request}) =>
      request.kind === "put" ? String.fromCharCode(...request.value) : [],
    );
    expect(values).toHaveLength(6);
    expect(Math.max(...values.map(Number))).toBeLessThan(6);
  });

  it("a turn of another kind gives the same chain: a program has done all it can in one", async () => {
    const timer = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1));
    const run = makeRun({clients: 2, until: 8000});
    const slow = await runPrograms(run, two, {versions: sound, turn: timer});
    expect(slow.traceHash).toBe((await perform(two)).traceHash);
  });
});

describe("what is recorded", () => {
  it("runs again without the program, event by event, from a trace's text too", async () => {
    const done = await perform({c1: increment, c2: increment}, {lines: true, checkers: standardChecks()});
    expect(done.verdict).toBe("pass");
    expect(new Set(done.run.script.map(({origin}) => origin))).toEqual(new Set(["program"]));
    const read = readTrace(writeTrace(traceOf(done, {code: codeHash})));
    if (!read.ok) throw new Error(read.error);
    const {difference, executed} = replay(read.value, {versions: sound});
    expect(difference).toBeUndefined();
    expect(executed.traceHash).toBe(done.traceHash);
  });

  it("faults of a plan happen to programs", async () => {
    const script = [at(1, 1000, {kind: "crash", member: "n1"}), at(2, 1500, {kind: "restart", member: "n1"})];
    const done = await perform({c1: increment}, {script});
    expect(execute(done.run, {versions: sound}).traceHash).toBe(done.traceHash);
    expect(done.run.script.filter(({origin}) => origin === "plan")).toHaveLength(2);
  });
});

describe("a program that does not end", () => {
  const outside = "waits for something outside the simulation";

  it("fails when it waits for a real timer", async () => {
    const {programs, verdict} = await perform({
      c1: async ({client}) => {
        await client.put("x", "1");
        await new Promise((resolve) => setTimeout(resolve, 5));
        await client.put("x", "2");
      },
    });
    expect(programs).toMatchObject([{kind: "failed", program: "c1", message: outside}]);
    expect(verdict).toBe("fail");
  });

  it("fails when it waits for a promise that nobody settles", async () => {
    const done = await perform({c1: () => new Promise(() => {}), c2: increment});
    expect(done.programs).toMatchObject([
      {kind: "failed", program: "c1", message: outside},
      {kind: "waits", program: "c2"},
    ]);
  });

  it("waits to the end of the run for what the simulation does not bring, and says for what", async () => {
    const done = await perform(
      {
        c1: async ({client}) => {
          const held = await client.lock("m");
          await client.lock("m");
          return held;
        },
        c2: async ({client, clock}) => {
          for await (const _ of client.watch("never")) await clock.sleep(1);
        },
      },
      {until: 3000},
    );
    expect(done.end).toBe("time");
    expect(done.programs).toEqual([
      {kind: "waits", program: "c1", waitsFor: ["lock m"]},
      {kind: "waits", program: "c2", waitsFor: ["watch never"]},
    ]);
  });
});

describe("what comes after", () => {
  it("begins when all the others have ended, on the first one's client", async () => {
    const {programs, operations} = await perform(
      {c2: increment, c1: increment},
      {afterwards: async ({client}) => (await client.get("n")).kvs[0]?.version},
    );
    expect(programs.at(-1)).toMatchObject({kind: "done", program: "afterwards", result: 6});
    expect(operations.at(-1)).toMatchObject({client: "c2", request: {kind: "range"}});
  });

  it("does not begin where one failed", async () => {
    const afterwards = vi.fn(async () => {});
    const fails: Program = async () => {
      throw new Error("no");
    };
    const {programs, checks} = await perform({c1: fails, c2: increment}, {afterwards});
    expect(afterwards).not.toHaveBeenCalled();
    expect(programs).toHaveLength(2);
    expect(checks).toMatchObject([
      {name: "Program c1", verdict: "fail", violation: {said: {id: "programFailed", args: {message: "no"}}}},
      {name: "Program c2", verdict: "fail", violation: {said: {id: "programWaits"}}},
    ]);
  });
});

describe("an error", () => {
  it("that a program throws is what came of it, with the program's stack", async () => {
    const {programs} = await perform({
      c1: async ({client}) => {
        await client.put("x", "1");
        throw new Error("not what I expected");
      },
    });
    expect(programs).toMatchObject([{kind: "failed", message: "not what I expected"}]);
    expect(programs[0]?.kind === "failed" && programs[0].stack).toContain("program.test.ts");
  });

  it("of etcd is where the program asked; it can be caught", async () => {
    const {programs} = await perform({c1: async ({client}) => await client.get("x", {revision: 99})});
    const message = "etcdserver: mvcc: required revision is a future revision";
    expect(programs).toMatchObject([{kind: "failed", message}]);
    expect(programs[0]?.kind === "failed" && programs[0].stack).toMatch(
      /^EtcdError: .*\n[^]*program\.test\.ts/,
    );
    const caught = await alone(async ({client}) => {
      try {
        return await client.get("x", {revision: 99});
      } catch (error) {
        return error instanceof EtcdError && [error.code, error.outcome];
      }
    });
    expect(caught).toEqual(["OutOfRange", "failed"]);
  });

  it("of a write whose answer was lost says that nobody knows", async () => {
    const cut = [at(1, 955, {kind: "split", groups: [["c1"], ["n1", "n2", "n3"]]})];
    const found = await alone(
      async ({client, clock}) => {
        await clock.sleep(950);
        const put = client.put("x", "1").catch((error: unknown) => error);
        const error = await put;
        return error instanceof EtcdError && error.outcome;
      },
      {script: cut},
    );
    expect(found).toBe("unknown");
  });

  it("in a line is thrown where it stands", async () => {
    const {programs} = await perform({c1: async ({client}) => await client.do("putt x 1")});
    expect(programs).toMatchObject([
      {
        kind: "failed",
        message: expect.stringContaining(
          'client.do: "putt x 1" is no etcdctl line: unknown command "putt"',
        ) as string,
      },
    ]);
  });

  it("nothing of a program runs on after the run", async () => {
    const told = vi.fn();
    await perform({c1: async ({client}) => client.watch("x").next().then(told, told)}, {until: 1000});
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(told).not.toHaveBeenCalled();
  });
});
