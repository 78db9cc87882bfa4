// A run on record for other tools: each form is read here as that tool's documents say, by code of its own.

import {Ajv} from "ajv";
import {readFileSync} from "node:fs";
import {describe, expect, it} from "vitest";
import {exported} from "../../bin/export.ts";
import {versionOf} from "../../sim/bug/museum.ts";
import {formatCommand} from "../../core/client/command.ts";
import {execute} from "../../sim/execute.ts";
import type {Executed} from "../../sim/execute.ts";
import type {Operation} from "../../sim/history/operation.ts";
import {readHistory} from "../../sim/record/formats.ts";
import {exporters} from "../../sim/trace/export/formats.ts";
import {hostOf} from "../../sim/trace/export/exporter.ts";
import {writeTrace} from "../../sim/trace/file.ts";
import {traceOf} from "../../sim/trace/replay.ts";
import type {TraceFile} from "../../sim/trace/trace.ts";
import type {TakenEvent} from "../../sim/world/record.ts";
import {at, makeRun, put} from "../sim/stage.ts";
import {etcdscope, folder} from "./terminal.ts";

/** Crashes, a partition, a server that joins, transactions, and words that need escapes. */
const odd = 'a "b" \\ c\td é 中';
const run = makeRun({
  members: 3,
  spares: 1,
  clients: 2,
  until: 3000,
  script: [
    at(1, 400, put("c1", "x", "1")),
    at(2, 420, {kind: "client", client: "c2", op: "watch x"}),
    at(3, 500, {kind: "client", client: "c1", op: `put odd ${JSON.stringify(odd)}`}),
    at(4, 560, {kind: "client", client: "c1", op: "get odd"}),
    at(5, 600, {kind: "client", client: "c2", op: 'txn value("x") = "1" : put x 2 : get x'}),
    at(6, 650, {kind: "client", client: "c2", op: 'txn value("x") = "1" : put x 3 : get x'}),
    at(7, 700, {kind: "client", client: "c1", op: "txn : put x 4 ; get odd :"}),
    at(8, 750, {kind: "client", client: "c1", op: "get x"}),
    at(9, 800, {kind: "client", client: "c1", op: "get none"}),
    at(19, 820, {kind: "client", client: "c1", op: "get x --consistency=s"}),
    at(20, 840, {kind: "client", client: "c1", op: "txn : get x --consistency=s :"}),
    at(10, 900, {kind: "crash", member: "n2"}),
    at(11, 1000, {kind: "client", client: "c1", op: "member add n4"}),
    at(12, 1100, {kind: "restart", member: "n2"}),
    at(13, 1150, {kind: "restart", member: "n4"}),
    at(14, 1400, {
      kind: "split",
      groups: [
        ["n1", "c1"],
        ["n2", "n3", "n4", "c2"],
      ],
    }),
    at(15, 1450, put("c1", "x", "5", "n1")),
    at(16, 1500, put("c2", "y", "1")),
    at(17, 2200, {kind: "heal"}),
    at(18, 2500, put("c1", "x", "6")),
  ],
  client: {requestTimeout: 600_000},
});
const records: TakenEvent[] = [];
const done: Executed = execute(run, {
  versions: versionOf,
  lines: true,
  onEvent: (record) => void records.push(record),
});
const trace: TraceFile = traceOf(done, {code: "0".repeat(16), scenario: "test"});

const isLost = ({id, changes}: TakenEvent): boolean =>
  changes.some((change) => change.kind === "lost" && change.event === id);

describe("ShiViz", () => {
  /** The log as its own first line takes it apart. */
  function parsed(text: string): readonly {event: string; host: string; clock: Record<string, number>}[] {
    const [pattern = "", delimiter, ...lines] = text.split("\n");
    expect(delimiter).toBe("");
    const log = lines.join("\n");
    const found = [...log.matchAll(new RegExp(pattern, "g"))];
    expect(found.map(([all]) => `${all}\n`).join("")).toBe(log);
    return found.map(({groups = {}}) => ({
      event: groups["event"] ?? "",
      host: groups["host"] ?? "",
      clock: JSON.parse(groups["clock"] ?? "") as Record<string, number>,
    }));
  }

  it("has clocks that count what came before: all of the same host, and of the cause on record", () => {
    const exporter = exporters.shiviz({run: trace.header, text: ({step}) => `${step}`});
    const begins = {...run, limits: {...run.limits, events: 900}};
    execute(begins, {versions: versionOf, onEvent: (record, view) => exporter.take(record, view)});
    const rows = parsed(exporter.end(done.view));
    expect(rows).toHaveLength(records.slice(0, 900).filter((record) => !isLost(record)).length);
    // By step: every event that it follows from, itself included.
    const pasts = new Map<number, ReadonlySet<number>>();
    const last = new Map<string, number>();
    for (const {event, host, clock} of rows) {
      const step = Number(event);
      const record = records[step - 1];
      expect(host).toBe(record === undefined ? "" : hostOf(record));
      const past = new Set([
        step,
        ...(pasts.get(last.get(host) ?? 0) ?? []),
        ...(pasts.get(record?.cause ?? 0) ?? []),
      ]);
      pasts.set(step, past);
      last.set(host, step);
      const counts: Record<string, number> = {};
      for (const one of past) {
        const of = records[one - 1];
        if (of !== undefined) counts[hostOf(of)] = (counts[hostOf(of)] ?? 0) + 1;
      }
      expect(clock).toEqual(counts);
    }
    expect(new Set(rows.map(({host}) => host))).toEqual(
      new Set(["script", "n1", "n2", "n3", "n4", "c1", "c2"]),
    );
  });

  it("shows what says something, and keeps clocks whole: each host's go up by one, each other's are known", () => {
    const rows = parsed(exported(trace, "shiviz").text);
    expect(rows.length).toBeLessThan(records.length);
    expect(rows.some(({event}) => event.includes("becomes leader"))).toBe(true);
    const counts = new Map<string, number>();
    for (const {host, clock} of rows) {
      expect(clock[host]).toBe((counts.get(host) ?? 0) + 1);
      counts.set(host, clock[host] ?? 0);
      for (const [other, count] of Object.entries(clock))
        expect(count).toBeLessThanOrEqual(counts.get(other) ?? 0);
    }
  });
});

describe("Perfetto", () => {
  interface Slice {
    readonly ph: string;
    readonly pid: number;
    readonly tid: number;
    readonly ts: number;
    readonly dur?: number;
    readonly name: string;
    readonly cat: string;
    readonly id?: number | string;
    readonly args: Record<string, unknown>;
  }
  const text = exported(trace, "perfetto").text;
  const all = (JSON.parse(text) as {traceEvents: readonly Slice[]}).traceEvents;
  const of = (...phases: readonly string[]): readonly Slice[] => all.filter(({ph}) => phases.includes(ph));

  it("is trace-event JSON: every event of a known phase has the fields of that phase", () => {
    const whole = {type: "integer", minimum: 0};
    const place = {pid: whole, tid: whole, name: {type: "string"}};
    const timed = {...place, ts: whole, cat: {type: "string"}};
    const named = (ph: string, properties: object, required: readonly string[]): object => ({
      type: "object",
      properties: {ph: {const: ph}, args: {type: "object"}, ...properties},
      required: ["ph", "pid", "tid", "name", ...required],
      additionalProperties: false,
    });
    const check = new Ajv({strict: false}).compile({
      type: "object",
      required: ["traceEvents", "displayTimeUnit"],
      properties: {
        displayTimeUnit: {enum: ["ms", "ns"]},
        traceEvents: {
          type: "array",
          items: {
            oneOf: [
              named("M", place, ["args"]),
              named("X", {...timed, dur: whole}, ["ts", "dur"]),
              named("s", {...timed, id: whole}, ["ts", "id", "cat"]),
              named("f", {...timed, id: whole, bp: {const: "e"}}, ["ts", "id", "cat", "bp"]),
              named("b", {...timed, id: {type: "string"}}, ["ts", "id", "cat"]),
              named("e", {...timed, id: {type: "string"}}, ["ts", "id", "cat"]),
            ],
          },
        },
      },
    });
    expect(check(JSON.parse(text)), JSON.stringify(check.errors?.slice(0, 3))).toBe(true);
  });

  it("has a named track for every lane, in the process of whom its events happen to, and every event on it", () => {
    const processes = new Map(
      of("M").flatMap(({name, pid, args}) => (name === "process_name" ? [[pid, args["name"]]] : [])),
    );
    const tracks = new Map(
      of("M").flatMap(({name, tid, args}) => (name === "thread_name" ? [[tid, args["name"]]] : [])),
    );
    const slices = of("X").filter(({cat}) => cat !== "role");
    expect(slices).toHaveLength(records.length);
    for (const [i, {ts, pid, tid, args}] of slices.entries()) {
      const record = records[i];
      expect([ts, args["event"], tracks.get(tid)]).toEqual([record?.at, record?.id, record?.lane]);
      if (record !== undefined && record.lane !== "script/c1")
        expect(processes.get(pid)).toBe(hostOf(record));
    }
  });

  it("has an arrow for everything that travelled, from a slice of its cause to its own", () => {
    const travelled = records.filter(({lane, cause}) => lane.includes("→") && cause > 0);
    const [starts, ends] = [of("s"), of("f")];
    expect(starts.map(({id}) => id)).toEqual(travelled.map(({step}) => step));
    expect(ends.map(({id}) => id)).toEqual(travelled.map(({step}) => step));
    const slices = new Set(of("X").map(({ts, pid, tid}) => `${ts} ${pid} ${tid}`));
    for (const {ts, pid, tid} of [...starts, ...ends]) expect(slices.has(`${ts} ${pid} ${tid}`)).toBe(true);
    for (const [i, start] of starts.entries()) expect(ends[i]?.ts).toBeGreaterThanOrEqual(start.ts);
    expect(travelled.length).toBeGreaterThan(200);
  });

  it("has a span for every operation, and says how every member stood at every time", () => {
    const [begins, ends] = [of("b"), of("e")];
    expect(begins.map(({id, ts}) => [id, ts])).toEqual(
      done.operations.map(({client, call, invoked}) => [`${client}#${call}`, invoked.at]),
    );
    expect(ends.map(({id}) => id)).toEqual(begins.map(({id}) => id));
    expect(ends.map(({args}) => args["outcome"])).toContain("ok");
    const spans = new Map<number, Slice[]>();
    for (const one of of("X"))
      if (one.cat === "role") spans.set(one.pid, [...(spans.get(one.pid) ?? []), one]);
    expect(spans.size).toBe(4);
    for (const list of spans.values()) {
      let end = 0;
      for (const {ts, dur = 0} of list) {
        expect(ts).toBe(end);
        end = ts + dur;
      }
      expect(end).toBe(done.at);
    }
    const names = [...spans.values()].flat().map(({name}) => name);
    expect(names.some((name) => name.startsWith("leader, term "))).toBe(true);
    expect(names).toContain("down");
  });
});

/** Reads one EDN value, as edn-format's document says, with keywords as `:text`. */
function readEdn(text: string): unknown {
  let place = 0;
  const skip = (): void => {
    while (/[\s,]/.test(text[place] ?? "")) place++;
  };
  const many = (close: string): unknown[] => {
    const items: unknown[] = [];
    for (place++, skip(); text[place] !== close; skip()) {
      if (place >= text.length) throw new Error(`no ${close}`);
      items.push(value());
    }
    place++;
    return items;
  };
  const value = (): unknown => {
    skip();
    const rest = text.slice(place);
    if (rest.startsWith("[")) return many("]");
    if (rest.startsWith("{")) {
      const items = many("}");
      const pairs = items.flatMap((key, i) => (i % 2 === 0 ? [[key, items[i + 1]] as const] : []));
      return Object.fromEntries(pairs);
    }
    const string = /^"(?:[^"\\]|\\(?:["\\nrt]|u[0-9a-f]{4}))*"/.exec(rest)?.[0];
    if (string !== undefined) {
      place += string.length;
      return JSON.parse(string.replaceAll("\t", "\\t")) as string;
    }
    const token = /^(?:nil|true|false|-?\d+|:[A-Za-z][\w-]*|:[=<>!]+)(?=[\s,\]}]|$)/.exec(rest)?.[0];
    if (token === undefined) throw new Error(`no EDN: ${rest.slice(0, 30)}`);
    place += token.length;
    if (token === "nil") return null;
    return token.startsWith(":") ? token : (JSON.parse(token) as unknown);
  };
  const read = value();
  skip();
  if (place !== text.length) throw new Error(`more than one value: ${text.slice(place)}`);
  return read;
}

describe("etcd's history", () => {
  it("has every call about keys and leases, with revisions, and the log", () => {
    const {text} = exported(trace, "etcd");
    const read = readHistory(text);
    if (!read.ok || read.value.of !== "etcd") throw new Error("no history of an etcd");
    const {history, appliedLog = []} = read.value;
    const asked = done.operations.filter(({request}) => ["range", "put", "txn"].includes(request.kind));
    expect(history.map(({request}) => formatCommand(request))).toEqual(
      asked.map(({request}) => formatCommand(request)),
    );
    const revisions = (list: readonly Operation[]): readonly number[] =>
      list.map(({outcome}) => (outcome?.kind === "ok" ? outcome.response.header.revision : 0));
    expect(revisions(history)).toEqual(revisions(asked));
    expect(appliedLog.at(-1)?.most).toBe(Math.max(...revisions(asked)));
  });
});

describe("Jepsen", () => {
  interface Op {
    readonly ":index": number;
    readonly ":time": number;
    readonly ":process": number | ":nemesis";
    readonly ":type": ":invoke" | ":ok" | ":fail" | ":info";
    readonly ":f": string;
    readonly ":value": unknown;
    readonly ":error"?: string;
  }
  const history = exported(trace, "jepsen")
    .text.trimEnd()
    .split("\n")
    .map((line) => readEdn(line) as Op);
  const clients = history.filter((op) => op[":process"] !== ":nemesis");

  it("is a history: indexed, in order of time, each process doing one thing at a time and nothing after :info", () => {
    expect(history.map((op) => op[":index"])).toEqual(history.map((_, i) => i));
    const open = new Map<unknown, Op>();
    const over = new Set<unknown>();
    let time = 0;
    for (const op of history) {
      expect(op[":time"]).toBeGreaterThanOrEqual(time);
      time = op[":time"];
      const process = op[":process"];
      if (process === ":nemesis") continue;
      expect(over.has(process)).toBe(false);
      const begun = open.get(process);
      if (op[":type"] === ":invoke") {
        expect(begun).toBeUndefined();
        open.set(process, op);
        continue;
      }
      expect(begun?.[":f"]).toBe(op[":f"]);
      open.delete(process);
      if (op[":type"] === ":info") over.add(process);
    }
    expect(open.size).toBe(0);
    expect(clients).toHaveLength(2 * done.operations.length);
    expect(over.size).toBeGreaterThan(0);
  });

  it("says what was asked and what came, registers with versions as jepsen.etcd has them", () => {
    const ended = (f: string): readonly (readonly [string, unknown])[] =>
      clients.flatMap((op) =>
        op[":f"] === f && op[":type"] !== ":invoke" ? [[op[":type"], op[":value"]] as const] : [],
      );
    expect(ended(":write")[0]).toEqual([":ok", ["x", [null, "1"]]]);
    expect(ended(":write")).toContainEqual([":ok", ["odd", [null, odd]]]);
    expect(ended(":write")).toContainEqual([":info", ["x", [null, "5"]]]);
    expect(ended(":read")).toEqual([
      [":ok", ["odd", [1, odd]]],
      [":ok", ["x", [3, "4"]]],
      [":ok", ["none", [0, null]]],
    ]);
    expect(ended(":cas")).toEqual([
      [":ok", ["x", [null, ["1", "2"]]]],
      [":fail", ["x", [null, ["1", "3"]]]],
    ]);
    expect(ended(":txn")).toEqual([
      [
        ":ok",
        [
          [":w", "x", "4"],
          [":r", "odd", odd],
        ],
      ],
    ]);
    // What may be stale is not told as what must not be.
    expect(ended(":serializable-read")).toEqual([[":ok", ["x", [3, "4"]]]]);
    expect(ended(":serializable-txn")).toEqual([[":ok", [[":r", "x", "4"]]]]);
    expect(ended(":member-add").map(([type]) => type)).toEqual([":ok"]);
  });

  it("has every fault twice, as a nemesis tells it", () => {
    const faults = history.flatMap((op) => (op[":process"] === ":nemesis" ? [[op[":type"], op[":f"]]] : []));
    const twice = ["crash", "restart", "restart", "split", "heal"].flatMap((f) => [f, f]);
    expect(faults).toEqual(twice.map((f) => [":info", `:${f}`]));
  });
});

describe("etcd's TLA+ trace validation", () => {
  interface Line {
    readonly tag: string;
    readonly ts: string;
    readonly event: {
      readonly name: string;
      readonly nid: string;
      readonly state: {readonly term: number; readonly vote: string; readonly commit: number};
      readonly role: string;
      readonly log: number;
      readonly conf: readonly [readonly string[], readonly string[]];
      readonly msg?: Record<string, unknown>;
      readonly prop?: Record<string, unknown>;
    };
  }
  const lines = exported(trace, "tla")
    .text.trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Line);
  const events = lines.map(({event}) => event);

  it("has lines of state_trace.go's names and fields, and no others", () => {
    const id = {type: "string", pattern: "^[0-9]+$"};
    const ids = {type: "array", items: id};
    const whole = {type: "integer", minimum: 0};
    const strict = (properties: object, optional: readonly string[] = []): object => ({
      type: "object",
      properties,
      required: Object.keys(properties).filter((key) => !optional.includes(key)),
      additionalProperties: false,
    });
    const exchanges = [
      "AppendEntriesRequest",
      "AppendEntriesResponse",
      "RequestVoteRequest",
      "RequestVoteResponse",
    ];
    const own = [
      "InitState",
      "BecomeCandidate",
      "BecomeFollower",
      "BecomeLeader",
      "Commit",
      "Replicate",
      "ChangeConf",
      "ApplyConfChange",
      "Ready",
    ];
    const names = [...own, ...exchanges.flatMap((one) => [`Send${one}`, `Receive${one}`])];
    const types = [
      "MsgApp",
      "MsgHeartbeat",
      "MsgSnap",
      "MsgAppResp",
      "MsgHeartbeatResp",
      "MsgVote",
      "MsgVoteResp",
    ];
    const change = strict({nid: id, action: {enum: ["AddNewServer", "RemoveServer", "AddLearner"]}});
    const event = strict(
      {
        name: {enum: names},
        nid: id,
        state: strict({term: whole, vote: id, commit: whole}),
        role: {enum: ["StateFollower", "StateCandidate", "StateLeader", "StatePreCandidate"]},
        log: whole,
        conf: {type: "array", items: [ids, ids], minItems: 2, additionalItems: false},
        msg: strict({
          type: {enum: types},
          term: whole,
          from: id,
          to: id,
          entries: whole,
          logTerm: whole,
          index: whole,
          commit: whole,
          vote: id,
          reject: {type: "boolean"},
          rejectHint: whole,
        }),
        prop: strict(
          {
            match: whole,
            next: whole,
            cc: strict({changes: {type: "array", items: change}, newconf: ids}, ["changes", "newconf"]),
          },
          ["match", "next", "cc"],
        ),
      },
      ["msg", "prop"],
    );
    const check = new Ajv({strict: false}).compile(
      strict({level: {const: "debug"}, ts: {type: "string"}, tag: {const: "trace"}, event}),
    );
    for (const line of lines) expect(check(line), JSON.stringify([line, check.errors])).toBe(true);
    const missing = names.filter((name) => !events.some((one) => one.name === name));
    expect(missing).toEqual([]);
    for (const {name, msg} of events) expect(msg !== undefined).toBe(/^(?:Send|Receive)/.test(name));
  });

  it("stands in order, also when it is sorted by its times", () => {
    const stamps = lines.map(({ts}) => ts);
    expect(stamps).toEqual(stamps.toSorted());
    expect(new Set(stamps).size).toBe(stamps.length);
  });

  it("follows Raft: what is received was sent, terms and commits only grow, a leader has its votes", () => {
    const sent = new Set<string>();
    const state = new Map<string, Line["event"]["state"]>();
    const votes = new Map<string, Set<string>>();
    let leaders = 0;
    for (const event of events) {
      const {name, nid, msg, log, role} = event;
      const told = JSON.stringify(msg);
      if (name.startsWith("Send")) {
        expect(msg?.["from"]).toBe(nid);
        sent.add(told);
      }
      if (name.startsWith("Receive")) {
        expect(msg?.["to"]).toBe(nid);
        expect(sent.has(told), told).toBe(true);
      }
      const before = state.get(nid);
      if (before !== undefined && name !== "InitState") {
        expect(event.state.term).toBeGreaterThanOrEqual(before.term);
        expect(event.state.commit).toBeGreaterThanOrEqual(before.commit);
        // A leader's commit index rises in an attempt to commit, and is told then.
        if (role === "StateLeader" && event.state.commit > before.commit) expect(name).toBe("Commit");
      }
      expect(event.state.commit).toBeLessThanOrEqual(log);
      state.set(nid, event.state);
      const key = `${nid}/${event.state.term}`;
      if (name === "ReceiveRequestVoteResponse" && msg?.["reject"] === false && role === "StateCandidate")
        votes.set(key, (votes.get(key) ?? new Set()).add(msg["from"] as string));
      if (name !== "BecomeLeader") continue;
      leaders++;
      expect(votes.get(key)?.size ?? 0).toBeGreaterThan(event.conf[0].length / 2);
    }
    const led = records
      .flatMap(({changes}) => changes)
      .filter((one) => one.kind === "role" && one.role === "leader");
    expect(leaders).toBe(led.length);
    expect(leaders).toBeGreaterThan(0);
  });

  it("receives what was delivered, as it was said", () => {
    const delivered = records.flatMap((record) => {
      if (isLost(record) || record.payload.kind !== "message") return [];
      const {message, from, to} = record.payload;
      const common = {from: `${from}`, to: `${to}`, ...("term" in message ? {term: message.term} : {})};
      switch (message.kind) {
        case "RequestVote":
          return [{...common, type: "MsgVote", index: message.lastLogIndex, logTerm: message.lastLogTerm}];
        case "RequestVoteResponse":
          return [{...common, type: "MsgVoteResp", reject: !message.voteGranted}];
        case "AppendEntries": {
          const {prevLogIndex: index, prevLogTerm: logTerm, leaderCommit: commit, entries} = message;
          return [{...common, type: "MsgApp", index, logTerm, commit, entries: entries.length}];
        }
        case "AppendEntriesResponse":
          return [{...common, type: "MsgAppResp", index: message.index, reject: !message.success}];
        case "Heartbeat":
          return [{...common, type: "MsgHeartbeat", commit: message.commit}];
        case "HeartbeatResponse":
          return [{...common, type: "MsgHeartbeatResp"}];
        default:
          return [];
      }
    });
    const received = events.filter(({name, nid, msg}) => name.startsWith("Receive") && msg?.["from"] !== nid);
    expect(received.map(({msg}) => msg)).toMatchObject(delivered);
    expect(delivered.filter((one) => "reject" in one && one.reject).length).toBeGreaterThan(0);
  });

  it("tells a change of membership when it is proposed, and when each member goes over to it", () => {
    const proposed = events.filter(({name}) => name === "ChangeConf");
    expect(proposed.map(({prop, role}) => [role, prop])).toEqual([
      ["StateLeader", {cc: {changes: [{nid: "4", action: "AddNewServer"}]}}],
    ]);
    const over = events.filter(
      ({name, prop}) =>
        name === "ApplyConfChange" && JSON.stringify(prop).includes('"newconf":["1","2","3","4"]'),
    );
    expect(new Set(over.map(({nid}) => nid))).toEqual(new Set(["1", "2", "3", "4"]));
  });
});

const files = folder();

describe("etcdscope export", () => {
  it("writes a form into a file", async () => {
    const format = "jepsen";
    const from = files.write("run.trace", writeTrace(trace));
    const to = files.path(`run.${format}`);
    const {exit, out} = await etcdscope("export", from, "--to", to, "--format", format);
    expect(exit).toBe(0);
    const checked = ["jepsen", "etcd"].includes(format);
    expect(out).toBe(
      `${to}: a run of ${done.events} events as ${format}\n${checked ? `check it:  etcdscope check ${to}\n` : ""}`,
    );
    expect(readFileSync(to, "utf8")).toBe(exported(trace, format).text);
  });

  it("exports nothing where the run is not the trace's", async () => {
    const from = files.write("other.trace", writeTrace({...trace, header: {...trace.header, seed: "other"}}));
    const {exit, err} = await etcdscope("export", from, "--to", files.path("x"), "--format", "jepsen");
    expect(exit).toBe(1);
    expect(err).toMatch(/event \d+ of the run, .* is not what the trace says; nothing is exported/);
  });

  it.each([
    [
      ["--format", "svgg", "--to", "x"],
      '--format: found "svgg", expected one of shiviz, perfetto, jepsen, etcd, tla',
    ],
    [["--format", "tla"], "--to"],
    [
      ["--format", "tla", "--to", "/nowhere/at/all"],
      "found no such folder, expected a file that can be written",
    ],
  ])("%j is refused in one line", async (options, says) => {
    const from = files.write("run.trace", writeTrace(trace));
    const {exit, err} = await etcdscope("export", from, ...options);
    expect(exit).toBe(2);
    expect(err).toContain(says);
  });
});
