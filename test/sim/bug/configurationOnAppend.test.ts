// The museum's bug of 2015, in its own steps: that a configuration decides since it is in the log is not wrong by itself, if a
// new leader waits for a commit of its own, as the thesis was corrected.

import {describe, expect, it} from "vitest";
import {soundVersion} from "../../../core/server/config.ts";
import {changeBeforeOwnCommit} from "../../../scenarios/museum/raft/changeBeforeOwnCommit.ts";
import {stage} from "../../../scenarios/resolve.ts";
import {withRules} from "../../../sim/bug/exhibit.ts";
import {LeaderCompleteness} from "../../../sim/check/leaderCompleteness.ts";
import {execute} from "../../../sim/execute.ts";
import type {WorldView} from "../../../sim/view.ts";

/** The configuration that each member decides by at the end, and who leads which term. */
function end({members}: WorldView): readonly string[] {
  return members.map(({server}) => {
    if (server === undefined) return "down";
    const {confState, role, term} = server.raft;
    return `${confState.voters.join(" ")}${role === "leader" ? ` leads ${term}` : ""}`;
  });
}

describe("a configuration that decides since it is in the log", () => {
  const played = (rules: Parameters<typeof withRules<"raft">>[1]) => {
    const {run, director} = stage(changeBeforeOwnCommit);
    const versions = () => withRules("raft", rules)(soundVersion);
    return execute(run, {versions, director, checkers: [new LeaderCompleteness()]});
  };

  it("is safe, if a new leader waits for a commit of its own: n2 takes no change and commits nothing, and n1 may lead", () => {
    const {checks, view} = played({decidesSince: () => "append", firstChangeWaitsFor: (last) => last + 1});
    expect(checks.map(({verdict}) => verdict)).toEqual(["pass"]);
    expect(end(view)).toEqual(["1 2 3 4 5 leads 4", "1 2 3 4 leads 2", "1 2 3 4", "1 2 3 4 5", "1 2 3 4 5"]);
  });

  it("is not, if it waits for older terms' entries only, which is enough where a configuration is applied first", () => {
    const {checks, view} = played({decidesSince: () => "append"});
    expect(checks.map(({verdict}) => verdict)).toEqual(["fail"]);
    expect(end(view)).toEqual(["1 2 3 4 5 leads 4", "2 3 4 leads 2", "2 3 4", "1 2 3 4 5", "1 2 3 4 5"]);
  });
});
