// Facts of members and their logs.

import type {Entry, EntryId} from "../core/raft/entry.ts";
import type {MemberView} from "../sim/view.ts";
import type {FactKind, FactOf} from "./fact.ts";
import {entryShape, integer, memberShape, object, oneOf, text} from "./shape.ts";
import type {Scene} from "./story.ts";
import {stateless} from "./watch.ts";
import {leaderOf, memberOf} from "./who.ts";

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
    {role: memberShape, is: oneOf("follower", "candidate", "leader", "paused", "crashed")},
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

export const entry: FactKind<"entry"> = {
  doc: "The entry stands in that log, in every log (of all members, running), in none, or in those of a majority; with `committed`, and those members know it as committed (or not).",
  example: {entry: "op:#write", in: "every log", committed: true},
  shape: object<FactOf<"entry">>(
    {
      entry: entryShape,
      in: text(
        'a member, "every log", "no log" or "a majority"',
        `^(every log|no log|a majority|${String(memberShape["pattern"]).slice(1, -1)})$`,
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
      const wanted = idOf(fact.entry, scene);
      if (wanted === undefined) return false;
      const has = (member: MemberView): boolean => holdsEntry(member, wanted, fact.committed);
      const {members} = scene.view;
      if (fact.in === "every log") return members.every(has);
      if (fact.in === "no log") return !members.some(has);
      if (fact.in === "a majority") return 2 * members.filter(has).length > members.length;
      const member = memberOf(fact.in, scene);
      return member !== undefined && has(member);
    }),
};

/** The entry that a reference names at this moment. */
export function idOf(ref: string, scene: Scene): EntryId | undefined {
  if (!ref.startsWith("entry:")) return scene.story.entry(ref);
  const [who = "", index = ""] = ref.slice("entry:".length).split("/");
  const found = entryAt(memberOf(who, scene), Number(index));
  return found === undefined ? undefined : {index: found.index, term: found.term};
}

function holdsEntry(member: MemberView, {index, term: of}: EntryId, committed: boolean | undefined): boolean {
  if (entryAt(member, index)?.term !== of) return false;
  return committed === undefined || (member.server?.raft.commitIndex ?? 0) >= index === committed;
}

function entryAt(member: MemberView | undefined, index: number): Entry | undefined {
  return member?.server?.raft.entryAt(index);
}
