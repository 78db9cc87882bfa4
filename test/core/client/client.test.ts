import {describe, expect, test} from "vitest";
import {Hasher} from "../../../core/base/hasher.ts";
import {Client} from "../../../core/client/client.ts";
import {formatCommand} from "../../../core/client/command.ts";
import type {ClientEffect, ClientInput} from "../../../core/client/io.ts";
import {outcomeOf} from "../../../core/client/outcome.ts";
import type {ApiError, ApiErrorName, Response} from "../../../core/server/request.ts";
import {apiErrors} from "../../../core/server/request.ts";
import type {StoreEvent} from "../../../core/mvcc/kv.ts";
import type {WatchResult} from "../../../core/watch/watch.ts";
import {errorOf, request} from "../server/cluster.ts";

const requestTimeout = 1_000_000;

/** A client that begins at n2 of three, and what it did, in words. */
class Hand {
  readonly client: Client;
  now = 0;
  last: readonly ClientEffect[] = [];

  constructor() {
    this.client = new Client({endpoints: [1, 2, 3], requestTimeout, draw: () => 1});
  }

  do(input: ClientInput): readonly string[] {
    this.last = this.client.handle(input, this.now);
    return this.last.map(text);
  }

  call(call: number, line: string, to?: number): readonly string[] {
    return this.do({kind: "call", call, request: request(line), ...(to === undefined ? {} : {to})});
  }

  answer(stream: number, id: number, result: Response["result"], revision = 7): readonly string[] {
    return this.do({
      kind: "response",
      stream,
      id,
      response: {header: {memberId: 1, revision, raftTerm: 1}, result},
    });
  }

  refuse(stream: number, id: number, error: ApiErrorName): readonly string[] {
    return this.answer(stream, id, {kind: "error", error: apiErrors[error]});
  }

  /** Time passes until it wants to be woken. */
  wake(): readonly string[] {
    this.now = this.client.deadline() ?? this.now;
    return this.do({kind: "wake"});
  }

  watch(stream: number, id: number, revisions: readonly number[]): readonly string[] {
    return this.answer(stream, id, watched({events: revisions.map(event)}));
  }
}

function text(effect: ClientEffect): string {
  switch (effect.kind) {
    case "open":
      return `open ${effect.stream} n${effect.to}`;
    case "close":
      return `close ${effect.stream}`;
    case "send":
      return `send ${effect.stream}/${effect.id} ${formatCommand(effect.request)}`;
    case "watched": {
      const {result} = effect.response;
      const revisions = result.kind === "watch" ? result.events.map(({kv}) => kv.modRevision) : [];
      return `watched ${effect.call}: ${revisions.length === 0 ? "created" : revisions.join(" ")}`;
    }
    case "settled": {
      const {outcome} = effect;
      if (outcome.kind === "ok")
        return `settled ${effect.call}: ok ${errorOf(outcome.response) ?? ""}`.trim();
      return `settled ${effect.call}: ${outcome.kind} ${outcome.error?.message ?? ""}`.trim();
    }
    case "invoked":
      return `invoked ${effect.call} by ${effect.parent} ${formatCommand(effect.request)}`;
    case "told":
      return `told ${effect.call}: ${effect.told.kind}`;
    case "finished":
      return `finished ${effect.call}: ${effect.outcome.kind}`;
  }
}

function watched(result: Partial<WatchResult>): WatchResult {
  return {kind: "watch", watchId: 0, events: [], ...result};
}

function event(revision: number): StoreEvent {
  const kv = {
    key: "x",
    value: new Uint8Array(),
    createRevision: 2,
    modRevision: revision,
    version: 1,
    lease: "",
  };
  return {kind: "put", kv};
}

const put = {kind: "put"} as const;

describe("a call", () => {
  test("goes to the drawn endpoint over one connection, and settles with its own answer", () => {
    const hand = new Hand();
    expect(hand.call(1, "put x 1")).toEqual(["open 0 n2", "send 0/1 put x 1"]);
    expect(hand.call(2, "put y 1")).toEqual(["send 0/2 put y 1"]);
    expect(hand.answer(0, 2, put)).toEqual(["settled 2: ok"]);
    expect(hand.answer(0, 1, put)).toEqual(["settled 1: ok"]);
    expect(hand.client.outstanding).toBe(0);
    expect(hand.client.deadline()).toBeUndefined();
  });

  test("to a named endpoint goes there and leaves the others' choice as it is", () => {
    const hand = new Hand();
    expect(hand.call(1, "put x 1", 3)).toEqual(["open 0 n3", "send 0/1 put x 1"]);
    expect(hand.refuse(0, 1, "timeout")).toEqual(["settled 1: unknown etcdserver: request timed out"]);
    expect(hand.client.endpoint).toBe(2);
    hand.call(2, "get x", 3);
    expect(hand.refuse(0, 2, "leaderChanged")).toEqual(["settled 2: failed etcdserver: leader changed"]);
  });

  test("that writes and times out has an unknown outcome, is not repeated, and the next goes elsewhere", () => {
    const hand = new Hand();
    hand.call(1, "put x 1");
    expect(hand.client.deadline()).toBe(requestTimeout);
    expect(hand.wake()).toEqual(["settled 1: unknown context deadline exceeded"]);
    expect(hand.call(2, "put x 2")).toEqual(["open 1 n3", "send 1/2 put x 2"]);
    expect(hand.answer(0, 1, put)).toEqual([]);
  });

  test("that reads and times out failed: it left nothing behind", () => {
    const hand = new Hand();
    hand.call(1, "get x");
    expect(hand.wake()).toEqual(["settled 1: failed context deadline exceeded"]);
  });

  test("that writes has an unknown outcome when the connection breaks", () => {
    const hand = new Hand();
    hand.call(1, "put x 1");
    expect(hand.do({kind: "closed", stream: 0})).toEqual([
      "settled 1: unknown error reading from server: EOF",
    ]);
    expect(hand.call(2, "put x 2")).toEqual(["open 1 n3", "send 1/2 put x 2"]);
  });

  test("that reads is asked of every endpoint once before it fails", () => {
    const hand = new Hand();
    hand.call(1, "txn : get x :");
    expect(hand.do({kind: "closed", stream: 0})).toEqual(["open 1 n3", "send 1/2 txn : get x :"]);
    expect(hand.refuse(1, 2, "leaderChanged")).toEqual(["open 2 n1", "send 2/3 txn : get x :"]);
    expect(hand.refuse(2, 3, "timeout")).toEqual(["settled 1: failed etcdserver: request timed out"]);
  });

  test("asked again keeps the time it had, and takes no answer to the first asking", () => {
    const hand = new Hand();
    hand.call(1, "get x");
    hand.now = 600_000;
    hand.refuse(0, 1, "leaderChanged");
    expect(hand.client.deadline()).toBe(requestTimeout);
    expect(hand.refuse(0, 1, "emptyKey")).toEqual([]);
    expect(hand.wake()).toEqual(["settled 1: failed context deadline exceeded"]);
  });

  test("given up by hand settles at once", () => {
    const hand = new Hand();
    hand.call(1, "put x 1");
    hand.call(2, "get x");
    expect(hand.do({kind: "cancel", call: 1})).toEqual(["settled 1: unknown context canceled"]);
    expect(hand.do({kind: "cancel", call: 2})).toEqual(["settled 2: failed context canceled"]);
    expect(hand.do({kind: "cancel", call: 2})).toEqual([]);
  });

  test("that only the leader can answer goes from one endpoint to the next, a write too, and each once", () => {
    const hand = new Hand();
    hand.call(1, "move-leader n3");
    expect(hand.refuse(0, 1, "notLeader")).toEqual(["open 1 n3", "send 1/2 move-leader n3"]);
    expect(hand.refuse(1, 2, "notLeader")).toEqual(["open 2 n1", "send 2/3 move-leader n3"]);
    expect(hand.refuse(2, 3, "notLeader")).toEqual(["settled 1: failed etcdserver: not leader"]);
    hand.call(2, "member promote n4");
    expect(hand.refuse(0, 4, "learnerNotReady")).toEqual([
      `settled 2: failed ${apiErrors.learnerNotReady.message}`,
    ]);
  });

  test("that was pinned to a member that does not lead fails", () => {
    const hand = new Hand();
    hand.call(1, "member promote n4", 3);
    expect(hand.refuse(0, 1, "notLeader")).toEqual(["settled 1: failed etcdserver: not leader"]);
  });

  test("several lost with one endpoint move on by one endpoint only", () => {
    const hand = new Hand();
    hand.call(1, "put x 1");
    hand.call(2, "put y 1");
    hand.wake();
    expect(hand.client.endpoint).toBe(3);
  });
});

describe("the outcome of a write after an error", () => {
  /** All others prove that nothing was done. */
  const unknown: readonly ApiErrorName[] = [
    "noSpace",
    "noLeader",
    "leaderChanged",
    "timeout",
    "timeoutLeaderFail",
    "timeoutConnectionLost",
    "timeoutWaitApplied",
    "stopped",
    "timeoutLeaderTransfer",
  ];
  const outcomes = (Object.keys(apiErrors) as ApiErrorName[]).map(
    (name) => [name, unknown.includes(name) ? "unknown" : "failed"] as const,
  );

  test.each(outcomes)("%s: %s", (name, kind) => {
    const error = apiErrors[name];
    expect(outcomeOf(request("put x 1"), error)).toEqual({kind, error});
    expect(outcomeOf(request("txn : put x 1 :"), error).kind).toBe(kind);
    expect(outcomeOf(request("txn : ( txn : get x : ) :"), error).kind).toBe("failed");
    expect(outcomeOf(request("get x"), error).kind).toBe("failed");
  });

  test("an error that nobody knows: unknown", () => {
    const error: ApiError = {code: "Unknown", message: "something new"};
    expect(outcomeOf(request("put x 1"), error).kind).toBe("unknown");
  });
});

describe("a watch", () => {
  test("has a stream of its own and hands on what comes", () => {
    const hand = new Hand();
    hand.call(1, "put x 1");
    expect(hand.call(2, "watch x")).toEqual(["open 1 n2", "send 1/2 watch x"]);
    expect(hand.answer(1, 2, watched({created: true}))).toEqual(["watched 2: created"]);
    expect(hand.watch(1, 2, [8, 9])).toEqual(["watched 2: 8 9"]);
    expect(hand.client.deadline()).toBe(requestTimeout);
  });

  test("resumes elsewhere behind the last revision it delivered, and says nothing of it", () => {
    const hand = new Hand();
    hand.call(1, "watch x --rev 3 --prev-kv");
    hand.answer(0, 1, watched({created: true}));
    hand.watch(0, 1, [3, 5]);
    expect(hand.do({kind: "closed", stream: 0})).toEqual([]);
    expect(hand.client.deadline()).toBe(hand.now + 1000);
    expect(hand.wake()).toEqual(["open 1 n3", "send 1/2 watch x --rev=6 --prev-kv"]);
    expect(hand.answer(1, 2, watched({created: true}), 20)).toEqual([]);
    expect(hand.watch(1, 2, [6])).toEqual(["watched 1: 6"]);
  });

  test("from now on resumes behind the revision at which it was created", () => {
    const hand = new Hand();
    hand.call(1, "watch x");
    hand.answer(0, 1, watched({created: true}), 7);
    hand.do({kind: "closed", stream: 0});
    expect(hand.wake()).toEqual(["open 1 n3", "send 1/2 watch x --rev=8"]);
    hand.answer(1, 2, watched({created: true}), 99);
    hand.do({kind: "closed", stream: 1});
    expect(hand.wake()).toEqual(["open 2 n1", "send 2/3 watch x --rev=8"]);
  });

  test("that was never created is created anew, from now on", () => {
    const hand = new Hand();
    hand.call(1, "watch x");
    expect(hand.wake()).toEqual(["close 0"]);
    expect(hand.wake()).toEqual(["open 1 n3", "send 1/2 watch x"]);
    expect(hand.answer(1, 2, watched({created: true}))).toEqual(["watched 1: created"]);
  });

  test("never delivers a revision twice, whatever a member sends", () => {
    const hand = new Hand();
    hand.call(1, "watch x --rev 3");
    hand.answer(0, 1, watched({created: true}));
    hand.watch(0, 1, [3, 4]);
    hand.do({kind: "closed", stream: 0});
    hand.wake();
    hand.answer(1, 2, watched({created: true}));
    expect(hand.watch(1, 2, [3, 4, 5])).toEqual(["watched 1: 5"]);
    expect(hand.watch(1, 2, [5])).toEqual([]);
  });

  test("tries again more slowly each time, up to a bound, until it is created", () => {
    const hand = new Hand();
    hand.call(1, "watch x");
    const waits: number[] = [];
    for (let stream = 0; stream < 9; stream++) {
      hand.do({kind: "closed", stream});
      waits.push((hand.client.deadline() ?? 0) - hand.now);
      hand.wake();
    }
    expect(waits.map((wait) => wait / 1000)).toEqual([1, 2, 4, 8, 16, 32, 64, 100, 100]);
    hand.answer(9, 10, watched({created: true}));
    hand.do({kind: "closed", stream: 9});
    expect((hand.client.deadline() ?? 0) - hand.now).toBe(1000);
  });

  test("to a named endpoint resumes there", () => {
    const hand = new Hand();
    hand.call(1, "watch x", 1);
    hand.do({kind: "closed", stream: 0});
    expect(hand.wake()).toEqual(["open 1 n1", "send 1/2 watch x"]);
  });

  test("cancelled because its revision is compacted settles with that response", () => {
    const hand = new Hand();
    hand.call(1, "watch x --rev 2");
    hand.answer(0, 1, watched({created: true}));
    expect(hand.answer(0, 1, watched({canceled: true, compactRevision: 5}))).toEqual([
      "close 0",
      "settled 1: ok",
    ]);
    expect(hand.last[1]).toMatchObject({outcome: {response: {result: {compactRevision: 5}}}});
  });

  test("cancelled by hand delivers what comes before the member's answer", () => {
    const hand = new Hand();
    hand.call(1, "watch x");
    hand.answer(0, 1, watched({created: true, watchId: 4}));
    expect(hand.do({kind: "cancel", call: 1})).toEqual(["send 0/2 cancel watch 4"]);
    expect(hand.do({kind: "cancel", call: 1})).toEqual([]);
    expect(hand.watch(0, 1, [9])).toEqual(["watched 1: 9"]);
    expect(hand.answer(0, 1, watched({canceled: true}))).toEqual(["close 0", "settled 1: ok"]);
  });

  test("cancelled by hand ends without an answer if none comes", () => {
    const hand = new Hand();
    hand.call(1, "watch x");
    hand.answer(0, 1, watched({created: true}));
    hand.do({kind: "cancel", call: 1});
    expect(hand.wake()).toEqual(["close 0", "settled 1: failed context canceled"]);
    hand.call(2, "watch x");
    expect(hand.do({kind: "cancel", call: 2})).toEqual(["close 1", "settled 2: failed context canceled"]);
    hand.call(3, "watch x");
    hand.answer(2, 4, watched({created: true}));
    hand.do({kind: "cancel", call: 3});
    expect(hand.do({kind: "closed", stream: 2})).toEqual(["settled 3: failed context canceled"]);
  });

  test("refused settles as failed; where the member is unavailable it tries elsewhere", () => {
    const hand = new Hand();
    hand.call(1, "watch x");
    expect(hand.refuse(0, 1, "unsupported")).toEqual([
      "close 0",
      "settled 1: failed etcdscope: not supported yet",
    ]);
    hand.call(2, "watch x");
    expect(hand.refuse(1, 2, "noLeader")).toEqual(["close 1"]);
    expect(hand.wake()).toEqual(["open 2 n3", "send 2/3 watch x"]);
  });
});

describe("the client", () => {
  test("a fork goes on like the original, and apart from it", () => {
    const hand = new Hand();
    hand.call(1, "get x");
    hand.call(2, "watch x");
    hand.answer(1, 2, watched({created: true}));
    const twin = hand.client.fork();
    const digest = (client: Client): string => {
      const hasher = new Hasher();
      client.digest(hasher);
      return hasher.hash();
    };
    const before = digest(hand.client);
    expect(digest(twin)).toBe(before);
    const inputs: readonly ClientInput[] = [
      {kind: "closed", stream: 0},
      {kind: "closed", stream: 1},
      {kind: "wake"},
    ];
    const expected = inputs.map((input) => twin.handle(input, 2000));
    expect(digest(hand.client)).toBe(before);
    expect(inputs.map((input) => hand.client.handle(input, 2000))).toEqual(expected);
    expect(digest(hand.client)).toBe(digest(twin));
    expect(digest(hand.client)).not.toBe(before);
  });
});
