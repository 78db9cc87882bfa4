// The commands about the cluster itself: who is in it, and who leads.

import type {MemberId} from "../base/quantity.ts";
import type {Result} from "../base/result.ts";
import {failed, ok} from "../base/result.ts";
import type {Request, SingleChange, SingleChangeType, Transition} from "../server/request.ts";
import type {Arguments} from "./arguments.ts";

const letters = {addVoter: "v", addLearner: "l", remove: "r", update: "u"} as const;
const changeTypes: ReadonlyMap<string, SingleChangeType> = new Map(
  (Object.keys(letters) as SingleChangeType[]).map((type) => [letters[type], type]),
);

/** `v4 l5 r1`: a voter, a learner, one less. */
export function formatChanges(changes: readonly SingleChange[]): string {
  return changes.map(({type, member}) => `${letters[type]}${member}`).join(" ");
}

export function readMemberCommand(name: string, found: Arguments): Result<Request, string> {
  if (name === "member list") return ok({kind: "memberList"});
  if (name === "member reconfigure") return readReconfigure(found);
  const member = readMember(found.at(0));
  if (member === undefined) return failed(`"${found.at(0)}" is no member such as n4`);
  if (name === "move-leader") return ok({kind: "moveLeader", target: member});
  if (name === "member add") {
    return ok({kind: "memberAdd", member, ...(found.has("--learner") ? {isLearner: true} : {})});
  }
  return ok({kind: name === "member remove" ? "memberRemove" : "memberPromote", member});
}

function readReconfigure(found: Arguments): Result<Request, string> {
  const changes: SingleChange[] = [];
  for (const word of found.positional) {
    const type = changeTypes.get(word.charAt(0));
    const member = readMember(`n${word.slice(1)}`);
    if (type === undefined || member === undefined)
      return failed(`"${word}" is no change such as v4, l5 or r1`);
    changes.push({type, member});
  }
  const transition = (found.text("--transition") ?? "auto") as Transition;
  return ok({kind: "reconfigure", transition, changes});
}

function readMember(text: string): MemberId | undefined {
  return /^n[1-9][0-9]?$/.test(text) ? Number(text.slice(1)) : undefined;
}
