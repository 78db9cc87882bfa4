// What clients saw, as it is being written: operations are replaced, never changed, and forks go their own ways.

import {describe, expect, it} from "vitest";
import type {Response} from "../../../core/server/request.ts";
import {History} from "../../../sim/history/history.ts";
import type {Operation} from "../../../sim/history/operation.ts";

const moment = {step: 1, at: 1};

function response(revision: number): Response {
  return {
    header: {memberId: 1, revision, raftTerm: 1},
    result: {kind: "watch", watchId: 0, events: []},
  };
}

function watching(): History {
  const history = new History();
  history.invoked({client: "c1", call: 1, request: {kind: "watchCreate", key: "x"}, invoked: moment});
  return history;
}

function told(operation: Operation | undefined): readonly number[] | undefined {
  return operation?.watched.map(({response: {header}}) => header.revision);
}

describe("a watch's operation", () => {
  it("shows what its client had got when it was looked up, whenever it is read", () => {
    const history = watching();
    const [before] = history.operations;
    history.watched("c1", 1, moment, response(2));
    const one = history.find("c1", 1);
    history.watched("c1", 1, moment, response(3));
    history.watched("c1", 1, moment, response(4));
    expect(told(before)).toEqual([]);
    expect(told(one)).toEqual([2]);
    expect(told(history.find("c1", 1))).toEqual([2, 3, 4]);
  });

  it("keeps its responses when it settles", () => {
    const history = watching();
    history.watched("c1", 1, moment, response(2));
    history.settled("c1", 1, moment, {kind: "ok", response: response(2)});
    expect(told(history.find("c1", 1))).toEqual([2]);
    expect(history.find("c1", 1)?.outcome?.kind).toBe("ok");
  });

  it("goes another way in a fork", () => {
    const history = watching();
    history.watched("c1", 1, moment, response(2));
    const twin = history.fork();
    history.watched("c1", 1, moment, response(3));
    twin.watched("c1", 1, moment, response(5));
    history.watched("c1", 1, moment, response(4));
    expect(told(history.find("c1", 1))).toEqual([2, 3, 4]);
    expect(told(twin.find("c1", 1))).toEqual([2, 5]);
  });
});
