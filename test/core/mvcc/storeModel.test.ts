// Random sequences of operations: the store agrees with the obvious model (model.ts) in every answer, in every readable
// revision, and in what compaction leaves.

import fc from "fast-check";
import {describe, it} from "vitest";
import {Store} from "../../../core/mvcc/store.ts";
import {ListStore} from "./model.ts";
import {checkAll, step, take} from "./steps.ts";

describe("the store", () => {
  it("agrees with a list of all versions over 10,000 random sequences of operations, compaction included", () => {
    fc.assert(
      fc.property(fc.array(step, {minLength: 4, maxLength: 20, size: "max"}), (steps) => {
        let store = new Store();
        const model = new ListStore();
        for (const next of steps) store = take(store, model, next);
        checkAll(store, model);
      }),
      {numRuns: 10_000},
    );
  }, 60_000);
});
