import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {
  change,
  decodeConfChange,
  enterJoint,
  isLeaveJoint,
  leave,
  leaveJoint,
  proposalOf,
  simple,
} from "../../../core/raft/confChange.ts";
import type {ConfChange, ConfChangeError, SingleChange, Transition} from "../../../core/raft/confChange.ts";
import {checkConfState} from "../../../core/raft/confState.ts";
import type {ConfState} from "../../../core/raft/confState.ts";
import {noData} from "../../../core/raft/entry.ts";
import {changes, conf, jointConf, plainConf, someChange} from "./changes.ts";
import {bytes} from "./notation.ts";

function changed(result: ReturnType<typeof change>): ConfState {
  if (!result.ok) throw new Error(result.error);
  return result.value.conf;
}

function renewed(result: ReturnType<typeof change>): readonly number[] {
  if (!result.ok) throw new Error(result.error);
  return [...result.value.renewed];
}

function failure(error: ConfChangeError) {
  return {ok: false, error};
}

function v2(transition: Transition, text: string): ConfChange {
  return {version: 2, transition, changes: changes(text), context: noData};
}

describe("a simple change", () => {
  it.each([
    ["1 2 3", "v4", "1 2 3 4"],
    ["1 2 3", "r1", "2 3"],
    ["1 2 3", "l4", "1 2 3 learners 4"],
    ["1 2 3", "l3", "1 2 learners 3"],
    ["1 2 learners 3", "v3", "1 2 3"],
    ["1 2 learners 3", "r3", "1 2"],
    ["1 2 learners 3", "l3", "1 2 learners 3"],
    ["1 2 3", "v2", "1 2 3"],
    ["1 2 3", "r9", "1 2 3"],
    ["1 2 3", "u2", "1 2 3"],
    ["1 2 3", "u9", "1 2 3"],
    ["1 2 3", "v0 r0 l0", "1 2 3"],
    ["1 2 3", "", "1 2 3"],
    ["", "v1", "1"],
    ["1 2", "v3 r3", "1 2"],
    ["1 2", "l3 l4 v5", "1 2 5 learners 3 4"],
    ["1 2 learners 3 4", "r3 r4 l5", "1 2 learners 5"],
  ])("makes of (%s) with %s: (%s)", (before, text, after) => {
    expect(changed(simple(conf(before), changes(text)))).toEqual(conf(after));
  });

  it.each([
    ["1", "r1", "removed all voters"],
    ["1", "l1", "removed all voters"],
    ["", "l1", "removed all voters"],
    ["1 2 3", "v4 v5", "more than one voter changed without entering joint config"],
    ["1 2 3", "r1 v4", "more than one voter changed without entering joint config"],
    ["1 2 3", "r1 r2", "more than one voter changed without entering joint config"],
    ["1 2 3", "l1 l2", "more than one voter changed without entering joint config"],
    ["1 2 && 1", "v3", "can't apply simple config change in joint config"],
  ] satisfies [string, string, ConfChangeError][])(
    "refuses to make of (%s) with %s: %s",
    (before, text, why) => {
      expect(simple(conf(before), changes(text))).toEqual(failure(why));
    },
  );

  it("leaves the configuration that it was made from as it was", () => {
    const before = conf("1 2 learners 3");
    simple(before, changes("v3"));
    expect(before).toEqual(conf("1 2 learners 3"));
  });

  it("begins anew with who was removed on the way, and with nobody else", () => {
    expect(renewed(simple(conf("1 2 3"), changes("r3 v3")))).toEqual([3]);
    expect(renewed(simple(conf("1 2 learners 3"), changes("r3 l3")))).toEqual([3]);
    expect(renewed(simple(conf("1 2 3"), changes("l3")))).toEqual([]);
    expect(renewed(simple(conf("1 2 learners 3"), changes("v3")))).toEqual([]);
    expect(renewed(simple(conf("1 2 3"), changes("r9 v4")))).toEqual([]);
  });
});

describe("to enter a joint configuration", () => {
  it.each([
    ["1 2 3", "r1 v4", "2 3 4 && 1 2 3"],
    ["1", "", "1 && 1"],
    ["1 2", "v3 v4", "1 2 3 4 && 1 2"],
    ["1 2 3", "l1", "2 3 && 1 2 3 next 1"],
    ["1 2 3", "l1 v1", "1 2 3 && 1 2 3"],
    ["1 2 3", "l1 r1", "2 3 && 1 2 3"],
    ["1 2 3", "r1 l1", "2 3 && 1 2 3 next 1"],
    ["1 2 learners 3", "v3", "1 2 3 && 1 2"],
    ["1 2 learners 3", "r3 l4", "1 2 && 1 2 learners 4"],
    ["1 2", "v3 l3", "1 2 && 1 2 learners 3"],
    ["1", "r1 v2", "2 && 1"],
  ])("makes of (%s) with %s: (%s)", (before, text, after) => {
    expect(changed(enterJoint(conf(before), changes(text), false))).toEqual(conf(after));
    expect(changed(enterJoint(conf(before), changes(text), true))).toEqual(conf(`${after} autoleave`));
  });

  it.each([
    ["1 2 && 1", "v3", "config is already joint"],
    ["", "v1", "can't make a zero-voter config joint"],
    ["learners 1", "v1", "can't make a zero-voter config joint"],
    ["1 2", "r1 r2", "removed all voters"],
    ["1 2", "l1 l2", "removed all voters"],
  ] satisfies [string, string, ConfChangeError][])(
    "refuses to make of (%s) with %s: %s",
    (before, text, why) => {
      expect(enterJoint(conf(before), changes(text), false)).toEqual(failure(why));
    },
  );

  it("goes on with outgoing voters, whatever they become", () => {
    expect(renewed(enterJoint(conf("1 2 3"), changes("r3 v3 l2 r1 l1"), false))).toEqual([]);
    expect(renewed(enterJoint(conf("1 2 learners 3"), changes("r3 l3"), false))).toEqual([3]);
    expect(renewed(enterJoint(conf("1 2"), changes("v3 r3 v3"), false))).toEqual([3]);
  });
});

describe("to leave a joint configuration", () => {
  it.each([
    ["2 3 && 1 2 3", "2 3"],
    ["2 3 && 1 2 3 next 1", "2 3 learners 1"],
    ["2 3 && 1 2 3 learners 5 7 next 1 autoleave", "2 3 learners 1 5 7"],
    ["1 && 1", "1"],
  ])("makes of (%s): (%s)", (before, after) => {
    const left = leave(conf(before));
    expect(changed(left)).toEqual(conf(after));
    expect(renewed(left)).toEqual([]);
  });

  it("refuses if there is none", () => {
    expect(leave(conf("1 2 3"))).toEqual(failure("can't leave a non-joint config"));
  });
});

describe("a change", () => {
  it.each([
    ["auto", "v4", "1 2 3 4"],
    ["auto", "v4 v5", "1 2 3 4 5 && 1 2 3 autoleave"],
    ["auto", "l4 l5", "1 2 3 && 1 2 3 learners 4 5 autoleave"],
    ["implicit", "v4", "1 2 3 4 && 1 2 3 autoleave"],
    ["implicit", "v4 r1", "2 3 4 && 1 2 3 autoleave"],
    ["explicit", "v4", "1 2 3 4 && 1 2 3"],
    ["explicit", "v4 r1", "2 3 4 && 1 2 3"],
    ["implicit", "", "1 2 3 && 1 2 3 autoleave"],
    ["explicit", "", "1 2 3 && 1 2 3"],
  ] satisfies [Transition, string, string][])(
    "that is %s, of %s, makes of (1 2 3): (%s)",
    (how, text, after) => {
      expect(changed(change(conf("1 2 3"), v2(how, text)))).toEqual(conf(after));
    },
  );

  it("of nothing, with no transition, leaves a joint configuration", () => {
    expect(isLeaveJoint(leaveJoint)).toBe(true);
    expect(isLeaveJoint(v2("explicit", ""))).toBe(false);
    expect(isLeaveJoint(v2("auto", "u1"))).toBe(false);
    expect(changed(change(conf("2 3 && 1 2 3 next 1"), leaveJoint))).toEqual(conf("2 3 learners 1"));
    expect(change(conf("1 2 3"), leaveJoint)).toEqual(failure("can't leave a non-joint config"));
  });

  it("of the first version is simple", () => {
    const asked: ConfChange = {version: 1, transition: "auto", changes: changes("v4"), context: noData};
    expect(changed(change(conf("1 2 3"), asked))).toEqual(conf("1 2 3 4"));
  });

  it("keeps a configuration valid, or is refused", () => {
    const asked = fc.record({
      transition: fc.constantFrom<Transition>("auto", "implicit", "explicit"),
      list: fc.array(someChange, {maxLength: 5}),
    });
    fc.assert(
      fc.property(fc.oneof(plainConf, jointConf), fc.array(asked, {maxLength: 6}), (start, steps) => {
        let now = start;
        for (const {transition, list} of steps) {
          const next = change(now, {version: 2, transition, changes: list, context: noData});
          if (!next.ok) continue;
          now = next.value.conf;
          checkConfState(now);
          expect(now.voters.length).toBeGreaterThan(0);
        }
      }),
      {numRuns: 500},
    );
  });

  it("one by one leads where all of them lead at once, through a joint configuration", () => {
    fc.assert(
      fc.property(plainConf, fc.array(someChange, {maxLength: 8}), (start, list) => {
        let now = start;
        const made: SingleChange[] = [];
        for (const one of list) {
          const next = simple(now, [one]);
          if (!next.ok) continue;
          now = next.value.conf;
          checkConfState(now);
          made.push(one);
        }
        const joint = changed(enterJoint(start, made, true));
        checkConfState(joint);
        expect(joint.votersOutgoing).toEqual(start.voters);
        expect(changed(leave(joint))).toEqual(now);
      }),
      {numRuns: 1000},
    );
  });

  it("can lead to every joint configuration", () => {
    fc.assert(
      fc.property(jointConf, (wanted) => {
        const gone = wanted.votersOutgoing.filter((member) => !wanted.voters.includes(member));
        const steps: readonly SingleChange[] = [
          ...wanted.voters.map((member) => ({type: "addVoter" as const, member})),
          ...gone.map((member) => ({type: "remove" as const, member})),
          ...[...wanted.learners, ...wanted.learnersNext].map((member) => ({
            type: "addLearner" as const,
            member,
          })),
        ];
        const before = {...conf(""), voters: wanted.votersOutgoing};
        expect(changed(enterJoint(before, steps, wanted.autoLeave))).toEqual(wanted);
      }),
      {numRuns: 300},
    );
  });
});

const someId = fc.oneof(fc.nat({max: 300}), fc.constantFrom(2 ** 32, Number.MAX_SAFE_INTEGER));
const someSingle = fc.record({type: someChange.map(({type}) => type), member: someId});
const someContext = fc.uint8Array({maxLength: 4});
const someV1: fc.Arbitrary<ConfChange> = fc
  .record({one: someSingle, context: someContext})
  .map(({one, context}) => ({version: 1, transition: "auto", changes: [one], context}));
const someV2: fc.Arbitrary<ConfChange> = fc.record({
  version: fc.constant(2),
  transition: fc.constantFrom<Transition>("auto", "implicit", "explicit"),
  changes: fc.array(someSingle, {maxLength: 4}),
  context: someContext,
});

/** What was read is a change that can be written and read again, or nothing. */
function expectWhole(type: "confChange" | "confChangeV2", data: Uint8Array): void {
  const read = decodeConfChange(type, data);
  if (read === undefined) return;
  const again = proposalOf(read);
  expect(again.type).toBe(type);
  expect(decodeConfChange(again.type, again.data)).toEqual(read);
}

describe("the bytes of a change", () => {
  it.each([
    ["confChange", [], v1("v0")],
    ["confChange", [0x18, 1], v1("v1")],
    ["confChange", [0x10, 1, 0x18, 0xac, 2], v1("r300")],
    ["confChange", [0x10, 3, 0x18, 4, 0x22, 2, 104, 105], v1("l4", "hi")],
    ["confChange", [0x08, 77, 0x10, 2, 0x18, 4], v1("u4")],
    ["confChangeV2", [], leaveJoint],
    ["confChangeV2", [0x12, 2, 0x10, 4], v2("auto", "v4")],
    ["confChangeV2", [8, 2, 0x12, 4, 8, 1, 0x10, 1, 0x12, 4, 8, 3, 0x10, 1], v2("explicit", "r1 l1")],
    ["confChangeV2", [8, 1, 0x1a, 2, 104, 105], {...v2("implicit", ""), context: bytes("hi")}],
  ] satisfies ["confChange" | "confChangeV2", number[], ConfChange][])(
    "are etcd's: %s of %j",
    (type, data, asked) => {
      expect(decodeConfChange(type, Uint8Array.from(data))).toEqual(asked);
      // An id is read and not kept: field 1 of the first version.
      if (data[0] !== 8 || type === "confChangeV2") {
        expect(proposalOf(asked)).toEqual({type, data: Uint8Array.from(data)});
      }
    },
  );

  it("are read back as what was written", () => {
    fc.assert(
      fc.property(fc.oneof(someV1, someV2), (asked) => {
        const {type, data} = proposalOf(asked);
        expect(decodeConfChange(type, data)).toEqual(asked);
      }),
      {numRuns: 500},
    );
  });

  it("cut short or with one byte changed are another change, or none", () => {
    fc.assert(
      fc.property(fc.oneof(someV1, someV2), (asked) => {
        const {type, data} = proposalOf(asked);
        for (let length = 0; length < data.length; length++) {
          if (type !== "normal") expectWhole(type, data.slice(0, length));
        }
        for (let at = 0; at < data.length; at++) {
          for (let flip = 1; flip < 256; flip++) {
            if (type !== "normal") expectWhole(type, data.with(at, (data[at] ?? 0) ^ flip));
          }
        }
      }),
      {numRuns: 10},
    );
  });

  it("that mean nothing are none", () => {
    fc.assert(
      fc.property(fc.uint8Array({maxLength: 20}), (data) => {
        expectWhole("confChange", data);
        expectWhole("confChangeV2", data);
      }),
      {numRuns: 1000},
    );
    for (const data of [[0x10], [0x10, 9], [0x28, 1], [0x22, 5, 1]]) {
      expect(decodeConfChange("confChange", Uint8Array.from(data))).toBeUndefined();
    }
    for (const data of [[8], [8, 9], [0x12, 2, 8, 9], [0x12, 1, 0x10], [0x12, 2, 0x28, 1], [0x20, 1]]) {
      expect(decodeConfChange("confChangeV2", Uint8Array.from(data))).toBeUndefined();
    }
  });
});

function v1(text: string, context = ""): ConfChange {
  return {version: 1, transition: "auto", changes: changes(text), context: bytes(context)};
}
