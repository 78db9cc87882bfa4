// Disks for tests: operations in short hand, asked for and done; what a file holds, as text.

import type {DiskOp} from "../../../core/storage/disk.ts";
import {Disk} from "../../../sim/disk/disk.ts";
import type {DiskOutcome} from "../../../sim/disk/disk.ts";
import type {DiskFault} from "../../../sim/disk/fault.ts";

/** Does operations one after the other, each until it is done. Numbers go on from one call to the next. */
export class Hand {
  readonly disk: Disk;
  private op = 0;

  constructor(disk = new Disk()) {
    this.disk = disk;
  }

  /** How each ended. */
  do(...operations: readonly DiskOp[]): readonly (DiskOutcome | undefined)[] {
    return operations.map((operation) => this.disk.complete(this.ask(operation)));
  }

  /** Asks for one that is not done yet; its number. */
  ask(operation: DiskOp): number {
    this.disk.submit(++this.op, operation);
    return this.op;
  }

  strike(...faults: readonly DiskFault[]): this {
    for (const fault of faults) this.disk.strike(fault, {now: 0, isDown: false});
    return this;
  }

  /** A crash in which everything survives that may. */
  crashKeeping(): this {
    this.disk.crash(() => 1);
    return this;
  }

  /** A crash in which nothing survives that need not. */
  crashLosing(): this {
    this.disk.crash(() => 0);
    return this;
  }

  text(file = "wal"): string {
    return String.fromCharCode(...this.disk.read(file, 0, this.disk.size(file)));
  }
}

export function write(file: string, at: number, text: string): DiskOp {
  return {kind: "write", file, at, bytes: Uint8Array.from(text, (char) => char.charCodeAt(0))};
}

export const sync = (file: string): DiskOp => ({kind: "sync", file});
export const unlink = (file: string): DiskOp => ({kind: "unlink", file});
export const rename = (file: string, to: string): DiskOp => ({kind: "rename", file, to});
export const syncDir: DiskOp = {kind: "syncDir"};

/** A file that is there for good. */
export function holding(text: string, file = "wal"): Hand {
  const hand = new Hand();
  hand.do(write(file, 0, text), sync(file), syncDir);
  return hand;
}

/** A letter for each sector, of a text whose sectors hold one letter each. */
export function lettersOf(text: string): string {
  let letters = "";
  for (let at = 0; at < text.length; at += 512) letters += text[at] === "\0" ? "0" : text[at];
  return letters;
}

/** 512 times each letter. */
export function sectors(letters: string): string {
  return [...letters].map((letter) => letter.repeat(512)).join("");
}
