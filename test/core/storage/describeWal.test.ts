import {describe, expect, test} from "vitest";
import {describeRecord} from "../../../core/storage/describeWal.ts";
import type {WalItem} from "../../../core/storage/walkWal.ts";
import {walFiles, walkWal} from "../../../core/storage/walkWal.ts";
import {MemoryDisk} from "./memoryDisk.ts";
import {batch, entry, mark, Opened, snapshotBatch} from "./walLog.ts";

function lineOf(item: WalItem): string {
  const place = `${item.file.slice(12, 16)}:${item.offset}`;
  if (item.kind !== "record") return `${place} ${item.kind}`;
  const text = describeRecord(item.record, ({data}) => (data.length === 0 ? "" : `${data.length} bytes`));
  return `${place}+${item.bytes}${item.isAfterSync ? " *" : ""} ${text}`;
}

function written(): Opened {
  const log = new Opened(new MemoryDisk(), 128);
  log.append(batch([entry(1, 1, 0), entry(2, 1)], {term: 1, votedFor: 3, commit: 0}));
  log.append(snapshotBatch(mark(2, 1)));
  log.append(batch([], {term: 2, votedFor: 0, commit: 2}, false));
  log.append(
    snapshotBatch({
      index: 9,
      term: 4,
      confState: {voters: [1, 2], votersOutgoing: [1, 3], learners: [], learnersNext: [3], autoLeave: true},
    }),
  );
  return log;
}

describe("the log in words", () => {
  test("has a line for every record of every segment", () => {
    const lines = [...walkWal(written().disk)].map(lineOf);
    expect(lines).toEqual([
      "0000:0+24 * metadata  format:2 member:n2 sequence:0 first:1 chain:00000000",
      "0000:24+16 * entry     1/1",
      "0000:40+16 entry     1/2 3 bytes",
      "0000:56+16 hardState term:1 vote:n3 commit:0",
      "0000:72+24 * snapshot  1/2 of the log voters:n1,n2,n3 learners:n4",
      "0000:96+16 * hardState term:2 commit:2",
      "0000:112+24 snapshot  4/9 in place of the log voters:n1,n2 outgoing:n1,n3 learnersNext:n3 autoLeave",
      "0001:0+24 * metadata  format:2 member:n2 sequence:1 first:10 chain:48904b19",
      "0001:24+16 hardState term:2 commit:2",
    ]);
  });

  test("goes up to a torn tail, or to where it is damaged", () => {
    const log = written();
    log.append(batch([entry(10, 4, 1500)], undefined, false));
    const [, file = ""] = walFiles(log.disk);
    const before = [...walkWal(log.disk)].slice(0, -3).map(lineOf);
    log.disk.spoil(file, (bytes) => bytes.slice(0, 700));
    for (const name of walFiles(log.disk).slice(2)) log.disk.do({kind: "unlink", file: name});
    expect([...walkWal(log.disk)].map(lineOf)).toEqual([...before, "0001:40 torn"]);
    log.disk.spoil(file, (bytes) => bytes.fill(9, 24, 25));
    expect([...walkWal(log.disk)].map(lineOf)).toEqual([...before.slice(0, -1), "0001:24 damage"]);
  });
});
