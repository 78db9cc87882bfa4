// A random walk through what may happen to a cluster: any order of delivery, loss, duplicates, slow disks, crashes
// that take what was not synced, elections at bad times, reads. Each number makes one choice, so a list of numbers is
// a run, and so is every shorter one.

import {Cluster} from "./cluster.ts";
import type {ClusterOptions} from "./cluster.ts";

/** Runs `choices`; throws when a claim is broken. */
export function wander(options: ClusterOptions, choices: Iterable<number>): Cluster {
  const cluster = new Cluster({...options, config: {electionTicks: 5, inflightMax: 3, messageBytesMax: 60, ...options.config}});
  let count = 0;
  for (const choice of choices) act(cluster, choice, count++);
  return cluster;
}

function act(cluster: Cluster, choice: number, count: number): void {
  const what = choice % 128;
  const rest = choice >>> 7;
  const member = cluster.member((rest % cluster.members.length) + 1);
  const {id} = member;
  const under = cluster.messages.length;
  if (what < 44) {
    // Mostly old messages, so that things get done; now and then any, so that they come in any order.
    if (under > 0) cluster.deliver((rest & 8) === 0 ? 0 : (rest >>> 4) % under);
  } else if (what < 72) {
    if (member.node.hasReady()) cluster.takeReady(id);
  } else if (what < 94) {
    cluster.write(id);
  } else if (what < 100) {
    cluster.propose(id, `c${count}`);
  } else if (what < 105) {
    cluster.tick(id);
  } else if (what < 109) {
    cluster.campaign(id);
  } else if (what < 113) {
    if (under > 0) cluster.deliver((rest >>> 4) % under, true);
  } else if (what < 116) {
    if (under > 0) cluster.messages.splice((rest >>> 4) % under, 1);
  } else if (what < 119) {
    cluster.readIndex(id, count);
  } else if (what < 122) {
    cluster.restart(id, (rest & 16) === 0 ? "synced" : "written");
  } else if (what < 124) {
    cluster.act(id, (node) => node.reportUnreachable((rest >>> 8) % cluster.members.length + 1));
  } else if (what < 126) {
    cluster.isolate(id);
  } else {
    cluster.heal();
  }
}

/** `length` choices from a seed; a small generator of the test's own (xorshift). */
export function* choices(seed: number, length: number): Generator<number> {
  let state = Math.imul(seed + 1, 0x9e3779b1) | 1;
  for (let i = 0; i < length; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    yield state >>> 1;
  }
}

/** The first seed below `seeds` with which a run breaks a claim, and what it says. */
export function firstBroken(options: ClusterOptions, seeds: number, length: number): {seed: number; said: string} | undefined {
  for (let seed = 0; seed < seeds; seed++) {
    try {
      wander(options, choices(seed, length));
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      return {seed, said: error.message};
    }
  }
  return undefined;
}
