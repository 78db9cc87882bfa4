// Spaces for tests: with rules changed, and what a search came to in words that can be compared.

import type {RaftRules} from "../../../core/raft/rules.ts";
import {soundVersion} from "../../../core/server/config.ts";
import type {Version} from "../../../core/server/config.ts";
import {voteTwice} from "../../../sim/bug/raft/voteTwice.ts";
import type {Bounds, ClusterSpace, ClusterState} from "../../../sim/explore/clusterSpace.ts";
import {Explorer} from "../../../sim/explore/explorer.ts";
import type {Explored, ExploreOptions} from "../../../sim/explore/explorer.ts";
import type {Action} from "../../../sim/explore/action.ts";
import {makeSpace} from "../../../sim/explore/spaces.ts";

export function ruled(rules: Partial<RaftRules>): Version {
  return {...soundVersion, raft: {rules: {...soundVersion.raft.rules, ...rules}}};
}

/** Bugs that two members can show. */
export const planted: Readonly<Record<string, Version>> = {
  "votes twice": voteTwice.apply(soundVersion),
  "one vote is a quorum": ruled({quorumSize: () => 1}),
  "appends to any log": ruled({fitsOurLog: () => true}),
};

export function raftSpace(members: number, bounds: Bounds, version?: Version): ClusterSpace {
  return makeSpace({id: "test", of: "raft", members, bounds}, version);
}

export interface Told extends Explored<Action> {
  /** Fingerprints of what the members and the claims' memory came to, in all states; names and messages left out. */
  readonly clusters: string;
  readonly clusterCount: number;
}

export function tell(space: ClusterSpace, options: ExploreOptions<ClusterState> = {}): Told {
  const clusters = new Set<string>();
  const into = {a: 0, b: 0};
  const left = space.initial.left.map(() => 0);
  const onState = (state: ClusterState): void => {
    space.symmetry.least({...state, letters: [], left}, into);
    clusters.add(`${into.a} ${into.b}`);
  };
  return {
    ...new Explorer(space, {...options, onState}).run(),
    clusters: [...clusters].sort().join(),
    clusterCount: clusters.size,
  };
}

/** Takes a path from the beginning. */
export function walk(space: ClusterSpace, path: readonly Action[]): readonly ClusterState[] {
  const states = [space.initial];
  for (const action of path) {
    const state = states.at(-1) ?? space.initial;
    if (!space.actions(state).includes(action)) throw new Error(`${action.kind} is not enabled there`);
    states.push(space.apply(state, action));
  }
  return states;
}
