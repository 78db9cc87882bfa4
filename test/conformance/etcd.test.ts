// etcd's own scripts, to the letter.

import {describe, expect, it} from "vitest";
import {sharedFolder} from "../support/shared.ts";
import {runFolder} from "./run.ts";

const folder = sharedFolder("raft");

describe.skipIf(folder === undefined)("etcd's scripts", () => {
  const outcomes = folder === undefined ? [] : runFolder(folder);
  it("are there", () => expect(outcomes.length).toBeGreaterThan(20));
  it.each(outcomes)("$file agrees strictly", ({strict, semantic}) => {
    expect(strict).toBeUndefined();
    expect(semantic).toBeUndefined();
  });
});
