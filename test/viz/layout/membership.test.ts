// How membership, learners, transfer and snapshots look, without a hue: by size, outline, words and shapes.

import {describe, expect, it} from "vitest";
import type {Frame} from "../../../viz/frame.ts";
import {logHeight, logLayout, logTable} from "../../../viz/layout/logLanes.ts";
import type {Look} from "../../../viz/layout/look.ts";
import type {Mark, Size} from "../../../viz/layout/mark.ts";
import {ringLayout, ringTable} from "../../../viz/layout/ring.ts";
import {placed} from "../../../viz/layout/ringFit.ts";
import {looks} from "../support/looks.ts";
import {jointFrame, learnerFrame} from "../support/memberFrames.ts";
import {busyFrame} from "../support/sampleFrame.ts";

const look = (size: Size): Look => {
  const [first] = looks({light: size, dark: size, projector: size}, busyFrame.at);
  if (first === undefined) throw new Error("no look");
  return first.look;
};
const roomy = look({width: 440, height: 620});
const marksOf = (frame: Frame, at = roomy): readonly Mark[] => ringLayout(frame.ring, at);
const named = (marks: readonly Mark[], name: string): Mark | undefined =>
  marks.find((mark) => mark.name === name);
const textOf = (marks: readonly Mark[], name: string): string | undefined => {
  const mark = named(marks, name);
  return mark?.shape === "text" ? mark.text : undefined;
};

describe("a server's place in the cluster", () => {
  const marks = marksOf(learnerFrame);

  it("is a small dotted disc and a word for a learner, which waits for no election", () => {
    const [learner, voter] = [named(marks, "member/n6/disc"), named(marks, "member/n5/disc")];
    if (learner?.shape !== "circle" || voter?.shape !== "circle") throw new Error("no discs");
    expect(learner.r).toBeLessThan(voter.r * 0.8);
    expect(learner.class).toContain("learner");
    expect(textOf(marks, "member/n6/role")).toBe("learner");
    expect(named(marks, "member/n6/timer")).toBeUndefined();
    expect(named(marks, "member/n5/timer")).toBeDefined();
  });

  it("is hollow, without term and without a cross, for a spare", () => {
    expect(named(marks, "member/n7/disc")).toMatchObject({class: "disc crashed outside"});
    expect(named(marks, "member/n7/disc")?.term).toBeUndefined();
    expect(named(marks, "member/n7/x")).toBeUndefined();
    expect(textOf(marks, "member/n7/role")).toBe("spare");
  });

  it("is hollow with its term for one that runs and was removed", () => {
    const removed = learnerFrame.ring.members.map((one) =>
      one.name === "n5" ? {...one, standing: "outside" as const} : one,
    );
    const out = ringLayout({...learnerFrame.ring, members: removed}, roomy);
    expect(named(out, "member/n5/disc")?.term).toBeUndefined();
    expect(textOf(out, "member/n5/term")).toBe("3");
    expect(textOf(out, "member/n5/role")).toBe("outside");
    const off = removed.map((one) => ({...one, status: "crashed" as const}));
    const down = ringLayout({...learnerFrame.ring, members: off}, roomy);
    expect([textOf(down, "member/n5/role"), textOf(down, "member/n1/role")]).toEqual(["outside", "crashed"]);
    expect(named(down, "member/n5/x")).toBeDefined();
  });
});

describe("a joint configuration", () => {
  it("tags every voter with where it votes, and lists both majorities", () => {
    const marks = marksOf(jointFrame);
    const tags = jointFrame.ring.members.map(({name}) => textOf(marks, `member/${name}/half/word`));
    expect(tags).toEqual(["old", "both", "both", "both", "both", "new", undefined]);
    expect(textOf(marks, "key/joint")).toBe("old (n1 n2 n3 n4 n5) and new (n2 n3 n4 n5 n6) decide");
    expect(named(marks, "member/n6/half")?.class).toBe("half new");
    expect(named(marks, "member/n1/half")?.class).toBe("half");
  });

  it("keeps the votes of the two halves apart, by a line", () => {
    const marks = marksOf(jointFrame);
    const xOf = (name: string): number => {
      const mark = named(marks, `member/n2/${name}`);
      return mark?.shape === "circle" || mark?.shape === "line" ? mark.x : NaN;
    };
    expect(xOf("vote/old/n4")).toBeLessThan(xOf("halves"));
    expect(xOf("halves")).toBeLessThan(xOf("vote/new/n2"));
  });

  it("says no word of halves once it is over", () => {
    expect(marksOf(learnerFrame).filter(({name}) => /half|joint/.test(name))).toEqual([]);
  });
});

describe("leadership handed over", () => {
  it("is an arrow to the next leader, an open crown, and a word at both", () => {
    const marks = marksOf(learnerFrame);
    expect(named(marks, "transfer/n3")).toMatchObject({label: "n3 hands leadership over to n4"});
    expect(named(marks, "transfer/n3/crown")?.class).toBe("crown-open");
    expect(textOf(marks, "member/n3/role")).toBe("hands over");
    expect(textOf(marks, "member/n4/role")).toBe("next");
  });
});

describe("what flies seldom", () => {
  it("has a shape of its own, and is in the key while it flies", () => {
    const marks = marksOf(learnerFrame);
    expect(marks.filter(({name}) => name.startsWith("flight/n3→n6#4/sheet/"))).toHaveLength(2);
    expect(textOf(marks, "flight/n3→n6#4/index")).toBe("16");
    expect(named(marks, "key/key.snapshot/word")).toBeDefined();
    expect(named(marks, "key/key.takeOver/word")).toBeDefined();
    expect(named(marksOf(jointFrame), "key/key.snapshot/word")).toBeUndefined();
    expect(named(marksOf(jointFrame), "flight/n5→n4#3")?.class).toBe("flight asks");
    expect(named(marksOf(jointFrame), "flight/n2→n5#3")?.class).toBe("flight");
  });
});

describe("many servers in little room", () => {
  it("stand in two rows rather than upon each other, and lose words before they meet", () => {
    const lines = (frame: Frame, size: Size): number => placed({...frame.ring}, look(size)).body.lines;
    expect(lines(learnerFrame, {width: 440, height: 620})).toBe(1);
    expect(lines(jointFrame, {width: 390, height: 200})).toBe(2);
    expect(lines(jointFrame, {width: 390, height: 150})).toBe(0);
  });
});

describe("a log that begins behind a snapshot", () => {
  const size = look({width: 840, height: logHeight(6, 1)});
  const marks = logLayout(learnerFrame.log, size);

  it("has sheets in place of the entries before it, as wide as those in the window", () => {
    expect(textOf(marks, "lane/n1/snapshot/word")).toBe("snapshot to 8");
    const [sheets, fifth, ninth] = ["lane/n1/snapshot/target", "entry:n5/5", "entry:n1/9"].map((name) =>
      named(marks, name),
    );
    if (sheets?.shape !== "rect" || fifth?.shape !== "rect" || ninth?.shape !== "rect")
      throw new Error("no marks");
    expect(sheets.x).toBe(fifth.x);
    expect(sheets.x + sheets.width).toBeLessThan(ninth.x);
    expect(named(marks, "lane/n5/snapshot")).toBeUndefined();
  });

  it("says up to where in fewer words where there are fewer columns, and never a bare number", () => {
    const word = (from: number): string | undefined =>
      textOf(logLayout({...learnerFrame.log, from}, size), "lane/n1/snapshot/word");
    expect([word(6), word(7), word(8)]).toEqual(["to 8", "to 8", undefined]);
  });

  it("calls an empty entry the opening of a term only where a term begins", () => {
    const holds = (term: number): string | undefined => {
      const [lane] = learnerFrame.log.lanes;
      if (lane === undefined) throw new Error("no lane");
      const entries = lane.entries.map((one) =>
        one.index === 18 ? {...one, text: "∅", term} : {...one, term: 3},
      );
      return textOf(logLayout({...learnerFrame.log, lanes: [{...lane, entries}]}, size), "lane/n1/holds");
    };
    expect([holds(3), holds(4)]).toEqual(["18: no-op", "18: no-op (opens the term)"]);
  });

  it("shows nothing of it once the window has gone on", () => {
    const later = logLayout({...learnerFrame.log, from: 9}, size);
    expect(later.filter(({name}) => name.includes("snapshot"))).toEqual([]);
  });

  it("says so in the table too", () => {
    const row = logTable(learnerFrame.log, size).rows[0]?.cells ?? [];
    expect(row.slice(3, 8)).toEqual([
      ...Array.from({length: 4}, () => "in the snapshot"),
      expect.stringContaining("2:"),
    ]);
  });

  it("flags the entries that change the members", () => {
    const flags = marks.filter(({name}) => name.endsWith("/flag")).map(({name}) => name);
    expect(flags).toContain("entry:n1/13/flag");
    expect(flags).not.toContain("entry:n1/12/flag");
  });

  it("moves the rows together where there is less height, and never over each other", () => {
    const low = logLayout(learnerFrame.log, look({width: 840, height: logHeight(6, 1, "least")}));
    const tops = low.flatMap((mark) =>
      mark.shape === "rect" && /^lane\/n\d\/target$/.test(mark.name) ? [[mark.y, mark.y + mark.height]] : [],
    );
    tops.forEach(([top = 0], i) => {
      if (i > 0) expect(top).toBeGreaterThan(tops[i - 1]?.[1] ?? 0);
    });
    expect(tops.at(-1)?.[1]).toBeLessThanOrEqual(logHeight(6, 1, "least"));
  });
});

it("the ring's table says who votes, and in which half", () => {
  const places = (frame: Frame): readonly (string | undefined)[] =>
    ringTable(frame.ring, roomy).rows.map(({cells}) => cells[2]);
  expect(places(learnerFrame)).toEqual(["votes", "votes", "votes", "votes", "votes", "learner", "outside"]);
  expect(places(jointFrame)).toEqual([
    "old",
    ...Array.from({length: 4}, () => "old + new"),
    "new",
    "outside",
  ]);
});
