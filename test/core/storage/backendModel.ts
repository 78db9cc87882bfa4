// What the tests of the backend share: a model, random histories, a disk to commit to.

import fc from "fast-check";
import type {Backend} from "../../../core/storage/backend.ts";
import type {DiskStep} from "../../../core/storage/disk.ts";
import {dbFile, nextDbFile} from "../../../core/storage/files.ts";
import type {BucketName} from "../../../core/storage/meta.ts";
import {bucketNames} from "../../../core/storage/meta.ts";
import {openBackend} from "../../../core/storage/openBackend.ts";
import {MemoryDisk} from "./memoryDisk.ts";

export const pageBytes = 512;
export const options = {pageBytes};

/** Every bucket's entries, as a sorted list of text. */
export type Content = readonly string[];

export function bytes(size: number, fill: number): Uint8Array {
  return new Uint8Array(size).fill(fill);
}

export function line(bucket: string, key: string, value: Uint8Array): string {
  return `${bucket} ${key} ${value.length}×${value[0] ?? 0}`;
}

export function contentOf(backend: Pick<Backend, "scan">): Content {
  return bucketNames.flatMap((bucket) => {
    const lines: string[] = [];
    backend.scan(bucket, "", (key, value) => lines.push(line(bucket, key, value)) > 0);
    return lines;
  });
}

/** The model: what a list of the entries would hold. */
export class Model {
  private readonly entries = new Map<string, {bucket: BucketName; key: string; value: Uint8Array}>();

  constructor(from?: Model) {
    for (const [name, entry] of from?.entries ?? []) this.entries.set(name, entry);
  }

  static of(backend: Backend): Model {
    const model = new Model();
    for (const bucket of bucketNames) {
      backend.scan(bucket, "", (key, value) => {
        model.put(bucket, key, value);
        return true;
      });
    }
    return model;
  }

  put(bucket: BucketName, key: string, value: Uint8Array): void {
    this.entries.set(`${bucketNames.indexOf(bucket)}${key}`, {bucket, key, value});
  }

  delete(bucket: BucketName, key: string): void {
    this.entries.delete(`${bucketNames.indexOf(bucket)}${key}`);
  }

  list(): readonly {readonly bucket: BucketName; readonly key: string; readonly value: Uint8Array}[] {
    return [...this.entries].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, entry]) => entry);
  }

  content(): Content {
    return this.list().map(({bucket, key, value}) => line(bucket, key, value));
  }
}

export function run(disk: MemoryDisk, steps: readonly DiskStep[]): void {
  for (const step of steps) for (const op of step) disk.do(op);
}

/** False when there was nothing to commit. */
export function commit(backend: Backend, disk: MemoryDisk): boolean {
  const steps = backend.commit();
  run(disk, steps);
  if (steps.length > 0) backend.settled();
  return steps.length > 0;
}

/** Faster than to compare element by element with a report. */
export function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, i) => byte === other[i]);
}

/** A disk that holds this image, durably. */
export function diskOf(image: Uint8Array): MemoryDisk {
  const disk = new MemoryDisk();
  run(disk, [
    [
      {kind: "write", file: nextDbFile, at: 0, bytes: image},
      {kind: "sync", file: nextDbFile},
    ],
    [{kind: "rename", file: nextDbFile, to: dbFile}],
    [{kind: "syncDir"}],
  ]);
  return disk;
}

export function open(disk: MemoryDisk): Backend {
  const opened = openBackend(disk, dbFile, options);
  if (!opened.ok) throw new Error(`damage at ${opened.error.file}:${opened.error.offset}`);
  return opened.value;
}

export function revision(main: number): string {
  let key = "";
  for (let shift = 0; shift < 8; shift++)
    key = String.fromCharCode(Math.floor(main / 256 ** shift) % 256) + key;
  return `${key}_\0\0\0\0\0\0\0\0`;
}

/** One operation of a random history. */
export type Step =
  | {readonly kind: "put"; readonly bucket: BucketName; readonly key: string; readonly size: number}
  | {readonly kind: "delete"; readonly bucket: BucketName; readonly key: string}
  | {readonly kind: "deleteFrom"; readonly bucket: BucketName; readonly key: string}
  | {readonly kind: "commit"}
  | {readonly kind: "reopen"};

const bucketArbitrary = fc.constantFrom<BucketName>("key", "key", "key", "meta", "alarm");
const keyArbitrary = fc.oneof(
  {weight: 20, arbitrary: fc.integer({min: 0, max: 300}).map((n) => `k${String(n).padStart(3, "0")}`)},
  {
    weight: 1,
    arbitrary: fc.constantFrom("", "\0", "ÿ", "k", "a".repeat(600), "k".repeat(300), "k1".repeat(700)),
  },
);
const sizeArbitrary = fc.oneof(
  {weight: 10, arbitrary: fc.integer({min: 0, max: 60})},
  {weight: 2, arbitrary: fc.integer({min: 400, max: 520})},
  {weight: 1, arbitrary: fc.integer({min: 1000, max: 3000})},
);
const stepArbitrary: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 30,
    arbitrary: fc.record({
      kind: fc.constant("put" as const),
      bucket: bucketArbitrary,
      key: keyArbitrary,
      size: sizeArbitrary,
    }),
  },
  {
    weight: 10,
    arbitrary: fc.record({kind: fc.constant("delete" as const), bucket: bucketArbitrary, key: keyArbitrary}),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("deleteFrom" as const),
      bucket: bucketArbitrary,
      key: keyArbitrary,
    }),
  },
  {weight: 4, arbitrary: fc.constant({kind: "commit" as const})},
  {weight: 1, arbitrary: fc.constant({kind: "reopen" as const})},
);
export const history = fc.array(stepArbitrary, {maxLength: 300, size: "max"});

/** Takes one put or delete to both. */
export function change(backend: Backend, model: Model, step: Step, fill: number): void {
  if (step.kind === "put") {
    backend.put(step.bucket, step.key, bytes(step.size, fill));
    model.put(step.bucket, step.key, bytes(step.size, fill));
  }
  if (step.kind === "delete") {
    backend.delete(step.bucket, step.key);
    model.delete(step.bucket, step.key);
  }
  if (step.kind === "deleteFrom") {
    const keys: string[] = [];
    backend.scan(step.bucket, step.key, (key) => keys.push(key) < 100);
    for (const key of keys) change(backend, model, {kind: "delete", bucket: step.bucket, key}, fill);
  }
}
