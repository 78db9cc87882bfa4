import {describe, expect, test} from "vitest";
import {main} from "../../bin/command.ts";
import {hashOf} from "../../bin/open.ts";
import {etcdscope, folder} from "./terminal.ts";
import {rowsIn} from "../support/textTrace.ts";
import type {Ran} from "./terminal.ts";

const files = folder();

/** What stands for a Ctrl-C among the lines. */
const interruption = "^C";

/** Runs a console on these lines, as through a pipe. */
function typed(lines: readonly string[], ...args: readonly string[]): Promise<Ran> {
  return entered(lines, args, false);
}

async function entered(lines: readonly string[], args: readonly string[], isTerminal: boolean): Promise<Ran> {
  const ran = {out: "", err: ""};
  const exit = await main(["console", ...args], {
    out: (text) => void (ran.out += text),
    err: (text) => void (ran.err += text),
    interactive: false,
    command: "etcdscope",
    stopped: () => Promise.resolve(),
    input: {
      isTerminal,
      async *lines(_, interrupted) {
        for (const line of lines) {
          if (line !== interruption) yield await Promise.resolve(line);
          else if (interrupted()) return;
        }
      },
    },
  });
  return {exit, ...ran};
}

describe("etcdscope console", () => {
  test("prints through a pipe exactly what etcdctl would", async () => {
    expect(await typed(["put a 1", "get a"])).toEqual({exit: 0, out: "OK\na\n1\n", err: ""});
  });

  test("tells a person who asks etcdctl for help or for the end how to get them, and a pipe nothing", async () => {
    const error = (word: string): string =>
      `Error: unknown command "${word}" for "etcdctl"\nRun 'etcdctl --help' for usage.\n`.concat(
        `Error: unknown command "${word}" for "etcdctl"\n`,
      );
    const ways = ".help tells what there is; .quit ends\n";
    for (const [line, word] of [
      ["help", "help"],
      ["etcdctl --help", "--help"],
      ["quit", "quit"],
    ] as const) {
      expect((await entered([line], [], true)).err).toBe(ways + error(word) + ways);
      expect((await typed([line])).err).toBe(error(word));
    }
    expect((await entered(["get help"], [], true)).err).toBe(ways);
  });

  test("exits as the last command does", async () => {
    expect(await typed(["put a 1", "get a --rev 99"])).toMatchObject({
      exit: 1,
      err: "Error: etcdserver: mvcc: required revision is a future revision\n",
    });
    expect(await typed(["get a -w table"])).toMatchObject({exit: 4});
    expect(await typed(["get", "etcdctl put a 1"])).toMatchObject({exit: 0, out: "OK\n"});
    expect(await typed(["get a --count-only"])).toMatchObject({
      exit: 128,
      err: "Error: --count-only is only for `--write-out=fields`\n",
    });
  });

  test("operands stand for what the client has seen when the line is typed", async () => {
    const lines = [
      "put x a",
      'put x "{valueOf:x},b"',
      "get x --print-value-only",
      "get x --rev {revision-1} --print-value-only",
    ];
    expect((await typed(lines)).out).toBe("OK\nOK\na,b\na\n");
    // Another client has seen nothing.
    expect((await typed(["put x a", '@c2 put y "{valueOf:x}!"', "get y --print-value-only"])).out).toBe(
      "OK\nOK\n!\n",
    );
    expect(await typed(["put x {valuOf:x}"])).toMatchObject({
      exit: 128,
      err: expect.stringMatching(
        /^Error: unknown operand \{valuOf:x\} at column 7; expected one of: .*\n$/,
      ) as string,
    });
  });

  test("a watch stays open, and prints what others do meanwhile", async () => {
    const {out} = await typed(["watch a --prefix", "@c2 put a1 x", "@c3 del a1", "put b 1"]);
    expect(out).toBe("OK\nPUT\na1\nx\n1\nDELETE\na1\n\nOK\n");
  });

  test("Ctrl-C ends the last command that is open, then the console", async () => {
    const {out} = await typed(["watch a", interruption, "put a 1", interruption, "put a 2"]);
    expect(out).toBe("OK\n");
  });

  test("a lease is granted, kept alive while it is open, and revoked", async () => {
    const {out} = await typed([
      "lease grant 3 --id 7b",
      "put a 1 --lease 7b",
      "lease keep-alive 7b",
      ".run 8s",
      "get a",
      interruption,
      ".run 8s",
      "get a",
    ]);
    const alive = "lease 000000000000007b keepalived with TTL(3)\n";
    expect(out.replaceAll(alive, "")).toBe("lease 000000000000007b granted with TTL(3s)\nOK\na\n1\n");
    expect(out.split(alive).length - 1).toBeGreaterThan(5);
  });

  test("a lock stays held until Ctrl-C, and the next one gets it", async () => {
    const {out} = await typed([
      "lock m",
      "@c2 lock m",
      ".jobs",
      interruption,
      interruption,
      "@c3 lock m",
      ".jobs",
    ]);
    const [first = "", blank, ...rest] = out.split("\n");
    expect(first).toMatch(/^m\/[0-9a-f]{14,16}$/);
    expect([blank, rest[0], rest[1]]).toEqual(["", "c1#1 lock m", "c2#1 lock m"]);
    expect(rest[2]).toMatch(/^m\/[0-9a-f]{14,16}$/);
    expect(rest.slice(3)).toEqual(["", "c3#1 lock m", ""]);
  });

  test("who is elected shows its key and value, and so does who listens", async () => {
    const {out} = await typed(["elect e one", "@c2 elect e --listen", "@c3 elect e two", "resign 1"]);
    expect(out).toMatch(/^(e\/[0-9a-f]{14,16})\none\n\1\none\n/);
    expect(out.match(/\ntwo\n/g)).toHaveLength(2);
  });

  test("recipes that etcdctl does not have tell their result", async () => {
    const {out} = await typed([
      "stm add n 2 ; get n",
      "enqueue q a",
      "dequeue q",
      "session --ttl 5",
      "close 11",
    ]);
    expect(out).toMatch(
      /^SUCCESS\n\nn\n\nn\n2\ncommitted at revision 2 in 1 attempts\nq\/\d+\nq\/\d+\na\nsession [0-9a-f]{16} with TTL\(5s\)\n/,
    );
  });

  test("a transaction is typed as for etcdctl, over many lines", async () => {
    const txn = ["txn", 'value("a") = "1"', "", "put a 2", "get a", "", "get a", ""];
    expect((await typed(["put a 1", ...txn, "get a"])).out).toBe("OK\nSUCCESS\n\nOK\n\na\n2\na\n2\n");
    expect((await typed([...txn.slice(0, 5), "put b :", "", ""])).out).toBe("FAILURE\n");
    expect(await typed(["txn", 'bad("t") = "0"', "", "", ""])).toMatchObject({
      exit: 3,
      err: 'Error: malformed comparison: bad("t") = "0" (unknown target bad)\n',
    });
    expect((await typed(["txn -i", "", "put a 1", "", ""])).out).toBe(
      "compares:\nsuccess requests (get, put, del):\nfailure requests (get, put, del):\nSUCCESS\n\nOK\n",
    );
  });

  test("a command may be pinned to an endpoint, and asks all of them where etcdctl does", async () => {
    const down = [".crash n3", "get a --endpoints n3"];
    expect((await typed(down)).err).toMatch(/^Error: /);
    const {out} = await typed(["endpoint health --endpoints n2,n1"], "--members", "5");
    expect(out.match(/is healthy/g)).toHaveLength(2);
    expect((await typed(["endpoint status"], "--members", "5")).out.split("\n")).toHaveLength(6);
  });

  test("a spare server is added, started, and catches up", async () => {
    const {out} = await typed(
      [
        "put a 1",
        "member add n4 --peer-urls http://n4:2380",
        ".restart n4",
        ".run 2s",
        "get a --endpoints n4",
        "member list",
      ],
      "--spares",
      "1",
    );
    expect(out).toContain("\na\n1\n");
    expect(out).toMatch(/4, started, n4, .*false\n$/);
    expect(await typed([], "--members", "9", "--spares", "23")).toMatchObject({
      exit: 2,
      err: "etcdscope: --members, --spares: found 32 servers, expected at most 31 together\n",
    });
  });

  test("lines with a dot act on the world", async () => {
    const {out, err, exit} = await typed([
      ".members",
      ".crash n1",
      ".members",
      ".restart n1",
      ".run 500ms",
      ".members",
    ]);
    const rows = out.trimEnd().split("\n");
    expect(rows).toHaveLength(9);
    expect(rows[3]).toBe("n1 crashed");
    for (const i of [0, 1, 2, 4, 5, 6, 7, 8])
      expect(rows[i]).toMatch(/^n[1-3] (leader|follower|candidate) term \d+ revision 1$/);
    expect({err, exit}).toEqual({err: "", exit: 0});
  });

  test("a cut member answers nobody until it is healed", async () => {
    const {out, err} = await typed([
      ".cut n1 n2",
      ".cut n1 n3",
      "put a 1 --endpoints n1",
      ".heal",
      ".run 1s",
      "put a 2 --endpoints n1",
    ]);
    expect(err).toMatch(/^Error: .*\n$/);
    expect(out).toBe("OK\n");
  });

  test("a member that refuses a client answers it nothing until it accepts it again", async () => {
    const {out, err} = await typed([
      ".refuse c1 n1",
      "put a 1 --endpoints n1",
      ".accept c1 n1",
      "put a 2 --endpoints n1",
      "get a",
    ]);
    expect(err).toMatch(/^Error: .*\n$/);
    expect(out).toBe("OK\na\n2\n");
  });

  test.each([
    [".reset c1 n1", "etcdscope: reset: found no connection between the two\n"],
    [".accept c1 n1", "etcdscope: accept: the member does not refuse the client\n"],
    [".reset c9 n1", "etcdscope: reset: found c9, expected c1 to c3 or n1 to n3\n"],
    [".refuse c1", "etcdscope: expected .refuse <client> <member>\n"],
    [".crash n9", "etcdscope: crash: found n9, expected n1 to n3\n"],
    [".resume c1", "etcdscope: resume: not possible, c1 is not paused\n"],
    [".pause c9", "etcdscope: pause: found c9, expected c1 to c3 or n1 to n3\n"],
    [".cut n1 n9", "etcdscope: cut: found n9, expected c1 to c3 or n1 to n3\n"],
    [".heal n1 x", "etcdscope: heal: found x, expected c1 to c3 or n1 to n3\n"],
    ["@c9 cancel 1", "Error: c9 is no client, expected c1 to c3\n"],
    [".cut n1 n1", "etcdscope: cut: found n1 twice, expected two different ones\n"],
    [".clock c1 1", "etcdscope: clock: found 1 percent, expected 10 to 1000\n"],
    ["get a --endpoints n9", "Error: n9 is no member, expected n1 to n3\n"],
    [".resume n1", "etcdscope: resume: not possible, n1 is up\n"],
    [".run soon", "etcdscope: expected .run <time>, as in .run 500ms\n"],
    [".cut n1", "etcdscope: expected .cut <a> <b>\n"],
    [".dance", /^etcdscope: unknown command \.dance, expected one of \.run, .*\n$/],
    [".save /nowhere/x.trace", /^etcdscope: \/nowhere\/x\.trace: found no such folder, expected a file/],
    ["@c9 get a", "Error: c9 is no client, expected c1 to c3\n"],
  ])("refuses %s in one line", async (line, err) => {
    const ran = await typed([line]);
    expect(ran.err).toMatch(err instanceof RegExp ? err : new RegExp(`^${escaped(err)}$`));
    expect(ran.exit).toBeGreaterThan(0);
  });

  test("pauses no client twice", async () => {
    const {err} = await typed([".pause c1", ".pause c1"]);
    expect(err).toBe("etcdscope: pause: not possible, c1 is paused\n");
  });

  test(".save keeps all that was typed: it replays, and opens", async () => {
    const file = files.path("typed.trace");
    const lines = ["put a 1", "watch a --rev 1", ".crash n2", "put a 2", ".run 300ms", `.save ${file}`];
    const {exit} = await typed(lines, "--seed", "4");
    expect(exit).toBe(0);
    const replayed = await etcdscope("replay", file);
    expect(replayed).toMatchObject({exit: 0});
    expect(replayed.out).toContain("the replay agrees with all");
    const header = JSON.parse(rowsIn(file)[0] ?? "") as {
      seed: string;
      script: readonly {origin: string; do: {kind: string}}[];
    };
    expect(header.seed).toBe("4");
    expect(header.script.map((one) => [one.origin, one.do.kind])).toEqual([
      ["person", "client"],
      ["person", "client"],
      ["person", "crash"],
      ["person", "client"],
    ]);
    const warnings: string[] = [];
    const hash = await hashOf(file, {}, (line) => void warnings.push(line));
    expect(hash).toMatch(/^#run=/);
    expect(warnings).toEqual([]);
  });

  test("runs in a scenario's world, with its steps", async () => {
    const {out} = await typed([".run 1s", "get x"], "leader-crash");
    expect(out).toMatch(/^x\n(before|during)\n$/);
    expect(await typed([], "leader-crash", "--members", "3")).toMatchObject({
      exit: 2,
      err: "etcdscope: --members, --spares, --clients: expected none, the scenario has its own\n",
    });
  });

  test("the same seed prints the same", async () => {
    const lines = [
      "put a 1",
      "endpoint health",
      ".crash n1",
      "put b 2",
      ".run 2s",
      "endpoint status -w json",
    ];
    expect(await typed(lines, "--seed", "9")).toEqual(await typed(lines, "--seed", "9"));
  });
});

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
