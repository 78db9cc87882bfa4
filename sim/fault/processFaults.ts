// What befalls processes: one fault of a member's process at a time, and beside it one of its disk, one of its actors, and
// what befalls all members together. Whoever is to crash at a moment that may not come is crashed at the window's end:
// that takes back what waits for it.

import type {Point} from "../../core/server/io.ts";
import {diskOpKinds} from "../../core/storage/disk.ts";
import type {DiskOpKind} from "../../core/storage/disk.ts";
import type {Action} from "../action.ts";
import {slowBounds} from "../bounds.ts";
import {trueRate} from "../clock.ts";
import type {DiskFault} from "../disk/fault.ts";
import type {Config} from "../run.ts";
import {
  actorKinds,
  clientKinds,
  clockKinds,
  clusterKinds,
  connectionKinds,
  diskKinds,
  pausingActors,
  processKinds,
} from "./kinds.ts";
import type {ClusterKind, DiskKind, ProcessKind} from "./kinds.ts";
import type {Luck} from "./luck.ts";
import {clientsOf, membersOf} from "./names.ts";
import {doubled, during, into, windows} from "./windows.ts";
import type {Drawing, Planned, Times, Window} from "./windows.ts";

/** Of each member: its process, its disk, its actors. */
export function memberFaults({luck, config, weights, times}: Drawing): readonly Planned[] {
  return membersOf(config).flatMap((member) => [
    ...windows(luck.within(member), weights, processKinds, doubled(times), (kind, window) =>
      processFault(kind, window, member, config),
    ),
    ...windows(luck.within(`disk/${member}`), weights, diskKinds, doubled(times), (kind, window) =>
      diskFault(kind, window, member, times),
    ),
    ...windows(luck.within(`actor/${member}`), weights, actorKinds, doubled(times), (_, window) =>
      slowActor(window, member, config, times),
    ),
  ]);
}

function processFault(kind: ProcessKind, window: Window, member: string, config: Config): readonly Planned[] {
  const {luck} = window;
  const crash: Action = {kind: "crash", member};
  const restart: Action = {kind: "restart", member};
  const at = (most: number): {readonly nth: number; readonly when: "before" | "after"} => ({
    nth: 1 + luck.below("nth", most),
    when: luck.of("when", ["before", "after"]),
  });
  switch (kind) {
    case "crash":
      return during(window, [crash], [restart]);
    case "pause":
      return during(window, [{kind, member}], [{kind: "resume", member}]);
    case "timeout":
      return during(window, [{kind, member}], []);
    case "crashAt": {
      const [first, ...points] = config.pausePoints;
      if (first === undefined) return [];
      const point: Point = luck.of("point", [first, ...points]);
      return during(window, [{kind, member, point, nth: 1 + luck.below("nth", 4)}], [crash, restart]);
    }
    case "crashAtDisk": {
      // What stands between a rename and the sync of its folder takes milliseconds: those are waited for by name.
      const what = luck.of("what", [undefined, ...diskOpKinds]);
      const which = what === undefined ? at(64) : {...at(usual.includes(what) ? 16 : 3), what};
      return during(window, [{kind, member, ...which}], [crash, restart]);
    }
    case "crashTwice": {
      // Armed while it is down, the second crash waits for the next life: it comes while that recovers.
      const half = into(window, 1, 2);
      return [
        {at: window.at, do: crash},
        ...[{kind: "crashAtDisk", member, ...at(8)} as const, restart].map((one) => ({at: half, do: one})),
        ...[crash, restart].map((one) => ({at: window.end, do: one})),
      ];
    }
    case "reconfigure": {
      const {raft, store} = otherFlags(luck, config);
      const before: Action = {kind: "restart", member, with: {raft: flagsOf(config), store: batchOf(config)}};
      return during(window, [crash, {...restart, with: {raft, store}}], [crash, before]);
    }
  }
}

/** What a log that is written to does all the time. */
const usual: readonly DiskOpKind[] = ["write", "sync"];

type Flags = Pick<Config["raft"], "snapshotEvery" | "snapshotKeep" | "inflightMax" | "messageBytesMax">;
type Batch = Pick<Config["store"], "compactionBatch">;

/** Flags in which members of one cluster may differ (etcd --snapshot-count, --experimental-compaction-batch-limit …). */
function otherFlags(luck: Luck, {raft}: Config): {readonly raft: Flags; readonly store: Batch} {
  return {
    raft: {
      inflightMax: luck.of("inflightMax", [1, 4, 256]),
      messageBytesMax: luck.of("messageBytesMax", [1, 512, 65_536]),
      snapshotEvery: luck.of("snapshotEvery", [5, 20, 100, raft.snapshotEvery]),
      snapshotKeep: luck.of("snapshotKeep", [1, 5, 50]),
    },
    store: {compactionBatch: luck.of("compactionBatch", [1, 10, 100, 1000])},
  };
}

function flagsOf({raft}: Config): Flags {
  const {inflightMax, messageBytesMax, snapshotEvery, snapshotKeep} = raft;
  return {inflightMax, messageBytesMax, snapshotEvery, snapshotKeep};
}

function batchOf({store: {compactionBatch}}: Config): Batch {
  return {compactionBatch};
}

/** A crash loses what it can of one kind. */
function diskFault(
  kind: DiskKind,
  window: Window,
  member: string,
  {electionTimeout}: Times,
): readonly Planned[] {
  const {luck} = window;
  const fault = (what: DiskFault): Action => ({kind: "disk", member, fault: what});
  switch (kind) {
    case "slow":
      return during(window, [fault({kind, factor: 2 + luck.below("factor", 30)})], [fault({kind: "mend"})]);
    case "stall":
      return during(window, [fault({kind, for: 1 + luck.below("for", 2 * electionTimeout)})], []);
    default:
      return during(window, [fault({kind}), {kind: "crash", member}], [{kind: "restart", member}]);
  }
}

/** Turns of one of its actors take up to two election timeouts (etcd's robustness tests let them sleep for a second). */
function slowActor(
  window: Window,
  member: string,
  {pausePoints, clock}: Config,
  {electionTimeout}: Times,
): readonly Planned[] {
  const {luck} = window;
  const [first, ...actors] = pausingActors(pausePoints);
  if (first === undefined) return [];
  const actor = luck.of("actor", [first, ...actors]);
  const most = Math.floor((2 * electionTimeout) / Math.max(1, clock.apply.most));
  const factor = 2 + luck.below("factor", Math.min(Math.max(1, most), slowBounds.most - 1));
  return during(window, [{kind: "slow", member, actor, factor}], [{kind: "slow", member, actor, factor: 1}]);
}

// ---- all members together

export function clusterFaults({luck, config, weights, times}: Drawing): readonly Planned[] {
  const servers = membersOf(config);
  return windows(luck.within("cluster"), weights, clusterKinds, doubled(times), (kind, window) =>
    clusterFault(kind, window, servers),
  );
}

function clusterFault(kind: ClusterKind, window: Window, servers: readonly string[]): readonly Planned[] {
  switch (kind) {
    case "blackout":
      return servers.flatMap((member): readonly Planned[] => blackout(window, member));
    case "rolling": {
      const parts = 2 * servers.length - 1;
      return servers.flatMap((member, i): readonly Planned[] => [
        {at: into(window, 2 * i, parts), do: {kind: "crash", member}},
        {at: into(window, 2 * i + 1, parts), do: {kind: "restart", member}},
      ]);
    }
  }
}

/** The power goes for all at once; each comes back when it does. */
function blackout(window: Window, member: string): readonly Planned[] {
  const {luck} = window;
  const kind = luck.of("lost", [undefined, "loseUnsynced", "tearUnsynced", "loseNames"] as const);
  const lost: readonly Action[] = kind === undefined ? [] : [{kind: "disk", member, fault: {kind}}];
  const back = window.end - luck.below("back", Math.max(1, Math.floor((window.end - window.at) / 2)));
  return [
    ...[...lost, {kind: "crash", member} as const].map((one) => ({at: window.at, do: one})),
    {at: back, do: {kind: "restart", member}},
  ];
}

// ---- clients and clocks

export function clientFaults({luck, config, weights, times}: Drawing): readonly Planned[] {
  const servers = membersOf(config);
  return clientsOf(config).flatMap((client) => [
    ...windows(luck.within(client), weights, clientKinds, doubled(times), (_, window) =>
      during(window, [{kind: "pauseClient", client}], [{kind: "resumeClient", client}]),
    ),
    ...windows(
      luck.within(`connection/${client}`),
      weights,
      connectionKinds,
      doubled(times),
      (kind, window) => {
        const member = servers[window.luck.below("member", servers.length)] ?? "";
        const does = (what: "reset" | "refuse" | "accept"): Action => ({
          kind: "connection",
          client,
          member,
          do: what,
        });
        return kind === "reset"
          ? during(window, [does("reset")], [])
          : during(window, [does("refuse")], [does("accept")]);
      },
    ),
  ]);
}

/** A clock that runs at half to twice the true rate for a while, or jumps ahead by up to four election timeouts. */
export function clockFaults({luck, config, weights, times}: Drawing): readonly Planned[] {
  return [...membersOf(config), ...clientsOf(config)].flatMap((who) =>
    windows(luck.within(`clock/${who}`), weights, clockKinds, doubled(times), (kind, window) => {
      if (kind === "jump") {
        const by = 1 + window.luck.below("by", 4 * times.electionTimeout);
        return during(window, [{kind, who, by}], []);
      }
      const rate = trueRate / 2 + window.luck.below("rate", (3 * trueRate) / 2);
      return during(window, [{kind, who, rate}], [{kind, who, rate: trueRate}]);
    }),
  );
}
