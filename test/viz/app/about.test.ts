import {describe, expect, it} from "vitest";
import {again, firstBroken, offersAt, titleOf} from "../../../viz/app/about.ts";
import {wordsIn} from "../../../viz/app/words.ts";
import type {CheckView, Frame} from "../../../viz/frame.ts";
import type {Link, Source} from "../../../viz/protocol.ts";
import {busyFrame} from "../support/sampleFrame.ts";

const words = wordsIn("en");
const text = '{"id": "mine"}';
const link: Link = {
  format: 1,
  scenario: {text},
  variant: "fixed",
  seed: "3",
  recorded: {script: [], events: 5},
  acts: [{id: 1, when: {at: 0}, do: {kind: "mark"}, origin: "person"}],
  cursor: {event: "n1→n2#1", time: 7},
  chain: "01234567",
  code: "x",
};

describe("the same again", () => {
  it("with another seed is the same variant, from its beginning, and without what was done", () => {
    const made = again({kind: "link", link}, "8", "fixed");
    expect(made).toEqual({
      kind: "link",
      link: {
        format: 1,
        scenario: {text},
        variant: "fixed",
        seed: "8",
        acts: [],
        cursor: {event: "", time: 0},
        chain: "",
        code: "0".repeat(16),
      },
    });
  });

  it("without a variant is the scenario, or the file, itself", () => {
    expect(again({kind: "link", link}, "8", undefined)).toEqual({
      kind: "file",
      name: "link",
      text,
      seed: "8",
    });
    const ours: Source = {kind: "link", link: {...link, scenario: "pre-vote"}};
    expect(again(ours, "8", undefined)).toEqual({kind: "scenario", id: "pre-vote", seed: "8"});
    const file: Source = {kind: "file", name: "mine.json", text};
    expect(again(file, "8", undefined)).toEqual({...file, seed: "8"});
    expect(again({kind: "scenario", id: "pre-vote"}, "8", "control")).toMatchObject({
      link: {scenario: "pre-vote", variant: "control", seed: "8"},
    });
  });
});

const broken = (name: string, step: number): CheckView => ({
  name,
  verdict: "violated",
  exercised: 1,
  violation: {said: {id: "twoLeaders", args: {}, refs: []}, evidence: [], step},
});

function frameWith(more: Partial<Frame>, about: Partial<Frame["head"]["about"]>, bug: boolean): Frame {
  const {head, ring} = busyFrame;
  const members = ring.members.map((one) => (bug ? {...one, bugs: ["vote-twice"]} : one));
  return {
    ...busyFrame,
    ...more,
    ring: {...ring, members},
    head: {
      ...head,
      verdict: more.checks === undefined ? "holds" : "violated",
      about: {...head.about, ...about},
    },
  };
}

const source: Source = {kind: "file", name: "vote-twice.json", text};
const labels = (frame: Frame): readonly string[] => offersAt({frame, source}, words).map(({label}) => label);

describe("what is offered", () => {
  const variants = ["fixed"];
  const begin = {cursor: {...busyFrame.cursor, step: 0}};

  it("of a bug's run is what it is and the run without it: at the beginning, the end, and once a check broke", () => {
    expect(labels(frameWith(begin, {variants}, true))).toEqual(["About the bug", "Without the bug"]);
    expect(labels(frameWith({ended: true}, {variants}, true))).toEqual(["About the bug", "Without the bug"]);
    expect(labels(frameWith({}, {variants}, true))).toEqual([]);
    const {step} = busyFrame.cursor;
    const here = {checks: [broken("Election Safety", step)]};
    expect(labels(frameWith(here, {variants}, true))).toEqual(["About the bug", "Without the bug"]);
    const before = {checks: [broken("Election Safety", step - 1)]};
    expect(labels(frameWith(before, {variants}, true))[0]).toBe("Where it broke");
  });

  it("of the run without it is the one with it", () => {
    const frame = frameWith(begin, {variants, variant: "fixed"}, false);
    expect(labels(frame)).toEqual(["About the bug", "With the bug"]);
    expect(offersAt({frame, source}, words)[1]?.does).toEqual({
      kind: "open",
      source: {...source, seed: busyFrame.head.seed},
    });
    expect(titleOf(frame, words)).toBe("without the bug · The leader cut off");
  });

  it("of any other run is nothing: its story says what comes next", () => {
    expect(labels(frameWith({ended: true}, {variants: ["control"]}, false))).toEqual([]);
  });
});

it("of several broken checks the one that broke first is named", () => {
  const checks = [broken("Leader Completeness", 9), broken("Durable Vote", 4), broken("Log Matching", 4)];
  expect(firstBroken({...busyFrame, checks})?.name).toBe("Durable Vote");
  expect(firstBroken({...busyFrame, checks: []})).toBeUndefined();
});
