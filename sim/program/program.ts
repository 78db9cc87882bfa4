// A person's own async function in the simulation: what it is given, and what comes of it. It runs in virtual time, on a
// client of the cluster; it must wait for nothing but what it is given here.
//
//   async ({client, clock, faults}) => {
//     const {kvs} = await client.get("n");
//     await clock.sleep(10);
//     await faults.crash("n1");
//     await client.put("n", `${Number(kvs[0]?.value ?? 0) + 1}`);
//   }

import type {ProgramClient} from "./client.ts";
import type {ProgramFaults} from "./faults.ts";

export type Program = (tools: Tools) => Promise<unknown>;

/** What a program is given: it must wait for nothing else. */
export interface Tools {
  readonly client: ProgramClient;
  readonly clock: Clock;
  readonly faults: ProgramFaults;
  /** From the run's seed: in [0, 1), or an integer in [0, bound). */
  readonly random: (bound?: number) => number;
}

/** The clock of the client's machine: it may run fast or slow. Who stands still wakes late. */
export interface Clock {
  /** Milliseconds since the beginning. */
  readonly now: () => number;
  /** For so many milliseconds, at least a thousandth of one. */
  readonly sleep: (ms: number) => Promise<void>;
}

/** What became of one program, which is named by its client, or `afterwards`. */
export type ProgramEnd =
  | {readonly kind: "done"; readonly program: string; readonly result: unknown}
  /** It threw, or waits for something outside the simulation. */
  | {readonly kind: "failed"; readonly program: string; readonly message: string; readonly stack: string}
  /** The run was over first. `waitsFor`: what was not answered. */
  | {readonly kind: "waits"; readonly program: string; readonly waitsFor: readonly string[]};

/** Of a program that waits for nothing that the simulation could bring. */
export const outsideMessage = "waits for something outside the simulation";

/** As an AbortController's. */
export interface Signal {
  readonly aborted: boolean;
  addEventListener(type: "abort", listener: () => void): void;
}
