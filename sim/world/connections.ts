// The connections between clients and members: ordered streams, as TCP gives them. One that lost a message is broken:
// nothing more gets through it, and once the link carries again, both ends learn that it is gone. A member's crash
// closes its streams towards the clients.

import {assert} from "../../core/base/assert.ts";
import type {Hasher} from "../../core/base/hasher.ts";
import type {MemberId} from "../../core/base/quantity.ts";
import {watchWindow} from "../../core/server/watchSend.ts";

/** A stream as members number it: unlike those of other clients, and unmoved by a client more. */
export type StreamKey = number;

/** Streams that one client may open. */
const streamsPerClient = 1_000_000;

/** One stream. Never written: replaced. */
export interface Connection {
  readonly key: StreamKey;
  /** c1 is 0. */
  readonly client: number;
  readonly member: MemberId;
  /** The member's incarnation that took its first request; 0 before. */
  readonly incarnation: number;
  readonly clientOpen: boolean;
  readonly memberOpen: boolean;
  /** It lost a message, or was reset. */
  readonly broken: boolean;
  /** Of what was sent to its member, or to its client, something is missing: what comes behind it on that way is lost too. */
  readonly gapAtMember: boolean;
  readonly gapAtClient: boolean;
  /** It was reset: what is sent on it is lost to that. */
  readonly isReset: boolean;
  /** The news that it is gone is on its way. */
  readonly closing: boolean;
  /** Watch responses that the client took and has not given room back for. */
  readonly taken: number;
}

/** A client gives room back by half a window, so that the member never waits for it while responses flow. */
const giveBack = watchWindow / 2;

export function streamKey(client: number, stream: number): StreamKey {
  if (stream < 0 || stream >= streamsPerClient)
    assert(false, `a client opens at most ${streamsPerClient} streams`);
  return client * streamsPerClient + stream;
}

/** Whose stream a member's `key` is: the client's name and its own number. */
export function clientOfStream(key: StreamKey): {readonly client: string; readonly stream: number} {
  return {client: `c${Math.floor(key / streamsPerClient) + 1}`, stream: key % streamsPerClient};
}

export class Connections {
  private readonly byKey: Map<StreamKey, Connection>;

  constructor(byKey = new Map<StreamKey, Connection>()) {
    this.byKey = byKey;
  }

  open(client: number, stream: number, member: MemberId): void {
    const key = streamKey(client, stream);
    assert(!this.byKey.has(key), `client c${client + 1} opens stream ${stream} twice`);
    const whole = {broken: false, gapAtMember: false, gapAtClient: false, isReset: false};
    const state = {clientOpen: true, memberOpen: false, closing: false, ...whole};
    this.byKey.set(key, {key, client, member, incarnation: 0, ...state, taken: 0});
  }

  get(key: StreamKey): Connection | undefined {
    return this.byKey.get(key);
  }

  /** Changes what is known of a connection that is there. */
  change(key: StreamKey, to: Partial<Connection>): void {
    const known = this.byKey.get(key);
    if (known !== undefined) this.byKey.set(key, {...known, ...to});
  }

  /** The client took a watch response. Returns how much room it gives back now; 0 is none. */
  take(key: StreamKey): number {
    const taken = (this.byKey.get(key)?.taken ?? 0) + 1;
    const back = taken < giveBack ? 0 : taken;
    this.change(key, {taken: taken - back});
    return back;
  }

  delete(key: StreamKey): void {
    this.byKey.delete(key);
  }

  /** Those that match, by ascending key. */
  filter(match: (connection: Connection) => boolean): readonly Connection[] {
    return [...this.byKey.values()].filter(match).sort((a, b) => a.key - b.key);
  }

  fork(): Connections {
    return new Connections(new Map(this.byKey));
  }

  digest(into: Hasher): void {
    for (const connection of this.filter(() => true)) {
      into.int(connection.key);
      into.int(connection.member);
      into.int(connection.incarnation);
      into.int(connection.taken);
      into.word(
        (connection.clientOpen ? 1 : 0) |
          (connection.memberOpen ? 2 : 0) |
          (connection.broken ? 4 : 0) |
          (connection.closing ? 8 : 0) |
          (connection.isReset ? 16 : 0) |
          (connection.gapAtMember ? 32 : 0) |
          (connection.gapAtClient ? 64 : 0),
      );
    }
  }
}
