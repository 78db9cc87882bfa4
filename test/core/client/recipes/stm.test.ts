import fc from "fast-check";
import {describe, expect, test} from "vitest";
import {keyOfBytes} from "../../../../core/base/key.ts";
import type {Isolation, RecipeRequest} from "../../../../core/client/recipes/recipe.ts";
import {isolations} from "../../../../core/client/recipes/recipe.ts";
import {luck} from "../luck.ts";
import {Scene, bytes, errorIn, resultOf} from "../scene.ts";

const add = (isolation: Isolation, hold?: number): RecipeRequest => ({
  kind: "stm",
  isolation,
  ops: [{kind: "add", key: "n", by: 1}],
  ...(hold === undefined ? {} : {hold}),
});

describe("a transaction by STM", () => {
  test("reads what it wrote, and nothing of what it deleted", () => {
    const scene = new Scene();
    const ops = [
      {kind: "get", key: "x"},
      {kind: "put", key: "x", value: bytes("1")},
      {kind: "get", key: "x"},
      {kind: "del", key: "x"},
      {kind: "get", key: "x"},
      {kind: "add", key: "x", by: 5},
    ] as const;
    const result = resultOf(scene.run(0, {kind: "stm", ops}), "stm");
    expect(result.reads).toEqual([{key: "x"}, {key: "x", value: bytes("1")}, {key: "x"}, {key: "x"}]);
    expect(result).toMatchObject({attempts: 1, revision: 2});
    expect(scene.value("x")).toBe("5");
    expect(scene.site(0).invoked).toEqual(["txn : get x :", 'txn mod("x")=0 mod("x")<2 : put x 5 : get x']);
  });

  test.each([
    ["serializableSnapshot", 2],
    ["serializable", 2],
    ["repeatableReads", 2],
    ["readCommitted", 1],
  ] as const)("two that add at once, at %s, give %i", (isolation, sum) => {
    const scene = new Scene(2);
    const calls = [0, 1].map((index) => scene.recipe(index, add(isolation, 100_000)));
    const attempts = calls.map((call, index) => resultOf(scene.until(index, call), "stm").attempts);
    expect(scene.value("n")).toBe(`${sum}`);
    expect(attempts.reduce((all, one) => all + one)).toBe(sum === 2 ? 3 : 2);
  });

  test.each([
    ["serializableSnapshot", 2],
    ["serializable", 1],
  ] as const)(
    "that only writes what another wrote since, at %s, takes %i attempts",
    (isolation, attempts) => {
      const scene = new Scene(2);
      const ops = [
        {kind: "get", key: "x"},
        {kind: "put", key: "y", value: bytes("1")},
      ] as const;
      const call = scene.recipe(0, {kind: "stm", isolation, ops, hold: 100_000});
      scene.pass(50_000);
      scene.call(1, {kind: "put", key: "y", value: bytes("2")});
      expect(resultOf(scene.until(0, call), "stm").attempts).toBe(attempts);
    },
  );

  test("without reads writes whatever is there, at any level", () => {
    for (const isolation of isolations) {
      const scene = new Scene();
      const ops = [{kind: "put", key: "y", value: bytes("1")}] as const;
      expect(resultOf(scene.run(0, {kind: "stm", isolation, ops}), "stm").attempts).toBe(1);
    }
  });

  test("reads at a serializable level as of its first read, and another writes in between", () => {
    for (const [isolation, first] of [
      ["serializable", undefined],
      ["repeatableReads", "1"],
    ] as const) {
      const scene = new Scene(2);
      const ops = [
        {kind: "get", key: "x"},
        {kind: "get", key: "y"},
      ] as const;
      const call = scene.recipe(0, {kind: "stm", isolation, ops});
      while (scene.site(0).invoked.length < 2) scene.step();
      // It arrives before the second read does.
      scene.latency = () => 0;
      scene.call(1, {kind: "put", key: "y", value: bytes("1")});
      const {reads, attempts} = resultOf(scene.until(0, call), "stm");
      // The serializable one found nothing, was refused, and read again.
      expect(attempts).toBe(first === undefined ? 2 : 1);
      expect(keyOfBytes(reads[1]?.value ?? bytes(""))).toBe("1");
    }
  });

  test("fetches ahead in one request, and after a conflict reads nothing again", () => {
    const scene = new Scene(2);
    const call = scene.recipe(0, {
      kind: "stm",
      prefetch: ["x", "y"],
      ops: [
        {kind: "add", key: "x", by: 1},
        {kind: "add", key: "y", by: 1},
      ],
      hold: 100_000,
    });
    scene.pass(50_000);
    scene.call(1, {kind: "put", key: "y", value: bytes("5")});
    expect(resultOf(scene.until(0, call), "stm").attempts).toBe(2);
    expect(scene.value("y")).toBe("6");
    expect(scene.site(0).invoked).toHaveLength(3);
  });

  test("fails where its body does, and is unknown when its commit is not answered", () => {
    const scene = new Scene();
    scene.call(0, {kind: "put", key: "n", value: bytes("x")});
    expect(errorIn(scene.run(0, add("serializable")))).toBe("failed etcdscope: the value is no number");
    scene.call(0, {kind: "put", key: "n", value: bytes("1")});
    scene.etcd.swallows = (request) => request.kind === "txn" && request.compare.length > 0;
    expect(errorIn(scene.run(0, add("serializable")))).toBe("unknown context deadline exceeded");
  });
});

/** Clients that add again and again; the sum, and how many additions were committed. */
function additions(isolation: Isolation, seed: number): {readonly sum: number; readonly committed: number} {
  const draw = luck(seed);
  const clients = 3;
  const scene = new Scene(clients, () => 500 + draw(20_000));
  let committed = 0;
  for (let round = 0; round < 4; round++) {
    const calls = Array.from({length: clients}, (_, index) => scene.recipe(index, add(isolation)));
    for (const [index, call] of calls.entries()) {
      resultOf(scene.until(index, call), "stm");
      committed++;
    }
  }
  return {sum: Number(scene.value("n")), committed};
}

test.each(["serializableSnapshot", "serializable", "repeatableReads"] as const)(
  "at %s no addition is ever lost",
  (isolation) => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const {sum, committed} = additions(isolation, seed);
        expect(sum).toBe(committed);
      }),
      {numRuns: 20},
    );
  },
);

test("at readCommitted some are lost", () => {
  const lost = [1, 2, 3, 4, 5].map((seed) => {
    const {sum, committed} = additions("readCommitted", seed);
    return committed - sum;
  });
  expect(Math.max(...lost)).toBeGreaterThan(0);
});
