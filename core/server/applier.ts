// What an applied entry does: the deterministic part of a member, equal on all of them. Errors are results here, and
// every member must come to the same (etcd server/etcdserver/apply). What the store changes goes into the backend's
// buffer at once; watchers are told of a write before any reader can see it.

import {present} from "../base/assert.ts";
import type {Hash, Hasher} from "../base/hasher.ts";
import type {Micros, Revision} from "../base/quantity.ts";
import {Lessor} from "../lease/lessor.ts";
import type {LessorConfig} from "../lease/lessor.ts";
import type {StoreEvent} from "../mvcc/kv.ts";
import type {DroppedRecord, Store} from "../mvcc/store.ts";
import type {Entry, Index, Term} from "../raft/entry.ts";
import type {Backend} from "../storage/backend.ts";
import {openImage} from "../storage/openBackend.ts";
import type {Watchers} from "../watch/watchers.ts";
import {alarmText, deleteAlarm, isOutOfSpace, withAlarm, writeAlarm} from "./alarm.ts";
import type {Alarm, AlarmRequest} from "./alarm.ts";
import {
  deleteRecord,
  readState,
  writeEvents,
  writeFinished,
  writePosition,
  writeScheduled,
} from "./backendState.ts";
import type {BackendState, Compaction} from "./backendState.ts";
import {decodeCommand, isKvWrite} from "./command.ts";
import type {KvWriteRequest, ProposalId, WriteRequest} from "./command.ts";
import {applyLease, followEvents, isLeaseRequest, noLeases} from "./leaseState.ts";
import type {LeaseLogRequest} from "./leaseState.ts";
import {costOf, hasRoom} from "./quota.ts";
import type {ApiErrorName, Result} from "./request.ts";
import {apiErrors} from "./request.ts";

/** What came of an entry that holds a command. */
export interface AppliedCommand {
  readonly proposal: ProposalId;
  readonly result: Result;
  /** The file has no room for what was written; all members must know. */
  readonly overQuota: boolean;
  /** What is to be deleted from the backend file, if the command was a compaction that is done. */
  readonly compaction: Compaction | undefined;
}

/** A whole state: the backend, and what it says. */
export interface ApplierState extends BackendState {
  readonly backend: Backend;
}

type Executed = Omit<AppliedCommand, "proposal">;

export class Applier {
  readonly watchers: Watchers;
  private readonly quotaBytes: number;
  private readonly lessorConfig: LessorConfig;
  private leases: Lessor;
  private file: Backend;
  private standing: readonly Alarm[];
  private current: Store;
  private applied: Index;
  private appliedTerm: Term;
  /** Of every entry applied so far, in order. */
  private chain: Hasher;

  /** `quotaBytes`: see ServerConfig. `lessor`: a twin's. */
  constructor(
    {backend, store, position, alarms, leases}: Omit<ApplierState, "unfinished">,
    watchers: Watchers,
    quotaBytes: number,
    lessorConfig: LessorConfig,
    lessor = Lessor.restored(lessorConfig, leases.leases, leases.attached),
  ) {
    this.quotaBytes = quotaBytes;
    this.lessorConfig = lessorConfig;
    this.leases = lessor;
    this.file = backend;
    this.standing = alarms;
    this.current = store;
    this.applied = position.index;
    this.appliedTerm = position.term;
    this.chain = position.digest.fork();
    this.watchers = watchers;
  }

  get store(): Store {
    return this.current;
  }

  get backend(): Backend {
    return this.file;
  }

  get lessor(): Lessor {
    return this.leases;
  }

  /** The alarms that stand, by member. */
  get alarms(): readonly Alarm[] {
    return this.standing;
  }

  /** Raft Figure 2: lastApplied. etcd: the consistent index, as it is in memory. */
  get index(): Index {
    return this.applied;
  }

  /** Digest of the entries applied so far. */
  get digestOfEntries(): Hash {
    return this.chain.hash();
  }

  /** Applies the next entry; undefined when it holds no command, or when the store holds it already (etcd: shouldApplyV3). `now`: a lease is granted. */
  apply(entry: Entry, now: Micros): AppliedCommand | undefined {
    if (entry.index <= this.applied) return undefined;
    this.applied = entry.index;
    this.appliedTerm = entry.term;
    this.chain.int(entry.index);
    this.chain.int(entry.term);
    this.chain.bytes(entry.data);
    if (entry.type !== "normal") return undefined;
    const command = decodeCommand(entry.data);
    return command === undefined ? undefined : {proposal: command, ...this.execute(command.request, now)};
  }

  /** Says in the transaction how far it is. etcd: the pre-commit hook. */
  markConsistent(): void {
    writePosition(this.file, {index: this.applied, term: this.appliedTerm, digest: this.chain});
  }

  /** Deletes one record from the file that compaction has made unreadable. */
  forget(record: DroppedRecord): void {
    deleteRecord(this.file, record);
  }

  /** All that compaction at `revision` had to delete is deleted. */
  markCompacted(revision: number): void {
    writeFinished(this.file, revision);
  }

  /** A backend file with all that was applied: what is sent as a snapshot. */
  image(): Uint8Array {
    this.markConsistent();
    return this.file.image();
  }

  /** Goes over to a file with the same content and no free pages; answers that file. */
  defragment(): Uint8Array {
    const image = this.image();
    this.file = present(openImage(image, this.file), "the file that was just made");
    return image;
  }

  /** Goes over to what was received. */
  restore({backend, store, position, alarms, leases}: ApplierState): void {
    this.leases = Lessor.restored(this.lessorConfig, leases.leases, leases.attached);
    this.file = backend;
    this.standing = alarms;
    this.current = store;
    this.applied = position.index;
    this.appliedTerm = position.term;
    this.chain = position.digest.fork();
    this.watchers.restore(store);
  }

  /** An independent twin. */
  fork(): Applier {
    const store = this.current.fork();
    const position = {index: this.applied, term: this.appliedTerm, digest: this.chain};
    const state = {backend: this.file.fork(), store, position, alarms: this.standing, leases: noLeases};
    const {quotaBytes, lessorConfig} = this;
    return new Applier(state, this.watchers.fork(store), quotaBytes, lessorConfig, this.leases.fork());
  }

  digest(into: Hasher, now: Micros): void {
    into.int(this.applied);
    into.int(this.appliedTerm);
    for (const lane of this.chain.lanes()) into.word(lane);
    into.int(this.standing.length);
    for (const alarm of this.standing) into.string(alarmText(alarm));
    this.leases.digest(into, now);
    this.current.digest(into);
    this.file.digest(into);
    this.watchers.digest(into);
  }

  private execute(request: WriteRequest, now: Micros): Executed {
    if (request.kind === "compact") return this.compact(request.revision);
    if (request.kind === "alarm") return only({kind: "alarms", alarms: this.changeAlarms(request)});
    if (!isKvWrite(request) && !isLeaseRequest(request)) return only(errorResult("unsupported"));
    // All members have the same alarms, so all refuse …
    if (costOf(request) > 0 && isOutOfSpace(this.standing)) return only(errorResult("noSpace"));
    // … but not the same room in their files: what one has no room for is done all the same.
    const overQuota = !hasRoom(request, this.file, this.quotaBytes);
    const result = this.change(request, now);
    if (result.kind === "error") return only(result);
    return {...only(overQuota ? errorResult("noSpace") : result), overQuota};
  }

  /** Changes keys or leases. */
  private change(request: KvWriteRequest | LeaseLogRequest, now: Micros): Result {
    if (!isKvWrite(request)) {
      const {store, backend, lessor} = this;
      const {result, revision, events} = applyLease(request, {store, backend, lessor}, now);
      this.record(revision, events);
      return "error" in result ? errorResult(result.error) : result;
    }
    const applied = this.current.apply(request, this.leases);
    if (!applied.ok) return errorResult(applied.error);
    this.record(applied.value.revision, applied.value.events);
    return applied.value.result;
  }

  /** What a write did goes into the file, and to whoever must follow. */
  private record(revision: Revision, events: readonly StoreEvent[]): void {
    if (events.length === 0) return;
    writeEvents(this.file, events);
    followEvents(this.leases, events);
    this.watchers.notify(revision, events);
  }

  private compact(revision: number): Executed {
    const compacted = this.current.compact(revision);
    if (!compacted.ok) return only(errorResult(compacted.error));
    writeScheduled(this.file, revision);
    return {...only({kind: "compact"}), compaction: {revision, dropped: compacted.value}};
  }

  /** Raises an alarm, or ends all; answers those that it was about. */
  private changeAlarms(request: AlarmRequest): readonly Alarm[] {
    if (request.action === "activate") {
      this.standing = withAlarm(this.standing, request.alarm);
      writeAlarm(this.file, request.alarm);
      return [request.alarm];
    }
    const ended = this.standing;
    for (const alarm of ended) deleteAlarm(this.file, alarm);
    this.standing = [];
    return ended;
  }
}

/** An answer, and nothing to be done besides. */
function only(result: Result): Executed {
  return {result, overQuota: false, compaction: undefined};
}

/** The state that a file holds, as bytes; undefined if they are damaged in any way. */
export function stateOfImage(image: Uint8Array, pageBytes: number): ApplierState | undefined {
  const backend = openImage(image, {pageBytes});
  return backend && stateOf(backend);
}

/** The state that a backend holds; undefined if its content contradicts itself. */
export function stateOf(backend: Backend): ApplierState | undefined {
  const state = readState(backend);
  return state && {backend, ...state};
}

/** A refusal as an answer. */
export function errorResult(error: ApiErrorName): Result {
  return {kind: "error", error: apiErrors[error]};
}
