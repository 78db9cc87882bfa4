// From what the disk holds to what a server starts with, in the order in which it is read (etcd server/etcdserver/
// bootstrap.go). Nothing is written here: what has to be repaired is answered as steps.
//
//    *.wal ──readWal──▶ marks, entries, hard state
//                         │
//    *.snap ──────────────┴─ intact ones that the log knows ─▶ marks {index, term, configuration}
//                                                                │
//    db ──openBackend──▶ consistent index ──┬─ at or behind the newest mark ─▶ store, rebuilt from the records of db
//    *.snap.db ─────────────────────────────┴─ before it: the state that came with it takes db's place
//                                                then: the newest mark that the state reaches
//
//        mark            consistent index              last entry
//    ──────┼──────────────────────┼─────────────────────────┼──▶ log
//          └─ handed out again by raft: changes of            │
//             membership count, the store skips the rest      └─ applied again, once known to be committed
//
// What contradicts itself is refused, by file and offset: something that was durable is not any more, and what stood
// there may have been promised.

import {present} from "../base/assert.ts";
import type {Said} from "../base/said.ts";
import type {Result} from "../base/result.ts";
import {failed, ok} from "../base/result.ts";
import {confState} from "../raft/confState.ts";
import type {Entry, HardState, Index} from "../raft/entry.ts";
import {Backend} from "../storage/backend.ts";
import {writeWhole} from "../storage/aside.ts";
import type {Damage, DiskReader, DiskStep} from "../storage/disk.ts";
import {dbFile, snapDbFileName, walFileName} from "../storage/files.ts";
import {openBackend, openImage} from "../storage/openBackend.ts";
import type {WalContents} from "../storage/readWal.ts";
import {entriesAfter, readWal} from "../storage/readWal.ts";
import {chooseSnap, tidySteps} from "../storage/snapFile.ts";
import type {FoundSnaps} from "../storage/snapFile.ts";
import type {SnapshotMark} from "../storage/snapshotMark.ts";
import type {ApplierState} from "./applier.ts";
import {stateOf} from "./applier.ts";
import type {ServerConfig, Version} from "./config.ts";
import {soundVersion} from "./config.ts";
import {foundation, noMembership, writeMembership} from "./memberRecord.ts";
import type {SnapshotFile} from "./snapshotActor.ts";
import {say} from "./words.ts";

/** What a server starts with. */
export interface Recovered {
  readonly wal: WalContents;
  /** What the log goes on from. Index 0: it begins at the beginning. */
  readonly mark: SnapshotMark;
  /** Behind the mark. */
  readonly entries: readonly Entry[];
  readonly hardState: HardState;
  readonly state: ApplierState;
  /** Intact snapshot files, oldest first. */
  readonly snapshots: readonly SnapshotFile[];
  /** To be done before anything is committed to the backend file. */
  readonly repairs: readonly DiskStep[];
  /** To be done before anything new is written. */
  readonly tidy: readonly DiskStep[];
}

/** Reads everything. Errors: why the member must not go on. */
export function recover(
  disk: DiskReader,
  config: ServerConfig,
  version = soundVersion,
): Result<Recovered, Said> {
  const member = `n${config.id}`;
  const read = readWal(disk, version.storage.rules);
  if (!read.ok) return failed(say("storage/walCorrupt", {member, ...read.error}, [member]));
  const wal = read.value;
  if (wal.member !== undefined && wal.member !== config.id) return failed(foreign(member, wal));
  const snaps = chooseSnap(disk, wal.snapshots, version.storage.rules);
  const found = findState(disk, snaps.mark?.index ?? 0, {config, version});
  if (!found.ok) return failed(say("storage/backendDamaged", {member, ...found.error}, [member]));
  const {state, steps} = found.value;
  const reached = snaps.intact.findLast(({index}) => index <= state.position.index);
  const mark = reached ?? {index: 0, term: 0, confState: confState(config.members, config.learners)};
  const entries = entriesAfter(wal, mark);
  if (entries === undefined) return failed(whyNoBeginning(member, {wal, snaps, mark, state}));
  const hardState = committedAtLeast(wal.hardState, Math.max(mark.index, state.position.index));
  const last = entries.at(-1)?.index ?? mark.index;
  if (hardState.commit > last) {
    const {file, bytes: offset} = wal.tail.segments.at(-1) ?? {file: walFileName(0, 1), bytes: 0};
    const committed = hardState.commit;
    return failed(say("storage/logBehind", {member, last, committed, file, offset}, [member]));
  }
  const tidy = tidySteps(disk.list(), snaps);
  return ok({wal, mark, entries, hardState, state, snapshots: snaps.intact, repairs: steps, tidy});
}

interface NoBeginning {
  readonly wal: WalContents;
  readonly snaps: FoundSnaps;
  readonly mark: SnapshotMark;
  readonly state: ApplierState;
}

/** The log does not go on from the newest snapshot that the state reaches: what is damaged, then. */
function whyNoBeginning(member: string, {wal, snaps, mark, state}: NoBeginning): Said {
  const file = snaps.broken.at(-1);
  if (file !== undefined) return say("storage/snapshotDamaged", {member, file, offset: 0}, [member]);
  if (mark.index < (snaps.mark?.index ?? 0)) {
    const damage = state.backend.fellBack ?? {file: dbFile, offset: 0};
    return say("storage/backendDamaged", {member, ...damage}, [member]);
  }
  const oldest = wal.tail.segments[0]?.file ?? walFileName(0, 1);
  return say("storage/logGap", {member, index: mark.index, file: oldest, offset: 0}, [member]);
}

function foreign(member: string, {member: owner}: WalContents): Said {
  return say("storage/walForeign", {member, owner: `n${owner}`}, [member, `n${owner}`]);
}

/** What the backend file holds was committed, though that commit index need not have been synced. */
function committedAtLeast(hardState: HardState, index: Index): HardState {
  return {...hardState, commit: Math.max(hardState.commit, index)};
}

interface ReadBy {
  readonly config: ServerConfig;
  readonly version: Version;
}

interface FoundState {
  readonly state: ApplierState;
  /** What gives the backend file its name. */
  readonly steps: readonly DiskStep[];
}

/**
 * The state to go on from: `db`, or the file that came with the newest snapshot, if that waits for `db`'s place. A `db` that is
 * behind a snapshot of its own went back to its older meta page: an older snapshot is to be gone on from, if the log
 * reaches back to it.
 */
function findState(disk: DiskReader, mark: Index, by: ReadBy): Result<FoundState, Damage> {
  const {mvcc, storage} = by.version;
  const names = disk.list();
  const received = snapDbFileName(mark);
  if (names.includes(dbFile)) {
    const state = readFile(disk, dbFile, by);
    const isEnough = state.ok && state.value.position.index >= mark;
    if (isEnough || !names.includes(received)) {
      if (!state.ok) return state;
      // What was read may have come from memory, if only the process was down: nothing is purged on its strength before.
      return ok({state: state.value, steps: [[{kind: "sync", file: dbFile}]]});
    }
  } else if (mark === 0) {
    const {backend, image} = newBackend(by.config);
    const state = stateOf(backend, mvcc.rules);
    const steps = writeWhole(dbFile, image, storage.rules.nameUntilWhole(dbFile));
    return state === undefined ? failed({file: dbFile, offset: 0}) : ok({state, steps});
  }
  if (!names.includes(received)) return failed({file: dbFile, offset: 0});
  const state = readFile(disk, received, by);
  if (!state.ok) return state;
  if (state.value.position.index < mark) return failed({file: received, offset: 0});
  return ok({
    state: state.value,
    steps: [[{kind: "rename", file: received, to: dbFile}], [{kind: "syncDir"}]],
  });
}

function readFile(disk: DiskReader, file: string, {config, version}: ReadBy): Result<ApplierState, Damage> {
  const opened = openBackend(disk, file, config, version.storage.rules);
  if (!opened.ok) return opened;
  const state = stateOf(opened.value, version.mvcc.rules);
  return state === undefined ? failed({file, offset: 0}) : ok(state);
}

/** The file of a member that is new: it holds who the cluster begins with. */
function newBackend({members, learners, pageBytes}: ServerConfig): {backend: Backend; image: Uint8Array} {
  const begun = Backend.empty({pageBytes});
  writeMembership(begun, noMembership, foundation(members, learners));
  const image = begun.image();
  return {backend: present(openImage(image, {pageBytes}), "the file that was just made"), image};
}
