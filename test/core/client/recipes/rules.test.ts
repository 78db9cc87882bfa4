import {describe, expect, test} from "vitest";
import type {Recipe} from "../../../../core/client/recipes/await.ts";
import type {RecipeResult} from "../../../../core/client/recipes/recipe.ts";
import {ask, getKey, put, sleep} from "../../../../core/client/recipes/steps.ts";
import {clientRules} from "../../../../core/client/rules.ts";
import {digestOf} from "../../../support/digest.ts";
import {Scene, bytes, resultOf, second} from "../scene.ts";

describe("a client's rules", () => {
  // #14890: a client that repeats a transaction which may have been done.
  test.each([
    [false, "unknown", "2"],
    [true, "done", "3"],
  ] as const)(
    "repeating writes after Unavailable: %s; an addition ends %s, and the sum is %s",
    (repeats, end, sum) => {
      const rules = {
        ...clientRules,
        mayRepeat: (...[request, error]: Parameters<typeof clientRules.mayRepeat>) =>
          clientRules.mayRepeat(request, error) || (repeats && error.code === "Unavailable"),
      };
      const scene = new Scene(1, () => 1000, {rules});
      scene.run(0, {kind: "stm", ops: [{kind: "add", key: "n", by: 1}]});
      // Done, but answered "leader changed".
      const answers = scene.etcd.store;
      let lies = true;
      scene.etcd.refuses = (request) => {
        if (!lies || request.kind !== "txn" || request.compare.length === 0) return undefined;
        lies = false;
        answers.apply(request);
        return "leaderChanged";
      };
      const outcome = scene.run(0, {kind: "stm", ops: [{kind: "add", key: "n", by: 1}]});
      expect(outcome.kind).toBe(end);
      expect(scene.value("n")).toBe(sum);
    },
  );

  test("may have a person's own recipes, and these fork as etcd's do", () => {
    function* own(): Recipe<RecipeResult> {
      yield* ask(put("x", bytes("1")), "put");
      yield* sleep(second);
      const {kv} = yield* getKey("x");
      return {kind: "stm", reads: [], revision: kv?.modRevision ?? 0, attempts: 1};
    }
    const scene = new Scene(1, () => 1000, {rules: {...clientRules, recipeOf: own}});
    const call = scene.recipe(0, {kind: "leader", name: "mine"});
    scene.pass(second / 2);
    const {client} = scene.site(0);
    const twin = client.fork();
    const effects = twin.handle({kind: "wake"}, scene.now + second);
    expect(effects.map(({kind}) => kind)).toEqual(["invoked", "send"]);
    expect(digestOf(twin)).not.toBe(digestOf(client));
    expect(resultOf(scene.until(0, call), "stm").revision).toBe(2);
  });
});
