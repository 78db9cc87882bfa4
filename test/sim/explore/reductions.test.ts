// What reductions cut tells nothing new: with and without them a search comes to the same verdict, and meets the same
// members in the same states. What is met without any is what a search meets that is too simple to be wrong.

import {describe, expect, test} from "vitest";
import type {Bounds} from "../../../sim/explore/clusterSpace.ts";
import {allReductions, Explorer, noReductions} from "../../../sim/explore/explorer.ts";
import type {Reductions} from "../../../sim/explore/explorer.ts";
import {RaftHost} from "../../../sim/explore/raftHost.ts";
import type {Space} from "../../../sim/explore/space.ts";
import {makeSpace} from "../../../sim/explore/spaces.ts";
import {soundVersion} from "../../../core/server/config.ts";
import {raftRules} from "../../../core/raft/rules.ts";
import {exploreNaively, hostText} from "./naive.ts";
import {planted, raftSpace, ruled, tell} from "./stage.ts";

const combinations: readonly Reductions[] = [0, 1, 2, 3, 4, 5, 6, 7].map((bits) => ({
  sleep: (bits & 1) !== 0,
  symmetry: (bits & 2) !== 0,
  settle: (bits & 4) !== 0,
}));

const small: readonly {readonly members: number; readonly bounds: Bounds}[] = [
  {members: 2, bounds: {terms: 2, request: 1}},
  {members: 2, bounds: {terms: 2, crash: 1}},
  {members: 2, bounds: {terms: 1, drop: 2, duplicate: 1, heartbeat: 1}},
  {members: 3, bounds: {terms: 1}},
];

function checksOf({
  violations,
}: {
  readonly violations: readonly {readonly violation: {readonly check: string}}[];
}) {
  return violations.map(({violation}) => violation.check).toSorted();
}

describe("the plain search", () => {
  for (const bounds of [{terms: 2}, {terms: 1, drop: 1}, {terms: 1, request: 1, crash: 1}] as const) {
    test(`meets what forked members meet: two, ${JSON.stringify(bounds)}`, () => {
      const hosts = [1, 2].map((id) => RaftHost.create(id, {members: 2, rules: raftRules}));
      const naive = exploreNaively(hosts, bounds);
      const clusters = new Set<string>();
      const states = new Set<string>();
      const space = raftSpace(2, bounds);
      const found = new Explorer(space, {
        reductions: noReductions,
        onState({locals, letters, left}) {
          const members = locals.map(({host}) => hostText(host)).join();
          clusters.add(members);
          states.add([members, ...letters.map(({a, b}) => `${a}/${b}`), left.join()].join(" "));
        },
      }).run();
      expect([...clusters].sort().join()).toBe([...naive.clusters].sort().join());
      expect(states.size).toBe(naive.states.size);
      // What the claims remember tells apart few states that are alike otherwise.
      expect(found.states).toBeGreaterThanOrEqual(naive.states.size);
    });
  }

  test("takes no two states for one: fingerprints are as many as whole states", () => {
    const numbers = new Map<object, number>();
    const number = (one: object): number => {
      numbers.set(one, numbers.get(one) ?? numbers.size);
      return numbers.get(one) ?? 0;
    };
    const whole = new Set<string>();
    const found = new Explorer(raftSpace(3, {terms: 1}), {
      reductions: noReductions,
      onState: ({locals, letters, left, memory}) =>
        whole.add([...locals, memory, ...letters].map(number).join() + left.join()),
    }).run();
    expect(found.states).toBe(whole.size);
    expect(whole.size).toBeGreaterThan(5000);
  });
});

describe("reductions", () => {
  for (const {members, bounds} of small) {
    test(`meet the same members: ${members}, ${JSON.stringify(bounds)}`, () => {
      const plain = tell(raftSpace(members, bounds), {reductions: noReductions});
      expect(plain.violations).toEqual([]);
      for (const reductions of combinations) {
        if (reductions.sleep) continue;
        const awake = tell(raftSpace(members, bounds), {reductions});
        const asleep = tell(raftSpace(members, bounds), {reductions: {...reductions, sleep: true}});
        for (const found of [awake, asleep]) {
          expect(found.violations).toEqual([]);
          expect(found.clusters).toBe(plain.clusters);
        }
        // Sleep sets cut ways, and no states.
        expect(asleep.states).toBe(awake.states);
        expect(asleep.terminal).toBe(awake.terminal);
        expect(asleep.transitions).toBeLessThan(awake.transitions);
      }
      const all = tell(raftSpace(members, bounds), {reductions: allReductions});
      expect(all.states).toBeLessThan(plain.states);
      const {sleep, symmetry} = all.cut;
      expect(sleep).toBeGreaterThan(0);
      expect(symmetry).toBeGreaterThan(0);
    });
  }

  for (const [name, version] of Object.entries(planted)) {
    test(`find the same broken claims: ${name}`, () => {
      const bounds = {terms: 2, crash: 1};
      const plain = checksOf(tell(raftSpace(2, bounds, version), {reductions: noReductions}));
      expect(plain).not.toEqual([]);
      for (const reductions of combinations) {
        const found = tell(raftSpace(2, bounds, version), {reductions});
        expect(checksOf(found)).toEqual(plain);
      }
      const order = "breadth";
      expect(checksOf(tell(raftSpace(2, bounds, version), {order}))).toEqual(plain);
    });
  }

  test("cut a search by depth and one by breadth to the same states", () => {
    const [depth, breadth] = (["depth", "breadth"] as const).map((order) =>
      tell(raftSpace(2, {terms: 2, request: 1, crash: 1}), {order}),
    );
    expect(breadth?.states).toBe(depth?.states);
    expect(breadth?.clusters).toBe(depth?.clusters);
  });
});

describe("this comparison catches", () => {
  const bounds = {terms: 2, request: 1};
  const plain = tell(raftSpace(2, bounds), {reductions: noReductions});

  /** The space with some of it replaced. */
  function with_<S, A>(space: Space<S, A>, change: Partial<Space<S, A>>): Space<S, A> {
    return Object.assign(Object.create(space) as Space<S, A>, change);
  }

  test("actions that are called independent and are not", () => {
    const space = raftSpace(2, bounds);
    const found = tell(with_(space, {independent: () => true}) as typeof space);
    expect(found.clusterCount).toBeLessThan(plain.clusterCount);
    expect(found.states).toBeLessThan(tell(raftSpace(2, bounds)).states);
  });

  test("messages that are called dead and are not", () => {
    const space = raftSpace(2, bounds);
    const forgetful = with_(space, {settle: (state) => ({...state, letters: state.letters.slice(1)})});
    expect(tell(forgetful as typeof space).clusters).not.toBe(plain.clusters);
  });

  test("names that make a difference: a rule that looks at them", () => {
    const version = ruled({canGrantVote: (asked) => asked.candidate !== 2 && raftRules.canGrantVote(asked)});
    expect(() => tell(raftSpace(2, bounds, version))).toThrow("renam");
  });

  test("names that make a difference: a server puts its id into what it proposes", () => {
    const named = {id: "test", of: "server", members: 2, bounds: {terms: 1, request: 1}} as const;
    expect(tell(makeSpace(named)).violations).toEqual([]);
    expect(() => tell(makeSpace(named, soundVersion, true))).toThrow(
      "renamed members do not send renamed messages",
    );
  });
});

describe("what need not be chosen", () => {
  test("a message that is lost is one that never arrives", () => {
    const without = tell(raftSpace(2, {terms: 2, crash: 1}));
    const lossy = tell(raftSpace(2, {terms: 2, crash: 1, drop: 2}));
    expect(lossy.states).toBeGreaterThan(2 * without.states);
    expect(lossy.clusters).toBe(without.clusters);
  });
});
