// Claims that look at nothing but the members' raft: they can be asked of a world, and of a space that has no world
// (explore/). There what a claim remembers is a part of the state, so it has a digest.

import type {MemberId} from "../../core/base/quantity.ts";
import type {Hasher} from "../../core/base/hasher.ts";
import type {RawNode} from "../../core/raft/rawNode.ts";
import type {EventRecord} from "../event.ts";
import type {Checker, Violation} from "./checker.ts";

/** Every world is one. */
export interface RaftView {
  /** Ascending ids: member n stands at n−1. `server` is absent while it is down. */
  readonly members: readonly {
    readonly id: MemberId;
    readonly incarnation: number;
    readonly server: {readonly raft: RawNode} | undefined;
  }[];
}

export type RaftEvent = Pick<EventRecord, "id" | "step" | "changes">;

export interface RaftClaim extends Checker {
  after(view: RaftView, event: RaftEvent, touched: MemberId | undefined): Violation | undefined;
  /** What decides how it will judge; not where it was seen, nor how often. */
  digest(into: Hasher): void;
}
