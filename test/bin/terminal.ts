// A terminal for tests: the command runs in this process, in a folder of its own.

import {mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll} from "vitest";
import {main} from "../../bin/command.ts";
import type {Exit} from "../../bin/io.ts";

export interface Ran {
  readonly exit: Exit;
  readonly out: string;
  readonly err: string;
}

/** Runs one command line. */
export async function etcdscope(...args: readonly string[]): Promise<Ran> {
  const ran = {out: "", err: ""};
  const exit = await main(args, {
    out: (text) => void (ran.out += text),
    err: (text) => void (ran.err += text),
    interactive: false,
    command: "etcdscope",
    stopped: () => Promise.resolve(),
  });
  return {exit, ...ran};
}

/** The last line of what was printed, as JSON. */
export function jsonOf({out}: Ran): Record<string, unknown> {
  return JSON.parse(out.trimEnd().split("\n").at(-1) ?? "") as Record<string, unknown>;
}

/** A folder for one file of tests. */
export function folder(): {
  readonly path: (name: string) => string;
  readonly write: (name: string, content: string | Uint8Array) => string;
} {
  const at = mkdtempSync(join(tmpdir(), "etcdscope-test-"));
  afterAll(() => rmSync(at, {recursive: true, force: true}));
  const path = (name: string): string => join(at, name);
  return {
    path,
    write: (name, content) => {
      writeFileSync(path(name), content);
      return path(name);
    },
  };
}
