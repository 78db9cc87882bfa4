// Three members start at the same moment, and nothing goes wrong.

import {equalTimeouts as bug, plaque} from "../../../sim/bug/raft/equalTimeouts.ts";
import {exhibit} from "../exhibit.ts";
import {lastPuts} from "../lastPuts.ts";

export const equalTimeouts = exhibit(bug, plaque, {
  // Ticks are short beside what a message takes: who is ahead by one is ahead by nothing.
  config: {
    members: 3,
    clients: 1,
    profile: "teaching",
    raft: {electionTicks: 75, heartbeatTicks: 20},
    network: {peerLatency: "10ms"},
    clock: {tick: "2ms"},
  },
  steps: [...lastPuts(["n1", "n2", "n3"], "3s")],
});
