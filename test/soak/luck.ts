// The soak's own small generator (mulberry32): integers only, and one state that is set anew for each event, so that an
// event left out changes no other one's luck.

export class Luck {
  private state = 0;

  /** Everything drawn from here on follows from these two. */
  begin(seed: number, event: number): void {
    this.state = mix(Math.imul(seed + 1, 0x9e3779b1) ^ mix(event + 0x7f4a7c15)) | 0;
  }

  /** An integer in [0, bound), bound up to 2^16 or so. */
  below(bound: number): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    return mix(this.state) % bound;
  }

  /** True `times` times in `of`. */
  once(times: number, of: number): boolean {
    return this.below(of) < times;
  }

  /** One of them, at least one. */
  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }
}

function mix(value: number): number {
  let bits = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
