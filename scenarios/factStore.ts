// Facts of keys, of what clients asked, and of what their watches got.

import {keyFromText, textOfBytes} from "../core/base/key.ts";
import type {StoreEvent} from "../core/mvcc/kv.ts";
import type {Operation} from "../sim/history/operation.ts";
import type {FactKind, FactOf} from "./fact.ts";
import {integer, keyShape, memberShape, object, oneOf, operationShape, text} from "./shape.ts";
import type {Scene} from "./story.ts";
import {stateless} from "./watch.ts";
import {memberOf} from "./who.ts";

const valueShape = {type: ["string", "null"], maxLength: 2_000, expected: "a value, or null for none"};
const revisionShape = integer(0, 1_000_000_000);

export const op: FactKind<"op"> = {
  doc: "The operation was sent, or came out so; with `error`: with an error that contains that text; with `answer`: and the first value it answered is that (null: none).",
  example: {op: "op:#write", is: "done"},
  shape: object<FactOf<"op">>(
    {
      op: operationShape,
      is: oneOf("sent", "done", "failed", "unknown"),
      "error?": text("a part of an error's text"),
      "answer?": valueShape,
    },
    'an operation: {"op": "op:#name", "is": "done"}',
  ),
  words: {
    yes: {en: "{op} is {is}", zh: "{op} 的结果是 {is}"},
    no: {en: "{op} is not {is}", zh: "{op} 的结果不是 {is}"},
  },
  watch: (fact) =>
    stateless((scene) => {
      const operation = scene.story.operation(scene.view, fact.op);
      if (operation === undefined) return false;
      const {outcome} = operation;
      if (fact.is !== "sent" && (fact.is === "done" ? "ok" : fact.is) !== outcome?.kind) return false;
      if (fact.error !== undefined && !errorOf(operation)?.includes(fact.error)) return false;
      return fact.answer === undefined || (outcome?.kind === "ok" && answerOf(operation) === fact.answer);
    }),
};

export const key: FactKind<"key"> = {
  doc: "The key has that value (null: does not exist) in the store of a member, the leader when none is named; with `rev`: as of that revision.",
  example: {key: "x", value: "kept"},
  shape: object<FactOf<"key">>(
    {key: keyShape, "at?": memberShape, "rev?": revisionShape, value: valueShape},
    'a key: {"key": "x", "value": "kept"}',
  ),
  words: {
    yes: {en: "{key} is {value}", zh: "{key} 的值是 {value}"},
    no: {en: "{key} is not {value}", zh: "{key} 的值不是 {value}"},
  },
  watch: (fact) =>
    stateless((scene) => valueAt(fact.key, fact.at ?? "leader", scene, fact.rev) === fact.value),
};

export const revision: FactKind<"revision"> = {
  doc: "The store of the member is at that revision.",
  example: {revision: "leader", is: 4},
  shape: object<FactOf<"revision">>(
    {revision: memberShape, is: revisionShape},
    'a revision: {"revision": "leader", "is": 4}',
  ),
  words: {
    yes: {en: "{revision} is at revision {is}", zh: "{revision} 的修订版本是 {is}"},
    no: {en: "{revision} is not at revision {is}", zh: "{revision} 的修订版本不是 {is}"},
  },
  watch: (fact) =>
    stateless((scene) => memberOf(fact.revision, scene)?.server?.store.currentRevision === fact.is),
};

export const watcher: FactKind<"watcher"> = {
  doc: 'The watch got that many events; `saw`: among them a put of that "key=value", or a delete of that "key"; `state`: it is still open, or was cancelled.',
  example: {watcher: "op:#watch", saw: "x=kept"},
  shape: object<FactOf<"watcher">>(
    {
      watcher: operationShape,
      "got?": integer(0, 1_000_000),
      "saw?": text('"key=value" for a put, "key" for a delete'),
      "state?": oneOf("open", "cancelled"),
    },
    'a watcher: {"watcher": "op:#name", "got": 2}',
  ),
  words: {
    yes: {en: "{watcher} got what was named", zh: "{watcher} 收到了所述的事件"},
    no: {en: "{watcher} did not get what was named", zh: "{watcher} 没有收到所述的事件"},
  },
  watch: (fact) =>
    stateless((scene) => {
      const operation = scene.story.operation(scene.view, fact.watcher);
      if (operation === undefined) return false;
      if (fact.state !== undefined && fact.state !== (operation.outcome === undefined ? "open" : "cancelled"))
        return false;
      const events = eventsOf(operation);
      if (fact.got !== undefined && events.length !== fact.got) return false;
      return fact.saw === undefined || events.some((event) => textOfEvent(event) === fact.saw);
    }),
};

export const alarm: FactKind<"alarm"> = {
  doc: 'The alarm of that member stands, that its backend file is over the quota, as the leader has applied it; with `at`: as that member has; "none": no alarm stands there.',
  example: {alarm: "leader", at: "n2"},
  shape: object<FactOf<"alarm">>(
    {
      alarm: {...memberShape, pattern: `^(none|${String(memberShape["pattern"]).slice(1, -1)})$`},
      "at?": memberShape,
    },
    'an alarm: {"alarm": "n1"}',
  ),
  words: {
    yes: {en: "the alarm that stands: {alarm}", zh: "存在的警报：{alarm}"},
    no: {en: "the alarm that stands is not: {alarm}", zh: "存在的警报不是：{alarm}"},
  },
  watch: (fact) =>
    stateless((scene) => {
      const alarms = memberOf(fact.at ?? "leader", scene)?.server?.alarms;
      if (fact.alarm === "none") return alarms?.length === 0;
      const id = memberOf(fact.alarm, scene)?.id;
      return alarms?.some(({member}) => member === id) === true;
    }),
};

/** What the key holds; null when it does not exist, undefined when nobody can say. */
export function valueAt(name: string, who: string, scene: Scene, at = 0): string | null | undefined {
  const store = memberOf(who, scene)?.server?.store;
  const found = store?.range({kind: "range", key: keyFromText(name), revision: at});
  if (found === undefined || !found.ok) return undefined;
  const kv = found.value.kvs[0];
  return kv === undefined ? null : textOfBytes(kv.value);
}

/** The first value that the operation answered; null when it answered none. */
export function answerOf({outcome}: Operation): string | null {
  if (outcome?.kind !== "ok") return null;
  const {result} = outcome.response;
  const range = result.kind === "txn" ? result.responses.find(({kind}) => kind === "range") : result;
  const kv = range?.kind === "range" ? range.kvs[0] : undefined;
  return kv === undefined ? null : textOfBytes(kv.value);
}

/** The error's text as etcd words it. */
export function errorOf({outcome, watched}: Operation): string | undefined {
  const last = watched.at(-1)?.response.result;
  if (last?.kind === "watch" && last.canceled === true) return last.cancelReason;
  return outcome === undefined || outcome.kind === "ok" ? undefined : outcome.error?.message;
}

/** All events that a watch got, in order. */
export function eventsOf({watched}: Operation): readonly StoreEvent[] {
  return watched.flatMap(({response: {result}}) => (result.kind === "watch" ? result.events : []));
}

function textOfEvent({kind, kv}: StoreEvent): string {
  const of = textOfBytes(Uint8Array.from(kv.key, (char) => char.charCodeAt(0)));
  return kind === "put" ? `${of}=${textOfBytes(kv.value)}` : of;
}
