// etcdctl's commands on users and roles (etcdctl/ctlv3/command/{auth,user,role}_command.go). etcdctl asks for passwords on
// the terminal; here they stand in the line.

import type {Key} from "../base/key.ts";
import type {Result} from "../base/result.ts";
import {failed, ok} from "../base/result.ts";
import type {Permission} from "../auth/auth.ts";
import type {Request} from "../server/request.ts";
import type {Arguments} from "./arguments.ts";
import type {CommandUsage, Family} from "./family.ts";
import {bare, ranged, readRange} from "./family.ts";

const permissionTypes: readonly string[] = ["read", "write", "readwrite"] satisfies Permission["type"][];
const interactive = {"--interactive": "nobody is asked for a password here: it stands in the line"} as const;

export const authCommands = {
  "auth enable": bare("auth enable", {kind: "authEnable"}),
  "auth disable": bare("auth disable", {kind: "authDisable"}),
  "auth status": bare("auth status", {kind: "authStatus"}),
  // Ours: what `--user` does before a command.
  "auth login": named("auth login <user> <password>", ["name", "password"], "authenticate"),
  "user add": {
    form: "user add <user>[:<password>] [--new-user-password P] [--no-password]",
    least: 1,
    most: 1,
    flags: {"--new-user-password": "text", "--no-password": "switch"},
    absent: interactive,
    read: readUserAdd,
  },
  "user delete": named("user delete <user>", ["name"], "userDelete"),
  "user get": {...named("user get <user> [--detail]", ["name"], "userGet"), flags: {"--detail": "switch"}},
  "user list": bare("user list", {kind: "userList"}),
  "user passwd": {
    ...named("user passwd <user> <password>", ["name", "password"], "userChangePassword"),
    absent: interactive,
  },
  "user grant-role": named("user grant-role <user> <role>", ["name", "role"], "userGrantRole"),
  "user revoke-role": named("user revoke-role <user> <role>", ["name", "role"], "userRevokeRole"),
  "role add": named("role add <role>", ["role"], "roleAdd"),
  "role delete": named("role delete <role>", ["role"], "roleDelete"),
  "role get": named("role get <role>", ["role"], "roleGet"),
  "role list": bare("role list", {kind: "roleList"}),
  "role grant-permission": {
    form: "role grant-permission <role> read|write|readwrite <key> [end] [--prefix] [--from-key]",
    least: 3,
    most: 4,
    flags: ranged,
    read: (found) => {
      const type = found.at(1).toLowerCase();
      if (!permissionTypes.includes(type))
        return failed(`"${found.at(1)}" is none of read, write, readwrite`);
      const range = readRange(found, 2);
      if (!range.ok) return range;
      const permission = {type: type as Permission["type"], ...range.value};
      return ok({kind: "roleGrantPermission", role: found.at(0), permission});
    },
  },
  "role revoke-permission": {
    form: "role revoke-permission <role> <key> [end] [--prefix] [--from-key]",
    least: 2,
    most: 3,
    flags: ranged,
    read: (found) => {
      const range = readRange(found, 1);
      return range.ok ? ok({kind: "roleRevokePermission", role: found.at(0), ...range.value}) : range;
    },
  },
} as const satisfies Family;

/** Arguments that are the request's fields, in that order. */
function named(
  form: string,
  fields: readonly ("name" | "role" | "password")[],
  kind: Request["kind"],
): CommandUsage {
  return {
    form,
    least: fields.length,
    most: fields.length,
    flags: {},
    read: (found) => {
      const given: Partial<Record<string, Key>> = Object.fromEntries(
        fields.map((field, place) => [field, found.at(place)]),
      );
      return ok({kind, ...given} as Request);
    },
  };
}

/** `alice:secret` names both, unless a flag says the password or that there is none. */
function readUserAdd(found: Arguments): Result<Request, string> {
  const text = found.at(0);
  const password = found.text("--new-user-password");
  if (found.has("--no-password")) {
    if (password !== undefined) return failed("--no-password and --new-user-password exclude each other");
    return ok({kind: "userAdd", name: text, noPassword: true});
  }
  if (password !== undefined) return ok({kind: "userAdd", name: text, password});
  const colon = text.indexOf(":");
  if (colon < 0) return ok({kind: "userAdd", name: text});
  return ok({kind: "userAdd", name: text.slice(0, colon), password: text.slice(colon + 1)});
}
