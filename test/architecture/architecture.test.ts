// The laws, on the repository as it is, and on trees that break them on purpose.

import {existsSync, readdirSync} from "node:fs";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {describeFinding, rules} from "./rules.ts";
import {readTree, repository} from "./tree.ts";

const bad = join(repository, "test/fixtures/bad/architecture");

describe("the repository", () => {
  const tree = readTree(repository);

  it.each(rules.map((rule) => [rule.law, rule] as const))("%s", (_, rule) => {
    expect(rule.check(tree).map(describeFinding)).toEqual([]);
  });
});

describe("a tree that breaks the law", () => {
  it.each(rules.map((rule) => [rule.id, rule] as const))(
    "%s is found where it stands, and nowhere else",
    (id, rule) => {
      expect(existsSync(join(bad, id)), `no fixture for ${id}`).toBe(true);
      const tree = readTree(join(bad, id));
      const found = rule.check(tree).map(({path, line}) => `${path}:${line}`);
      const marked = tree.files.flatMap((path) =>
        (tree.read(path) ?? "")
          .split("\n")
          .flatMap((line, i) => (/(\/\/|<!--) bad/.test(line) ? [`${path}:${i + 1}`] : [])),
      );
      expect([...new Set(found)].toSorted()).toEqual(marked.toSorted());
      expect(found).not.toEqual([]);
    },
  );

  it("has a rule for every fixture", () => {
    expect(readdirSync(bad).toSorted()).toEqual(rules.map((rule) => rule.id).toSorted());
  });
});
