// The events that wait, least (due, seq) first: a binary heap. A fork copies the array, not the events; events are
// replaced, never written, because forks share them.

import type {Micros} from "../../core/base/quantity.ts";
import type {Pending} from "../event.ts";
import type {LaneIndex} from "./lanes.ts";

/** An event that waits, as the world keeps it: it also knows its lane's number. */
export interface Waiting extends Pending {
  readonly laneIndex: LaneIndex;
}

/** Whether `a` comes before `b` (law 8). */
export function earlier(a: Waiting, b: Waiting): boolean {
  return a.due < b.due || (a.due === b.due && a.seq < b.seq);
}

export class Queue {
  private readonly heap: Waiting[];

  constructor(heap: Waiting[] = []) {
    this.heap = heap;
  }

  get size(): number {
    return this.heap.length;
  }

  peek(): Waiting | undefined {
    return this.heap[0];
  }

  push(event: Waiting): void {
    this.heap.push(event);
    this.rise(this.heap.length - 1, event);
  }

  /** Takes the least. */
  pop(): Waiting | undefined {
    const least = this.heap[0];
    if (least !== undefined) this.removeAt(0);
    return least;
  }

  /** Takes one out of the middle; false when it is not there. O(n). */
  remove(event: Waiting): boolean {
    if (this.heap[0] === event) {
      this.removeAt(0);
      return true;
    }
    const at = this.heap.indexOf(event);
    if (at < 0) return false;
    this.removeAt(at);
    return true;
  }

  /** Takes out all that `match`, least first. O(n log n). */
  removeAll(match: (event: Waiting) => boolean): readonly Waiting[] {
    const out: Waiting[] = [];
    const rest: Waiting[] = [];
    for (const event of this.heap) (match(event) ? out : rest).push(event);
    if (out.length === 0) return out;
    this.heap.length = 0;
    for (const event of rest) this.push(event);
    return out.sort(byOrder);
  }

  /** Puts others in the place of some, at the same time and sequence number; undefined leaves one as it is. */
  replace(change: (event: Waiting) => Waiting | undefined): void {
    for (const [at, event] of this.heap.entries()) this.heap[at] = change(event) ?? event;
  }

  /** All, in order. A fresh array. */
  sorted(): Waiting[] {
    return this.heap.slice().sort(byOrder);
  }

  /** Those due at `limit` or before, in no order that means anything. A fresh array. O(how many they are). */
  upTo(limit: Micros): Waiting[] {
    const {heap} = this;
    const found: Waiting[] = [];
    // Nothing below a late one is earlier: the walk turns back there.
    const places = [0];
    for (let place = places.pop(); place !== undefined; place = places.pop()) {
      const event = heap[place];
      if (event === undefined || event.due > limit) continue;
      found.push(event);
      places.push(2 * place + 1, 2 * place + 2);
    }
    return found;
  }

  /** All, in no order that means anything. */
  all(): readonly Waiting[] {
    return this.heap;
  }

  fork(): Queue {
    return new Queue(this.heap.slice());
  }

  private removeAt(at: number): void {
    const last = this.heap.pop();
    if (last === undefined || at >= this.heap.length) return;
    const parent = this.heap[(at - 1) >> 1];
    if (at > 0 && parent !== undefined && earlier(last, parent)) this.rise(at, last);
    else this.sink(at, last);
  }

  private rise(from: number, event: Waiting): void {
    const {heap} = this;
    let at = from;
    while (at > 0) {
      const up = (at - 1) >> 1;
      const parent = heap[up];
      if (parent === undefined || !earlier(event, parent)) break;
      heap[at] = parent;
      at = up;
    }
    heap[at] = event;
  }

  private sink(from: number, event: Waiting): void {
    const {heap} = this;
    let at = from;
    for (;;) {
      let down = 2 * at + 1;
      let child = heap[down];
      if (child === undefined) break;
      const right = heap[down + 1];
      if (right !== undefined && earlier(right, child)) {
        child = right;
        down++;
      }
      if (!earlier(child, event)) break;
      heap[at] = child;
      at = down;
    }
    heap[at] = event;
  }
}

function byOrder(a: Waiting, b: Waiting): number {
  return a.due - b.due || a.seq - b.seq;
}
