import {beforeAll, describe, expect, it} from "vitest";
import {bracesOf, fill, fillers, problemOfBraces} from "../../scenarios/fill.ts";
import {jointConsensus} from "../../scenarios/jointConsensus.ts";
import {replaceAMember} from "../../scenarios/replaceAMember.ts";
import {mvccWalk} from "../../scenarios/mvccWalk.ts";
import {leaderPartition} from "../../scenarios/leaderPartition.ts";
import type {Scenario} from "../../scenarios/format.ts";
import {stage} from "../../scenarios/resolve.ts";
import {Story} from "../../scenarios/story.ts";
import type {Scene} from "../../scenarios/story.ts";
import {versionOf} from "../../sim/bug/museum.ts";
import {Life} from "../../sim/timeline/life.ts";

/** The moment at which a scenario ends, or after so many events, or at a step. */
function sceneOf(
  scenario: Scenario,
  end: number | ((step: string) => boolean) = Number.POSITIVE_INFINITY,
): Scene {
  const {run, director} = stage(scenario, {seed: "3"});
  const life = Life.create(run, {versions: versionOf, director});
  const story = new Story();
  for (let event = life.step(); event !== undefined; event = life.step()) {
    if (typeof end === "number" && event.step >= end) break;
    story.after(life.world.view, event);
    const {payload} = event;
    if (typeof end !== "number" && payload.kind === "script" && end(payload.step ?? "")) break;
  }
  return {view: life.world.view, event: life.world.last, story, ending: true};
}

describe("what stands in braces", () => {
  let walked: Scene;
  let parted: Scene;
  let early: Scene;
  let replaced: Scene;
  let joint: Scene;
  beforeAll(() => {
    replaced = sceneOf(replaceAMember);
    joint = sceneOf(jointConsensus, (step) => step === "heal");
    [walked, parted, early] = [sceneOf(mvccWalk), sceneOf(leaderPartition), sceneOf(leaderPartition, 10)];
  });

  const both = (text: string, scene: Scene): readonly string[] =>
    Object.values(fill({en: text, zh: text}, scene));

  it("is filled with what is so at that moment", () => {
    const at = (text: string): string => fill({en: text, zh: text}, walked).en;
    expect(at("{members} {majority}")).toBe("3 2");
    expect(at("{leader}")).toMatch(/^n[123]$/);
    expect(at("{revision(leader)} {compacted(n1)}")).toBe("6 5");
    expect(at("{value(x, leader)} {value(y, n2)}")).toBe("four new");
    expect(at("{answer(#past)}, {error(#refused)}")).toBe(
      "two, etcdserver: mvcc: required revision has been compacted",
    );
    expect(at("{got(#watch)} {got(#late)}")).toBe("5 0");
    expect(Number(at("{size(n1)}")) % 512).toBe(0);
    expect(Number(at("{size(n1)}"))).toBeGreaterThan(1024);
    expect(at("{index(#create)} {copies(#create)}")).toBe("2 3");
    expect(Number(at("{term(leader)}"))).toBeGreaterThanOrEqual(1);
    expect(at("{commit(leader)}")).toBe(at("{last(leader)}"));
  });

  it("goes by who has a vote: neither learners nor servers that wait count", () => {
    const at = (text: string): string => fill({en: text, zh: text}, replaced).en;
    expect(at("{members} {majority}")).toBe("3 2");
    expect(at("{voters(leader)} | {learners(leader)}")).toMatch(/^n\d n\d n4 \| –$/);
    expect(at("{copies(#during)}")).toBe("3");
    expect(Number(at("{first(n4)}"))).toBeGreaterThan(1);
    expect(at("{match(n4)}")).toBe(at("{last(n4)}"));
    expect(at("{learners(@old)}")).toBe("?");
  });

  it("shows both halves of a joint configuration", () => {
    const at = (text: string): string => fill({en: text, zh: text}, joint).en;
    expect(at("{members} {majority}")).toBe("5 2+2");
    expect(at("{voters(leader)}")).toMatch(/^n1 n2 n3 \+ n[123] n4 n5$/);
    expect(at("{learners(leader)}")).toBe("–");
  });

  it("is a name for what a step bound", () => {
    const [old] = both("{@old}", parted);
    expect(old).toMatch(/^n[1-5]$/);
    expect(both("{copies(#lost)} {copies(#kept)}", parted)).toEqual(["0 5", "0 5"]);
  });

  it("says in both languages that there is nobody, or no value", () => {
    expect(both("{leader} {@old}", early)).toEqual(["nobody nobody", "无人 无人"]);
    expect(both("{answer(#gone)} {value(z, leader)}", walked)).toEqual([
      "no value no value",
      "没有值 没有值",
    ]);
    expect(both("{term(leader)}", early)).toEqual(["?", "?"]);
  });

  it("may be a name or a filler with fitting arguments, and nothing else", () => {
    for (const inner of [
      "leader",
      "n2",
      "c1",
      "@old",
      "members",
      "term(@old)",
      "value(a/b, n1)",
      "got(#watch)",
    ]) {
      expect(problemOfBraces(inner), inner).toBeUndefined();
    }
    for (const inner of [
      "",
      "moon",
      "term",
      "term()",
      "term(n1, n2)",
      "term(#op)",
      "got(n1)",
      "toString",
      "n",
      "@",
      "value(x)",
    ]) {
      expect(problemOfBraces(inner), inner).toMatch(/^expected/);
    }
    expect(bracesOf("{b} and {a(x)}, {b}")).toEqual(["a(x)", "b", "b"]);
  });

  it("has a line of documentation for every filler", () => {
    for (const {doc} of Object.values(fillers)) expect(doc).toMatch(/^[a-z].*[^.]$/);
  });
});
