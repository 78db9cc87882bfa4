import {describe, expect, it} from "vitest";
import {isOfLists, readLists} from "../../../sim/record/lists.ts";

const event = (process: number, type: string, value: string): string =>
  `{:process ${process}, :type :${type}, :f :txn, :value ${value}}`;

describe("a history of list-append", () => {
  it("is read as its transactions, by the lines of their events", () => {
    const text = [
      event(0, "invoke", '[[:append "x" 1] [:r "y" nil]]'),
      event(1, "invoke", "[[:append :y 5]]"),
      event(0, "ok", '[[:append "x" 1] [:r "y" [3 4]]]'),
      "{:process :nemesis, :type :info, :f :kill, :value nil}",
      event(1, "info", "[[:append :y 5]]"),
      event(2, "invoke", "[[:append :y 6] [:r :y nil]]"),
      event(2, "fail", "[[:append :y 6] [:r :y nil]]"),
      event(3, "invoke", "[[:r :y nil]]"),
      event(3, "ok", "[[:r :y nil]]"),
      event(2, "invoke", "[[:append :z 1] [:r :z nil]]"),
    ].join("\n");
    expect(isOfLists(text)).toBe(true);
    expect(readLists(text)).toEqual({
      ok: true,
      value: [
        {
          name: "line 1",
          process: "0",
          micros: [
            {kind: "append", key: '"x"', element: "1"},
            {kind: "read", key: '"y"', list: ["3", "4"]},
          ],
          outcome: "done",
          invoked: 1,
          returned: 3,
        },
        {
          name: "line 2",
          process: "1",
          micros: [{kind: "append", key: ":y", element: "5"}],
          outcome: "unknown",
          invoked: 2,
          returned: undefined,
        },
        {
          name: "line 6",
          process: "2",
          micros: [{kind: "append", key: ":y", element: "6"}],
          outcome: "aborted",
          invoked: 6,
          returned: 7,
        },
        {
          name: "line 8",
          process: "3",
          micros: [{kind: "read", key: ":y", list: []}],
          outcome: "done",
          invoked: 8,
          returned: 9,
        },
        {
          name: "line 10",
          process: "2",
          micros: [{kind: "append", key: ":z", element: "1"}],
          outcome: "unknown",
          invoked: 10,
          returned: undefined,
        },
      ],
    });
  });

  it("is none where nothing is appended in a transaction", () => {
    expect(isOfLists("{:process 0, :type :invoke, :f :append, :key 1}")).toBe(false);
    expect(isOfLists('{:process 0, :type :invoke, :f :txn, :value [[:w "x" 1]]}')).toBe(false);
  });

  it.each([
    ["nothing", "", "found no operation, expected some"],
    ["no EDN", "{:process", "line 1: "],
    [
      "another operation",
      "{:process 0, :type :invoke, :f :read, :value nil}",
      "line 1: found :f :read, expected :txn",
    ],
    ["no list", event(0, "invoke", "7"), 'line 1: found :value 7, expected a list such as [[:append "x" 1]]'],
    [
      "another micro-operation",
      event(0, "invoke", "[[:w 1 2]]"),
      "line 1: found [:w 1 2], expected [:append key element] or [:r key elements]",
    ],
    [
      "a read of no list",
      event(0, "invoke", "[[:r 1 2]]"),
      "line 1: found [:r 1 2], expected [:append key element] or [:r key elements]",
    ],
    ["no beginning", event(0, "ok", "[]"), "line 1: found :ok of process 0, expected its :invoke before it"],
    [
      "two beginnings",
      `${event(0, "invoke", "[]")}\n${event(0, "invoke", "[]")}`,
      "line 2: found :invoke of process 0, expected the completion of its :txn of line 1 before it",
    ],
  ])("is refused with %s", (_, text, error) => {
    const read = readLists(text);
    expect(read.ok ? "read" : read.error.slice(0, error.length)).toBe(error);
  });
});
