// A running 64-bit digest in two 32-bit lanes: integer multiplications only, equal in every engine, no allocation.
// It tells runs apart; it does not resist an adversary.

/** 16 lower-case hex digits. */
export type Hash = string;

const primeA = 0x9e3779b1;
const primeB = 0x85ebca77;
const primeC = 0xc2b2ae3d;

/** Takes integers, strings and bytes; each kind is framed, so that `"ab","c"` and `"a","bc"` differ. */
export class Hasher {
  private a: number;
  private b: number;

  constructor(a = 0x6a09e667, b = 0x3c6ef372) {
    this.a = a | 0;
    this.b = b | 0;
  }

  /** Mixes one 32-bit word. */
  word(word: number): void {
    let a = Math.imul(this.a ^ word, primeA);
    a = (a << 13) | (a >>> 19);
    let b = Math.imul((this.b + word) | 0, primeB);
    b = (b << 17) | (b >>> 15);
    this.a = Math.imul((a + b) | 0, primeC) ^ (b >>> 7);
    this.b = b ^ Math.imul(this.a, primeA);
  }

  /** Any safe integer. */
  int(value: number): void {
    this.word(value | 0);
    const high = Math.floor(value / 4294967296);
    if (high !== 0) this.word(high ^ 0x5bd1e995);
  }

  bool(value: boolean): void {
    this.word(value ? 1 : 2);
  }

  /** A string of any chars. */
  string(value: string): void {
    this.word(value.length);
    for (let i = 0; i < value.length; i++) this.word(value.charCodeAt(i));
  }

  bytes(value: Uint8Array): void {
    const length = value.length;
    this.word(length);
    // As `word` does, with the lanes at hand: most of what is hashed is bytes.
    let {a, b} = this;
    let i = 0;
    for (; i + 4 <= length; i += 4) {
      const word =
        (at(value, i) << 24) | (at(value, i + 1) << 16) | (at(value, i + 2) << 8) | at(value, i + 3);
      let mixed = Math.imul(a ^ word, primeA);
      mixed = (mixed << 13) | (mixed >>> 19);
      b = Math.imul((b + word) | 0, primeB);
      b = (b << 17) | (b >>> 15);
      a = Math.imul((mixed + b) | 0, primeC) ^ (b >>> 7);
      b ^= Math.imul(a, primeA);
    }
    this.a = a;
    this.b = b;
    let tail = 0;
    for (; i < length; i++) tail = (tail << 8) | at(value, i);
    this.word(tail);
  }

  /** The state's two lanes, to go on from or to compare without making a string. */
  lanes(): readonly [number, number] {
    return [this.a, this.b];
  }

  fork(): Hasher {
    return new Hasher(this.a, this.b);
  }

  hash(): Hash {
    return hex(this.a) + hex(this.b);
  }
}

function at(bytes: Uint8Array, index: number): number {
  return bytes[index] ?? 0;
}

function hex(lane: number): string {
  return (lane >>> 0).toString(16).padStart(8, "0");
}
