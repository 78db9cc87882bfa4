// What the documents tell to run is there: scripts of package.json, and commands of etcdscope.

import {execFileSync} from "node:child_process";
import {readFileSync} from "node:fs";
import {describe, expect, it} from "vitest";
import {etcdscope} from "./bin/terminal.ts";

const root = new URL("../", import.meta.url);
const documents = execFileSync("git", ["ls-files", "*.md"], {cwd: root, encoding: "utf8"})
  .split("\n")
  .filter((path) => path !== "" && !path.startsWith("test/fixtures/"));
const textOf = (path: string): string => readFileSync(new URL(path, root), "utf8");
const {scripts} = JSON.parse(textOf("package.json")) as {scripts: Readonly<Record<string, string>>};

/** The first group of every match in a document. */
function allIn(path: string, pattern: RegExp): readonly string[] {
  return [...textOf(path).matchAll(pattern)].map(([, name = ""]) => name);
}

describe("the documents", () => {
  it("are found", () => expect(documents).toEqual(expect.arrayContaining(["README.md", "CONTRIBUTING.md"])));

  it.each(documents)("%s names only scripts that package.json has", (path) => {
    const named = [
      ...allIn(path, /\bnpm run (?:-s )?([a-z][\w:-]*)/g),
      ...allIn(path, /\bnpm (start|test)\b/g),
    ];
    expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
  });

  it("name only commands that etcdscope has", async () => {
    const {out} = await etcdscope("help");
    const known = [...out.matchAll(/^ {2}([a-z]+)\b/gm)].map(([, name]) => name);
    const named = documents.flatMap((path) =>
      allIn(path, /(?:`|npx |\$ )etcdscope (?:-- )?([a-z]+)\b/g).concat(
        allIn(path, /etcdscope -- ([a-z]+)/g),
      ),
    );
    expect(named.length).toBeGreaterThan(3);
    expect(named.filter((name) => !known.includes(name))).toEqual([]);
  });
});
