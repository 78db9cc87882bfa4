// `npm run bench [--json]`: what the hot path costs. Figures of one machine mean little; each is also given as a ratio to
// a calibration loop that runs in the same process, right before it.
//
//   raft      bare raft: three nodes, proposals through RawNode and Ready, messages per second
//   cluster   five members of the simulated world, a fixed closed workload, committed client operations per second;
//             events per second, by kind, beside it
//   checked   the same with all checks on
//   idle      five members that only tick and send heartbeats, events per second

import {Hasher} from "../core/base/hasher.ts";
import type {Entry} from "../core/raft/entry.ts";
import {MemoryStorage} from "../core/raft/memoryStorage.ts";
import type {Message} from "../core/raft/message.ts";
import {RawNode} from "../core/raft/rawNode.ts";
import {raftRules} from "../core/raft/rules.ts";
import {versionOf} from "../sim/bug/museum.ts";
import {standardChecks} from "../sim/check/standard.ts";
import {execute} from "../sim/execute.ts";
import {resolve} from "../sim/profile.ts";
import type {Run} from "../sim/run.ts";
import {Mix} from "../sim/workload/mix.ts";

interface Figure {
  readonly name: string;
  /** What is counted, per second. */
  readonly unit: string;
  readonly perSecond: number;
  /** Against the calibration loop's rounds per second. */
  readonly ratio: number;
  readonly parts?: Readonly<Record<string, number>>;
}

const seconds = 1.5;

/** Rounds per second of a loop of integer work and small objects: what this machine gives just now. */
function calibration(): number {
  const hasher = new Hasher();
  const until = performance.now() + 200;
  let rounds = 0;
  while (performance.now() < until) {
    for (let i = 0; i < 1000; i++) {
      const event = {at: i, lane: i % 7};
      hasher.word(event.at);
      hasher.word(event.lane);
    }
    rounds += 1000;
  }
  return rounds / 0.2;
}

/** Repeats `work` for a while; `work` returns how much it did. */
function measure(
  name: string,
  unit: string,
  work: () => {done: number; parts?: Map<string, number>},
): Figure {
  work();
  const base = calibration();
  const start = performance.now();
  let done = 0;
  const parts = new Map<string, number>();
  while (performance.now() < start + 1000 * seconds) {
    const round = work();
    done += round.done;
    for (const [part, count] of round.parts ?? []) parts.set(part, (parts.get(part) ?? 0) + count);
  }
  const elapsed = (performance.now() - start) / 1000;
  const shares = Object.fromEntries([...parts].map(([part, count]) => [part, Math.round(count / elapsed)]));
  const figure = {
    name,
    unit,
    perSecond: Math.round(done / elapsed),
    ratio: Number((done / elapsed / base).toPrecision(3)),
  };
  return parts.size === 0 ? figure : {...figure, parts: shares};
}

/** Three raft nodes in one loop: 2,000 proposals, every message delivered at once. */
function bareRaft(): {done: number} {
  const voters = [1, 2, 3];
  const config = {voters, electionTicks: 10, heartbeatTicks: 1, inflightMax: 256, messageBytesMax: 1 << 20};
  const nodes = voters.map((id) => {
    const storage = new MemoryStorage();
    return {storage, node: new RawNode({config: {...config, id}, rules: raftRules, storage, draw: () => id})};
  });
  const queue: Message[] = [];
  let messages = 0;
  const settle = (): void => {
    for (let busy = true; busy;) {
      busy = false;
      for (const {node, storage} of nodes) {
        while (node.hasReady()) {
          busy = true;
          const ready = node.ready();
          queue.push(...ready.messages);
          if (ready.append !== undefined) {
            storage.append(ready.append.entries);
            if (ready.append.hardState !== undefined) storage.setHardState(ready.append.hardState);
            queue.push(...ready.append.messages);
            node.appended(ready.append.receipt);
          }
          const last: Entry | undefined = ready.apply.at(-1);
          if (last !== undefined) node.applied(last.index);
        }
      }
      for (const message of queue.splice(0)) {
        busy = true;
        messages++;
        nodes[message.to - 1]?.node.step(message);
      }
    }
  };
  nodes[0]?.node.campaign();
  settle();
  const data = new Uint8Array(100);
  for (let i = 0; i < 2000; i++) {
    nodes[0]?.node.propose([data]);
    settle();
  }
  return {done: messages};
}

function cluster(
  checked: boolean,
  busy: boolean,
): {operations: number; events: number; kinds: Map<string, number>} {
  const config = resolve({members: 5, clients: 4});
  const until = 3_000_000;
  const run: Run = {
    format: 1,
    config,
    seed: "bench",
    versions: {},
    script: [],
    choices: [],
    limits: {events: 1_000_000, until},
  };
  const kinds = new Map<string, number>();
  const done = execute(run, {
    versions: versionOf,
    director: busy ? new Mix({seed: "bench", until, think: 2000}) : undefined,
    checkers: checked ? standardChecks().filter(({name}) => name !== "Linearizability") : [],
    onEvent: ({payload: {kind}}) => {
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    },
  });
  const operations = done.operations.filter(({outcome}) => outcome?.kind === "ok").length;
  return {operations, events: done.events, kinds};
}

function clusterFigure(name: string, checked: boolean): Figure {
  return measure(name, "committed client operations", () => {
    const {operations, events, kinds} = cluster(checked, true);
    return {done: operations, parts: new Map([["events", events], ...kinds])};
  });
}

const figures = [
  measure("raft", "messages", bareRaft),
  clusterFigure("cluster", false),
  clusterFigure("checked", true),
  measure("idle", "events", () => ({done: cluster(false, false).events})),
];

if (process.argv.includes("--json")) console.log(JSON.stringify(figures));
else {
  for (const {name, unit, perSecond, ratio, parts} of figures) {
    console.log(
      `${name.padEnd(8)} ${String(perSecond).padStart(9)} ${unit} per second, ${ratio} of the calibration loop`,
    );
    for (const [part, count] of Object.entries(parts ?? {}))
      console.log(`           ${String(count).padStart(9)} ${part}`);
  }
}
