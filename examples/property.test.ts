// Whatever goes wrong, what etcd promises holds: a property test of a simulated cluster. Installed, the imports are
// "etcdscope" and "etcdscope/test".

import fc from "fast-check";
import {expect, it} from "vitest";
import {scenario} from "../bin/lib.ts";
import {faultPlans} from "../bin/libTest.ts";

it("no plan of faults makes a crash-and-restart lose what a client was promised", () => {
  const of = scenario("leader-crash");
  const seeds = fc.nat(1_000_000).map(String);
  const holds = fc.property(faultPlans(of), seeds, (faults, seed) => {
    expect({of, seed, faults}).toHold();
  });
  fc.assert(holds, {numRuns: 20});
});
