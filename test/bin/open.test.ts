import {readFileSync} from "node:fs";
import {request} from "node:http";
import {describe, expect, it} from "vitest";
import {hashOf} from "../../bin/open.ts";
import {serve} from "../../bin/serve.ts";
import {leaderCrash} from "../../scenarios/leaderCrash.ts";
import {decodeHash} from "../../viz/app/link.ts";
import {etcdscope, folder} from "./terminal.ts";

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
    const {server, address} = await serve(site, 0);
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
      server.close();
    }
  });

  it("says in one line that a port is taken, or that the page is not built", async () => {
    const {server, address} = await serve(site, 0);
    const {port} = new URL(address);
    await expect(serve(site, Number(port))).rejects.toThrow(
      `port ${port}: found EADDRINUSE, expected a free port`,
    );
    server.close();
    await expect(serve(files.path("nowhere"), 0)).rejects.toThrow(
      "found no index.html, expected the built page",
    );
  });
});

describe("the address of what is opened", () => {
  it("names a scenario of ours, its seed and the event", async () => {
    const trace = files.path("open.trace");
    await etcdscope("run", "leader-crash", "--seed", "a b&c", "--trace", trace);
    const [event] = JSON.parse(readFileSync(trace, "utf8").split("\n")[90] ?? "") as [string];
    const hash = await hashOf("leader-crash", {seed: "a b&c", at: event});
    const opening = {
      source: {kind: "scenario", id: "leader-crash", seed: "a b&c"},
      goTo: {kind: "event", event},
    };
    expect(decodeHash(hash)).toEqual(opening);
    expect(decodeHash(await hashOf(trace, {at: event}))).toEqual(opening);
    expect(decodeHash(await hashOf("leader-crash", {}))).toEqual({
      source: {kind: "scenario", id: "leader-crash"},
    });
  });

  it("carries a person's own scenario whole, with the chain at the event", async () => {
    const text = `// mine\n${JSON.stringify(leaderCrash)}`;
    const file = files.write("mine.json", text);
    const trace = files.path("mine.trace");
    await etcdscope("run", file, "--seed", "9", "--trace", trace);
    const [event, time, hash] = JSON.parse(readFileSync(trace, "utf8").split("\n")[90] ?? "") as [
      string,
      number,
      string,
    ];
    const link = {
      format: 1,
      scenario: {text},
      seed: "9",
      acts: [],
      cursor: {event, time},
      chain: hash.slice(0, 8),
    };
    expect(decodeHash(await hashOf(file, {seed: "9", at: event}))).toMatchObject({
      source: {kind: "link", link},
    });
    expect(decodeHash(await hashOf(trace, {at: event}))).toMatchObject({source: {kind: "link", link}});
  });
});
