// A question's lines, filled in: placeholders drawn, each from a stream of its own, so that a table with one placeholder
// more moves nobody else's luck.

import type {Draws} from "../random.ts";
import type {Line, Load} from "./workload.ts";

const placeholders = /\{(?:(key|other|value|client|n)|draw:(\d{1,9})(?:\.\.(\d{1,9}))?)\}/g;

/** Who asks, and which of its questions it is. */
export interface Asking {
  readonly client: string;
  /** The load's place in the workload: values of two loads differ. */
  readonly place: number;
  /** From 1. */
  readonly n: number;
}

/** A number below `bound`, from a stream of that name. */
export type Below = (stream: string, bound: number) => number;

/** Draws of one client for one load. */
export function luckOf(draws: Draws, client: string, place: number): Below {
  return (stream, bound) => draws.next(draws.stream(`load${place}/${client}/${stream}`), bound);
}

export function filled(
  lines: readonly Line[],
  load: Pick<Load, "keys" | "padding">,
  asking: Asking,
  below: Below,
): readonly Line[] {
  const filling = new Filling(load, asking, below);
  return lines.map((line) => (typeof line === "string" && line.includes("{") ? filling.line(line) : line));
}

/** What placeholders stand for in one question. */
class Filling {
  private readonly keys: readonly string[];
  private readonly padding: number;
  private readonly asking: Asking;
  private readonly below: Below;
  private readonly drawn = new Map<string, string>();
  private place: number | undefined;

  constructor({keys = [], padding = 0}: Pick<Load, "keys" | "padding">, asking: Asking, below: Below) {
    this.keys = keys;
    this.padding = padding;
    this.asking = asking;
    this.below = below;
  }

  line(line: string): string {
    return line.replace(placeholders, (whole, name?: string, from?: string, to?: string) => {
      const known = this.drawn.get(whole) ?? (name === undefined ? this.number(from, to) : this.named(name));
      this.drawn.set(whole, known);
      return known;
    });
  }

  private named(name: string): string {
    const {client, place, n} = this.asking;
    switch (name) {
      case "key":
        return this.keys[this.keyPlace] ?? "";
      case "other":
        return this.keys[this.otherPlace] ?? "";
      case "value":
        return `${client}${place === 0 ? "" : `-${place}`}.${n}${this.pad}`;
      case "client":
        return client;
      default:
        return `${n}`;
    }
  }

  private number(from = "0", to?: string): string {
    const [least, most] = to === undefined ? [0, Number(from)] : [Number(from), Number(to)];
    return `${least + this.below("draw", most - least + 1)}`;
  }

  private get keyPlace(): number {
    return (this.place ??= this.below("key", Math.max(1, this.keys.length)));
  }

  /** Another than the key's, where there are two. */
  private get otherPlace(): number {
    const {length} = this.keys;
    return length < 2 ? 0 : (this.keyPlace + 1 + this.below("other", length - 1)) % length;
  }

  private get pad(): string {
    return this.padding === 0 ? "" : `.${"x".repeat(this.below("pad", this.padding + 1))}`;
  }
}
