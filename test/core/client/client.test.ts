import {describe, expect, test} from "vitest";
import {Hasher} from "../../../core/base/hasher.ts";
import {Client} from "../../../core/client/client.ts";
import type {ClientConfig} from "../../../core/client/client.ts";
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

  constructor(config: Partial<ClientConfig> = {}) {
    this.client = new Client({endpoints: [1, 2, 3], requestTimeout, draw: () => 1, ...config});
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

  test("that reads is asked again: at once elsewhere, and after each quorum of tries 25 ms later", () => {
    const hand = new Hand();
    hand.call(1, "txn : get x :");
    expect(hand.do({kind: "closed", stream: 0})).toEqual(["open 1 n3", "send 1/2 txn : get x :"]);
    expect(hand.refuse(1, 2, "leaderChanged")).toEqual([]);
    expect(hand.client.deadline()).toBe(25_000);
    expect(hand.wake()).toEqual(["open 2 n1", "send 2/3 txn : get x :"]);
    expect(hand.refuse(2, 3, "timeout")).toEqual(["open 3 n2", "send 3/4 txn : get x :"]);
    hand.refuse(3, 4, "timeout");
    hand.now = requestTimeout;
    expect(hand.do({kind: "wake"})).toEqual(["settled 1: failed context deadline exceeded"]);
  });

  test("that reads fails after a hundred tries", () => {
    const hand = new Hand({requestTimeout: 5_000_000});
    hand.call(1, "get x");
    for (let id = 1; id < 100; id++) {
      hand.refuse(0, id, "timeout");
      while (hand.client.deadline() !== 5_000_000) hand.wake();
    }
    expect(hand.refuse(0, 100, "timeout")).toEqual(["settled 1: failed etcdserver: request timed out"]);
  });

  test("that writes is asked again elsewhere only if nothing was sent", () => {
    const hand = new Hand();
    hand.call(1, "put x 1");
    expect(hand.do({kind: "closed", stream: 0, unused: true})).toEqual(["open 1 n3", "send 1/2 put x 1"]);
    expect(hand.do({kind: "closed", stream: 1})).toEqual([
      "settled 1: unknown error reading from server: EOF",
    ]);
  });

  test("that is repeated though it changes something has an unknown outcome after a later refusal", () => {
    const hand = new Hand();
    hand.do({kind: "call", call: 1, request: {kind: "leaseRevoke", lease: "01"}});
    expect(hand.refuse(0, 1, "leaderChanged")).toHaveLength(2);
    expect(hand.refuse(1, 2, "leaseNotFound")).toEqual([
      "settled 1: unknown etcdserver: requested lease not found",
    ]);
  });

  test("given up while it waits to be asked again is unknown only if a try may have been done", () => {
    const unsent = new Hand();
    unsent.call(1, "put x 1");
    unsent.do({kind: "closed", stream: 0, unused: true});
    expect(unsent.do({kind: "closed", stream: 1, unused: true})).toEqual([]);
    expect(unsent.do({kind: "cancel", call: 1})).toEqual(["settled 1: failed context canceled"]);
    const sent = new Hand();
    sent.call(1, "lease revoke 01");
    sent.refuse(0, 1, "leaderChanged");
    expect(sent.do({kind: "closed", stream: 1, unused: true})).toEqual([]);
    expect(sent.do({kind: "cancel", call: 1})).toEqual(["settled 1: unknown context canceled"]);
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

describe("the outcome of a write after an error (of each known one: errors.test.ts)", () => {
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
    expect(hand.refuse(1, 2, "stopped")).toEqual(["close 1"]);
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

describe("a client with a name and a password", () => {
  const user = {name: "ann", password: "s3cret"};
  const authenticate = {kind: "authenticate", ...user} as const;
  const tokens = (effects: readonly ClientEffect[]): readonly (string | undefined)[] =>
    effects.flatMap((effect) => (effect.kind === "send" ? [effect.metadata?.token] : []));
  const token = (name: string): Response["result"] => ({kind: "authenticate", token: name});

  test("gets a token before anything else is asked, once, and sends it along", () => {
    const hand = new Hand({user});
    hand.call(1, "put x 1");
    expect(hand.last[1]).toMatchObject({kind: "send", request: authenticate});
    expect(hand.call(2, "get x")).toEqual([]);
    expect(hand.answer(0, 1, token("t1"))).toEqual(["send 0/2 put x 1", "send 0/3 get x"]);
    expect(tokens(hand.last)).toEqual(["t1", "t1"]);
  });

  test.each(["invalidAuthToken", "authOldRevision", "userEmpty"] as const)(
    "gets a new token after %s and asks once more, a write too",
    (error) => {
      const hand = new Hand({user});
      hand.call(1, "put x 1");
      hand.answer(0, 1, token("t1"));
      hand.refuse(0, 2, error);
      expect(hand.last).toMatchObject([{kind: "send", request: authenticate}]);
      expect(hand.answer(0, 3, token("t2"))).toEqual(["send 0/4 put x 1"]);
      expect(tokens(hand.last)).toEqual(["t2"]);
      expect(hand.refuse(0, 4, error)).toEqual([`settled 1: failed ${apiErrors[error].message}`]);
    },
  );

  test("does not throw a newer token away for the refusal of an older one", () => {
    const hand = new Hand({user});
    hand.call(1, "put x 1");
    hand.call(2, "put y 1");
    hand.answer(0, 1, token("t1"));
    hand.refuse(0, 2, "invalidAuthToken");
    hand.answer(0, 4, token("t2"));
    expect(hand.refuse(0, 3, "invalidAuthToken")).toEqual(["send 0/6 put y 1"]);
    expect(tokens(hand.last)).toEqual(["t2"]);
  });

  test("asks without a token where authentication is not enabled", () => {
    const hand = new Hand({user});
    hand.call(1, "put x 1");
    expect(hand.refuse(0, 1, "authNotEnabled")).toEqual(["send 0/2 put x 1"]);
    expect(tokens(hand.last)).toEqual([undefined]);
  });

  test("whose password is wrong is told so, and nothing was asked", () => {
    const hand = new Hand({user});
    hand.call(1, "put x 1");
    hand.call(2, "watch x");
    expect(hand.refuse(0, 1, "authFailed")).toEqual([
      `settled 1: failed ${apiErrors.authFailed.message}`,
      `settled 2: failed ${apiErrors.authFailed.message}`,
    ]);
  });

  test("opens a watch again with a new token when the member cancels it for the old one", () => {
    const hand = new Hand({user});
    hand.call(1, "watch x");
    hand.answer(0, 1, token("t1"));
    expect(hand.wake()).toEqual(["open 1 n2", "send 1/2 watch x"]);
    const refused = {
      created: true,
      canceled: true,
      watchId: -1,
      cancelReason: apiErrors.invalidAuthToken.message,
    };
    expect(hand.answer(1, 2, watched(refused))).toEqual(["close 1"]);
    hand.wake();
    hand.answer(0, 3, token("t2"));
    expect(hand.wake()).toEqual(["open 2 n2", "send 2/4 watch x"]);
    expect(tokens(hand.last)).toEqual(["t2"]);
    expect(hand.answer(2, 4, watched(refused))).toEqual(["close 2", "settled 1: ok"]);
  });
});

describe("what goes along with a request", () => {
  test("is what the call says, else what the client is set to", () => {
    const hand = new Hand({requireLeader: true});
    hand.call(1, "put x 1");
    expect(hand.last[1]).toMatchObject({metadata: {requireLeader: true}});
    hand.do({
      kind: "call",
      call: 2,
      request: request("get x"),
      metadata: {token: "t", requireLeader: false},
    });
    expect(hand.last[0]).toMatchObject({metadata: {token: "t", requireLeader: false}});
  });

  test("is nothing by default", () => {
    const hand = new Hand();
    hand.call(1, "put x 1");
    expect(hand.last[1]).not.toHaveProperty("metadata");
  });

  test("a watch that is told of no leader ends", () => {
    const hand = new Hand({requireLeader: true});
    hand.call(1, "watch x");
    expect(hand.refuse(0, 1, "noLeader")).toEqual(["close 0", "settled 1: failed etcdserver: no leader"]);
  });
});

describe("a watch's progress", () => {
  test("moves the point at which it resumes, and is told only if it was asked for", () => {
    for (const notify of [false, true]) {
      const hand = new Hand();
      hand.call(1, `watch x --rev 3${notify ? " --progress-notify" : ""}`);
      hand.answer(0, 1, watched({created: true}));
      expect(hand.answer(0, 1, watched({}), 20)).toHaveLength(notify ? 1 : 0);
      hand.do({kind: "closed", stream: 0});
      hand.wake();
      expect(hand.last[1]).toMatchObject({request: {startRevision: 21}});
    }
  });

  test("asked for goes to all open watches, and ends with the first answer", () => {
    const hand = new Hand();
    hand.call(1, "watch x");
    hand.answer(0, 1, watched({created: true}));
    hand.call(2, "watch y");
    hand.answer(1, 2, watched({created: true}));
    hand.do({kind: "call", call: 3, request: {kind: "watchProgress"}});
    expect(hand.last).toMatchObject([
      {kind: "send", stream: 0, request: {kind: "watchProgress"}},
      {kind: "send", stream: 1, request: {kind: "watchProgress"}},
    ]);
    expect(hand.answer(0, 3, watched({watchId: -1}), 9)).toEqual(["watched 1: created", "settled 3: ok"]);
    expect(hand.answer(1, 4, watched({watchId: -1}), 9)).toEqual(["watched 2: created"]);
  });
});

describe("a watch response in fragments", () => {
  test("is delivered as one, and from its beginning again if the connection breaks within", () => {
    const hand = new Hand();
    hand.call(1, "watch x --rev 3");
    hand.answer(0, 1, watched({created: true}));
    hand.watch(0, 1, [3]);
    const part = watched({events: [event(4), event(4)], fragment: true});
    expect(hand.answer(0, 1, part)).toEqual([]);
    hand.do({kind: "closed", stream: 0});
    expect(hand.wake()).toEqual(["open 1 n3", "send 1/2 watch x --rev=4"]);
    hand.answer(1, 2, watched({created: true}));
    hand.answer(1, 2, part);
    expect(hand.watch(1, 2, [4, 5])).toEqual(["watched 1: 4 4 4 5"]);
    const last = hand.last[0];
    expect(last?.kind === "watched" && last.response.result).not.toHaveProperty("fragment");
  });
});

describe("endpoints", () => {
  const info = (member: number, name: string, isLearner = false): object => ({
    member,
    name,
    isLearner,
    peerUrls: [],
    clientUrls: [],
  });
  const members = {
    kind: "members",
    joint: false,
    members: [info(2, "n2"), info(3, "n3", true), info(4, "n4"), info(5, "")],
  } as Response["result"];

  test("become those of the members that started and vote, if the client is to keep up", () => {
    const hand = new Hand({endpointsSync: 10_000_000});
    hand.call(1, "put x 1");
    hand.answer(0, 1, put);
    expect(hand.client.deadline()).toBe(10_000_000);
    expect(hand.wake()).toEqual(["send 0/2 member list --consistency=l"]);
    expect(hand.answer(0, 2, members)).toEqual([]);
    expect(hand.client.endpoint).toBe(2);
    hand.call(2, "put x 2");
    expect(hand.do({kind: "closed", stream: 0})).toHaveLength(1);
    expect(hand.client.endpoint).toBe(4);
  });

  test("stay as they are by default", () => {
    const hand = new Hand();
    hand.call(1, "put x 1");
    hand.answer(0, 1, put);
    expect(hand.client.deadline()).toBeUndefined();
  });
});

test("calls are numbered from 1, and another number is refused", () => {
  const hand = new Hand();
  expect(hand.client.nextCall).toBe(1);
  hand.call(1, "put x 1");
  expect(hand.client.nextCall).toBe(2);
  expect(() => hand.call(4, "put x 1")).toThrow("the next call is 2, not 4");
});
