// All that a `When` is made of, to be looked up: the facts of the registry, and what puts them together. The schema's
// descriptions, `etcdscope schema --facts` and the library's `facts` are this one list.

import {factNames, facts} from "./fact.ts";
import type {FactName} from "./fact.ts";
import type {When} from "./format.ts";

/** The key that tells which combinator is meant (when.ts). */
export type CombinatorName = "not" | "all" | "any" | "first" | "always";

/** One word of the vocabulary. */
export interface Term {
  readonly name: FactName | CombinatorName;
  /** One line: when it is true. */
  readonly doc: string;
  readonly example: When;
}

export const combinators: {
  readonly [N in CombinatorName]: {
    readonly doc: string;
    readonly example: Extract<When, Readonly<Record<N, unknown>>>;
  };
} = {
  not: {doc: "That is not true.", example: {not: {leader: "none"}}},
  all: {
    doc: "All of them are true at the same moment.",
    example: {all: [{leader: "n2"}, {role: "n1", is: "crashed"}]},
  },
  any: {
    doc: "At least one of them is true.",
    example: {
      any: [
        {op: "op:#write", is: "done"},
        {op: "op:#write", is: "failed"},
      ],
    },
  },
  first: {
    doc: "`then` was true after `first` was, at the latest `within` later; once true, it stays so.",
    example: {first: {op: "op:#write", is: "sent"}, then: {op: "op:#write", is: "done"}, within: "300ms"},
  },
  always: {
    doc: "It was true after every event since the step `since` fired, or since it is first looked at.",
    example: {always: {leader: "n2"}, since: "cut"},
  },
};

export const combinatorNames = Object.keys(combinators) as readonly CombinatorName[];

/** Facts first, then what puts them together. */
export const vocabulary: readonly Term[] = [
  ...factNames.map((name) => ({name, doc: facts[name].doc, example: facts[name].example})),
  ...combinatorNames.map((name) => ({name, ...combinators[name]})),
];
