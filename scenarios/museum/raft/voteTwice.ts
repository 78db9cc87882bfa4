// Two campaign before either hears of the other; the third votes for both.

import {plaque, voteTwice as bug} from "../../../sim/bug/raft/voteTwice.ts";
import {exhibit} from "../exhibit.ts";

export const voteTwice = exhibit(bug, plaque, {
  config: {members: 3, profile: "teaching"},
  steps: [
    {id: "apart", cut: ["n1", "n2"]},
    {id: "first", timeout: "n1"},
    {id: "second", timeout: "n2"},
  ],
});
