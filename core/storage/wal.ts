// The write-ahead log of a running member: turns batches into disk operations and knows when they are done. It keeps no
// bytes; what was written is read back only at boot (readWal.ts).
//
// One batch is on its way at a time. It is done when all its operations are: a batch that must be synced is then
// durable. Opening is the first batch, and it always ends with a sync: bytes that were read back after a crash of the
// process alone may not be durable yet, and nothing may be said on their strength before they are.

import {assert} from "../base/assert.ts";
import {Writer} from "../base/codec.ts";
import type {Hasher} from "../base/hasher.ts";
import type {MemberId} from "../base/quantity.ts";
import type {Entry, HardState} from "../raft/entry.ts";
import type {Snapshot} from "../raft/snapshot.ts";
import type {DiskOp} from "./disk.ts";
import type {WalContents} from "./readWal.ts";
import {walFile, walFormat} from "./readWal.ts";
import {writeRecord} from "./record.ts";

/** A disk operation and the number under which its completion comes back. */
export interface DiskCommand {
  readonly op: number;
  readonly do: DiskOp;
}

/** What is to be written, in this order: the snapshot, the entries, the hard state. */
export interface WalBatch {
  readonly snapshot: Snapshot | undefined;
  readonly entries: readonly Entry[];
  readonly hardState: HardState | undefined;
  readonly mustSync: boolean;
}

export class Wal {
  private written: number;
  private crc: number;
  private durable: number;
  private nextOp = 1;
  /** Operations that have not completed. */
  private readonly pending = new Set<number>();
  /** Whether the batch on its way ends with a sync. */
  private syncing = false;

  /** Goes on behind what was read: see {@link Wal.open}. */
  constructor(contents: {readonly offset: number; readonly crc: number}) {
    this.written = contents.offset;
    this.crc = contents.crc;
    this.durable = 0;
  }

  /** Bytes of all records handed to the disk. */
  get bytes(): number {
    return this.written;
  }

  /** Bytes known to survive a crash. */
  get durableBytes(): number {
    return this.durable;
  }

  /** Whether the batch before is done, so that the next may go. */
  get idle(): boolean {
    return this.pending.size === 0;
  }

  /** The operations that make the file fit to be appended to: cuts a torn tail, writes the first record of a new log. */
  open(contents: WalContents, member: MemberId): readonly DiskCommand[] {
    const commands: DiskCommand[] = [];
    if (contents.torn > 0)
      commands.push(this.command({kind: "truncate", file: walFile, size: contents.offset}));
    if (contents.member === undefined) {
      const writer = new Writer();
      this.crc = writeRecord(writer, {kind: "metadata", format: walFormat, member}, this.crc);
      commands.push(this.write(writer));
    }
    commands.push(this.command({kind: "sync", file: walFile}));
    // The file's name must survive too.
    if (contents.member === undefined) commands.push(this.command({kind: "syncDir"}));
    this.syncing = true;
    return commands;
  }

  /** The operations that write the batches as one. Empty when there is nothing to write or sync: they are done then. */
  append(batches: readonly WalBatch[]): readonly DiskCommand[] {
    assert(this.idle, "a batch was appended to the log while another was on its way");
    const commands: DiskCommand[] = [];
    const writer = new Writer();
    let mustSync = false;
    for (const batch of batches) {
      const {snapshot} = batch;
      if (snapshot !== undefined) this.crc = writeRecord(writer, {kind: "snapshot", snapshot}, this.crc);
      for (const entry of batch.entries) this.crc = writeRecord(writer, {kind: "entry", entry}, this.crc);
      if (batch.hardState !== undefined) {
        this.crc = writeRecord(writer, {kind: "hardState", hardState: batch.hardState}, this.crc);
      }
      mustSync ||= batch.mustSync || snapshot !== undefined;
    }
    if (writer.length > 0) commands.push(this.write(writer));
    if (mustSync) commands.push(this.command({kind: "sync", file: walFile}));
    this.syncing = mustSync;
    return commands;
  }

  /** An operation completed. With the last one of a batch the log is idle again. */
  completed(op: number): void {
    assert(this.pending.delete(op), `disk operation ${op} completed, which is not on its way`);
    if (this.syncing && this.idle) this.durable = this.written;
  }

  fork(): Wal {
    const twin = new Wal({offset: this.written, crc: this.crc});
    twin.durable = this.durable;
    twin.nextOp = this.nextOp;
    twin.syncing = this.syncing;
    for (const op of this.pending) twin.pending.add(op);
    return twin;
  }

  digest(into: Hasher): void {
    into.int(this.written);
    into.int(this.crc);
    into.bool(this.syncing);
    // Operations are numbered and completed in order of issue per file, so ascending; their distance to the next number
    // is what matters.
    for (const op of [...this.pending].sort((a, b) => a - b)) into.int(this.nextOp - op);
  }

  private write(writer: Writer): DiskCommand {
    const command = this.command({kind: "write", file: walFile, at: this.written, bytes: writer.finish()});
    this.written += writer.length;
    return command;
  }

  private command(operation: DiskOp): DiskCommand {
    const op = this.nextOp++;
    this.pending.add(op);
    return {op, do: operation};
  }
}
