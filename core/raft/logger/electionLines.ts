// etcd's logger lines about elections: roles, campaigns, votes. etcd: raft.go.

import {unreachable} from "../../base/assert.ts";
import {describeMember} from "../describe.ts";
import {messageNames} from "../etcdNames.ts";
import {debug, info, position, warn} from "./loggerLine.ts";
import type {LoggerLine, Note} from "./loggerLine.ts";

export function electionLines(
  note: Note<
    | "becameFollower"
    | "becamePreCandidate"
    | "becameCandidate"
    | "becameLeader"
    | "electionStarted"
    | "campaignRefused"
    | "voteRequested"
    | "voteCast"
    | "voteLeased"
    | "voteCounted"
    | "quorumLost"
    | "leaderForgotten"
    | "forgetRefused"
  >,
  me: string,
): readonly LoggerLine[] {
  const {term} = note;
  switch (note.kind) {
    case "becameFollower":
      return info(`${me} became follower at term ${term}`);
    case "becamePreCandidate":
      return info(`${me} became pre-candidate at term ${term}`);
    case "becameCandidate":
      return info(`${me} became candidate at term ${term}`);
    case "becameLeader":
      return info(`${me} became leader at term ${term}`);
    case "electionStarted":
      return info(`${me} is starting a new election at term ${term}`);
    case "campaignRefused":
      return campaignRefused(note, me);
    case "voteRequested": {
      const {message} = note;
      const log = position("logterm", {index: message.lastLogIndex, term: message.lastLogTerm});
      return info(
        `${me} [${log}] sent ${messageNames[message.kind]} request to ${describeMember(message.to)} at term ${term}`,
      );
    }
    case "voteCast":
      return info(
        `${voter(note, me)} ${note.granted ? "cast" : "rejected"} ${messageNames[note.message.kind]} ` +
          `${note.granted ? "for" : "from"} ${asker(note)} at term ${term}`,
      );
    case "voteLeased":
      return info(
        `${voter(note, me)} ignored ${messageNames[note.message.kind]} from ${asker(note)} at term ${term}: ` +
          `lease is not expired (remaining ticks: ${note.remainingTicks})`,
      );
    case "voteCounted":
      return voteCounted(note, me);
    case "quorumLost":
      return warn(`${me} stepped down to follower since quorum is not active`);
    case "leaderForgotten":
      return info(`${me} forgetting leader ${describeMember(note.leader)} at term ${term}`);
    case "forgetRefused":
      return [{level: "error", text: "ignoring MsgForgetLeader due to ReadOnlyLeaseBased"}];
    default:
      return unreachable(note);
  }
}

function campaignRefused({term, why}: Note<"campaignRefused">, me: string): readonly LoggerLine[] {
  if (why === "leading") return debug(`${me} ignoring MsgHup because already leader`);
  if (why === "unpromotable") return warn(`${me} is unpromotable and can not campaign`);
  return warn(
    `${me} cannot campaign at term ${term} since there are still pending configuration changes to apply`,
  );
}

function voteCounted(note: Note<"voteCounted">, me: string): readonly LoggerLine[] {
  const {voter: from, granted, preVote, grants, refusals, term} = note;
  const name = messageNames[preVote ? "PreVoteResponse" : "RequestVoteResponse"];
  return info(
    `${me} received ${name}${granted ? "" : " rejection"} from ${describeMember(from)} at term ${term}`,
    `${me} has received ${grants} ${name} votes and ${refusals} vote rejections`,
  );
}

function voter({votedFor, last}: Note<"voteCast" | "voteLeased">, me: string): string {
  return `${me} [${position("logterm", last)}, vote: ${votedFor.toString(16)}]`;
}

function asker({message}: Note<"voteCast" | "voteLeased">): string {
  const log = position("logterm", {index: message.lastLogIndex, term: message.lastLogTerm});
  return `${describeMember(message.from)} [${log}]`;
}
