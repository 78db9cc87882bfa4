// The table of etcd's failpoints: none is forgotten, and what stands for one is there.

import {readFileSync} from "node:fs";
import {expect, it} from "vitest";
import {points} from "../../../core/server/io.ts";
import {failpoints} from "../../../sim/fault/failpoints.ts";
import {at} from "../../../build/paths.ts";

/** etcd's tests/robustness/failpoint (main, 2026): panics, then sleeps; then the gofail points of its server besides. */
const panics =
  "beforeCommit afterCommit raftBeforeSave raftAfterSave defragBeforeCopy defragBeforeRename " +
  "commitBeforePreCommitHook commitAfterPreCommitHook beforeStartDBTxn afterStartDBTxn beforeWritebackBuf " +
  "afterWritebackBuf compactBeforeCommitScheduledCompact compactAfterCommitScheduledCompact " +
  "compactBeforeSetFinishedCompact compactAfterSetFinishedCompact compactBeforeCommitBatch " +
  "compactAfterCommitBatch raftBeforeLeaderSend raftBeforeFollowerSend raftBeforeApplySnap raftAfterApplySnap " +
  "raftAfterWALRelease raftBeforeSaveSnap raftAfterSaveSnap applyBeforeOpenSnapshot";
const sleeps =
  "raftBeforeSave raftAfterSave beforeApplyOneConfChange beforeSendWatchResponse beforeSyncWatchers " +
  "beforeMoveVictims beforeProgressIfSync";
const others =
  "afterIsMemberExist applyAfterOpenSnapshot beforeApplyOneEntryNormal beforeCheckpointInLeaseRenew " +
  "beforeLookupWhenForwardLeaseTimeToLive beforeLookupWhenLeaseTimeToLive beforePublishing " +
  "beforeRangeStreamChunk beforeServeHTTPLeaseRenew compactAfterAcquiredBatchTxLock defragOpenFileError " +
  "defragdbFail raftBeforeAdvance raftBeforeWALSaveSnaphot raftDropHeartbeat walBeforeSync walAfterSync";

const names = (text: string): readonly string[] => text.split(" ");

it("has every failpoint, with its use", () => {
  const known = (...uses: readonly unknown[]): readonly string[] =>
    Object.keys(failpoints).filter((name) => uses.includes(failpoints[name]?.use));
  expect(known("panic", "both").toSorted()).toEqual(names(panics).toSorted());
  expect(known("sleep", "both").toSorted()).toEqual(names(sleeps).toSorted());
  expect(known(undefined).toSorted()).toEqual(names(others).toSorted());
});

it("names points that there are: by their own name where they have one", () => {
  for (const [name, {here}] of Object.entries(failpoints)) {
    if (here !== undefined) expect(points).toContain(here);
    if (points.some((point) => point === name)) expect(here).toBe(name);
  }
});

it("leaves out what the README says it does", () => {
  const absent = Object.keys(failpoints).filter((name) => failpoints[name]?.here === undefined);
  const readme = readFileSync(at("sim/fault/README.md"), "utf8");
  const section = readme.slice(readme.indexOf("## etcd's failpoints"), readme.indexOf("## To add"));
  const said = [...section.matchAll(/^\| (`.*?`) \|/gm)].flatMap(([, cell = ""]) =>
    [...cell.matchAll(/`(\w+)`/g)].map(([, name = ""]) => name),
  );
  expect(said.toSorted()).toEqual(absent.toSorted());
});
