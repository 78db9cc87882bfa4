// `etcdscope inspect`: what stands on a member's disk after an event, as text or JSON. What is read is what a crash at
// that moment would leave at least, through the readers that a booting server uses; what only the memory knows is marked.

import type {Stop, Stops} from "../scenarios/stops.ts";
import {faultText} from "../sim/actionText.ts";
import {damagesOf} from "../sim/fault/ledger.ts";
import type {Damage} from "../sim/fault/ledger.ts";
import {memberName, memberOf} from "../sim/world/lanes.ts";
import type {FileView, MemberView, QueuedView, WorldView} from "../sim/view.ts";
import {didYouMean} from "./didYouMean.ts";
import type {BackendLook, Way} from "./inspectBackend.ts";
import {lookAtBackend, wayOf} from "./inspectBackend.ts";
import type {LogLook, SnapshotLook} from "./inspectLog.ts";
import {lookAtLog, lookAtSnapshots} from "./inspectLog.ts";
import {printDisk, printMembers} from "./inspectText.ts";
import type {Exit, Io} from "./io.ts";
import {UsageError} from "./io.ts";
import {reach} from "./reach.ts";
import {noteCut} from "./replay.ts";
import {refusal} from "./refuse.ts";
import {shellWord} from "./report.ts";

export interface InspectOptions {
  readonly member?: string;
  readonly disk?: true;
  readonly at?: string;
  readonly key?: string;
  readonly seed?: string;
  readonly variant?: string;
  readonly json?: true;
}

/** What can be said of a member in a line. */
export interface MemberLook {
  readonly member: string;
  /** Events taken, and the simulated time in microseconds. */
  readonly step: number;
  readonly at: number;
  readonly status: "up" | "paused" | "crashed" | "never started";
  /** Why it is down, if it stopped by itself. */
  readonly stopped: Pick<Stop, "at" | "says"> | undefined;
  /** Undefined where no server runs. */
  readonly role: string | undefined;
  readonly term: number | undefined;
  readonly log: {readonly first: number; readonly last: number; readonly durable: number} | undefined;
  readonly revision: number | undefined;
  readonly bytes: number;
  /** Of all files, if nothing survives a crash that was not synced. */
  readonly durableBytes: number;
  /** Of writes that no sync covers: some may be of bytes that stand there already. */
  readonly dirtyBytes: number;
  readonly queue: number;
  /** What befell its disk that could harm it; times in microseconds. */
  readonly damaged: readonly Damage[];
}

export interface DiskLook extends MemberLook {
  readonly files: readonly FileView[];
  readonly queued: readonly QueuedView[];
  readonly faults: readonly string[];
  readonly wal: LogLook;
  readonly snapshots: readonly SnapshotLook[];
  readonly backend: BackendLook | undefined;
  /** Of `--key`. */
  readonly way?: Way | undefined;
}

/** `what` is a scenario, a scenario's file or a trace. */
export async function inspect(what: string, options: InspectOptions, io: Io): Promise<Exit> {
  const {member, disk, key} = options;
  if (member === undefined && (disk ?? key) !== undefined)
    throw new UsageError(
      refusal("--member", undefined, `a member, such as n1: whose ${disk === true ? "disk" : "key"}`),
    );
  if (disk === undefined && key !== undefined)
    throw new UsageError(refusal("--disk", undefined, "it beside --key: a key is looked for on the disk"));
  const reached = await reach(what, options);
  const {view, differs, cut} = reached;
  if (cut !== undefined) noteCut(cut, what, io);
  const chosen = member === undefined ? view.members : [memberNamed(view, member)];
  if (disk === true) {
    for (const one of chosen) print(lookAtDisk(reached, one, key), options, io);
  } else {
    const looks = chosen.map((one) => lookAtMember(reached, one));
    if (options.json === true) io.out(`${JSON.stringify({members: looks})}\n`);
    else printMembers(looks, {command: `${io.command} inspect ${shellWord(what)}`, options}, io);
  }
  if (differs === undefined) return 0;
  io.err(
    `${what}: event ${differs.step} of the run, ${differs.event}, is not what the trace says; what is shown is the run (etcdscope replay tells more)\n`,
  );
  return 1;
}

function print(look: DiskLook, {json}: InspectOptions, io: Io): void {
  if (json === true) io.out(`${JSON.stringify(look)}\n`);
  else printDisk(look, io);
}

/** `n2`, or its number alone. */
function memberNamed({members}: WorldView, name: string): MemberView {
  const id = memberOf(/^\d+$/.test(name) ? `n${name}` : name);
  const found = members.find((member) => member.id === id);
  if (found !== undefined) return found;
  const names = members.map((member) => memberName(member.id));
  throw new UsageError(
    `${refusal("--member", name, `one of ${names.join(", ")}`)}${didYouMean(name, names)}`,
  );
}

/** A moment of a run. */
interface Seen {
  readonly view: WorldView;
  readonly stops: Stops;
}

function lookAtMember({view, stops}: Seen, {id, status, incarnation, server, disk}: MemberView): MemberLook {
  const {step, now} = view;
  const raft = server?.raft;
  const stop = stops.of(id);
  return {
    member: memberName(id),
    step,
    at: now,
    status: incarnation === 0 ? "never started" : status,
    stopped: stop && {at: stop.at, says: stop.says},
    role: raft?.role,
    term: raft?.term,
    log:
      raft === undefined
        ? undefined
        : {first: raft.firstIndex, last: raft.lastIndex, durable: server?.durableIndex ?? 0},
    revision: server?.store.currentRevision,
    bytes: disk.bytes,
    durableBytes: disk.durableBytes,
    dirtyBytes: disk.files().reduce((sum, file) => sum + file.dirtyBytes, 0),
    queue: disk.queue,
    damaged: damagesOf(view).filter((one) => one.member === memberName(id)),
  };
}

/** Everything, of the durable disk. `key`: whose way to follow. */
export function lookAtDisk(seen: Seen, member: MemberView, key: string | undefined): DiskLook {
  const {disk, server} = member;
  const {view} = seen;
  const opened = lookAtBackend(disk, server, view.run.config.store);
  return {
    ...lookAtMember(seen, member),
    files: disk.files(),
    queued: disk.queued(),
    faults: disk.faults.map(faultText),
    wal: lookAtLog(disk, server),
    snapshots: lookAtSnapshots(disk),
    backend: opened?.look,
    ...(key === undefined ? {} : {way: wayOf(key, server, opened?.backend)}),
  };
}
