// Whatever goes wrong, what etcd promises holds, and so does what we claim: a property test of a simulated cluster.
// Installed, the imports are "etcdscope" and "etcdscope/test".

import fc from "fast-check";
import {expect, it} from "vitest";
import {scenario} from "../bin/lib.ts";
import {faultPlans, seeds} from "../bin/libTest.ts";

it("no plan of faults makes a crash-and-restart lose what a client was promised", () => {
  const {variants: _, ...ours} = scenario("leader-crash");
  const claim = {any: [{not: {op: "op:#read", is: "done"}}, {op: "op:#read", is: "done", answer: "during"}]};
  const says = {en: "A read that is answered answers the last write", zh: "读到的总是最后一次写入"};
  const of = scenario({...ours, tell: [], run: {...ours.run, expect: [{id: "read-is-fresh", claim, says}]}});
  const holds = fc.property(faultPlans(of), seeds(), (faults, seed) => {
    expect({of, seed, faults, claims: ["read-is-fresh"]}).toHold();
  });
  fc.assert(holds, {numRuns: 20});
});
