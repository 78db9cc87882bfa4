import {existsSync} from "node:fs";
import {describe, expect, it} from "vitest";
import {spaces} from "../../sim/explore/spaces.ts";
import {etcdscope, folder, jsonOf} from "./terminal.ts";

const files = folder();

describe("etcdscope explore", () => {
  it("counts the states of a space, and exits 0 when nothing breaks", async () => {
    const ran = await etcdscope("explore", "raft-election-2", "--json");
    expect(ran.exit).toBe(0);
    expect(jsonOf(ran)).toMatchObject({states: 57, terminal: 5, violations: 0, complete: true, depth: 14});
    const {runs, statesPerSecond, bytesPerState} = jsonOf(ran);
    for (const number of [runs, statesPerSecond, bytesPerState]) expect(number).toBeGreaterThan(0);
    const plain = jsonOf(await etcdscope("explore", "raft-election-2", "--plain", "--json"));
    expect(plain).toMatchObject({states: 375, complete: true});
    const {out} = await etcdscope("explore", "raft-election-2");
    expect(out).toContain(
      "57 states by 84 actions, 5 with nothing left to do, at most 14 actions deep: every state was met\n",
    );
    expect(out).toMatch(/\nno claim broke in any state\n$/);
  });

  it("shows the shortest way to what a bug breaks, and keeps it as a run that breaks it again", async () => {
    const trace = files.path("way.trace");
    const ran = await etcdscope("explore", "raft-election-3", "--bug", "vote-twice", "--trace", trace);
    expect(ran.exit).toBe(1);
    expect(ran.out).toContain("Election Safety VIOLATED: ");
    expect(ran.out).toMatch(/\n {2}1 {2}n\d's election timer runs out\n/);
    expect(ran.out).toMatch(/\n {2}6 {2}n\d receives \d->\d MsgVoteResp Term:1 Log:0\/0\n(?! {2}7)/);
    const replayed = await etcdscope("replay", trace);
    expect(replayed.exit).toBe(1);
    expect(replayed.out).toMatch(/Election Safety +VIOLATED/);
    expect(replayed.out).toMatch(/the replay agrees with all \d+ events\n$/);
  });

  it("tells the way as JSON, too", async () => {
    const ran = await etcdscope("explore", "server-put-2", "--bug", "vote-twice", "--json");
    expect(ran.exit).toBe(1);
    expect(jsonOf(ran)).toMatchObject({
      bug: "vote-twice",
      complete: false,
      found: {check: "Election Safety"},
    });
    expect((jsonOf(ran)["found"] as {path: string[]}).path).toHaveLength(6);
  });

  it("exits 3 when it was stopped before the end, and keeps nothing where nothing broke", async () => {
    const trace = files.path("nothing.trace");
    const ran = await etcdscope("explore", "raft-election-3", "--states", "100", "--trace", trace);
    expect(ran.exit).toBe(3);
    expect(ran.out).toContain("not every state was met");
    expect(ran.out).toContain("was not written: there is nothing to keep\n");
    expect(existsSync(trace)).toBe(false);
  });

  it("lists the spaces", async () => {
    const {out} = await etcdscope("explore", "--list");
    expect(out.trimEnd().split("\n")).toHaveLength(spaces.length);
    expect(out).toMatch(
      /^server-disk-2 +2 whole servers, disks that do one operation after the other; terms: 1/m,
    );
    const {out: json} = await etcdscope("explore", "--list", "--json");
    expect(JSON.parse(json)).toEqual(spaces);
  });

  it("says in one line what it cannot explore", async () => {
    const wrong = await etcdscope("explore", "raft-comit-2");
    expect(wrong.exit).toBe(2);
    expect(wrong.err).toMatch(
      /^etcdscope: found no space called "raft-comit-2", expected one of raft-commit-2, /,
    );
    expect(wrong.err).toMatch(/; did you mean "raft-commit-2"\?\n$/);
    const bug = await etcdscope("explore", "raft-election-2", "--bug", "vote-once");
    expect(bug).toMatchObject({
      exit: 2,
      err: 'etcdscope: --bug: found "vote-once", expected one of those that etcdscope bugs lists; did you mean "vote-twice"?\n',
    });
  });
});
