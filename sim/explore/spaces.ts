// The spaces that have names. To add one: a line here; its number of states in test/sim/explore/spaces.test.ts if it is
// small. Bounds are chosen so that what they let happen can be said in a line, and so that the end is reached.

import type {Version} from "../../core/server/config.ts";
import {soundVersion} from "../../core/server/config.ts";
import {serverConfig} from "../process.ts";
import {ClusterSpace} from "./clusterSpace.ts";
import type {Bounds} from "./clusterSpace.ts";
import {RaftHost} from "./raftHost.ts";
import {ServerHost} from "./serverHost.ts";
import {askedFor, untimedConfig} from "./worldRun.ts";
import type {Ground} from "./worldRun.ts";

export interface NamedSpace extends Ground {
  readonly id: string;
  /** Bare raft nodes with storage in one step, or whole servers. */
  readonly of: "raft" | "server";
  readonly bounds: Bounds;
}

const everything = {terms: 2, request: 1, crash: 1} as const;

/** One entry in a message, so that an entry can be replicated without those behind it (Raft Figure 8). */
const oneByOne = {messageBytesMax: 0};

/** By id, in byte order. */
export const spaces: readonly NamedSpace[] = [
  {id: "raft-commit-2", of: "raft", members: 2, bounds: {...everything, drop: 1}},
  {id: "raft-commit-3", of: "raft", members: 3, bounds: everything},
  {id: "raft-drop-3", of: "raft", members: 3, bounds: {...everything, drop: 1}},
  {id: "raft-duplicate-2", of: "raft", members: 2, bounds: {...everything, duplicate: 1}},
  {id: "raft-election-2", of: "raft", members: 2, bounds: {terms: 2}},
  {id: "raft-election-3", of: "raft", members: 3, bounds: {terms: 2}},
  {id: "raft-figure8-3", of: "raft", members: 3, bounds: {terms: 4}, raft: oneByOne},
  {id: "raft-heartbeat-2", of: "raft", members: 2, bounds: {...everything, heartbeat: 1}},
  {id: "server-disk-2", of: "server", members: 2, bounds: {terms: 1, crash: 1}, slowDisk: true},
  {id: "server-disk-3", of: "server", members: 3, bounds: {terms: 1, crash: 1}, slowDisk: true},
  {
    id: "server-disk-put-2",
    of: "server",
    members: 2,
    bounds: {terms: 1, request: 1, crash: 1},
    slowDisk: true,
  },
  {id: "server-election-3", of: "server", members: 3, bounds: {terms: 2}},
  {id: "server-put-2", of: "server", members: 2, bounds: everything},
  {id: "server-put-3", of: "server", members: 3, bounds: {terms: 1, request: 1, crash: 1}},
];

/** The space itself, of members made of `version`. `symmetric`: whether names make no difference in it. */
export function makeSpace(
  named: NamedSpace,
  version: Version = soundVersion,
  symmetric = isSymmetric(named),
): ClusterSpace {
  const {id: name, bounds, members} = named;
  const asksMembers = version === soundVersion;
  const ids = Array.from({length: members}, (_, i) => i + 1);
  const hosts = named.of === "raft" ? raftHosts(ids, named, version) : serverHosts(ids, named, version);
  return new ClusterSpace({name, bounds, hosts, symmetric, asksMembers});
}

/** A server puts its id into what it proposes: where one is asked, names make a difference. */
function isSymmetric({of, bounds}: NamedSpace): boolean {
  return of === "raft" || (bounds.request ?? 0) === 0;
}

function raftHosts(ids: readonly number[], {members, raft}: NamedSpace, version: Version): RaftHost[] {
  const {rules} = version.raft;
  return ids.map((id) => RaftHost.create(id, {members, rules, ...(raft === undefined ? {} : {raft})}));
}

function serverHosts(ids: readonly number[], named: NamedSpace, version: Version): ServerHost[] {
  const config = untimedConfig(named);
  const {slowDisk = false} = named;
  return ids.map((id) =>
    ServerHost.create({config: serverConfig(config, id), version, request: askedFor, slowDisk}),
  );
}
