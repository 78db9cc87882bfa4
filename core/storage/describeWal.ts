// The log in words, for people who look into the file.

import {unreachable} from "../base/assert.ts";
import {type MemberId, noMember} from "../base/quantity.ts";
import type {ConfState} from "../raft/confState.ts";
import type {Entry} from "../raft/entry.ts";
import type {WalRecord} from "./record.ts";

/** One line. What an entry is for, its owner words: `entryText` answers what stands behind its place. */
export function describeRecord(record: WalRecord, entryText: (entry: Entry) => string): string {
  switch (record.kind) {
    case "metadata": {
      const {format, member, sequence, firstIndex, chain} = record;
      const from = chain.toString(16).padStart(8, "0");
      return `metadata  format:${format} member:n${member} sequence:${sequence} first:${firstIndex} chain:${from}`;
    }
    case "entry": {
      const {index, term} = record.entry;
      const text = entryText(record.entry);
      return `entry     ${term}/${index}${text === "" ? "" : ` ${text}`}`;
    }
    case "hardState": {
      const {term, votedFor, commit} = record.hardState;
      const vote = votedFor === noMember ? "" : ` vote:n${votedFor}`;
      return `hardState term:${term}${vote} commit:${commit}`;
    }
    case "snapshot": {
      const {index, term, confState} = record.mark;
      const origin = record.replacesLog ? "in place of the log" : "of the log";
      return `snapshot  ${term}/${index} ${origin} ${describeMembers(confState)}`;
    }
    default:
      return unreachable(record);
  }
}

function describeMembers(conf: ConfState): string {
  const {voters, votersOutgoing, learners, learnersNext, autoLeave} = conf;
  const lists: readonly (readonly [string, readonly MemberId[]])[] = [
    ["voters", voters],
    ["outgoing", votersOutgoing],
    ["learners", learners],
    ["learnersNext", learnersNext],
  ];
  const parts = lists
    .filter(([, members]) => members.length > 0)
    .map(([name, members]) => `${name}:${members.map((member) => `n${member}`).join(",")}`);
  return [...parts, ...(autoLeave ? ["autoLeave"] : [])].join(" ");
}
