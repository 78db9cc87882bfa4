// Before every test file, in Node and in the browser: property tests draw from the run's seed, a fixed number of times.

import fc from "fast-check";
import {inject} from "vitest";

declare module "vitest" {
  interface ProvidedContext {
    seed: number;
  }
}

fc.configureGlobal({seed: inject("seed"), numRuns: 100});
