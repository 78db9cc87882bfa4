// Who can reach whom, how long it takes, and what becomes of messages on the way. Directed cuts, one split into groups,
// loss between members, links that are treated by themselves (quality.ts); latency is drawn from a stream per link and
// message kind. Every message draws two values, latency and luck, even when a fault overrides them, so that a fault moves
// nobody else's luck (law 6).

import type {Hasher} from "../../core/base/hasher.ts";
import type {Micros} from "../../core/base/quantity.ts";
import {timeMax} from "../bounds.ts";
import type {Draws, StreamId} from "../random.ts";
import type {Between, Config} from "../run.ts";
import {latencyBetween, serversOf} from "../run.ts";
import type {LinkView, NetworkView} from "../view.ts";
import {digestData} from "../world/chain.ts";
import {chanceOf} from "./quality.ts";
import type {Chance, LinkQuality} from "./quality.ts";

/** A place on the network: members first (n1 is 0), then clients. */
export type Place = number;

/** A link's number: from · places + to. */
type LinkNumber = number;

const million = 1_000_000;

/** Of a link that is not there. */
const nowhere: Between = {least: 0, most: 0};

export class Network implements NetworkView {
  private readonly names: readonly string[];
  private readonly members: number;
  /** As configured, by link. */
  private readonly latencies: readonly Between[];
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
  /** What was set by hand of a link. Never written: replaced. */
  private qualities: ReadonlyMap<LinkNumber, Partial<LinkQuality>> = new Map();
  /** When all that a link with a bandwidth was given has left. */
  private busyUntil = new Map<LinkNumber, Micros>();
  /** From a client to a member that refuses it. Never written: replaced. */
  private refused: ReadonlySet<LinkNumber> = new Set();

  constructor(config: Config, names: readonly string[]) {
    this.names = names;
    this.members = serversOf(config);
    this.latencies = latenciesOf(config, names);
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

  // ---- links by themselves

  /** From now on; what `set` does not say stays as it is. */
  setLink(from: Place, to: Place, set: Partial<LinkQuality>): void {
    const link = this.link(from, to);
    const both: Partial<LinkQuality> = {...this.qualities.get(link), ...set};
    this.qualities = new Map(this.qualities).set(link, both);
    if (both.bytesPerSecond === 0) this.busyUntil.delete(link);
  }

  /** As configured again. */
  resetLink(from: Place, to: Place): void {
    const link = this.link(from, to);
    this.qualities = new Map([...this.qualities].filter(([one]) => one !== link));
    this.busyUntil.delete(link);
  }

  /** How a link treats what is sent now. */
  quality(from: Place, to: Place): LinkQuality {
    const link = this.link(from, to);
    return {
      latency: this.latency(from, to),
      lossPerMillion: this.isBetweenMembers(from, to) ? this.lossPerMillion : 0,
      duplicatePerMillion: 0,
      reorderPerMillion: 0,
      bytesPerSecond: 0,
      queueBytes: 0,
      ...this.qualities.get(link),
    };
  }

  latency(from: Place, to: Place): Between {
    const link = this.link(from, to);
    return this.qualities.get(link)?.latency ?? this.configured(link);
  }

  get links(): readonly LinkView[] {
    const found = [...this.qualities].sort(([a], [b]) => a - b);
    return found.map(([link, set]) => ({from: this.nameOf(link, "from"), to: this.nameOf(link, "to"), set}));
  }

  /** Draws what happens to one message: how long it takes, and what chance does to it. Two draws, always. */
  travel(
    draws: Draws,
    from: Place,
    to: Place,
    kind: string,
  ): {readonly latency: Micros; readonly chance: Chance} {
    const link = this.link(from, to);
    const stream = this.stream(draws, from, to, kind);
    const set = this.qualities.size === 0 ? undefined : this.qualities.get(link);
    const latency = drawBetween(draws, stream, set?.latency ?? this.configured(link));
    const luck = draws.next(stream, million);
    if (set === undefined) {
      const isLost = luck < this.lossPerMillion && this.isBetweenMembers(from, to);
      return {latency, chance: isLost ? "lost" : undefined};
    }
    const chance = chanceOf(luck, this.quality(from, to));
    return {latency: chance === "reordered" ? 2 * latency : latency, chance};
  }

  /** Whether some messages of the link may be overtaken by what was sent later. */
  mayReorder(from: Place, to: Place): boolean {
    if (this.qualities.size === 0) return false;
    return (this.qualities.get(this.link(from, to))?.reorderPerMillion ?? 0) > 0;
  }

  /** Whether messages of the link need time to leave. */
  isLimited(from: Place, to: Place): boolean {
    if (this.qualities.size === 0) return false;
    return (this.qualities.get(this.link(from, to))?.bytesPerSecond ?? 0) > 0;
  }

  /**
   * When a message that is given to a limited link at `now` has left it; undefined: there is no room for it. A client's
   * stream is TCP: what finds no room waits at its sender, and leaves when it would have with room enough.
   *
   *   now        busyUntil
   *    ├─ backlog ─┼─ message ─▶ leaves
   *    └──── at most queueBytes ┘
   */
  leave(from: Place, to: Place, now: Micros, bytes: number): Micros | undefined {
    const link = this.link(from, to);
    const {bytesPerSecond, queueBytes} = this.quality(from, to);
    const start = Math.max(now, this.busyUntil.get(link) ?? 0);
    const backlog = bytesIn(start - now, bytesPerSecond);
    const isFull = queueBytes > 0 && backlog + bytes > queueBytes;
    if (isFull && this.isBetweenMembers(from, to)) return undefined;
    const leaves = Math.min(now + timeMax, start + Math.ceil((bytes * million) / bytesPerSecond));
    this.busyUntil.set(link, leaves);
    return leaves;
  }

  // ---- connections of clients

  refuse(client: Place, member: Place): void {
    this.refused = new Set(this.refused).add(this.link(client, member));
  }

  accept(client: Place, member: Place): void {
    const link = this.link(client, member);
    this.refused = new Set([...this.refused].filter((one) => one !== link));
  }

  refuses(client: Place, member: Place): boolean {
    return this.refused.size > 0 && this.refused.has(this.link(client, member));
  }

  get refusals(): readonly (readonly [string, string])[] {
    const links = [...this.refused].sort((a, b) => a - b);
    return links.map((link) => [this.nameOf(link, "from"), this.nameOf(link, "to")] as const);
  }

  fork(): Network {
    const twin = Object.create(Network.prototype) as Network;
    return Object.assign(twin, this, {
      cut: this.cut.slice(),
      joined: this.joined.slice(),
      groupOf: this.groupOf.slice(),
      busyUntil: new Map(this.busyUntil),
    });
  }

  digest(into: Hasher, now: Micros): void {
    into.int(this.lossPerMillion);
    into.bytes(this.cut);
    into.bytes(this.joined);
    into.bytes(this.groupOf);
    digestData([this.links, this.refusals], into);
    for (const [link, until] of [...this.busyUntil].sort(([a], [b]) => a - b)) {
      if (until <= now) continue;
      into.int(link);
      into.int(until - now);
    }
  }

  private isBetweenMembers(from: Place, to: Place): boolean {
    return from < this.members && to < this.members;
  }

  private link(from: Place, to: Place): number {
    return from * this.names.length + to;
  }

  private configured(link: LinkNumber): Between {
    return this.latencies[link] ?? nowhere;
  }

  private nameOf(link: LinkNumber, end: "from" | "to"): string {
    const places = this.names.length;
    return this.names[end === "from" ? Math.floor(link / places) : link % places] ?? "";
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

/** By link: between two regions where both ends are in one, else as members or clients have it. */
function latenciesOf(config: Config, names: readonly string[]): readonly Between[] {
  const {peerLatency, clientLatency, regions} = config.network;
  const members = serversOf(config);
  const of = new Map(Object.entries(regions?.of ?? {}));
  return names.flatMap((from, a) =>
    names.map((to, b) => {
      const [here, there] = [of.get(from), of.get(to)];
      const far =
        regions === undefined || here === undefined || there === undefined
          ? undefined
          : latencyBetween(regions, here, there);
      return far ?? (a < members && b < members ? peerLatency : clientLatency);
    }),
  );
}

/** Bytes that leave in a time, rounded down: so what is still to leave never counts as more than it is. Exact. */
function bytesIn(time: Micros, bytesPerSecond: number): number {
  const seconds = Math.floor(time / million);
  return seconds * bytesPerSecond + Math.floor(((time % million) * bytesPerSecond) / million);
}

/** An integer between the two, both included. */
export function drawBetween(draws: Draws, stream: StreamId, {least, most}: Between): number {
  return least + draws.next(stream, most - least + 1);
}
