import {rmSync} from "node:fs";
import {afterAll, describe, expect, it} from "vitest";
import {run, scenario, simulate, SimulationError} from "../../bin/lib.ts";
import type {Done} from "../../bin/lib.ts";
import "../../bin/libTest.ts";
import {holds, keepsWatches} from "../../bin/matchers.ts";
import {
  watchAtomic,
  watchComplete,
  watchOrder,
  watchPrevious,
  watchUnique,
} from "../../sim/check/watchGuarantees.ts";
import {
  watchBookmarks,
  watchNeverSilent,
  watchOnlyForward,
  watchResumption,
} from "../../sim/check/watchWire.ts";

const written: string[] = [];
afterAll(() => {
  for (const path of written) rmSync(path, {force: true});
});

/** What the matcher prints. */
function said(check: () => void): string {
  try {
    check();
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    written.push(/^trace:\s+(\S+)/m.exec(text)?.[1] ?? "");
    return text;
  }
  return "it passed";
}

const bugs = {n1: ["read-unconfirmed"], n2: ["read-unconfirmed"], n3: ["read-unconfirmed"]};

/** A leader that was cut off answers a read although another one has written: stale, where no quorum is asked. */
const staleRead = scenario({
  format: 1,
  id: "stale-read",
  group: "example",
  title: {en: "A stale read", zh: "陈旧读"},
  teaches: {en: "A read that no quorum confirms", zh: "未经法定人数确认的读取"},
  run: {
    seed: "1",
    holds: "this seed",
    until: {op: "op:#read", is: "done"},
    limit: "10s",
    config: {members: 3, clients: 2, profile: "teaching"},
    bugs,
    steps: [
      {
        when: {not: {leader: "none"}},
        after: "100ms",
        let: {old: "leader"},
        client: "c1",
        op: "put x 1",
        as: "one",
      },
      {when: {op: "op:#one", is: "done"}, split: [["@old"], ["others"]]},
      {when: {all: [{not: {leader: "none"}}, {not: {leader: "@old"}}]}, let: {new: "leader"}, wait: true},
      {client: "c2", op: "put x 2", as: "two", to: "@new"},
      {when: {op: "op:#two", is: "done"}, client: "c1", op: "get x", as: "read", to: "@old"},
    ],
    expect: [],
  },
});

describe("toHold", () => {
  it("takes a run that is there already, with all of its checks", async () => {
    expect(run("leader-crash")).toHold();
    const error: unknown = await simulate({}, () => Promise.reject(new Error("on purpose"))).catch(
      (one: unknown) => one,
    );
    if (!(error instanceof SimulationError)) throw new Error("it held");
    expect(error.run).not.toHold();
    expect(error.run).toBeLinearizable();
    expect(said(() => expect(error.run).toHold())).toBe(error.message);
  });

  it("counts all that a scenario expects in a run that is there already, and nothing of it in a trial", () => {
    const {tell: _, variants: __, ...ours} = scenario("leader-crash");
    const says = {en: "Nobody leads", zh: "无人领导"};
    const doomed = {
      ...ours,
      run: {...ours.run, expect: [{id: "nobody-leads", claim: {leader: "none"}, says}]},
    };
    expect(run(scenario(doomed))).not.toHold();
    expect({of: scenario(doomed)}).toHold();
  });

  it("takes an invariant, which must be so after every event, of a trial and of a run alike", async () => {
    const never = {not: {term: "n1", atLeast: 2}} as const;
    const trial = {of: "leader-crash", seed: "5"};
    expect(trial).toHold({term: "n1", atLeast: 0});
    expect(trial).not.toHold(never);
    expect(run("leader-crash", {seed: "5"})).not.toHold(never);
    const done = await simulate({members: 3}, ({client}) => client.put("x", "1"));
    expect(done).toHold({not: {role: "n1", is: "crashed"}});
    expect(done).not.toHold({leader: "none"});
  });

  it("says of an invariant what it is, and the event after which it was not so", () => {
    const text = said(() => expect({of: "leader-crash", seed: "5"}).toHold({leader: "none"}));
    expect(text).toMatch(/^leader-crash with seed "5" and 0 faults does not hold: invariant\n/);
    expect(text).toContain('{"leader":"none"}');
    const [, event = ""] = /^ {2}at (\S+)$/m.exec(text) ?? [];
    const done = run("leader-crash", {seed: "5"});
    const at = done.lines.named(event)?.at ?? 0;
    expect(at).toBeGreaterThan(0);
    expect(at).toBeLessThan(done.at / 2);
  });

  it("counts an invariant in a variant too", () => {
    expect({of: "leader-crash", variant: "control"}).toHold({not: {role: "n1", is: "crashed"}});
    expect({of: "leader-crash", variant: "control"}).not.toHold({leader: "none"});
  });

  it("refuses in one line what is no fact", () => {
    const loose = holds as (received: unknown, invariant: unknown) => unknown;
    expect(() => loose({of: "leader-crash"}, {leadr: "none"})).toThrow(/^toHold[^\n]*leadr[^\n]*$/);
    expect(() => loose(7, undefined)).toThrow(/^toHold: found 7, expected a trial/);
  });
});

describe("toBeLinearizable and toKeepWatchGuarantees", () => {
  it("look at their own checks and at no others", () => {
    expect({of: staleRead}).not.toBeLinearizable();
    expect({of: staleRead}).toKeepWatchGuarantees();
    expect({of: staleRead}).not.toHold();
    expect(run("leader-crash")).toBeLinearizable();
    expect(run("leader-crash")).toKeepWatchGuarantees();
  });

  it("print what toHold prints: the check, and the way back to the run", () => {
    const text = said(() => expect({of: staleRead}).toBeLinearizable());
    expect(text).toMatch(/^stale-read with seed "1" and 0 faults does not hold: Linearizability\n/);
    for (const line of [/^seed: {3}1$/m, /^trace: {2}\S+\.trace/m, /^link: {3}#run=/m])
      expect(text).toMatch(line);
    expect(said(() => expect({of: "leader-crash"}).not.toBeLinearizable())).toMatch(
      /^leader-crash with seed "\d+" and 0 faults is linearizable, expected it not to be$/,
    );
    expect(said(() => expect({of: "leader-crash"}).not.toKeepWatchGuarantees())).toMatch(
      /keeps the watch guarantees, expected it not to$/,
    );
  });

  it("know every check of watches", () => {
    const done = run("leader-crash");
    /** As if the check of this name had failed. */
    const without = (failed: string): Done => ({
      ...done,
      checks: done.checks.map((one) => (one.name === failed ? {...one, verdict: "unknown"} : one)),
    });
    const ofWatches = [watchOrder, watchUnique, watchComplete, watchAtomic, watchPrevious].map(
      (make) => make().name,
    );
    const ofWire = [watchOnlyForward, watchResumption, watchBookmarks, watchNeverSilent].map(
      (make) => make().name,
    );
    for (const {name} of done.checks) {
      const {pass} = keepsWatches(without(name));
      expect([name, pass]).toEqual([name, ![...ofWatches, ...ofWire].includes(name)]);
    }
  });

  it("refuse in one line what is no run and no trial", () => {
    expect(said(() => expect("leader-crash").toBeLinearizable())).toMatch(
      /^toBeLinearizable: found "leader-crash", expected a trial: \{of: scenario\(…\), seed, faults, claims\}, or a run$/,
    );
  });
});

describe("toBeLinearizable of a history that somebody recorded", () => {
  const event = (process: number, type: string, f: string, value: string): string =>
    `{:process ${process}, :type :${type}, :f :${f}, :value ${value}}\n`;
  const call = (process: number, f: string, asked: string, answer: string): string =>
    event(process, "invoke", f, asked) + event(process, "ok", f, answer);
  const register = (read: string): string => call(0, "write", "1", "1") + call(1, "read", "nil", read);
  const etcd = (revision: number): string =>
    call(0, "etcdctl", '"put x 1"', "{:revision 2}") +
    call(1, "etcdctl", '"get y"', `{:revision ${revision}}`);
  const texts = call(0, "append", '"a"', '"a"') + call(1, "get", "nil", '"a"');

  it("judges registers, texts and whole etcds", () => {
    expect(register("1")).toBeLinearizable({model: "register"});
    expect(register("2")).not.toBeLinearizable({model: "register"});
    expect(texts).toBeLinearizable({model: "text"});
    expect(etcd(2)).toBeLinearizable({model: "etcd"});
    expect(etcd(1)).not.toBeLinearizable({model: "etcd"});
  });

  it("says what `check` says", () => {
    expect(said(() => expect(register("2")).toBeLinearizable({model: "register"}))).toBe(
      `a history of 2 operations (register) is not linearizable

no order explains that read 2 returned to process 1 at line 4
the shortest window that no order explains, whatever was there before line 1:
  line  to  process  what
     1   2        0  write 1
     3   4        1  read 2  ◀
an order that explains all before line 4, 1 operations; its end:
  line  to  process  what
     1   2        0  write 1`,
    );
    expect(said(() => expect(etcd(1)).toBeLinearizable({model: "etcd"}))).toContain(
      "these two contradict each other: the second shows less than the first",
    );
    expect(said(() => expect(etcd(2)).not.toBeLinearizable({model: "etcd"}))).toBe(
      "a history of 2 operations (etcd) is linearizable, expected it not to be",
    );
    const appends = Array.from({length: 12}, (_, i) =>
      event(i, "invoke", "append", `"${"a".repeat(i + 1)}"`),
    );
    const never = appends.join("") + call(20, "get", "nil", `"${"a".repeat(70)}b"`);
    expect(said(() => expect(never).toBeLinearizable({model: "text", budget: 100}))).toBe(
      "a history of 13 operations (text) is not settled: the budget of steps ran out",
    );
  });

  it("refuses in one line what is no history, or one with another model", () => {
    const refused = (history: unknown, of: unknown): string =>
      said(() => expect(history).toBeLinearizable(of as {model: "etcd"}));
    expect(refused(etcd(2), {model: "register"})).toBe(
      "toBeLinearizable: found a history with the model etcd, expected one with register",
    );
    expect(refused(etcd(2), {model: "queue"})).toMatch(
      /^toBeLinearizable: model: found "queue", expected one of register/,
    );
    expect(refused(etcd(2), {model: "etcd", budget: 0})).toMatch(/^toBeLinearizable: budget: found 0/);
    expect(refused(etcd(2), {modl: "etcd"})).toMatch(/^toBeLinearizable: found the key "modl"/);
    expect(refused(run("leader-crash"), {model: "etcd"})).toMatch(
      /expected the text of a history, since a model is named$/,
    );
    expect(refused("nothing", {model: "etcd"})).toMatch(
      /^toBeLinearizable: line 1: found "nothing", expected a history/,
    );
    expect(refused(etcd(2), undefined)).toMatch(/expected a trial/);
  });
});
