import {execFile} from "node:child_process";
import {mkdir, mkdtemp, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {dirname, join} from "node:path";
import {fileURLToPath} from "node:url";
import {promisify} from "node:util";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {main} from "./command.ts";

const files = {
  "quorum/testdata/vote.txt": "vote cfg=(1) votes=(y)\n----\nVoteWon\n",
  "elsewhere/change.txt": "simple\nv1\n----\nvoters=(1)\n1: StateProbe match=0 next=1\n",
  "testdata/deep/one.txt": "add-nodes 1\n----\nINFO 1 switched\n",
  "testdata/two.txt": "raft-state\n----\nok\n\nstabilize\n----\nno\n",
  "testdata/notes.md": "no script",
};

let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "conformance-"));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), {recursive: true});
    await writeFile(join(folder, path), text);
  }
  await mkdir(join(folder, "empty"));
});

afterAll(() => rm(folder, {recursive: true, force: true}));

function run(...words: readonly string[]): {
  readonly status: number;
  readonly out: string;
  readonly err: string;
} {
  let out = "";
  let err = "";
  const status = main(words, {out: (text) => (out += text), err: (text) => (err += text)});
  return {status, out, err};
}

describe("the command", () => {
  it("runs every script under a folder, and tells programs which agree", () => {
    const {status, out, err} = run("raft", folder, "--json");
    expect({status, err}).toEqual({status: 1, err: ""});
    const told: unknown = JSON.parse(out.trim().split("\n").at(-1) ?? "");
    const difference = {line: 5, directive: "stabilize", expected: "no\n", actual: "ok\n"};
    expect(told).toEqual({
      files: [
        {file: "elsewhere/change.txt", strict: true, semantic: true},
        {file: "quorum/testdata/vote.txt", strict: true, semantic: true},
        {
          file: "testdata/deep/one.txt",
          strict: false,
          semantic: true,
          firstDifference: expect.objectContaining({line: 1, directive: "add-nodes 1"}),
        },
        {file: "testdata/two.txt", strict: false, semantic: false, firstDifference: difference},
      ],
    });
  });

  it("tells people where they differ", () => {
    const {status, out} = run("raft", folder);
    expect(status).toBe(1);
    expect(out).toContain("strict yes  semantic yes  quorum/testdata/vote.txt\n");
    expect(out).toContain(
      `strict NO   semantic NO   testdata/two.txt\n  ${folder}/testdata/two.txt:5 stabilize\n`,
    );
    expect(out).toContain('line 1 of its output: expected "no", got "ok"\n');
    expect(out).toContain("4 files: 2 agree strictly, 3 semantically\n");
  });

  it("succeeds if all agree", () => {
    expect(run("raft", join(folder, "quorum"))).toMatchObject({status: 0});
    expect(run("raft", join(folder, "elsewhere"), "--json")).toMatchObject({status: 0});
  });

  it.each([
    [[], "nothing asked"],
    [["zab", "x"], 'unknown "zab"'],
    [["raft"], "raft without a folder"],
    [["raft", "a", "b"], "raft with too many words (b)"],
    [["raft", "--loud"], "unknown option --loud"],
    [["raft", "no/such/folder"], "no/such/folder is no folder"],
  ])("says in one line what is wrong with %j", (words, why) => {
    const {status, out, err} = run(...words);
    expect({status, out}).toEqual({status: 2, out: ""});
    expect(err).toMatch(/^conformance: .* expected .*\n$/);
    expect(err).toContain(why);
  });

  it("says so of a folder without scripts", () => {
    expect(run("raft", join(folder, "empty"))).toMatchObject({status: 2, out: ""});
  });

  it("is a program", async () => {
    const program = fileURLToPath(new URL("main.ts", import.meta.url));
    const words = ["--import", "tsx", program, "raft", join(folder, "quorum"), "--json"];
    const {stdout} = await promisify(execFile)(process.execPath, words);
    expect(JSON.parse(stdout)).toEqual({
      files: [{file: "testdata/vote.txt", strict: true, semantic: true}],
    });
  });
});
