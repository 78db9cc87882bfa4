// Who can reach whom, and how long it takes. Directed cuts, one split into groups, loss between members; latency is
// drawn from a stream per link and message kind. Every message draws two values, latency and loss, even when a fault
// overrides them, so that a fault moves nobody else's luck (law 6).

import type {Hasher} from "../../core/base/hasher.ts";
import type {Micros} from "../../core/base/quantity.ts";
import type {Draws, StreamId} from "../random.ts";
import type {Between, Config} from "../run.ts";
import {serversOf} from "../run.ts";
import type {NetworkView} from "../view.ts";

/** A place on the network: members first (n1 is 0), then clients. */
export type Place = number;

const million = 1_000_000;

export class Network implements NetworkView {
  private readonly names: readonly string[];
  private readonly members: number;
  private readonly config: Config["network"];
  /** Streams by link and kind; names only, so forks share it. */
  private readonly streams: Map<string, StreamId>[];
  private lossPerMillion: number;
  /** By from · places + to: 1 is cut. */
  private cut: Uint8Array;
  /** Like `cut`: 1 is healed by hand although a split divides the two. */
  private joined: Uint8Array;
  /** Group of a place in the split in force, from 1; 0 is in none. */
  private groupOf: Uint8Array;
  groups: readonly (readonly string[])[] = [];

  constructor(config: Config, names: readonly string[]) {
    this.names = names;
    this.members = serversOf(config);
    this.config = config.network;
    this.lossPerMillion = config.network.lossPerMillion;
    this.streams = Array.from({length: names.length * names.length}, () => new Map());
    this.cut = new Uint8Array(names.length * names.length);
    this.joined = new Uint8Array(names.length * names.length);
    this.groupOf = new Uint8Array(names.length);
  }

  /** The place of `n2` or `c1`; undefined when there is none of that name. */
  place(name: string): Place | undefined {
    const at = this.names.indexOf(name);
    return at < 0 ? undefined : at;
  }

  blocked(from: string, to: string): boolean {
    const [a, b] = [this.place(from), this.place(to)];
    return a !== undefined && b !== undefined && this.blockedAt(a, b);
  }

  blockedAt(from: Place, to: Place): boolean {
    const link = this.link(from, to);
    if (this.cut[link] === 1) return true;
    const [a, b] = [this.groupOf[from], this.groupOf[to]];
    return a !== 0 && b !== 0 && a !== b && this.joined[link] !== 1;
  }

  get cuts(): readonly (readonly [string, string])[] {
    const found: [string, string][] = [];
    for (const [a, from] of this.names.entries()) {
      for (const [b, to] of this.names.entries()) if (this.cut[this.link(a, b)] === 1) found.push([from, to]);
    }
    return found;
  }

  cutLink(from: Place, to: Place, oneWay: boolean): void {
    this.cut[this.link(from, to)] = 1;
    if (!oneWay) this.cut[this.link(to, from)] = 1;
  }

  /** Instead of the split in force, if there is one. */
  split(groups: readonly (readonly string[])[]): void {
    this.groups = groups;
    this.groupOf.fill(0);
    this.joined.fill(0);
    for (const [i, group] of groups.entries()) {
      for (const name of group) {
        const place = this.place(name);
        if (place !== undefined) this.groupOf[place] = i + 1;
      }
    }
  }

  healAll(): void {
    this.cut.fill(0);
    this.split([]);
  }

  healLink(a: Place, b: Place): void {
    for (const link of [this.link(a, b), this.link(b, a)]) {
      this.cut[link] = 0;
      this.joined[link] = 1;
    }
  }

  lose(perMillion: number): void {
    this.lossPerMillion = perMillion;
  }

  /** Draws what happens to one message: how long it takes, and whether chance loses it. Two draws, always. */
  travel(
    draws: Draws,
    from: Place,
    to: Place,
    kind: string,
  ): {readonly latency: Micros; readonly lost: boolean} {
    const stream = this.stream(draws, from, to, kind);
    const between = from < this.members && to < this.members;
    const latency = drawBetween(draws, stream, between ? this.config.peerLatency : this.config.clientLatency);
    const luck = draws.next(stream, million);
    return {latency, lost: between && luck < this.lossPerMillion};
  }

  fork(): Network {
    const twin = Object.create(Network.prototype) as Network;
    return Object.assign(twin, this, {
      cut: this.cut.slice(),
      joined: this.joined.slice(),
      groupOf: this.groupOf.slice(),
    });
  }

  digest(into: Hasher): void {
    into.int(this.lossPerMillion);
    into.bytes(this.cut);
    into.bytes(this.joined);
    into.bytes(this.groupOf);
  }

  private link(from: Place, to: Place): number {
    return from * this.names.length + to;
  }

  private stream(draws: Draws, from: Place, to: Place, kind: string): StreamId {
    const kinds = this.streams[this.link(from, to)];
    const known = kinds?.get(kind);
    if (known !== undefined) return known;
    const made = draws.stream(`net/${this.names[from]}→${this.names[to]}/${kind}`);
    kinds?.set(kind, made);
    return made;
  }
}

/** An integer between the two, both included. */
export function drawBetween(draws: Draws, stream: StreamId, {least, most}: Between): number {
  return least + draws.next(stream, most - least + 1);
}
