// Scenario files that are wrong in one way each, and where the one line that answers them must point. Kept as edits of
// a good scenario, so that nothing else is wrong with them.

import {leaderCrash} from "../../scenarios/leaderCrash.ts";

export interface Malformed {
  readonly name: string;
  readonly text: string;
  /** Where, as the line says it. */
  readonly where: string;
  /** What stood there, and what was expected: parts of the line. */
  readonly says: readonly string[];
}

type Json = Record<string, unknown>;

/** A good scenario's JSON with one value replaced; `undefined` removes it. */
function edited(path: string, value: unknown): string {
  const scenario = structuredClone(leaderCrash) as unknown as Json;
  const keys = path.split(".");
  let parent: Json = scenario;
  for (const key of keys.slice(0, -1)) parent = parent[key] as Json;
  const last = keys.at(-1) ?? "";
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return JSON.stringify(scenario, undefined, 2);
}

const whole = JSON.stringify(leaderCrash, undefined, 2);

export const malformedScenarios: readonly Malformed[] = [
  {
    name: "no JSON at all",
    text: "scenario: my first",
    where: "line 1, column 1",
    says: ['found "s"', "expected JSON"],
  },
  {
    name: "an empty file",
    text: "",
    where: "line 1, column 1",
    says: ["found the end of the file", "expected JSON"],
  },
  {
    name: "a truncated file",
    text: whole.slice(0, whole.length / 2),
    where: `line ${whole.slice(0, whole.length / 2).split("\n").length}, column`,
    says: ["expected JSON"],
  },
  {name: "a list", text: "[]", where: "the scenario", says: ["found []", "expected a scenario"]},
  {name: "another format", text: edited("format", 2), where: "format", says: ["found 2", "expected 1"]},
  {
    name: "no run",
    text: edited("run", undefined),
    where: "the scenario",
    says: ['found no "run"', "expected a scenario"],
  },
  {
    name: "an unknown key",
    text: edited("run.colour", "red"),
    where: "run",
    says: ['found the key "colour"', "expected one of seed, holds, until"],
  },
  {
    name: "an unknown setting",
    text: edited("run.config.raft", {electionTimeout: 5}),
    where: "run.config.raft",
    says: ['found the key "electionTimeout"', "expected one of electionTicks"],
  },
  {
    name: "a name in English that nothing bound",
    text: edited("run.expect.0.says.en", "Another server leads while {@odl} is down"),
    where: "run.expect[0].says.en",
    says: ["found {@odl}", "expected a bound name: one of @old, @new"],
  },
  {
    name: "a name in Chinese that nothing bound",
    text: edited("run.expect.0.says.zh", "{@odl} 停机期间由另一台服务器领导"),
    where: "run.expect[0].says.zh",
    says: ["found {@odl}", "expected a bound name: one of @old, @new"],
  },
  {
    name: "an operation in braces that no step made",
    text: edited("run.expect.0.says", {en: "{index(#nothing)}", zh: "{index(#nothing)}"}),
    where: "run.expect[0].says.en",
    says: ["found {index(#nothing)}", "expected an operation: one of #before, #during, #read"],
  },
  {
    name: "a put with a bad lease",
    text: edited("run.steps.1.op", "put x 1 --lease=zz"),
    where: "run.steps[1].op",
    says: ["put x 1 --lease=zz", "is no lease's ID in hex"],
  },
  {
    name: "an unknown step",
    text: edited("run.steps.2", {explode: "n1"}),
    where: "run.steps[2]",
    says: ['found {"explode":"n1"}', "expected a step: an object with one of split, cut"],
  },
  {
    name: "a step that does two things",
    text: edited("run.steps.2", {crash: "n1", heal: "all"}),
    where: "run.steps[2]",
    says: ['found the key "crash"', "expected one of id, at, when, after, number, let, heal"],
  },
  {
    name: "a negative time",
    text: edited("run.steps.2.after", "-20ms"),
    where: "run.steps[2].after",
    says: ['found "-20ms"', 'expected a time such as "150ms"'],
  },
  {
    name: "a bare number as a time",
    text: edited("run.steps.2.after", 20),
    where: "run.steps[2].after",
    says: ["found 20", 'expected a time such as "150ms"'],
  },
  {
    name: "a huge time",
    text: edited("run.limit", "9999999999s"),
    where: "run.limit",
    says: ['found "9999999999s"', "expected a time of at most 3600s"],
  },
  {
    name: "an unknown member",
    text: edited("run.steps.2.crash", "n4"),
    where: "run.steps[2].crash",
    says: ['found "n4"', "expected a member from n1 to n3"],
  },
  {
    name: "an unknown client",
    text: edited("run.steps.1.client", "c2"),
    where: "run.steps[1].client",
    says: ['found "c2"', "expected a client from c1 to c1"],
  },
  {
    name: "a name that nothing bound",
    text: edited("run.steps.2.crash", "@new"),
    where: "run.steps[2].crash",
    says: ['found "@new"', "expected a name bound by then: one of old"],
  },
  {
    name: "a huge number",
    text: edited("run.config.members", 1e308).replace("1e+308", "1e999"),
    where: "run.config.members",
    says: ["expected a whole number from 1 to 9"],
  },
  {
    name: "a fraction",
    text: edited("run.config.members", 2.5),
    where: "run.config.members",
    says: ["found 2.5", "expected a whole number from 1 to 9"],
  },
  {
    name: "more servers than can be shown",
    text: edited("run.config", {members: 5, learners: 2, spares: 3, profile: "teaching"}),
    where: "run.config",
    says: ["found 10", "expected at most 9 members, learners and spares together"],
  },
  {
    name: "a spare too many",
    text: edited("run.config.spares", -1),
    where: "run.config.spares",
    says: ["found -1", "expected a whole number from 0 to 8"],
  },
  {
    name: "a setting that is neither on nor off",
    text: edited("run.config.raft", {preVote: "yes"}),
    where: "run.config.raft.preVote",
    says: ['found "yes"', "expected true or false"],
  },
  {
    name: "a negative number of entries",
    text: edited("run.config.raft", {snapshotEvery: -1}),
    where: "run.config.raft.snapshotEvery",
    says: ["found -1", "expected a whole number from 0 to 1000000"],
  },
  {
    name: "a server beyond the spare ones",
    text: edited("run", {
      ...leaderCrash.run,
      config: {...leaderCrash.run.config, learners: 1, spares: 1},
      until: {member: "n6", is: "learner"},
    }),
    where: "run.until.member",
    says: ['found "n6"', "expected a member from n1 to n5"],
  },
  {
    name: "a membership that there is not",
    text: edited("run.until", {member: "n1", is: "observer"}),
    where: "run.until.is",
    says: ['found "observer"', 'expected "voter", "learner" or "none"'],
  },
  {
    name: "a member's name in a line that nothing bound",
    text: edited("run.steps.1.op", "member reconfigure v@new r@old"),
    where: "run.steps[1].op",
    says: ['found "@new"', "expected a name bound by then: one of old"],
  },
  {
    name: "a change of membership that is none",
    text: edited("run.steps.1.op", "member reconfigure @old"),
    where: "run.steps[1].op",
    says: ['found "member reconfigure @old"', '"n1" is no change such as v4, l5 or r1'],
  },
  {
    name: "a wrong type",
    text: edited("run.steps", {crash: "n1"}),
    where: "run.steps",
    says: ['found {"crash":"n1"}', "expected a list of steps"],
  },
  {
    name: "an unknown fact",
    text: edited("run.until", {moon: "full"}),
    where: "run.until",
    says: ['found {"moon":"full"}', "expected a fact: an object with one of not, all"],
  },
  {
    name: "a fact of an operation that nobody asks",
    text: edited("run.until", {op: "op:#reed", is: "done"}),
    where: "run.until.op",
    says: ['found "op:#reed"', "expected an operation: one of before, during, read"],
  },
  {
    name: "a fact deep inside others",
    text: edited("run.until", {all: [{not: {any: [{role: "n1", is: "king"}]}}]}),
    where: "run.until.all[0].not.any[0].is",
    says: ['found "king"', 'expected "follower", "preCandidate", "candidate"'],
  },
  {
    name: "nesting without end",
    text: `{"run": {"until": ${'{"not":'.repeat(100_000)}1${"}".repeat(100_000)}}}`,
    where: "the file",
    says: ["nests deeper than"],
  },
  {
    name: "a line about a member that there is not",
    text: edited("run.steps.1.op", "member promote n9"),
    where: "run.steps[1].op",
    says: ['found "n9"', "expected a member from n1 to n3"],
  },
  {
    name: "a line that is no etcdctl",
    text: edited("run.steps.1.op", "putt x 1"),
    where: "run.steps[1].op",
    says: ['found "putt x 1"', "expected an etcdctl line"],
  },
  {
    name: "two steps of one name",
    text: edited("run.steps.2.id", "before"),
    where: "run.steps",
    says: ['two steps called "before"', "expected different names"],
  },
  {
    name: "no Chinese",
    text: edited("title", {en: "A title"}),
    where: "title",
    says: ['found no "zh"', "expected a text in both languages"],
  },
  {
    name: "braces that differ between the languages",
    text: edited("title", {en: "{leader} falls", zh: "领导者倒下"}),
    where: "title.zh",
    says: ["found {}", "expected the same as in English: {leader}"],
  },
  {
    name: "braces that nothing fills",
    text: edited("title", {en: "{moon}", zh: "{moon}"}),
    where: "title.en",
    says: ["found {moon}", "expected a name or one of members"],
  },
];
