import {decodeCommand} from "../../core/server/command.ts";
import type {Command} from "../../core/server/command.ts";
import type {AppliedEntry} from "../history/appliedLog.ts";
import type {WorldView} from "../view.ts";
import type {Checker} from "./checker.ts";
import {EndClaim} from "./endClaim.ts";
import {say} from "./words.ts";

/**
 * While the alarm NOSPACE stands nothing is put, until it is disarmed: only deletes and compactions make room (etcd "Space quota",
 * op-guide/maintenance.md). To be asked for: alarms are rare.
 */
export function nothingPutWithoutSpace(): Checker {
  return new EndClaim("Nothing Put Without Space", (view, count) => {
    let standing = new Set<number>();
    for (const together of togetherIn(view)) {
      const commands = together.flatMap(({entry}) => commandIn(entry));
      const after = commands.reduce(alarmed, standing);
      const [first] = together;
      // Where several entries were applied at once, none of them may be about the alarm.
      if (first !== undefined && standing.size > 0 && after === standing) {
        count(1);
        const revision = putBetween(view, first.least, first.most);
        if (revision !== undefined)
          return {said: say("putWithoutSpace", {revision}, [`rev:${revision}`]), step: first.moment.step};
      }
      standing = after;
    }
    return undefined;
  });
}

/** Entries by the event in which they were applied first: they have their revisions in common. */
function togetherIn({appliedLog = []}: WorldView): readonly (readonly AppliedEntry[])[] {
  const groups: AppliedEntry[][] = [];
  for (const applied of appliedLog) {
    const last = groups.at(-1);
    if (last?.[0]?.moment.step === applied.moment.step) last.push(applied);
    else groups.push([applied]);
  }
  return groups;
}

function commandIn({type, data}: AppliedEntry["entry"]): readonly Command[] {
  const command = type === "normal" ? decodeCommand(data) : undefined;
  return command === undefined ? [] : [command];
}

/** The members whose alarm stands after a command. */
function alarmed(standing: Set<number>, {request}: Command): Set<number> {
  if (request.kind !== "alarm") return standing;
  if (request.action === "activate")
    return request.alarm.alarm === "NOSPACE" ? new Set(standing).add(request.alarm.member) : standing;
  const {member, alarm = "NOSPACE"} = request;
  if (alarm !== "NOSPACE") return standing;
  return new Set([...standing].filter((one) => one !== (member ?? one)));
}

function putBetween({revisions}: WorldView, least: number, most: number): number | undefined {
  for (let revision = least + 1; revision <= most; revision++)
    if (revisions.at(revision)?.some(({kind}) => kind === "put") === true) return revision;
  return undefined;
}
