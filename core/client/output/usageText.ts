// What etcdctl prints of a line that it does not understand. Its own texts where they are known and say enough; else
// ours, which say what, where and what was expected.

import type {Output} from "./output.ts";
import {exits, refused} from "./output.ts";

/** By command: what it says when arguments are missing (etcdctl/ctlv3/command). */
const missing: Readonly<Record<string, string>> = {
  put: "put command needs 1 argument and input from stdin or 2 arguments",
  get: "get command needs one argument as key and an optional argument as range_end",
  del: "del command needs one argument as key and an optional argument as range_end",
  compact: "compaction command needs 1 argument",
  "lease grant": "lease grant command needs TTL argument",
  "lease revoke": "lease revoke command needs 1 argument",
  "lease timetolive": "lease timetolive command needs lease ID as argument",
  "lease keep-alive": "lease keep-alive command needs lease ID as argument",
  "member add": "member name not provided",
  "member remove": "member ID is not provided",
  "member update": "member ID is not provided",
  "member promote": "member ID is not provided",
  "move-leader": "move-leader command needs 1 argument",
};

/** `problem`: the error of parseCommand (../command.ts). */
export function usageOutput(problem: string): Output {
  const unknown = /^unknown command "([^"]*)"/.exec(problem)?.[1];
  if (unknown !== undefined) {
    const line = `Error: unknown command "${unknown}" for "etcdctl"\n`;
    return {stdout: "", stderr: `${line}Run 'etcdctl --help' for usage.\n${line}`, exitCode: exits.error};
  }
  if (/unknown flag /.test(problem)) return refused(problem, exits.error);
  const command = /^([a-z- ]+): an argument is missing/.exec(problem)?.[1] ?? "";
  const known = Object.hasOwn(missing, command) ? missing[command] : undefined;
  if (known !== undefined) return refused(known, exits.badArgs);
  const lease = /"([^"]*)" is no lease's ID in hex/.exec(problem)?.[1];
  if (lease !== undefined) {
    const arg = problem.startsWith("put") ? "" : " arg";
    return refused(
      `bad lease ID${arg} (strconv.ParseInt: parsing "${lease}": invalid syntax), expecting ID in Hex`,
      exits.badArgs,
    );
  }
  return refused(problem, exits.badArgs);
}
