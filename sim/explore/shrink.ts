// From a run that fails to the smallest one that fails the same check. What is made smaller is the run itself, which is a list
// of interventions, a list of choices and a configuration, never the seed: every part of it is a run (law 2), so whatever
// is tried runs, and either still fails or does not.
//
//   cut behind the failure ─▶ spans of time
//         ▲                    ─▶ lists: choices, interventions (delta debugging, Zeller & Hildebrandt 2002), groups, pairs
//         ▲                    ─▶ cluster: fewer clients and members, the profile's numbers, fixed latencies
//         └── until nothing ◀─ ─▶ words and times: plain moments, rounded; short values
//             gets smaller
//
// At the end no single intervention or choice can be left out.

import type {Action} from "../action.ts";
import {checkOf} from "../check/only.ts";
import type {Checker, Violation} from "../check/checker.ts";
import type {EventRecord} from "../event.ts";
import type {Micros} from "../../core/base/quantity.ts";
import {profiles, resolve} from "../profile.ts";
import type {Between, Choice, Config, Intervention, Run} from "../run.ts";
import {Life} from "../timeline/life.ts";
import {Timed} from "./timed.ts";
import type {Versions} from "../world/world.ts";

export interface ShrinkOptions {
  readonly versions: Versions;
  /** Fresh ones; the check that fails is among them. */
  readonly checkers: () => readonly Checker[];
  /** The check's name. */
  readonly check: string;
  /** Asked before every run that is tried: true ends the search, and what was found so far is the answer. */
  readonly stop?: () => boolean;
  /** Told of every run that fails and is smaller. */
  readonly onSmaller?: (found: Shrunk) => void;
}

export interface Shrunk {
  /** Interventions that name no event are done as soon as their time has come (timed.ts), as a scenario's steps are. */
  readonly run: Run;
  /** The same with everything tied to where it happened: runs again by itself. */
  readonly recorded: Run;
  readonly violation: Violation;
  /** Events up to the failure. */
  readonly events: number;
  /** Simulated time of the failure. */
  readonly at: number;
  /** Runs that were tried. */
  readonly tried: number;
  /** No single intervention or choice can be left out. */
  readonly isMinimal: boolean;
}

/** Undefined: the run does not fail that check. */
export function shrink(run: Run, options: ShrinkOptions): Shrunk | undefined {
  const search = new Shrinker(options);
  return search.shrink(run);
}

/** What a run that is tried came to. */
interface Failed {
  readonly recorded: Run;
  readonly violation: Violation;
  readonly events: number;
  readonly at: number;
  /** Choices that happened, and interventions that fired and applied. */
  readonly choices: readonly Choice[];
  readonly script: readonly Intervention[];
}

/** The shortest span that is left out as a whole is such a part of a run. */
const spansMost = 16;

class Shrinker {
  private readonly options: ShrinkOptions;
  private best: Run | undefined;
  private failed: Failed | undefined;
  private tried = 0;
  private stopped = false;

  constructor(options: ShrinkOptions) {
    this.options = options;
  }

  shrink(run: Run): Shrunk | undefined {
    if (!this.accept(tied(run, this.options))) return undefined;
    this.cut();
    for (let before = ""; before !== this.size() && !this.stopped;) {
      before = this.size();
      this.spans();
      this.lists();
      this.cluster();
      this.numbers();
      this.cut();
    }
    return this.found();
  }

  // ---- what is tried

  /** Nothing behind the failure: no time, no intervention, no choice. */
  private cut(): void {
    const {best, failed} = this;
    if (best === undefined || failed === undefined) return;
    const limits = {...best.limits, until: Math.min(best.limits.until, failed.at)};
    this.accept({...best, limits, script: failed.script, choices: failed.choices});
    // A claim that is judged at the end only fails at whatever end there is: the earliest is sought.
    for (let step = this.until(); step >= 1000 && !this.stopped; step = Math.floor(step / 2)) {
      while (
        this.until() > step &&
        this.change((old) => ({...old, limits: {...old.limits, until: old.limits.until - step}}))
      );
    }
  }

  /** Spans of time: what was done in one, or that nothing was, is left out, and all that followed comes so much earlier. */
  private spans(): void {
    for (let parts = 2; parts <= spansMost && !this.stopped; parts *= 2) {
      const span = Math.floor(this.until() / parts);
      for (let from = 0; from + span <= this.until() && !this.stopped; from += span)
        while (this.change((run) => withoutSpan(run, from, from + span)));
    }
  }

  private lists(): void {
    this.shorten("choices");
    this.groups();
    this.shorten("script");
    this.pairs();
  }

  /** What belongs together goes together, the largest group first: all of a kind, of a question, of one sufferer. */
  private groups(): void {
    const sizes = new Map<string, number>();
    for (const item of this.list("script"))
      for (const name of groupsOf(item)) sizes.set(name, (sizes.get(name) ?? 0) + 1);
    for (const [name] of [...sizes].toSorted(([, a], [, b]) => b - a))
      this.change((run) => ({...run, script: run.script.filter((item) => !groupsOf(item).includes(name))}));
  }

  /** One and the next that befalls the same: a crash and its restart, a split and its healing, each of which may need the other. */
  private pairs(): void {
    for (let i = this.list("script").length - 2; i >= 0 && !this.stopped; i--) {
      this.change((run) => {
        const one = run.script[i];
        const next = run.script.findIndex((item, j) => j > i && one !== undefined && befall(item, one));
        return next < 0 ? run : {...run, script: run.script.filter((_, j) => j !== i && j !== next)};
      });
    }
  }

  /** Delta debugging: ever smaller parts are left out, down to single items. */
  private shorten(what: "script" | "choices"): void {
    if (this.size() === "") return;
    for (let part = this.list(what).length; part >= 1 && !this.stopped; part = Math.floor(part / 2)) {
      // From the end: what came late is needed least.
      for (let to = this.list(what).length; to > 0 && !this.stopped; to -= part) {
        const list = this.list(what);
        if (to > list.length) continue;
        const rest = [...list.slice(0, Math.max(0, to - part)), ...list.slice(to)];
        this.change((old) => ({...old, [what]: rest}));
      }
    }
  }

  private cluster(): void {
    for (;;) if (!this.change(withoutClient)) break;
    for (;;) if (!this.change(withoutMember)) break;
    this.change((run) =>
      withConfig(run, ({members, learners, spares, clients}) =>
        resolve({members, learners, spares, clients}),
      ),
    );
    for (const simpler of simplerConfigs) this.change((run) => withConfig(run, simpler));
    for (const simpler of this.defaults()) this.change((run) => withConfig(run, simpler));
    for (const name of Object.keys(this.best?.versions ?? {}))
      this.change((run) => ({
        ...run,
        versions: Object.fromEntries(Object.entries(run.versions).filter(([one]) => one !== name)),
      }));
  }

  /** Each room's numbers as the profile has them, all at once and then each. */
  private defaults(): readonly ((config: Config) => Config)[] {
    const config = this.best?.config;
    if (config === undefined) return [];
    const base = profiles[config.profile];
    return rooms.flatMap((room) => [
      (old: Config) => ({...old, [room]: base[room]}),
      ...Object.entries(base[room]).map(([key, value]) => (old: Config) => ({
        ...old,
        [room]: {...old[room], [key]: value as unknown},
      })),
    ]);
  }

  private numbers(): void {
    this.change((run) => ({...run, script: run.script.map(plain)}));
    this.each((item) => plain(item));
    for (const grain of [1_000_000, 100_000, 10_000, 1000]) this.each((item) => roundedTo(grain, item));
    this.each(shortValue);
  }

  /** Every intervention by itself. */
  private each(how: (item: Intervention) => Intervention): void {
    for (let i = 0; i < this.list("script").length && !this.stopped; i++) {
      this.change((run) => {
        const item = run.script[i];
        const changed = item === undefined ? item : how(item);
        if (changed === undefined || changed === item) return run;
        return {...run, script: inOrder(run.script.map((one) => (one === item ? changed : one)))};
      });
    }
  }

  // ---- trying

  private change(how: (run: Run) => Run): boolean {
    const {best} = this;
    if (best === undefined) return false;
    const changed = how(best);
    return changed !== best && JSON.stringify(changed) !== JSON.stringify(best) && this.accept(changed);
  }

  /** Runs it; it becomes the best if it fails. */
  private accept(run: Run): boolean {
    if (this.best !== undefined && (this.stopped ||= this.options.stop?.() === true)) return false;
    this.tried++;
    const failed = failureOf(run, this.options);
    if (failed === undefined) return false;
    this.best = run;
    this.failed = failed;
    const found = this.found();
    if (found !== undefined) this.options.onSmaller?.(found);
    return true;
  }

  private found(): Shrunk | undefined {
    const {best, failed, tried, stopped} = this;
    if (best === undefined || failed === undefined) return undefined;
    const {violation, events, at, recorded} = failed;
    return {run: best, recorded, violation, events, at, tried, isMinimal: !stopped};
  }

  private size(): string {
    return this.best === undefined ? "" : JSON.stringify({...this.best, seed: ""});
  }

  private until(): number {
    return this.best?.limits.until ?? 0;
  }

  private list<W extends "script" | "choices">(what: W): Run[W] {
    return this.best === undefined ? ([] as unknown as Run[W]) : this.best[what];
  }
}

/** The same run, with interventions that came with an event, and not after time had passed, tied to it. */
function tied(run: Run, {versions}: ShrinkOptions): Run {
  const life = Life.create(run, {versions});
  const whens: Intervention["when"][] = [];
  let last: EventRecord | undefined;
  for (let record = life.step(); record !== undefined; record = life.step()) {
    if (record.payload.kind !== "script") last = record;
    else whens.push({at: record.at, ...(last?.at === record.at ? {after: last.id} : {})});
  }
  const script = life.world.firedScript.map((item, i) => ({...item, when: whens[i] ?? item.when}));
  return {...run, script};
}

/** Runs up to the failure of the check, no further. Undefined: it does not fail. */
function failureOf(run: Run, {versions, checkers, check}: ShrinkOptions): Failed | undefined {
  const watched = checkOf(checkers(), check);
  const script = run.script.filter(({when}) => when.after !== undefined);
  const director = new Timed(inOrder(run.script.filter(({when}) => when.after === undefined)));
  const life = Life.create({...run, script}, {versions, director, checkers: [watched]});
  const taken = new Set<string>();
  let last = "";
  let record = life.step();
  while (record !== undefined && watched.violation === undefined) {
    if (record.payload.kind !== "script") {
      taken.add(`${last} ${record.id}`);
      last = record.id;
    }
    record = life.step();
  }
  const violation = watched.violation ?? life.reports()[0]?.violation;
  if (violation === undefined) return undefined;
  const {world} = life;
  const fired = new Set(world.firedScript.map((item) => item.do));
  const recorded = life.recorded();
  return {
    recorded: {...recorded, limits: {...recorded.limits, events: world.step}},
    violation,
    events: world.step,
    at: world.now,
    choices: run.choices.filter(({after, take}) => taken.has(`${after} ${take}`)),
    script: run.script.filter((item) => fired.has(item.do)),
  };
}

// ---- smaller runs

function withConfig(run: Run, how: (config: Config) => Config): Run {
  return {...run, config: how(run.config)};
}

/** What follows is tied to no event any more: those that it followed come no more, or at other times. */
function withoutSpan(run: Run, from: Micros, to: Micros): Run {
  const script = run.script.flatMap((item): readonly Intervention[] => {
    const {at} = item.when;
    if (at < from) return [item];
    return at < to ? [] : [{...item, when: {at: at - (to - from)}}];
  });
  // Behind the last one there is nothing to be had: what comes after the failure is cut anyway.
  if (run.script.every(({when}) => when.at < from)) return run;
  return {...run, script, limits: {...run.limits, until: run.limits.until - (to - from)}};
}

/** Without its last client, and what it was asked. */
function withoutClient(run: Run): Run {
  const {clients} = run.config;
  if (clients === 0) return run;
  const name = `c${clients}`;
  const script = run.script.filter((item) => !mentions(item, name));
  const {[name]: _, ...versions} = run.versions;
  return {...run, config: {...run.config, clients: clients - 1}, versions, script};
}

/** Without its last learner, or two of its voters. */
function withoutMember(run: Run): Run {
  const {members, learners, spares} = run.config;
  const less =
    spares > 0
      ? {spares: spares - 1}
      : learners > 0
        ? {learners: learners - 1}
        : members > 3
          ? {members: members - 2}
          : undefined;
  if (less === undefined) return run;
  const config = {...run.config, ...less};
  const left = config.members + config.learners + config.spares;
  const gone = Array.from({length: members + learners + spares - left}, (_, i) => `n${left + i + 1}`);
  const versions = Object.fromEntries(Object.entries(run.versions).filter(([name]) => !gone.includes(name)));
  const script = run.script
    .map((item) => withoutNames(item, gone))
    .filter((item) => !gone.some((name) => mentions(item, name)));
  return {...run, config, versions, script};
}

/** A group of a split that has others in it stays. */
function withoutNames(item: Intervention, names: readonly string[]): Intervention {
  if (item.do.kind !== "split") return item;
  const groups = item.do.groups
    .map((group) => group.filter((name) => !names.includes(name)))
    .filter((group) => group.length > 0);
  return {...item, do: {...item.do, groups}};
}

function mentions({do: action}: Intervention, name: string): boolean {
  return new RegExp(`"[^"]*\\b${name}\\b`).test(JSON.stringify(action));
}

/** Of a client's line its first words: `client c1`, `client get`. */
function groupsOf({do: action}: Intervention): readonly string[] {
  const who = sufferer(action);
  return [
    action.kind,
    `${action.kind} ${who}`,
    ...(action.kind === "client" ? [`client ${action.op.split(" ", 1)[0] ?? ""}`] : []),
  ];
}

/** Whether both do something to the same process or to the network. */
function befall(one: Intervention, other: Intervention): boolean {
  return one.do.kind !== "client" && other.do.kind !== "client" && sufferer(one.do) === sufferer(other.do);
}

/** Who; empty: the network, and whoever it joins. */
function sufferer(action: Action): string {
  if ("member" in action) return action.member;
  if ("client" in action) return action.client;
  return "who" in action ? action.who : "";
}

const rooms = ["raft", "store", "client", "disk", "clock", "network"] as const;

const simplerConfigs: readonly ((config: Config) => Config)[] = [
  (config) => ({...config, pausePoints: []}),
  (config) => ({...config, network: {...config.network, reorder: false}}),
  (config) => ({...config, network: {...config.network, lossPerMillion: 0}}),
  (config) => ({...config, network: {...config.network, peerLatency: fixed(config.network.peerLatency)}}),
  (config) => ({...config, network: {...config.network, clientLatency: fixed(config.network.clientLatency)}}),
  (config) => ({...config, disk: {write: fixed(config.disk.write), sync: fixed(config.disk.sync)}}),
  (config) => ({...config, clock: {...config.clock, apply: fixed(config.clock.apply)}}),
  (config) => ({...config, raft: {...config.raft, preVote: false, checkQuorum: false}}),
  (config) => ({...config, raft: {...config.raft, snapshotEvery: 0}}),
];

/** The middle, in whole milliseconds where there is one. */
function fixed({least, most}: Between): Between {
  const middle = Math.floor((least + most) / 2);
  const round = middle >= 1000 ? middle - (middle % 1000) : middle;
  const value = Math.max(least, round);
  return {least: value, most: value};
}

/** At its time alone: a person reads moments, not names of events. */
function plain(item: Intervention): Intervention {
  return item.when.after === undefined ? item : {...item, when: {at: item.when.at}};
}

function roundedTo(grain: number, item: Intervention): Intervention {
  const at = item.when.at - (item.when.at % grain);
  return at === item.when.at ? item : {...item, when: {...item.when, at}};
}

/** `put a c1.8.xxxxxx` puts a digit as well. */
function shortValue(item: Intervention): Intervention {
  if (item.do.kind !== "client") return item;
  const op = item.do.op.replaceAll(/\bc(\d+)\.(\d+)[.x]*/g, "$1$2").replaceAll(/x{4,}/g, "x");
  return op === item.do.op ? item : {...item, do: {...item.do, op}};
}

/** By time; what was at one time stays in its order. */
function inOrder(script: readonly Intervention[]): readonly Intervention[] {
  return script.toSorted((a, b) => a.when.at - b.when.at);
}
