// Recipes as lines of the command language. etcdctl has `lock` and `elect`, and keeps them until it is interrupted; here
// a call holds what it made until another gives it back.
//
//   session [--ttl N] · close <call> · orphan <call>
//   lock|trylock|rlock|wlock <name> [--ttl N | --session <call>] · unlock <call> · is-owner <call>
//   elect <name> <value> [--ttl N | --session <call>] · proclaim <call> <value> · resign <call> · leader <name> · observe <name>
//   stm [--isolation L] [--hold T] fetch x y ; get x ; put x 1 ; del y ; add n 1
//   enqueue <queue> <value> [--priority N] · dequeue <queue> [--priority]
//   barrier hold|release|wait <name> · enter <name> <count> [--ttl N | --session <call>] · leave <call>
//   register <service> <id> <address> [--ttl N | --session <call>] · deregister <call> · discover <service>
//   standby <service> <value> [--ttl N] [--beat T] · critical <name> <key> [--ttl N] [--hold T] [--fenced]
//
// N in seconds (a priority: a number), T such as 50ms.

import type {Key, Value} from "../base/key.ts";
import {bytesOfKey, keyOfBytes} from "../base/key.ts";
import type {Micros} from "../base/quantity.ts";
import type {Result} from "../base/result.ts";
import {failed, ok} from "../base/result.ts";
import type {Arguments, FlagKind, Usage} from "./arguments.ts";
import {readArguments, readInteger} from "./arguments.ts";
import {text} from "./quote.ts";
import {priorityMax} from "./recipes/queue.ts";
import type {Isolation, RecipeKind, RecipeRequest, StmOp} from "./recipes/recipe.ts";
import {isolations} from "./recipes/recipe.ts";
import type {Piece} from "./scanner.ts";

type Read = (found: Arguments) => Result<RecipeRequest, string>;

interface RecipeUsage extends Usage {
  read: Read;
}

/** As `serializable-snapshot`. */
const isolationWords: ReadonlyMap<string, Isolation> = new Map(
  isolations.map((isolation) => [
    isolation.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
    isolation,
  ]),
);

const heldFlags = {"--ttl": "integer", "--session": "integer"} as const;
const heldForm = "[--ttl N | --session <call>]";
const stmForm = `stm [--isolation ${[...isolationWords.keys()].join("|")}] [--hold T] [fetch <key>… ;] get <key> ; put <key> <value> ; del <key> ; add <key> <number>`;

const usages: Readonly<Record<string, RecipeUsage>> = {
  session: usage("session [--ttl N]", 0, {"--ttl": "integer"}, (found) =>
    ok({kind: "session", ...ttl(found)}),
  ),
  close: ofCall("close"),
  orphan: ofCall("orphan"),
  lock: underLease("lock", "lock"),
  trylock: underLease("trylock", "tryLock"),
  rlock: underLease("rlock", "rlock"),
  wlock: underLease("wlock", "wlock"),
  unlock: ofCall("unlock"),
  "is-owner": ofCall("is-owner", "isOwner"),
  elect: {
    form: `elect <name> <value> ${heldForm}, elect <name> --listen`,
    least: 1,
    most: 2,
    flags: {...heldFlags, "--listen": "switch", "-l": "switch"},
    read: readElect,
  },
  proclaim: usage("proclaim <call> <value>", 2, {}, (found) =>
    callAt(found, (of) => ({kind: "proclaim", of, value: value(found, 1)})),
  ),
  resign: ofCall("resign"),
  leader: usage("leader <name>", 1, {}, (found) => ok({kind: "leader", name: found.at(0)})),
  observe: usage("observe <name>", 1, {}, (found) => ok({kind: "observe", name: found.at(0)})),
  enqueue: usage("enqueue <queue> <value> [--priority N]", 2, {"--priority": "integer"}, readEnqueue),
  dequeue: usage("dequeue <queue> [--priority]", 1, {"--priority": "switch"}, (found) =>
    ok({kind: "dequeue", queue: found.at(0), ...(found.has("--priority") ? {priority: true} : {})}),
  ),
  "barrier hold": barrier("hold", "barrierHold"),
  "barrier release": barrier("release", "barrierRelease"),
  "barrier wait": barrier("wait", "barrierWait"),
  enter: usage(`enter <name> <count> ${heldForm}`, 2, heldFlags, readEnter),
  leave: ofCall("leave"),
  register: usage(`register <service> <id> <address> ${heldForm}`, 3, heldFlags, (found) =>
    held(found, (under) => ({
      kind: "register",
      service: found.at(0),
      id: found.at(1),
      address: value(found, 2),
      ...under,
    })),
  ),
  deregister: ofCall("deregister"),
  discover: usage("discover <service>", 1, {}, (found) => ok({kind: "discover", service: found.at(0)})),
  standby: usage(
    "standby <service> <value> [--ttl N] [--beat T]",
    2,
    {"--ttl": "integer", "--beat": "text"},
    readStandby,
  ),
  critical: usage(
    "critical <name> <key> [--ttl N] [--hold T] [--fenced]",
    2,
    {"--ttl": "integer", "--hold": "text", "--fenced": "switch"},
    readCritical,
  ),
};

/** As in etcdctl: to campaign, or with `--listen` to be told who leads. */
function readElect(found: Arguments): Result<RecipeRequest, string> {
  if (found.has("--listen") || found.has("-l")) {
    return found.positional.length === 1
      ? ok({kind: "observe", name: found.at(0)})
      : failed("whoever listens proposes nothing");
  }
  if (found.positional.length < 2) return failed("an argument is missing");
  return held(found, (under) => ({kind: "campaign", name: found.at(0), value: value(found, 1), ...under}));
}

/** Every recipe there is, by its words. */
export const recipeNames: readonly string[] = [...Object.keys(usages), "stm"];

/** How a recipe is written. */
export function recipeFormOf(name: string): string | undefined {
  if (name === "stm") return stmForm;
  return Object.hasOwn(usages, name) ? usages[name]?.form : undefined;
}

/** The recipe that the pieces spell; undefined: they are none. */
export function readRecipe(pieces: readonly Piece[]): Result<RecipeRequest, string> | undefined {
  const [first = "", second = ""] = pieces.map(({raw}) => raw);
  if (first === "stm") return named("stm", stmForm, readStm(pieces.slice(1)));
  const pair = first === "barrier";
  const name = pair ? `${first} ${second}` : first;
  const found = Object.hasOwn(usages, name) ? usages[name] : undefined;
  if (found === undefined) return undefined;
  const read = readArguments(pieces.slice(pair ? 2 : 1), found);
  return read.ok ? named(name, found.form, found.read(read.value)) : failed(`${name}: ${read.error}`);
}

/** The line that reads back as the recipe. */
export function formatRecipe(recipe: RecipeRequest): string {
  const all = {...recipe} as AllFields;
  const given = argumentsOf[recipe.kind].map((name) => word(all[name]));
  return [
    commandOf[recipe.kind],
    ...(recipe.kind === "stm" ? [] : given),
    flag("--ttl", all.ttl),
    flag("--session", all.session),
    recipe.kind === "dequeue"
      ? recipe.priority === true
        ? "--priority"
        : ""
      : flag("--priority", all.priority as number | undefined),
    recipe.kind === "stm" && recipe.isolation !== undefined
      ? flag("--isolation", wordOf(recipe.isolation))
      : "",
    all.beat === undefined ? "" : flag("--beat", formatMicros(all.beat)),
    all.hold === undefined ? "" : flag("--hold", formatMicros(all.hold)),
    all.fenced === true ? "--fenced" : "",
    recipe.kind === "stm" ? formatStm(recipe) : "",
  ]
    .filter((part) => part !== "")
    .join(" ");
}

// ---- reading

function usage(
  form: string,
  count: number,
  flags: Readonly<Record<string, FlagKind>>,
  read: Read,
): RecipeUsage {
  return {form, least: count, most: count, flags, read};
}

function ofCall(
  word: string,
  kind: "close" | "orphan" | "unlock" | "isOwner" | "resign" | "leave" | "deregister" = word as "close",
): RecipeUsage {
  return usage(`${word} <call>`, 1, {}, (found) => callAt(found, (of) => ({kind, of}) as RecipeRequest));
}

function underLease(word: string, kind: "lock" | "tryLock" | "rlock" | "wlock"): RecipeUsage {
  return usage(`${word} <name> ${heldForm}`, 1, heldFlags, (found) =>
    held(found, (under) => ({kind, name: found.at(0), ...under}) as RecipeRequest),
  );
}

function barrier(word: string, kind: "barrierHold" | "barrierRelease" | "barrierWait"): RecipeUsage {
  return usage(`barrier ${word} <name>`, 1, {}, (found) => ok({kind, name: found.at(0)}));
}

function named<T>(name: string, form: string, read: Result<T, string>): Result<T, string> {
  return read.ok ? read : failed(`${name}: ${read.error}; expected: ${form}`);
}

function value(found: Arguments, place: number): Value {
  return bytesOfKey(found.at(place));
}

function ttl(found: Arguments): {readonly ttl?: number} {
  return found.has("--ttl") ? {ttl: found.integer("--ttl")} : {};
}

function held(
  found: Arguments,
  make: (under: {readonly ttl?: number; readonly session?: number}) => RecipeRequest,
): Result<RecipeRequest, string> {
  if (!found.has("--session")) return ok(make(ttl(found)));
  if (found.has("--ttl")) return failed("--ttl and --session exclude each other");
  return ok(make({session: found.integer("--session")}));
}

function callAt(found: Arguments, make: (of: number) => RecipeRequest): Result<RecipeRequest, string> {
  const of = readInteger(found.at(0));
  return of === undefined || of < 1 ? failed(`"${found.at(0)}" is no call's number`) : ok(make(of));
}

function readEnqueue(found: Arguments): Result<RecipeRequest, string> {
  const priority = found.has("--priority") ? {priority: found.integer("--priority")} : {};
  if ((priority.priority ?? 0) < 0 || (priority.priority ?? 0) > priorityMax)
    return failed(`a priority is 0 to ${priorityMax}`);
  return ok({kind: "enqueue", queue: found.at(0), value: value(found, 1), ...priority});
}

function readEnter(found: Arguments): Result<RecipeRequest, string> {
  const count = readInteger(found.at(1));
  if (count === undefined || count < 1) return failed(`"${found.at(1)}" is no number of clients`);
  return held(found, (under) => ({kind: "enter", name: found.at(0), count, ...under}));
}

function readStandby(found: Arguments): Result<RecipeRequest, string> {
  const beat = micros(found, "--beat");
  if (!beat.ok) return beat;
  return ok({
    kind: "standby",
    service: found.at(0),
    value: value(found, 1),
    ...ttl(found),
    ...(beat.value === undefined ? {} : {beat: beat.value}),
  });
}

function readCritical(found: Arguments): Result<RecipeRequest, string> {
  const hold = micros(found, "--hold");
  if (!hold.ok) return hold;
  return ok({
    kind: "critical",
    name: found.at(0),
    key: found.at(1),
    ...ttl(found),
    ...(hold.value === undefined ? {} : {hold: hold.value}),
    ...(found.has("--fenced") ? {fenced: true} : {}),
  });
}

/** Flags first, then operations between semicolons. */
function readStm(pieces: readonly Piece[]): Result<RecipeRequest, string> {
  const groups: Piece[][] = [[]];
  for (const piece of pieces) {
    if (piece.raw === ";") groups.push([]);
    else groups.at(-1)?.push(piece);
  }
  const flags = {"--isolation": [...isolationWords.keys()], "--hold": "text"} as const;
  const [firstGroup = [], ...rest] = groups;
  const end = firstGroup.findIndex(({raw}) => stmWords.has(raw));
  const head = readArguments(end < 0 ? firstGroup : firstGroup.slice(0, end), {
    form: stmForm,
    least: 0,
    most: 0,
    flags,
  });
  if (!head.ok) return head;
  const hold = micros(head.value, "--hold");
  if (!hold.ok) return hold;
  let prefetch: readonly Key[] | undefined;
  const ops: StmOp[] = [];
  for (const group of end < 0 ? [] : [firstGroup.slice(end), ...rest]) {
    const [word, ...operands] = group;
    const most = word?.raw === "fetch" ? operands.length : word?.raw === "get" || word?.raw === "del" ? 1 : 2;
    const found = readArguments(operands, {form: stmForm, least: Math.max(most, 1), most, flags: {}});
    if (!found.ok) return found;
    if (word?.raw === "fetch" && prefetch === undefined && ops.length === 0) {
      prefetch = found.value.positional;
      continue;
    }
    const op = readStmOp(word?.raw ?? "", found.value);
    if (!op.ok) return op;
    ops.push(op.value);
  }
  if (ops.length === 0) return failed("an operation is missing");
  const isolation = isolationWords.get(head.value.text("--isolation") ?? "");
  return ok({
    kind: "stm",
    ...(isolation === undefined ? {} : {isolation}),
    ...(prefetch === undefined ? {} : {prefetch}),
    ops,
    ...(hold.value === undefined ? {} : {hold: hold.value}),
  });
}

const stmWords: ReadonlySet<string> = new Set(["fetch", "get", "put", "del", "add"]);

function readStmOp(word: string, found: Arguments): Result<StmOp, string> {
  const key = found.at(0);
  if (word === "get" || word === "del") return ok({kind: word, key});
  if (word === "put") return ok({kind: word, key, value: value(found, 1)});
  const by = word === "add" ? readInteger(found.at(1)) : undefined;
  return by === undefined ? failed(`"${word} ${found.at(1)}" is no operation`) : ok({kind: "add", key, by});
}

/** `50ms`; undefined: not said. */
function micros(found: Arguments, name: string): Result<Micros | undefined, string> {
  const said = found.text(name);
  if (said === undefined) return ok(undefined);
  const [, digits = "", unit = ""] = /^([0-9]{1,9})(us|ms|s)$/.exec(said) ?? [];
  const factor = {us: 1, ms: 1000, s: 1_000_000}[unit];
  return factor === undefined
    ? failed(`${name}: "${said}" is no time such as 50ms`)
    : ok(Number(digits) * factor);
}

// ---- writing

/** Every field that some recipe has. */
interface AllFields {
  readonly [name: string]: Key | Value | number | boolean | undefined | readonly (Key | StmOp)[];
  readonly ttl?: number;
  readonly session?: number;
  readonly hold?: Micros;
  readonly beat?: Micros;
  readonly fenced?: boolean;
}

const commandOf: Readonly<Record<RecipeKind, string>> = {
  session: "session",
  close: "close",
  orphan: "orphan",
  lock: "lock",
  tryLock: "trylock",
  rlock: "rlock",
  wlock: "wlock",
  unlock: "unlock",
  isOwner: "is-owner",
  campaign: "elect",
  proclaim: "proclaim",
  resign: "resign",
  leader: "leader",
  observe: "observe",
  stm: "stm",
  enqueue: "enqueue",
  dequeue: "dequeue",
  barrierHold: "barrier hold",
  barrierRelease: "barrier release",
  barrierWait: "barrier wait",
  enter: "enter",
  leave: "leave",
  register: "register",
  deregister: "deregister",
  discover: "discover",
  standby: "standby",
  critical: "critical",
};

/** The fields that are arguments, in order. */
const argumentsOf: Readonly<Record<RecipeKind, readonly string[]>> = {
  session: [],
  close: ["of"],
  orphan: ["of"],
  lock: ["name"],
  tryLock: ["name"],
  rlock: ["name"],
  wlock: ["name"],
  unlock: ["of"],
  isOwner: ["of"],
  campaign: ["name", "value"],
  proclaim: ["of", "value"],
  resign: ["of"],
  leader: ["name"],
  observe: ["name"],
  stm: [],
  enqueue: ["queue", "value"],
  dequeue: ["queue"],
  barrierHold: ["name"],
  barrierRelease: ["name"],
  barrierWait: ["name"],
  enter: ["name", "count"],
  leave: ["of"],
  register: ["service", "id", "address"],
  deregister: ["of"],
  discover: ["service"],
  standby: ["service", "value"],
  critical: ["name", "key"],
};

function word(field: AllFields[string]): string {
  if (typeof field === "string") return text(field);
  return field instanceof Uint8Array ? text(keyOfBytes(field)) : `${field as number}`;
}

function flag(name: string, said: string | number | undefined): string {
  return said === undefined ? "" : `${name}=${said}`;
}

function wordOf(isolation: Isolation): string {
  return [...isolationWords].find(([, one]) => one === isolation)?.[0] ?? isolation;
}

function formatMicros(time: Micros): string {
  if (time % 1_000_000 === 0) return `${time / 1_000_000}s`;
  return time % 1000 === 0 ? `${time / 1000}ms` : `${time}us`;
}

function formatStm({
  prefetch,
  ops,
}: {
  readonly prefetch?: readonly Key[];
  readonly ops: readonly StmOp[];
}): string {
  const fetch = prefetch === undefined ? [] : [`fetch ${prefetch.map(text).join(" ")}`];
  return [...fetch, ...ops.map(formatStmOp)].join(" ; ");
}

function formatStmOp(op: StmOp): string {
  if (op.kind === "put") return `put ${text(op.key)} ${text(keyOfBytes(op.value))}`;
  return op.kind === "add" ? `add ${text(op.key)} ${op.by}` : `${op.kind} ${text(op.key)}`;
}
