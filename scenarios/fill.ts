// What stands in braces in a text, filled with what is true at a moment: `{leader}`, `{term(@old)}`. Numbers come into
// narration in no other way, so that no sentence can be wrong about one.

import type {Text} from "./format.ts";
import {answerOf, errorOf, eventsOf, valueAt} from "./factStore.ts";
import {votersOf} from "../core/raft/confState.ts";
import type {ConfState} from "../core/raft/confState.ts";
import {configurationOf, leaderOf, majorityText, namesText, votersText} from "./configuration.ts";
import {holdsEntry, soughtOf} from "./logs.ts";
import type {Scene} from "./story.ts";
import {memberOf, nameOfWho} from "./who.ts";

type Filled = string | number | null | undefined;

interface Filler {
  /** One line for those who write texts. */
  readonly doc: string;
  /** What each argument is. */
  readonly takes: readonly ("member" | "operation" | "key")[];
  fill(scene: Scene, first: string, second: string): Filled;
}

/** What may stand in braces besides a name (`{leader}`, `{n2}`, `{@old}`). */
export const fillers: Readonly<Record<string, Filler>> = {
  members: {
    doc: "how many members have a vote",
    takes: [],
    fill: ({view}) => votersOf(configurationOf(view)).length,
  },
  majority: {
    doc: "how many of them are a majority; while the configuration is joint, of its old half and of its new one, as in 2+2",
    takes: [],
    fill: ({view}) => majorityText(configurationOf(view)),
  },
  voters: {
    doc: "who has a vote, as the member has applied it; while that is joint, its old half and its new one",
    takes: ["member"],
    fill: (scene, who) => configurationAt(who, scene, votersText),
  },
  learners: {
    doc: "who is a learner, as the member has applied it",
    takes: ["member"],
    fill: (scene, who) => configurationAt(who, scene, ({learners}) => namesText(learners)),
  },
  first: {
    doc: "the index of the first entry in the member's log, behind its snapshot if it has one",
    takes: ["member"],
    fill: (scene, who) => memberOf(who, scene)?.server?.raft.firstIndex,
  },
  match: {
    doc: "up to which index the member's log agrees with the leader's, as the leader knows",
    takes: ["member"],
    fill: (scene, who) => {
      const id = memberOf(who, scene)?.id;
      return leaderOf(scene.view)
        ?.server?.raft.progress()
        .find(({member}) => member === id)?.matchIndex;
    },
  },
  term: {
    doc: "the member's term",
    takes: ["member"],
    fill: (scene, who) => memberOf(who, scene)?.server?.raft.term,
  },
  commit: {
    doc: "the member's commit index",
    takes: ["member"],
    fill: (scene, who) => memberOf(who, scene)?.server?.raft.commitIndex,
  },
  last: {
    doc: "the index of the last entry in the member's log",
    takes: ["member"],
    fill: (scene, who) => memberOf(who, scene)?.server?.raft.lastIndex,
  },
  revision: {
    doc: "the revision of the member's store",
    takes: ["member"],
    fill: (scene, who) => memberOf(who, scene)?.server?.store.currentRevision,
  },
  compacted: {
    doc: "the revision up to which the member's store was compacted",
    takes: ["member"],
    fill: (scene, who) => memberOf(who, scene)?.server?.store.compactRevision,
  },
  size: {
    doc: "bytes of the member's backend file",
    takes: ["member"],
    fill: (scene, who) => memberOf(who, scene)?.server?.backend.size,
  },
  value: {
    doc: "what the key holds in the member's store",
    takes: ["key", "member"],
    fill: (scene, key, who) => valueAt(key, who, scene),
  },
  index: {
    doc: "the index of the entry that the operation proposed",
    takes: ["operation"],
    fill: ({story}, ref) => story.entry(ref)?.index,
  },
  copies: {
    doc: "in how many voters' logs the entry stands that the operation proposed",
    takes: ["operation"],
    fill: (scene, ref) => {
      const wanted = soughtOf(ref, scene);
      if (wanted === undefined) return 0;
      const {members} = scene.view;
      return votersOf(configurationOf(scene.view)).filter((id) => holdsEntry(members[id - 1], wanted)).length;
    },
  },
  got: {
    doc: "how many events the watch got",
    takes: ["operation"],
    fill: ({view, story}, ref) => {
      const operation = story.operation(view, ref);
      return operation === undefined ? 0 : eventsOf(operation).length;
    },
  },
  answer: {
    doc: "the first value that the operation answered",
    takes: ["operation"],
    fill: ({view, story}, ref) => {
      const operation = story.operation(view, ref);
      return operation === undefined ? undefined : answerOf(operation);
    },
  },
  error: {
    doc: "the error of the operation, in etcd's words",
    takes: ["operation"],
    fill: ({view, story}, ref) => {
      const operation = story.operation(view, ref);
      return operation === undefined ? undefined : errorOf(operation);
    },
  },
};

const absent: Text = {en: "nobody", zh: "无人"};
const none: Text = {en: "no value", zh: "没有值"};
const who = /^(leader|n\d+|c\d+|@[A-Za-z][A-Za-z0-9-]*)$/;
const argumentPatterns = {
  member: /^(leader|n\d+|@[A-Za-z][A-Za-z0-9-]*)$/,
  operation: /^#[A-Za-z][A-Za-z0-9-]*$/,
  key: /^\S+$/,
};

/** The text with everything in braces filled, in both languages. */
export function fill(text: Text, scene: Scene): Text {
  const filled = (language: "en" | "zh"): string =>
    text[language].replace(/\{([^{}]*)\}/g, (_whole, inner: string) => fillOne(inner, scene)[language]);
  return {en: filled("en"), zh: filled("zh")};
}

/** What stands in braces in a text, sorted. */
export function bracesOf(text: string): readonly string[] {
  return [...text.matchAll(/\{([^{}]*)\}/g)]
    .map(([, inner = ""]) => inner)
    .toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

/** Why `inner` may not stand in braces; undefined when it may. */
export function problemOfBraces(inner: string): string | undefined {
  if (who.test(inner)) return undefined;
  const {filler, takes} = parse(inner);
  if (filler === undefined) return `expected a name or one of ${Object.keys(fillers).join(", ")}`;
  const fits =
    takes.length === filler.takes.length &&
    filler.takes.every((kind, i) => argumentPatterns[kind].test(takes[i] ?? ""));
  return fits ? undefined : `expected (${filler.takes.join(", ")}) after it`;
}

function configurationAt(who: string, scene: Scene, text: (conf: ConfState) => string): Filled {
  const conf = memberOf(who, scene)?.server?.raft.confState;
  return conf === undefined ? undefined : text(conf);
}

function fillOne(inner: string, scene: Scene): Text {
  if (who.test(inner)) {
    const name = nameOfWho(inner, scene.view, scene.story);
    return name === undefined ? absent : {en: name, zh: name};
  }
  const {filler, takes} = parse(inner);
  const value = filler?.fill(scene, takes[0] ?? "", takes[1] ?? "");
  if (value === null) return none;
  const text = String(value ?? "?");
  return {en: text, zh: text};
}

function parse(inner: string): {readonly filler: Filler | undefined; readonly takes: readonly string[]} {
  const [, name = "", , inside = ""] = /^(\w+)(\(([^()]*)\))?$/.exec(inner) ?? [];
  const takes = inside === "" ? [] : inside.split(",").map((argument) => argument.trim());
  return {filler: Object.hasOwn(fillers, name) ? fillers[name] : undefined, takes};
}
