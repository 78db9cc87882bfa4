// A path through a space, as a run of the world: it opens in the page, and every check watches it. Timeouts, crashes,
// duplicates and the client's request are interventions; that a message arrives before others, or never, are choices. A
// path of bare raft nodes is one of servers too: they do by themselves what the nodes' storage does.
//
// In that world a message takes a millisecond and all else next to nothing, so that what a member does by itself comes
// first; and clocks hardly ever tick.

import {assert, present, unreachable} from "../../core/base/assert.ts";
import {bytesOfKey} from "../../core/base/key.ts";
import {formatCommand} from "../../core/client/command.ts";
import {describeMessage} from "../../core/raft/describe.ts";
import {describePeerMessage, isRaftMessage} from "../../core/server/peer.ts";
import type {PeerMessage} from "../../core/server/peer.ts";
import type {Request} from "../../core/server/request.ts";
import type {Action as WorldAction} from "../action.ts";
import {versionOf} from "../bug/museum.ts";
import type {Payload, Pending} from "../event.ts";
import {resolve} from "../profile.ts";
import type {Choice, Config, Run} from "../run.ts";
import {eventId, memberName} from "../world/lanes.ts";
import {World} from "../world/world.ts";
import type {Action} from "./action.ts";

/** What of a space a world needs to know. */
export interface Ground {
  readonly members: number;
  /** Where it differs from the profile. */
  readonly raft?: Partial<Pick<Config["raft"], "messageBytesMax">>;
  /** Each operation of a disk is an action of its own. */
  readonly slowDisk?: boolean;
}

/** Where servers go on by themselves, they do so without time. */
export function untimedConfig({members, raft = {}}: Ground): Config {
  const none = {least: 0, most: 0};
  // Not none: what is done at time 0 would be done before the boots are over.
  const instant = {least: 1, most: 1};
  return resolve({
    members,
    raft,
    pausePoints: [],
    network: {peerLatency: {least: 1000, most: 1000}, clientLatency: none, reorder: true},
    disk: {write: instant, sync: instant},
    clock: {tick: 3_600_000_000},
  });
}

/** What the client of a space asks for. */
export const askedFor: Request = {kind: "put", key: "x", value: bytesOfKey("1")};

/**
 * The run, of members with these bugs, that ends with the path's last action. Undefined for a path with heartbeats: in
 * the world they come with time.
 */
export function runOfPath(ground: Ground, bugs: readonly string[], path: readonly Action[]): Run | undefined {
  if (path.some(({kind}) => kind === "heartbeat")) return undefined;
  const walker = new Walker(ground, bugs);
  for (const action of path) walker.take(action);
  return walker.run();
}

/** What happens at once, and by itself. */
const prompt: readonly Payload["kind"][] = ["turn", "request", "response", "credit", "close"];

class Walker {
  private readonly world: World;
  private readonly slowDisk: boolean;
  private readonly choices: Choice[] = [];

  constructor(ground: Ground, bugs: readonly string[]) {
    const names = Array.from({length: ground.members}, (_, i) => memberName(i + 1));
    const versions = bugs.length === 0 ? {} : Object.fromEntries(names.map((name) => [name, bugs]));
    const limits = {events: 100_000, until: 1_000_000_000};
    const config = untimedConfig(ground);
    this.world = World.create(
      {format: 1, config, seed: "1", versions, script: [], choices: [], limits},
      versionOf,
    );
    this.slowDisk = ground.slowDisk ?? false;
    this.drain(["diskDone", ...prompt]);
  }

  take(action: Action): void {
    const member = memberName(action.member);
    switch (action.kind) {
      case "deliver":
        this.choose(this.find(action));
        break;
      case "duplicate": {
        const event = this.find(action);
        this.act({kind: "message", event: eventId(event.lane, event.ordinal), do: "duplicate"});
        this.choose(event);
        break;
      }
      case "drop":
        // It never arrives.
        return;
      case "timeout":
        this.act({kind: "timeout", member});
        break;
      case "request":
        this.act({kind: "client", client: "c1", op: formatCommand(askedFor), to: member});
        break;
      case "crash":
        this.crash(action.member);
        break;
      case "disk":
        this.completeOldest(action.member);
        break;
      case "heartbeat":
        assert(false, "a path with heartbeats has no run");
        break;
      default:
        unreachable(action.kind);
    }
    this.drain(this.slowDisk ? prompt : ["diskDone", ...prompt]);
  }

  run(): Run {
    const {world, choices} = this;
    const run = world.recorded();
    return {...run, choices, limits: {...run.limits, events: world.step}};
  }

  /** The event that brings a message; whichever, if it is on its way twice. */
  private find({letter}: Action): Pending {
    const text = textOf(present(letter, "a message").message);
    const isIt = ({payload}: Pending): boolean =>
      payload.kind === "message" && textOf(payload.message) === text;
    return present(this.world.enabled().find(isIt), `${text} on its way`);
  }

  private crash(id: number): void {
    const {incarnation} = this.world.member(id);
    const name = memberName(id);
    // How the crash is: nothing survives that no sync covers.
    this.act({kind: "pin", stream: `crash/${name}@${incarnation}//`, n: 1, value: 0});
    this.act({kind: "crash", member: name});
    this.act({kind: "restart", member: name});
  }

  /** Events are numbered as they are made, whenever they are due. */
  private completeOldest(id: number): void {
    let oldest: Pending | undefined;
    for (const pending of this.world.enabled()) {
      const {payload, seq} = pending;
      if (payload.kind !== "diskDone" || payload.member !== id) continue;
      if (oldest === undefined || seq < oldest.seq) oldest = pending;
    }
    this.choose(present(oldest, `an operation of n${id}'s disk`));
  }

  private drain(kinds: readonly Payload["kind"][]): void {
    for (;;) {
      const next = this.world.enabled().find(({payload}) => kinds.includes(payload.kind));
      if (next === undefined) return;
      this.choose(next);
    }
  }

  private act(action: WorldAction): void {
    const record = this.world.act({do: action, origin: "plan"});
    assert(record !== undefined, `${action.kind} applies`);
  }

  /** Takes an event; a choice, where it is not the one that comes next by itself. */
  private choose(event: Pending): void {
    const {world} = this;
    const take = eventId(event.lane, event.ordinal);
    const next = world.next();
    const isNext = next !== undefined && eventId(next.lane, next.ordinal) === take;
    const last = world.lastUnscripted;
    if (!isNext) this.choices.push({after: last === undefined ? "" : eventId(last.lane, last.ordinal), take});
    world.take(event);
  }
}

/** All of a message but the commands in it, which bare nodes have none of. */
function textOf(message: PeerMessage): string {
  return isRaftMessage(message) ? describeMessage(message, () => "") : describePeerMessage(message);
}
