// The commands about the cluster itself: who is in it, and who leads (etcdctl/ctlv3/command/{member,move_leader}_command.go).
// A member is called by its name, `n4`, or by its id in hex, as etcdctl prints it.

import type {MemberId} from "../base/quantity.ts";
import type {Result} from "../base/result.ts";
import {failed, ok} from "../base/result.ts";
import type {Request, SingleChange, SingleChangeType, Transition} from "../server/request.ts";
import type {Arguments} from "./arguments.ts";
import type {CommandUsage, Family} from "./family.ts";

const letters = {addVoter: "v", addLearner: "l", remove: "r", update: "u"} as const;
const changeTypes: ReadonlyMap<string, SingleChangeType> = new Map(
  (Object.keys(letters) as SingleChangeType[]).map((type) => [letters[type], type]),
);

export const memberCommands = {
  "member add": {
    form: "member add <member> [--peer-urls URLS] [--learner]",
    least: 1,
    most: 1,
    flags: {"--learner": "switch", "--peer-urls": "text"},
    read: (found) => {
      const member = readName(found.at(0));
      if (member === undefined) return noMember(found.at(0));
      const peerUrls = found.list("--peer-urls");
      return ok({
        kind: "memberAdd",
        member,
        ...(peerUrls.length === 0 ? {} : {peerUrls}),
        ...(found.has("--learner") ? {isLearner: true} : {}),
      });
    },
  },
  "member remove": ofMember("member remove <member>", (member) => ({kind: "memberRemove", member})),
  "member promote": ofMember("member promote <member>", (member) => ({kind: "memberPromote", member})),
  "member update": {
    form: "member update <member> --peer-urls URLS",
    least: 1,
    most: 1,
    flags: {"--peer-urls": "text"},
    read: (found) => {
      const member = readMember(found.at(0));
      if (member === undefined) return noMember(found.at(0));
      const peerUrls = found.list("--peer-urls");
      if (peerUrls.length === 0) return failed("the flag --peer-urls is missing");
      return ok({kind: "memberUpdate", member, peerUrls});
    },
  },
  "member list": {
    form: "member list [--consistency l|s]",
    least: 0,
    most: 0,
    flags: {"--consistency": ["l", "s"]},
    read: (found) =>
      ok({kind: "memberList", ...(found.text("--consistency") === "l" ? {linearizable: true} : {})}),
  },
  "member reconfigure": {
    form: "member reconfigure [v4 l5 r1 …] [--transition auto|implicit|explicit]",
    least: 0,
    most: 31,
    flags: {"--transition": ["auto", "implicit", "explicit"]},
    read: readReconfigure,
  },
  "move-leader": ofMember("move-leader <member>", (target) => ({kind: "moveLeader", target})),
} as const satisfies Family;

/** `v4 l5 r1`: a voter, a learner, one less. */
export function formatChanges(changes: readonly SingleChange[]): string {
  return changes.map(({type, member}) => `${letters[type]}${member}`).join(" ");
}

function ofMember(form: string, request: (member: MemberId) => Request): CommandUsage {
  return {
    form,
    least: 1,
    most: 1,
    flags: {},
    read: (found) => {
      const member = readMember(found.at(0));
      return member === undefined ? noMember(found.at(0)) : ok(request(member));
    },
  };
}

function noMember(text: string): Result<never, string> {
  return failed(`"${text}" is no member such as n4`);
}

function readReconfigure(found: Arguments): Result<Request, string> {
  const changes: SingleChange[] = [];
  for (const word of found.positional) {
    const type = changeTypes.get(word.charAt(0));
    const member = readName(`n${word.slice(1)}`);
    if (type === undefined || member === undefined)
      return failed(`"${word}" is no change such as v4, l5 or r1`);
    changes.push({type, member});
  }
  const transition = (found.text("--transition") ?? "auto") as Transition;
  return ok({kind: "reconfigure", transition, changes});
}

/** `n4`; undefined: it is none. */
export function readName(text: string): MemberId | undefined {
  return /^n[1-9][0-9]?$/.test(text) ? Number(text.slice(1)) : undefined;
}

/** `n4`, or its id in hex; undefined: it is none. */
export function readMember(text: string): MemberId | undefined {
  const id = /^[0-9a-f]{1,12}$/.test(text) ? Number.parseInt(text, 16) : 0;
  return id >= 1 && id <= 99 ? id : readName(text);
}
