// Configurations and changes of them, on one line: `"1 2 3"`, `"2 3 4 && 1 2 3 learners 5 next 1 autoleave"`,
// `"v4 l5 r1 u2"`; and random ones.

import fc from "fast-check";
import type {MemberId} from "../../../core/base/quantity.ts";
import type {ConfChange, SingleChange, SingleChangeType} from "../../../core/raft/confChange.ts";
import {emptyConfState} from "../../../core/raft/confState.ts";
import type {ConfState} from "../../../core/raft/confState.ts";
import {noData} from "../../../core/raft/entry.ts";

const types: Readonly<Record<string, SingleChangeType>> = {
  v: "addVoter",
  l: "addLearner",
  r: "remove",
  u: "update",
};

export function changes(text: string): readonly SingleChange[] {
  return words(text).map((word) => {
    const type = types[word.slice(0, 1)];
    if (type === undefined) throw new Error(`${word} is no change`);
    return {type, member: Number(word.slice(1))};
  });
}

/** `"v4"` is simple, `"v4 v5"` goes through a joint configuration, `""` leaves one. */
export function changeOf(text: string, more: Partial<ConfChange> = {}): ConfChange {
  return {version: 2, transition: "auto", changes: changes(text), context: noData, ...more};
}

/** The words before a list name it; voters come first. */
export function conf(text: string): ConfState {
  const lists: Record<string, MemberId[]> = {voters: [], "&&": [], learners: [], next: []};
  let name = "voters";
  let autoLeave = false;
  for (const word of words(text)) {
    if (word in lists) name = word;
    else if (word === "autoleave") autoLeave = true;
    else lists[name]?.push(Number(word));
  }
  const {voters = [], learners = [], next = []} = lists;
  return {
    ...emptyConfState,
    voters,
    votersOutgoing: lists["&&"] ?? [],
    learners,
    learnersNext: next,
    autoLeave,
  };
}

function words(text: string): readonly string[] {
  return text.split(" ").filter((word) => word !== "");
}

/** Changes of members 1 to 6, and now and then of nobody. */
export const someChange: fc.Arbitrary<SingleChange> = fc.record({
  type: fc.constantFrom(...Object.values(types)),
  member: fc.nat({max: 6}),
});

type Place = "none" | "voter" | "learner";

/** Any configuration that is not joint, with a voter. */
export const plainConf: fc.Arbitrary<ConfState> = fc
  .record({
    voter: fc.integer({min: 1, max: 6}),
    places: fc.array(fc.constantFrom<Place>("none", "voter", "learner"), {minLength: 6, maxLength: 6}),
  })
  .map(({voter, places}) => {
    const at = (place: Place) => (member: MemberId) =>
      place === (member === voter ? "voter" : places[member - 1]);
    const all = [1, 2, 3, 4, 5, 6];
    return {...emptyConfState, voters: all.filter(at("voter")), learners: all.filter(at("learner"))};
  });

/** Where one may stand in a joint configuration: before, afterwards. */
const stands = ["- -", "- v", "- l", "v -", "v v", "v l"] as const;

/** Any joint configuration; member 1 is a voter all along. */
export const jointConf: fc.Arbitrary<ConfState> = fc
  .record({
    places: fc.array(fc.constantFrom(...stands), {minLength: 6, maxLength: 6}),
    autoLeave: fc.boolean(),
  })
  .map(({places, autoLeave}) => {
    const at = (...wanted: readonly string[]) =>
      [1, 2, 3, 4, 5, 6].filter((member) =>
        wanted.includes(member === 1 ? "v v" : (places[member - 1] ?? "")),
      );
    return {
      voters: at("- v", "v v"),
      votersOutgoing: at("v -", "v v", "v l"),
      learners: at("- l"),
      learnersNext: at("v l"),
      autoLeave,
    };
  });
