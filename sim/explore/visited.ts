// The states that were met: of each its fingerprint, from which state and by which of its actions it was met first, and
// which actions sleep in it (reduction.ts). The states themselves are not kept: one is found again by going its path.
//
//   slots   open addressing: fingerprint → row + 1        rows   5 words each, in order of discovery
//
// Two states with one fingerprint would be taken for one. Among n states that happens with probability n² / 2^65: for
// ten million, 3 in a million.

const rowsAtFirst = 1024;
/** Slots per row, at least: a search then looks at one or two. */
const slotsPerRow = 2;

export class Visited {
  size = 0;
  private as = new Int32Array(rowsAtFirst);
  private bs = new Int32Array(rowsAtFirst);
  private parents = new Int32Array(rowsAtFirst);
  private actions = new Uint16Array(rowsAtFirst);
  private sleeps = new Int32Array(rowsAtFirst);
  private slots = new Int32Array(rowsAtFirst * slotsPerRow);

  /** Of all tables, the unused parts included. */
  get bytes(): number {
    const tables = [this.as, this.bs, this.parents, this.actions, this.sleeps, this.slots];
    return tables.reduce((sum, {byteLength}) => sum + byteLength, 0);
  }

  /** The state's row; its complement (~row, negative) if it was there already. */
  add(a: number, b: number, parent: number, action: number): number {
    const mask = this.slots.length - 1;
    let slot = a & mask;
    for (let row = this.slots[slot] ?? 0; row !== 0; row = this.slots[slot] ?? 0) {
      if (this.as[row - 1] === a && this.bs[row - 1] === b) return ~(row - 1);
      slot = (slot + 1) & mask;
    }
    const row = this.size++;
    this.slots[slot] = row + 1;
    this.as[row] = a;
    this.bs[row] = b;
    this.parents[row] = parent;
    this.actions[row] = action;
    if (this.size === this.as.length) this.grow();
    return row;
  }

  parentOf(row: number): number {
    return this.parents[row] ?? -1;
  }

  /** The place, among its parent's actions, of the one that led to it. */
  actionOf(row: number): number {
    return this.actions[row] ?? 0;
  }

  sleepOf(row: number): number {
    return this.sleeps[row] ?? 0;
  }

  setSleep(row: number, sleep: number): void {
    this.sleeps[row] = sleep;
  }

  private grow(): void {
    const rows = this.as.length * 2;
    this.as = longer(this.as, rows);
    this.bs = longer(this.bs, rows);
    this.parents = longer(this.parents, rows);
    this.sleeps = longer(this.sleeps, rows);
    const actions = new Uint16Array(rows);
    actions.set(this.actions);
    this.actions = actions;
    this.slots = new Int32Array(rows * slotsPerRow);
    const mask = this.slots.length - 1;
    for (let row = 0; row < this.size; row++) {
      let slot = (this.as[row] ?? 0) & mask;
      while (this.slots[slot] !== 0) slot = (slot + 1) & mask;
      this.slots[slot] = row + 1;
    }
  }
}

function longer(words: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const made = new Int32Array(length);
  made.set(words);
  return made;
}
