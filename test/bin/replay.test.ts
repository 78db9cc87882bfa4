import {beforeAll, describe, expect, it} from "vitest";
import {simulate, SimulationError, traceOf} from "../../bin/lib.ts";
import type {Simulated} from "../../bin/lib.ts";
import {leaderCrash} from "../../scenarios/leaderCrash.ts";
import {etcdscope, folder, jsonOf} from "./terminal.ts";
import {rowsIn} from "../support/textTrace.ts";

const files = folder();
const trace = files.path("run.trace");
let rows: readonly string[] = [];
let run: Record<string, unknown> = {};

beforeAll(async () => {
  run = jsonOf(await etcdscope("run", "leader-partition", "--seed", "7", "--trace", trace, "--json"));
  rows = [...rowsIn(trace), ""];
});

/** The trace with one line changed. */
function changed(name: string, row: number, edit: (text: string) => string): string {
  const text = rows.map((line, i) => (i === row ? edit(line) : line)).join("\n");
  expect(text).not.toBe(rows.join("\n"));
  return files.write(name, text);
}

describe("etcdscope replay", () => {
  it("agrees with a saved run, its claims included", async () => {
    const ran = await etcdscope("replay", trace, "--json");
    expect(ran.exit).toBe(0);
    expect({...jsonOf(ran), wallMs: 0}).toEqual({...run, wallMs: 0});
    expect((await etcdscope("replay", trace)).out).toMatch(/the replay agrees with all \d+ events\n$/);
  });

  it("judges a person's own scenario by its own claims, and a variant by the variant's", async () => {
    const wrong = {
      ...leaderCrash,
      tell: [],
      run: {
        ...leaderCrash.run,
        expect: [{id: "wrong", claim: {leader: "none"}, says: {en: "nobody leads", zh: "无人领导"}}],
      },
    };
    const [file, own] = [files.write("wrong.json", JSON.stringify(wrong)), files.path("own.trace")];
    expect((await etcdscope("run", file, "--trace", own)).exit).toBe(1);
    const replayed = jsonOf(await etcdscope("replay", own, "--json"));
    expect(replayed).toMatchObject({verdict: "fail", expected: false});
    const control = files.path("control.trace");
    const straight = jsonOf(
      await etcdscope("run", "leader-crash", "--variant", "control", "--trace", control, "--json"),
    );
    expect({...jsonOf(await etcdscope("replay", control, "--json")), wallMs: 0}).toEqual({
      ...straight,
      wallMs: 0,
    });
  });

  it("names the first event that differs, and exits 1", async () => {
    const [id, at] = JSON.parse(rows[300] ?? "") as [string, number];
    const file = changed("hash.trace", 300, (line) =>
      line.replace(/"[0-9a-f]{16}"\]$/, '"0123456789abcdef"]'),
    );
    const {exit, err} = await etcdscope("replay", file);
    expect(exit).toBe(1);
    expect(err).toContain(`${file}: the first event that differs is 300: it is ${id} at ${at} us with hash`);
    expect(err).toContain("the trace says");
  });

  it.each<[string, (line: string) => string]>([
    ["another time", (line) => line.replace(/,(\d+),/, (_, at: string) => `,${Number(at) + 1},`)],
    ["another name", (line) => line.replace(/#(\d+)/, (_, n: string) => `#${Number(n) + 1}`)],
  ])("notices an event with %s", async (name, edit) => {
    const {exit, err} = await etcdscope("replay", changed(`${name}.trace`, 200, edit), "--json");
    expect(exit).toBe(1);
    expect(err).toContain("the first event that differs is 200");
  });

  it("tells a difference in its JSON too: the run's own, failed and not as expected, and where", async () => {
    const file = changed("json.trace", 100, (line) =>
      line.replace(/"[0-9a-f]{16}"\]$/, '"0123456789abcdef"]'),
    );
    const json = jsonOf(await etcdscope("replay", file, "--json"));
    expect(Object.keys(json)).toEqual([...Object.keys(run), "difference"]);
    expect(json).toMatchObject({
      verdict: "fail",
      expected: false,
      difference: {
        step: 100,
        expected: {hash: "0123456789abcdef"},
        actual: {hash: expect.any(String) as string},
      },
    });
  });

  it("notes that another build made it, and goes on", async () => {
    const header = JSON.parse(rows[0] ?? "") as Record<string, unknown>;
    expect(header["code"]).toMatch(/^[0-9a-f]{16}$/);
    expect((await etcdscope("replay", trace)).err).toBe("");
  });

  it("says that what programs claim is not judged again, and whether the run failed by it", async () => {
    const held = await simulate({seed: "3"}, ({client}) => client.put("x", "1"));
    const lost: unknown = await simulate({seed: "3"}, async ({client}) => {
      await client.put("x", "1");
      throw new Error("on purpose");
    }).catch((error: unknown) => error);
    if (!(lost instanceof SimulationError)) throw new Error("found that it holds, expected it to fail");
    const note = async (name: string, run: Simulated): Promise<string> => {
      const {exit, err} = await etcdscope("replay", files.write(name, traceOf(run)), "--json");
      expect(exit).toBe(0);
      return err;
    };
    const why = "is not judged again: a trace has what they did, not their code\n";
    expect(await note("held.trace", held)).toBe(`note: what its programs claim ${why}`);
    expect(await note("lost.trace", lost.run)).toBe(
      `note: it was a fail by what its programs claim, which ${why}`,
    );
  });

  it("has nothing of the kind to say of a run whose lines a load asked", async () => {
    const load = {load: "loop", by: "c1", ops: ["put x {n}"], rest: "20ms"} as const;
    const loaded = {...leaderCrash, tell: [], run: {...leaderCrash.run, load: [load]}};
    const [file, own] = [files.write("loaded.json", JSON.stringify(loaded)), files.path("loaded.trace")];
    await etcdscope("run", file, "--trace", own);
    const {err, out} = await etcdscope("replay", own);
    expect(out).toContain("the replay agrees");
    expect(err).toBe("");
  });
});
