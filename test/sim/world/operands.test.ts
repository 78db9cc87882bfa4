import {describe, expect, it} from "vitest";
import {execute} from "../../../sim/execute.ts";
import type {Operation} from "../../../sim/history/operation.ts";
import type {Action} from "../../../sim/action.ts";
import {at, makeRun, makeWorld, ms, runTo, sound} from "../stage.ts";

function ask(op: string, client = "c1"): Action {
  return {kind: "client", client, op};
}

const script = [
  at(1, 900, ask("put x a")),
  at(2, 1100, ask("get x")),
  at(3, 1300, ask('txn mod(x)={modRevisionOf:x} : put x "{valueOf:x},b" : get x')),
  at(4, 1500, ask("get x")),
];

function asked(operations: readonly Operation[], call: number): unknown {
  return operations.find((one) => one.client === "c1" && one.call === call)?.request;
}

function valueOf(operations: readonly Operation[]): string {
  const {outcome} = operations.filter(({client}) => client === "c1").at(-1) ?? {};
  const result = outcome?.kind === "ok" ? outcome.response.result : undefined;
  return result?.kind === "range" ? String.fromCharCode(...(result.kvs[0]?.value ?? [])) : "none";
}

describe("operands in a run", () => {
  const run = makeRun({clients: 2, script, until: 2500});

  it("are resolved when the line is asked: the script keeps them, the history has what was asked", () => {
    const done = execute(run, {versions: sound});
    expect(asked(done.operations, 3)).toMatchObject({compare: [{target: {kind: "mod", value: 2}}]});
    expect(valueOf(done.operations)).toBe("a,b");
    expect(done.run.script.map(({do: action}) => action)).toEqual(script.map(({do: action}) => action));
    const again = execute(done.run, {versions: sound});
    expect(again.traceHash).toBe(done.traceHash);
  });

  it("a run without an earlier line goes on making sense", () => {
    const without = (...ids: readonly number[]): string =>
      valueOf(
        execute({...run, script: script.filter(({id}) => !ids.includes(id))}, {versions: sound}).operations,
      );
    // Its own put showed it the key as well.
    expect(without(2)).toBe("a,b");
    // Nothing was seen: the key is not there, and so it is.
    expect(without(1)).toBe(",b");
    expect(without(1, 2)).toBe(",b");
  });

  it("mean what this client saw, not what is so", () => {
    const other = at(1, 1200, ask("put x z", "c2"));
    const done = execute({...run, script: [...script, other]}, {versions: sound});
    expect(asked(done.operations, 3)).toMatchObject({compare: [{target: {kind: "mod", value: 2}}]});
    expect(valueOf(done.operations)).toBe("z");
  });

  it("are part of the world's digest while a line with operands is to come", () => {
    const digestWith = (line: string, value: string): string => {
      const lines = [at(1, 900, ask("put x a")), at(2, 1100, ask(`get ${value}`)), at(3, 2000, ask(line))];
      const world = makeWorld({script: lines});
      runTo(world, 1800);
      return world.digest();
    };
    const differs = (line: string): boolean => digestWith(line, "x") !== digestWith(line, "none");
    expect(differs("put y {valueOf:none}")).toBe(true);
    expect(differs("put y z")).toBe(false);
  });

  it("a fork sees what its own client saw", () => {
    const world = makeWorld({script});
    runTo(world, 1200);
    const twin = world.fork();
    runTo(twin, 2400);
    runTo(world, 2400);
    expect(twin.hash).toBe(world.hash);
    expect(world.now).toBeGreaterThan(2000 * ms);
    expect(valueOf(twin.operations)).toBe("a,b");
  });
});
