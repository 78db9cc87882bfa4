// npm run soak -- [raft|disks|recipes|trials|detections|matrix|registers] --budget 30m [--seeds A..B] [--jobs 2] [--out F]     plays on from where the results file ends
// npm run soak -- raft --replay SEED [--keep 0-4,7]                       one schedule, told event by event
// npm run soak -- disks --replay SEED [--betrayal KIND] [--trace F]       one run, told event by event
// npm run soak -- recipes --replay SEED [--unfenced] [--trace F]          one run, told event by event
//
// Without a name all are played, one after the other. B is not included. SIGINT stops, and keeps what is done.

import {resolve} from "node:path";
import {parseArgs} from "node:util";
import {betrayalKinds} from "../../sim/fault/damage.ts";
import {Campaign} from "./campaign.ts";
import type {CampaignOptions} from "./campaign.ts";
import {detections} from "./detections/detections.ts";
import {disks} from "./disks/disks.ts";
import {replayDisks} from "./disks/replay.ts";
import {Counters, features} from "./features.ts";
import {matrix} from "./matrix/matrix.ts";
import {raft} from "./raft.ts";
import {recipes} from "./recipes/recipes.ts";
import {replayRecipes} from "./recipes/replay.ts";
import {registers} from "./registers/registers.ts";
import {playSchedule, scheduleLength} from "./schedule.ts";
import {keepOf} from "./shrink.ts";
import type {Standing, Subject, SubjectName} from "./subject.ts";
import {trials} from "./trials/trials.ts";

/** Tells a schedule event by event: role, term, and applied/committed/last of each member before it. */
function replay(seed: number, keep: readonly number[] | undefined): void {
  try {
    playSchedule({
      seed,
      keep,
      features: new Counters(features),
      notes: {note: (note) => console.log(`      ${JSON.stringify(note)}`)},
      onEvent: (event, action, {hosts}) => {
        const members = hosts.map(({id, node, applied, disk}) => {
          const {role, term, commitIndex, lastIndex} = node;
          return `n${id} ${role}/${term} ${applied}/${commitIndex}/${lastIndex}/${disk.synced.lastIndex}`;
        });
        console.log(`${String(event).padStart(4)} ${action.padEnd(12)} ${members.join("  ")}`);
      },
    });
    console.log("nothing was broken");
  } catch (error) {
    console.log(error instanceof Error ? `${error.name}: ${error.message}` : error);
    process.exitCode = 1;
  }
}

const usageLine =
  "usage: npm run soak -- [raft|disks|recipes|trials|detections|matrix|registers] --budget 30m [--seeds A..B] [--jobs N] [--out F] | raft --replay S [--keep 0-4,7] | " +
  "disks --replay S [--betrayal KIND] [--trace F] | recipes --replay S [--unfenced] [--trace F]";

function usage(problem: string): never {
  console.error(`${problem}; ${usageLine}`);
  process.exit(2);
}

function secondsOf(budget: string): number {
  const match = /^(\d+)(s|m|h)$/.exec(budget);
  if (match === null) usage(`--budget ${budget}: expected 90s, 30m or 2h`);
  return Number(match[1]) * {s: 1, m: 60, h: 3600}[match[2] as "s" | "m" | "h"];
}

const flags = {
  budget: {type: "string", default: "30m"},
  seeds: {type: "string"},
  jobs: {type: "string", default: "2"},
  out: {type: "string"},
  replay: {type: "string"},
  keep: {type: "string"},
  betrayal: {type: "string"},
  unfenced: {type: "boolean"},
  trace: {type: "string"},
  help: {type: "boolean", short: "h"},
} as const;

type Parsed = ReturnType<typeof parseArgs<{options: typeof flags; allowPositionals: true}>>;
type Values = Parsed["values"];

function parsed(): Parsed {
  try {
    return parseArgs({options: flags, allowPositionals: true});
  } catch (error) {
    return usage(error instanceof Error ? (error.message.split(". ")[0] ?? error.message) : String(error));
  }
}

const names = [
  "raft",
  "disks",
  "recipes",
  "trials",
  "detections",
  "matrix",
  "registers",
] as const satisfies readonly SubjectName[];

function named(positionals: readonly string[]): SubjectName | undefined {
  const [name, ...more] = positionals;
  if (more.length > 0) usage(`${more.join(" ")}: expected one name`);
  const found = names.find((one) => one === name);
  if (name === undefined || found !== undefined) return found;
  return usage(`${name}: expected one of ${names.join(", ")}`);
}

function replayOne(name: SubjectName | undefined, values: Values): void {
  const {replay: seed = "", keep, betrayal, trace} = values;
  if (!/^\d+$/.test(seed)) usage(`--replay ${seed}: expected a seed, a whole number`);
  if (name === "trials" || name === "detections" || name === "matrix" || name === "registers")
    usage(`--replay: found ${name}, expected raft, disks or recipes; etcdscope sweep plays trials`);
  if (name === "recipes") return replayRecipes(Number(seed), values.unfenced !== true, trace);
  if (name === "disks") {
    const kind = betrayalKinds.find((one) => one === betrayal);
    if (betrayal !== undefined && kind === undefined)
      usage(`--betrayal ${betrayal}: expected one of ${betrayalKinds.join(", ")}`);
    return replayDisks(Number(seed), kind, trace);
  }
  const kept = keep === undefined ? undefined : keepOf(keep);
  if (keep !== undefined && kept === undefined) usage(`--keep ${keep}: expected 0-4,7`);
  if (kept?.some((event) => event >= scheduleLength) === true)
    usage(`a schedule has ${scheduleLength} events`);
  replay(Number(seed), kept);
}

function optionsFor(
  {file, seeds: count}: Pick<typeof raft, "file" | "seeds">,
  values: Values,
): CampaignOptions {
  const {seeds = `0..${count}`} = values;
  const range = /^(\d+)\.\.(\d+)$/.exec(seeds);
  if (range === null || Number(range[1]) >= Number(range[2]))
    usage(`--seeds ${seeds}: expected A..B, A less than B`);
  const out = resolve(values.out ?? file);
  if (out === file && Number(range[1]) !== 0)
    usage(`--seeds ${seeds}: the committed results begin at seed 0; other seeds need --out F`);
  const jobs = Number(values.jobs);
  if (!Number.isInteger(jobs) || jobs < 1) usage(`--jobs ${values.jobs}: expected a positive number`);
  return {budgetSeconds: secondsOf(values.budget), jobs, out, seeds: [Number(range[1]), Number(range[2])]};
}

/** Plays a subject; answers whether another one may follow. */
async function play<P, R extends Standing>(
  subject: Subject<P, R>,
  options: CampaignOptions,
): Promise<boolean> {
  const campaign = new Campaign(subject, options);
  const goesOn = await campaign.run();
  if (campaign.isBroken) process.exitCode = 1;
  return goesOn;
}

async function main(): Promise<void> {
  const {values, positionals} = parsed();
  // Whoever reads has enough: `… | head`.
  process.stdout.on("error", () => process.exit(0));
  if (values.help === true) return console.log(usageLine);
  const name = named(positionals);
  if (values.replay !== undefined) return replayOne(name, values);
  if (name === undefined && (values.out !== undefined || values.seeds !== undefined))
    usage(`--seeds and --out are of one soak: expected one of ${names.join(", ")} before them`);
  if (name === "raft") await play(raft, optionsFor(raft, values));
  else if (name === "disks") await play(disks, optionsFor(disks, values));
  else if (name === "recipes") await play(recipes, optionsFor(recipes, values));
  else if (name === "trials") await play(trials, optionsFor(trials, values));
  else if (name === "detections") await play(detections, optionsFor(detections, values));
  else if (name === "matrix") await play(matrix, optionsFor(matrix, values));
  else if (name === "registers") await play(registers, optionsFor(registers, values));
  else await playAll(values);
}

/** The clusters first, which are few; raft's schedules take what is left of the time. */
async function playAll(values: Values): Promise<void> {
  const startedAt = performance.now();
  const forRaft = optionsFor(raft, values);
  const part = forRaft.budgetSeconds / 7;
  if (!(await play(disks, {...optionsFor(disks, values), budgetSeconds: part}))) return;
  if (!(await play(recipes, {...optionsFor(recipes, values), budgetSeconds: part}))) return;
  if (!(await play(trials, {...optionsFor(trials, values), budgetSeconds: part}))) return;
  if (!(await play(detections, {...optionsFor(detections, values), budgetSeconds: part}))) return;
  if (!(await play(matrix, {...optionsFor(matrix, values), budgetSeconds: part}))) return;
  if (!(await play(registers, {...optionsFor(registers, values), budgetSeconds: part}))) return;
  const left = forRaft.budgetSeconds - (performance.now() - startedAt) / 1000;
  await play(raft, {...forRaft, budgetSeconds: left});
}

await main();
