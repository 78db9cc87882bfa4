// Three members start at the same moment, and nothing goes wrong.

import {equalTimeouts as bug, plaque} from "../../../sim/bug/raft/equalTimeouts.ts";
import {exhibit} from "../exhibit.ts";
import {lastPuts} from "../lastPuts.ts";

export const equalTimeouts = exhibit(bug, plaque, {
  config: {members: 3, clients: 1, profile: "teaching"},
  steps: [...lastPuts(["n1", "n2", "n3"], "5s")],
});
