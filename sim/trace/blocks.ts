// The blocks that a trace file is made of, so that it can be written while the run goes on and be read as far as it got.
//
//   89 'e' 't' 'r' 0d 0a 1a 0a │ kind length checksum payload │ kind length checksum payload │ …
//                                 1    4      4    `length`
//
// The checksum is CRC-32C of payload, kind and length, going on from the block before: a block that is changed, left out
// or moved is noticed. The first bytes are as PNG's: whoever takes the file for text, and converts its line ends, breaks them.

import {crc32c} from "../../core/base/checksum.ts";
import {Writer} from "../../core/base/codec.ts";
import {bytesOfKey, keyFromText} from "../../core/base/key.ts";

/** `head` first, `end` last; between them what happened. */
export const blockKinds = {head: 1, events: 2, end: 3} as const;

export type BlockKind = keyof typeof blockKinds;

export interface Block {
  readonly kind: BlockKind;
  readonly payload: Uint8Array;
}

const magic = Uint8Array.of(0x89, 0x65, 0x74, 0x72, 0x0d, 0x0a, 0x1a, 0x0a);
const frameBytes = 9;

/** Makes one block after the other. */
export class BlockWriter {
  private sum = 0;
  private isFirst = true;

  /** The bytes of the next block; before the first stand the file's own. */
  block({kind, payload}: Block): Uint8Array {
    const into = new Writer(magic.length + frameBytes + payload.length);
    if (this.isFirst) into.raw(magic);
    this.isFirst = false;
    this.sum = sumOf(this.sum, blockKinds[kind], payload);
    into.byte(blockKinds[kind]);
    into.uint32(payload.length);
    into.uint32(this.sum);
    into.raw(payload);
    return into.finish();
  }
}

export interface Blocks {
  readonly blocks: readonly Block[];
  /** What is wrong with the file and where; undefined where it ends with a whole block. */
  readonly problem?: {
    readonly at: number;
    readonly what: "cut" | "damaged";
  };
}

/** Whether bytes begin as a trace file does. */
export function hasMagic(bytes: Uint8Array): boolean {
  return bytes.length >= magic.length && magic.every((byte, i) => bytes[i] === byte);
}

/** Whether they are a trace file's, whose line ends something converted. */
export function wasConverted(bytes: Uint8Array): boolean {
  return bytes[1] === 0x65 && bytes[2] === 0x74 && bytes[3] === 0x72 && !hasMagic(bytes);
}

/** All whole blocks of a file. A last block that is not whole was being written when its writer died: the file is cut. */
export function readBlocks(bytes: Uint8Array): Blocks {
  const blocks: Block[] = [];
  const numbers = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = magic.length;
  let sum = 0;
  while (at < bytes.length) {
    if (bytes.length - at < frameBytes) return {blocks, problem: {at, what: "cut"}};
    const length = numbers.getUint32(at + 1, true);
    const end = at + frameBytes + length;
    if (end > bytes.length) return {blocks, problem: {at, what: "cut"}};
    const kind = kindOf(bytes[at]);
    const payload = bytes.subarray(at + frameBytes, end);
    sum = sumOf(sum, bytes[at] ?? 0, payload);
    if (kind === undefined || sum !== numbers.getUint32(at + 5, true))
      return {blocks, problem: {at, what: end === bytes.length ? "cut" : "damaged"}};
    blocks.push({kind, payload});
    at = end;
  }
  return {blocks};
}

function sumOf(before: number, kind: number, payload: Uint8Array): number {
  const frame = new Writer(8);
  frame.byte(kind);
  frame.uint32(payload.length);
  return crc32c(frame.finish(), crc32c(payload, before));
}

function kindOf(byte: number | undefined): BlockKind | undefined {
  for (const [kind, number] of Object.entries(blockKinds)) if (number === byte) return kind as BlockKind;
  return undefined;
}

/** Plain data as JSON in UTF-8. */
export function bytesOfJson(value: unknown): Uint8Array {
  return bytesOfKey(keyFromText(JSON.stringify(value)));
}
