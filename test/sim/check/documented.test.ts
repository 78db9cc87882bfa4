// Each claim that etcd documents holds of a run with faults and everything that clients can ask, and fails as soon as the run is
// doctored where it speaks: one answer, one response, one change made otherwise.

import {describe, expect, it} from "vitest";
import {bytesOfKey} from "../../../core/base/key.ts";
import type {KeyValue, StoreEvent} from "../../../core/mvcc/kv.ts";
import type {Response, Result} from "../../../core/server/request.ts";
import {versionOf} from "../../../sim/bug/museum.ts";
import {CallsEnd} from "../../../sim/check/callsEnd.ts";
import type {Checker, Violation} from "../../../sim/check/checker.ts";
import {
  LeasesEndWhole,
  LeasesLiveOn,
  NoRenewalAfterTheEnd,
  OneLeasePerKey,
  RestWithinGrant,
} from "../../../sim/check/leaseClaims.ts";
import {equalLeases, EqualStates, MembersGoForward} from "../../../sim/check/memberClaims.ts";
import {
  denseRevisions,
  keysChangeOnce,
  revisionsKeepTime,
  versionBookkeeping,
} from "../../../sim/check/revisionClaims.ts";
import {
  atomicWrites,
  historicalReads,
  readsShowStates,
  transactionsInOrder,
} from "../../../sim/check/shownStates.ts";
import {standardChecks} from "../../../sim/check/standard.ts";
import {watchAtomic, watchCatchesUp, watchPrevious} from "../../../sim/check/watchGuarantees.ts";
import {
  watchBookmarks,
  watchNeverSilent,
  watchOnlyForward,
  watchResumption,
} from "../../../sim/check/watchWire.ts";
import type {Action} from "../../../sim/action.ts";
import type {EventRecord} from "../../../sim/event.ts";
import {execute} from "../../../sim/execute.ts";
import {faultKinds, faultPlan, timeKinds} from "../../../sim/fault/plan.ts";
import type {Operation} from "../../../sim/history/operation.ts";
import type {WorldView} from "../../../sim/view.ts";
import {Mix} from "../../../sim/workload/mix.ts";
import {makeRun, ms} from "../stage.ts";

/** When the last fault of {@link runs} is undone; it goes on for as long again. */
const quiet = 3000 * ms;

interface Seen {
  readonly view: WorldView;
  readonly records: readonly EventRecord[];
}

/** A run with faults, clocks that lie, leases that run out and watches of every kind. */
function runs(): Seen {
  const records: EventRecord[] = [];
  const run = makeRun({
    seed: "documented 4",
    members: 3,
    clients: 4,
    until: 9000,
    raft: {checkQuorum: true, preVote: true},
    store: {leaseCheckEvery: 100 * ms, progressNotifyEvery: 200 * ms},
  });
  const script = faultPlan(run.seed, run.config, {until: quiet, kinds: [...faultKinds, ...timeKinds]});
  const options = {
    seed: run.seed,
    until: quiet,
    operationsMax: 120,
    leases: 25,
    rest: 35,
    linger: 3500 * ms,
  };
  const onEvent = (record: EventRecord): void => {
    records.push(record);
  };
  const {view, violation} = execute(
    {...run, script},
    {versions: versionOf, director: new Mix(options), checkers: standardChecks(), onEvent},
  );
  expect(violation).toBeUndefined();
  return {view, records};
}

let known: Seen | undefined;
const seen = (): Seen => (known ??= runs());

/** The view, some of it replaced. */
function with_(view: WorldView, changes: Partial<Record<keyof WorldView, unknown>>): WorldView {
  return new Proxy(view, {
    get: (target, name) =>
      name in changes ? changes[name as keyof WorldView] : Reflect.get(target, name, target),
  });
}

function judge(
  checker: Checker,
  {view, records}: Seen,
): {readonly found: Violation | "unknown" | undefined; readonly exercised: number} {
  let found: Violation | "unknown" | undefined;
  for (const record of records) found ??= checker.after?.(view, record, undefined);
  found ??= checker.end?.(view);
  return {found, exercised: checker.exercised()};
}

/** The run with the first operation that `fits` changed. */
function operationChanged(
  fits: (operation: Operation) => boolean,
  change: (operation: Operation) => Operation,
): Seen {
  const {view, records} = seen();
  const at = view.operations.findIndex(fits);
  expect(at).toBeGreaterThanOrEqual(0);
  const operations = view.operations.map((operation, i) => (i === at ? change(operation) : operation));
  return {view: with_(view, {operations}), records};
}

/** The run with the result of the first answer that `fits` changed. */
function answerChanged<R extends Result>(
  fits: (result: Result, operation: Operation) => result is R,
  change: (result: R) => Result,
): Seen {
  return operationChanged(
    (operation) => operation.outcome?.kind === "ok" && fits(operation.outcome.response.result, operation),
    (operation) => {
      const {outcome} = operation;
      if (outcome?.kind !== "ok") return operation;
      const {response} = outcome;
      return {
        ...operation,
        outcome: {kind: "ok", response: {...response, result: change(response.result as R)}},
      };
    },
  );
}

/** The run with the changes of one revision made otherwise. */
function revisionChanged(
  fits: (changes: readonly StoreEvent[]) => boolean,
  change: (changes: readonly StoreEvent[]) => readonly StoreEvent[],
): Seen {
  const {view, records} = seen();
  const {revisions} = view;
  let chosen = 0;
  for (let revision = 2; revision <= revisions.last && chosen === 0; revision++)
    if (fits(revisions.at(revision) ?? [])) chosen = revision;
  expect(chosen).toBeGreaterThan(0);
  const other = {
    last: revisions.last,
    madeAt: (revision: number) => revisions.madeAt(revision),
    at: (revision: number) => {
      const changes = revisions.at(revision);
      return revision === chosen && changes !== undefined ? change(changes) : changes;
    },
  };
  return {view: with_(view, {revisions: other}), records};
}

type Watched = Extract<Result, {kind: "watch"}>;

/** The run with the first watch response that `fits` changed on its way. */
function responseChanged(
  fits: (result: Watched, records: readonly EventRecord[], at: number) => boolean,
  change: (response: Response, result: Watched) => Response | undefined,
): Seen {
  const {view, records} = seen();
  const at = records.findIndex(({payload}, i) => {
    if (payload.kind !== "response" || payload.response.result.kind !== "watch") return false;
    return fits(payload.response.result, records, i);
  });
  expect(at).toBeGreaterThanOrEqual(0);
  const record = records[at];
  if (record?.payload.kind !== "response" || record.payload.response.result.kind !== "watch")
    throw new Error("no watch response");
  const response = change(record.payload.response, record.payload.response.result);
  if (response === undefined) return {view, records: records.filter((_, i) => i !== at)};
  const changed = {
    id: record.id,
    step: record.step,
    at: record.at,
    cause: record.cause,
    changes: record.changes,
    chainA: record.chainA,
    chainB: record.chainB,
    payload: {...record.payload, response},
  };
  return {view, records: records.with(at, changed)};
}

const isRange = (result: Result): result is Extract<Result, {kind: "range"}> =>
  result.kind === "range" && result.kvs.length > 0;
const longer = (kv: KeyValue): KeyValue => ({...kv, version: kv.version + 1});

/** Whether the watch of that response was told of nothing before. */
function isFirstOfItsWatch(records: readonly EventRecord[], at: number): boolean {
  return !tellsItsWatch(records, at, records.slice(0, at));
}

function isFollowed(records: readonly EventRecord[], at: number): boolean {
  return tellsItsWatch(records, at, records.slice(at + 1));
}

/** Whether among `others` the watch of that response is told of something. */
function tellsItsWatch(records: readonly EventRecord[], at: number, others: readonly EventRecord[]): boolean {
  const {payload} = records[at] ?? {};
  if (payload?.kind !== "response" || payload.response.result.kind !== "watch") return false;
  const {watchId} = payload.response.result;
  return others.some(({payload: other}) => {
    if (other.kind !== "response" || other.response.result.kind !== "watch") return false;
    const same = other.client === payload.client && other.stream === payload.stream;
    return same && other.response.result.watchId === watchId && other.response.result.events.length > 0;
  });
}

interface Claim {
  readonly claim: string;
  readonly make: () => Checker;
  readonly doctored: () => Seen;
}

const claims: readonly Claim[] = [
  {
    claim: "K3: a write leaves what it was asked to, whole",
    make: atomicWrites,
    doctored: () =>
      revisionChanged(
        ([first]) => first?.kind === "put",
        (changes) => changes.map((event) => ({...event, kv: longer(event.kv)})),
      ),
  },
  {
    claim: "K4: a read shows a state",
    make: readsShowStates,
    doctored: () =>
      answerChanged(
        (result, {request}): result is Extract<Result, {kind: "range"}> =>
          isRange(result) && request.kind === "range" && (request.revision ?? 0) === 0,
        (result) => ({...result, kvs: result.kvs.map(longer)}),
      ),
  },
  {
    claim: "K5: a transaction's operations are done in order",
    make: transactionsInOrder,
    doctored: () =>
      answerChanged(
        (result): result is Extract<Result, {kind: "txn"}> =>
          result.kind === "txn" && result.responses.length > 1,
        (result) => ({...result, responses: result.responses.toReversed()}),
      ),
  },
  {
    claim: "K6: revisions count changes",
    make: denseRevisions,
    doctored: () =>
      revisionChanged(
        (changes) => changes.length > 0,
        () => [],
      ),
  },
  {
    claim: "K7: revisions keep real time",
    make: revisionsKeepTime,
    doctored: () => {
      const {view} = seen();
      return operationChanged(
        (operation) =>
          operation.request.kind === "range" &&
          operation.request.serializable !== true &&
          operation.outcome?.kind === "ok" &&
          operation.outcome.response.header.revision > view.revisions.last - 3,
        (operation) => {
          if (operation.outcome?.kind !== "ok") return operation;
          const {response} = operation.outcome;
          const header = {...response.header, revision: 1};
          return {...operation, outcome: {kind: "ok", response: {...response, header}}};
        },
      );
    },
  },
  {
    claim: "K8: a read of the past shows it",
    make: historicalReads,
    doctored: () =>
      answerChanged(
        (result, {request}): result is Extract<Result, {kind: "range"}> =>
          isRange(result) && request.kind === "range" && (request.revision ?? 0) > 0,
        (result) => ({...result, kvs: result.kvs.map(longer)}),
      ),
  },
  {
    claim: "K9: versions count puts",
    make: versionBookkeeping,
    doctored: () =>
      revisionChanged(
        ([first]) => first?.kind === "put",
        (changes) => changes.map((event) => ({...event, kv: longer(event.kv)})),
      ),
  },
  {
    claim: "K5: a key changes once in a transaction",
    make: keysChangeOnce,
    doctored: () =>
      revisionChanged(
        ([first]) => first?.kind === "put",
        (changes) => [...changes, ...changes],
      ),
  },
  {
    claim: "W4: a revision comes whole",
    make: watchAtomic,
    doctored: () => {
      const {view, records} = seen();
      const operations = view.operations.map((operation) => ({
        ...operation,
        watched: operation.watched.map((one) => {
          const {result} = one.response;
          if (result.kind !== "watch" || result.events.length < 2) return one;
          return {
            ...one,
            response: {...one.response, result: {...result, events: result.events.slice(0, -1)}},
          };
        }),
      }));
      return {view: with_(view, {operations}), records};
    },
  },
  {
    claim: "W1: a watch is told of nothing from before where it stands",
    make: watchOnlyForward,
    doctored: () =>
      responseChanged(
        ({events}, records, at) => events.length > 0 && !isFirstOfItsWatch(records, at),
        (response, result) => {
          const events = result.events.map((event) => ({...event, kv: {...event.kv, modRevision: 1}}));
          return {...response, result: {...result, events}};
        },
      ),
  },
  {
    claim: "W1: a watch is told of nothing once it has ended",
    make: watchOnlyForward,
    doctored: () =>
      responseChanged(
        ({events}, records, at) => events.length > 0 && isFollowed(records, at),
        (response, result) => ({
          ...response,
          result: {...result, events: [], canceled: true, compactRevision: 2},
        }),
      ),
  },
  {
    claim: "W5: a watch goes on where it was asked to",
    make: watchResumption,
    doctored: () =>
      responseChanged(
        ({events}, records, at) =>
          new Set(events.map(({kv}) => kv.modRevision)).size > 1 && isFirstOfItsWatch(records, at),
        (response, result) => {
          const first = result.events[0]?.kv.modRevision;
          const events = result.events.filter(({kv}) => kv.modRevision !== first);
          return {...response, result: {...result, events}};
        },
      ),
  },
  {
    claim: "W6: a bookmark is true",
    make: watchBookmarks,
    doctored: () =>
      responseChanged(
        ({events, created, canceled}) => events.length === 0 && created !== true && canceled !== true,
        (response) => ({...response, header: {...response.header, revision: 1}}),
      ),
  },
  {
    claim: "W7: an open watch catches up",
    make: () => watchCatchesUp(quiet, 2000 * ms),
    doctored: () => {
      const {view, records} = seen();
      const operations = view.operations.map((operation) => ({
        ...operation,
        watched: operation.watched.slice(0, 1),
      }));
      return {view: with_(view, {operations}), records};
    },
  },
  {
    claim: "W8: what is gone is never skipped",
    make: watchNeverSilent,
    doctored: () =>
      responseChanged(
        ({events}) => new Set(events.map(({kv}) => kv.modRevision)).size > 1,
        (response, result) => {
          const first = result.events[0]?.kv.modRevision;
          const events = result.events.filter(({kv}) => kv.modRevision !== first);
          return {...response, result: {...result, events}};
        },
      ),
  },
  {
    claim: "W9: a previous value is the one before",
    make: watchPrevious,
    doctored: () => {
      const {view, records} = seen();
      const operations = view.operations.map((operation) => ({
        ...operation,
        watched: operation.watched.map((one) => {
          const {result} = one.response;
          if (result.kind !== "watch") return one;
          const events = result.events.map((event) =>
            event.prevKv === undefined ? event : {...event, prevKv: longer(event.prevKv)},
          );
          return {...one, response: {...one.response, result: {...result, events}}};
        }),
      }));
      return {view: with_(view, {operations}), records};
    },
  },
  {
    claim: "L1: a lease lives its time",
    make: () => new LeasesLiveOn(),
    doctored: () => {
      const {view, records} = seen();
      const operations = view.operations.map((operation) => {
        const {outcome} = operation;
        if (outcome?.kind !== "ok" || outcome.response.result.kind !== "leaseGrant") return operation;
        const result = {...outcome.response.result, ttl: 60};
        return {...operation, outcome: {...outcome, response: {...outcome.response, result}}};
      });
      return {view: with_(view, {operations}), records};
    },
  },
  {
    claim: "M2: a call that failed was not done",
    make: () => new CallsEnd(),
    doctored: () =>
      operationChanged(
        ({request, outcome}) => request.kind === "put" && outcome?.kind === "ok" && request.value.length > 0,
        (operation) => ({...operation, outcome: {kind: "failed"}}),
      ),
  },
];

describe("etcd's documented claims", () => {
  it.each(claims)("$claim", ({make, doctored}) => {
    const sound = judge(make(), seen());
    expect(sound.found).toBeUndefined();
    expect(sound.exercised).toBeGreaterThan(0);
    const {found} = judge(make(), doctored());
    expect(found).toMatchObject({check: make().name});
  });

  it("W7: a watch that is never answered is behind, and one that wants nothing old says nothing", () => {
    const {view, records} = seen();
    const of = (within: number, how: (operation: Operation) => Operation) => {
      const operations = view.operations.filter(({request}) => request.kind === "watchCreate").map(how);
      return judge(watchCatchesUp(quiet, within), {view: with_(view, {operations}), records});
    };
    const unanswered = (operation: Operation): Operation => ({...operation, watched: []});
    expect(of(2000 * ms, unanswered).found).toMatchObject({said: {id: "watchBehind"}});
    expect(of(view.now - quiet, unanswered)).toEqual({found: undefined, exercised: 0});
    expect(of(2000 * ms, (one) => ({...one, returned: one.invoked})).exercised).toBe(0);
  });

  it("M2: every call ends in its time", () => {
    const open = operationChanged(
      ({request, returned}) => request.kind === "put" && returned !== undefined,
      ({client, call, request, invoked, watched}) => ({client, call, request, invoked, watched}),
    );
    expect(judge(new CallsEnd(), open).found).toMatchObject({said: {id: "callOpen"}});
    const late = operationChanged(
      ({request, outcome}) => request.kind === "put" && outcome?.kind === "ok",
      (operation) => ({...operation, returned: {step: 1, at: 60_000 * ms}}),
    );
    expect(judge(new CallsEnd(), late).found).toMatchObject({said: {id: "callLate"}});
  });
});

describe("M2: a call's time is its client's", () => {
  /** Whether a call of one second, asked at 100 ms, may end at a time in milliseconds; undefined: it does not end. */
  function mayEnd(
    actions: readonly (readonly [at: number, action: Action])[],
    returned: number | undefined,
    {now = 10_000, overtaken = 0} = {},
  ): boolean {
    const checker = new CallsEnd();
    for (const [at, action] of actions)
      checker.after({} as WorldView, event(at, {at: at * ms, changes: [{kind: "fault", action}]}));
    const operation = {
      client: "c1",
      call: 1,
      request: {kind: "range", key: "a"},
      watched: [],
      invoked: {step: 1, at: 100 * ms},
      ...(returned === undefined ? {} : {returned: {step: 2, at: returned * ms}}),
    };
    const run = {config: {client: {requestTimeout: 1000 * ms}}};
    const view = {operations: [operation], run, now: now * ms, overtaken: overtaken * ms};
    return checker.end(view as unknown as WorldView) === undefined;
  }
  const slow = {kind: "clock", who: "c1", rate: 500_000} as const;
  const ahead = {kind: "jump", who: "c1", by: 400 * ms} as const;
  const paused = {kind: "pauseClient", client: "c1"} as const;
  const resumed = {kind: "resumeClient", client: "c1"} as const;

  it.each([
    ["of a true clock", [], 1100],
    ["of one that runs slowly from before", [[50, slow]], 2100],
    ["of one that runs slowly for the second half", [[600, slow]], 1600],
    ["of one that jumps", [[600, ahead]], 700],
    ["of one that jumps over the end", [[1000, ahead]], 1000],
    ["of another client's", [[600, {...slow, who: "c2"}]], 1100],
    [
      "over a pause within",
      [
        [300, paused],
        [900, resumed],
      ],
      1100,
    ],
    [
      "until a pause over the end is over",
      [
        [300, paused],
        [1500, resumed],
      ],
      1500,
    ],
    [
      "until two are",
      [
        [300, paused],
        [1500, resumed],
        [1500, paused],
        [1700, resumed],
      ],
      1700,
    ],
  ] as const)("%s", (_, actions, last) => {
    expect(mayEnd(actions, last)).toBe(true);
    expect(mayEnd(actions, last + 1)).toBe(false);
    expect(mayEnd(actions, undefined, {now: last})).toBe(true);
    expect(mayEnd(actions, undefined, {now: last + 1})).toBe(false);
  });

  it("a client that stands still may be asked for nothing", () => {
    expect(mayEnd([[300, paused]], undefined)).toBe(true);
  });

  it("who chooses the order of events may keep it waiting", () => {
    expect(mayEnd([], 1300, {overtaken: 200})).toBe(true);
    expect(mayEnd([], 1301, {overtaken: 200})).toBe(false);
  });
});

/** A world of one member whose store and lessor are made by hand. */
function member(
  kvs: readonly Partial<KeyValue>[],
  leases: Readonly<Record<string, readonly string[]>>,
): WorldView["members"][number] {
  const found = kvs.map((kv) => ({
    key: "",
    value: bytesOfKey("1"),
    createRevision: 2,
    modRevision: 2,
    version: 1,
    lease: "",
    ...kv,
  }));
  const server = {
    appliedIndex: 7,
    raft: {role: "leader"},
    lessor: {
      has: (lease: string) => lease in leases,
      list: () => Object.keys(leases),
      keysOf: (lease: string) => leases[lease] ?? [],
      digestRecords: (into: {int(value: number): void}) => into.int(Object.keys(leases).length),
    },
    store: {
      range: () => ({ok: true, value: {kvs: found}}),
      digest: (into: {int(value: number): void}) => into.int(found.length),
    },
  };
  return {id: 1, server} as unknown as WorldView["members"][number];
}

function event(step: number, more: Partial<EventRecord> = {}): EventRecord {
  const payload = {kind: "tick", member: 1} as const;
  return {step, id: `e#${step}`, at: step, cause: 0, payload, changes: [], chainA: 0, chainB: 0, ...more};
}

describe("claims about members", () => {
  const revoked = {kind: "revoke", lease: "0a", index: 7, member: 1, moment: {step: 1, at: 1}} as const;

  it("L2: no key outlives its lease; one that had none, or that cannot be looked at, says nothing", () => {
    const gone = {kind: "delete", kv: {key: "b", modRevision: 3}};
    const judged = (of: object, changes: readonly unknown[] = []): unknown => {
      const checker = new LeasesEndWhole();
      const revisions = {last: 3, at: () => changes};
      const leaseLog = [{...revoked, least: 2, most: 3}];
      const found = checker.after({members: [of], leaseLog, revisions} as unknown as WorldView, event(1));
      return [found?.said.id, checker.exercised()];
    };
    expect(judged(member([{key: "a"}], {}), [gone])).toEqual([undefined, 1]);
    expect(judged(member([{key: "a", lease: "0a"}], {}))).toEqual(["leaseHalf", 1]);
    expect(judged(member([{key: "a"}], {}))).toEqual([undefined, 0]);
    expect(judged(member([{key: "a", lease: "0a"}], {"0a": ["a"]}), [gone])).toEqual([undefined, 0]);
    expect(judged({id: 1}, [gone])).toEqual([undefined, 0]);
  });

  it("L3: an ended lease is not renewed by the member that ended it", () => {
    for (const ttl of [0, 5]) {
      const checker = new NoRenewalAfterTheEnd();
      const view = {members: [member([], {})], leaseLog: [revoked]} as unknown as WorldView;
      checker.after(view, event(3, {changes: [{kind: "apply", member: 1, from: 7, to: 7}]}));
      const result = {kind: "leaseKeepAlive", lease: "0a", ttl} as const;
      const response = {header: {memberId: 1, revision: 2, raftTerm: 1}, result};
      const payload = {kind: "response", client: "c1", from: 1, stream: 0, id: 1, response, sent: 4} as const;
      expect(checker.after(view, event(5, {payload}))?.said.id).toBe(
        ttl === 0 ? undefined : "leaseRenewedAfterEnd",
      );
      expect(checker.exercised()).toBe(1);
    }
  });

  it("L1: a lease is told to live no longer than it can; of one that is not there nothing is judged", () => {
    const config = {electionTicks: 100, tick: 10 * ms, leaseRevokesMax: 500, leaseCheckEvery: 500 * ms};
    const view = {members: [{id: 1, config}], leaseLog: []} as unknown as WorldView;
    const told = (ttl: number, grantedTtl = 5): unknown => {
      const checker = new RestWithinGrant();
      const result = {kind: "leaseTimeToLive", lease: "0a", ttl, grantedTtl, keys: []} as const;
      const response = {header: {memberId: 1, revision: 2, raftTerm: 1}, result};
      const payload = {kind: "response", client: "c1", from: 1, stream: 0, id: 1, response, sent: 4} as const;
      return [checker.after(view, event(5, {payload}))?.said.id, checker.exercised()];
    };
    expect(told(6)).toEqual([undefined, 1]);
    expect(told(7)).toEqual(["leaseRest", 1]);
    expect(told(-1, 0)).toEqual([undefined, 0]);
  });

  it("L4: lessor and store agree whose each key is", () => {
    const judged = (
      kvs: readonly Partial<KeyValue>[],
      leases: Record<string, string[]>,
    ): string | undefined =>
      new OneLeasePerKey().end({members: [member(kvs, leases)], step: 1} as unknown as WorldView)?.said.id;
    expect(judged([{key: "a", lease: "0a"}], {"0a": ["a"]})).toBeUndefined();
    expect(judged([{key: "a", lease: "0a"}], {"0a": []})).toBe("leaseKeys");
    expect(judged([{key: "a", lease: "0b"}], {"0a": ["a"], "0b": []})).toBe("leaseKeys");
    expect(judged([{key: "a"}], {"0a": ["a"]})).toBe("leaseKeys");
  });

  it("M1: members at the same entry have the same store", () => {
    const view = (count: number): WorldView => {
      const of = member(
        Array.from({length: count}, () => ({})),
        {},
      );
      return {members: [of, of]} as unknown as WorldView;
    };
    const applied = (id: number): EventRecord =>
      event(id, {changes: [{kind: "apply", member: id, from: 7, to: 7}]});
    const checker = new EqualStates();
    expect(checker.after(view(1), applied(1))).toBeUndefined();
    expect(checker.after(view(1), applied(2))).toBeUndefined();
    expect(checker.exercised()).toBe(1);
    expect(checker.after(view(2), applied(2))?.said.id).toBe("statesDiffer");
  });

  it("M1: members at the same entry have the same leases", () => {
    const view = (count: number): WorldView => {
      const of = member([], Object.fromEntries(Array.from({length: count}, (_, i) => [`0${i}`, []])));
      return {members: [of, of]} as unknown as WorldView;
    };
    const applied = (id: number): EventRecord =>
      event(id, {changes: [{kind: "apply", member: id, from: 7, to: 7}]});
    const checker = equalLeases();
    expect(checker.after(view(1), applied(1))).toBeUndefined();
    expect(checker.after(view(1), applied(2))).toBeUndefined();
    expect(checker.exercised()).toBe(1);
    expect(checker.after(view(2), applied(2))?.said.id).toBe("leasesDiffer");
  });

  it("K4: what one member shows a client never goes back", () => {
    const checker = new MembersGoForward();
    const answered = (step: number, revision: number): EventRecord => {
      const response = {header: {memberId: 1, revision, raftTerm: 1}, result: {kind: "put"}} as const;
      return event(step, {
        payload: {kind: "response", client: "c1", from: 1, stream: 0, id: step, response, sent: 0},
      });
    };
    const view = {} as WorldView;
    expect(checker.after(view, answered(1, 5))).toBeUndefined();
    expect(checker.after(view, answered(2, 5))).toBeUndefined();
    expect(checker.after(view, answered(3, 4))?.said.id).toBe("memberBack");
  });
});
