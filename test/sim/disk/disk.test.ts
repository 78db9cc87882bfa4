// What a crash leaves of a disk (core/storage/disk.ts says what a server may rely on).

import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {Hasher} from "../../../core/base/hasher.ts";
import type {DiskOp} from "../../../core/storage/disk.ts";
import {Disk} from "../../../sim/disk/disk.ts";
import {Pages} from "../../../sim/disk/pages.ts";

/** Draws: everything survives, nothing does, or (at first) each operation has a fate of its own. */
const all = (): number => 1;
const none = (): number => 0;

function bytes(text: string): Uint8Array {
  return Uint8Array.from(text, (char) => char.charCodeAt(0));
}

function textOf(disk: Disk, file = "wal"): string {
  return String.fromCharCode(...disk.read(file, 0, 100));
}

/** A disk with operations asked for in order; those marked `!` are done too. */
function diskWith(...steps: readonly (string | DiskOp)[]): Disk {
  const disk = new Disk();
  let op = 0;
  for (const step of steps) {
    if (step === "!") for (let done = 1; done <= op; done++) disk.complete(done);
    else if (typeof step === "string") disk.submit(++op, parse(step));
    else disk.submit(++op, step);
  }
  return disk;
}

/** `write 0 abc`, `sync`, `syncDir`, `truncate 2`. */
function parse(step: string): DiskOp {
  const [kind = "", where = "0", text = ""] = step.split(" ");
  if (kind === "write") return {kind, file: "wal", at: Number(where), bytes: bytes(text)};
  if (kind === "truncate") return {kind, file: "wal", size: Number(where)};
  return kind === "syncDir" ? {kind} : {kind: "sync", file: "wal"};
}

describe("a crash", () => {
  it("keeps what a finished sync covered, once the name is durable too", () => {
    const disk = diskWith("write 0 abc", "sync", "syncDir", "!");
    disk.crash(none);
    expect(textOf(disk)).toBe("abc");
  });

  it("takes bytes that were written and not synced", () => {
    const disk = diskWith("write 0 abc", "sync", "syncDir", "!", "write 3 def", "!");
    disk.crash(none);
    expect(textOf(disk)).toBe("abc");
  });

  it("takes bytes whose sync was asked for and not finished", () => {
    const disk = diskWith("write 0 abc", "sync", "syncDir", "!", "write 3 def", "sync");
    disk.crash(none);
    expect(textOf(disk)).toBe("abc");
  });

  it("may keep any of the writes that were not synced, also a later one without an earlier", () => {
    const found = new Set<string>();
    for (let luck = 0; luck < 4; luck++) {
      const disk = diskWith("write 0 ..", "sync", "syncDir", "!", "write 0 a", "write 1 b");
      let draws = 0;
      disk.crash((stream) => (stream === "/" ? 2 : (luck >> draws++) & 1));
      expect(draws).toBe(2);
      found.add(textOf(disk));
    }
    expect([...found].sort((a, b) => (a < b ? -1 : 1))).toEqual(["..", ".b", "a.", "ab"]);
  });

  it("leaves zeros where an earlier write was lost and a later one not", () => {
    const disk = diskWith("sync", "syncDir", "!", "write 0 ab", "write 2 cd");
    let draws = 0;
    disk.crash((stream) => (stream === "/" ? 2 : draws++ === 0 ? 0 : 1));
    expect(textOf(disk)).toBe("\0\0cd");
  });

  it("takes a file whose name was not synced, however well its bytes were", () => {
    const disk = diskWith("write 0 abc", "sync", "!");
    disk.crash(none);
    expect(disk.list()).toEqual([]);
    const kept = diskWith("write 0 abc", "sync", "!");
    kept.crash(all);
    expect(kept.list()).toEqual(["wal"]);
  });

  it("undoes a rename that was not synced", () => {
    const steps = ["write 0 abc", "sync", "syncDir", "!", {kind: "rename", file: "wal", to: "old"}] as const;
    const undone = diskWith(...steps, "!");
    undone.crash(none);
    expect(undone.list()).toEqual(["wal"]);
    const kept = diskWith(...steps, "syncDir", "!");
    kept.crash(none);
    expect([kept.list(), textOf(kept, "old")]).toEqual([["old"], "abc"]);
  });

  it("leaves nothing on its way: what was asked for before is not answered", () => {
    const disk = diskWith("write 0 abc", "sync");
    disk.crash(all);
    expect([disk.queue, disk.complete(1)]).toEqual([0, undefined]);
  });
});

describe("a rename", () => {
  it("fails where there is no such file, and changes nothing", () => {
    const disk = diskWith("write 0 abc", {kind: "rename", file: "lost", to: "wal"});
    expect([disk.complete(1), disk.complete(2)]).toEqual(["done", "io"]);
    disk.crash(all);
    expect([disk.list(), textOf(disk)]).toEqual([["wal"], "abc"]);
  });
});

describe("a sync", () => {
  it("covers what was asked for before it, not after", () => {
    const disk = diskWith("syncDir", "write 0 abc", "sync", "write 3 def", "syncDir");
    for (const op of [1, 2, 3, 5]) disk.complete(op);
    disk.crash(none);
    expect(textOf(disk)).toBe("abc");
  });

  it("covers a truncation", () => {
    const disk = diskWith("write 0 abcdef", "truncate 2", "sync", "syncDir", "!");
    disk.crash(none);
    expect([textOf(disk), disk.bytes, disk.durableBytes]).toEqual(["ab", 2, 2]);
  });
});

describe("a fork", () => {
  it("of a disk does not see what is done to the other", () => {
    const disk = diskWith("write 0 abc", "sync", "syncDir", "!");
    const twin = disk.fork();
    const before = digest(twin);
    disk.submit(9, {kind: "write", file: "wal", at: 0, bytes: bytes("zzz")});
    disk.submit(10, {kind: "sync", file: "wal"});
    disk.complete(9);
    disk.complete(10);
    expect([textOf(disk), textOf(twin)]).toEqual(["zzz", "abc"]);
    expect(digest(twin)).toBe(before);
    expect(digest(disk)).not.toBe(before);
  });
});

describe("pages", () => {
  const operation = fc.oneof(
    fc.record({
      kind: fc.constant("write" as const),
      at: fc.nat(9000),
      bytes: fc.uint8Array({minLength: 1, maxLength: 5000}),
    }),
    fc.record({kind: fc.constant("resize" as const), size: fc.nat(12_000)}),
    fc.record({kind: fc.constant("fork" as const)}),
  );

  it("hold what a plain array of bytes holds, in every fork", () => {
    fc.assert(
      fc.property(fc.array(operation, {maxLength: 12}), (operations) => {
        let [pages, plain] = [new Pages(), new Uint8Array(0)];
        const past: [Pages, Uint8Array][] = [];
        for (const done of operations) {
          if (done.kind === "fork") {
            past.push([pages, plain.slice()]);
            pages = pages.fork();
          } else if (done.kind === "resize") {
            pages.resize(done.size);
            plain = resized(plain, done.size);
          } else {
            pages.write(done.at, done.bytes);
            plain = resized(plain, Math.max(plain.length, done.at + done.bytes.length));
            plain.set(done.bytes, done.at);
          }
        }
        for (const [had, expected] of [...past, [pages, plain] as const]) {
          expect(Buffer.compare(had.read(0, 20_000), expected)).toBe(0);
        }
      }),
      {numRuns: 60},
    );
  });
});

function resized(from: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const to = new Uint8Array(size);
  to.set(from.subarray(0, size));
  return to;
}

function digest(disk: Disk): string {
  const into = new Hasher();
  disk.digest(into);
  return into.hash();
}
