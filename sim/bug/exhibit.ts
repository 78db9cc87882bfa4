// What an exhibit of the museum is made of: a bug, which maps a version to a version, and the plaque beside it.
//
//   sim/bug/raft/voteTwice.ts          the bug, its plaque
//   scenarios/museum/raft/voteTwice.ts the smallest scenario in which it shows

import type {Wording} from "../../core/base/said.ts";
import {soundVersion} from "../../core/server/config.ts";
import type {Bug, Version} from "../../core/server/config.ts";

/** What hangs beside a bug, in both languages. Which rules it replaces is not written down: {@link replacedRules} compares. */
export interface Plaque {
  /** What a member does wrong, in one line. */
  readonly title: Wording;
  /** What happened, where and when; where the model differs from it, how. */
  readonly happened: Wording;
  /** Where the rule is written that it breaks: `Raft §5.4.2, Figure 8`. */
  readonly source: string;
  /** When it shows. */
  readonly condition: Wording;
  /** Names of all checks that its scenario breaks: first the one that says best what is wrong. */
  readonly caughtBy: readonly [string, ...string[]];
  readonly fix: Wording;
  /** Whole URLs. */
  readonly links: readonly [string, ...string[]];
  readonly hunt: Hunt;
}

/** How a sweep finds it, with the bug in every member, and in how many seeds at most. */
export type Hunt =
  /** Short trials (sim/explore/trial.ts). */
  | {readonly by: "trials"; readonly seeds: number; readonly deposed?: true}
  /** Its scenario under other seeds, with a drawn plan of faults in every seed. */
  | {readonly by: "scenario"; readonly seeds: number};

type Room = keyof Version;

/** Makes a version out of another: in one room these rules stand in for the sound ones. */
export function withRules<R extends Room>(
  room: R,
  replaced: Partial<Version[R]["rules"]> | ((rules: Version[R]["rules"]) => Partial<Version[R]["rules"]>),
): Bug["apply"] {
  return (version) => {
    const {rules} = version[room];
    const others = typeof replaced === "function" ? replaced(rules) : replaced;
    return {...version, [room]: {...version[room], rules: {...rules, ...others}}};
  };
}

/** The rules that a bug replaces: `raft.mayCommit`. */
export function replacedRules(bug: Bug): readonly string[] {
  return Object.entries(bug.apply(soundVersion)).flatMap(([room, {rules}]) => {
    const sound = Object.entries(soundVersion[room as Room].rules);
    return sound.flatMap(([name, rule]) =>
      (rules as Readonly<Record<string, unknown>>)[name] === rule ? [] : [`${room}.${name}`],
    );
  });
}
