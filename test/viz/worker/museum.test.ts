// Bugs' own scenarios, as `etcdscope open` sends them to the page.

import {describe, expect, it} from "vitest";
import {checksToName} from "../../../scenarios/checks.ts";
import {exhibitOf, exhibits} from "../../../scenarios/museum/index.ts";
import {perform} from "../../../scenarios/perform.ts";
import type {Scenario} from "../../../scenarios/format.ts";
import {plaques} from "../../../sim/bug/plaques.ts";
import {readTrace} from "../../../sim/trace/file.ts";
import {firstBroken} from "../../../viz/app/about.ts";
import {tell} from "../../../viz/app/caption.ts";
import {initialState} from "../../../viz/app/state.ts";
import {wordsIn} from "../../../viz/app/words.ts";
import type {Frame} from "../../../viz/frame.ts";
import type {Source} from "../../../viz/protocol.ts";
import {claimWords} from "../../../viz/words/claims.ts";
import {Desk} from "./desk.ts";

function sent(scenario: Scenario, variant?: string): Source {
  const text = JSON.stringify(scenario);
  const begin = {acts: [], cursor: {event: "", time: 0}, chain: "", code: "00000000000000aa"};
  return {
    kind: "link",
    link: {
      format: 1,
      scenario: {text},
      seed: scenario.run.seed,
      ...begin,
      ...(variant === undefined ? {} : {variant}),
    },
  };
}

function exhibit(id: string): Scenario {
  const found = exhibitOf(id);
  if (found === undefined) throw new Error(`the museum has no ${id}`);
  return found;
}

/** The caption's two lines. */
function captionOf(frame: Frame): readonly [string, string] {
  const state = initialState({language: "en", theme: "light", letters: true, reducedMotion: true});
  const {now, look} = tell({...state, frame}, wordsIn("en"));
  return [now, look];
}

describe("a bug's own scenario", () => {
  it("says at its beginning what the bug is and who has it, and what there is besides", () => {
    const frame = new Desk().open(sent(exhibit("vote-twice")));
    expect(captionOf(frame)).toEqual([
      "A member votes for every candidate of a term.",
      expect.stringMatching(/^n1 n2 n3 have this bug\./),
    ]);
    expect(frame.ring.members.map(({bugs}) => bugs)).toEqual(Array(3).fill(["vote-twice"]));
    expect(frame.head.about).toEqual({
      teaches: {text: plaques["vote-twice"]?.happened},
      sources: [{title: "Raft §5.2", url: "https://github.com/hashicorp/raft/issues/661"}],
      variants: ["fixed"],
    });
  });

  it("names who has it, if not all do", () => {
    const whole = exhibit("vote-twice");
    const desk = new Desk();
    const one = {...whole, run: {...whole.run, bugs: {n3: ["vote-twice"]}}};
    expect(captionOf(desk.open(sent(one)))[1]).toMatch(/^n3 has this bug\./);
    const two = {...whole, run: {...whole.run, bugs: {n2: ["commit-older-term"], n3: ["vote-twice"]}}};
    const frame = desk.open(sent(two));
    expect(captionOf(frame)).toEqual([
      expect.stringMatching(/^Nothing has happened yet/),
      "Who has a bug: n2: commit-older-term, n3: vote-twice.",
    ]);
    expect(frame.ring.members.map(({bugs}) => bugs)).toEqual([
      undefined,
      ["commit-older-term"],
      ["vote-twice"],
    ]);
  });

  it("in its variant is without the bug, and says so", () => {
    const frame = new Desk().open(sent(exhibit("vote-twice"), "fixed"));
    expect(frame.ring.members.map(({bugs}) => bugs)).toEqual([undefined, undefined, undefined]);
    expect(captionOf(frame)[1]).toMatch(/nobody has the bug/);
    expect(frame.head.about.variant).toBe("fixed");
  });

  it.each(exhibits.map(({id}) => id))(
    "tells at its end what broke, with what that check claims: %s",
    (id) => {
      const desk = new Desk();
      const end = desk.go(desk.open(sent(exhibit(id))), {kind: "end"});
      const first = firstBroken(end);
      expect(end.head.verdict).toBe("violated");
      expect(captionOf(end)[0]).toMatch(new RegExp(`^✗ ${first?.name} is violated`));
      expect(plaques[id]?.caughtBy).toContain(first?.name);
      // Where it broke, the caption tells of the same check as the bar.
      const there = desk.go(end, {kind: "step", step: first?.violation?.step ?? 0});
      expect(captionOf(there)[0]).toBe(captionOf(end)[0]);
      expect(there.head.verdict).toBe("violated");
      expect(desk.go(end, {kind: "step", step: (first?.violation?.step ?? 0) - 1}).head.verdict).not.toBe(
        "violated",
      );
      // What it expects of itself is said in its words, though it is none of the page's own scenarios.
      expect(end.checks.find(({name}) => name === "claim caught")?.says).toEqual({
        text: exhibit(id).run.expect.at(-1)?.says,
      });
    },
  );
});

describe("a check that only the scenario asks for", () => {
  const whole = exhibit("stay-joint");

  it("judges its own run, not one in which a person has acted, nor the trace", () => {
    const desk = new Desk();
    const begin = desk.open(sent(whole));
    const end = desk.go(begin, {kind: "end"});
    expect(end.checks.find(({name}) => name === "Convergence")?.verdict).toBe("violated");
    const acted = desk.ask(
      {kind: "act", cursor: end.cursor, action: {kind: "crash", member: "n3"}},
      "frame",
    ).frame;
    expect(acted.checks.map(({name}) => name)).not.toContain("Convergence");
    const trace = readTrace(desk.ask({kind: "trace", branch: "main"}, "trace").bytes);
    expect(trace.ok ? trace.value.header.end.verdict : undefined).toBe(perform(whole).verdict);
  });

  it("judges none whose story is told", () => {
    const one = {en: "A change of the members.", zh: "成员变更。"};
    const told: Scenario = {...whole, tell: [{id: "begins", at: "start", say: [{...one, aside: true}]}]};
    const desk = new Desk();
    const end = desk.go(desk.open(sent(told)), {kind: "end"});
    expect(end.checks.map(({name}) => name)).not.toContain("Convergence");
  });
});

it("every check has a sentence for what it claims, and nothing else has", () => {
  const names = new Set([...checksToName().map(({name}) => name), "Watch Catches Up"]);
  expect(Object.keys(claimWords).toSorted()).toEqual([...names].toSorted());
});
