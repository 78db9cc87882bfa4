// etcd's logger lines about the configuration. etcd: raft.go.

import {unreachable} from "../../base/assert.ts";
import {describeConfChange, describeConfiguration} from "../describe.ts";
import {debug, info} from "./loggerLine.ts";
import type {LoggerLine, Note} from "./loggerLine.ts";

export function membershipLines(
  note: Note<"configurationChanged" | "changeIgnored" | "autoLeave">,
  me: string,
): readonly LoggerLine[] {
  const conf = describeConfiguration(note.confState);
  switch (note.kind) {
    case "configurationChanged":
      return info(`${me} switched to configuration ${conf}`);
    case "changeIgnored":
      return info(
        `${me} ignoring conf change ${describeConfChange(note.change)} at config ${conf}: ${reasonOf(note)}`,
      );
    case "autoLeave":
      return note.proposed
        ? info(`initiating automatic transition out of joint configuration ${conf}`)
        : debug(
            `not initiating automatic transition out of joint configuration ${conf}: raft proposal dropped`,
          );
    default:
      return unreachable(note);
  }
}

function reasonOf({why, pendingConfIndex, applied}: Note<"changeIgnored">): string {
  switch (why) {
    case "pending":
      return `possible unapplied conf change at index ${pendingConfIndex} (applied to ${applied})`;
    case "mustLeaveJoint":
      return "must transition out of joint config first";
    case "notJoint":
      return "not in joint state; refusing empty conf change";
    default:
      return unreachable(why);
  }
}
