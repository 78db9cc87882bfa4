import {describe, expect, it} from "vitest";
import {museum} from "../../sim/bug/museum.ts";
import {plaques} from "../../sim/bug/plaques.ts";
import {etcdscope, folder, jsonOf} from "./terminal.ts";

const files = folder();

describe("etcdscope bugs", () => {
  it("lists the museum, a line each", async () => {
    const {exit, out} = await etcdscope("bugs");
    expect(exit).toBe(0);
    for (const {id} of museum) expect(out).toContain(`${id} `);
    expect(out).toContain(`\n${museum.length} bugs. `);
  });

  it("shows a bug's plaque, in lines that a terminal does not break", async () => {
    const {exit, out} = await etcdscope("bugs", "commit-older-term");
    expect(exit).toBe(0);
    expect(out).toContain("commit-older-term: A leader commits an entry of an older term");
    expect(out).toMatch(/\nsource +Raft §5\.4\.2, Figure 8\nreplaces +raft\.mayCommit\n/);
    expect(out).toMatch(/\nits scenario breaks +Leader Completeness, /);
    const told = out.split("\n").filter((line) => !line.startsWith("links") && !line.includes("run "));
    expect(told.filter((line) => line.length > 100)).toEqual([]);
  });

  it("says for scripts what each is and what catches it", async () => {
    const ran = await etcdscope("bugs", "--json");
    const all = JSON.parse(ran.out) as readonly Record<string, unknown>[];
    expect(all.map(({id}) => id)).toEqual(museum.map(({id}) => id));
    expect(all.find(({id}) => id === "vote-twice")).toMatchObject({
      rules: ["raft.canGrantVote"],
      caughtBy: plaques["vote-twice"]?.caughtBy,
    });
  });

  it("has the kill matrix by bug, and by check where all are asked for", async () => {
    const {out} = await etcdscope("bugs", "--matrix");
    for (const {id} of museum) expect(out).toMatch(new RegExp(`^${id} +\\d+ of \\d+ `, "m"));
    expect(out).toMatch(/^Leader Completeness \(\d+\): /m);
    const {out: one} = await etcdscope("bugs", "vote-twice", "--matrix");
    expect(one).toMatch(/^vote-twice +\d+ of \d+ /m);
    expect(one).not.toMatch(/^Leader Completeness \(/m);
  });

  it("refuses a name that is none in one line, with a hint", async () => {
    const {exit, err} = await etcdscope("bugs", "vote-twise");
    expect(exit).toBe(2);
    expect(err).toBe(
      'etcdscope: bugs: found "vote-twise", expected one of those that etcdscope bugs lists; did you mean "vote-twice"?\n',
    );
  });
});

describe("a hunt", () => {
  it("that found nothing says how often the museum's did", async () => {
    const hunt = ["--bug", "stale-revocation", "--short", "--jobs", "0"] as const;
    const {exit, out} = await etcdscope("sweep", ...hunt, "--seeds", "0..1");
    expect(exit).toBe(0);
    expect(out).toMatch(
      /^stale-revocation was not found in 1 seeds; the museum's hunt found it in \d+ of 60 /m,
    );
    expect(out).not.toContain("behaviours");
  });

  it("is suggested for a bug's name that was mistyped", async () => {
    const {err} = await etcdscope("run", "vote-twise");
    expect(err).toMatch(/; did you mean "vote-twice"\?\n$/);
  });
});

describe("a bug's smallest scenario", () => {
  it("runs by the bug's name, fails as it expects, and holds in its variant", async () => {
    const trace = files.path("twice.trace");
    const ran = await etcdscope("run", "vote-twice", "--trace", trace, "--json");
    expect([ran.exit, jsonOf(ran)["expected"], jsonOf(ran)["verdict"]]).toEqual([1, true, "fail"]);
    const told = await etcdscope("run", "vote-twice");
    const [title] = told.out.split("\n");
    expect(title).toMatch(
      /^n1, n2, n3 have the bug vote-twice: A member votes for every candidate of a term \(/,
    );
    const fixed = await etcdscope("run", "vote-twice", "--variant", "fixed", "--json");
    expect([fixed.exit, jsonOf(fixed)["expected"]]).toEqual([0, true]);
    // The trace has the scenario's text with it.
    const replayed = await etcdscope("replay", trace);
    expect([replayed.exit, replayed.err]).toEqual([1, ""]);
    expect(replayed.out).toMatch(/the replay agrees with all \d+ events\n$/);
  });
});
