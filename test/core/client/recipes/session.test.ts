import fc from "fast-check";
import {describe, expect, test} from "vitest";
import type {RecipeRequest} from "../../../../core/client/recipes/recipe.ts";
import {digestOf} from "../../../support/digest.ts";
import {Scene, errorIn, resultOf, second} from "../scene.ts";
import {recipes} from "../drawnRecipes.ts";

const session = {kind: "session", ttl: 9} as const;

/** When it asked for its lease to be kept, in seconds. */
function renewals(scene: Scene): readonly number[] {
  const times: number[] = [];
  scene.etcd.swallows = (request) => {
    if (request.kind === "leaseKeepAlive") times.push(Math.floor(scene.now / 100_000) / 10);
    return false;
  };
  return times;
}

describe("a session", () => {
  test("renews its lease at once and then every third of its time to live", () => {
    const scene = new Scene();
    const times = renewals(scene);
    expect(resultOf(scene.run(0, session), "session")).toMatchObject({lease: "0000000000000001", ttl: 9});
    scene.pass(10 * second);
    expect(times).toEqual([0, 3, 6, 9]);
    expect(scene.etcd.leases.size).toBe(1);
  });

  test("that gets no answer asks every 500 ms, and is lost when its time to live has passed", () => {
    const scene = new Scene();
    scene.run(0, session);
    let asked = 0;
    scene.etcd.swallows = ({kind}) => {
      if (kind === "leaseKeepAlive") asked++;
      return kind === "leaseKeepAlive";
    };
    scene.pass(20 * second);
    expect(scene.site(0).told).toMatchObject([
      {call: 1, told: {kind: "lost", reason: "silent"}, at: expect.closeTo(9 * second, -5) as number},
    ]);
    expect(asked).toBe(18);
  });

  test("whose lease is gone is lost with the next renewal", () => {
    const scene = new Scene();
    scene.run(0, session);
    scene.etcd.revoke("0000000000000001");
    scene.pass(4 * second);
    expect(scene.site(0).told).toMatchObject([{told: {kind: "lost", reason: "expired"}}]);
  });

  test("that requires a leader is lost when a member knows none", () => {
    const scene = new Scene(1, () => 1000, {requireLeader: true});
    scene.run(0, session);
    scene.etcd.refuses = (_, {requireLeader}) => (requireLeader === true ? "noLeader" : undefined);
    scene.pass(4 * second);
    expect(scene.site(0).told).toMatchObject([{told: {kind: "lost", reason: "noLeader"}}]);
  });

  test("that requires none goes on when a member knows no leader for a while", () => {
    const scene = new Scene();
    scene.run(0, session);
    scene.etcd.refuses = ({kind}) => (kind === "leaseKeepAlive" ? "noLeader" : undefined);
    scene.pass(8 * second);
    scene.etcd.refuses = () => undefined;
    scene.pass(20 * second);
    expect(scene.site(0).told).toEqual([]);
    expect(scene.etcd.leases.size).toBe(1);
  });

  test("closed is revoked; orphaned it runs out; either is said twice in vain", () => {
    const scene = new Scene();
    scene.run(0, session);
    expect(scene.run(0, {kind: "close", of: 1})).toEqual({kind: "done", result: {kind: "close"}});
    expect(scene.etcd.leases.size).toBe(0);
    const other = scene.recipe(0, session);
    scene.until(0, other);
    scene.run(0, {kind: "orphan", of: other});
    expect(scene.etcd.leases.size).toBe(1);
    scene.pass(10 * second);
    expect(scene.etcd.leases.size).toBe(0);
    const again = scene.run(0, {kind: "close", of: other});
    expect(errorIn(again)).toBe("failed etcdscope: that call has no session");
    expect(scene.site(0).told).toEqual([]);
  });
});

describe("a session that is closed", () => {
  test("and cannot be says why", () => {
    const scene = new Scene();
    scene.run(0, session);
    scene.etcd.refuses = ({kind}) => (kind === "leaseRevoke" ? "permissionDenied" : undefined);
    expect(errorIn(scene.run(0, {kind: "close", of: 1}))).toBe("failed etcdserver: permission denied");
  });

  test("after its lease ended is closed", () => {
    const scene = new Scene();
    scene.run(0, session);
    scene.etcd.revoke("0000000000000001");
    expect(scene.run(0, {kind: "close", of: 1})).toEqual({kind: "done", result: {kind: "close"}});
  });
});

describe("all requests of recipes", () => {
  test("have numbers of their own, in the order in which they are made, and are settled", () => {
    const scene = new Scene();
    scene.run(0, {kind: "lock", name: "jobs", ttl: 9});
    expect([...scene.site(0).settled.keys()].sort((a, b) => a - b)).toEqual([2, 3, 4]);
    expect(scene.site(0).client.nextCall).toBe(5);
  });
});

test("a client forked at any moment goes on as the original does, and apart from it", () => {
  fc.assert(
    fc.property(fc.array(recipes, {minLength: 1, maxLength: 6}), fc.nat(200), (requests, steps) => {
      const scene = new Scene();
      // What a call names is one of the earlier ones.
      for (const [i, request] of requests.entries()) {
        scene.recipe(0, named(request, i));
        scene.pass(20_000);
      }
      for (let i = 0; i < steps; i++) scene.step();
      const {client} = scene.site(0);
      const twin = client.fork();
      expect(digestOf(twin)).toBe(digestOf(client));
      const before = digestOf(twin);
      // What the original is given from now on, the twin is given afterwards.
      const given: (() => void)[] = [];
      const expected: unknown[] = [];
      const handle = client.handle.bind(client);
      client.handle = (input, now) => {
        const effects = handle(input, now);
        expected.push(effects, digestOf(client));
        given.push(() => got.push(twin.handle(input, now), digestOf(twin)));
        return effects;
      };
      const got: unknown[] = [];
      scene.pass(3 * second);
      expect(digestOf(twin)).toBe(before);
      for (const give of given) give();
      expect(got).toEqual(expected);
    }),
    {numRuns: 60},
  );
});

function named(request: RecipeRequest, earlier: number): RecipeRequest {
  const of = Math.max(1, earlier);
  if ("of" in request) return {...request, of};
  return "session" in request && request.session !== undefined ? {...request, session: of} : request;
}
