// The console of a branch: lines act on the run where the cursor is, and what they print belongs to events.

import {describe, expect, it} from "vitest";
import type {ConsoleView, Frame} from "../../../viz/frame.ts";
import {Desk, windows} from "./desk.ts";

/** A desk that shows the console, at a moment with a leader. */
function opened(): {readonly desk: Desk; readonly frame: Frame} {
  const desk = new Desk();
  desk.windows = {...windows, console: true};
  const first = desk.open({kind: "scenario", id: "mvcc-walk"});
  return {desk, frame: desk.go(first, {kind: "time", time: 400_000})};
}

function type(desk: Desk, from: Frame, line: string, settle = true): Frame {
  return desk.ask({kind: "type", cursor: from.cursor, line, settle}, "frame").frame;
}

/** As a terminal would have it. */
function text({console}: Frame): readonly string[] {
  return (console as ConsoleView).lines.map(({kind, text: said}) => (kind === "typed" ? `> ${said}` : said));
}

describe("a line of the console", () => {
  it("acts on a branch of its own, and the answer is the frame at which it was answered", () => {
    const {desk, frame} = opened();
    const after = type(desk, frame, "put mine 1");
    expect(after.cursor.branch).not.toBe(frame.cursor.branch);
    expect(text(after)).toEqual(["> put mine 1", "OK"]);
    expect(after.grid.rows.map(({key}) => key)).toContain("mine");
    const read = type(desk, after, "@c2 get mine -w fields --keys-only=false");
    expect(text(read).slice(0, 3)).toEqual([
      "> put mine 1",
      "OK",
      "> @c2 get mine -w fields --keys-only=false",
    ]);
    const again = type(desk, after, "get mine");
    expect(text(again)).toEqual(["> put mine 1", "OK", "> get mine", "mine\n1"]);
  });

  it("is not there before its event, and is there again after it", () => {
    const {desk, frame} = opened();
    const after = type(desk, frame, "put mine 1");
    const asked = desk.go(after, {kind: "step", step: frame.cursor.step + 1});
    expect(text(asked)).toEqual(["> put mine 1"]);
    const before = desk.go(after, {kind: "step", step: frame.cursor.step});
    expect(text(before)).toEqual([]);
    expect(text(desk.go(before, {kind: "step", step: after.cursor.step}))).toEqual(["> put mine 1", "OK"]);
  });

  it("that etcdctl refuses says so and changes nothing", () => {
    const {desk, frame} = opened();
    const after = type(desk, frame, "get");
    expect(after.cursor).toMatchObject({branch: frame.cursor.branch, step: frame.cursor.step});
    expect(text(after).join("\n")).toMatch(/> get\nError: get command needs one argument as key/);
  });

  it("is answered by the run while it plays", () => {
    const {desk, frame} = opened();
    const asked = type(desk, frame, "put mine 1", false);
    expect(asked.cursor.step).toBe(frame.cursor.step + 1);
    expect(text(asked)).toEqual(["> put mine 1"]);
    expect(text(desk.go(asked, {kind: "time", time: asked.at + 500_000}))).toEqual(["> put mine 1", "OK"]);
  });

  it("may be a whole transaction, with its prompts", () => {
    const {desk, frame} = opened();
    const after = type(desk, frame, 'txn -i\nver("mine") = "0"\n\nput mine 2\n\n');
    expect(text(after)).toEqual([
      "> txn -i",
      "compares:",
      'ver("mine") = "0"',
      "",
      "success requests (get, put, del):",
      "put mine 2",
      "",
      "failure requests (get, put, del):",
      "",
      "SUCCESS\n\nOK",
    ]);
  });
});

describe("what stays open", () => {
  it("prints as the cursor goes on, also on branches that leave later", () => {
    const {desk, frame} = opened();
    const watching = type(desk, frame, "watch mine");
    expect(watching.console?.open).toEqual([{client: "c1", line: "watch mine"}]);
    const put = type(desk, watching, "@c2 put mine 1");
    expect(text(put)).toEqual(["> watch mine", "> @c2 put mine 1", "OK", "PUT\nmine\n1"]);
    const cut = desk.ask(
      {kind: "act", cursor: put.cursor, action: {kind: "client", client: "c2", op: "put mine 2"}},
      "frame",
    ).frame;
    const later = desk.go(cut, {kind: "time", time: cut.at + 500_000});
    expect(text(later)).toEqual([...text(put), "PUT\nmine\n2"]);
    const ended = type(desk, later, "^C");
    expect(ended.console?.open).toEqual([]);
    expect(desk.go(ended, {kind: "step", step: later.cursor.step}).console?.open).toHaveLength(1);
  });

  it("asks by itself: a lock shows its key, a lease is kept alive", () => {
    const {desk, frame} = opened();
    const locked = type(desk, frame, "lock door");
    expect(text(locked).join("\n")).toMatch(/^> lock door\ndoor\/[0-9a-f]+/);
    expect(locked.ring.clients[0]).toMatchObject({name: "c1", holds: "door"});
    const leader = locked.ring.members.find(({role}) => role === "leader");
    const held = leader?.leases.find(({keys}) => keys.some((key) => key.startsWith("door/")));
    expect(held).toMatchObject({ttl: 10, remaining: expect.any(Number)});
    const others = locked.ring.members.filter(({role}) => role !== "leader");
    expect(others.flatMap(({leases}) => leases.map(({remaining}) => remaining))).toEqual([
      undefined,
      undefined,
    ]);
    expect(locked.grid.rows.find(({key}) => key.startsWith("door/"))?.cells.at(-1)?.lease).toBe(held?.id);
    const granted = type(desk, locked, "lease grant 2");
    const id = /lease ([0-9a-f]{16}) granted/.exec(text(granted).join("\n"))?.[1] ?? "";
    const kept = type(desk, granted, `lease keep-alive ${id}`);
    const later = desk.go(kept, {kind: "time", time: kept.at + 5_000_000});
    expect(
      text(later).filter((one) => one.includes(`lease ${id} keepalived with TTL(2)`)).length,
    ).toBeGreaterThan(4);
    const listed = type(desk, later, "lease list");
    expect(text(listed).join("\n")).toContain(id);
    expect(text(listed).slice(0, text(later).length)).toEqual(text(later));
  });
});

describe("a line with a dot", () => {
  it("acts on the world, or says why not", () => {
    const {desk, frame} = opened();
    const crashed = type(desk, frame, ".crash n2");
    expect(crashed.ring.members[1]?.status).toBe("crashed");
    const refused = type(desk, crashed, ".crash n9");
    expect(text(refused)).toEqual([
      "> .crash n2",
      "> .crash n9",
      expect.stringMatching(/^etcdscope: crash: found n9, expected n1 to n/),
    ]);
    expect(text(type(desk, refused, ".members")).at(-1)).toMatch(/n2 crashed/);
    const passed = type(desk, refused, ".run 300ms");
    expect(passed.at).toBeGreaterThan(refused.at + 200_000);
    expect(text(type(desk, passed, ".quit")).at(-1)).toMatch(
      /^etcdscope: unknown command .quit, expected one of/,
    );
  });
});

describe("a link", () => {
  it("types again what was typed, and comes to the same chain and the same lines", () => {
    const {desk, frame} = opened();
    const locked = type(desk, type(desk, frame, "watch mine"), "lock door");
    const put = type(desk, locked, "@c2 put mine 1 -w json");
    const {link} = desk.ask({kind: "link", cursor: put.cursor}, "link");
    const other = new Desk();
    other.windows = desk.windows;
    const again = other.open({kind: "link", link});
    expect(again.head.chain).toBe(put.head.chain);
    expect(text(again)).toEqual(text(put));
    expect(again.console?.open).toEqual(put.console?.open);
  });
});
