import {readFileSync} from "node:fs";
import {describe, expect, it} from "vitest";
import {etcdscope, folder, jsonOf} from "./terminal.ts";

const files = folder();

const event = (process: number, type: string, f: string, value: string): string =>
  `{:process ${process}, :type :${type}, :f :${f}, :value ${value}}\n`;
const write = (key: string, value: number): string =>
  event(0, "invoke", "write", `[${key} ${value}]`) + event(0, "ok", "write", `[${key} ${value}]`);
const read = (key: string, value: string): string =>
  event(1, "invoke", "read", `[${key} nil]`) + event(1, "ok", "read", `[${key} ${value}]`);

const sound = files.write("sound.edn", write('"x"', 1) + read('"x"', "1") + write('"y"', 2));
const stale = files.write(
  "stale.edn",
  write('"x"', 1) + write('"x"', 2) + read('"x"', "1") + write('"y"', 3),
);
// Any of twenty appends at once may come first, and no order of them is what was read.
const appends = (type: string): string =>
  Array.from({length: 20}, (_, i) => event(i, type, "append", `"${"a".repeat(i + 1)}"`)).join("");
const long = files.write(
  "long.edn",
  appends("invoke") +
    appends("ok") +
    event(0, "invoke", "get", "nil") +
    event(0, "ok", "get", `"${"a".repeat(210)}b"`),
);

describe("check", () => {
  it("says that a history held, and exits 0", async () => {
    const {exit, out, err} = await etcdscope("check", sound);
    expect([exit, err]).toEqual([0, ""]);
    expect(out).toMatch(
      /^held: the history is linearizable\n3 operations on 2 registers, \d+ steps, [\d.]+ ms\n$/,
    );
  });

  it("says first that it is violated, then of each key which window nothing explains, and what can be", async () => {
    const {exit, out} = await etcdscope("check", stale);
    expect(exit).toBe(1);
    const [first, , ...more] = out.split("\n");
    expect(first).toBe("VIOLATED: the history is not linearizable");
    expect(more.join("\n")).toBe(`
key "x": no order explains that read 1 returned to process 1 at line 6
the shortest window that no order explains, whatever was there before line 3:
  line  to  process  what
     3   4        0  write 2
     5   6        1  read 1  ◀
an order that explains all before line 6, 2 operations; its end:
  line  to  process  what
     1   2        0  write 1
     3   4        0  write 2

not settled: "y"
to go on with them: etcdscope check ${stale} --all
`);
    expect((await etcdscope("check", stale, "--all")).out).not.toContain("not settled");
  });

  it("keeps its tables short", async () => {
    const many = Array.from({length: 40}, (_, i) => write('"x"', i)).join("") + read('"x"', "77");
    const {out} = await etcdscope("check", files.write("many.edn", many));
    expect(out).toContain("  … 28 before\n");
    expect(out.split("\n").length).toBeLessThan(25);
  });

  it("says that the budget ran out, what to do, and exits 3", async () => {
    const {exit, out} = await etcdscope("check", long, "--budget", "5000");
    expect(exit).toBe(3);
    expect(out).toMatch(/^unknown: the budget ran out\n/);
    expect(out).toContain(`to search longer: etcdscope check ${long} --budget 50000\n`);
  });

  it("gives scripts the verdict, operations, steps and time first, last on stdout", async () => {
    const told = async (...args: readonly string[]): Promise<Record<string, unknown>> =>
      jsonOf(await etcdscope("check", ...args, "--json"));
    const held = await told(sound);
    expect(Object.keys(held)).toEqual(["verdict", "operations", "steps", "wallMs", "keys"]);
    expect(held).toMatchObject({verdict: "pass", operations: 3});
    expect(await told(long, "--budget", "5000")).toMatchObject({verdict: "unknown"});
    const violated = await told(stale);
    expect(violated["keys"]).toMatchObject([
      {
        key: '"x"',
        verdict: "fail",
        violation: {
          at: 6,
          prefix: [
            [1, 2],
            [3, 4],
          ],
          window: {
            from: 3,
            calls: [
              [3, 4],
              [5, 6],
            ],
          },
        },
      },
      {key: '"y"', operations: 1, verdict: "unknown"},
    ]);
  });

  it("writes the history in another format", async () => {
    const to = files.path("out.log");
    const plain = files.write("plain.edn", event(0, "invoke", "write", "1") + event(0, "ok", "write", "1"));
    expect((await etcdscope("check", plain, "--to", to, "--format", "jepsen-log")).exit).toBe(0);
    expect(readFileSync(to, "utf8")).toBe(
      "INFO  jepsen.util - 0\t:invoke\t:write\t1\nINFO  jepsen.util - 0\t:ok\t:write\t1\n",
    );
    expect((await etcdscope("check", to)).exit).toBe(0);
  });

  it("checks what export writes of a run of ours, versions included", async () => {
    const [trace, history] = [files.path("run.trace"), files.path("run.edn")];
    await etcdscope("run", "leader-partition", "--trace", trace);
    await etcdscope("export", trace, "--to", history, "--format", "jepsen");
    const {exit, out, err} = await etcdscope("check", history);
    expect([out, err]).toEqual([expect.stringMatching(/^held: /), ""]);
    expect(exit).toBe(0);
    const text = readFileSync(history, "utf8");
    const doctored = text.replace(/(:type :ok, :f :read, :value \["[^"]*" \[)\d+/, "$199");
    expect(doctored).not.toBe(text);
    expect((await etcdscope("check", files.write("doctored.edn", doctored))).exit).toBe(1);
  });

  const etcdctl = (process: number, line: string, answer: string): string =>
    event(process, "invoke", "etcdctl", `"${line}"`) + event(process, "ok", "etcdctl", answer);
  const version = (value: number, mod: number): string =>
    `{:key "x", :value "${value}", :create 2, :mod ${mod}, :version ${mod - 1}}`;
  const puts = etcdctl(0, "put x 1", "{:revision 2}") + etcdctl(0, "put x 2", "{:revision 3}");
  const staleEtcd = files.write(
    "stale-etcd.edn",
    puts + etcdctl(1, "get x", `{:revision 2, :kvs [${version(1, 2)}]}`),
  );

  it("judges an etcd's history by its revisions, and shows the two operations that contradict each other", async () => {
    const {exit, out} = await etcdscope("check", staleEtcd);
    expect(exit).toBe(1);
    const [first, second, ...more] = out.split("\n");
    expect(first).toBe("VIOLATED: the history is not linearizable");
    expect(second).toMatch(/^3 operations on an etcd, 3 steps along its revisions, [\d.]+ ms$/);
    expect(more.join("\n")).toBe(`
these two contradict each other: the second shows less than the first, which had returned before it was asked
  line  to  process  what
     3   4        0  put x 2: revision 3
     5   6        1  get x: revision 2, "x" = "1" (version 1 of revision 2)  ◀
`);
    const told = jsonOf(await etcdscope("check", staleEtcd, "--json"));
    expect(Object.keys(told)).toEqual(["verdict", "operations", "steps", "wallMs", "by", "violation"]);
    const calls = [
      [3, 4],
      [5, 6],
    ];
    expect(told).toMatchObject({
      verdict: "fail",
      operations: 3,
      by: "sweep",
      violation: {why: "time", calls},
    });
  });

  it("says so where the log is a part of the proof, and where an etcd's history was searched", async () => {
    const lost = event(0, "invoke", "etcdctl", '"put x 1"') + event(2, "invoke", "etcdctl", '"put x 2"');
    const applied = (line: string, revisions: string): string =>
      `{:process :log, :type :info, :f :applied, :value "${line}", :revisions ${revisions}}\n`;
    const log = applied("put x 2", "[1 2]") + applied("put x 1", "[2 3]");
    const read = etcdctl(1, "get x", `{:revision 3, :kvs [${version(2, 3)}]}`);
    const {exit, out} = await etcdscope("check", files.write("given.edn", lost + log + read));
    expect(exit).toBe(1);
    expect(out).toContain("3 operations on an etcd, with the log of what was applied, ");
    expect(out).toContain(
      "these two contradict each other, given the log (without it that is not certain): the second was not",
    );
    expect(out).toContain("     1   …        0  put x 1: outcome unknown\n");
    const without = await etcdscope("check", files.write("without.edn", lost + read));
    expect([without.exit, without.out]).toEqual([0, expect.stringContaining("steps by search")]);
    const never = etcdctl(1, "get x", `{:revision 3, :kvs [${version(3, 3)}]}`);
    const searched = await etcdscope("check", files.write("never.edn", lost + never));
    expect(searched.exit).toBe(1);
    expect(searched.out).toContain("this operation is wrong: no order explains its answer\n");
  });

  it("checks what export writes of a run of ours, with revisions and the log, whatever was asked in it", async () => {
    const [trace, history] = [files.path("leases.trace"), files.path("leases.edn")];
    await etcdscope("run", "lock-without-fencing", "--trace", trace);
    await etcdscope("export", trace, "--to", history, "--format", "etcd");
    const {exit, out} = await etcdscope("check", history);
    expect([exit, out]).toEqual([
      0,
      expect.stringMatching(/^held: .*\n\d+ operations on an etcd, with the log/),
    ]);
    const text = readFileSync(history, "utf8");
    expect(text).toContain(':value "lease revoke');
    const doctored = text.replace(
      /(:process \d+, :type :ok, .*:revision )(\d+)/,
      (_, head: string, revision: string) => `${head}${Number(revision) + 1}`,
    );
    expect(doctored).not.toBe(text);
    expect((await etcdscope("check", files.write("doctored-etcd.edn", doctored))).exit).toBe(1);
  });

  const trace = files.write("a.trace", '{"etcdscope": "trace"}\n');
  it.each([
    [["check"], "missing required argument 'history'"],
    [["check", "nowhere.edn"], "nowhere.edn: found no such file, expected a history"],
    [["check", files.write("empty.edn", "")], 'line 1: found "", expected a history'],
    [
      ["check", files.write("txn.edn", event(0, "invoke", "txn", "[]"))],
      "line 1: found :f :txn, expected :read, :write or :cas",
    ],
    [["check", "README.md"], "expected a tag; for the formats: etcdscope check --help"],
    [["check", trace], "this is a trace, expected a history: etcdscope export"],
    [["check", sound, "--budget", "0"], "expected a number from 1 to"],
    [
      ["check", staleEtcd, "--to", "x", "--format", "jepsen"],
      "this is the history of an etcd, which no format but its own has words for",
    ],
    [["check", files.write("bad-etcd.edn", event(0, "invoke", "etcdctl", '"put x"'))], "line 1: "],
    [["check", sound, "--to", "x"], "--format: found nothing, expected one of jepsen, jepsen-log, porcupine"],
    [["check", sound, "--format", "jepsem", "--to", "x"], 'did you mean "jepsen"?'],
    [["check", sound, "--format", "jepsen"], "--to: found nothing, expected a file to write"],
    [
      ["check", sound, "--format", "porcupine", "--to", "x"],
      "line 1: found a write, expected reads, writes and appends of texts",
    ],
    [["check", sound, "--format", "jepsen", "--to", "no/such/file"], "no/such/file: found"],
  ])("refuses %j in one line", async (args, expected) => {
    const {exit, out, err} = await etcdscope(...args);
    expect([exit, out]).toEqual([2, ""]);
    expect(err).toContain(expected);
    expect(err).toMatch(/^etcdscope: [^\n]*\n$/);
  });
});

describe("check of transactions on lists", () => {
  const txn = (process: number, type: string, value: string): string => event(process, type, "txn", value);
  const appended = txn(0, "invoke", "[[:append 7 1]]") + txn(0, "ok", "[[:append 7 1]]");
  const reading = txn(1, "invoke", "[[:r 7 nil]]");
  const lists = files.write("lists.edn", appended + reading + txn(1, "ok", "[[:r 7 [1]]]"));
  const stale = files.write("staleList.edn", appended + reading + txn(1, "ok", "[[:r 7 nil]]"));

  it("says that a history held, and exits 0", async () => {
    const {exit, out, err} = await etcdscope("check", lists);
    expect([exit, err]).toEqual([0, ""]);
    expect(out).toMatch(
      /^held: the history is strictly serializable\n2 transactions on one list, 1 reads, [\d.]+ ms\n$/,
    );
    // No append says so.
    const unsaid = files.write("unsaid.edn", reading + txn(1, "ok", "[[:r 7 nil]]"));
    expect((await etcdscope("check", unsaid, "--model", "list-append")).exit).toBe(0);
    expect((await etcdscope("check", unsaid)).exit).toBe(2);
  });

  it("names each anomaly, what it rules out, what its edges stand on, and who it is made of", async () => {
    const {exit, out} = await etcdscope("check", stale);
    expect(exit).toBe(1);
    const [first, , ...more] = out.split("\n");
    expect(first).toBe("VIOLATED: the history is not strictly serializable");
    expect(more.join("\n")).toBe(`
G-single-realtime, read skew: line 3 ─rw─▶ line 1 ─realtime─▶ line 3
rules out strict serializability
  line 3 read 7 as empty, without 1, which line 1 appended
  line 3 was asked for when line 1 was over
  line  to  process  what
     3   4        1  read 7 []
     1   2        0  append 1 to 7
`);
  });

  it("gives scripts the verdict first", async () => {
    const told = jsonOf(await etcdscope("check", stale, "--json"));
    expect(Object.keys(told)).toEqual(["verdict", "operations", "reads", "wallMs", "anomalies"]);
    expect(told).toMatchObject({
      verdict: "fail",
      operations: 2,
      reads: 1,
      anomalies: [
        {
          name: "G-single-realtime",
          rulesOut: "strict serializability",
          times: 1,
          transactions: [
            [3, 4],
            [1, 2],
          ],
          cycle: [
            {kind: "rw", from: [3, 4], to: [1, 2], key: "7", right: "1"},
            {kind: "realtime", from: [1, 2], to: [3, 4]},
          ],
        },
      ],
    });
  });

  it("refuses what it cannot judge, or tell in another format", async () => {
    const twice = files.write("twice.edn", appended + appended);
    expect(await etcdscope("check", twice)).toMatchObject({
      exit: 2,
      err: expect.stringContaining("line 3: found 1 appended to 7, as by line 1, expected each element once"),
    });
    const to = files.path("lists.log");
    expect(await etcdscope("check", lists, "--to", to, "--format", "porcupine")).toMatchObject({exit: 2});
  });
});
