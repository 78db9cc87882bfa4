// The search's memory of where it was: what of that which must happen has a place, and the state, four int32 lanes by open
// addressing in one array; and for each the sets of what need not have happened but did, as bits. Where nothing more
// happened than when it was there before, nothing new can be found.

const slotsAtFirst = 4;
const setsAtFirst = 4;
/** The place's four lanes, and where its first set is (0: none). */
const lanes = 4;

export class Met {
  /** Words of a set. */
  private readonly words: number;
  private size = 0;
  private slots = new Int32Array(slotsAtFirst * lanes);
  private heads = new Int32Array(slotsAtFirst);
  /** Sets, from 1: their words, and the next of the same place (0: none). */
  private count = 0;
  private sets: Int32Array;
  private nexts = new Int32Array(setsAtFirst);

  /** `words`: of a set, 32 bits each. */
  constructor(words: number) {
    this.words = words;
    this.sets = new Int32Array(setsAtFirst * words);
  }

  /** False if it was there with no more than `set`. 128 bits: an accidental meeting of places is not expected. */
  add(a: number, b: number, x: number, y: number, set: Int32Array): boolean {
    const slot = this.slotOf(a, b, x, y);
    let last = 0;
    for (let one = this.heads[slot] ?? 0; one !== 0; one = this.nexts[one] ?? 0) {
      if (this.isWithin(one, set)) return false;
      if (this.holds(one, set)) this.drop(slot, last, one);
      else last = one;
    }
    this.insert(slot, set);
    return true;
  }

  /** Where the place stands; a new one where it does not. */
  private slotOf(a: number, b: number, x: number, y: number): number {
    if (this.size * 2 >= this.heads.length) this.grow();
    const {slots, heads} = this;
    const mask = heads.length - 1;
    let slot = mixed(a, b, x, y) & mask;
    for (; heads[slot] !== 0; slot = (slot + 1) & mask) {
      const at = slot * lanes;
      if (slots[at] === a && slots[at + 1] === b && slots[at + 2] === x && slots[at + 3] === y) return slot;
    }
    slots[slot * lanes] = a;
    slots[slot * lanes + 1] = b;
    slots[slot * lanes + 2] = x;
    slots[slot * lanes + 3] = y;
    this.size++;
    return slot;
  }

  /** Whether all of a known set is in `set`. */
  private isWithin(one: number, set: Int32Array): boolean {
    const {words, sets} = this;
    for (let i = 0; i < words; i++) if (((sets[one * words + i] ?? 0) & ~(set[i] ?? 0)) !== 0) return false;
    return true;
  }

  /** Whether a known set has all of `set`. */
  private holds(one: number, set: Int32Array): boolean {
    const {words, sets} = this;
    for (let i = 0; i < words; i++) if (((set[i] ?? 0) & ~(sets[one * words + i] ?? 0)) !== 0) return false;
    return true;
  }

  private drop(slot: number, before: number, one: number): void {
    const next = this.nexts[one] ?? 0;
    if (before === 0) this.heads[slot] = next;
    else this.nexts[before] = next;
  }

  private insert(slot: number, set: Int32Array): void {
    const one = ++this.count;
    if (one >= this.nexts.length) {
      this.nexts = longer(this.nexts);
      this.sets = longer(this.sets);
    }
    this.sets.set(set, one * this.words);
    this.nexts[one] = this.heads[slot] ?? 0;
    this.heads[slot] = one;
  }

  private grow(): void {
    const {slots, heads} = this;
    this.slots = new Int32Array(slots.length * 2);
    this.heads = new Int32Array(heads.length * 2);
    this.size = 0;
    for (let slot = 0; slot < heads.length; slot++) {
      if (heads[slot] === 0) continue;
      const [a = 0, b = 0, x = 0, y = 0] = slots.subarray(slot * lanes, slot * lanes + lanes);
      this.heads[this.slotOf(a, b, x, y)] = heads[slot] ?? 0;
    }
  }
}

function longer(words: Int32Array): Int32Array<ArrayBuffer> {
  const made = new Int32Array(words.length * 2);
  made.set(words);
  return made;
}

function mixed(a: number, b: number, x: number, y: number): number {
  let word =
    Math.imul(a ^ Math.imul(x, 0x9e3779b1), 0x85ebca77) ^ Math.imul(b ^ Math.imul(y, 0xc2b2ae3d), 0x27d4eb2f);
  word = Math.imul(word ^ (word >>> 15), 0x2c1b3c6d);
  return word ^ (word >>> 13);
}
