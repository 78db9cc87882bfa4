// A run on record, looked at: `diff` and `trace`.

import {spawn} from "node:child_process";
import {once} from "node:events";
import {existsSync, readFileSync, statSync} from "node:fs";
import {setTimeout as pause} from "node:timers/promises";
import {beforeAll, describe, expect, it} from "vitest";
import {root} from "../../build/paths.ts";
import {leaderCrash} from "../../scenarios/leaderCrash.ts";
import {etcdscope, folder, jsonOf} from "./terminal.ts";

const files = folder();
const [a, b] = [files.path("a.trace"), files.path("b.trace")];

beforeAll(async () => {
  await etcdscope("run", "leader-partition", "--trace", a);
  await etcdscope("run", "leader-partition", "--variant", "control", "--trace", b);
}, 60_000);

interface Part {
  readonly where: string;
  readonly part: string;
  readonly a?: string;
  readonly b?: string;
}

describe("etcdscope diff", () => {
  it("exits 0 where two traces are of one run", async () => {
    const {exit, out} = await etcdscope("diff", a, a);
    expect(exit).toBe(0);
    expect(out).toContain("the headers say the same");
    expect(out).toMatch(/no event differs \(the chain was compared \d+ times, of \d+ events\)/);
  });

  it("says what differs, headers first, and exits 1", async () => {
    const {exit, out} = await etcdscope("diff", a, b);
    expect(exit).toBe(1);
    const places = [
      "the headers differ",
      "variant",
      "the first event that differs is",
      "state differs first",
      "what followed",
    ].map((words) => out.indexOf(words));
    expect(places.every((place) => place > 0)).toBe(true);
    expect(places).toEqual(places.toSorted((one, other) => one - other));
    // The split is what the control does not have.
    expect(out).toMatch(/^ {2}a {2}script#\d+ /m);
    expect(out).toMatch(/^ {2}world {2}links /m);
    expect(out).toMatch(/step "cut": split/);
  });

  it("says the same as JSON", async () => {
    const {exit, out} = await etcdscope("diff", a, b, "--json");
    expect(exit).toBe(1);
    const json = JSON.parse(out) as {event: {step: number; comparisons: number}; state: {since: number}};
    expect(json.event.comparisons).toBeLessThanOrEqual(10);
    expect(json.state.since).toBe(json.event.step);
    expect((await etcdscope("diff", a, b)).out).toContain(
      `the first event that differs is ${json.event.step} `,
    );
  });

  it("says what state is in words where it has some, else its digest", async () => {
    const {out} = await etcdscope("diff", a, b);
    const json = jsonOf(await etcdscope("diff", a, b, "--json")) as unknown as {
      state: {parts: readonly Part[]};
    };
    const said = [...out.matchAll(/^ {2}(n\d|world) {2,}(\S+(?: \S+)*?) {2,}a (.+?) {2,}b (.+)$/gm)].map(
      ([, where, part, inA, inB]) => ({where, part, inA, inB}),
    );
    expect(said.map(({where, part}) => [where, part])).toEqual(
      json.state.parts.map(({where, part}) => [where, part]),
    );
    const words = "follower, term 1, log to 2, commit 2";
    const digests = json.state.parts.map((part) => [part.a?.slice(0, 8) ?? "–", part.b?.slice(0, 8) ?? "–"]);
    // The words are the same, so the digests stand beside them.
    const [inA, inB] = (digests[0] ?? []).map((digest) => `${words} ${digest}`);
    expect(inA).not.toBe(inB);
    expect(said[0]).toEqual({where: "n4", part: "raft", inA, inB});
    expect(said.slice(1).map(({inA, inB}) => [inA, inB])).toEqual(digests.slice(1));
    expect(digests.length).toBeGreaterThan(4);
  });

  it("puts what followed side by side, from one event before on, those of one name in one row", async () => {
    const {out} = await etcdscope("diff", a, b);
    const json = jsonOf(await etcdscope("diff", a, b, "--json")) as unknown as {
      event: {step: number; a: {id: string; at: number}};
    };
    const {step, a: first} = json.event;
    const [head = "", ...lines] = out.slice(out.indexOf("what followed")).trimEnd().split("\n").slice(1);
    const [atA, atB] = [head.indexOf("a: step"), head.indexOf("b: step")];
    const cells = (half: string): readonly string[] => half.trim().split(/ {2,}/);
    const table = lines.map((line) => [cells(line.slice(atA, atB)), cells(line.slice(atB))] as const);
    expect([cells(head.slice(atA, atB)), cells(head.slice(atB))]).toEqual([
      ["a: step", "ms", "event", "what"],
      ["b: step", "ms", "event", "what"],
    ]);
    // Steps stand at the right.
    for (const line of lines) expect(line.slice(atA, atA + "a: step".length)).toMatch(/^( +| *\d+)$/);
    const [before, differs] = table;
    expect(before?.[0]).toEqual(before?.[1]);
    expect(differs?.[0]).toEqual([
      `${step}`,
      (first.at / 1000).toFixed(3),
      first.id,
      'step "cut": split n5 n1 c1 | n2 n3 n4 c2',
    ]);
    expect(differs?.[1]).toEqual([""]);
    for (const side of [0, 1] as const) {
      const steps = table.flatMap((row) => (row[side][0] === "" ? [] : [Number(row[side][0])]));
      expect(steps).toEqual(Array.from({length: 13}, (_, i) => step - 1 + i));
    }
    const both = table.filter(([one, other]) => one[0] !== "" && other[0] !== "");
    expect(both.length).toBeGreaterThan(8);
    for (const [one, other] of both) expect(one.slice(1, 3)).toEqual(other.slice(1, 3));
    // What the one lost the other did not.
    expect(
      both.some(([one, other]) => one[3]?.includes("(lost:") === true && !other[3]?.includes("(lost:")),
    ).toBe(true);
  });

  it("refuses what is no trace in one line", async () => {
    const bad = files.write("bad.trace", "hello");
    const {exit, err} = await etcdscope("diff", a, bad);
    expect(exit).toBe(2);
    expect(err).toMatch(/^etcdscope: \S+bad\.trace: line 1: .* expected JSON\n$/);
  });
});

/** The rows below the head of the columns. */
async function rows(...options: readonly string[]): Promise<readonly string[]> {
  const {exit, out} = await etcdscope("trace", a, ...options);
  expect(exit).toBe(0);
  const lines = out.trimEnd().split("\n");
  return lines.slice(lines.findIndex((line) => /^ *step +ms {2}event/.test(line)) + 1);
}

describe("etcdscope trace", () => {
  it("prints a legend, then a line per event in aligned columns", async () => {
    const {out} = await etcdscope("trace", a);
    const [head = "", first = ""] = out.slice(out.indexOf("\n\n") + 2).split("\n");
    for (const mark of ["L leader", ". follower", "? candidate", "= paused", "# down"])
      expect(out).toContain(mark);
    expect(first.indexOf("clock/")).toBe(head.indexOf("event"));
    const what = head.indexOf("what");
    const told = (await rows()).filter((row) => /^ *\d+ /.test(row) && row.length > what);
    expect(told.every((row) => row[what] !== " " && row[what - 1] === " ")).toBe(true);
    expect(told.length).toBeGreaterThan(100);
  });

  it("marks every member after each event: a leader, once it leads", async () => {
    const all = await rows();
    const leads = all.find((row) => row.includes("becomes leader")) ?? "";
    const [, member = ""] = / n(\d) +\d+\/\d+\/\d+ /.exec(leads) ?? [];
    const [, marks = ""] = / ([L.?'=#-]{5}) /.exec(leads) ?? [];
    expect(marks[Number(member) - 1]).toBe("L");
    expect(all.find((row) => row.includes("becomes candidate"))).toMatch(/ [.?]*\?[.?]* /);
  });

  it("has every event with --all, and only what was asked for otherwise", async () => {
    const {events} = jsonOf(await etcdscope("replay", a, "--json"));
    const all = await rows("--all");
    expect(all.filter((row) => /^ *\d+ /.test(row))).toHaveLength(events as number);
    const messages = await rows("--kind", "AppendEntries", "--from", "400ms", "--to", "600ms");
    expect(messages.length).toBeGreaterThan(3);
    for (const row of messages) {
      expect(row).toContain("MsgApp ");
      const time = Number(/^ *\d+ +([\d.]+)/.exec(row)?.[1]);
      expect(time).toBeGreaterThanOrEqual(400);
      expect(time).toBeLessThanOrEqual(600);
    }
    expect(await rows("--kind", "MsgApp", "--from", "400ms", "--to", "600ms")).toEqual(messages);
    for (const row of await rows("--lane", "n1->n5", "--all")) expect(row).toContain(" n1→n5#");
    const own = await rows("--member", "c2");
    expect(own.some((row) => row.includes("c2 asks"))).toBe(true);
    expect(own.every((row) => row.includes("c2"))).toBe(true);
    const [first = "", ...others] = await rows("--from", "n1→n5#13", "--to", "436", "--all");
    expect(first).toContain("n1→n5#13");
    expect(others.at(-1)).toMatch(/^ *436 /);
  });

  it.each([
    [["--member", "n9"], '--member: found "n9", expected one of n1, n2'],
    [["--kind", "letter"], '--kind: found "letter", expected one of tick'],
    [
      ["--kind", "AppendEntry"],
      'or a message\'s such as AppendEntries or MsgApp; did you mean "AppendEntries"?',
    ],
    [["--lane", "m1"], '--lane: found "m1", expected the beginning of a lane of the trace: actor/n'],
    [["--from", "yesterday"], '--from: found "yesterday", expected an event'],
  ])("%j is refused in one line", async (options, says) => {
    const {exit, err} = await etcdscope("trace", a, ...options);
    expect(exit).toBe(2);
    expect(err).toContain(says);
  });

  it("says so where no event is what was asked for", async () => {
    const {exit, out, err} = await etcdscope("trace", a, "--kind", "InstallSnapshot");
    expect([exit, out]).toEqual([0, ""]);
    expect(err).toBe(`no event of ${a} is what was asked for\n`);
  });

  it("of a file that was cut short shows what is there, and says so", async () => {
    const bytes = readFileSync(a);
    const cut = files.write("cut.trace", bytes.subarray(0, bytes.length - 40));
    const {exit, out, err} = await etcdscope("trace", cut, "--from", "1000");
    expect(exit).toBe(0);
    expect(err).toMatch(/cut\.trace is cut short: it holds the first \d+ events of its run, and no end/);
    expect(out.length).toBeGreaterThan(500);
    expect((await etcdscope("replay", cut)).out).toMatch(/the replay agrees with all \d+ events\n$/);
  });
});

describe("a run that is killed", () => {
  it("leaves a trace of what it did so far, which replays", async () => {
    const {run} = leaderCrash;
    const never = {all: [{leader: "none"}, {not: {leader: "none"}}]};
    const endless = {...leaderCrash, tell: [], run: {...run, expect: [], until: never, limit: "3600s"}};
    const [scenario, trace] = [
      files.write("endless.json", JSON.stringify(endless)),
      files.path("endless.trace"),
    ];
    const child = spawn(
      process.execPath,
      ["--import", "tsx", "bin/etcdscope.ts", "run", scenario, "--trace", trace],
      {
        cwd: root,
        stdio: "ignore",
      },
    );
    // It is killed when there are some blocks; how many is chance, that all of them replay is not.
    while (!existsSync(trace) || statSync(trace).size < 60_000) await pause(20);
    child.kill("SIGKILL");
    await once(child, "exit");
    const {exit, out, err} = await etcdscope("replay", trace);
    expect(err).toMatch(/endless\.trace is cut short: it holds the first \d+ events of its run, and no end/);
    const [, events = "0"] = /the replay agrees with all (\d+) events\n$/.exec(out) ?? [];
    expect(Number(events)).toBeGreaterThan(2048);
    expect(Number(events) % 1024).toBe(0);
    expect(exit).toBe(0);
  }, 60_000);
});
