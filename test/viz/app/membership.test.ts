// What a person can read and do about the cluster itself, without a browser.

import {describe, expect, it} from "vitest";
import {configurationText, factsOf} from "../../../viz/app/facts.ts";
import {menuOf} from "../../../viz/app/menus.ts";
import {initialState} from "../../../viz/app/state.ts";
import {wordsIn} from "../../../viz/app/words.ts";
import {parseCommand} from "../../../core/client/command.ts";
import type {Frame} from "../../../viz/frame.ts";
import {jointFrame, learnerFrame} from "../support/memberFrames.ts";
import {busyFrame} from "../support/sampleFrame.ts";

const first = initialState({language: "en", theme: "light", reducedMotion: false, letters: true});
const en = wordsIn("en");

/** By the entry's id: what it does. */
function deeds(of: string, frame: Frame): ReadonlyMap<string, unknown> {
  const menu = menuOf(of, {...first, frame}, en);
  return new Map(menu?.entries.map(({id, does}) => [id, does]));
}

const asks = (op: string): unknown => ({kind: "act", action: {kind: "client", client: "c1", op, to: "n3"}});

describe("the menu of a server", () => {
  it("asks the leader for what suits its place in the cluster", () => {
    expect(deeds("n1", learnerFrame).get("transfer")).toEqual(asks("move-leader n1"));
    expect(deeds("n1", learnerFrame).get("remove")).toEqual(asks("member remove n1"));
    expect(deeds("n3", learnerFrame).has("transfer")).toBe(false);
    expect(deeds("n6", learnerFrame).get("promote")).toEqual(asks("member promote n6"));
    expect(deeds("n6", learnerFrame).has("transfer")).toBe(false);
    expect(deeds("n7", learnerFrame).get("addLearner")).toEqual(asks("member add n7 --learner"));
    expect(deeds("n7", learnerFrame).get("restart")).toEqual({
      kind: "act",
      action: {kind: "restart", member: "n7"},
    });
  });

  it("asks in words that etcdctl has", () => {
    for (const name of ["n1", "n3", "n6", "n7"]) {
      for (const frame of [learnerFrame, jointFrame]) {
        for (const does of deeds(name, frame).values()) {
          const {action} = does as {readonly action?: {readonly kind: string; readonly op?: string}};
          if (action?.kind === "client")
            expect(parseCommand(action.op ?? ""), action.op).toMatchObject({ok: true});
        }
      }
    }
  });

  it("offers only to end a change that is under way", () => {
    expect(deeds("n3", jointFrame).get("leaveJoint")).toEqual(asks("member reconfigure"));
    expect([...deeds("n7", jointFrame).keys()]).not.toContain("addLearner");
    const left = {...jointFrame.ring, configuration: {...jointFrame.ring.configuration, autoLeave: true}};
    expect(deeds("n3", {...jointFrame, ring: left}).has("leaveJoint")).toBe(false);
  });

  it("is disabled while nobody leads, and not there without a client", () => {
    const members = learnerFrame.ring.members.map((one) => ({...one, role: "follower" as const}));
    const led = menuOf("n7", {...first, frame: {...learnerFrame, ring: {...learnerFrame.ring, members}}}, en);
    expect(led?.entries.find(({id}) => id === "addLearner")?.enabled).toBe(false);
    const alone = {...learnerFrame, ring: {...learnerFrame.ring, clients: []}};
    expect(deeds("n7", alone).has("addLearner")).toBe(false);
  });

  it("does not let the timer of one fire that has no vote", () => {
    const timer = (name: string): boolean | undefined =>
      menuOf(name, {...first, frame: learnerFrame}, en)?.entries.find(({id}) => id === "timeout")?.enabled;
    expect([timer("n1"), timer("n6")]).toEqual([true, false]);
  });
});

describe("the facts of a server", () => {
  const facts = (name: string, frame: Frame): ReturnType<typeof factsOf> => {
    const member = frame.ring.members.find((one) => one.name === name);
    if (member === undefined) throw new Error(`no ${name}`);
    return factsOf(member, en);
  };

  it("say who is in the cluster, as it sees it", () => {
    expect(configurationText(learnerFrame.ring.configuration, en)).toBe(
      "n1 n2 n3 n4 n5 vote; n6 only learns",
    );
    expect(configurationText(jointFrame.ring.configuration, en)).toBe(
      "two majorities decide: new (n2 n3 n4 n5 n6), old (n1 n2 n3 n4 n5); n1 will only learn",
    );
    expect(facts("n7", learnerFrame).rows).toEqual([["Place", "spare: no member, never started"]]);
  });

  it("tell a log behind a snapshot from a whole one and an empty one", () => {
    const log = (name: string): string | undefined =>
      facts(name, learnerFrame).rows.find(([what]) => what === "Log")?.[1];
    expect(log("n1")).toBe("a snapshot to 8, then entries 9 to 18");
    expect(log("n5")).toBe("entries 1 to 14");
    expect(log("n6")).toBe("empty");
  });

  it("list how far a leader has come with each of the others, and nothing of others", () => {
    const rows = facts("n3", learnerFrame).followers?.rows.map(({cells}) => cells);
    expect(rows).toContainEqual(["n2", "probe", "0", "18", "waits for an answer"]);
    expect(rows).toContainEqual(["n5", "replicate", "17", "19", "silent"]);
    expect(rows).toContainEqual(["n6", "snapshot", "0", "17", "learner; a snapshot is on its way"]);
    expect(facts("n1", learnerFrame).followers).toBeUndefined();
    expect(facts("n3", busyFrame).followers).toBeUndefined();
  });
});
