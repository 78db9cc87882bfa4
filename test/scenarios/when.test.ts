// `then` is a word of the formats tested here.
/* oxlint-disable unicorn/no-thenable */
import {describe, expect, it} from "vitest";
import type {When} from "../../scenarios/format.ts";
import {leaderPartition} from "../../scenarios/leaderPartition.ts";
import {watched} from "./watching.ts";

const cut: When = {step: "cut"};
const healed: When = {step: "heal"};
const newLeader: When = {all: [{step: "cut"}, {not: {leader: "none"}}, {not: {leader: "@old"}}]};

function truthOf(when: When): readonly boolean[] {
  return watched(leaderPartition, when).truth;
}

/** The time at which it was true first. */
function timeOf(when: When): number {
  return watched(leaderPartition, when).first?.at ?? Number.NaN;
}

describe("facts together", () => {
  it("not, all and any are what they say after every event", () => {
    const [a, b] = [truthOf(cut), truthOf(newLeader)];
    expect(truthOf({not: cut})).toEqual(a.map((held) => !held));
    expect(truthOf({all: [cut, {not: newLeader}]})).toEqual(a.map((held, i) => held && b[i] !== true));
    expect(truthOf({any: [newLeader, {not: cut}]})).toEqual(a.map((held, i) => !held || b[i] === true));
    expect(new Set([...a.keys()].filter((i) => a[i] !== b[i])).size).toBeGreaterThan(10);
  });

  it("first … then waits for the one, then for the other, and stays", () => {
    expect(timeOf({first: cut, then: newLeader})).toBe(timeOf(newLeader));
    expect(truthOf({first: cut, then: newLeader}).at(-1)).toBe(true);
    expect(truthOf({first: healed, then: {role: "@old", is: "candidate"}})).not.toContain(true);
  });

  it("first … then counts what happens after the first alone", () => {
    const vote: When = {delivered: {kind: "RequestVote", term: 1}};
    expect(truthOf(vote)).toContain(true);
    expect(truthOf({first: cut, then: vote})).not.toContain(true);
  });

  it("within is a time limit for then", () => {
    const took = timeOf(newLeader) - timeOf(cut);
    expect(truthOf({first: cut, then: newLeader, within: `${took}us`})).toContain(true);
    expect(truthOf({first: cut, then: newLeader, within: `${took - 1}us`})).not.toContain(true);
  });

  it("always is broken by one exception, from the step on that it names", () => {
    const reachable: When = {not: {leader: "@new"}};
    expect(truthOf({always: {not: {leader: "none"}}})).not.toContain(true);
    expect(truthOf({always: {not: {leader: "none"}}, since: "elected"}).at(-1)).toBe(true);
    expect(truthOf({always: reachable, since: "elected"}).at(-1)).toBe(false);
    expect(truthOf({always: reachable, since: "elected"})).toContain(true);
  });

  it("always is not true before it was looked at", () => {
    const since = truthOf({always: {not: {key: "x", value: "lost"}}, since: "heal"});
    expect(since).toEqual(truthOf(healed));
  });

  it.each<[string, When]>([
    ["first … then", {first: cut, then: {delivered: {kind: "Heartbeat", nth: 9}}}],
    ["always", {always: {not: newLeader}, since: "cut"}],
    ["not and all", {all: [{not: newLeader}, {first: cut, then: healed}]}],
  ])("%s goes on in a twin as it was", (_name, when) => {
    expect(watched(leaderPartition, when, {forkEvery: 23}).truth).toEqual(truthOf(when));
  });
});
