// etcdctl's global flags: what is said beside a command and is no part of its request (etcdctl/ctlv3/ctl.go). Those
// that have no meaning in a simulated world are refused by name.

import type {Key} from "../base/key.ts";
import type {MemberId} from "../base/quantity.ts";
import type {Result} from "../base/result.ts";
import {failed, ok} from "../base/result.ts";
import {clientUrlOf} from "../server/cluster.ts";
import type {FlagKind} from "./arguments.ts";
import {readFlag} from "./arguments.ts";
import {readName} from "./memberCommand.ts";
import type {Piece} from "./scanner.ts";

export const writeOuts = ["simple", "fields", "json", "protobuf", "table"] as const;
export type WriteOut = (typeof writeOuts)[number];

/** Who asks, as `--user` says it. */
export interface Credentials {
  readonly name: Key;
  readonly password: Key;
}

export interface Globals {
  /** Absent: simple. */
  readonly writeOut?: WriteOut;
  /** Byte strings and ids in hex. */
  readonly hex?: true;
  /** Absent: nobody. The command's program asks `authenticate` first, and what it asks then carries the token. */
  readonly user?: Credentials;
  /** A token that is there already goes with the request. */
  readonly token?: string;
  /** Absent: the client chooses. */
  readonly endpoints?: readonly MemberId[];
}

const tls = "there is no TLS in a simulated world";
const dns = "there is no DNS in a simulated world";
const settings = "the client's settings decide that";

const usage = {
  form: "[-w simple|fields|json|table] [--hex] [--user NAME:PASSWORD] [--password P] [--endpoints n1,n2]",
  flags: {
    "--write-out": writeOuts,
    "--hex": "switch",
    "--user": "text",
    "--password": "text",
    "--endpoints": "text",
    // For JSON web tokens in etcd; here for whatever an `auth login` answered.
    "--auth-jwt-token": "text",
  },
  absent: {
    "--cert": tls,
    "--key": tls,
    "--cacert": tls,
    "--insecure-transport": tls,
    "--insecure-skip-tls-verify": tls,
    "--discovery-srv": dns,
    "--discovery-srv-name": dns,
    "--insecure-discovery": dns,
    "--dial-timeout": settings,
    "--command-timeout": settings,
    "--keepalive-time": settings,
    "--keepalive-timeout": settings,
    "--max-request-bytes": settings,
    "--max-recv-bytes": settings,
    "--debug": "nothing is hidden here: see run --log",
  },
} as const satisfies {
  readonly form: string;
  readonly flags: Readonly<Record<string, FlagKind>>;
  readonly absent: Readonly<Record<string, string>>;
};

const nothingSaid = ok<Globals>({});

/** Takes the global flags out of a line's pieces, wherever they stand before a lone `--`. */
export function takeGlobals(
  pieces: readonly Piece[],
): Result<{readonly pieces: readonly Piece[]; readonly globals: Globals}, string> {
  const rest: Piece[] = [];
  const found = new Map<string, string>();
  for (let i = 0; i < pieces.length; i++) {
    const piece = pieces[i];
    if (piece === undefined) break;
    if (piece.raw === "--") {
      rest.push(...pieces.slice(i));
      break;
    }
    if (!piece.raw.startsWith("-")) {
      rest.push(piece);
      continue;
    }
    const long = {...piece, raw: piece.raw.replace(/^-w(?==|$)/, "--write-out")};
    const name = long.raw.split("=", 1)[0] ?? "";
    if (!Object.hasOwn(usage.flags, name) && !Object.hasOwn(usage.absent, name)) {
      rest.push(piece);
      continue;
    }
    const flag = readFlag(long, pieces[i + 1], usage);
    if (!flag.ok) return flag;
    if (flag.value.value !== undefined) found.set(name, flag.value.value);
    if (flag.value.tookNext) i++;
  }
  const globals = found.size === 0 ? nothingSaid : globalsOf(found);
  return globals.ok ? ok({pieces: rest, globals: globals.value}) : globals;
}

function globalsOf(found: ReadonlyMap<string, string>): Result<Globals, string> {
  const writeOut = found.get("--write-out") as WriteOut | undefined;
  const token = found.get("--auth-jwt-token");
  const user = credentialsOf(found.get("--user"), found.get("--password"));
  if (!user.ok) return user;
  const endpoints = (found.get("--endpoints") ?? "").split(",").filter((one) => one !== "");
  const members = endpoints.map(memberAt);
  const unknown = members.indexOf(undefined);
  if (unknown >= 0) return failed(`--endpoints: "${endpoints[unknown]}" is no endpoint such as n2`);
  return ok({
    ...(writeOut === undefined ? {} : {writeOut}),
    ...(found.has("--hex") ? {hex: true} : {}),
    ...(user.value === undefined ? {} : {user: user.value}),
    ...(token === undefined ? {} : {token}),
    ...(members.length === 0 ? {} : {endpoints: members.flatMap((member) => member ?? [])}),
  });
}

/** etcdctl asks on the terminal for a password that is missing; here nobody is asked. */
function credentialsOf(
  user: string | undefined,
  password: string | undefined,
): Result<Credentials | undefined, string> {
  if (user === undefined) return ok(undefined);
  if (password !== undefined) return ok({name: user, password});
  const colon = user.indexOf(":");
  if (colon < 0) return failed(`--user: no password in "${user}"; expected --user NAME:PASSWORD`);
  return ok({name: user.slice(0, colon), password: user.slice(colon + 1)});
}

/** `n2`, `n2:2379` or `http://n2:2379`. */
function memberAt(endpoint: string): MemberId | undefined {
  const name = /^(?:http:\/\/)?(n[0-9]+)(?::2379)?$/.exec(endpoint)?.[1] ?? "";
  return readName(name);
}

/** As etcdctl prints an endpoint that was given without a scheme. */
export function endpointOf(member: MemberId): string {
  return clientUrlOf(member).replace("http://", "");
}
