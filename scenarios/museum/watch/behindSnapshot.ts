// What these exhibits share: n3 is cut off while its leader takes writes and makes a snapshot of them; as it comes back it is
// sent that snapshot, and its store is another one under the watches that are open on it.

import type {Config, Step} from "../../format.ts";

export const config: Config = {
  members: 3,
  clients: 2,
  profile: "teaching",
  raft: {snapshotEvery: 2, snapshotKeep: 1},
};

/** Something was written, and everybody has it. */
export const begin: readonly Step[] = [
  {id: "campaign", timeout: "n1"},
  {id: "first", when: {leader: "n1"}, client: "c1", op: "put x 1", as: "first", to: "n1"},
  {id: "known", when: {key: "x", at: "n3", value: "1"}, wait: true},
];

/** `writes` are made while n3 is away; it has received them. */
export function away(writes: readonly string[]): readonly Step[] {
  return [
    {
      id: "cut",
      after: "50ms",
      split: [
        ["n1", "n2", "c1"],
        ["n3", "c2"],
      ],
    },
    ...writes.map((op, i): Step => {
      const before = i === 0 ? {} : {when: {op: `op:#write${i}`, is: "done"} as const};
      return {id: `write${i + 1}`, ...before, client: "c1", op, as: `write${i + 1}`, to: "n1"};
    }),
    {id: "heal", when: {op: `op:#write${writes.length}`, is: "done"}, after: "100ms", heal: "all"},
    {id: "received", when: {snapshot: "n3", received: true}, wait: true},
  ];
}
