import type {MemberId} from "../../core/base/quantity.ts";
import type {Said} from "../../core/base/said.ts";
import type {EntryId} from "../../core/raft/entry.ts";
import type {Server} from "../../core/server/server.ts";
import type {Change, EventRecord} from "../event.ts";
import {SharedList} from "../history/sharedList.ts";
import type {WorldView} from "../view.ts";
import {lacks} from "./durableLog.ts";
import {nameOf} from "./entries.ts";
import type {Booted, Heard, PromiseKind} from "./promises.ts";
import {Promises} from "./promises.ts";
import {say} from "./words.ts";

/** A revision that a client was shown, and the last entry that is known to be in it. */
interface Shown extends EntryId {
  readonly client: string;
  readonly revision: number;
}

/**
 * What a member showed a client is durable on that member: it applies what is committed once it is on its own disk. etcd,
 * api_guarantees: "any completed operations are durable … a read will never return data that has not been made durable".
 */
export function durableAnswers(): Promises<Shown> {
  return new Promises(new Answers());
}

class Answers implements PromiseKind<Shown> {
  readonly name = "Durable Answers";
  readonly interest = {payloads: ["response"], changes: ["revision"]} as const;
  /** By revision, the same on all members: the entry that made it, or one before. Who shows the revision has that one. */
  private revisions = new SharedList<EntryId | undefined>();

  fork(): Answers {
    const twin = new Answers();
    twin.revisions = this.revisions.fork();
    return twin;
  }

  heard(_view: WorldView, {payload, changes, cause}: EventRecord): Heard<Shown> | undefined {
    if (payload.kind !== "response" || payload.response.result.kind === "error") return undefined;
    for (const {kind} of changes) if (kind === "lost") return undefined;
    const {client, from, response, sent} = payload;
    const {revision} = response.header;
    const entry = this.revisions.at(Math.min(revision, this.revisions.length - 1));
    if (entry === undefined) return undefined;
    const {index, term} = entry;
    return {by: from, promise: {index, term, client, revision}, at: sent, step: cause};
  }

  isMore({revision}: Shown, than: Shown): boolean {
    return revision > than.revision;
  }

  /** What was applied is never taken back. */
  left(shown: Shown | undefined, server: Server, {changes}: EventRecord): Shown | undefined {
    for (const change of changes) if (change.kind === "revision") this.note(change.revision, server, changes);
    return shown;
  }

  /** The store may have it though the log has not. */
  broken(shown: Shown, of: MemberId, booted: Booted, server: Server | undefined): Said | undefined {
    const {client, revision, index, term} = shown;
    if (booted.appliedIndex >= index || !lacks(shown, booted, server?.raft)) return undefined;
    const member = nameOf(of);
    return say("answerForgotten", {member, client, revision, index, term}, [member, client]);
  }

  /**
   * A store came to a revision that none had before. Each entry makes one at most, so of several that were applied at once
   * the first that was not known was not made before the first of them. A snapshot does not tell.
   */
  private note(revision: number, {raft}: Server, changes: readonly Change[]): void {
    const {revisions} = this;
    const applied = changes.find(({kind}) => kind === "apply");
    while (revisions.length < firstMade) revisions.push(undefined);
    for (let index = applied?.kind === "apply" ? applied.from : 0; revisions.length <= revision; index++) {
      const term = applied === undefined ? undefined : raft.termAt(index);
      revisions.push(term === undefined ? revisions.at(revisions.length - 1) : {index, term});
    }
  }
}

/** A store is at revision 1 before anything is applied. */
const firstMade = 2;
