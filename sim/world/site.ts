// A client where the world keeps it: the machine, its name, when it wants a wake, and what it has seen in its answers.

import {Client} from "../../core/client/client.ts";
import {parseCommand} from "../../core/client/command.ts";
import type {ClientCommand} from "../../core/client/command.ts";
import {resolveOperands} from "../../core/client/operand.ts";
import type {Hasher} from "../../core/base/hasher.ts";
import type {Result} from "../../core/base/result.ts";
import {Seen} from "../../core/client/seen.ts";
import type {Version} from "../../core/server/config.ts";
import {Clock} from "../clock.ts";
import type {Payload} from "../event.ts";
import type {Draws} from "../random.ts";
import type {Config} from "../run.ts";
import type {Waiting} from "./queue.ts";

export class ClientSite {
  /** c1 is 0. */
  readonly index: number;
  readonly name: string;
  readonly machine: Client;
  /** What a wake of its brings: the same each time. */
  readonly wakes: Payload;
  timer: Waiting | undefined;
  /** Stopped by its operating system. */
  paused = false;
  /** While paused: what waits to be handed over. */
  parked: readonly Waiting[] = [];
  clock = Clock.true;
  /** What operands of its lines stand for. */
  seen = new Seen();
  /** The line that was read last. */
  private last: {readonly line: string; readonly read: Result<ClientCommand, string>} | undefined;

  constructor(index: number, machine: Client) {
    this.index = index;
    this.name = `c${index + 1}`;
    this.machine = machine;
    this.wakes = {kind: "clientWake", client: this.name};
  }

  static create(index: number, config: Config, draws: Draws, {client}: Version): ClientSite {
    const name = `c${index + 1}`;
    const machine = new Client({
      endpoints: Array.from({length: config.members}, (_, i) => i + 1),
      requestTimeout: config.client.requestTimeout,
      draw: (stream, bound) => draws.next(draws.stream(`${name}/${stream}`), bound),
      rules: client.rules,
    });
    return new ClientSite(index, machine);
  }

  /** A line of its script, its operands standing for what it has seen. Read once: who asks whether it can be, asks next what it says. */
  read(line: string): Result<ClientCommand, string> {
    const resolved = resolveOperands(line, this.seen);
    if (!resolved.ok) return resolved;
    if (this.last?.line !== resolved.value)
      this.last = {line: resolved.value, read: parseCommand(resolved.value)};
    return this.last.read;
  }

  fork(): ClientSite {
    const twin = new ClientSite(this.index, this.machine.fork());
    twin.timer = this.timer;
    twin.paused = this.paused;
    twin.parked = this.parked;
    twin.clock = this.clock;
    twin.seen = this.seen.fork();
    return twin;
  }

  digest(into: Hasher): void {
    into.bool(this.paused);
    this.machine.digest(into);
  }
}
