import fc from "fast-check";
import {describe, expect, test} from "vitest";
import {keyOfBytes} from "../../../../core/base/key.ts";
import {luck} from "../luck.ts";
import {Scene, bytes, resultOf} from "../scene.ts";

const enqueue = (value: string, priority?: number): Parameters<Scene["run"]>[1] => ({
  kind: "enqueue",
  queue: "jobs",
  value: bytes(value),
  ...(priority === undefined ? {} : {priority}),
});

function takeOne(scene: Scene, index: number, priority = false): string {
  const outcome = scene.run(index, {kind: "dequeue", queue: "jobs", priority});
  return keyOfBytes(resultOf(outcome, "dequeue").value);
}

describe("a queue", () => {
  test("gives out what was put in first, whoever put it there", () => {
    const scene = new Scene(2);
    for (const [index, value] of ["a", "b", "c"].entries()) scene.run(index % 2, enqueue(value));
    expect(["", "", ""].map(() => takeOne(scene, 0))).toEqual(["a", "b", "c"]);
  });

  test("two that enqueue by the same clock get keys of their own", () => {
    const scene = new Scene(2);
    const calls = [0, 1].map((index) => scene.recipe(index, enqueue(`${index}`)));
    const keys = calls.map((call, index) => resultOf(scene.until(index, call), "enqueue").key);
    expect(new Set(keys).size).toBe(2);
  });

  test("lets who finds it empty wait", () => {
    const scene = new Scene(2);
    const call = scene.recipe(0, {kind: "dequeue", queue: "jobs"});
    scene.pass(50_000);
    expect(scene.site(0).told.at(-1)?.told).toEqual({kind: "waits", key: "jobs/"});
    scene.run(1, enqueue("a"));
    expect(keyOfBytes(resultOf(scene.until(0, call), "dequeue").value)).toBe("a");
  });

  test("does not take from another whose name begins with its own", () => {
    const scene = new Scene();
    scene.run(0, {kind: "enqueue", queue: "jobs2", value: bytes("x")});
    scene.run(0, enqueue("a"));
    expect(takeOne(scene, 0)).toBe("a");
  });
});

describe("a priority queue", () => {
  test("gives out the least priority first, and of one priority the first that came", () => {
    const scene = new Scene();
    for (const [value, priority] of [
      ["c", 7],
      ["a", 3],
      ["d", 10],
      ["b", 3],
    ] as const)
      scene.run(0, enqueue(value, priority));
    expect(["", "", "", ""].map(() => takeOne(scene, 0, true))).toEqual(["a", "b", "c", "d"]);
  });

  test("numbers anew behind the last that is there", () => {
    const scene = new Scene();
    const keys = ["a", "b"].map((value) => resultOf(scene.run(0, enqueue(value, 1)), "enqueue").key);
    expect(keys).toEqual(["jobs/00001/0000000000000000", "jobs/00001/0000000000000001"]);
  });
});

test("everything enqueued is dequeued exactly once", () => {
  fc.assert(
    fc.property(fc.integer(), fc.boolean(), (seed, priority) => {
      const draw = luck(seed);
      const scene = new Scene(4, () => 500 + draw(20_000));
      const most = 6;
      const puts = Array.from({length: most}, (_, i) => ({
        index: i % 2,
        call: scene.recipe(i % 2, enqueue(`${i}`, priority ? draw(3) : undefined)),
      }));
      const takes = Array.from({length: most}, (_, i) => ({
        index: 2 + (i % 2),
        call: scene.recipe(2 + (i % 2), {kind: "dequeue", queue: "jobs", priority}),
      }));
      for (const {index, call} of puts) resultOf(scene.until(index, call), "enqueue");
      const taken = takes.map(({index, call}) =>
        keyOfBytes(resultOf(scene.until(index, call), "dequeue").value),
      );
      expect([...taken].sort()).toEqual(["0", "1", "2", "3", "4", "5"]);
    }),
    {numRuns: 40},
  );
});
