// Facts of members and their logs.

import {membersOf} from "../core/raft/confState.ts";
import type {MemberView} from "../sim/view.ts";
import {configurationOf, isMajority, leaderOf} from "./configuration.ts";
import type {Half} from "./configuration.ts";
import type {FactKind, FactOf} from "./fact.ts";
import {entryShape, integer, memberShape, object, oneOf, text} from "./shape.ts";
import {holdsEntry, soughtOf} from "./logs.ts";
import {stateless} from "./watch.ts";
import {memberOf} from "./who.ts";

const termShape = integer(0, 1_000_000);

export const leader: FactKind<"leader"> = {
  doc: 'The member leads and nobody leads a higher term; "none": nobody leads. With `term`: and its term is that.',
  example: {leader: "n2"},
  shape: object<FactOf<"leader">>(
    {
      leader: {...memberShape, pattern: `^(none|${String(memberShape["pattern"]).slice(1, -1)})$`},
      "term?": termShape,
    },
    'a leader: {"leader": "n2"}',
  ),
  words: {
    yes: {en: "{leader} leads", zh: "{leader} 是领导者"},
    no: {en: "{leader} does not lead", zh: "{leader} 不是领导者"},
  },
  watch: (fact) =>
    stateless((scene) => {
      const found = leaderOf(scene.view);
      if (fact.leader === "none") return found === undefined;
      if (found === undefined || found.id !== memberOf(fact.leader, scene)?.id) return false;
      return fact.term === undefined || found.server?.raft.term === fact.term;
    }),
};

export const role: FactKind<"role"> = {
  doc: "The member believes to be in that role, or is paused or crashed.",
  example: {role: "n2", is: "leader"},
  shape: object<FactOf<"role">>(
    {role: memberShape, is: oneOf("follower", "preCandidate", "candidate", "leader", "paused", "crashed")},
    'a role: {"role": "n2", "is": "leader"}',
  ),
  words: {
    yes: {en: "{role} is {is}", zh: "{role} 的状态是 {is}"},
    no: {en: "{role} is not {is}", zh: "{role} 的状态不是 {is}"},
  },
  watch: (fact) =>
    stateless((scene) => {
      const member = memberOf(fact.role, scene);
      if (fact.is === "paused" || fact.is === "crashed") return member?.status === fact.is;
      return member?.server?.raft.role === fact.is;
    }),
};

export const term: FactKind<"term"> = {
  doc: "The member's term is at least that.",
  example: {term: "n2", atLeast: 3},
  shape: object<FactOf<"term">>(
    {term: memberShape, atLeast: termShape},
    'a term: {"term": "n2", "atLeast": 3}',
  ),
  words: {
    yes: {en: "{term} is in term {atLeast} or later", zh: "{term} 已到任期 {atLeast} 或更晚"},
    no: {en: "{term} is before term {atLeast}", zh: "{term} 还未到任期 {atLeast}"},
  },
  watch: (fact) =>
    stateless((scene) => (memberOf(fact.term, scene)?.server?.raft.term ?? -1) >= fact.atLeast),
};

export const ahead: FactKind<"ahead"> = {
  doc: "The member is in a later term than the other.",
  example: {ahead: "n3", of: "leader"},
  shape: object<FactOf<"ahead">>(
    {ahead: memberShape, of: memberShape},
    'who is ahead: {"ahead": "n3", "of": "leader"}',
  ),
  words: {
    yes: {en: "{ahead} is in a later term than {of}", zh: "{ahead} 的任期比 {of} 的更大"},
    no: {en: "{ahead} is in no later term than {of}", zh: "{ahead} 的任期不比 {of} 的大"},
  },
  watch: (fact) =>
    stateless((scene) => {
      const [one, other] = [fact.ahead, fact.of].map((who) => memberOf(who, scene)?.server?.raft.term);
      return one !== undefined && other !== undefined && one > other;
    }),
};

/** Majorities by how a fact names them. */
const majorities: Readonly<Record<string, Half>> = {
  "a majority": "both",
  "a majority of the old": "old",
  "a majority of the new": "new",
};

export const entry: FactKind<"entry"> = {
  doc: "The entry stands in that log, in every log (of all members, running), in none, or in those of a majority of the voters (while joint: of each half, or of the old or new one); with `committed`, and those members know it as committed (or not).",
  example: {entry: "op:#write", in: "every log", committed: true},
  shape: object<FactOf<"entry">>(
    {
      entry: entryShape,
      in: text(
        'a member, "every log", "no log", "a majority", "a majority of the old" or "a majority of the new"',
        `^(every log|no log|a majority( of the (old|new))?|${String(memberShape["pattern"]).slice(1, -1)})$`,
      ),
      "committed?": {type: "boolean", expected: "true or false"},
    },
    'an entry: {"entry": "op:#name", "in": "every log"}',
  ),
  words: {
    yes: {en: "the entry of {entry} is in {in}", zh: "{entry} 的条目在 {in} 中"},
    no: {en: "the entry of {entry} is not in {in}", zh: "{entry} 的条目不在 {in} 中"},
  },
  watch: (fact) =>
    stateless((scene) => {
      const wanted = soughtOf(fact.entry, scene);
      if (wanted === undefined) return false;
      const has = (member: MemberView | undefined): boolean => holdsEntry(member, wanted, fact.committed);
      const {members} = scene.view;
      if (fact.in === "no log") return !members.some(has);
      const conf = configurationOf(scene.view);
      if (fact.in === "every log") return membersOf(conf).every((id) => has(members[id - 1]));
      const half = majorities[fact.in];
      if (half !== undefined) return isMajority(conf, (id) => has(members[id - 1]), half);
      return has(memberOf(fact.in, scene));
    }),
};
