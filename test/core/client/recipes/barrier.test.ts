import {describe, expect, test} from "vitest";
import type {RecipeRequest} from "../../../../core/client/recipes/recipe.ts";
import {Scene, errorIn, resultOf, second} from "../scene.ts";

describe("a barrier", () => {
  test("holds back who waits until it is released, and nobody while it is not held", () => {
    const scene = new Scene(2);
    const wait = {kind: "barrierWait", name: "gate"} as const;
    expect(scene.run(0, wait).kind).toBe("done");
    scene.run(0, {kind: "barrierHold", name: "gate"});
    expect(errorIn(scene.run(1, {kind: "barrierHold", name: "gate"}))).toBe("failed key already exists");
    const call = scene.recipe(1, wait);
    scene.pass(second);
    expect(scene.site(1).outcomes.has(call)).toBe(false);
    scene.run(0, {kind: "barrierRelease", name: "gate"});
    expect(scene.until(1, call)).toEqual({kind: "done", result: {kind: "barrierWait"}});
  });
});

describe("a double barrier", () => {
  const enter: RecipeRequest = {kind: "enter", name: "gate", count: 3, ttl: 100};

  test("is entered by all at once and left by all at once, whoever came first", () => {
    const scene = new Scene(3);
    const calls = [0, 1, 2].map((index) => {
      expect(scene.sites.some(({outcomes}) => outcomes.size > 0)).toBe(false);
      const call = scene.recipe(index, enter);
      scene.pass(index === 2 ? 0 : second);
      return call;
    });
    for (const [index, call] of calls.entries()) resultOf(scene.until(index, call), "enter");
    const leaving = [2, 0, 1].map((index) => {
      const call = scene.recipe(index, {kind: "leave", of: calls[index] ?? 0});
      scene.pass(second);
      return {index, call};
    });
    for (const {index, call} of leaving)
      expect(scene.until(index, call)).toEqual({kind: "done", result: {kind: "leave"}});
    expect(scene.value("gate/ready")).toBeUndefined();
    expect(scene.etcd.leases.size).toBe(0);
  });

  test("is not left before all leave", () => {
    const scene = new Scene(2);
    const calls = [0, 1].map((index) => scene.recipe(index, {...enter, count: 2} as RecipeRequest));
    for (const [index, call] of calls.entries()) scene.until(index, call);
    const call = scene.recipe(0, {kind: "leave", of: calls[0] ?? 0});
    scene.pass(5 * second);
    expect(scene.site(0).outcomes.has(call)).toBe(false);
    scene.run(1, {kind: "leave", of: calls[1] ?? 0});
    expect(scene.until(0, call).kind).toBe("done");
  });

  test("refuses one too many, and goes on when one that entered is gone", () => {
    const scene = new Scene(3);
    const two: RecipeRequest = {kind: "enter", name: "gate", count: 2, ttl: 5};
    const calls = [0, 1].map((index) => scene.recipe(index, two));
    for (const [index, call] of calls.entries()) resultOf(scene.until(index, call), "enter");
    expect(errorIn(scene.run(2, two))).toBe("failed too many clients");
    scene.pause(1);
    const start = scene.now;
    expect(scene.run(0, {kind: "leave", of: calls[0] ?? 0}).kind).toBe("done");
    expect(scene.now - start).toBeGreaterThan(3 * second);
  });
});
