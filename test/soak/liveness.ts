// Once everything is well again, a leader emerges, and an entry gets to every member. The application does its part, as
// etcd's contract asks: who knows that it is no member any more stops, snapshots are made, and reported.

import {isMember, isSameConfState, isVoter} from "../../core/raft/confState.ts";
import type {RawNode} from "../../core/raft/rawNode.ts";
import type {Cluster} from "./cluster.ts";
import type {Host} from "./host.ts";
import {Broken} from "./observer.ts";
import {proposalAt} from "./clients.ts";

const roundsMax = 400;
const stepsMax = 4000;

export function requireProgress(cluster: Cluster): void {
  const {hosts, observer, features} = cluster;
  cluster.cuts.fill(0);
  features.count("healedAtTheEnd");
  const before = observer.highest;
  for (let round = 0; round < roundsMax; round++) {
    for (const host of hosts) {
      stopIfRemoved(cluster, host);
      if (host.stopped) continue;
      finishSync(cluster, host);
      host.node.tick();
      cluster.touched(host);
    }
    settle(cluster);
    reportSnapshots(cluster);
    settle(cluster);
    propose(cluster);
    settle(cluster);
    if (observer.highest > before && isEverywhere(cluster, before)) {
      features.count("committedEverywhere");
      return;
    }
  }
  if (isHeldUp(cluster)) return features.count("heldUpByRemoved");
  throw new Broken(
    `Liveness: nothing was committed everywhere within ${roundsMax} rounds: ${describe(cluster)}`,
  );
}

/**
 * Whether a member that has applied its own removal, or demotion, is still needed by one that has not: its log is the
 * longer one, so it grants no vote, and it may not campaign itself. Configurations that hold from their application on
 * allow that, if the leader stops leading before the others know that its removal is committed (stepDownOnRemoval, or a
 * crash). etcd's library stands still there too; its users move leadership away before they remove a leader.
 */
function isHeldUp({hosts}: Cluster): boolean {
  return hosts.some((removed) => {
    const {id, node} = removed;
    if (isVoter(node.confState, id)) return false;
    return hosts.some((other) => isVoter(other.node.confState, id) && isBehind(other.node, node));
  });
}

function isBehind(a: RawNode, b: RawNode): boolean {
  const [termA, termB] = [a.termAt(a.lastIndex) ?? 0, b.termAt(b.lastIndex) ?? 0];
  return termA < termB || (termA === termB && a.lastIndex < b.lastIndex);
}

/** Who is no member any more stops once all that are know that; before, they may need its vote to hear of it. */
function stopIfRemoved({hosts, observer}: Cluster, host: Host): void {
  const {id, node} = host;
  const conf = observer.currentConf;
  const gone = !isMember(node.confState, id) && !isMember(conf, id) && node.confState.voters.length > 0;
  host.stopped =
    gone && hosts.every((other) => !isMember(conf, other.id) || isSameConfState(other.node.confState, conf));
}

function isEverywhere({hosts, observer}: Cluster, before: number): boolean {
  return hosts.every(({id, applied}) => !isMember(observer.currentConf, id) || applied > before);
}

function propose(cluster: Cluster): void {
  for (const host of cluster.hosts) {
    if (host.stopped || host.node.role !== "leader") continue;
    host.node.propose([proposalAt(1)]);
    cluster.touched(host);
  }
}

/** Whoever is to be sent a snapshot is sent a new one. */
function reportSnapshots(cluster: Cluster): void {
  cluster.reports.length = 0;
  for (const host of cluster.hosts) {
    const {node} = host;
    if (host.stopped || node.role !== "leader") continue;
    for (const {member, state} of node.progress()) {
      if (state !== "snapshot") continue;
      cluster.makeSnapshot(host);
      node.reportSnapshot(member, "failed");
      cluster.touched(host);
    }
  }
}

/** Ready, disk, network, oldest first, until nothing is left to do. */
function settle(cluster: Cluster): void {
  for (let step = 0; step < stepsMax; step++) {
    let quiet = true;
    for (const host of cluster.hosts) {
      if (host.stopped) continue;
      while (host.hasWork) {
        quiet = false;
        if (host.node.hasReady() && !host.busy) cluster.takeReady(host);
        finish(cluster, host);
      }
    }
    if (cluster.messages.length > 0) {
      quiet = false;
      cluster.deliver(0, false);
    }
    if (quiet) return;
  }
}

function finishSync(cluster: Cluster, host: Host): void {
  if (host.busy) finish(cluster, host);
}

function finish(cluster: Cluster, host: Host): void {
  while (host.works.length > 0) cluster.write(host, 1000);
  while (host.batches.length > 0) cluster.apply(host, 1000);
  if (host.busy) cluster.advance(host);
}

function describe({hosts, observer}: Cluster): string {
  const {voters, votersOutgoing, learners} = observer.currentConf;
  const members = hosts.map(({id, node, stopped, applied}) => {
    return `n${id} ${stopped ? "stopped " : ""}${node.role} ${node.term} ${applied}/${node.commitIndex}/${node.lastIndex}`;
  });
  return `voters ${voters.join(" ")} && ${votersOutgoing.join(" ")} learners ${learners.join(" ")}; ${members.join("; ")}`;
}
