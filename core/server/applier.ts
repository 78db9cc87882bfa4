// What an applied entry does: the deterministic part of a member, equal on all of them. Errors are results here, and
// every member must come to the same (etcd server/etcdserver/apply). What the store changes goes into the backend's
// buffer at once; watchers are told of a write before any reader can see it.

import {isAuthRequest} from "../auth/auth.ts";
import type {LoggedAuthRequest} from "../auth/auth.ts";
import {AuthStore} from "../auth/authStore.ts";
import type {AuthRules} from "../auth/rules.ts";
import type {TokenChange} from "../auth/tokens.ts";
import {present} from "../base/assert.ts";
import type {Hash, Hasher} from "../base/hasher.ts";
import type {MemberId, Micros, Revision} from "../base/quantity.ts";
import {Lessor} from "../lease/lessor.ts";
import type {LessorConfig} from "../lease/lessor.ts";
import type {LeaseRules} from "../lease/rules.ts";
import {CompactionHashes} from "../mvcc/hashKv.ts";
import type {CompactRequest, StoreEvent} from "../mvcc/kv.ts";
import type {MvccRules} from "../mvcc/rules.ts";
import type {DroppedRecord, KvHash, Store} from "../mvcc/store.ts";
import type {Entry, Index, Term} from "../raft/entry.ts";
import type {Backend} from "../storage/backend.ts";
import {openImage} from "../storage/openBackend.ts";
import type {Watchers} from "../watch/watchers.ts";
import {alarmText, deleteAlarm, isCorrupt, isOutOfSpace, withAlarm, writeAlarm} from "./alarm.ts";
import type {Alarm, AlarmRequest} from "./alarm.ts";
import {writeAuth} from "./authBuckets.ts";
import {refusalAtApply} from "./authChecks.ts";
import {
  deleteRecord,
  isCompactionFinished,
  readState,
  writeEvents,
  writeFinished,
  writePosition,
  writeScheduled,
} from "./backendState.ts";
import type {AppliedPosition, BackendState, Compaction} from "./backendState.ts";
import {updated, writeMembership} from "./memberRecord.ts";
import type {Membership} from "./memberRecord.ts";
import {decodeCommand, isKvWrite} from "./command.ts";
import type {Command, KvWriteRequest, ProposalId, WriteRequest} from "./command.ts";
import {applyLease, followEvents} from "./leaseState.ts";
import type {LeaseLogRequest} from "./leaseState.ts";
import {membersResult} from "./membership.ts";
import {costOf, hasRoom} from "./quota.ts";
import type {ApiErrorName, MemberAttributesRequest, Result} from "./request.ts";
import {apiErrors} from "./request.ts";
import type {ServerRules} from "./rules.ts";

/** What came of an entry that holds a command. */
export interface AppliedCommand {
  readonly proposal: ProposalId;
  readonly result: Result;
  /** The file has no room for what was written; all members must know. */
  readonly overQuota: boolean;
  /** What is to be deleted from the backend file, if the command was a compaction that is done. */
  readonly compaction: Compaction | undefined;
  /** What becomes of the tokens that this member knows. */
  readonly tokens?: TokenChange | undefined;
  /** It is to be answered only when that is done. */
  readonly physical?: boolean | undefined;
}

/** A whole state: the backend, and what it says. */
export interface ApplierState extends BackendState {
  readonly backend: Backend;
}

export interface ApplierSettings {
  /** See ServerConfig. */
  readonly quotaBytes: number;
  readonly lessor: LessorConfig;
  readonly leaseRules: LeaseRules;
  /** Whether somebody compares hashes of what compactions went through. */
  readonly hashesCompactions: boolean;
  readonly rules: ServerRules;
  readonly storeRules: MvccRules;
  readonly member: MemberId;
  readonly authRules: AuthRules;
}

type Executed = Omit<AppliedCommand, "proposal">;

export class Applier {
  readonly watchers: Watchers;
  /** Who may do what. */
  readonly auth: AuthStore;
  private readonly settings: ApplierSettings;
  private leases: Lessor;
  private hashes = new CompactionHashes();
  private file: Backend;
  private standing: readonly Alarm[];
  private known: Membership;
  private current: Store;
  private applied: Index;
  private appliedTerm: Term;
  /** What the file is to say instead of how far this is; undefined: it says that. */
  private standsStill: AppliedPosition | undefined;
  /** Of every entry applied so far, in order. */
  private chain: Hasher;

  private constructor(
    {backend, store, position, alarms, membership}: Omit<ApplierState, "unfinished" | "auth" | "leases">,
    {
      watchers,
      lessor,
      auth,
    }: {readonly watchers: Watchers; readonly lessor: Lessor; readonly auth: AuthStore},
    settings: ApplierSettings,
  ) {
    this.settings = settings;
    this.auth = auth;
    this.leases = lessor;
    this.file = backend;
    this.standing = alarms;
    this.known = membership;
    this.current = store;
    this.applied = position.index;
    this.appliedTerm = position.term;
    this.chain = position.digest.fork();
    this.watchers = watchers;
  }

  /** Goes on from a state; `watchers` watch its store. */
  static from(state: ApplierState, watchers: Watchers, settings: ApplierSettings): Applier {
    const lessor = lessorOf(state, settings);
    return new Applier(
      state,
      {watchers, lessor, auth: new AuthStore(state.auth, settings.authRules)},
      settings,
    );
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

  /** By which its store decides. */
  get storeRules(): MvccRules {
    return this.settings.storeRules;
  }

  /** The alarms that stand, by member. */
  get alarms(): readonly Alarm[] {
    return this.standing;
  }

  /** Who is in the cluster. The file has the same, and the file's digest stands for both. */
  get membership(): Membership {
    return this.known;
  }

  /** What it is made of. */
  get rules(): ServerRules {
    return this.settings.rules;
  }

  /** What the newest compactions went through. */
  get compactionHashes(): CompactionHashes {
    return this.hashes;
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
    const command = entry.type === "normal" ? decodeCommand(entry.data) : undefined;
    this.moveIndex(command);
    this.applied = entry.index;
    this.appliedTerm = entry.term;
    chainOn(this.chain, entry);
    if (command === undefined) return undefined;
    const {result, overQuota, compaction, tokens, physical} = this.execute(command, now);
    return {proposal: command, result, overQuota, compaction, tokens, physical};
  }

  /** Whether the file has room for a request. */
  hasRoom(request: WriteRequest): boolean {
    return hasRoom(this.costOf(request), this.file, this.settings.quotaBytes);
  }

  /** An entry changed who is in the cluster, or what is known of a member. */
  changeMembership(after: Membership): void {
    writeMembership(this.file, this.known, after, this.settings.rules);
    this.known = after;
  }

  /** Says in the transaction how far it is: up to `next`, if that counts already. etcd: the pre-commit hook. */
  markConsistent(next?: Entry): void {
    if (next === undefined) {
      writePosition(this.file, this.standsStill ?? this.position);
      return;
    }
    const digest = this.chain.fork();
    chainOn(digest, next);
    writePosition(this.file, {index: next.index, term: next.term, digest});
  }

  /** Deletes one record from the file that compaction has made unreadable. */
  forget(record: DroppedRecord): void {
    deleteRecord(this.file, record);
  }

  /** All that the compaction had to delete is deleted. */
  markCompacted({revision, hash}: Compaction): void {
    writeFinished(this.file, revision);
    if (hash !== undefined) this.hashes.add(hash);
  }

  /** A backend file with all that was applied: what is sent as a snapshot. */
  image(writing: "snapshot" | "defragment" = "snapshot"): Uint8Array {
    if (this.settings.rules.mustSayIndex(writing)) this.markConsistent();
    return this.file.image();
  }

  /** The state that a file holds, as bytes, by this member's rules; undefined if they are damaged in any way. */
  stateOfImage(image: Uint8Array, pageBytes: number): ApplierState | undefined {
    const backend = openImage(image, {pageBytes});
    return backend && stateOf(backend, this.storeRules);
  }

  /** Goes over to a file with the same content and no free pages; answers that file. */
  defragment(): Uint8Array {
    const image = this.image("defragment");
    this.file = present(openImage(image, this.file), "the file that was just made");
    return image;
  }

  /** Goes over to what was received. */
  restore({backend, store, position, alarms, auth, leases, membership}: ApplierState): void {
    this.leases = lessorOf({leases}, this.settings);
    this.file = backend;
    this.auth.recover(auth);
    this.standing = alarms;
    this.known = membership;
    this.current = store;
    this.applied = position.index;
    this.appliedTerm = position.term;
    this.chain = position.digest.fork();
    this.standsStill = undefined;
    this.watchers.restore(store);
  }

  /** An independent twin. */
  fork(): Applier {
    const store = this.current.fork();
    const {position} = this;
    const [backend, alarms, membership] = [this.file.fork(), this.standing, this.known];
    const state = {backend, store, position, alarms, membership};
    const machines = {
      watchers: this.watchers.fork(store),
      lessor: this.leases.fork(),
      auth: this.auth.fork(),
    };
    const twin = new Applier(state, machines, this.settings);
    twin.standsStill = this.standsStill;
    twin.hashes = this.hashes.fork();
    return twin;
  }

  digest(into: Hasher, now: Micros): void {
    into.int(this.applied);
    into.int(this.appliedTerm);
    for (const lane of this.chain.lanes()) into.word(lane);
    into.int(this.standing.length);
    for (const alarm of this.standing) into.string(alarmText(alarm));
    this.auth.digest(into);
    this.leases.digest(into, now);
    this.current.digest(into);
    this.file.digest(into);
    this.watchers.digest(into);
    this.hashes.digest(into);
  }

  private costOf(request: WriteRequest): number {
    return costOf(request, this.settings.rules);
  }

  private get position(): AppliedPosition {
    return {index: this.applied, term: this.appliedTerm, digest: this.chain};
  }

  /** Before an entry is applied: whether the file will say so. */
  private moveIndex(command: Command | undefined): void {
    const moves = command === undefined || !isAuthRequest(command.request) || this.auth.rules.movesIndex();
    if (moves) this.standsStill = undefined;
    else this.standsStill ??= {...this.position, digest: this.chain.fork()};
  }

  private execute(command: Command, now: Micros): Executed {
    const isOwn = command.proposer === this.settings.member;
    const request = this.settings.rules.toBeApplied(command.request, isOwn);
    if (isCorrupt(this.standing) && isOfStore(request)) return only(errorResult("corrupt"));
    // All members have the same alarms, so all refuse …
    if (isOutOfSpace(this.standing) && this.costOf(request) > 0) return only(errorResult("noSpace"));
    const refusal = refusalAtApply(command, {auth: this.auth, leases: this.leases});
    if (refusal !== undefined) return only(errorResult(refusal));
    if (isAuthRequest(request)) return this.changeAuth(request);
    if (request.kind === "alarm") return only({kind: "alarms", alarms: this.changeAlarms(request)});
    if (request.kind === "memberAttributes") return this.publish(request);
    if (request.kind === "compact") return this.compact(request);
    // … but not the same room in their files: what one has no room for is done all the same.
    const overQuota = !this.hasRoom(request);
    const result = this.change(request, now);
    if (result.kind === "error") return only(result);
    return {result: overQuota ? errorResult("noSpace") : result, overQuota, compaction: undefined};
  }

  /** A member started. Who was removed meanwhile is known no more. */
  private publish({member, name, clientUrls}: MemberAttributesRequest): Executed {
    this.changeMembership(updated(this.known, member, {name, clientUrls}, this.settings.rules));
    return only(membersResult(this.known));
  }

  /** Changes keys or leases. */
  private change(request: KvWriteRequest | LeaseLogRequest, now: Micros): Result {
    if (!isKvWrite(request)) {
      const {store, backend, lessor} = this;
      const {result, revision, events} = applyLease(request, {store, backend, lessor}, now);
      this.record(revision, events);
      return "error" in result ? errorResult(result.error) : result;
    }
    const applied = this.current.apply(request, {has: (lease) => this.leases.takes(lease)});
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

  private compact({revision, physical = false}: CompactRequest): Executed {
    const hash = this.compactionHash(revision);
    const compacted = this.current.compact(revision);
    if (!compacted.ok) return only(errorResult(compacted.error));
    writeScheduled(this.file, revision);
    const compaction = {revision, dropped: compacted.value, hash};
    return {...only({kind: "compact"}), compaction, physical};
  }

  private changeAuth(request: LoggedAuthRequest): Executed {
    const {answer, writes, tokens} = this.auth.apply(request, this.applied);
    writeAuth(this.file, writes);
    return {...only(answer.ok ? answer.value : errorResult(answer.error)), tokens};
  }

  /** Hashed is only what all the compactions before have deleted from: others would see more (etcd #15919). */
  private compactionHash(revision: number): KvHash | undefined {
    const {compactRevision, currentRevision} = this.current;
    const isDue =
      this.settings.hashesCompactions && revision > compactRevision && revision <= currentRevision;
    const mayHash = isDue && this.storeRules.mayHashCompaction(isCompactionFinished(this.file));
    return mayHash ? this.current.compactionHash(revision) : undefined;
  }

  /** Raises an alarm, or ends some; answers those that it was about. */
  private changeAlarms(request: AlarmRequest): readonly Alarm[] {
    if (request.action === "activate") {
      this.standing = withAlarm(this.standing, request.alarm);
      writeAlarm(this.file, request.alarm);
      return [request.alarm];
    }
    const isMeant = ({member, alarm}: Alarm): boolean =>
      member === (request.member ?? member) && alarm === (request.alarm ?? alarm);
    const ended = this.standing.filter(isMeant);
    for (const alarm of ended) deleteAlarm(this.file, alarm);
    this.standing = this.standing.filter((alarm) => !isMeant(alarm));
    return ended;
  }
}

/**
 * Whether it is about keys or leases, which nobody believes while a store is corrupt. Checkpoints go on (etcd apply,
 * applierV3Corrupt).
 */
function isOfStore(request: WriteRequest): boolean {
  const {kind} = request;
  return isKvWrite(request) || kind === "compact" || kind === "leaseGrant" || kind === "leaseRevoke";
}

function lessorOf(
  {leases: {leases, attached}}: Pick<ApplierState, "leases">,
  {lessor, leaseRules}: ApplierSettings,
): Lessor {
  return Lessor.restored(lessor, leases, attached, leaseRules);
}

/** Goes on with the digest of all entries. */
function chainOn(digest: Hasher, {index, term, data}: Entry): void {
  digest.int(index);
  digest.int(term);
  digest.bytes(data);
}

/** An answer, and nothing to be done besides. */
function only(result: Result): Executed {
  return {result, overQuota: false, compaction: undefined};
}

/** The state that a backend holds; undefined if its content contradicts itself. */
export function stateOf(backend: Backend, rules?: MvccRules): ApplierState | undefined {
  const state = readState(backend, rules);
  return state && {backend, ...state};
}

/** A refusal as an answer. */
export function errorResult(error: ApiErrorName): Result {
  return {kind: "error", error: apiErrors[error]};
}
