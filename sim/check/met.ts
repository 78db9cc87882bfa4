// The search's memory of where it was: sets of four int32 lanes, by open addressing in one array.

const slotsAtFirst = 64;
const lanes = 4;

export class Met {
  private size = 0;
  private slots = new Int32Array(slotsAtFirst * lanes);

  /** False if it was there already. 128 bits: an accidental meeting is not expected. */
  add(a: number, b: number, x: number, y: number): boolean {
    const {slots} = this;
    // Nothing at all is an empty slot.
    const lead = a === 0 && b === 0 && x === 0 && y === 0 ? 1 : a;
    const mask = slots.length / lanes - 1;
    let at = (mixed(lead, b, x, y) & mask) * lanes;
    for (;;) {
      const [one, two, three, four] = [slots[at], slots[at + 1], slots[at + 2], slots[at + 3]];
      if (one === lead && two === b && three === x && four === y) return false;
      if (one === 0 && two === 0 && three === 0 && four === 0) break;
      at = (at + lanes) & (slots.length - 1);
    }
    this.write(at, lead, b, x, y);
    if (++this.size * 2 > mask) this.grow();
    return true;
  }

  private write(at: number, a: number, b: number, x: number, y: number): void {
    this.slots[at] = a;
    this.slots[at + 1] = b;
    this.slots[at + 2] = x;
    this.slots[at + 3] = y;
  }

  private grow(): void {
    const old = this.slots;
    this.slots = new Int32Array(old.length * 2);
    this.size = 0;
    for (let at = 0; at < old.length; at += lanes) {
      const [a = 0, b = 0, x = 0, y = 0] = [old[at], old[at + 1], old[at + 2], old[at + 3]];
      if (a !== 0 || b !== 0 || x !== 0 || y !== 0) this.add(a, b, x, y);
    }
  }
}

function mixed(a: number, b: number, x: number, y: number): number {
  let word =
    Math.imul(a ^ Math.imul(x, 0x9e3779b1), 0x85ebca77) ^ Math.imul(b ^ Math.imul(y, 0xc2b2ae3d), 0x27d4eb2f);
  word = Math.imul(word ^ (word >>> 15), 0x2c1b3c6d);
  return word ^ (word >>> 13);
}
