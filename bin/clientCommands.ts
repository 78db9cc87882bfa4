// The client's API for `fc.commands`: calls that a program makes one after another, and that shrink by being left out. What
// they may ask depends on what that client has seen. Whether the answers are right is judged by the run's own checks.
//
//   const calls = fc.commands(clientCommands());
//   fc.asyncProperty(calls, seeds(), async (some, seed) => {
//     await simulate({seed}, ({client}) => fc.asyncModelRun(() => ({model: nothingSeen(), real: client}), some));
//   });

import fc from "fast-check";
import type {ProgramClient as Client} from "../sim/program/client.ts";
import {EtcdError} from "../sim/program/error.ts";

/** What a client has seen: the model of these commands. */
export interface Seen {
  /** The newest revision in any answer; 0: none. */
  revision: number;
  /** By key: the revision of its last change, 0 where there was none. */
  readonly modified: Map<string, number>;
  /** Leases that it was granted. */
  leases: readonly string[];
}

export type ClientCommand = fc.AsyncCommand<Seen, Client>;

/** The model of a client that has asked nothing yet. */
export function nothingSeen(): Seen {
  return {revision: 0, modified: new Map(), leases: []};
}

class Call implements ClientCommand {
  private readonly line: string;
  private readonly ask: (client: Client, seen: Seen) => Promise<unknown>;
  private readonly isPossible: (seen: Readonly<Seen>) => boolean;

  constructor(
    line: string,
    ask: (client: Client, seen: Seen) => Promise<unknown>,
    isPossible: (seen: Readonly<Seen>) => boolean = () => true,
  ) {
    this.line = line;
    this.ask = ask;
    this.isPossible = isPossible;
  }

  check(seen: Readonly<Seen>): boolean {
    return this.isPossible(seen);
  }

  /** A call that came to nothing, or of which nobody knows, is part of life under faults. */
  async run(seen: Seen, client: Client): Promise<void> {
    try {
      await this.ask(client, seen);
    } catch (error) {
      if (!(error instanceof EtcdError)) throw error;
    }
  }

  toString(): string {
    return this.line;
  }
}

/** Reads, writes, reads of the past, deletions, compare-and-sets, leases and compactions of few keys. */
export function clientCommands(
  keys: readonly [string, ...string[]] = ["a", "b", "c"],
): fc.Arbitrary<ClientCommand>[] {
  const key = fc.constantFrom(...keys);
  const pair = fc.tuple(key, fc.nat(999).map(String));
  return [
    pair.map(
      ([k, v]) => new Call(`put ${k} ${v}`, async (client, seen) => wrote(seen, k, await client.put(k, v))),
    ),
    key.map((k) => new Call(`get ${k}`, (client, seen) => read(client, seen, k))),
    key.map(
      (k) =>
        new Call(
          `get ${k} of the past`,
          (client, {revision}) => client.get(k, {revision}),
          ({revision}) => revision > 0,
        ),
    ),
    key.map(
      (k) =>
        new Call(`delete ${k}`, async (client, seen) => {
          saw(seen, await client.delete(k));
          seen.modified.set(k, 0);
        }),
    ),
    pair.map(
      ([k, v]) => new Call(`put ${k} ${v} if unchanged`, (client, seen) => compareAndSet(client, seen, k, v)),
    ),
    pair.map(
      ([k, v]) =>
        new Call(`put ${k} ${v} with a lease`, async (client, seen) => {
          const {lease} = await client.grant(2);
          seen.leases = [...seen.leases, lease];
          wrote(seen, k, await client.put(k, v, {lease}));
        }),
    ),
    fc.constant(
      new Call(
        "revoke the last lease",
        async (client, seen) => {
          const lease = seen.leases.at(-1) ?? "";
          seen.leases = seen.leases.slice(0, -1);
          await client.revoke(lease);
        },
        ({leases}) => leases.length > 0,
      ),
    ),
    fc.constant(
      new Call(
        "compact",
        (client, {revision}) => client.compact(revision),
        ({revision}) => revision > 1,
      ),
    ),
  ];
}

interface Answered {
  readonly revision: number;
}

function saw(seen: Seen, {revision}: Answered): void {
  seen.revision = Math.max(seen.revision, revision);
}

function wrote(seen: Seen, key: string, answered: Answered): void {
  saw(seen, answered);
  seen.modified.set(key, answered.revision);
}

async function read(client: Client, seen: Seen, key: string): Promise<void> {
  const got = await client.get(key);
  saw(seen, got);
  seen.modified.set(key, got.kvs[0]?.modRevision ?? 0);
}

async function compareAndSet(client: Client, seen: Seen, key: string, value: string): Promise<void> {
  const mod = seen.modified.get(key) ?? 0;
  const answered = await client.txn({if: [{key, mod}], do: [{put: key, value}], else: [{get: key}]});
  if (answered.succeeded) wrote(seen, key, answered);
  else saw(seen, answered);
}
