// Scripts about quorums: what a majority, or both halves of a joint configuration, have reached or decided.
// etcd: quorum/datadriven_test.go, quorum/majority.go.
//
//   committed cfg=(1,2,3) idx=(12,5,_)            vote cfg=(1,2) cfgj=(2,3) votes=(y,n,_)

import {integerMax} from "../../core/base/quantity.ts";
import type {MemberId} from "../../core/base/quantity.ts";
import type {ConfState} from "../../core/raft/confState.ts";
import {ascending, emptyConfState, votersOf} from "../../core/raft/confState.ts";
import type {Quorum, VoteResult} from "../../core/raft/quorum.ts";
import {quorumOf, reachedByQuorum, voteResult} from "../../core/raft/quorum.ts";
import {etcdRules} from "../../core/raft/rules.ts";
import {numberIn} from "./arguments.ts";
import type {Directive} from "./dataDriven.ts";
import {ScriptError} from "./dataDriven.ts";
import type {Script} from "./script.ts";

const voteNames: Readonly<Record<VoteResult, string>> = {
  won: "VoteWon",
  lost: "VoteLost",
  pending: "VotePending",
};

/** As upstream keeps what is given. */
const numberOf: ReadonlyMap<string, string> = new Map([
  ["_", "0"],
  ["n", "1"],
  ["y", "2"],
]);

export class QuorumScript implements Script {
  handle(directive: Directive): string {
    const question = read(directive);
    const {voters, given} = question;
    if (voters.length !== given.length) {
      const set = ascending(voters).map((voter) => `${voter}:{}`);
      const numbers = given.map((word) => numberOf.get(word) ?? word);
      return `error: mismatched input (explicit or _) for voters map[${set.join(" ")}]: [${numbers.join(" ")}]`;
    }
    if (directive.command === "committed") return committed(question);
    if (directive.command === "vote") return vote(question);
    return "unknown command";
  }

  rest(): string {
    return "";
  }
}

interface Question {
  readonly conf: ConfState;
  /** In order of first appearance. */
  readonly voters: readonly MemberId[];
  /** What was written of each of them, in the same order. */
  readonly given: readonly string[];
}

function read({command, arguments: words}: Directive): Question {
  const incoming: MemberId[] = [];
  const outgoing: MemberId[] = [];
  const indexes: string[] = [];
  const votes: string[] = [];
  for (const {key, values} of words) {
    if (key === "cfg") incoming.push(...values.map(numberIn));
    else if (key === "cfgj") outgoing.push(...(isZero(values) ? [] : values.map(numberIn)));
    else if (key === "idx") indexes.push(...values);
    else if (key === "votes") votes.push(...values);
    else throw new ScriptError(`${command}: expected cfg, cfgj, idx or votes, not ${key}`);
  }
  return {
    conf: {...emptyConfState, voters: ascending(incoming), votersOutgoing: ascending(outgoing)},
    voters: [...new Set([...incoming, ...outgoing])],
    given: command === "vote" ? votes : indexes,
  };
}

/** A joint configuration without an outgoing half, which decides as one that is not joint. */
function isZero(values: readonly string[]): boolean {
  return values.length === 1 && values[0] === "zero";
}

function committed({conf, voters, given}: Question): string {
  const reached = new Map<MemberId, number>();
  for (const [i, voter] of voters.entries()) {
    const word = given[i] ?? "_";
    if (word !== "_") reached.set(voter, indexIn(word));
  }
  const reachedBy = (voter: MemberId): number => reached.get(voter) ?? 0;
  const quorum = quorumOf(conf, etcdRules);
  const index = reachedByQuorum(quorum, reachedBy);
  const swapped = reachedByQuorum({incoming: quorum.outgoing, outgoing: quorum.incoming}, reachedBy);
  const check = swapped === index ? "" : `${describeIndex(swapped)} <-- via symmetry\n`;
  return `${describeReached(votersOf(conf), reached)}${check}${describeIndex(index)}\n`;
}

function indexIn(word: string): number {
  const index = numberIn(word);
  if (index === 0) throw new ScriptError("expected an index above 0, or _");
  return index;
}

function describeIndex(index: number): string {
  return index === integerMax ? "∞" : `${index}`;
}

/** A bar for each voter, as long as there are voters that have reached less. */
function describeReached(voters: readonly MemberId[], reached: ReadonlyMap<MemberId, number>): string {
  if (voters.length === 0) return "<empty majority quorum>";
  const width = voters.length;
  const lines = voters.map((voter) => {
    const index = reached.get(voter);
    const less = voters.filter((other) => (reached.get(other) ?? 0) < (index ?? 0)).length;
    const bar = index === undefined ? "?" : `${"x".repeat(less)}>`;
    return `${bar.padEnd(width + 1)} ${`${index ?? 0}`.padStart(5)}    (id=${voter.toString(16)})\n`;
  });
  return `${" ".repeat(width)}    idx\n${lines.join("")}`;
}

function vote({conf, voters, given}: Question): string {
  const votes = new Map<MemberId, boolean>();
  for (const [i, voter] of voters.entries()) {
    const word = given[i] ?? "_";
    if (word !== "y" && word !== "n" && word !== "_")
      throw new ScriptError(`expected y, n or _, not "${word}"`);
    if (word !== "_") votes.set(voter, word === "y");
  }
  const resultOf = (quorum: Quorum): string => voteNames[voteResult(quorum, (voter) => votes.get(voter))];
  const {incoming, outgoing} = quorumOf(conf, etcdRules);
  const result = resultOf({incoming, outgoing});
  const swapped = resultOf({incoming: outgoing, outgoing: incoming});
  return `${swapped === result ? "" : `${swapped} <-- via symmetry\n`}${result}\n`;
}
