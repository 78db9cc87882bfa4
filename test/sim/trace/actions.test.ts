// Every action in a trace file: read back as it was written, or refused in one line that says what, where and what was expected.

import {describe, expect, it} from "vitest";
import type {Action, ActionKind} from "../../../sim/action.ts";
import {execute} from "../../../sim/execute.ts";
import {readTrace, writeTrace} from "../../../sim/trace/file.ts";
import {traceOf} from "../../../sim/trace/replay.ts";
import {at, makeRun, sound} from "../stage.ts";

/** At least one of each. */
const actions: readonly Action[] = [
  {kind: "cut", from: "n1", to: "n2", oneWay: true},
  {kind: "split", groups: [["n1"], ["n2", "n3"]]},
  {kind: "heal"},
  {kind: "link", from: "n1", to: "n2", set: {latency: {least: 1, most: 2}, lossPerMillion: 5}},
  {
    kind: "link",
    from: "n1",
    to: "n2",
    oneWay: true,
    set: {duplicatePerMillion: 1, reorderPerMillion: 2, bytesPerSecond: 3, queueBytes: 4},
  },
  {kind: "link", from: "c1", to: "n2", reset: true},
  {kind: "connection", client: "c1", member: "n1", do: "reset"},
  {kind: "connection", client: "c1", member: "n1", do: "refuse"},
  {kind: "connection", client: "c1", member: "n1", do: "accept"},
  {kind: "crash", member: "n1"},
  {kind: "restart", member: "n1"},
  {
    kind: "restart",
    member: "n1",
    with: {versions: ["vote-twice"], raft: {preVote: true, electionTicks: 9}, store: {commitEvery: 5}},
  },
  {kind: "restart", member: "n1", with: {versions: []}},
  {kind: "crashAt", member: "n2", point: "beforeApplyOneEntryNormal", nth: 3},
  {kind: "crashAtDisk", member: "n2", nth: 1, when: "before"},
  {kind: "crashAtDisk", member: "n2", nth: 1, when: "after", what: "rename"},
  {kind: "slow", member: "n3", actor: "watchSend", factor: 20},
  {kind: "pause", member: "n1"},
  {kind: "resume", member: "n1"},
  {kind: "pauseClient", client: "c1"},
  {kind: "resumeClient", client: "c1"},
  {kind: "clock", who: "n1", rate: 900_000},
  {kind: "jump", who: "c1", by: 5},
  {kind: "timeout", member: "n1"},
  {kind: "client", client: "c1", op: "put x 1", as: "it", to: "n2"},
  {kind: "message", event: "n1→n2#3", do: "drop"},
  {kind: "message", event: "n1→n2#3", do: "delay", by: 5},
  {kind: "loss", perMillion: 5},
  {kind: "disk", member: "n1", fault: {kind: "wipe"}},
  {kind: "mark"},
  {kind: "pin", stream: "clock/n1", n: 2, value: 5},
];

const script = actions.map((action, i) => at(i + 1, 900, action));

/** A trace that ends before any of it happens, with this for its script. */
function written(items: readonly unknown[]): Uint8Array {
  const done = execute(makeRun({until: 30}), {versions: sound, lines: true});
  const {header, lines} = traceOf(done, {code: "0123456789abcdef"});
  return writeTrace({header: {...header, script: items as typeof header.script}, lines});
}

function refusal(action: object): string {
  const read = readTrace(written([{id: 1, when: {at: 900_000}, do: action, origin: "plan"}]));
  return read.ok ? "read" : read.error;
}

describe("an action in a trace", () => {
  it("is read back as it was written, whatever its kind", () => {
    const read = readTrace(written(script));
    expect(read.ok ? read.value.header.script : read.error).toEqual(script);
    const kinds: readonly ActionKind[] = actions.map(({kind}) => kind);
    // The reader's own list names no kind that is not tried here.
    const known = /one of (.*)$/.exec(refusal({kind: "none"}))?.[1]?.split(", ") ?? [];
    expect(new Set(known)).toEqual(new Set<string>(kinds));
  });

  it.each([
    [{kind: "link", from: "n1", to: "n2"}, ".do.set: nothing, expected an object"],
    [{kind: "link", from: "n1", to: "n8", set: {}}, '.do.to: "n8", expected one of this run\'s names'],
    [{kind: "link", from: "n1", to: "n2", reset: false}, ".do.reset: false, expected true"],
    [{kind: "link", from: "n1", to: "n2", set: {}, reset: true}, ".do.set: {}, expected no such key"],
    [
      {kind: "link", from: "n1", to: "n2", set: {lossPerMillion: 1_000_001}},
      ".do.set.lossPerMillion: 1000001, expected a whole number from 0 to 1000000",
    ],
    [{kind: "link", from: "n1", to: "n2", set: {latency: 5}}, ".do.set.latency: 5, expected an object"],
    [{kind: "link", from: "n1", to: "n2", set: {jitter: 5}}, ".do.set.jitter: 5, expected no such key"],
    [
      {kind: "connection", client: "c1", member: "n1", do: "drop"},
      '.do.do: "drop", expected "reset" or "refuse" or "accept"',
    ],
    [{kind: "connection", client: "c9", member: "n1", do: "reset"}, '.do.client: "c9", expected one of'],
    [
      {kind: "crashAt", member: "n1", point: "somewhere", nth: 1},
      '.do.point: "somewhere", expected "raftBeforeSaveSnap"',
    ],
    [
      {kind: "crashAt", member: "n1", point: "beforeCommit", nth: 0},
      ".do.nth: 0, expected a whole number from 1 to 1000000",
    ],
    [{kind: "crashAtDisk", member: "n4", nth: 1, when: "after"}, '.do.member: "n4", expected one of'],
    [
      {kind: "crashAtDisk", member: "n1", nth: 1, when: "amid"},
      '.do.when: "amid", expected "before" or "after"',
    ],
    [{kind: "slow", member: "n1", actor: "lunch", factor: 2}, '.do.actor: "lunch", expected "append"'],
    [
      {kind: "slow", member: "n1", actor: "apply", factor: 0},
      ".do.factor: 0, expected a whole number from 1",
    ],
    [
      {kind: "restart", member: "n1", with: {raft: {ticks: 1}}},
      ".do.with.raft.ticks: 1, expected no such key",
    ],
    [
      {kind: "restart", member: "n1", with: {raft: {electionTicks: 1}}},
      ".do.with.raft.electionTicks: 1, expected a whole number from 2",
    ],
    [
      {kind: "restart", member: "n1", with: {store: {strictReconfig: 1}}},
      ".do.with.store.strictReconfig: 1, expected true or false",
    ],
    [
      {kind: "restart", member: "n1", with: {versions: ["gone"]}},
      '.do.with.versions[0]: "gone", expected a bug of the museum',
    ],
  ])("%j is refused in one line", (action, says) => {
    const line = refusal(action);
    expect(line).toContain(`script[0]${says}`);
    expect(line).not.toContain("\n");
  });
});

describe("regions in a trace", () => {
  const near = {least: 1, most: 2};
  const withRegions = (regions: object): string => {
    const done = execute(makeRun({until: 30}), {versions: sound, lines: true});
    const {header, lines} = traceOf(done, {code: "0123456789abcdef"});
    const {config} = header;
    const network = {...config.network, regions} as typeof config.network;
    const read = readTrace(writeTrace({header: {...header, config: {...config, network}}, lines}));
    return read.ok ? JSON.stringify(read.value.header.config.network.regions) : read.error;
  };

  it("are read back as they were written", () => {
    const regions = {
      of: {n1: "east", c1: "west"},
      latency: {east: {east: near, west: near}, west: {west: near}},
    };
    expect(withRegions(regions)).toBe(JSON.stringify(regions));
  });

  it.each([
    [{of: {n9: "east"}, latency: {}}, 'regions.of.n9: "n9", expected one of this run\'s names'],
    [{of: {n1: "The East"}, latency: {}}, 'regions.of.n1: "The East", expected a region'],
    [
      {of: {}, latency: {east: {east: {least: 2, most: 1}}}},
      "latency.east.east.most: 1, expected at least 2",
    ],
    [
      {of: {n1: "east", n2: "west"}, latency: {east: {east: near}, west: {west: near}}},
      "latency.east.west: nothing, expected a latency between any two regions that are used",
    ],
    [{of: {n1: "constructor"}, latency: {}}, "latency.constructor.constructor: nothing, expected a latency"],
  ])("%j are refused in one line", (regions, says) => {
    expect(withRegions(regions)).toContain(says);
  });
});
