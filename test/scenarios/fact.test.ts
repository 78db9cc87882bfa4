import {describe, expect, it} from "vitest";
import {factName, factNames, facts, wordsOfFact} from "../../scenarios/fact.ts";
import type {FactName} from "../../scenarios/fact.ts";
import type {Fact, Scenario} from "../../scenarios/format.ts";
import {fullDisk} from "../../scenarios/fullDisk.ts";
import {jointConsensus} from "../../scenarios/jointConsensus.ts";
import {leaderCrash} from "../../scenarios/leaderCrash.ts";
import {leaderPartition} from "../../scenarios/leaderPartition.ts";
import {lockWithoutFencing} from "../../scenarios/lockWithoutFencing.ts";
import {mvccWalk} from "../../scenarios/mvccWalk.ts";
import {preVote} from "../../scenarios/preVote.ts";
import {replaceAMember} from "../../scenarios/replaceAMember.ts";
import type {EventRecord} from "../../sim/event.ts";
import {watched} from "./watching.ts";

interface Case {
  readonly of: Scenario;
  /** False at the beginning, and true for the first time after the event that `first` describes. */
  readonly fact: Fact;
  readonly first: (event: EventRecord) => boolean;
  /** What it is at the end. */
  readonly end: boolean;
  /** Never true. */
  readonly never: Fact;
}

const changed =
  (...kinds: readonly string[]) =>
  ({changes}: EventRecord): boolean =>
    changes.some(({kind}) => kinds.includes(kind));

const stepped =
  (step: string) =>
  ({payload}: EventRecord): boolean =>
    payload.kind === "script" && payload.step === step;

const cases: {readonly [N in FactName]: readonly Case[]} = {
  leader: [
    {
      of: leaderPartition,
      fact: {leader: "@new", term: 2},
      first: stepped("elected-again"),
      end: true,
      never: {leader: "@new", term: 1},
    },
    {of: leaderCrash, fact: {leader: "leader"}, first: changed("role"), end: true, never: {leader: "@never"}},
  ],
  role: [
    {
      of: leaderCrash,
      fact: {role: "@old", is: "crashed"},
      first: stepped("crash"),
      end: false,
      never: {role: "n1", is: "paused"},
    },
    {
      of: leaderPartition,
      fact: {role: "leader", is: "leader"},
      first: changed("role"),
      end: true,
      never: {role: "leader", is: "follower"},
    },
    {
      of: preVote,
      fact: {role: "@away", is: "preCandidate"},
      first: changed("role"),
      end: false,
      never: {role: "@lead", is: "preCandidate"},
    },
  ],
  term: [
    {
      of: leaderCrash,
      fact: {term: "n1", atLeast: 1},
      first: changed("term"),
      end: true,
      never: {term: "n1", atLeast: 100},
    },
  ],
  ahead: [
    {
      of: leaderPartition,
      fact: {ahead: "@new", of: "@old"},
      first: stepped("elected-again"),
      end: false,
      never: {ahead: "@old", of: "@new"},
    },
  ],
  member: [
    {
      of: replaceAMember,
      fact: {member: "n4", is: "learner"},
      first: changed("configuration"),
      end: false,
      never: {member: "n1", is: "learner"},
    },
    {
      of: replaceAMember,
      fact: {member: "n4", is: "voter", at: "@mate"},
      first: changed("configuration"),
      end: true,
      never: {member: "@mate", is: "none"},
    },
    {
      of: replaceAMember,
      fact: {member: "@old", is: "none"},
      first: changed("configuration"),
      end: true,
      never: {member: "n4", is: "none", at: "@never"},
    },
    {
      of: jointConsensus,
      fact: {member: "@old", is: "none", at: "n4"},
      first: changed("configuration"),
      end: true,
      never: {member: "@old", is: "learner"},
    },
  ],
  configuration: [
    {
      of: jointConsensus,
      fact: {configuration: "leader", is: "joint"},
      first: changed("configuration"),
      end: false,
      never: {configuration: "@never", is: "joint"},
    },
    {
      of: jointConsensus,
      fact: {configuration: "leader", is: "simple"},
      first: changed("role"),
      end: true,
      never: {configuration: "@never", is: "simple"},
    },
  ],
  transfer: [
    {
      of: replaceAMember,
      fact: {transfer: "n4"},
      first: changed("transfer"),
      end: false,
      never: {transfer: "@mate"},
    },
  ],
  snapshot: [
    {
      of: replaceAMember,
      fact: {snapshot: "@mate", atLeast: 3},
      first: changed("snapshot"),
      end: true,
      never: {snapshot: "@mate", atLeast: 1000},
    },
    {
      of: replaceAMember,
      fact: {snapshot: "n4", received: true},
      first: changed("snapshot"),
      end: true,
      never: {snapshot: "@old", received: true},
    },
  ],
  progress: [
    {
      of: replaceAMember,
      fact: {progress: "n4", is: "snapshot"},
      first: ({payload}) => payload.kind === "message" && payload.message.kind === "AppendEntriesResponse",
      end: false,
      never: {progress: "@old", is: "snapshot"},
    },
    {
      of: replaceAMember,
      fact: {progress: "n4", is: "probe"},
      first: changed("configuration"),
      end: false,
      never: {progress: "@never", is: "probe"},
    },
  ],
  delivered: [
    {
      of: leaderPartition,
      fact: {delivered: {kind: "RequestVote", nth: 3}},
      first: ({payload}) => payload.kind === "message" && payload.message.kind === "RequestVote",
      end: true,
      never: {delivered: {from: "n1", to: "n1"}},
    },
    {
      of: leaderPartition,
      fact: {delivered: {from: "c1", kind: "request"}},
      first: ({payload}) => payload.kind === "request" && payload.client === "c1",
      end: true,
      never: {delivered: {kind: "RequestVote", term: 99}},
    },
    {
      of: replaceAMember,
      fact: {delivered: {kind: "InstallSnapshot", to: "n4"}},
      first: changed("snapshot"),
      end: true,
      never: {delivered: {kind: "InstallSnapshot", to: "@mate"}},
    },
    {
      of: preVote,
      fact: {delivered: {kind: "PreVote"}},
      first: ({payload}) => payload.kind === "message" && payload.message.kind === "PreVote",
      end: true,
      never: {delivered: {kind: "TimeoutNow"}},
    },
  ],
  sent: [
    {
      of: leaderPartition,
      // A vote is asked for once the candidate's own is on its disk.
      fact: {sent: {kind: "RequestVote", term: 1}},
      first: ({payload}) => payload.kind === "diskDone",
      end: true,
      never: {sent: {kind: "response", to: "n1"}},
    },
  ],
  happened: [
    {
      of: leaderPartition,
      fact: {happened: "clock/n2#3"},
      first: ({id}) => id === "clock/n2#3",
      end: true,
      never: {happened: "clock/n9#3"},
    },
  ],
  op: [
    {
      of: leaderPartition,
      fact: {op: "op:#first", is: "done"},
      first: changed("settled"),
      end: true,
      never: {op: "op:#lost", is: "done"},
    },
    {
      of: leaderPartition,
      fact: {op: "op:#first", is: "sent"},
      first: stepped("first"),
      end: true,
      never: {op: "op:c1#9", is: "sent"},
    },
    {
      of: mvccWalk,
      fact: {op: "op:#refused", is: "failed", error: "has been compacted"},
      first: changed("settled"),
      end: true,
      never: {op: "op:#refused", is: "failed", error: "future"},
    },
    {
      of: mvccWalk,
      fact: {op: "op:#gone", is: "done", answer: null},
      first: changed("settled"),
      end: true,
      never: {op: "op:#past", is: "done", answer: "one"},
    },
  ],
  entry: [
    {
      of: leaderPartition,
      fact: {entry: "op:#lost", in: "@old"},
      first: changed("log"),
      end: false,
      never: {entry: "op:#lost", in: "a majority"},
    },
    {
      of: leaderPartition,
      fact: {entry: "op:#lost", in: "no log"},
      first: changed("log"),
      end: true,
      never: {entry: "op:#lost", in: "every log"},
    },
    {
      of: leaderCrash,
      fact: {entry: "op:#before", in: "every log", committed: true},
      first: changed("commit"),
      end: true,
      never: {entry: "entry:n1/99", in: "n1"},
    },
    {
      of: leaderCrash,
      fact: {entry: "entry:n1/1", in: "a majority", committed: false},
      first: changed("log"),
      end: false,
      never: {entry: "op:#during", in: "@old", committed: false},
    },
    {
      of: jointConsensus,
      fact: {entry: "op:#first", in: "a majority of the old"},
      first: changed("log"),
      end: true,
      never: {entry: "entry:n1/99", in: "a majority of the old"},
    },
    {
      of: jointConsensus,
      fact: {entry: "op:#first", in: "a majority of the new"},
      first: changed("log"),
      end: true,
      never: {entry: "entry:n1/99", in: "a majority of the new"},
    },
    {
      of: jointConsensus,
      fact: {entry: "op:#change", in: "every log"},
      first: changed("log"),
      end: true,
      never: {entry: "op:#change", in: "no log"},
    },
    {
      of: replaceAMember,
      fact: {entry: "op:#during", in: "n4", committed: true},
      first: changed("snapshot"),
      end: true,
      never: {entry: "op:#during", in: "n4", committed: false},
    },
    {
      of: replaceAMember,
      fact: {entry: "entry:n4/1", in: "a majority", committed: true},
      first: changed("snapshot"),
      end: true,
      never: {entry: "entry:n4/0", in: "n4"},
    },
  ],
  key: [
    {
      of: mvccWalk,
      fact: {key: "x", value: "two"},
      first: changed("revision"),
      end: false,
      never: {key: "x", value: "five"},
    },
    {
      of: mvccWalk,
      fact: {key: "x", at: "n2", rev: 4, value: null},
      first: changed("revision"),
      end: false,
      never: {key: "x", rev: 3, value: "one"},
    },
  ],
  revision: [
    {
      of: mvccWalk,
      fact: {revision: "n1", is: 6},
      first: changed("revision"),
      end: true,
      never: {revision: "n1", is: 7},
    },
  ],
  watcher: [
    {
      of: mvccWalk,
      fact: {watcher: "op:#watch", got: 2, saw: "x=two"},
      first: changed("watched"),
      end: false,
      never: {watcher: "op:#watch", saw: "y=new"},
    },
    {
      of: mvccWalk,
      fact: {watcher: "op:#late", state: "cancelled"},
      first: changed("settled"),
      end: true,
      never: {watcher: "op:#watch", state: "cancelled"},
    },
    {
      of: mvccWalk,
      fact: {watcher: "op:#watch", saw: "x"},
      first: changed("watched"),
      end: true,
      never: {watcher: "op:#late", got: 1},
    },
  ],
  recipe: [
    {
      of: lockWithoutFencing,
      fact: {recipe: "op:#first", is: "holds"},
      first: changed("told"),
      end: false,
      never: {recipe: "op:#first", is: "failed"},
    },
    {
      of: lockWithoutFencing,
      fact: {recipe: "op:#second", is: "done", read: 0, wrote: 1},
      first: changed("finished"),
      end: true,
      never: {recipe: "op:#second", is: "done", read: 0, refused: true},
    },
    {
      of: lockWithoutFencing,
      fact: {recipe: "op:c2#1", is: "asked"},
      first: stepped("second"),
      end: true,
      never: {recipe: "op:#second", is: "done", read: 1},
    },
  ],
  alarm: [
    {
      of: fullDisk,
      fact: {alarm: "@lead", at: "@other"},
      first: changed("apply"),
      end: false,
      never: {alarm: "@other", at: "@lead"},
    },
    {
      of: fullDisk,
      fact: {alarm: "none"},
      first: changed("role"),
      end: true,
      never: {alarm: "none", at: "@never"},
    },
  ],
  check: [
    {
      of: leaderPartition,
      fact: {check: "Election Safety", is: "held"},
      first: changed("role"),
      end: true,
      never: {check: "Election Safety", is: "violated"},
    },
  ],
  quiet: [
    {
      of: leaderPartition,
      fact: {quiet: "100ms"},
      first: ({at}) => at >= 100_000,
      end: false,
      never: {quiet: "30s"},
    },
  ],
  step: [
    {of: leaderPartition, fact: {step: "cut"}, first: stepped("cut"), end: true, never: {step: "nowhere"}},
  ],
};

describe.each(factNames.map((name) => [name, cases[name]] as const))("the fact %s", (name, table) => {
  it.each(table.map((one) => [JSON.stringify(one.fact), one] as const))(
    "%s becomes true when it should, in twins too",
    (_text, one) => {
      const {truth, first, end} = watched(one.of, one.fact);
      expect(factName(one.fact)).toBe(name);
      expect(truth[0]).toBe(false);
      expect(first).toBeDefined();
      expect(first === undefined ? false : one.first(first), `first true after ${first?.id}`).toBe(true);
      expect(end).toBe(one.end);
      expect(watched(one.of, one.fact, {forkEvery: 37}).truth, "in twins").toEqual(truth);
    },
  );

  it.each(table.map((one) => [JSON.stringify(one.never), one] as const))("%s is never true", (_text, one) => {
    const {truth, end} = watched(one.of, one.never);
    expect(truth).not.toContain(true);
    expect(end).toBe(false);
  });

  it("has a line of documentation, and words that use nothing but its own keys", () => {
    const kind = facts[name];
    expect(kind.doc).toMatch(/^[A-Z].*\.$/);
    const keys = Object.keys(kind.shape["properties"] as object);
    for (const {en, zh} of [kind.words.yes, kind.words.no]) {
      for (const text of [en, zh]) {
        for (const [, key] of text.matchAll(/\{(\w+)\}/g)) expect(keys).toContain(key);
      }
    }
    for (const {fact} of table) {
      const [yes, no] = [wordsOfFact(fact, true), wordsOfFact(fact, false)];
      expect(yes.en).not.toBe(no.en);
      expect(yes.zh).not.toBe(no.zh);
      expect(`${yes.en}${no.zh}`).not.toMatch(/[{}]/);
    }
  });
});
