import {describe, expect, test} from "vitest";
import {keyOfBytes} from "../../../../core/base/key.ts";
import type {RecipeRequest} from "../../../../core/client/recipes/recipe.ts";
import type {Request} from "../../../../core/server/request.ts";
import {Scene, bytes, errorIn, resultOf, second} from "../scene.ts";

const campaign = (value: string, ttl = 10): RecipeRequest => ({
  kind: "campaign",
  name: "db",
  value: bytes(value),
  ttl,
});

const leaderOf = (scene: Scene, index: number): string =>
  keyOfBytes(resultOf(scene.run(index, {kind: "leader", name: "db"}), "leader").value);

/** Whether it is one that puts if its key is still the one that was created. */
const putsAgain = (request: Request): boolean =>
  request.kind === "txn" &&
  request.compare.some(({target}) => target.kind === "create" && target.value > 0) &&
  request.success.some(({kind}) => kind === "put");

/** Whom an observer was told of. */
function seen(scene: Scene, index: number): readonly string[] {
  return scene
    .site(index)
    .told.flatMap(({told}) => (told.kind === "leader" ? [`${keyOfBytes(told.value)}@${told.revision}`] : []));
}

describe("an election", () => {
  test("is won by the first; the next leads when that one resigns", () => {
    const scene = new Scene(2);
    const first = scene.recipe(0, campaign("a"));
    expect(resultOf(scene.until(0, first), "campaign")).toMatchObject({key: "db/1", revision: 2});
    const next = scene.recipe(1, campaign("b"));
    scene.pass(second);
    expect(leaderOf(scene, 1)).toBe("a");
    scene.run(0, {kind: "resign", of: first});
    resultOf(scene.until(1, next), "campaign");
    expect(leaderOf(scene, 0)).toBe("b");
    expect(scene.run(0, {kind: "resign", of: first})).toEqual({kind: "done", result: {kind: "resign"}});
  });

  test("without candidates has no leader", () => {
    const scene = new Scene();
    expect(errorIn(scene.run(0, {kind: "leader", name: "db"}))).toBe("failed election: no leader");
  });

  test("a leader says something new while its key stands, and is refused afterwards", () => {
    const scene = new Scene();
    const call = scene.recipe(0, campaign("a"));
    scene.until(0, call);
    scene.run(0, {kind: "proclaim", of: call, value: bytes("b")});
    expect(leaderOf(scene, 0)).toBe("b");
    scene.etcd.revoke("0000000000000001");
    const refused = scene.run(0, {kind: "proclaim", of: call, value: bytes("c")});
    expect(errorIn(refused)).toBe("failed election: not leader");
    expect(errorIn(scene.run(0, {kind: "proclaim", of: call, value: bytes("c")}))).toBe(
      "failed election: not leader",
    );
  });

  test("entered again on the same session keeps its place and takes the new value", () => {
    const scene = new Scene();
    const session = scene.recipe(0, {kind: "session"});
    scene.until(0, session);
    const enter = (value: string): RecipeRequest => ({
      kind: "campaign",
      name: "db",
      value: bytes(value),
      session,
    });
    const first = resultOf(scene.run(0, enter("a")), "campaign");
    expect(resultOf(scene.run(0, enter("b")), "campaign")).toEqual(first);
    expect(leaderOf(scene, 0)).toBe("b");
  });

  test("entered again with a value that cannot be put is resigned", () => {
    const scene = new Scene();
    const session = scene.recipe(0, {kind: "session"});
    scene.until(0, session);
    const enter = {kind: "campaign", name: "db", session} as const;
    scene.run(0, {...enter, value: bytes("a")});
    scene.etcd.refuses = (request) => (putsAgain(request) ? "permissionDenied" : undefined);
    const again = scene.run(0, {...enter, value: bytes("b")});
    expect(errorIn(again)).toBe("failed etcdserver: permission denied");
    expect(scene.value("db/1")).toBeUndefined();
  });

  test("a candidate that is cancelled deletes its key", () => {
    const scene = new Scene(2);
    scene.run(0, campaign("a"));
    const call = scene.recipe(1, campaign("b"));
    scene.pass(second);
    scene.give(1, {kind: "cancel", call});
    expect(errorIn(scene.until(1, call))).toBe("failed context canceled");
    expect(scene.value("db/2")).toBeUndefined();
  });

  test("as in etcd, a candidate whose key is gone by the time it would lead is told that it leads", () => {
    const scene = new Scene(2);
    const first = scene.recipe(0, campaign("a", 100));
    scene.until(0, first);
    const phantom = scene.recipe(1, campaign("b"));
    scene.pass(second);
    scene.etcd.revoke("0000000000000002");
    scene.run(0, {kind: "resign", of: first});
    resultOf(scene.until(1, phantom), "campaign");
    expect(errorIn(scene.run(0, {kind: "leader", name: "db"}))).toBe("failed election: no leader");
  });

  test("is observed from the first leader on: new values, new leaders, never that there is none", () => {
    const scene = new Scene(3);
    const observer = scene.recipe(2, {kind: "observe", name: "db"});
    scene.pass(second);
    expect(seen(scene, 2)).toEqual([]);
    const first = scene.recipe(0, campaign("a"));
    scene.until(0, first);
    scene.run(0, {kind: "proclaim", of: first, value: bytes("a2")});
    const next = scene.recipe(1, campaign("b"));
    scene.pass(second);
    scene.run(0, {kind: "resign", of: first});
    scene.until(1, next);
    scene.pass(second);
    scene.run(1, {kind: "resign", of: next});
    scene.pass(second);
    expect(seen(scene, 2)).toEqual(["a@2", "a2@2", "b@4"]);
    scene.give(2, {kind: "cancel", call: observer});
    expect(errorIn(scene.until(2, observer))).toBe("failed context canceled");
    scene.pass(second);
    expect(scene.site(2).client.outstanding).toBe(0);
  });
});
