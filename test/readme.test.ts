// The README's commands, run: what it shows is what they print.

import {spawnSync} from "node:child_process";
import {readFileSync} from "node:fs";
import {describe, expect, it} from "vitest";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
const blocks = [...readme.matchAll(/```console\n\$ (?<command>[^\n]+)\n(?<output>[^`]*)```/g)];

/** Times differ from machine to machine, and say so in the README. */
function timeless(output: string): string {
  return output.replace(/time=[\d.]+ms/g, "time=…").trimEnd();
}

describe("the README", () => {
  it("shows a command for each of the three people", () => {
    expect(blocks).toHaveLength(3);
  });

  it.each(blocks.map(({groups}) => [groups?.["command"] ?? "", groups?.["output"] ?? ""]))(
    "shows what `%s` prints",
    (command, output) => {
      const {ETCDSCOPE_SEED: _, ...inherited} = process.env;
      const env = {...inherited, NO_COLOR: "1"};
      const ran = spawnSync(command, {
        shell: true,
        encoding: "utf8",
        env,
        cwd: new URL("..", import.meta.url),
      });
      expect(timeless(ran.stdout)).toBe(timeless(output));
      expect(ran.status).toBe(0);
    },
    60_000,
  );
});
