import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {Search, search} from "../../../sim/check/search.ts";
import type {Model, Timed} from "../../../sim/check/search.ts";

/** A register: a read must answer the value, unless its outcome is unknown. */
interface RegisterOp extends Timed {
  readonly write?: number;
  readonly read?: number;
}

const register: Model<number, RegisterOp> = {
  initial: 0,
  step(state, op) {
    if (op.write !== undefined) return op.write;
    return op.returned === undefined || op.read === state ? state : undefined;
  },
  hash: (state) => [state, ~state],
};

/** The definition itself: some order of all returned operations and some of the others respects real time and the model. */
function explained(ops: readonly RegisterOp[], state = 0): boolean {
  const due = ops.filter((op) => op.returned !== undefined);
  if (due.length === 0) return true;
  const firstReturn = Math.min(...due.map((op) => op.returned ?? 0));
  return ops.some((op) => {
    if (op.invoked > firstReturn) return false;
    const next = register.step(state, op);
    return (
      next !== undefined &&
      explained(
        ops.filter((other) => other !== op),
        next,
      )
    );
  });
}

/** A read that was answered changes nothing. */
function withPurity(op: RegisterOp): RegisterOp {
  return op.write === undefined && op.returned !== undefined ? {...op, pure: true} : op;
}

/** A write looks at nothing; two of one value do the same. */
function withAll(op: RegisterOp): RegisterOp {
  const {write, returned} = op;
  if (write === undefined) return withPurity(op);
  return {...op, certain: true, blind: true, ...(returned === undefined ? {effect: write} : {})};
}

const history = fc
  .array(
    fc.record({
      at: fc.integer({min: 0, max: 12}),
      long: fc.integer({min: 1, max: 8}),
      value: fc.integer({min: 0, max: 2}),
      write: fc.boolean(),
      open: fc.integer({min: 0, max: 4}),
    }),
    {minLength: 1, maxLength: 6},
  )
  .map((list) =>
    list.map(({at, long, value, write, open}, i): RegisterOp => {
      // Distinct moments, as steps are.
      const times = {invoked: at * 20 + i, returned: open === 0 ? undefined : (at + long) * 20 + 10 + i};
      return write ? {...times, write: value} : {...times, read: value};
    }),
  );

describe("the search for an order", () => {
  it("finds one exactly when trying every order finds one", () => {
    let violated = 0;
    const steps = {told: 0, untold: 0};
    fc.assert(
      fc.property(history, (ops) => {
        const found = search(register, ops, 100_000);
        if (found.kind === "violated") violated++;
        expect(found.kind).toBe(explained(ops) ? "held" : "violated");
        expect(search(register, ops.map(withPurity), 100_000).kind).toBe(found.kind);
        const told = search(register, ops.map(withAll), 100_000);
        expect(told.kind).toBe(found.kind);
        steps.untold += found.steps;
        steps.told += told.steps;
      }),
      {numRuns: 3000},
    );
    expect(violated).toBeGreaterThan(300);
    expect(steps.told).toBeLessThan((steps.untold * 3) / 4);
  });

  it("takes reads first, so that those that overlap are not tried in every order", () => {
    const reads: RegisterOp[] = Array.from({length: 20}, (_, i) => ({
      invoked: i + 1,
      returned: 100 + i,
      read: 0,
    }));
    const ops = [...reads, {invoked: 200, returned: 201, read: 77}];
    expect(search(register, ops, 100_000).kind).toBe("unknown");
    expect(search(register, ops.map(withPurity), 100)).toMatchObject({kind: "violated", blocked: {read: 77}});
  });

  it("does not try what another write would write over, so that unseen ones are not tried in every order", () => {
    const writes: RegisterOp[] = Array.from({length: 20}, (_, i) => ({
      invoked: i + 1,
      returned: 100 + i,
      write: i,
    }));
    const ops = [...writes, {invoked: 200, returned: 201, read: 77}];
    expect(search(register, ops.map(withPurity), 100_000).kind).toBe("unknown");
    expect(search(register, ops.map(withAll), 20_000).kind).toBe("violated");
  });

  it("takes the oldest of those that may have done the same", () => {
    const lost: RegisterOp[] = Array.from({length: 20}, (_, i) => ({
      invoked: i,
      returned: undefined,
      write: 1,
    }));
    const reads = [1, 0, 1, 0, 1, 77].map((read, i) => ({invoked: 30 + 2 * i, returned: 31 + 2 * i, read}));
    const zeros = [
      {invoked: 33, returned: 36, write: 0},
      {invoked: 37, returned: 40, write: 0},
    ];
    const ops = [...lost, ...reads, ...zeros];
    const steps = (some: readonly RegisterOp[]): number => {
      const found = search(register, some, 1_000_000);
      expect(found.kind).toBe("violated");
      return found.steps;
    };
    expect(steps(ops.map(withAll))).toBeLessThan(steps(ops.map(withPurity)) / 5);
  });

  it("goes on where it was interrupted", () => {
    fc.assert(
      fc.property(history, fc.integer({min: 1, max: 5}), (ops, slice) => {
        const running = new Search(register, ops.map(withAll));
        let found = running.advance(0);
        while (found === undefined) found = running.advance(running.steps + slice);
        expect(found).toEqual(search(register, ops.map(withAll), Infinity));
      }),
    );
  });

  it("answers unknown when its budget runs out", () => {
    const ops: RegisterOp[] = Array.from({length: 12}, (_, i) => ({invoked: i, returned: 100 + i, write: i}));
    expect(search(register, [...ops, {invoked: 200, returned: 201, read: 77}], 50).kind).toBe("unknown");
  });

  it("names the operation that found no place", () => {
    const stale: RegisterOp = {invoked: 30, returned: 40, read: 1};
    const found = search(
      register,
      [{invoked: 1, returned: 5, write: 1}, {invoked: 10, returned: 20, write: 2}, stale],
      1000,
    );
    expect(found).toMatchObject({kind: "violated", blocked: stale});
  });

  it("lets an operation of unknown outcome happen late, or never", () => {
    const lost: RegisterOp = {invoked: 1, returned: undefined, write: 7};
    const reads = (...values: number[]): RegisterOp[] =>
      values.map((read, i) => ({invoked: 10 + 10 * i, returned: 15 + 10 * i, read}));
    expect(search(register, [lost, ...reads(0, 0)], 1000).kind).toBe("held");
    expect(search(register, [lost, ...reads(0, 7)], 1000).kind).toBe("held");
    expect(search(register, [lost, ...reads(7, 0)], 1000).kind).toBe("violated");
  });
});
