// Runs as JSON: what a trace's header and a link hold. Every field is checked, names against the configuration.

import {unreachable} from "../../core/base/assert.ts";
import {diskOpKinds} from "../../core/storage/disk.ts";
import {actors, points} from "../../core/server/io.ts";
import {parseScripted} from "../../core/client/operand.ts";
import type {Result} from "../../core/base/result.ts";
import type {Action, ActionKind} from "../action.ts";
import {
  hour,
  latencyBounds,
  linkBounds,
  nthBounds,
  raftBounds,
  slowBounds,
  storeBounds,
  timeMax,
} from "../bounds.ts";
import type {Bounds, BoundsOf} from "../bounds.ts";
import {leastRate, mostRate} from "../clock.ts";
import {museum} from "../bug/museum.ts";
import {latencyBetween, profileNames, serversOf} from "../run.ts";
import type {Choice, Config, EventId, Intervention, Run} from "../run.ts";
import {scriptEvent, scriptLane} from "../world/lanes.ts";
import {diskFaultDecoder} from "./diskFaultText.ts";
import {
  boolean,
  integer,
  list,
  literal,
  object,
  optional,
  pair,
  readable,
  record,
  refuse,
  text,
} from "./decode.ts";
import type {Decoder} from "./decode.ts";

/** A reader's memory and patience, not the model's. */
const membersMax = 31;
const clientsMax = 64;

const within = ({least, most}: Bounds): Decoder<number> => integer(least, most);
const micros = integer(0, timeMax);
const between = object({least: within(latencyBounds), most: within(latencyBounds)});
const place = text("a name such as n2 or c1", /^[nc][1-9][0-9]?$/);
const member = text("a member such as n2", /^n[1-9][0-9]?$/);
const client = text("a client such as c1", /^c[1-9][0-9]?$/);
const eventId = text("an event such as n1→n3#17", /^[^#]+#[1-9][0-9]*$/, 64);
const regionName = /^[a-z][a-z0-9-]*$/;
const seed = text("a seed: 1 to 100 characters", /^[^\n]+$/, 100);

const region = text("a region: lower-case letters, digits and dashes", regionName, 40);
const table = <T>(item: Decoder<T>): Decoder<Readonly<Record<string, T>>> => record(regionName, item);

const config: Decoder<Config> = object({
  members: integer(1, membersMax),
  learners: integer(0, membersMax),
  spares: integer(0, membersMax),
  clients: integer(0, clientsMax),
  profile: literal(...profileNames),
  raft: object({...settings(raftBounds), leaseReads: optional(boolean)}),
  store: object(settings(storeBounds)),
  network: object({
    peerLatency: between,
    clientLatency: between,
    lossPerMillion: integer(0, 1_000_000),
    reorder: boolean,
    regions: optional(object({of: record(/^[nc][1-9][0-9]?$/, region), latency: table(table(between))})),
  }),
  disk: object({write: between, sync: between}),
  clock: object({tick: integer(1, hour), apply: between}),
  client: object({requestTimeout: integer(1, hour)}),
  pausePoints: list(literal(...points), 0, points.length),
});

/** There are too many to list them. */
const bugs: Decoder<string> = (value, path) =>
  museum.find(({id}) => id === value)?.id ?? refuse(path, value, "a bug of the museum, such as vote-twice");

/** Decoders of settings, each within its bounds. */
function settings<T>(bounds: BoundsOf<T>): {readonly [K in keyof T]: Decoder<T[K]>} {
  const entries = Object.entries<Bounds | "yesOrNo">(bounds).map(([key, bound]) => [
    key,
    bound === "yesOrNo" ? boolean : within(bound),
  ]);
  return Object.fromEntries(entries) as {readonly [K in keyof T]: Decoder<T[K]>};
}

/** The same where any may be absent. */
function anyOf<T extends Readonly<Record<string, Decoder<unknown>>>>(
  fields: T,
): {readonly [K in keyof T]: Decoder<(T[K] extends Decoder<infer V> ? V : never) | undefined>} {
  return Object.fromEntries(Object.entries(fields).map(([key, decode]) => [key, optional(decode)])) as never;
}

const link: Decoder<Extract<Action, {kind: "link"}>> = (value, path) => {
  const head = {kind: literal("link"), from: place, to: place, oneWay: optional(boolean)};
  const resets = typeof value === "object" && value !== null && "reset" in value;
  return resets
    ? object({...head, reset: yes})(value, path)
    : object({...head, set: object(anyOf({latency: between, ...settings(linkBounds)}))})(value, path);
};

const yes: Decoder<true> = (value, path) => (value === true ? value : refuse(path, value, "true"));

/** Nothing is lost of what a run holds, so a version may be empty: it is the sound one. */
const restartWith = object({
  versions: optional(list(bugs, 0, 100)),
  raft: optional(object(anyOf(settings(raftBounds)))),
  store: optional(object(anyOf(settings(storeBounds)))),
});

const message: Decoder<Extract<Action, {kind: "message"}>> = (value, path) => {
  const head = {kind: literal("message"), event: eventId};
  const delays = typeof value === "object" && value !== null && "by" in value;
  return delays
    ? object({...head, do: literal("delay"), by: integer(1, hour)})(value, path)
    : object({...head, do: literal("drop", "duplicate", "hold", "release")})(value, path);
};

const actions: {readonly [K in ActionKind]: Decoder<Action & {readonly kind: K}>} = {
  cut: object({kind: literal("cut"), from: place, to: place, oneWay: optional(boolean)}),
  split: object({kind: literal("split"), groups: list(list(place, 1, 100), 1, 100)}),
  heal: object({kind: literal("heal"), link: optional(pair(place))}),
  crash: object({kind: literal("crash"), member}),
  link,
  connection: object({
    kind: literal("connection"),
    client,
    member,
    do: literal("reset", "refuse", "accept"),
  }),
  crashAt: object({
    kind: literal("crashAt"),
    member,
    point: literal(...points),
    nth: within(nthBounds),
  }),
  crashAtDisk: object({
    kind: literal("crashAtDisk"),
    member,
    nth: within(nthBounds),
    when: literal("before", "after"),
    what: optional(literal(...diskOpKinds)),
  }),
  slow: object({kind: literal("slow"), member, actor: literal(...actors), factor: within(slowBounds)}),
  restart: object({kind: literal("restart"), member, with: optional(restartWith)}),
  pause: object({kind: literal("pause"), member}),
  resume: object({kind: literal("resume"), member}),
  pauseClient: object({kind: literal("pauseClient"), client}),
  resumeClient: object({kind: literal("resumeClient"), client}),
  clock: object({kind: literal("clock"), who: place, rate: integer(leastRate, mostRate)}),
  jump: object({kind: literal("jump"), who: place, by: integer(1, hour)}),
  timeout: object({kind: literal("timeout"), member}),
  client: object({
    kind: literal("client"),
    client,
    op: text('an etcdctl line such as "put x 1"', /^[^\n]+$/, 100_000),
    as: optional(text("a name", /^[^\n]+$/, 100)),
    to: optional(member),
  }),
  message,
  loss: object({kind: literal("loss"), perMillion: integer(0, 1_000_000)}),
  disk: object({kind: literal("disk"), member, fault: diskFaultDecoder}),
  mark: object({kind: literal("mark")}),
  pin: object({
    kind: literal("pin"),
    stream: text("a stream's name", /^[^\n]+$/, 200),
    n: integer(1, 1_000_000_000),
    value: integer(0, 4_294_967_295),
  }),
};

/** One action, by its kind. */
export const decodeAction: Decoder<Action> = (value, path) => {
  const kinds = Object.keys(actions);
  const kind: unknown =
    typeof value === "object" && value !== null && "kind" in value ? value.kind : undefined;
  const known = (Object.entries(actions) as [ActionKind, Decoder<Action>][]).find(([one]) => one === kind);
  if (known === undefined) return refuse(`${path}.kind`, kind, `one of ${kinds.join(", ")}`);
  return known[1](value, path);
};

/** One action in a run of this configuration; the error is one line that begins with `path`. */
export function readAction(value: unknown, config: Config, path: string): Result<Action, string> {
  return readable(() => {
    const action = decodeAction(value, path);
    checkNames(config, action, path);
    return action;
  });
}

const when = object({at: micros, after: optional(eventId)});

/** One intervention, names not yet checked against a configuration. */
export const decodeIntervention: Decoder<Intervention> = object({
  id: integer(1, 1_000_000_000),
  when,
  do: decodeAction,
  origin: literal("plan", "person", "program", "outside"),
  step: optional(text("a step's name", /^[^\n]+$/, 100)),
  let: optional(record(/^[A-Za-z][A-Za-z0-9-]*$/, text("a name", /^[^\n]+$/, 100))),
});

export const decodeChoice: Decoder<Choice> = object({after: eventId, take: eventId});

/** The fields of a run, to be read as they are or among others. */
export const runFields = {
  format: literal(1),
  config,
  seed,
  versions: record(/^[nc][1-9][0-9]?$/, list(bugs, 0, 100)),
  script: list(decodeIntervention),
  choices: list(decodeChoice),
  limits: object({events: integer(0, 1_000_000_000), until: micros}),
};

/** What no field can see alone: ranges the right way round, members that exist, ids that differ. */
export function checkRun(run: Run, path: string): void {
  const {
    config: {network, disk, clock, raft},
    script,
  } = run;
  const ranges = {
    "network.peerLatency": network.peerLatency,
    "network.clientLatency": network.clientLatency,
    "disk.write": disk.write,
    "disk.sync": disk.sync,
    "clock.apply": clock.apply,
  };
  for (const [name, {least, most}] of Object.entries(ranges)) {
    if (least > most) refuse(`${path}.config.${name}.most`, most, `at least ${least}, as in least`);
  }
  if (raft.heartbeatTicks >= raft.electionTicks) {
    refuse(
      `${path}.config.raft.heartbeatTicks`,
      raft.heartbeatTicks,
      `less than electionTicks, ${raft.electionTicks}`,
    );
  }
  if (raft.leaseReads === true && !raft.checkQuorum)
    refuse(`${path}.config.raft.leaseReads`, true, "false, as checkQuorum is");
  const servers = serversOf(run.config);
  if (servers > membersMax) {
    refuse(`${path}.config`, servers, `at most ${membersMax} members, learners and spares together`);
  }
  for (const name of Object.keys(run.versions)) checkName(run.config, name, `${path}.versions.${name}`);
  checkRegions(run, `${path}.config.network.regions`);
  const names = new Set<EventId>();
  for (const [i, item] of script.entries()) {
    const at = `${path}.script[${i}]`;
    const lane = scriptLane(item.do);
    if (names.has(scriptEvent(item))) refuse(`${at}.id`, item.id, `an id that no other one in ${lane} has`);
    names.add(scriptEvent(item));
    checkNames(run.config, item.do, `${at}.do`);
    if (item.do.kind !== "client") continue;
    const command = parseScripted(item.do.op);
    if (!command.ok) refuse(`${at}.do.op`, item.do.op, `a client's command (${command.error})`);
  }
}

/** Everybody named in it is there, and there is a way between any two of them, the right way round. */
function checkRegions(run: Run, path: string): void {
  const {regions} = run.config.network;
  if (regions === undefined) return;
  for (const name of Object.keys(regions.of)) checkName(run.config, name, `${path}.of.${name}`);
  for (const [from, row] of Object.entries(regions.latency)) {
    for (const [to, {least, most}] of Object.entries(row))
      if (least > most) refuse(`${path}.latency.${from}.${to}.most`, most, `at least ${least}, as in least`);
  }
  const taken = [...new Set(Object.values(regions.of))];
  for (const [i, from] of taken.entries()) {
    for (const to of taken.slice(i)) {
      if (latencyBetween(regions, from, to) === undefined)
        refuse(`${path}.latency.${from}.${to}`, undefined, "a latency between any two regions that are used");
    }
  }
}

function checkNames(config: Config, action: Action, path: string): void {
  for (const [key, name] of namesIn(action)) checkName(config, name, `${path}.${key}`);
}

function checkName(config: Config, name: string, path: string): void {
  const servers = serversOf(config);
  const {clients} = config;
  const most = name.startsWith("n") ? servers : clients;
  if (Number(name.slice(1)) <= most) return;
  const known = [
    ...(servers > 0 ? [`n1 to n${servers}`] : []),
    ...(clients > 0 ? [`c1 to c${clients}`] : []),
  ];
  refuse(path, name, `one of this run's names: ${known.join(", ")}`);
}

function namesIn(action: Action): readonly (readonly [string, string])[] {
  switch (action.kind) {
    case "cut":
      return [
        ["from", action.from],
        ["to", action.to],
      ];
    case "split":
      return action.groups.flatMap((group, i) =>
        group.map((name, k) => [`groups[${i}][${k}]`, name] as const),
      );
    case "link":
      return [
        ["from", action.from],
        ["to", action.to],
      ];
    case "connection":
      return [
        ["client", action.client],
        ["member", action.member],
      ];
    case "heal":
      return (action.link ?? []).map((name, i) => [`link[${i}]`, name]);
    case "crash":
    case "restart":
    case "pause":
    case "resume":
    case "timeout":
    case "disk":
    case "crashAt":
    case "crashAtDisk":
    case "slow":
      return [["member", action.member]];
    case "pauseClient":
    case "resumeClient":
      return [["client", action.client]];
    case "clock":
    case "jump":
      return [["who", action.who]];
    case "client":
      return [["client", action.client], ...(action.to === undefined ? [] : [["to", action.to] as const])];
    case "message":
    case "loss":
    case "pin":
    case "mark":
      return [];
    default:
      return unreachable(action);
  }
}
