// What a member has said to others that must stay true whatever happens to it: votes, acknowledgements, answers.

import type {MemberId} from "../../../core/base/quantity.ts";
import {noMember} from "../../../core/base/quantity.ts";
import type {EntryId, Index, Term} from "../../../core/raft/entry.ts";

/** Never written: replaced. */
export interface Promises {
  /** The term that it was in when it said something that counts. */
  readonly term: Term;
  /** Whom it gave its vote in that term. */
  readonly votedFor: MemberId;
  /** Entries that it said it has, each standing for all before it too; ascending. */
  readonly held: readonly EntryId[];
  /** The last entry that an answer to a client rests on. */
  readonly answered: EntryId;
}

export const nothingPromised: Promises = {
  term: 0,
  votedFor: noMember,
  held: [],
  answered: {index: 0, term: 0},
};

/** It said something in a term: it never goes back behind that. */
export function inTerm(promises: Promises, term: Term): Promises {
  return term > promises.term ? {...promises, term, votedFor: noMember} : promises;
}

export function voted(promises: Promises, term: Term, candidate: MemberId): Promises {
  return {...inTerm(promises, term), votedFor: candidate};
}

/** It said to the leader of `term` that it holds its log up to the entry. */
export function holds(promises: Promises, term: Term, entry: EntryId): Promises {
  const held = [...promises.held.filter(({index}) => index > entry.index), entry];
  return {...inTerm(promises, term), held: held.sort((a, b) => a.index - b.index)};
}

export function answered(promises: Promises, entry: EntryId): Promises {
  return {...promises, answered: entry};
}

/** What a member has after a crash. */
export interface Kept {
  readonly term: Term;
  readonly votedFor: MemberId;
  readonly last: EntryId;
  /** Undefined: beyond the log. Entries that a snapshot stands for are held, whatever their term. */
  readonly termAt: (index: Index) => Term | "inSnapshot" | undefined;
}

/** The first promise that is broken, in words. */
export function brokenPromise(
  {term, votedFor, held, answered: reply}: Promises,
  kept: Kept,
): string | undefined {
  if (kept.term < term) return `it was in term ${term} and is in ${kept.term}`;
  if (kept.term === term && votedFor !== noMember && kept.votedFor !== votedFor)
    return `it voted for n${votedFor} in term ${term}, and now ${kept.votedFor === noMember ? "for nobody" : `for n${kept.votedFor}`}`;
  const lost = held.find((entry) => !isHeld(entry, kept) && !isReplaced(entry, kept));
  const missing = lost ?? (isHeld(reply, kept) ? undefined : reply);
  if (missing === undefined) return undefined;
  return `it had entry ${missing.index} of term ${missing.term}, and its log ends at ${kept.last.index} of term ${kept.last.term}`;
}

function isHeld({index, term}: EntryId, {last, termAt}: Kept): boolean {
  const found = termAt(index);
  return index <= last.index && (found === "inSnapshot" || found === term);
}

/** A later leader put another entry in its place, or in that of one before it: so it was never committed. */
function isReplaced({index, term}: EntryId, {last, termAt}: Kept): boolean {
  const found = termAt(Math.min(index, last.index));
  return typeof found === "number" && found > term;
}
