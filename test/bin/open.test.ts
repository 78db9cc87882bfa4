import {readFileSync} from "node:fs";
import {request} from "node:http";
import {describe, expect, it} from "vitest";
import {hashOf} from "../../bin/open.ts";
import {run, traceOf} from "../../bin/lib.ts";
import {serve, serveSources} from "../../bin/serve.ts";
import type {Scenario} from "../../scenarios/format.ts";
import {leaderCrash} from "../../scenarios/leaderCrash.ts";
import {perform} from "../../scenarios/perform.ts";
import {stage} from "../../scenarios/resolve.ts";
import {codeHash} from "../../sim/trace/code.ts";
import {writeTrace} from "../../sim/trace/file.ts";
import {traceOf as traceFile} from "../../sim/trace/replay.ts";
import {faultPlan} from "../../sim/fault/plan.ts";
import {decodeHash} from "../../viz/app/link.ts";
import type {Link} from "../../viz/protocol.ts";
import {Desk} from "../viz/worker/desk.ts";
import {etcdscope, folder, jsonOf} from "./terminal.ts";
import {rowsIn, rowsOf} from "../support/textTrace.ts";

const files = folder();
const site = files.path("");
files.write("index.html", "<!doctype html><title>etcdscope</title>");
files.write("page.js", "export {};");
files.write("secret name.txt", "with a blank");

interface Answer {
  readonly status: number;
  readonly type: string | undefined;
  readonly body: string;
}

/** Asks without any cleaning of the path. */
function ask(address: string, path: string, method = "GET"): Promise<Answer> {
  const {hostname, port} = new URL(address);
  return new Promise((resolve, reject) => {
    const asked = request({hostname, port, path, method}, (response) => {
      let body = "";
      response.on("data", (chunk: Buffer) => (body += chunk.toString()));
      response.on("end", () =>
        resolve({status: response.statusCode ?? 0, type: response.headers["content-type"], body}),
      );
    });
    asked.on("error", reject).end();
  });
}

describe("serving the page", () => {
  it("answers the page and its parts with their types, and nothing outside of them", async () => {
    const {close, address} = await serve(site, 0);
    try {
      expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
      expect(await ask(address, "/")).toMatchObject({
        status: 200,
        type: "text/html; charset=utf-8",
        body: expect.stringContaining("etcdscope") as string,
      });
      expect(await ask(address, "/page.js?x=1")).toMatchObject({
        status: 200,
        type: "text/javascript; charset=utf-8",
      });
      expect(await ask(address, "/secret%20name.txt")).toMatchObject({status: 200, body: "with a blank"});
      expect(await ask(address, "/page.js", "HEAD")).toMatchObject({status: 200, body: ""});
      expect((await ask(address, "/page.js", "POST")).status).toBe(405);
      for (const path of [
        "/nothing.js",
        "/../terminal.ts",
        "/..%2f..%2fetc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/%",
        "/a%00b",
      ]) {
        expect((await ask(address, path)).status, path).toBe(404);
      }
    } finally {
      await close();
    }
  });

  it("says in one line that a port is taken, or that the page is not built", async () => {
    const {close, address} = await serve(site, 0);
    const {port} = new URL(address);
    await expect(serve(site, Number(port))).rejects.toThrow(
      `port ${port}: the port is taken, expected a free port; leave --port out to be given one`,
    );
    await close();
    await expect(serve(files.path("nowhere"), 0)).rejects.toThrow(
      "found no index.html, expected the built page",
    );
  });
});

describe("the page of a clone", () => {
  it("is served from its sources, with the address of what was opened", async () => {
    const {exit, out, err} = await etcdscope("open", "leader-crash", "--seed", "5");
    expect({exit, err}).toEqual({exit: 0, err: "serving on this machine only; Ctrl-C stops it\n"});
    expect(out).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#scenario=leader-crash&seed=5\n$/);
  });

  it("comes compiled, and a taken port is one line", async () => {
    const {close, address} = await serveSources(0);
    try {
      expect(await ask(address, "/")).toMatchObject({
        status: 200,
        body: expect.stringContaining("./main.ts") as string,
      });
      const worker = await ask(address, "/engine.worker.ts");
      expect(worker).toMatchObject({status: 200, type: expect.stringContaining("javascript") as string});
      expect(worker.body).not.toContain("import type");
      const {port} = new URL(address);
      expect(await etcdscope("--port", port)).toEqual({
        exit: 2,
        out: "",
        err: `etcdscope: port ${port}: the port is taken, expected a free port; leave --port out to be given one\n`,
      });
    } finally {
      await close();
    }
  });
});

/** The address's part, and what was said besides. */
async function opened(
  what: string,
  which: Parameters<typeof hashOf>[1] = {},
): Promise<{
  readonly opening: ReturnType<typeof decodeHash>;
  readonly hash: string;
  readonly said: string[];
}> {
  const said: string[] = [];
  const hash = await hashOf(what, which, (line) => said.push(line));
  return {opening: decodeHash(hash), hash, said};
}

/** The link in a `#run=…`. */
function linkOf(opening: ReturnType<typeof decodeHash>): Link {
  if (typeof opening !== "object" || opening.source.kind !== "link") throw new Error("it is no link");
  return opening.source.link;
}

/** What the page shows of a link: its chain at the end of the run, and its notice. */
function shown(link: Link): {readonly chain: string; readonly notice: string | undefined} {
  const desk = new Desk({code: link.code});
  const {frame, notice} = desk.ask({kind: "open", source: {kind: "link", link}}, "frame");
  return {chain: desk.go(frame, {kind: "end"}).head.chain, notice: notice?.id};
}

describe("the address of what is opened", () => {
  it("names a scenario of ours, its seed and the event", async () => {
    const trace = files.path("open.trace");
    await etcdscope("run", "leader-crash", "--seed", "a b&c", "--trace", trace);
    const [event] = JSON.parse(rowsIn(trace)[90] ?? "") as [string];
    const opening = {
      source: {kind: "scenario", id: "leader-crash", seed: "a b&c"},
      goTo: {kind: "event", event},
    };
    expect((await opened("leader-crash", {seed: "a b&c", at: event})).opening).toEqual(opening);
    expect(await opened(trace, {at: event})).toMatchObject({opening, said: []});
    expect((await opened("leader-crash")).opening).toEqual({source: {kind: "scenario", id: "leader-crash"}});
  });

  it("carries a person's own scenario whole, with the chain at the event", async () => {
    const text = `// mine\n${JSON.stringify(leaderCrash)}`;
    const file = files.write("mine.json", text);
    const trace = files.path("mine.trace");
    await etcdscope("run", file, "--seed", "9", "--trace", trace);
    const [event, time, hash] = JSON.parse(rowsIn(trace)[90] ?? "") as [string, number, string];
    const link = {
      format: 1,
      scenario: {text},
      seed: "9",
      acts: [],
      cursor: {event, time},
      chain: hash.slice(0, 8),
    };
    expect(linkOf((await opened(file, {seed: "9", at: event})).opening)).toMatchObject(link);
    expect(linkOf((await opened(trace, {at: event})).opening)).toMatchObject(link);
    const unplaced = linkOf((await opened(file)).opening);
    expect(unplaced).toMatchObject({cursor: {event: ""}, chain: ""});
    expect(shown(unplaced).notice).toBeUndefined();
  });

  it("carries what a trace has on record, so that faults happen as they did", async () => {
    for (const seed of ["1", "2", "3"]) {
      const faults = faultPlan(`plan/${seed}`, stage(leaderCrash).run.config, {until: 2_000_000});
      const done = run(leaderCrash, {seed, faults});
      const trace = files.write(`faults-${seed}.trace`, traceOf(done));
      for (const which of [{}, {at: done.lines.at(200)?.id ?? ""}]) {
        const {opening, hash, said} = await opened(trace, which);
        expect(said).toEqual([]);
        expect(hash.length).toBeLessThan(2500);
        expect(shown(linkOf(opening))).toEqual({chain: done.traceHash, notice: undefined});
      }
    }
  });

  it("carries a variant, of a scenario and of a trace", async () => {
    const trace = files.path("control.trace");
    await etcdscope("run", "leader-partition", "--variant", "control", "--trace", trace);
    const {traceHash} = run("leader-partition", {variant: "control"});
    const link = linkOf((await opened("leader-partition", {variant: "control"})).opening);
    expect(link).toMatchObject({variant: "control", acts: []});
    expect(shown(link)).toEqual({chain: traceHash, notice: undefined});
    expect(shown(linkOf((await opened(trace)).opening))).toEqual({chain: traceHash, notice: undefined});
  });

  it("of a link is the link's, with or without an address before it", async () => {
    const {hash} = await opened("leader-partition", {variant: "control"});
    expect((await opened(hash)).hash).toBe(hash);
    expect((await opened(`http://127.0.0.1:4321/${hash}`)).hash).toBe(hash);
    expect((await opened("#scenario=leader-crash&seed=7")).hash).toBe("#scenario=leader-crash&seed=7");
  });
});

describe("a trace that no scenario of its own would make", () => {
  /** Opens it, and looks at what the page has at its end. */
  async function expectOpens(trace: string, at?: string): Promise<Link> {
    const {opening, said} = await opened(trace, at === undefined ? {} : {at});
    expect(said).toEqual([]);
    const link = linkOf(opening);
    const {traceHash} = await replayed(trace);
    expect(shown(link)).toEqual({chain: traceHash, notice: undefined});
    return link;
  }

  async function replayed(trace: string): Promise<{readonly traceHash: unknown}> {
    return {traceHash: jsonOf(await etcdscope("replay", trace, "--json"))["traceHash"]};
  }

  function scenarioIn({scenario}: Link): Scenario {
    return JSON.parse(typeof scenario === "string" ? "" : scenario.text) as Scenario;
  }

  it("opens as a scenario that is made of it, where the check fails, or where one wants", async () => {
    const out = files.path("found.ndjson");
    const swept = ["--seeds", "33..34", "--bug", "vote-twice", "--jobs", "0", "--out", out];
    expect((await etcdscope("sweep", ...swept)).exit).toBe(1);
    const trace = files.path("found-33.trace");
    const link = await expectOpens(trace);
    const {id, title, run: made, open} = scenarioIn(link);
    expect([id, title.en]).toEqual(["found-33", "Election Safety fails (vote-twice)"]);
    expect(made.steps.length).toBeGreaterThan(5);
    const desk = new Desk({code: link.code});
    const {frame} = desk.ask({kind: "open", source: {kind: "link", link}}, "frame");
    expect(open).toEqual({happened: frame.cursor.event});
    const placed = await expectOpens(trace, "clock/n1#2");
    expect(placed.cursor.event).toBe("clock/n1#2");
  });

  it("opens whatever its schedule chose, bugs had, and whoever's scenario it was", async () => {
    const file = files.write("own.json", JSON.stringify({...leaderCrash, minutes: 1}));
    const out = files.path("own.ndjson");
    const options = ["--seeds", "6..7", "--bug", "vote-twice", "--schedule", "random", "--jobs", "0"];
    await etcdscope("sweep", "--scenario", file, ...options, "--out", out);
    const failed = readFileSync(out, "utf8")
      .split("\n")
      .flatMap((line) => /"trace":"([^"]+)"/.exec(line)?.[1] ?? []);
    expect(failed.length).toBeGreaterThan(0);
    const made = scenarioIn(await expectOpens(failed[0] ?? ""));
    expect(made).toMatchObject({
      title: {en: "Election Safety fails (vote-twice)"},
      run: {bugs: {n1: ["vote-twice"]}, choices: expect.arrayContaining([expect.anything()]) as unknown},
    });
  });

  it("opens though nobody knows its scenario, and says nothing fails where nothing does", async () => {
    const done = perform(leaderCrash, {seed: "5", lines: true});
    const file = traceFile(done, {code: codeHash, scenario: "of-another-build"});
    const trace = files.write("stray.trace", writeTrace(file));
    expect(scenarioIn(await expectOpens(trace))).toMatchObject({
      title: {en: "A run on record"},
      run: {expect: []},
    });
  });
});

describe("a trace that was changed", () => {
  it("opens, and both the page and the command say that it differs", async () => {
    const lines = rowsOf(traceOf(run("leader-crash", {seed: "5"})));
    const [id, at, hash] = JSON.parse(lines[90] ?? "") as [string, number, string];
    const changes: readonly (readonly [string, number, string])[] = [
      [id, at, "0123456789abcdef"],
      [id, at, `${hash.slice(0, 8)}01234567`],
      [id, at + 1, hash],
      ["n1→n2#9999", at, hash],
    ];
    for (const [i, change] of changes.entries()) {
      const trace = files.write(`changed-${i}.trace`, lines.with(90, JSON.stringify(change)).join("\n"));
      const {opening, said} = await opened(trace);
      expect(said).toEqual([
        `note: ${trace} differs from its own run at event 90; the page shows the run (etcdscope replay ${trace} tells more)`,
      ]);
      const link = linkOf(opening);
      expect(link.differs?.expected).not.toBe(link.differs?.found);
      expect(shown(link).notice).toBe("notice.differsSame");
    }
  });
});

describe("what cannot be opened", () => {
  const words = files.write("words.txt", "just some words");
  const trace = files.write("kept.trace", traceOf(run("leader-crash", {seed: "5"})));
  it.each([
    [[words], `${words}: found "just some words" at its beginning, expected a trace or a scenario's file`],
    [[trace, "--seed", "9"], '--seed: found "9", expected none: a trace has its own'],
    [[trace, "--variant", "control"], '--variant: found "control", expected none: a trace has its own'],
    [["leader-crash", "--seed", ""], '--seed: found "", expected 1 to 100 characters in one line'],
    [["leader-crash", "--variant", "no"], '--variant: found "no", expected'],
    [["#run=abc"], "#run=abc…: found a damaged link, expected one copied whole"],
    [["#scenario=leader-crash", "--seed", "9"], '--seed: found "9", expected none: a link has its own'],
    [["leader-crash", "--at", "nowhere"], '--at: found "nowhere", expected an event such as n1→n3#17'],
  ])("%j is refused in one line", async (args, line) => {
    const {exit, out, err} = await etcdscope("open", ...args);
    expect({exit, out}).toEqual({exit: 2, out: ""});
    expect(err).toContain(`etcdscope: ${line}`);
    expect(err.trimEnd().split("\n")).toHaveLength(1);
  });
});
