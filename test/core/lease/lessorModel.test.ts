// Random lives of leases on a lessor, on twins of it, and on a plain model: a record per lease, everything looked up by
// going through all of them.

import {deepStrictEqual} from "node:assert/strict";
import fc from "fast-check";
import {describe, it} from "vitest";
import {Lessor} from "../../../core/lease/lessor.ts";
import type {LessorConfig} from "../../../core/lease/lessor.ts";
import {digestOf} from "../../support/digest.ts";

const second = 1_000_000;
const config: LessorConfig = {minTtl: 2, revokesPerSecond: 1_000_000, checkpointEvery: 4 * second};

interface Lease {
  readonly ttl: number;
  remainingTtl: number;
  readonly keys: Set<string>;
  expiry: number | undefined;
  look: number | undefined;
  checkpoint: number | undefined;
}

class Model {
  readonly leases = new Map<string, Lease>();
  isPrimary = false;

  grant(id: string, ttl: number, now: number): string {
    if (this.leases.has(id)) return "leaseExists";
    const lease: Lease = {
      ttl: Math.max(2, ttl),
      remainingTtl: 0,
      keys: new Set(),
      expiry: undefined,
      look: undefined,
      checkpoint: undefined,
    };
    this.leases.set(id, lease);
    if (this.isPrimary) this.begin(lease, 0, now);
    return `${lease.ttl}`;
  }

  begin(lease: Lease, extend: number, now: number): void {
    lease.expiry = now + (lease.remainingTtl || lease.ttl) * second + extend;
    lease.look = lease.expiry;
    this.schedule(lease, now);
  }

  schedule(lease: Lease, now: number): void {
    if ((lease.remainingTtl || lease.ttl) > 4) lease.checkpoint = now + 4 * second;
  }

  sorted(of: (lease: Lease) => number | undefined, until: number): readonly (readonly [string, Lease])[] {
    return [...this.leases]
      .filter(([, lease]) => (of(lease) ?? Infinity) <= until)
      .sort(([a, x], [b, y]) => (of(x) ?? 0) - (of(y) ?? 0) || (a < b ? -1 : 1));
  }
}

const ids = ["0000000000000001", "7fffffffffffffff", "8000000000000000", "ffffffffffffffff"];
const steps = fc.array(
  fc.record({
    kind: fc.constantFrom(
      ...(["grant", "grant", "attach", "attach", "detach", "renew", "renew", "revoke"] as const),
      ...(["expire", "checkpoints", "checkpoint", "promote", "demote", "pass", "pass", "fork"] as const),
    ),
    lease: fc.constantFrom(...ids),
    key: fc.constantFrom("a", "b", "c", ""),
    n: fc.integer({min: 0, max: 9}),
  }),
  {maxLength: 60},
);

type Step = typeof steps extends fc.Arbitrary<readonly (infer S)[]> ? S : never;

/** Does the step on both; what they answer must be the same. */
function take(step: Step, lessor: Lessor, model: Model, now: number): void {
  const known = model.leases.get(step.lease);
  switch (step.kind) {
    case "grant": {
      const granted = lessor.grant(step.lease, step.n, now);
      const said = granted.ok ? `${granted.value.ttl}` : granted.error;
      return deepStrictEqual(said, model.grant(step.lease, step.n, now));
    }
    case "attach":
    case "detach": {
      if (step.kind === "attach" && known === undefined) return;
      for (const {keys} of model.leases.values()) keys.delete(step.key);
      if (step.kind === "attach") known?.keys.add(step.key);
      return step.kind === "attach" ? lessor.attach(step.key, step.lease) : lessor.detach(step.key);
    }
    case "renew": {
      const isOver = known?.expiry !== undefined && known.expiry <= now;
      const kind = !model.isPrimary ? "notPrimary" : !known ? "notFound" : isOver ? "expired" : "renewed";
      deepStrictEqual(lessor.renew(step.lease, now).kind, kind);
      if (kind === "renewed" && known) known.look = known.expiry = now + known.ttl * second;
      return;
    }
    case "revoke": {
      const revoked = lessor.revoke(step.lease);
      deepStrictEqual(revoked.ok ? revoked.value : undefined, known && [...known.keys].sort());
      model.leases.delete(step.lease);
      return;
    }
    case "checkpoint":
      lessor.checkpoint(step.lease, step.n, now);
      if (known) known.remainingTtl = step.n;
      if (known && model.isPrimary) model.schedule(known, now);
      return;
    default:
      return takeTime(step, lessor, model, now);
  }
}

function takeTime(step: Step, lessor: Lessor, model: Model, now: number): void {
  switch (step.kind) {
    case "expire": {
      const due = model.sorted((lease) => lease.look, now).slice(0, step.n);
      const again = now + 7 * second;
      deepStrictEqual(
        lessor.takeExpired(step.n, again, now),
        due.map(([id]) => id),
      );
      for (const [, lease] of due) lease.look = again;
      return;
    }
    case "checkpoints": {
      const due = model.sorted((lease) => lease.checkpoint, now).slice(0, step.n);
      const expected = due
        .map(([lease, {expiry = 0, ttl}]) => ({lease, ttl, left: Math.ceil((expiry - now) / second)}))
        .filter(({left, ttl}) => left > 0 && left < ttl)
        .map(({lease, left}) => ({lease, remainingTtl: left}));
      deepStrictEqual(lessor.takeCheckpoints(step.n, now), expected);
      for (const [, lease] of due) lease.checkpoint = undefined;
      return;
    }
    case "promote":
    case "demote":
      model.isPrimary = step.kind === "promote";
      for (const lease of model.leases.values()) {
        lease.expiry = lease.look = lease.checkpoint = undefined;
        if (model.isPrimary) model.begin(lease, second, now);
      }
      return model.isPrimary ? lessor.promote(second, now) : lessor.demote();
    default:
  }
}

describe("a lessor and a plain model of it", () => {
  it("agree on every lease, key and time, and twins do not hear of each other", () => {
    fc.assert(
      fc.property(steps, (life) => {
        let lessor = new Lessor(config);
        const model = new Model();
        const left: {readonly twin: Lessor; readonly digest: string; readonly at: number}[] = [];
        let now = 0;
        for (const step of life) {
          if (step.kind === "pass") now += step.n * 700_000;
          else if (step.kind === "fork") {
            const twin = lessor.fork();
            deepStrictEqual(digestOf(twin, now), digestOf(lessor, now));
            left.push({twin: lessor, digest: digestOf(lessor, now), at: now});
            lessor = twin;
          } else take(step, lessor, model, now);
          const expected = [...model.leases]
            .map(([lease, {ttl, remainingTtl, expiry, keys}]) => ({
              lease,
              ttl,
              remainingTtl,
              remaining: expiry === undefined ? undefined : Math.trunc((expiry - now) / second),
              keys: [...keys].sort(),
            }))
            .sort((a, b) => (a.lease < b.lease ? -1 : 1));
          const seen = lessor.view(now).toSorted((a, b) => (a.lease < b.lease ? -1 : 1));
          deepStrictEqual(seen, expected);
        }
        for (const {twin, digest, at} of left) deepStrictEqual(digestOf(twin, at), digest);
      }),
      {numRuns: 1000},
    );
  });
});
