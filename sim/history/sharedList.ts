// A list that only grows, shared by the worlds that forked from one another: a fork costs O(1). The longest of them
// appends in place; another one copies when it first appends.

export class SharedList<T> {
  private items: T[];
  private count: number;

  constructor(items: T[] = []) {
    this.items = items;
    this.count = items.length;
  }

  get length(): number {
    return this.count;
  }

  /** From 0; undefined outside. */
  at(index: number): T | undefined {
    return index < this.count ? this.items[index] : undefined;
  }

  push(item: T): void {
    if (this.items.length !== this.count) this.items = this.items.slice(0, this.count);
    this.items.push(item);
    this.count++;
  }

  /** Forgets all from `length` on. */
  truncate(length: number): void {
    this.count = Math.min(this.count, length);
  }

  /** The items as an array, not to be kept across a change. */
  view(): readonly T[] {
    if (this.items.length !== this.count) this.items = this.items.slice(0, this.count);
    return this.items;
  }

  /** The items as an array of its own. */
  copy(): readonly T[] {
    return this.items.slice(0, this.count);
  }

  fork(): SharedList<T> {
    const twin = new SharedList<T>();
    twin.items = this.items;
    twin.count = this.count;
    return twin;
  }
}
