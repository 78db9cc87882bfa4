import {describe, expect, test} from "vitest";
import {Group} from "../../../sim/explore/symmetry.ts";
import {allReductions, Explorer} from "../../../sim/explore/explorer.ts";
import {raftSpace} from "./stage.ts";

describe("renamings", () => {
  test("of three members are six, and the first renames nobody", () => {
    const group = Group.full(3);
    expect(group.renamings.map((one) => one.join(""))).toEqual(["123", "132", "213", "231", "312", "321"]);
    expect(Group.trivial(3).renamings).toEqual([[1, 2, 3]]);
  });

  test("compose and invert as functions do", () => {
    const group = Group.full(3);
    for (let first = 0; first < 6; first++) {
      expect(group.compose(group.inverse(first), first)).toBe(0);
      for (let second = 0; second < 6; second++) {
        const both = group.compose(second, first);
        for (const member of [1, 2, 3])
          expect(group.nameOf(member, both)).toBe(group.nameOf(group.nameOf(member, first), second));
      }
    }
  });

  test("of a state have its least fingerprint in common", () => {
    const space = raftSpace(3, {terms: 1, drop: 1});
    const {symmetry} = space;
    let renamed = 0;
    new Explorer(space, {
      reductions: allReductions,
      statesMax: 300,
      onState(state) {
        const [least, other] = [
          {a: 0, b: 0},
          {a: 0, b: 0},
        ];
        symmetry.least(state, least);
        for (let renaming = 0; renaming < 6; renaming++) {
          const twin = symmetry.rename(state, renaming);
          const back = symmetry.least(twin, other);
          expect(other).toEqual(least);
          space.fingerprint(symmetry.rename(twin, back), other);
          expect(other).toEqual(least);
          if (twin.locals.some((local, i) => local !== state.locals[i])) renamed++;
        }
      },
    }).run();
    expect(renamed).toBeGreaterThan(300);
  });
});
