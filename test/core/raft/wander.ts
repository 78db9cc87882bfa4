// A random walk through what may happen to a cluster: any order of delivery, loss, duplicates, slow disks, crashes
// that take what was not synced, elections at bad times, reads. Each number makes one choice, so a list of numbers is
// a run, and so is every shorter one.

import {Cluster} from "./cluster.ts";
import type {ClusterOptions} from "./cluster.ts";
import {numbers} from "./notation.ts";

export interface WanderOptions extends ClusterOptions {
  /** More crashes and elections, and never a quiet moment. */
  readonly wild?: boolean;
}

/** Runs `choices`; throws when a claim is broken. */
export function wander(options: WanderOptions, choices: Iterable<number>): Cluster {
  const {config = {}} = options;
  const cluster = new Cluster({
    ...options,
    config: (id) => ({
      electionTicks: 5,
      inflightMax: 3,
      messageBytesMax: 60,
      ...(typeof config === "function" ? config(id) : config),
    }),
  });
  let count = 0;
  for (const choice of choices) act(cluster, choice, count++, options.wild ?? false);
  return cluster;
}

function act(cluster: Cluster, choice: number, count: number, wild: boolean): void {
  const what = choice % 128;
  const rest = choice >>> 7;
  const member = cluster.member((rest % cluster.members.length) + 1);
  const {id} = member;
  const under = cluster.messages.length;
  if (what < 46) {
    // Mostly old messages, so that things get done; now and then any, so that they come in any order.
    if (under > 0) cluster.deliver((rest & 24) !== 0 ? 0 : (rest >>> 5) % under);
  } else if (what < 74) {
    if (member.node.hasReady()) cluster.takeReady(id);
  } else if (what < 98) {
    cluster.write(id);
  } else if (what < 106) {
    const leader = cluster.members.find(({node}) => node.role === "leader") ?? member;
    cluster.propose((rest & 8) === 0 ? id : leader.id, `c${count}`);
  } else if (what < 110) {
    cluster.tick(id);
  } else if (what < 111) {
    cluster.campaign(id);
  } else if (what < 114) {
    if (under > 0) cluster.deliver((rest >>> 5) % under, true);
  } else if (what < 116) {
    if (under > 0) cluster.messages.splice((rest >>> 5) % under, 1);
  } else if (what < 120) {
    cluster.readIndex(id, count);
  } else if (what < 121) {
    cluster.restart(id, (rest & 8) === 0 ? "synced" : "written");
  } else if (what < 122) {
    cluster.act(id, (node) => node.reportUnreachable(((rest >>> 5) % cluster.members.length) + 1));
  } else if (what < 123) {
    cluster.isolate(id);
  } else if (what < 125) {
    cluster.heal();
  } else if (wild) {
    if ((rest & 8) === 0) cluster.campaign(id);
    else cluster.restart(id, (rest & 16) === 0 ? "synced" : "written");
  } else if ((rest & 8) === 0) {
    // Not until it is quiet: a broken follower may be asked the same for ever.
    for (let rounds = 0; rounds < 100 && cluster.round(); rounds++);
  }
}

export interface Budget {
  readonly seeds: number;
  readonly length: number;
}

/** The first seed below `seeds` with which a run breaks a claim, and what it says. */
export function firstBroken(
  options: WanderOptions,
  {seeds, length}: Budget,
): {seed: number; said: string} | undefined {
  for (let seed = 0; seed < seeds; seed++) {
    try {
      wander(options, numbers(seed, length));
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      return {seed, said: error.message};
    }
  }
  return undefined;
}
