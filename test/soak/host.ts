// One member of a soak: a node, its disk, its state machine, and the work that the node wants done.
//
//   ready ──▶ messages ─────────────────────────────────────▶ network
//         ──▶ append ──▶ works ──operation by operation──▶ its messages, its receipt
//         ──▶ apply ──▶ batches ──entry by entry──▶ applied
//
// Without asyncStorageWrites all of that is done before `advance`, and no other Ready is taken before it.

import type {Entry, Index} from "../../core/raft/entry.ts";
import type {NodeFacts} from "../../core/raft/nodeFacts.ts";
import {factsOf} from "../../core/raft/nodeFacts.ts";
import type {RawNode} from "../../core/raft/rawNode.ts";
import type {AppendWork} from "../../core/raft/ready.ts";
import type {Disk} from "./disk.ts";

export class Host {
  readonly id: number;
  readonly disk: Disk;
  node: RawNode;
  facts: NodeFacts;
  /** Append work, oldest first, and how many operations of the first are done. */
  readonly works: AppendWork[] = [];
  place = 0;
  /** Entries to be applied, in batches as they were handed out, and how many of the first are. */
  readonly batches: (readonly Entry[])[] = [];
  batchPlace = 0;
  /** What the state machine holds. */
  applied: Index;
  /** Between a Ready and its `advance`. */
  busy = false;
  /** It is no member any more, knows it, and was switched off. */
  stopped = false;

  constructor(id: number, {disk, node}: {readonly disk: Disk; readonly node: RawNode}) {
    this.id = id;
    this.disk = disk;
    this.node = node;
    this.applied = node.lastApplied;
    this.facts = factsOf(node);
  }

  get sync(): boolean {
    return !this.node.config.asyncStorageWrites;
  }

  get hasWork(): boolean {
    if (this.works.length > 0 || this.batches.length > 0) return true;
    return this.busy || this.node.hasReady();
  }

  restart(node: RawNode, applied: Index): void {
    this.node = node;
    this.facts = factsOf(node);
    this.works.length = 0;
    this.place = 0;
    this.batches.length = 0;
    this.batchPlace = 0;
    this.applied = applied;
    this.busy = false;
  }
}
