// What holds of members' stores, by their content: compared with each other's hashes, and with what the revisions make when they are played
// once more.

import {present} from "../../core/base/assert.ts";
import {namesOf} from "../../core/auth/authState.ts";
import {Hasher} from "../../core/base/hasher.ts";
import {unbounded} from "../../core/base/key.ts";
import type {Key} from "../../core/base/key.ts";
import type {KeyValue} from "../../core/mvcc/kv.ts";
import type {Store} from "../../core/mvcc/store.ts";
import type {Server} from "../../core/server/server.ts";
import type {EventRecord} from "../event.ts";
import type {RevisionsView} from "../history/revisions.ts";
import type {MemberView, WorldView} from "../view.ts";
import {sameKv} from "./answers.ts";
import type {Checker, Violation} from "./checker.ts";
import {EndClaim} from "./endClaim.ts";
import {nameOf} from "./entries.ts";
import {say} from "./words.ts";

/**
 * Members that were compacted alike have the same hash at a revision that they share, whatever they have applied since. M1; etcd: HashKV, which its
 * robustness tests compare in the end.
 */
export function equalHashes(): Checker {
  return new EndClaim("Equal Hashes", ({members, step}, count) => {
    const running = members.flatMap(({id, server}) =>
      server === undefined ? [] : [{id, store: server.store}],
    );
    for (const compacted of new Set(running.map(({store}) => store.compactRevision))) {
      const [first, ...others] = running.filter(({store}) => store.compactRevision === compacted);
      for (const {id, store} of others) {
        count(1);
        const revision = first === undefined ? undefined : differAt(first.store, store);
        if (first === undefined || revision === undefined) continue;
        const [a, b] = [nameOf(first.id), nameOf(id)];
        return {said: say("hashesDiffer", {a, b, revision}, [a, b, `rev:${revision}`]), step};
      }
    }
    return undefined;
  });
}

/** The last revision that two have, if their hashes differ there. Of equal content nothing need be hashed. */
function differAt(one: Store, other: Store): number | undefined {
  if (digestOf(one) === digestOf(other)) return undefined;
  const revision = Math.min(one.currentRevision, other.currentRevision);
  return hashAt(one, revision) === hashAt(other, revision) ? undefined : revision;
}

function digestOf(store: Store): string {
  const into = new Hasher();
  store.digest(into);
  return into.hash();
}

const recordNames = ["members", "alarms", "users"] as const;
type Records = Readonly<Record<(typeof recordNames)[number], string>>;

/** Members that have applied the same entries know the same of each other, of alarms and of users. M1, of what is no key; of leases Equal Leases. */
export function equalRecords(): Checker {
  return new EndClaim("Equal Records", ({members, step}, count) => {
    const firsts = new Map<number, {readonly id: number; readonly records: Records}>();
    for (const {id, server} of members) {
      if (server === undefined) continue;
      const {appliedIndex: index} = server;
      const records = recordsOf(server);
      const first = firsts.get(index);
      if (first === undefined) {
        firsts.set(index, {id, records});
        continue;
      }
      count(1);
      const what = recordNames.find((name) => first.records[name] !== records[name]);
      if (what === undefined) continue;
      const [a, b] = [nameOf(first.id), nameOf(id)];
      return {said: say("recordsDiffer", {a, b, index, what}, [a, b]), step};
    }
    return undefined;
  });
}

/** As texts. */
function recordsOf({membership, alarms, auth}: Server): Records {
  const {enabled, revision, users, roles} = auth;
  const named = (map: ReadonlyMap<string, unknown>): readonly unknown[] =>
    namesOf(map).map((name) => map.get(name));
  return {
    members: JSON.stringify(membership),
    alarms: JSON.stringify(alarms),
    users: JSON.stringify([enabled, revision, named(users), named(roles)]),
  };
}

/** Undefined: there is none, it is compacted. */
function hashAt(store: Store, revision: number): number | undefined {
  const hash = store.hashKv(revision);
  return hash.ok ? hash.value.hash : undefined;
}

/**
 * A store holds what its revisions make when they are played one after the other, as each was first made: whenever a member comes
 * back, whatever it had of them on its disk, and in the end. With "Durable Answers", K1: what was answered or read is there after a crash.
 */
export class ReplayAgreement implements Checker {
  readonly name = "Replay Agreement";
  readonly interest = {payloads: ["script"]} as const;
  /** By member: the life that was seen last. */
  private readonly lives: number[] = [];
  private count = 0;

  exercised(): number {
    return this.count;
  }

  fork(): this {
    const twin = new ReplayAgreement();
    twin.lives.push(...this.lives);
    twin.count = this.count;
    return twin as this;
  }

  after(view: WorldView, event: EventRecord, touched: number | undefined): Violation | undefined {
    const member = touched === undefined ? undefined : view.members[touched - 1];
    if (member === undefined) return undefined;
    const before = this.lives[member.id] ?? 1;
    while (this.lives.length <= member.id) this.lives.push(1);
    this.lives[member.id] = member.incarnation;
    if (member.incarnation === before) return undefined;
    return this.compare(view, member, new Replay(view.revisions), event.id);
  }

  end(view: WorldView): Violation | undefined {
    const replay = new Replay(view.revisions);
    const running = view.members.filter(({server}) => server !== undefined);
    for (const member of running.toSorted((a, b) => revisionOf(a) - revisionOf(b))) {
      const violation = this.compare(view, member, replay, view.last?.id);
      if (violation !== undefined) return violation;
    }
    return undefined;
  }

  private compare(
    {step}: WorldView,
    member: MemberView,
    replay: Replay,
    event: string | undefined,
  ): Violation | undefined {
    const revision = revisionOf(member);
    const due = replay.to(revision);
    if (member.server === undefined || due === undefined) return undefined;
    this.count++;
    const all = member.server.store.range({kind: "range", key: unbounded, rangeEnd: unbounded});
    const {kvs} = present(all.ok ? all.value : undefined, "all keys at the current revision");
    const there = new Map(kvs.map((kv) => [kv.key, kv]));
    const key =
      kvs.find((kv) => !isSame(kv, due.get(kv.key)))?.key ?? [...due.keys()].find((one) => !there.has(one));
    if (key === undefined) return undefined;
    const name = nameOf(member.id);
    const said = say("replayDiffers", {member: name, revision, key}, [name, `rev:${revision}`]);
    return {check: this.name, said, evidence: event === undefined ? [] : [event], step};
  }
}

function revisionOf({server}: MemberView): number {
  return server?.store.currentRevision ?? 0;
}

function isSame(kv: KeyValue, made: KeyValue | undefined): boolean {
  return made !== undefined && sameKv(kv, made);
}

/** The keys as revisions make them, one after the other. */
class Replay {
  private readonly revisions: RevisionsView;
  private readonly keys = new Map<Key, KeyValue>();
  private revision = 1;

  constructor(revisions: RevisionsView) {
    this.revisions = revisions;
  }

  /** Up to a revision, not before the last one asked for; undefined: some was compacted before anybody looked. */
  to(revision: number): ReadonlyMap<Key, KeyValue> | undefined {
    for (; this.revision < revision; this.revision++) {
      const changes = this.revisions.at(this.revision + 1);
      if (changes === undefined) return undefined;
      for (const {kind, kv} of changes) {
        if (kind === "put") this.keys.set(kv.key, kv);
        else this.keys.delete(kv.key);
      }
    }
    return this.keys;
  }
}
