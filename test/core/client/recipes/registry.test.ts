import {describe, expect, test} from "vitest";
import {keyOfBytes} from "../../../../core/base/key.ts";
import type {RecipeRequest} from "../../../../core/client/recipes/recipe.ts";
import {Scene, bytes, resultOf, second} from "../scene.ts";

const register = (id: string, address: string, ttl = 5): RecipeRequest => ({
  kind: "register",
  service: "web",
  id,
  address: bytes(address),
  ttl,
});

/** The lists that were told, in order. */
function lists(scene: Scene, index: number): readonly string[] {
  return scene
    .site(index)
    .told.flatMap(({told}) =>
      told.kind === "instances"
        ? [told.instances.map(({id, address}) => `${id}=${keyOfBytes(address)}`).join(" ")]
        : [],
    );
}

describe("a service registry", () => {
  test("shows who is there, who comes and who goes", () => {
    const scene = new Scene(3);
    const a = scene.recipe(0, register("a", ":1"));
    expect(resultOf(scene.until(0, a), "register")).toMatchObject({key: "web/a", revision: 2});
    scene.recipe(2, {kind: "discover", service: "web"});
    scene.pass(second);
    const b = scene.recipe(1, register("b", ":2"));
    scene.pass(second);
    scene.run(0, {kind: "deregister", of: a});
    scene.pass(second);
    scene.until(1, b);
    expect(lists(scene, 2)).toEqual(["a=:1", "a=:1 b=:2", "b=:2"]);
  });

  test("drops an instance that is silent for its time to live", () => {
    const scene = new Scene(2);
    scene.run(0, register("a", ":1"));
    scene.recipe(1, {kind: "discover", service: "web"});
    scene.pass(20 * second);
    expect(lists(scene, 1)).toEqual(["a=:1"]);
    scene.pause(0);
    scene.pass(6 * second);
    expect(lists(scene, 1)).toEqual(["a=:1", ""]);
  });

  test("lets an instance that comes back take its place over; the old one cannot take it out any more", () => {
    const scene = new Scene(2);
    const old = scene.recipe(0, register("a", ":1"));
    scene.until(0, old);
    const next = scene.recipe(1, register("a", ":9"));
    scene.until(1, next);
    scene.run(0, {kind: "deregister", of: old});
    expect(scene.value("web/a")).toBe(":9");
    expect(resultOf(scene.run(1, {kind: "isOwner", of: next}), "isOwner").isOwner).toBe(true);
  });

  test("is read anew when what a reader missed was compacted", () => {
    const scene = new Scene(2);
    scene.run(0, register("a", ":1"));
    let cut = false;
    scene.etcd.refuses = ({kind}) => (cut && kind === "watchCreate" ? "stopped" : undefined);
    cut = true;
    scene.recipe(1, {kind: "discover", service: "web"});
    scene.pass(second);
    scene.call(0, {kind: "put", key: "web/b", value: bytes(":2")});
    scene.call(0, {kind: "put", key: "web/c", value: bytes(":3")});
    scene.pass(second);
    scene.call(0, {kind: "compact", revision: 4});
    scene.pass(second);
    cut = false;
    scene.pass(second);
    expect(lists(scene, 1)).toEqual(["a=:1", "a=:1 b=:2 c=:3"]);
  });
});
