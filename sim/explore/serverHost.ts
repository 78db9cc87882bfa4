// A whole server, with its log, backend file and recovery, on a disk. Nothing waits for time: whatever it does now and then
// (heartbeats apart) it never does. Its disk does what it is asked for at once, or one operation at a time when that is
// chosen; a crash takes all that no sync covers.

import {InvariantViolation, unreachable} from "../../core/base/assert.ts";
import type {Hasher} from "../../core/base/hasher.ts";
import type {MemberId} from "../../core/base/quantity.ts";
import type {RawNode} from "../../core/raft/rawNode.ts";
import {boot} from "../../core/server/boot.ts";
import type {ServerConfig, Version} from "../../core/server/config.ts";
import type {Effect, Input} from "../../core/server/io.ts";
import type {PeerMessage} from "../../core/server/peer.ts";
import type {Request} from "../../core/server/request.ts";
import type {Server} from "../../core/server/server.ts";
import {worded} from "../../core/base/said.ts";
import {serverWords} from "../../core/server/words.ts";
import {Disk} from "../disk/disk.ts";
import type {Deed, Host} from "./host.ts";

export interface ServerHostOptions {
  readonly config: ServerConfig;
  readonly version: Version;
  /** What the client asks for. */
  readonly request: Request;
  /** Whether each operation of the disk is an action of its own. */
  readonly slowDisk: boolean;
}

/** A timeout is not waited for but chosen, so how long it would be must make no difference. */
const noLuck = (): number => 0;

/** It never passes. */
const now = 0;

/** The client's connection, and its one request on it. */
const client = {stream: 1, id: 1};

export class ServerHost implements Host {
  readonly id: MemberId;
  incarnation = 0;
  private readonly options: ServerHostOptions;
  private server: Server;
  private disk: Disk;
  private sent: PeerMessage[] = [];
  /** Operations on their way, in the order in which they were asked for. */
  private underway: number[] = [];

  private constructor(options: ServerHostOptions, server: Server, disk: Disk) {
    this.id = options.config.id;
    this.options = options;
    this.server = server;
    this.disk = disk;
  }

  /** After its first boot, on a new disk. */
  static create(options: ServerHostOptions): ServerHost {
    const disk = new Disk();
    const {server, effects} = bootOn(disk, options);
    const host = new ServerHost(options, server, disk);
    host.incarnation = 1;
    host.perform(effects);
    while (host.underway.length > 0) host.completeOldest();
    return host;
  }

  get raft(): RawNode {
    return this.server.raft;
  }

  get diskQueue(): number {
    return this.options.slowDisk ? this.underway.length : 0;
  }

  fork(): ServerHost {
    const twin = new ServerHost(this.options, this.server.fork(noLuck), this.disk.fork());
    twin.incarnation = this.incarnation;
    twin.underway = this.underway.slice();
    return twin;
  }

  take(deed: Deed): readonly PeerMessage[] {
    this.sent = [];
    this.begin(deed);
    if (!this.options.slowDisk) while (this.underway.length > 0) this.completeOldest();
    return this.sent;
  }

  digest(into: Hasher): void {
    into.int(this.id);
    into.int(this.incarnation);
    this.server.digest(into);
    this.disk.digest(into);
  }

  private begin(deed: Deed): void {
    switch (deed.kind) {
      case "message":
        return this.hand({kind: "message", from: deed.message.from, message: deed.message});
      case "timeout":
        return this.hand({kind: "timeout"});
      case "heartbeat":
        this.hand({kind: "tick"});
        return this.raft.forgetTicks();
      case "request":
        return this.hand({kind: "request", ...client, request: this.options.request});
      case "disk":
        return this.completeOldest();
      case "crash":
        return this.crash();
      default:
        return unreachable(deed);
    }
  }

  private crash(): void {
    this.disk.crash(noLuck);
    this.underway = [];
    this.incarnation++;
    const {server, effects} = bootOn(this.disk, this.options);
    this.server = server;
    this.perform(effects);
  }

  private hand(input: Input): void {
    this.perform(this.server.handle(input, now));
  }

  private completeOldest(): void {
    const op = this.underway.shift();
    if (op === undefined) return;
    this.disk.complete(op);
    this.hand({kind: "diskDone", op});
  }

  private perform(effects: readonly Effect[]): void {
    for (const effect of effects) {
      switch (effect.kind) {
        case "send":
          this.sent.push(effect.message);
          break;
        case "disk":
          this.disk.submit(effect.op, effect.do);
          this.underway.push(effect.op);
          break;
        case "pause":
          this.hand({kind: "turn", actor: effect.actor});
          break;
        case "respond":
          // Nobody waits for it: what is committed is judged, answered or not.
          break;
        case "exit":
          throw new InvariantViolation(worded(serverWords, effect.reason, "en"));
        default:
          unreachable(effect);
      }
    }
  }
}

function bootOn(disk: Disk, {config, version}: ServerHostOptions): ReturnType<typeof boot> {
  return boot({config, version, disk, draw: noLuck, now});
}
