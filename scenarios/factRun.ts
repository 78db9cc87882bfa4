// Facts of messages, checks, steps and silence.

import {unreachable} from "../core/base/assert.ts";
import {noMember} from "../core/base/quantity.ts";
import {termOf} from "../core/server/peer.ts";
import type {Checker, Violation} from "../sim/check/checker.ts";
import type {Payload} from "../sim/event.ts";
import {targetOf} from "../sim/world/payload.ts";
import {checksToName} from "./checks.ts";
import type {FactKind, FactOf} from "./fact.ts";
import type {EventName, Match} from "./format.ts";
import {eventShape, integer, name, object, oneOf, reference, timeShape, text, whoShape} from "./shape.ts";
import type {Shapes} from "./shape.ts";
import type {Scene} from "./story.ts";
import {microsOf} from "./time.ts";
import {stateless} from "./watch.ts";
import type {Watch} from "./watch.ts";
import {nameOfWho} from "./who.ts";

const messageKinds = [
  "RequestVote",
  "RequestVoteResponse",
  "PreVote",
  "PreVoteResponse",
  "AppendEntries",
  "AppendEntriesResponse",
  "Heartbeat",
  "HeartbeatResponse",
  "InstallSnapshot",
  "TimeoutNow",
  "TransferLeader",
  "Propose",
  "ReadIndex",
  "ReadIndexResponse",
  "request",
  "response",
] as const;

/** For the schema: which messages are meant. */
export const matchShapes: Shapes<Match> = {
  "from?": whoShape,
  "to?": whoShape,
  "kind?": oneOf(...messageKinds),
  "term?": integer(0, 1_000_000),
  "nth?": integer(1, 1_000_000),
};

export const matchShape = object<Match>(
  matchShapes,
  'what to match: {"from": "n1", "kind": "AppendEntries"}',
);

export const delivered: FactKind<"delivered"> = {
  doc: "A message like that was delivered (the nth of them) since this was first looked at.",
  example: {delivered: {from: "n1", kind: "AppendEntries", nth: 2}},
  shape: object<FactOf<"delivered">>(
    {delivered: reference("Match")},
    'a delivery: {"delivered": {"kind": "Heartbeat"}}',
  ),
  words: {
    yes: {en: "such a message was delivered", zh: "这样的消息已送达"},
    no: {en: "no such message was delivered", zh: "这样的消息尚未送达"},
  },
  watch: (fact) => new Counting(fact.delivered, 0, countDelivered),
};

export const sent: FactKind<"sent"> = {
  doc: "A message like that was sent (the nth of them) since this was first looked at, and is on its way.",
  example: {sent: {kind: "RequestVote"}},
  shape: object<FactOf<"sent">>({sent: reference("Match")}, 'a sending: {"sent": {"kind": "RequestVote"}}'),
  words: {
    yes: {en: "such a message was sent", zh: "这样的消息已发出"},
    no: {en: "no such message was sent", zh: "这样的消息尚未发出"},
  },
  watch: (fact) => new Counting(fact.sent, 0, countSent),
};

export const happened: FactKind<"happened"> = {
  doc: "The event with that name was taken since this was first looked at, or is the last that no intervention made.",
  example: {happened: "n1→n3#17"},
  shape: object<FactOf<"happened">>({happened: eventShape}, 'an event: {"happened": "n1→n3#17"}'),
  words: {
    yes: {en: "{happened} has happened", zh: "{happened} 已发生"},
    no: {en: "{happened} has not happened", zh: "{happened} 尚未发生"},
  },
  watch: (fact) => new Happened(fact.happened, false),
};

export const check: FactKind<"check"> = {
  doc: "The named check was violated so far, or was exercised and held.",
  example: {check: "Election Safety", is: "held"},
  shape: object<FactOf<"check">>(
    {check: text('a check\'s name, such as "Election Safety"'), is: oneOf("held", "violated")},
    'a check: {"check": "Election Safety", "is": "held"}',
  ),
  words: {
    yes: {en: "{check} is {is}", zh: "检查 {check} 的结果是 {is}"},
    no: {en: "{check} is not {is}", zh: "检查 {check} 的结果不是 {is}"},
  },
  watch: (fact) =>
    new Checked(
      checksToName().find((one) => one.name === fact.check),
      fact.is,
    ),
};

export const quiet: FactKind<"quiet"> = {
  doc: "For that long nothing changed at any member or client: no role, term, log, commit, answer or fault.",
  example: {quiet: "500ms"},
  shape: object<FactOf<"quiet">>({quiet: timeShape}, 'a silence: {"quiet": "500ms"}'),
  words: {
    yes: {en: "nothing has changed for {quiet}", zh: "已有 {quiet} 没有任何变化"},
    no: {en: "something changed within {quiet}", zh: "在 {quiet} 内有变化"},
  },
  watch: (fact) => {
    const least = microsOf(fact.quiet);
    return stateless(({view, story}) => view.now - story.lastChange >= least);
  },
};

export const step: FactKind<"step"> = {
  doc: "The scenario's step has fired.",
  example: {step: "cut"},
  shape: object<FactOf<"step">>({step: name("a step's id")}, 'a step: {"step": "cut"}'),
  words: {
    yes: {en: "the step {step} was taken", zh: "步骤 {step} 已执行"},
    no: {en: "the step {step} is still to come", zh: "步骤 {step} 尚未执行"},
  },
  watch: (fact) => stateless(({story}) => story.fired(fact.step) !== undefined),
};

/** Whether what travels is a message like `match`; `nth` is not looked at. */
export function matches(match: Match, payload: Payload, {view, story}: Scene): boolean {
  const ends = endsOf(payload);
  if (ends === undefined) return false;
  if (match.kind !== undefined && match.kind !== ends.kind) return false;
  if (match.term !== undefined && match.term !== ends.term) return false;
  if (match.from !== undefined && nameOfWho(match.from, view, story) !== ends.from) return false;
  return match.to === undefined || nameOfWho(match.to, view, story) === ends.to;
}

interface Ends {
  readonly from: string;
  readonly to: string;
  readonly kind: string;
  readonly term?: number;
}

function endsOf(payload: Payload): Ends | undefined {
  switch (payload.kind) {
    case "message":
      return {
        from: `n${payload.from}`,
        to: `n${payload.to}`,
        kind: payload.message.kind,
        term: termOf(payload.message),
      };
    case "request":
      return {from: payload.client, to: `n${payload.to}`, kind: "request"};
    case "response":
      return {from: `n${payload.from}`, to: payload.client, kind: "response"};
    case "tick":
    case "wake":
    case "turn":
    case "credit":
    case "close":
    case "diskDone":
    case "report":
    case "clientWake":
    case "script":
      return undefined;
    default:
      return unreachable(payload);
  }
}

type Count = (match: Match, scene: Scene) => number;

function countDelivered(match: Match, scene: Scene): number {
  return scene.event !== undefined && matches(match, scene.event.payload, scene) ? 1 : 0;
}

/** What the event sent waits with the event as its cause. */
function countSent(match: Match, scene: Scene): number {
  const {event, view} = scene;
  if (event === undefined) return 0;
  return view.pending().filter(({cause, payload}) => cause === event.step && matches(match, payload, scene))
    .length;
}

/** Counts what matches, event by event. */
class Counting implements Watch {
  private readonly match: Match;
  private readonly count: Count;
  private seen: number;
  private step = 0;

  constructor(match: Match, seen: number, count: Count) {
    this.match = match;
    this.seen = seen;
    this.count = count;
  }

  holds(scene: Scene): boolean {
    if (scene.event !== undefined && scene.event.step > this.step) {
      this.step = scene.event.step;
      this.seen += this.count(this.match, scene);
    }
    return this.seen >= (this.match.nth ?? 1);
  }

  fork(): Watch {
    const twin = new Counting(this.match, this.seen, this.count);
    twin.step = this.step;
    return twin;
  }
}

class Happened implements Watch {
  private readonly id: EventName;
  private seen: boolean;

  constructor(id: EventName, seen: boolean) {
    this.id = id;
    this.seen = seen;
  }

  holds({event, story}: Scene): boolean {
    this.seen ||= event?.id === this.id || story.unscripted?.id === this.id;
    return this.seen;
  }

  fork(): Watch {
    return new Happened(this.id, this.seen);
  }
}

/** Runs a checker of its own. */
class Checked implements Watch {
  private readonly checker: Checker | undefined;
  private readonly is: "held" | "violated";
  private violation: Violation | undefined;

  constructor(checker: Checker | undefined, is: "held" | "violated") {
    this.checker = checker;
    this.is = is;
  }

  holds({view, event, ending}: Scene): boolean {
    if (this.checker === undefined) return false;
    if (event !== undefined && !ending) {
      this.violation ??= this.checker.after?.(view, event, memberTouched(event.payload));
    }
    const end = ending ? this.checker.end?.(view) : undefined;
    if (end !== undefined && end !== "unknown") this.violation ??= end;
    if (this.is === "violated") return this.violation !== undefined;
    return this.violation === undefined && end !== "unknown" && this.checker.exercised() > 0;
  }

  fork(): Watch {
    const twin = new Checked(this.checker?.fork(), this.is);
    twin.violation = this.violation;
    return twin;
  }
}

/** The member whose state an event may have changed. */
function memberTouched(payload: Payload): number | undefined {
  if (payload.kind === "script")
    return "member" in payload.action ? Number(payload.action.member.slice(1)) : undefined;
  const member = targetOf(payload);
  return member === noMember ? undefined : member;
}
