import fc from "fast-check";
import {describe, expect, test} from "vitest";
import type {Told} from "../../../../core/client/recipes/recipe.ts";
import {Scene, bytes, errorIn, resultOf, second} from "../scene.ts";
import {luck} from "../luck.ts";

const lockJobs = {kind: "lock", name: "jobs", ttl: 10} as const;

describe("a lock", () => {
  test("is a key of the session's lease; its token is the revision that created it", () => {
    const scene = new Scene();
    expect(resultOf(scene.run(0, lockJobs), "lock")).toEqual({
      kind: "lock",
      key: "jobs/1",
      revision: 2,
      lease: "0000000000000001",
    });
    expect(scene.site(0).invoked).toEqual([
      "lease grant 10",
      "lease keep-alive 0000000000000001",
      'txn create("jobs/1")=0 : put jobs/1 "" --lease=0000000000000001 ; get jobs/ --prefix --limit=1 --order=ASCEND --sort-by=CREATE : get jobs/1 ; get jobs/ --prefix --limit=1 --order=ASCEND --sort-by=CREATE',
    ]);
  });

  test("is had in the order of asking; each waits for the one before it only", () => {
    const scene = new Scene(3);
    const calls = [0, 1, 2].map((index) => {
      const call = scene.recipe(index, lockJobs);
      scene.pass(10_000);
      return call;
    });
    expect(scene.site(1).told.at(-1)?.told).toEqual({kind: "waits", key: "jobs/1"});
    expect(scene.site(2).told.at(-1)?.told).toEqual({kind: "waits", key: "jobs/2"});
    expect(scene.site(1).outcomes.size + scene.site(2).outcomes.size).toBe(0);
    scene.run(0, {kind: "unlock", of: calls[0] ?? 0});
    resultOf(scene.until(1, calls[1] ?? 0), "lock");
    expect(scene.site(2).outcomes.size).toBe(0);
    scene.run(1, {kind: "unlock", of: calls[1] ?? 0});
    resultOf(scene.until(2, calls[2] ?? 0), "lock");
  });

  test("passes on when its holder's lease ends, and a paused holder does not know", () => {
    const scene = new Scene(2);
    const first = scene.recipe(0, lockJobs);
    scene.until(0, first);
    scene.pause(0);
    const second_ = resultOf(scene.run(1, lockJobs), "lock");
    expect(scene.now).toBeGreaterThan(9 * second);
    expect(second_.revision).toBe(3);
    expect(scene.site(0).told.map(({told}) => told.kind)).toEqual(["holds"]);
    scene.resume(0);
    scene.pass(second);
    expect(scene.site(0).told.at(-1)?.told).toMatchObject({kind: "lost", reason: "silent"});
    expect(resultOf(scene.run(0, {kind: "isOwner", of: first}), "isOwner").isOwner).toBe(false);
  });

  test("is refused to a waiter whose session ended while it waited", () => {
    const scene = new Scene(2);
    const held = scene.recipe(0, {...lockJobs, ttl: 100});
    scene.until(0, held);
    const waiter = scene.recipe(1, lockJobs);
    scene.pass(second);
    scene.etcd.revoke("0000000000000002");
    scene.run(0, {kind: "unlock", of: held});
    expect(errorIn(scene.until(1, waiter))).toBe("failed mutex: session is expired");
    // As in etcd: there is no key of its own left to delete, and a newer one is not its own.
    expect(scene.site(1).invoked.filter((line) => line.startsWith("del"))).toEqual([]);
  });

  test("that is waited for can be given up: its key goes", () => {
    const scene = new Scene(2);
    scene.run(0, lockJobs);
    const waiter = scene.recipe(1, lockJobs);
    scene.pass(10_000);
    expect(scene.value("jobs/2")).toBe("");
    scene.give(1, {kind: "cancel", call: waiter});
    expect(errorIn(scene.until(1, waiter))).toBe("failed context canceled");
    expect(scene.value("jobs/2")).toBeUndefined();
    expect([...scene.etcd.leases.keys()]).toEqual(["0000000000000001"]);
    scene.pass(10_000);
    expect(scene.site(1).client.outstanding).toBe(0);
  });

  test("is one for all who share a session", () => {
    const scene = new Scene();
    const session = scene.recipe(0, {kind: "session", ttl: 10});
    scene.until(0, session);
    const both = [1, 2].map(() => resultOf(scene.run(0, {kind: "lock", name: "jobs", session}), "lock"));
    expect(both[1]).toEqual(both[0]);
  });

  test("given back twice, or never had, is refused", () => {
    const scene = new Scene();
    const call = scene.recipe(0, lockJobs);
    scene.until(0, call);
    expect(scene.run(0, {kind: "unlock", of: call})).toEqual({kind: "done", result: {kind: "unlock"}});
    expect(scene.etcd.leases.size).toBe(0);
    const again = scene.run(0, {kind: "unlock", of: call});
    expect(errorIn(again)).toBe("failed mutex: lock has already been released");
  });

  test("tried while another holds it is refused at once and leaves nothing", () => {
    const scene = new Scene(2);
    const held = scene.recipe(0, {...lockJobs, kind: "tryLock"});
    resultOf(scene.until(0, held), "tryLock");
    const tried = scene.run(1, {...lockJobs, kind: "tryLock"});
    expect(errorIn(tried)).toBe("failed mutex: Locked by another session");
    expect(scene.value("jobs/2")).toBeUndefined();
    expect(scene.etcd.leases.size).toBe(1);
  });

  test("that is asked for and not answered may have been had; its session ends", () => {
    const scene = new Scene();
    scene.etcd.swallows = ({kind}) => kind === "txn";
    expect(errorIn(scene.run(0, lockJobs))).toBe("unknown context deadline exceeded");
    expect(scene.value("jobs/1")).toBeUndefined();
    expect(scene.etcd.leases.size).toBe(0);
  });
});

/** When each client took and gave back the lock, by the told and the outcomes. */
function heldSpans(scene: Scene): {readonly from: number; readonly to: number; readonly token: number}[] {
  return scene.sites.flatMap(({told}) =>
    told.flatMap(({call, told: news, at}) => {
      if (news.kind !== "holds") return [];
      const to = unlocks.get(scene)?.get(`${scene.sites.findIndex((s) => s.told === told)}/${call}`);
      return [{from: at, to: to ?? Infinity, token: news.revision}];
    }),
  );
}

const unlocks = new WeakMap<Scene, Map<string, number>>();

test("no two hold a lock at once while their leases live, and tokens go up in the order of holding", () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({min: 2, max: 4}), (seed, clients) => {
      const draw = luck(seed);
      const scene = new Scene(clients, () => 500 + draw(20_000));
      const gaveBack = new Map<string, number>();
      unlocks.set(scene, gaveBack);
      for (let round = 0; round < 3 * clients; round++) {
        const index = draw(clients);
        const site = scene.site(index);
        const holds = [...site.outcomes].find(
          ([call, outcome]) =>
            outcome.kind === "done" && outcome.result.kind === "lock" && !gaveBack.has(`${index}/${call}`),
        );
        if (holds !== undefined) {
          gaveBack.set(`${index}/${holds[0]}`, scene.now);
          scene.recipe(index, {kind: "unlock", of: holds[0]});
        } else if (site.client.outstanding === 0) scene.recipe(index, lockJobs);
        scene.pass(draw(3 * second));
      }
      const spans = heldSpans(scene).sort((a, b) => a.from - b.from);
      for (const [i, span] of spans.entries()) {
        const after = spans[i + 1];
        if (after === undefined) continue;
        expect(after.from).toBeGreaterThanOrEqual(span.to);
        expect(after.token).toBeGreaterThan(span.token);
      }
    }),
    {numRuns: 40},
  );
});

describe("a critical section", () => {
  test("reads, holds, writes one more and gives the lock back", () => {
    const scene = new Scene();
    const request = {kind: "critical", name: "jobs", key: "n", hold: second} as const;
    expect(resultOf(scene.run(0, request), "critical")).toEqual({
      kind: "critical",
      key: "jobs/1",
      token: 2,
      read: 0,
      wrote: 1,
      refused: false,
    });
    expect(scene.value("n")).toBe("1");
    expect(scene.value("jobs/1")).toBeUndefined();
  });

  test.each([false, true])("whose client stands still past its lease; fenced: %s", (fenced) => {
    const scene = new Scene(2);
    const request = {kind: "critical", name: "jobs", key: "n", ttl: 5, hold: 100_000, fenced} as const;
    const slow = scene.recipe(0, request);
    while (!scene.site(0).told.some(({told}) => told.kind === "holds")) scene.step();
    scene.pass(10_000);
    scene.pause(0);
    expect(resultOf(scene.run(1, {...request, ttl: 60}), "critical").wrote).toBe(1);
    expect(resultOf(scene.run(1, {...request, ttl: 60}), "critical").wrote).toBe(2);
    scene.resume(0);
    const result = resultOf(scene.until(0, slow), "critical");
    expect(result.refused).toBe(fenced);
    // Plain, two increments are lost: what the lock was for.
    expect(scene.value("n")).toBe(fenced ? "2" : "1");
  });

  test("with a counter that is no number fails, and leaves no lock", () => {
    const scene = new Scene();
    scene.call(0, {kind: "put", key: "n", value: bytes("x")});
    expect(errorIn(scene.run(0, {kind: "critical", name: "jobs", key: "n"}))).toBe(
      "failed etcdscope: the value is no number",
    );
    expect(scene.value("jobs/1")).toBeUndefined();
  });
});

describe("a lock for many readers or one writer", () => {
  test("lets readers in together, and a writer alone, in the order of asking", () => {
    const scene = new Scene(4);
    const kinds = ["rlock", "rlock", "wlock", "rlock"] as const;
    const calls = kinds.map((kind, index) => {
      const call = scene.recipe(index, {kind, name: "doc", ttl: 100});
      scene.pass(50_000);
      return call;
    });
    const isIn = (): readonly boolean[] => calls.map((call, i) => scene.site(i).outcomes.has(call));
    expect(isIn()).toEqual([true, true, false, false]);
    scene.run(0, {kind: "unlock", of: calls[0] ?? 0});
    scene.pass(50_000);
    expect(isIn()).toEqual([true, true, false, false]);
    scene.run(1, {kind: "unlock", of: calls[1] ?? 0});
    scene.pass(50_000);
    expect(isIn()).toEqual([true, true, true, false]);
    scene.run(2, {kind: "unlock", of: calls[2] ?? 0});
    scene.pass(50_000);
    expect(isIn()).toEqual([true, true, true, true]);
  });
});

describe("primary and standby", () => {
  const standby = (value: string): Parameters<Scene["recipe"]>[1] => ({
    kind: "standby",
    service: "db",
    value: bytes(value),
    ttl: 5,
  });

  test.each(["del", "lease revoke"])(
    "a standby that is cancelled while it cleans up with %s ends",
    (line) => {
      const scene = new Scene(2);
      scene.run(0, {kind: "lock", name: "db/lock", ttl: 100});
      scene.etcd.refuses = ({kind}) => (kind === "range" ? "permissionDenied" : undefined);
      const call = scene.recipe(1, standby("b"));
      while (!scene.site(1).invoked.at(-1)?.startsWith(line)) scene.step();
      scene.give(1, {kind: "cancel", call});
      scene.pass(10 * second);
      expect(errorIn(scene.site(1).outcomes.get(call))).toBe("unknown context canceled");
      expect(scene.site(1).client.outstanding).toBe(0);
      expect([...scene.etcd.leases.keys()]).toEqual(["0000000000000001"]);
    },
  );

  test("a standby takes over when the primary is silent; the old one's beat is refused and it stands by", () => {
    const scene = new Scene(2);
    const primary = scene.recipe(0, standby("a"));
    scene.pass(second);
    scene.recipe(1, standby("b"));
    scene.pass(3 * second);
    expect(scene.value("db/primary")).toBe("a");
    scene.pause(0);
    scene.pass(7 * second);
    expect(scene.value("db/primary")).toBe("b");
    scene.resume(0);
    scene.pass(2 * second);
    expect(scene.value("db/primary")).toBe("b");
    const kinds = (index: number): readonly Told["kind"][] =>
      scene.site(index).told.map(({told}) => told.kind);
    expect(kinds(0).filter((kind) => kind === "primary" || kind === "standby")).toEqual([
      "standby",
      "primary",
      "standby",
    ]);
    scene.give(0, {kind: "cancel", call: primary});
    expect(errorIn(scene.until(0, primary))).toBe("failed context canceled");
    scene.pass(second);
    expect(scene.etcd.leases.size).toBe(1);
  });
});
