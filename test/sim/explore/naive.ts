// The same spaces gone through in the simplest way that there is: whole members are forked, whole states are kept as text.
// No collapse, no fingerprints, no reductions, and no memory of claims. What the explorer is compared with.

import {Hasher} from "../../../core/base/hasher.ts";
import {digestPeerMessage} from "../../../core/server/peer.ts";
import type {PeerMessage} from "../../../core/server/peer.ts";
import type {Bounds} from "../../../sim/explore/clusterSpace.ts";
import type {Deed, Host} from "../../../sim/explore/host.ts";

interface State {
  readonly hosts: readonly Host[];
  readonly messages: readonly PeerMessage[];
  readonly left: Readonly<Record<"drop" | "crash" | "request", number>>;
}

/** Every state's text, and every cluster's (members alone). */
export interface Naive {
  readonly states: ReadonlySet<string>;
  readonly clusters: ReadonlySet<string>;
}

export function exploreNaively(
  hosts: readonly Host[],
  {terms, drop = 0, crash = 0, request = 0}: Bounds,
): Naive {
  const states = new Set<string>();
  const clusters = new Set<string>();
  const queue: State[] = [{hosts, messages: [], left: {drop, crash, request}}];
  for (let state = queue.pop(); state !== undefined; state = queue.pop()) {
    const members = state.hosts.map((host) => hostText(host)).join();
    const text = [members, ...state.messages.map(messageText).sort(), JSON.stringify(state.left)].join(" ");
    if (states.has(text)) continue;
    states.add(text);
    clusters.add(members);
    queue.push(...next(state, terms));
  }
  return {states, clusters};
}

function next(state: State, terms: number): State[] {
  const {hosts, messages, left} = state;
  const found: State[] = [];
  for (const [i, message] of messages.entries()) {
    const rest = messages.toSpliced(i, 1);
    found.push(handed({...state, messages: rest}, message.to, {kind: "message", message}));
    if (left.drop > 0) found.push({...state, messages: rest, left: {...left, drop: left.drop - 1}});
  }
  for (const {id, raft} of hosts) {
    const spend = (kind: "crash" | "request"): State => ({...state, left: {...left, [kind]: left[kind] - 1}});
    if (raft.role !== "leader" && raft.term < terms) found.push(handed(state, id, {kind: "timeout"}));
    if (raft.role === "leader" && left.request > 0)
      found.push(handed(spend("request"), id, {kind: "request"}));
    if (left.crash > 0) found.push(handed(spend("crash"), id, {kind: "crash"}));
  }
  return found;
}

function handed(state: State, id: number, deed: Deed): State {
  const hosts = state.hosts.map((host) => host.fork());
  const sent = hosts[id - 1]?.take(deed) ?? [];
  return {...state, hosts, messages: [...state.messages, ...sent]};
}

export function hostText(host: Host): string {
  const into = new Hasher();
  host.digest(into);
  return into.hash();
}

function messageText(message: PeerMessage): string {
  const into = new Hasher();
  digestPeerMessage(message, into);
  return into.hash();
}
