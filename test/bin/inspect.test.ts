import {beforeAll, describe, expect, it} from "vitest";
import {present} from "../../core/base/assert.ts";
import {etcdscope, folder, jsonOf} from "./terminal.ts";
import {rowsIn} from "../support/textTrace.ts";

const files = folder();
const trace = files.path("walk.trace");
/** Events of the disk of n1, in order. */
let diskEvents: readonly string[] = [];

beforeAll(async () => {
  await etcdscope("run", "mvcc-walk", "--trace", trace);
  const rows = rowsIn(trace).filter((row) => row.startsWith("["));
  diskEvents = rows.map((row) => (JSON.parse(row) as [string])[0]).filter((id) => id.startsWith("disk/n1/"));
});

/** What is printed of the disk of n1. */
async function disk(...more: readonly string[]): Promise<string> {
  const {exit, out, err} = await etcdscope("inspect", trace, "--member", "n1", "--disk", ...more);
  expect(err).toBe("");
  expect(exit).toBe(0);
  return out;
}

/** After the first event of n1's disk of which this can be said. */
async function diskWhen(is: (out: string) => boolean): Promise<string> {
  for (const event of diskEvents) {
    const out = await disk("--at", event, "--key", "x");
    if (is(out)) return out;
  }
  throw new Error("no such moment");
}

/** The lines from the one that begins so to the next empty one. */
function part(out: string, title: string): readonly string[] {
  const lines = out.split("\n");
  const from = lines.findIndex((line) => line.startsWith(title));
  expect(from, `${title} in ${out}`).toBeGreaterThanOrEqual(0);
  const rest = lines.slice(from);
  const to = rest.indexOf("");
  return to < 0 ? rest : rest.slice(0, to);
}

/** A scenario in which n1's disk goes wrong half a second after a put. */
function faulty(name: string, fault: object, ...after: readonly object[]): string {
  const text = {en: name, zh: name};
  const steps = [
    {id: "elected", when: {not: {leader: "none"}}, after: "60ms", wait: true},
    {id: "put", client: "c1", op: "put x one", as: "put"},
    {id: "harm", when: {op: "op:#put", is: "done"}, after: "500ms", on: "n1", ...fault},
    ...after,
    {id: "later", after: "50ms", wait: true},
  ];
  const config = {members: 3, clients: 1, profile: "teaching"};
  const run = {seed: "1", holds: "every seed", until: {step: "later"}, limit: "9s", config};
  const scenario = {
    format: 1,
    id: name,
    group: "exercise",
    title: text,
    teaches: text,
    minutes: 1,
    sources: [],
  };
  return files.write(`${name}.json`, JSON.stringify({...scenario, run: {...run, steps, expect: []}}));
}

async function diskOf(file: string, ...more: readonly string[]): Promise<string> {
  const {exit, out, err} = await etcdscope("inspect", file, "--member", "n1", "--disk", ...more);
  expect({exit, err}).toEqual({exit: 0, err: ""});
  return out;
}

describe("etcdscope inspect", () => {
  it("shows the log's records, each with its place and its command in words", async () => {
    const log = part(await disk(), "Log 0000000000000000-0000000000000001.wal");
    const entries = log
      .filter((line) => line.includes(" entry  "))
      .map((line) => line.replace(/^ *\d+ +\d+ +/, ""));
    expect(entries).toEqual([
      "entry     1/1 no-op",
      "entry     1/2 put x=one",
      "entry     1/3 put x=two",
      "entry     1/4 del x",
      "entry     1/5 put x=three",
      "entry     1/6 txn value(x)=three ? put x=four; put y=new : get x",
      "entry     1/7 compact 5",
    ]);
    expect(log[2]).toMatch(/^ {7}0 +\d+ {2}metadata {2}format:\d+ member:n1 sequence:0 first:1/);
    const places = log.flatMap((line) => /^ +(\d+) +(\d+) {2}\w/.exec(line)?.slice(1, 3).map(Number) ?? []);
    for (let i = 2; i < places.length; i += 2)
      expect(places[i]).toBe((places[i - 2] ?? 0) + (places[i - 1] ?? 0));
  });

  it("shows that keys are revisions, that a delete is one more record, and that compaction takes records away", async () => {
    const before = await diskWhen((out) => /^ {2}5\.0 .* page \d+$/m.test(out));
    expect(part(before, "Bucket key").map((line) => line.replace(/ +page \d+$/, ""))).toEqual([
      "Bucket key",
      '  2.0   x = "one"    create 2 version 1',
      '  3.0   x = "two"    create 2 version 2',
      "  4.0t  x deleted",
      '  5.0   x = "three"  create 5 version 1',
      "  keys are revisions, main.sub; t: a tombstone, the record that a delete adds",
    ]);
    const after = part(await disk(), "Bucket key").map((line) => line.replace(/ +page \d+$/, ""));
    expect(after.slice(1, 4)).toEqual([
      '  5.0  x = "three"  create 5 version 1',
      '  6.0  x = "four"   create 5 version 2',
      '  6.1  y = "new"    create 6 version 1',
    ]);
  });

  it("marks what only the memory knows", async () => {
    const out = await diskWhen((text) => /^~ 4\.0t /m.test(text));
    expect(part(out, "Bucket key")).toContainEqual(
      expect.stringMatching(/^~ 4\.0t {2}x deleted +only in memory$/),
    );
    expect(out).toMatch(/^~ \d+ operations wait in the buffer for the next commit$/m);
    const late = await diskWhen((text) => /^~ entry /m.test(text));
    expect(late).toMatch(/^~ entry +1\/\d+ .*\(in no record on the disk\)$/m);
  });

  it("follows a read from the key index over the revision and the pages to the value", async () => {
    const out = await disk("--key", "x");
    const way = part(out, "The way of a read of x");
    const [page] = /leaf (\d+)/.exec(way.join("\n"))?.slice(1) ?? [];
    expect(way.slice(1)).toEqual([
      "~ key index   {5, 6}",
      "  revision    6.0",
      `  pages       leaf ${page}`,
      '  value       x = "four"  create 5 version 2',
    ]);
    expect(out).toMatch(new RegExp(`^  6\\.0  x = "four" .* page ${page}$`, "m"));
    expect(part(await disk("--key", "nobody"), "The way of a read of nobody").slice(1, 3)).toEqual([
      "~ key index   has no such key",
      "  revision    none: it does not exist now, so no page is read",
    ]);
  });

  it("shows both meta pages and which one counts, the trees' pages, and those that are free", async () => {
    const file = part(await disk(), "Backend file db").join("\n");
    expect(file).toMatch(/meta page \d {2}commit \d+ {2}consistent index 7 {2}it counts/);
    expect(file).toMatch(/meta page \d {2}commit \d+ {2}consistent index \d+ {2}the commit before/);
    const trees = part(await disk(), "  bucket ").join("\n");
    expect(trees).toMatch(/^ {2}key +\d+ +leaf +3 +\d+ {2}\[#+\.+\] of 512 +\d+ {2}5\.0$/m);
    expect(trees).toMatch(/free pages: .* · pending: /);
  });

  it("shows the files, what of them is durable, and the sync queue", async () => {
    const first = part(await disk("--at", present(diskEvents[0], "an event of the disk")), "Files: ").join(
      "\n",
    );
    expect(first).toMatch(/^Files: (\d+) bytes, 24 of them not synced$/m);
    expect(first).toMatch(/next\.wal\.tmp +\d+ +0 +\d+ {2}a crash may take its name$/m);
    expect(first).toMatch(/sync queue: .*#\d+ sync next\.wal\.tmp/);
    const last = part(await disk(), "Files: ").join("\n");
    expect(last).toMatch(/0{16}-0{15}1\.wal +(\d+) +\1 +\d+$/m);
    expect(last).toContain("sync queue: empty");
    expect(last).toMatch(/^Files: \d+ bytes, (all synced|\d+ of them not synced)$/m);
  });

  it("says as JSON what it says in words", async () => {
    const ran = await etcdscope("inspect", trace, "--member", "1", "--disk", "--key", "x", "--json");
    expect(jsonOf(ran)).toMatchObject({
      member: "n1",
      status: "up",
      faults: [],
      wal: {segments: [{file: "0000000000000000-0000000000000001.wal"}]},
      snapshots: [],
      way: {key: "x", generations: ["{5, 6}"], revision: "6.0", inMemory: false},
    });
    const all = jsonOf(await etcdscope("inspect", trace, "--json"));
    expect(all).toMatchObject({members: [{member: "n1"}, {member: "n2"}, {member: "n3"}]});
  });

  it("goes to a step, to a time, and to an event whose arrow is typed", async () => {
    const when = async (at: string): Promise<string | undefined> =>
      (await disk("--at", at)).split("\n")[0]?.replace(/:.*/, "");
    const rows = rowsIn(trace)
      .filter((row) => row.startsWith("["))
      .map((row) => JSON.parse(row) as [string, number]);
    const place = rows.findIndex(([id]) => id === "script/c1#1");
    const [, at = 0] = rows[place] ?? [];
    const step = `n1 after event ${place + 1} at ${(at / 1000).toFixed(3)} ms`;
    const {script} = JSON.parse(rowsIn(trace)[0] ?? "") as {
      script: {id: number; step: string; do: {client?: string}}[];
    };
    const first = script.find(({do: {client}}) => client === "c1")?.step ?? "";
    expect(await when(first)).toBe(step);
    expect(await when(`${at}us`)).toBe(step);
    expect(await when(`${(rows[place + 1]?.[1] ?? 0) - 1}us`)).toBe(step);
    expect(await when("3600s")).toContain(`n1 after event ${rows.length} at`);
    const arrow = present(
      rows.map(([id]) => id).find((id) => id.includes("→")),
      "a message",
    );
    expect(await when(arrow.replace("→", "->"))).toBe(await when(arrow));
  });

  it("says how full a small file is, and which alarms stand, in memory alone at first", async () => {
    const full = async (...more: readonly string[]): Promise<string> =>
      part(await diskOf("full-disk", ...more), "Backend file db").join("\n");
    expect(await full()).toMatch(/^Backend file db: \d+ bytes of a quota of 10752, pages of 512$/m);
    expect(await full("--at", "700ms")).toMatch(/^ {2}alarm NOSPACE of n\d$/m);
    const log = (await etcdscope("run", "full-disk", "--log")).out;
    const early = /disk\/n1\/db#\d+(?= +backend file of n1: a commit is durable, up to entry 4$)/m.exec(
      log,
    )?.[0];
    const before = await full(
      "--at",
      present(early, "the commit with the alarm").replace(/\d+$/, (n) => `${+n - 1}`),
    );
    expect(before).toMatch(/^~ alarm NOSPACE of n\d$/m);
    expect(part(await disk(), "Backend file db")[0]).not.toContain("quota");
  });

  it("says what there is to look at when not told what", async () => {
    const {exit, out} = await etcdscope("inspect", "mvcc-walk");
    expect(exit).toBe(0);
    expect(out).toMatch(/^ {2}n3 .* of term 1 +1–7 +7 +6 /m);
    expect(out).toContain("etcdscope inspect mvcc-walk --member n1 --disk --key x");
    const more = ["--seed", "a b", "--at", "400ms", "--member", "n2"];
    const again = await etcdscope("inspect", "mvcc-walk", ...more);
    expect(again.out).toContain(
      "etcdscope inspect mvcc-walk --seed 'a b' --at 400ms --member n2 --disk --key x\n",
    );
  });

  it("shows the run and exits 1 where a trace says something else", async () => {
    const rows = rowsIn(trace);
    const file = files.write(
      "changed.trace",
      rows.with(9, (rows[9] ?? "").replace(/"[0-9a-f]{16}"\]$/, '"0123456789abcdef"]')).join("\n"),
    );
    const {exit, out, err} = await etcdscope("inspect", file, "--member", "n1", "--disk");
    expect(exit).toBe(1);
    expect(err).toMatch(/changed\.trace: event 9 of the run, .* is not what the trace says/);
    expect(out).toContain("Bucket key");
  });
});

describe("etcdscope inspect, of a damaged disk", () => {
  it("shows the log up to a rotten record, and its place", async () => {
    const out = await diskOf(faulty("rot-log", {fault: "rot", file: "*.wal", sector: 0, bit: 500}));
    expect(part(out, "Log ").join("\n")).toMatch(/1\/1 no-op\n {2}✗ 0{16}-0{15}1\.wal at 56: damaged: /);
    expect(out).toContain("~ entry     1/2 put x=one  (in no record on the disk)");
  });

  it("shows the version before when a page of the newest is rotten, and where that page is", async () => {
    const out = await diskOf(
      faulty("rot-page", {fault: "rot", file: "db", sector: 5, bit: 500}),
      "--key",
      "x",
    );
    expect(out).toMatch(
      /✗ db at 2560: damaged: what stands here is not as it was written; what follows is commit 1/,
    );
    expect(out).toMatch(/meta page 0 {2}commit 2 .*its pages do not all hold what it says/);
    expect(out).toContain('~ value       x = "one"  create 2 version 1');
  });

  it("says why a member that stopped by itself is down, in `run`, its log and here", async () => {
    const rot = {fault: "rot", file: "*.wal", sector: 0, bit: 500};
    const [crash, start] = [
      {id: "crash", crash: "n1"},
      {id: "start", restart: "n1"},
    ];
    const file = faulty("rot-boot", rot, crash, start);
    const why = /0{16}-0{15}1\.wal is damaged at byte 56, and what stood there may have been promised\./
      .source;
    const out = await diskOf(file);
    expect(out).toMatch(new RegExp(`^n1 after event \\d+ at [\\d.]+ ms: stopped: ${why}$`, "m"));
    const damaged = /damaged: n1 \(rot at \d+(?:us|ms)\)/.source;
    expect(out).toMatch(new RegExp(`^ {2}${damaged}$`, "m"));
    expect((await etcdscope("inspect", file)).out).toMatch(
      new RegExp(`^ {2}n1 +stopped .*[^]*^n1 stopped: ${why}\n${damaged}$`, "m"),
    );
    expect((await etcdscope("inspect", file, "--member", "n2", "--disk")).out).not.toContain("damaged: ");
    const log = (await etcdscope("run", file, "--log")).out;
    expect(log).toMatch(
      new RegExp(`ms {2}script#\\d+ +step .*start.*: restart n1\n +n1 stops: ${why}$`, "m"),
    );
    expect(log).toMatch(new RegExp(`^n1 stops: ${why} \\(at script#\\d+; it is down still\\)$`, "m"));
    const kept = files.path("rot-boot.trace");
    expect((await etcdscope("run", file)).out).toMatch(new RegExp(`^${damaged}$`, "m"));
    const {stopped, damaged: harms} = jsonOf(await etcdscope("run", file, "--json", "--trace", kept));
    const at = expect.any(Number) as number;
    expect(harms).toEqual([{member: "n1", by: "rot", harm: "damages", at}]);
    expect(stopped).toEqual([
      {
        member: "n1",
        at: expect.stringMatching(/^script#\d+$/) as string,
        says: expect.stringMatching(new RegExp(`^n1 stops: ${why}$`)) as string,
      },
    ]);
    expect(jsonOf(await etcdscope("replay", kept, "--json"))["stopped"]).toEqual(stopped);
    const unread = {fault: "unreadable", file: "*.wal"};
    const mended = [
      {id: "mend", fault: "mend", on: "n1"},
      {...start, id: "again"},
    ];
    const [down, back] = [
      await etcdscope("run", faulty("unread", unread, crash, start), "--json"),
      await etcdscope("run", faulty("reread", unread, crash, start, ...mended), "--json"),
    ];
    expect(jsonOf(down)["stopped"]).toMatchObject([{member: "n1"}]);
    expect(jsonOf(back)["stopped"]).toEqual([]);
  });

  it("shows a crashed member's disk, with the index that a boot would make of it", async () => {
    const out = await diskOf(faulty("crash", {crash: "n1", on: undefined}), "--key", "x");
    expect(out).toMatch(/^n1 after event \d+ at [\d.]+ ms: crashed$/m);
    expect(out).toContain("  key index   {2}  (made from the file, as a boot does)");
    expect(out).toContain('  value       x = "one"  create 2 version 1');
    expect(out.split("\n").filter((line) => line.startsWith("~"))).toEqual([]);
  });

  it("shows all that it can where a sector cannot be read, and nothing of an empty disk", async () => {
    const out = await diskOf(faulty("unreadable", {fault: "unreadable", file: "db"}));
    expect(out).toMatch(/faults in force: unreadable db sector 0/);
    expect(out).toContain("✗ db: sector 0 cannot be read");
    expect(out).toContain("1/2 put x=one");
    const crashed = {id: "crash", crash: "n1"};
    const wiped = await diskOf(faulty("wiped", {fault: "wipe"}, crashed), "--key", "x");
    for (const text of ["Files: 0 bytes", "no segment yet", "nobody can tell"]) expect(wiped).toContain(text);
  });
});
