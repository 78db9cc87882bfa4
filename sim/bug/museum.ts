// The museum: bugs that really happened, as changes of what a member is made of (law 12). A member boots with a version;
// a bug maps a version to a version.

import {soundVersion} from "../../core/server/config.ts";
import type {Bug, Version} from "../../core/server/config.ts";
import {assert} from "../../core/base/assert.ts";
import {failed, ok} from "../../core/base/result.ts";
import type {Result} from "../../core/base/result.ts";
import {voteTwice} from "./voteTwice.ts";
import {commitOlderTerm} from "./commitOlderTerm.ts";

/** All bugs, by id in byte order. */
export const museum: readonly Bug[] = [commitOlderTerm, voteTwice];

/** The version with these bugs; fails with the first name that no bug has. */
export function versionOf(names: readonly string[]): Result<Version, string> {
  let version = soundVersion;
  for (const name of names) {
    const bug = museum.find((one) => one.id === name);
    if (bug === undefined) return failed(name);
    version = bug.apply(version);
  }
  return ok(version);
}

/** The same where the names are known to be right: runs are checked when they are read. */
export function soundOrBroken(names: readonly string[]): Version {
  const version = versionOf(names);
  assert(version.ok, `a run names the bug "${version.ok ? "" : version.error}", which the museum does not have`);
  return version.value;
}
