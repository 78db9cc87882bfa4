// The second sync is that of the first backend file: the power goes before it, and of the file some sectors survive.

import {createInPlace as bug, plaque} from "../../../sim/bug/storage/createInPlace.ts";
import {exhibit} from "../exhibit.ts";

export const createInPlace = exhibit(bug, plaque, {
  config: {members: 1, clients: 1, profile: "teaching"},
  steps: [
    {id: "torn", fault: "tearUnsynced", on: "n1"},
    {id: "power", crashAtDisk: "before", on: "n1", what: "sync", nth: 2},
    {id: "back", when: {role: "n1", is: "crashed"}, restart: "n1"},
  ],
});
