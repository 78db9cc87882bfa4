// A cluster as data, such as `{members: 3, clients: 2}`: what `simulate` takes beside its options, and fault plans and
// workloads are drawn for. No node: imports.

import type {Config, Run, Scenario, Text} from "../scenarios/format.ts";
import {scenario} from "./given.ts";
import {isObject} from "./refuse.ts";

/** What a scenario says in `run.config`; three members, three clients and the teaching profile where it is not said. */
export type Cluster = Partial<Config>;

/** Every key of a cluster: the compiler counts. */
const keys: Readonly<Record<keyof Config, true>> = {
  members: true,
  learners: true,
  spares: true,
  clients: true,
  profile: true,
  raft: true,
  store: true,
  network: true,
  disk: true,
  clock: true,
  client: true,
  pausePoints: true,
};

export const clusterKeys: readonly string[] = Object.keys(keys);

/** What else a scenario on a cluster is made of; absent: it is over at once. */
export interface OnCluster extends Partial<Pick<Run, "load" | "steps" | "until" | "limit">> {
  readonly id: string;
  readonly title: Text;
}

/** The cluster as a scenario. Throws one line that says what of it is wrong, beginning with `where`. */
export function scenarioOn(cluster: Cluster, {id, title, ...run}: OnCluster, where: string): Scenario {
  const config = {members: 3, clients: 3, profile: "teaching", ...cluster};
  try {
    return scenario({
      format: 1,
      id,
      group: "example",
      title,
      teaches: title,
      run: {
        seed: "1",
        holds: "this seed",
        until: {term: "n1", atLeast: 0},
        limit: "60s",
        steps: [],
        expect: [],
        ...run,
        config,
      },
    });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new Error(error.message.replace(/^run\.config/, where).replace(/^run\./, `${where}.`));
  }
}

/** A scenario, its id, or a cluster for which one is made. */
export function scenarioFor(of: Scenario | string | Cluster): Scenario {
  const isCluster = isObject(of) && !("format" in of);
  return isCluster
    ? scenarioOn(of, {id: "cluster", title: {en: "A cluster", zh: "集群"}}, "cluster")
    : scenario(of as Scenario | string);
}
