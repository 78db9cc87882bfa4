// What `import … from "etcdscope/test"` gives: what runs are made of as fast-check arbitraries, and Vitest matchers that say of
// a run that it holds, or print seed, faults, trace and link of the one that does not.
//
//   fc.assert(fc.property(faultPlans(of), seeds(), (faults, seed) => {
//     expect({of, seed, faults, claims: ["mine"]}).toHold();
//   }));

export {clusters, schedules, seeds, workloads} from "./arbitraries.ts";
export type {UntilOptions} from "./until.ts";
export {clientCommands, nothingSeen} from "./clientCommands.ts";
export type {ClientCommand, Seen} from "./clientCommands.ts";
export {faultPlans} from "./faultPlans.ts";
export type {FaultPlanOptions} from "./faultPlans.ts";
export type {OfHistory, Trial} from "./matchers.ts";
import "./matchers.ts";
