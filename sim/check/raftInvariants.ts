import {InvariantViolation} from "../../core/base/assert.ts";
import {checkState, checkTransition} from "../../core/raft/checks.ts";
import type {NodeFacts} from "../../core/raft/nodeFacts.ts";
import {factsOf} from "../../core/raft/nodeFacts.ts";
import type {RawNode} from "../../core/raft/rawNode.ts";
import type {EventRecord} from "../event.ts";
import type {WorldView} from "../view.ts";
import type {Checker, Violation} from "./checker.ts";
import {nameOf} from "./entries.ts";
import {say} from "./words.ts";

/** A node as it was, and what was true of it. */
interface Known {
  node: RawNode;
  readonly facts: NodeFacts;
}

/**
 * What must hold of one member's raft holds: of its state, and of every step it takes. core/raft/README.md, "Invariants".
 * Members with a planted bug are not asked: they are judged by what they do to the others.
 */
export class RaftInvariants implements Checker {
  readonly name = "Raft Invariants";
  readonly interest = {touching: true} as const;
  private readonly known: (Known | undefined)[] = [];
  private readonly ofAll: boolean;
  private count = 0;

  /** `ofAll`: members with a planted bug are asked too. */
  constructor(ofAll = false) {
    this.ofAll = ofAll;
  }

  exercised(): number {
    return this.count;
  }

  /** The twin's world has other nodes; it learns their facts as they are touched. */
  fork(): this {
    const twin = new RaftInvariants(this.ofAll);
    twin.count = this.count;
    return twin as this;
  }

  after(view: WorldView, event: EventRecord, touched: number | undefined): Violation | undefined {
    if (touched === undefined) return undefined;
    const member = view.members[touched - 1];
    const node = member?.server?.raft;
    if (node === undefined || member === undefined) return undefined;
    if (!this.ofAll && member.versions.length > 0) return undefined;
    this.count++;
    const known = this.known[touched];
    if (known?.node === node && known.facts.stillHold(node)) return undefined;
    try {
      const before = known?.node === node ? known.facts : undefined;
      checkState(node, undefined, before);
      if (known !== undefined && before !== undefined) {
        checkTransition(known.facts, node);
        factsOf(node, known.facts);
        return undefined;
      }
    } catch (error) {
      if (!(error instanceof InvariantViolation)) throw error;
      const said = say("invariantBroken", {member: nameOf(touched), message: error.message}, [
        nameOf(touched),
      ]);
      return {check: this.name, said, evidence: [event.id], step: event.step};
    }
    // Another life, or another world's.
    while (this.known.length <= touched) this.known.push(undefined);
    this.known[touched] = {node, facts: factsOf(node)};
    return undefined;
  }
}
