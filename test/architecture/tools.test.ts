// The laws that the linter and the compiler hold: both are run, with the repository's own configuration, on a small tree
// of bad files. A comment on a line names what must be found there; on every other line nothing may be found.

import {execFile} from "node:child_process";
import {cp, mkdir, mkdtemp, readdir, readFile, rm, symlink} from "node:fs/promises";
import {tmpdir} from "node:os";
import {dirname, join} from "node:path";
import {promisify} from "node:util";
import {afterAll, describe, expect, it} from "vitest";
import {repository} from "./tree.ts";

const folders: string[] = [];

/** A copy of the fixtures, under the repository's configuration files. */
async function laidOut(fixtures: string): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), "etcdscope-"));
  folders.push(root);
  await cp(join(repository, "test/fixtures/bad", fixtures), root, {recursive: true});
  const configs = ["tsconfig.json", ".oxlintrc.json"];
  for (const room of ["core", "sim", "scenarios", "viz", "bin", "build", "test"]) {
    for (const path of await readdir(join(repository, room), {recursive: true})) {
      if (/(^|\/)tsconfig\.json$/.test(path)) configs.push(join(room, path));
    }
  }
  for (const path of configs) {
    await mkdir(dirname(join(root, path)), {recursive: true});
    await cp(join(repository, path), join(root, path));
  }
  await symlink(join(repository, "node_modules"), join(root, "node_modules"));
  return root;
}

/** What a tool prints; these tools exit with an error when they find something. */
async function printed(tool: string, args: readonly string[], cwd: string): Promise<string> {
  const run = promisify(execFile)(join(repository, "node_modules/.bin", tool), args, {
    cwd,
    maxBuffer: 1 << 26,
  });
  const {stdout, stderr} = await run.catch((error: {stdout: string; stderr: string}) => error);
  return stdout + stderr;
}

/** `path:line name` of every finding that a comment in the fixtures names. */
async function expectedIn(root: string, comment: RegExp): Promise<string[]> {
  const expected: string[] = [];
  for (const path of await readdir(root, {recursive: true})) {
    if (path.startsWith("node_modules") || !path.endsWith(".ts")) continue;
    for (const [i, line] of (await readFile(join(root, path), "utf8")).split("\n").entries()) {
      const names = comment.exec(line)?.[1]?.split(" ") ?? [];
      expected.push(...names.map((name) => `${path}:${i + 1} ${name}`));
    }
  }
  return expected.toSorted();
}

afterAll(async () => {
  for (const folder of folders) await rm(folder, {recursive: true});
});

describe("the linter", () => {
  it("finds every planted fault and nothing else", async () => {
    const root = await laidOut("lint");
    const output = await printed("oxlint", ["--type-aware", "--format", "json", "."], root);
    const {diagnostics} = JSON.parse(output) as {
      diagnostics: {code: string; filename: string; labels: {span: {line: number}}[]}[];
    };
    const found = diagnostics.map(({code, filename, labels}) => {
      return `${filename}:${labels[0]?.span.line} ${/\((.*)\)/.exec(code)?.[1]}`;
    });
    expect(found.toSorted()).toEqual(await expectedIn(root, /\/\/ ([a-z-]+)$/));
  });
});

describe("the compiler", () => {
  it("finds every planted fault and nothing else", async () => {
    const root = await laidOut("tsc");
    const output = await printed("tsc", ["-b", "--pretty", "false"], root);
    const found = [...output.matchAll(/^(\S+)\((\d+),\d+\): error (TS\d+)/gm)].map(
      (m) => `${m[1]}:${m[2]} ${m[3]}`,
    );
    expect([...new Set(found)].toSorted()).toEqual(await expectedIn(root, /\/\/ (TS[TS\d ]+)$/));
  });
});
