// The commands that look after members: endpoints, alarms, files (etcdctl/ctlv3/command/{ep,alarm,defrag,snapshot}_command.go).
// As requests they ask one member; who asks all of them (`--cluster`) is the program of the command (program.ts).

import {failed, ok} from "../base/result.ts";
import type {AlarmActivateRequest, Request} from "../server/request.ts";
import type {CommandUsage, Family} from "./family.ts";
import {bare} from "./family.ts";
import {readMember} from "./memberCommand.ts";

const ofCluster = {"--cluster": "switch"} as const;
type AlarmType = AlarmActivateRequest["alarm"];

const alarmTypes: readonly string[] = ["NOSPACE", "CORRUPT"] satisfies readonly AlarmType[];

export const maintenanceCommands = {
  status: ofEndpoint("status [--cluster]", {kind: "status"}),
  "endpoint status": ofEndpoint("endpoint status [--cluster]", {kind: "status"}),
  // A read through the quorum of any key: etcdctl's is this one.
  "endpoint health": ofEndpoint("endpoint health [--cluster]", {kind: "range", key: "health"}),
  "endpoint hashkv": {
    form: "endpoint hashkv [--cluster] [--rev N]",
    least: 0,
    most: 0,
    flags: {...ofCluster, "--rev": "integer"},
    read: (found) => {
      const revision = found.integer("--rev");
      return ok({kind: "hashKv", ...(revision === 0 ? {} : {revision})});
    },
  },
  // Ours: etcd's API has it, etcdctl does not.
  "endpoint hash": bare("endpoint hash", {kind: "hash"}),
  defrag: ofEndpoint("defrag [--cluster]", {kind: "defragment"}),
  "snapshot save": {
    form: "snapshot save <file>",
    least: 1,
    most: 1,
    flags: {},
    read: () => ok({kind: "snapshot"}),
  },
  "alarm list": bare("alarm list", {kind: "alarmList"}),
  // etcdctl disarms all of them, and raises none; its API can do both by name.
  "alarm disarm": ofAlarm("alarm disarm [member] [NOSPACE|CORRUPT]", 0),
  "alarm activate": ofAlarm("alarm activate <member> NOSPACE|CORRUPT", 2),
} as const satisfies Family;

function ofEndpoint(form: string, request: Request): CommandUsage {
  return {...bare(form, request), flags: ofCluster};
}

function ofAlarm(form: string, least: 0 | 2): CommandUsage {
  return {
    form,
    least,
    most: 2,
    flags: {},
    read: ({positional}) => {
      const isType = alarmTypes.includes(positional.at(-1) ?? "");
      const alarm = isType ? (positional.at(-1) as AlarmType) : undefined;
      const names = isType ? positional.slice(0, -1) : positional;
      const member = names[0] === undefined ? undefined : readMember(names[0]);
      if (names.length > 1) return failed(`"${names[1]}" is no alarm such as NOSPACE`);
      if (names.length === 1 && member === undefined) return failed(`"${names[0]}" is no member such as n4`);
      if (least === 0) {
        const named = {...(member === undefined ? {} : {member}), ...(alarm === undefined ? {} : {alarm})};
        return ok({kind: "alarmDisarm", ...named});
      }
      if (member === undefined || alarm === undefined) return failed("a member and an alarm are wanted");
      return ok({kind: "alarmActivate", member, alarm});
    },
  };
}
