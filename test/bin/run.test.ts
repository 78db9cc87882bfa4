import {readFileSync} from "node:fs";
import {describe, expect, it} from "vitest";
import {faultDocs, faultParameters} from "../../scenarios/fault.ts";
import {factNames} from "../../scenarios/fact.ts";
import {leaderCrash} from "../../scenarios/leaderCrash.ts";
import type {Scenario} from "../../scenarios/format.ts";
import {vocabulary} from "../../scenarios/vocabulary.ts";
import {diskFaultKinds} from "../../sim/disk/fault.ts";
import {etcdscope, folder, jsonOf} from "./terminal.ts";

const files = folder();

/** Its one claim of the end says the opposite of what happens. */
const disappointed: Scenario = {
  ...leaderCrash,
  id: "disappointed",
  tell: [],
  run: {
    ...leaderCrash.run,
    expect: [
      {
        id: "never-back",
        claim: {role: "@old", is: "crashed"},
        says: {en: "{@old} stays down", zh: "{@old} 不再恢复"},
      },
    ],
  },
};

describe("etcdscope list", () => {
  it("names every scenario and what it teaches", async () => {
    const {exit, out} = await etcdscope("list");
    expect(exit).toBe(0);
    expect(out).toContain("leader-partition      lesson: The leader cut off in a minority");
  });

  it("prints id, group, title and teaches as JSON, in teaching order", async () => {
    const listed = JSON.parse((await etcdscope("list", "--json")).out) as Record<string, unknown>[];
    expect(listed.map(({id}) => id)).toEqual([
      "leader-partition",
      "leader-crash",
      "pre-vote",
      "replace-a-member",
      "joint-consensus",
      "mvcc-walk",
      "lock-without-fencing",
      "full-disk",
    ]);
    for (const row of listed) {
      expect(Object.keys(row)).toEqual(["id", "group", "title", "teaches"]);
      expect(row["title"]).toEqual({en: expect.any(String) as string, zh: expect.any(String) as string});
    }
  });
});

describe("etcdscope run", () => {
  it("tells with --log every message and what raft logs, in etcd's words, and changes nothing by it", async () => {
    const told = await etcdscope("run", "replace-a-member", "--seed", "7", "--log", "--json");
    const lines = told.out.split("\n").map((line) => line.trim());
    expect(lines.slice(0, 3)).toEqual([
      "INFO 1 switched to configuration voters=(1 2 3)",
      "INFO 1 became follower at term 0",
      "INFO newRaft 1 [peers: [1,2,3], term: 0, commit: 0, applied: 0, lastindex: 0, lastterm: 0]",
    ]);
    const said = (pattern: RegExp): boolean => lines.some((line) => pattern.test(line));
    expect(
      said(/^[0-9.]+ ms {2}n\d→n\d#\d+ +\d->\d MsgApp Term:\d+ Log:\d+\/\d+ .*EntryNormal put x=1/),
    ).toBe(true);
    expect(said(/^INFO \d switched to configuration voters=\(1 2 3\) learners=\(4\)$/)).toBe(true);
    expect(said(/^Snapshot: Index:\d+ Term:\d+ ConfState:Voters:\[1 2 3\] .*Learners:\[4\]/)).toBe(true);
    expect(said(/transport: snapshot to 4 arrived$/)).toBe(true);
    const json = JSON.parse(told.out.trimEnd().split("\n").at(-1) ?? "") as Record<string, unknown>;
    const plain = jsonOf(await etcdscope("run", "replace-a-member", "--seed", "7", "--json"));
    expect({...json, wallMs: 0}).toEqual({...plain, wallMs: 0});
  });

  it("tells with --log the commits of backend files, steps in quotes, and long values cut", async () => {
    const {out} = await etcdscope("run", "full-disk", "--log");
    const lines = out.split("\n");
    expect(lines.filter((line) => line.length > 250)).toEqual([]);
    const said = (pattern: RegExp): boolean => lines.some((line) => pattern.test(line));
    expect(said(/script\/c1#\d+ +step "refused": c1 asks n\d: put c v+…$/)).toBe(true);
    expect(said(/c1→n\d#\d+ +put c v+…$/)).toBe(true);
    const commits = lines.flatMap((line) => {
      const [, event, member, entry] =
        /(\S+#\d+) +backend file of (n\d): a commit is durable, up to entry (\d+)$/.exec(line) ?? [];
      return event === undefined ? [] : [{event, member, entry: Number(entry)}];
    });
    const ofFirst = commits.filter(({member}) => member === "n1");
    expect(ofFirst.length).toBeGreaterThan(3);
    for (const {event} of ofFirst) expect(event).toMatch(/^disk\/n1\/db#\d+$/);
    expect(ofFirst.map(({entry}) => entry)).toEqual(
      [...new Set(ofFirst.map(({entry}) => entry))].sort((a, b) => a - b),
    );
  });

  it("says where a run was kept, and how to look at its disks", async () => {
    const path = files.path("a kept.trace");
    const {out} = await etcdscope("run", "leader-crash", "--trace", path);
    expect(out.trimEnd().split("\n").slice(-3)).toEqual([
      `kept:          ${path}`,
      `replay it:     etcdscope replay '${path}'`,
      `its disks:     etcdscope inspect '${path}' --member n1 --disk`,
    ]);
  });

  it("prints the result as JSON, and the same twice but for the wall clock", async () => {
    const [first, second] = [
      jsonOf(await etcdscope("run", "leader-partition", "--seed", "7", "--json")),
      jsonOf(await etcdscope("run", "leader-partition", "--seed", "7", "--json")),
    ];
    expect(Object.keys(first)).toEqual([
      "scenario",
      "seed",
      "verdict",
      "expected",
      "events",
      "messages",
      "virtualMs",
      "wallMs",
      "traceHash",
      "checks",
      "stopped",
      "damaged",
    ]);
    expect(first).toMatchObject({scenario: "leader-partition", seed: "7", verdict: "pass", expected: true});
    expect(first["traceHash"]).toMatch(/^[0-9a-f]{16}$/);
    expect({...second, wallMs: 0}).toEqual({...first, wallMs: 0});
    for (const check of first["checks"] as Record<string, unknown>[]) {
      expect(check).toMatchObject({
        name: expect.any(String) as string,
        verdict: "pass",
        exercised: expect.any(Number) as number,
      });
    }
  });

  it("gives another hash for another seed, and the scenario's own seed when none is named", async () => {
    const own = jsonOf(await etcdscope("run", "leader-crash", "--json"));
    const same = jsonOf(await etcdscope("run", "leader-crash", "--seed", leaderCrash.run.seed, "--json"));
    const other = jsonOf(await etcdscope("run", "leader-crash", "--seed", "other", "--json"));
    expect(same["traceHash"]).toBe(own["traceHash"]);
    expect(other["traceHash"]).not.toBe(own["traceHash"]);
  });

  it("says in words what held", async () => {
    const {exit, out, err} = await etcdscope("run", "leader-crash");
    expect(exit).toBe(0);
    expect(out).toContain("claim caught-up");
    expect(out).toContain("leader-crash with seed 1: pass\n");
    expect(err).toBe("");
  });

  it("runs a person's own file as it runs ours", async () => {
    const file = files.write("mine.json", `// mine\n${JSON.stringify(leaderCrash)}`);
    const [mine, ours] = [
      jsonOf(await etcdscope("run", file, "--json")),
      jsonOf(await etcdscope("run", "leader-crash", "--json")),
    ];
    expect({...mine, wallMs: 0}).toEqual({...ours, wallMs: 0});
  });

  it("runs a variant, which claims something else", async () => {
    const {exit, out} = await etcdscope("run", "leader-crash", "--variant", "control");
    expect(exit).toBe(0);
    expect(out).toContain("claim same-leader");
    expect(out).not.toContain("claim caught-up");
  });

  it("ends with three lines to paste when a claim is false", async () => {
    const file = files.write("disappointed.json", JSON.stringify(disappointed));
    const {exit, out} = await etcdscope("run", file, "--seed", "a b");
    expect(exit).toBe(1);
    expect(out).toMatch(/claim never-back +VIOLATED/);
    expect(out).toMatch(/the scenario expects "never-back", but it is not so: n\d stays down/);
    const [see, again, keep] = out.trimEnd().split("\n").slice(-3);
    expect(see).toMatch(new RegExp(`^see it: +etcdscope open ${file} --seed 'a b' --at '?[^ ]+#\\d+'?$`));
    expect(again).toBe(`run it again:  etcdscope run ${file} --seed 'a b'`);
    expect(keep).toBe(`keep it:       etcdscope run ${file} --seed 'a b' --trace failure.trace`);
    const json = jsonOf(await etcdscope("run", file, "--json"));
    expect(json).toMatchObject({verdict: "fail", expected: false});
    expect(
      (json["checks"] as {name: string; evidence?: string[]}[]).find(({name}) => name === "claim never-back")
        ?.evidence,
    ).toHaveLength(1);
    expect((await etcdscope("run", file, "--as-expected")).exit).toBe(1);
  });

  it("fails when a step never fires, and names the step", async () => {
    const stuck = {
      ...leaderCrash,
      run: {
        ...leaderCrash.run,
        limit: "2s",
        steps: leaderCrash.run.steps.filter((step) => !("restart" in step)),
      },
    };
    const file = files.write(
      "stuck.json",
      JSON.stringify({...stuck, run: {...stuck.run, expect: []}, tell: []}),
    );
    const {exit, out} = await etcdscope("run", file);
    expect(exit).toBe(1);
    expect(out).toContain('the step "caught-up" was still waiting');
  });

  it("exits 0 with --as-expected when it came out as expected", async () => {
    expect((await etcdscope("run", "leader-crash", "--as-expected", "--json")).exit).toBe(0);
  });
});

describe("etcdscope new, schema", () => {
  it("writes a scenario that runs and passes for several seeds, and never overwrites", async () => {
    const path = files.path("My first one.json");
    expect((await etcdscope("new", path)).exit).toBe(0);
    for (const seed of ["1", "2", "3", "4", "5"])
      expect((await etcdscope("run", path, "--seed", seed)).exit).toBe(0);
    const before = readFileSync(path, "utf8");
    const again = await etcdscope("new", path);
    expect(again).toMatchObject({exit: 2, out: ""});
    expect(again.err).toContain("found a file that is there already, expected a place for a new file");
    expect(readFileSync(path, "utf8")).toBe(before);
  });

  it("lists every fact and combinator in a line each, with an example each", async () => {
    const {exit, out} = await etcdscope("schema", "--facts");
    expect(exit).toBe(0);
    const lines = out.split("\n");
    for (const {name, doc, example} of vocabulary) {
      const at = lines.findIndex((line) => line.startsWith(`${name} `));
      expect(lines[at], name).toContain(doc);
      expect(JSON.parse(lines[at + 1] ?? "")).toEqual(example);
    }
  });

  it("lists every fault of a disk with a sentence and its parameters", async () => {
    const lines = (await etcdscope("schema", "--facts")).out.split("\n");
    for (const kind of diskFaultKinds) {
      const at = lines.findIndex((line) => line.startsWith(`${kind} `));
      expect(lines[at], kind).toContain(faultDocs[kind]);
      for (const key of Object.keys(faultParameters[kind])) {
        expect(lines[at + 1]).toContain(`${key}: `);
        expect(faultDocs[kind]).toContain(`\`${key.replace("?", "")}\``);
      }
    }
    const schema = (await etcdscope("schema")).out;
    for (const doc of Object.values(faultDocs))
      expect(schema).toContain(`"description": ${JSON.stringify(doc)}`);
  });

  it("starts a person with a fault that works once its comment is taken away", async () => {
    const path = files.path("with-fault.json");
    await etcdscope("new", path);
    const text = readFileSync(path, "utf8");
    const faulty = text.replace(/^( +)\/\/ (\{"fault": )/m, "$1$2");
    expect(faulty).not.toBe(text);
    expect((await etcdscope("run", files.write("with-fault-on.json", faulty))).exit).toBe(0);
  });

  it("prints a JSON schema that knows every fact", async () => {
    const {exit, out} = await etcdscope("schema");
    expect(exit).toBe(0);
    const schema = JSON.parse(out) as {$schema: string; definitions: {When: unknown}};
    expect(schema.$schema).toContain("draft-07");
    for (const fact of factNames)
      expect(JSON.stringify(schema.definitions.When)).toContain(`{"required":["${fact}"]}`);
  });
});

describe("help", () => {
  it("of everything, of one command, and the version", async () => {
    const all = await etcdscope("help");
    expect(all).toEqual(await etcdscope("--help"));
    expect(all).toMatchObject({exit: 0, err: ""});
    for (const command of ["list", "run", "replay", "open", "new", "schema"])
      expect(all.out).toMatch(new RegExp(`^ {2}${command}\\b`, "m"));
    expect(await etcdscope("help", "run")).toEqual(await etcdscope("run", "--help"));
    const {version} = JSON.parse(readFileSync("package.json", "utf8")) as {version: string};
    expect(await etcdscope("--version")).toEqual({exit: 0, out: `${version}\n`, err: ""});
  });

  it.each(["run", "replay"])("of %s says what its exit status means", async (command) => {
    const {exit, out} = await etcdscope(command, "--help");
    expect(exit).toBe(0);
    for (const status of ["Exit: 0 ", " 1 a check failed", " 2 bad usage", " 3 unknown"])
      expect(out).toContain(status);
  });
});
