// The names of those whom a plan can befall.

import type {Config} from "../run.ts";

/** Voters and learners of the beginning: a spare server is left alone, since it is the script's to say when it starts. */
export function membersOf({members, learners}: Pick<Config, "members" | "learners">): readonly string[] {
  return numbered("n", members + learners);
}

export function votersOf({members}: Pick<Config, "members">): readonly string[] {
  return numbered("n", members);
}

export function clientsOf({clients}: Pick<Config, "clients">): readonly string[] {
  return numbered("c", clients);
}

function numbered(prefix: "n" | "c", count: number): readonly string[] {
  return Array.from({length: count}, (_, i) => `${prefix}${i + 1}`);
}
