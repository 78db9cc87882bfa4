// Small byte arrays, cut one after the other from larger blocks: one with memory of its own costs an engine ten times as
// much, as soon as it has more than 64 bytes. A block lives as long as anything that was cut from it, so what is cut from
// one slab should live about as long. Two forks may share one: no byte is given out twice.

const blockBytes = 16_384;
/** What is larger than this gets memory of its own. */
const pieceMax = 2048;

export class Slab {
  private block: ArrayBuffer | undefined;
  private used = 0;

  /** Zeros. Beside them in the same memory stand others' bytes: the array is to be copied before it is given away whole. */
  take(length: number): Uint8Array {
    if (length > pieceMax) return new Uint8Array(length);
    if (this.block === undefined || this.used + length > blockBytes) {
      this.block = new ArrayBuffer(blockBytes);
      this.used = 0;
    }
    const piece = new Uint8Array(this.block, this.used, length);
    this.used += length;
    return piece;
  }

  /** A copy. */
  copy(bytes: Uint8Array): Uint8Array {
    const piece = this.take(bytes.length);
    piece.set(bytes);
    return piece;
  }
}
