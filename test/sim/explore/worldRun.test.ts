// A path through a space is a run of the world: it ends in the same states, breaks the same claims, and needs
// nothing but what stands in it.

import {describe, expect, test} from "vitest";
import {present} from "../../../core/base/assert.ts";
import {soundVersion} from "../../../core/server/config.ts";
import {museum, versionOf} from "../../../sim/bug/museum.ts";
import {ElectionSafety} from "../../../sim/check/electionSafety.ts";
import {standardChecks} from "../../../sim/check/standard.ts";
import {execute} from "../../../sim/execute.ts";
import type {Action} from "../../../sim/explore/action.ts";
import type {ClusterSpace} from "../../../sim/explore/clusterSpace.ts";
import {Explorer} from "../../../sim/explore/explorer.ts";
import {makeSpace, spaces} from "../../../sim/explore/spaces.ts";
import {runOfPath} from "../../../sim/explore/worldRun.ts";
import {below, draw} from "../../../sim/random.ts";
import type {Run} from "../../../sim/run.ts";
import {walk} from "./stage.ts";

function named(id: string) {
  return present(
    spaces.find((one) => one.id === id),
    id,
  );
}

/** A path drawn step by step, to where nothing more may happen. */
function wander(space: ClusterSpace, stream: string): readonly Action[] {
  const path: Action[] = [];
  let state = space.initial;
  for (let actions = space.actions(state); actions.length > 0; actions = space.actions(state)) {
    const action = present(actions[below(draw("7", stream, path.length + 1), actions.length)], "an action");
    path.push(action);
    state = space.apply(state, action);
  }
  return path;
}

describe("a path", () => {
  for (const id of ["server-put-2", "server-disk-put-2", "raft-commit-2", "raft-duplicate-2"]) {
    test(`leads where it leads in the world: ${id}`, () => {
      const {bounds, slowDisk = false} = named(id);
      const space = makeSpace(named(id));
      const kinds = new Set<string>();
      for (let n = 0; n < 16; n++) {
        const path = wander(space, `wander/${n}`);
        for (const {kind} of path) kinds.add(kind);
        const run = runOfPath(named(id), [], path);
        const done = execute(JSON.parse(JSON.stringify(run)) as Run, {
          versions: versionOf,
          checkers: standardChecks(),
        });
        expect({skipped: done.skipped, choices: done.skippedChoices}).toEqual({skipped: [], choices: []});
        expect(done.checks.filter(({verdict}) => verdict === "fail")).toEqual([]);
        const facts = (raft: ClusterSpace["initial"]["locals"][number]["host"]["raft"] | undefined) =>
          raft === undefined
            ? undefined
            : [raft.term, raft.votedFor, raft.role, raft.lastIndex, raft.commitIndex, raft.lastApplied];
        expect(done.view.members.map(({server}) => facts(server?.raft))).toEqual(
          walk(space, path)
            .at(-1)
            ?.locals.map(({host}) => facts(host.raft)),
        );
      }
      const {terms, ...budgets} = bounds;
      expect(terms).toBeGreaterThan(0);
      const expected = ["deliver", "timeout", ...Object.keys(budgets), ...(slowDisk ? ["disk"] : [])];
      expect([...kinds].toSorted()).toEqual(expected.toSorted());
    });
  }

  test("that breaks a claim breaks it in the world, where it is replayed from data", () => {
    const bug = present(
      museum.find(({id}) => id === "vote-twice"),
      "a bug",
    );
    const space = makeSpace(named("server-election-3"), bug.apply(soundVersion));
    const found = new Explorer(space, {order: "breadth", stopAtFirst: true}).run();
    const {path} = present(found.violations[0], "a counterexample");
    const run = runOfPath(named("server-election-3"), [bug.id], path);
    const again = JSON.parse(JSON.stringify(run)) as Run;
    const done = execute(again, {versions: versionOf, checkers: [new ElectionSafety()]});
    expect(done.verdict).toBe("fail");
    expect(done.violation).toMatchObject({check: "Election Safety", said: {args: {term: 1}}});
    // It breaks with the last message; what follows is the new leader's own disk.
    expect(done.violation?.evidence.at(-1)).toMatch(/^n\d→n\d#\d$/);
  });
});
