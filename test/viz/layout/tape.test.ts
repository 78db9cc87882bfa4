// What the tape must not claim: that anything was shown beyond what was.

import {describe, expect, it} from "vitest";
import type {TapeView} from "../../../viz/frame.ts";
import {tapeLayout} from "../../../viz/layout/tape.ts";
import {looks} from "../support/looks.ts";
import {busyFrame} from "../support/sampleFrame.ts";

const size = {width: 1280, height: 86};
const look = looks({light: size, dark: size, projector: size}, 500_000)[0]!.look;
const began = {from: 500_000, to: 500_000};
const view: TapeView = {
  ...busyFrame.tape,
  from: 0,
  to: 1_000_000,
  seenTo: 500_000,
  terms: [{term: 12, firstTerm: 4, leader: "", from: 100_000, to: 500_000}],
  faults: [{...began, said: {id: "fault.crash", args: {member: "n1"}, refs: []}, ref: "event:script#1"}],
  operations: [{...began, to: undefined, ref: "op:c1#1", client: "c1", line: "put x=1", outcome: "waiting"}],
  checks: [],
  branches: [],
};

describe("the tape", () => {
  const marks = tapeLayout(view, look);
  const unseen = marks.find(({name}) => name === "unseen")!;
  const start = unseen.shape === "rect" ? unseen.x : 0;

  it("paints nothing beyond what was seen, however short a bar is", () => {
    for (const name of ["op:c1#1", "event:script#1"]) {
      const bar = marks.find((mark) => mark.name === name)!;
      expect(bar.shape === "rect" && bar.x + bar.width, name).toBeLessThanOrEqual(start);
    }
  });

  it("says of a bar that stands for several terms which ones", () => {
    expect(marks.some((mark) => mark.shape === "text" && mark.text === "term 4–12")).toBe(true);
  });
});
