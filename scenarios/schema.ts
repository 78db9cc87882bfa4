// The JSON schema of format 1, put together from the shapes of its parts. Every object is written against its type
// (`object<T>`), so a key that one has and the other has not does not compile.

import {museum} from "../sim/bug/museum.ts";
import {diskOpKinds} from "../core/storage/disk.ts";
import {factNames, facts} from "./fact.ts";
import {leastRate, mostRate} from "../sim/clock.ts";
import {diskFaultKinds} from "../sim/disk/fault.ts";
import {profileNames} from "../sim/run.ts";
import {loadNames, namedLoads} from "../sim/workload/loads.ts";
import type {LoadName} from "../sim/workload/loads.ts";
import {faultDocs, faultParameters} from "./fault.ts";
import {matchShape, matchShapes} from "./factRun.ts";
import type {
  Answer,
  Ask,
  BeatHead,
  Choice,
  ClientSettings,
  ClockSettings,
  Config,
  DiskSettings,
  Expect,
  LoopLoad,
  NamedLoad,
  NetworkSettings,
  RaftSettings,
  RegionSettings,
  RestartSettings,
  Run,
  Scenario,
  Show,
  Source,
  StepAction,
  StoreSettings,
  Text,
  Trigger,
  Variant,
  When,
} from "./format.ts";
import {
  byKey,
  byValue,
  clientShape,
  described,
  eventShape,
  groupShape,
  integer,
  listOf,
  longText,
  memberShape,
  name,
  object,
  oneOf,
  operationNameShape,
  pairOf,
  record,
  reference,
  text,
  timeShape,
  timesShape,
  whoShape,
} from "./shape.ts";
import type {Shape, Shapes} from "./shape.ts";
import {combinatorNames, combinators} from "./vocabulary.ts";
import type {CombinatorName} from "./vocabulary.ts";
import {actorShape, factorShape, linkShape, nthShape, pointShape, versionsShape} from "./worldStep.ts";

/** Limits of what a page and a test can bear; members, learners and spares together. */
export const membersMax = 9;
export const clientsMax = 9;

const words = reference("Text");
const when = reference("When");
const id = name("an id: letters, digits and dashes, at most 40");

const textObject = object<Text>(
  {en: text("a sentence in English"), zh: text("a sentence in Chinese")},
  'a text in both languages: {"en": "…", "zh": "…"}',
);

const combinatorShapes: {readonly [N in CombinatorName]: Shape} = {
  not: object<Extract<When, {readonly not: unknown}>>({not: when}, '{"not": …}'),
  all: object<Extract<When, {readonly all: unknown}>>(
    {all: listOf(when, "a list of facts", 1, 50)},
    '{"all": […]}',
  ),
  any: object<Extract<When, {readonly any: unknown}>>(
    {any: listOf(when, "a list of facts", 1, 50)},
    '{"any": […]}',
  ),
  first: object<Extract<When, {readonly first: unknown}>>(
    {first: when, then: when, "within?": timeShape},
    '{"first": …, "then": …}',
  ),
  always: object<Extract<When, {readonly always: unknown}>>({always: when, "since?": id}, '{"always": …}'),
};

/** Each fact and combinator is a definition of its own: `FactLeader`, `WhenNot`. */
const termShapes: Readonly<Record<string, Shape>> = Object.fromEntries([
  ...combinatorNames.map((key) => [
    definitionOf(key),
    described(combinators[key].doc, combinatorShapes[key]),
  ]),
  ...factNames.map((key) => [definitionOf(key), described(facts[key].doc, facts[key].shape)]),
]);

function definitionOf(key: string): string {
  const kind = Object.hasOwn(combinators, key) ? "When" : "Fact";
  return `${kind}${key.slice(0, 1).toUpperCase()}${key.slice(1)}`;
}

const whenUnion = byKey(
  [...combinatorNames, ...factNames].map((key) => [key, reference(definitionOf(key))] as const),
  "a fact",
);

const trigger: Shapes<Trigger> = {
  "id?": id,
  "at?": timeShape,
  "when?": when,
  "after?": timeShape,
  "number?": integer(1, 1_000_000_000),
  "let?": record(whoShape, 'names to bind: {"old": "leader"}'),
};

function step<K extends string>(
  key: K,
  doc: string,
  shapes: Shapes<Extract<StepAction, Readonly<Record<K, unknown>>>>,
): readonly [K, Shape] {
  const known: Readonly<Record<string, Shape>> = shapes;
  const shape = object<Trigger>({...trigger, ...known}, `a step with "${key}"`);
  return [key, described(doc, shape)];
}

/** One case for each kind of fault: its parameters are its own. */
function faultStep(): readonly [string, Shape] {
  const cases = diskFaultKinds.map((fault) => {
    const shapes = {...trigger, fault: oneOf(fault), on: memberOrFollower(), ...faultParameters[fault]};
    const shape = object<Trigger>(shapes, `a step with the fault "${fault}", "on" and its parameters`);
    return [fault, described(faultDocs[fault], shape)] as const;
  });
  const doc = "Lets something go wrong with a member's disk, or mends it.";
  return ["fault", described(doc, byValue("fault", cases))];
}

const standing = '{"message": {"kind": "AppendEntries"}, "do": "hold", "while": …}';

/** One message, or with `while` a rule for all that match. */
function messageStep(): readonly [string, Shape] {
  const {"nth?": _nth, ...each} = matchShapes;
  const rule = object<Trigger>(
    {...trigger, message: object(each, standing), do: oneOf("drop", "hold"), while: when} as Shapes<Trigger>,
    `a standing rule: ${standing}`,
  );
  const message = {
    if: {type: "string"},
    then: eventShape,
    else: reference("Match"),
  };
  const one = object<Trigger>({...trigger, message, do: deed()} as Shapes<Trigger>, 'a step with "message"');
  return [
    "message",
    {
      description:
        "Does something to a message that is on its way; with `while`, loses or holds all that match, as long as that is true.",
      if: {required: ["while"]},
      then: rule,
      else: one,
    },
  ];
}

const yes: Shape = {const: true, expected: "true"};
const yesOrNo: Shape = {type: "boolean", expected: "true or false"};

const raftShape = object<RaftSettings>(
  {
    "electionTicks?": integer(2, 10_000),
    "heartbeatTicks?": integer(1, 5_000),
    "inflightMax?": integer(1, 10_000),
    "messageBytesMax?": integer(1, 1_000_000_000),
    "preVote?": yesOrNo,
    "checkQuorum?": yesOrNo,
    "leaseReads?": yesOrNo,
    "snapshotEvery?": integer(0, 1_000_000),
    "snapshotKeep?": integer(0, 1_000_000),
  },
  "settings of raft",
);

const storeShape = object<StoreSettings>(
  {
    "watchChannelMax?": integer(1, 100_000),
    "watchSyncEvery?": timeShape,
    "requestTimeout?": timeShape,
    "readIndexRetry?": timeShape,
    "txnOpsMax?": integer(1, 100_000),
    "requestBytesMax?": integer(1, 1_000_000_000),
    "walSegmentBytes?": integer(1024, 1_000_000_000),
    "snapshotFilesMax?": integer(1, 1000),
    "pageBytes?": integer(512, 65_536),
    "quotaBytes?": integer(0, 1_000_000_000_000),
    "commitEvery?": timeShape,
    "commitOpsMax?": integer(1, 1_000_000),
    "compactionBatch?": integer(1, 1_000_000),
    "compactionSleep?": timeShape,
    "applyGapMax?": integer(1, 1_000_000),
    "watchVictimEvery?": timeShape,
    "watchSyncWatchersMax?": integer(1, 1_000_000),
    "watchBatchRevisionsMax?": integer(1, 1_000_000),
    "progressNotifyEvery?": timeShape,
    "leaseCheckEvery?": timeShape,
    "leaseRevokesMax?": integer(1, 1_000_000),
    "leaseRevokesPending?": integer(1, 1_000_000),
    "leaseCheckpointEvery?": timeShape,
    "strictReconfig?": yesOrNo,
    "healthInterval?": timeShape,
    "autoCompactEvery?": timeShape,
    "autoCompactRevisions?": integer(0, 1_000_000_000),
    "corruptCheckEvery?": timeShape,
    "compactHashCheckEvery?": timeShape,
    "initialCorruptCheck?": yesOrNo,
    "authTokenTtl?": timeShape,
  },
  "settings of the store",
);

const restartShape = object<RestartSettings>(
  {"versions?": versionsShape, "raft?": raftShape, "store?": storeShape},
  'what is another: {"raft": {"preVote": true}}',
);

const stepUnion = byKey(
  [
    step("split", "Splits the network: only names of one group reach each other.", {
      split: listOf(listOf(groupShape, "a group: a list of names", 1, 20), "a list of groups", 1, 9),
    }),
    step("cut", "Cuts the link between two; with `oneWay` only from the first to the second.", {
      cut: pairOf(whoShape, "two names, from and to"),
      "oneWay?": yes,
    }),
    step("heal", "Mends all links, or the one between two.", {
      heal: {
        if: {type: "array"},
        then: pairOf(whoShape, "two names"),
        else: {const: "all", expected: '"all" or two names'},
      },
    }),
    step("link", "From now on a link treats so what is sent; both ways unless `oneWay`.", {
      link: pairOf(whoShape, "two names, from and to"),
      set: linkShape,
      "oneWay?": yes,
    }),
    step(
      "connection",
      "A client's connections to a member: `reset` ends them, `refuse` answers what it asks by the connection's end, until `accept`.",
      {
        connection: pairOf(whoShape, "a client and a member"),
        do: oneOf("reset", "refuse", "accept"),
      },
    ),
    step("crashAt", "A member will crash when it comes to a pause point for the `nth` (1) time from now.", {
      crashAt: pointShape,
      on: memberOrFollower(),
      "nth?": nthShape,
    }),
    step(
      "crashAtDisk",
      "A member will crash at the `nth` (1) completion of a disk operation (of any kind, or of one: `what`) from now: before it is done, or after, before it hears of it.",
      {
        crashAtDisk: oneOf("before", "after"),
        on: memberOrFollower(),
        "nth?": nthShape,
        "what?": oneOf(...diskOpKinds),
      },
    ),
    step("slow", "From now on the turns of one of a member's actors take `factor` times as long.", {
      slow: actorShape,
      on: memberOrFollower(),
      factor: factorShape,
    }),
    step("crash", "Crashes a member: it loses what its disk had not synced.", {crash: memberOrFollower()}),
    step("restart", "Starts a crashed member again, from its disk; `with` other flags or another version.", {
      restart: memberShape,
      "with?": restartShape,
    }),
    step("pause", "Stops a member or a client for a while; nothing is lost.", {pause: whoShape}),
    step("resume", "Lets a paused member or client go on.", {resume: whoShape}),
    step("clock", "Lets a clock run faster or slower: micros per second of true time.", {
      clock: whoShape,
      rate: integer(leastRate, mostRate),
    }),
    step("jump", "Lets a clock jump ahead.", {jump: whoShape, forward: timeShape}),
    step("timeout", "Lets a member's election timer run out now.", {timeout: memberOrFollower()}),
    step("loss", "From now on so many messages per million between members are lost.", {
      loss: integer(0, 1_000_000),
    }),
    faultStep(),
    messageStep(),
    step("pin", "The `draw`-th draw of a stream of luck, counted from the beginning, is this `value`.", {
      pin: text('a stream\'s name, such as "net/n1→n2/RequestVote"'),
      draw: integer(1, 1_000_000_000),
      value: integer(0, 4_294_967_295),
    }),
    step(
      "client",
      "A client asks something, as an etcdctl line; `as` names the operation, `to` pins the member that is asked.",
      {
        client: clientShape,
        op: longText('an etcdctl line: "put x 1"'),
        "as?": operationNameShape,
        "to?": memberOrFollower(),
      },
    ),
    step("wait", "Does nothing: names a moment, and binds names.", {wait: yes}),
  ],
  "a step",
);

function memberOrFollower(): Shape {
  return text(
    'a member: "n2", "leader", "a follower" or "@name"',
    "^(n[0-9]+|leader|a follower|@[A-Za-z][A-Za-z0-9-]*)$",
  );
}

function deed(): Shape {
  return {
    if: {type: "object"},
    then: object<{readonly delay: string}>({delay: timeShape}, '{"delay": "20ms"}'),
    else: oneOf("drop", "duplicate", "hold", "release"),
  };
}

const regionShape = text("a region: lower-case letters, digits and dashes", "^[a-z][a-z0-9-]*$");

const config = object<Config>(
  {
    members: integer(1, membersMax),
    "learners?": integer(0, membersMax - 1),
    "spares?": integer(0, membersMax - 1),
    "clients?": integer(0, clientsMax),
    profile: oneOf(...profileNames),
    "raft?": raftShape,
    "store?": storeShape,
    "network?": object<NetworkSettings>(
      {
        "peerLatency?": timesShape,
        "clientLatency?": timesShape,
        "lossPerMillion?": integer(0, 1_000_000),
        "reorder?": yesOrNo,
        "regions?": object<RegionSettings>(
          {
            "of?": record(regionShape, 'who is where: {"n1": "east"}'),
            latency: record(
              record(timesShape, 'latencies to other regions: {"west": "60ms..70ms"}'),
              'a table of latencies: {"east": {"west": "60ms..70ms"}}',
            ),
          },
          'regions: {"latency": {"east": {"east": "1ms"}}}',
        ),
      },
      "settings of the network",
    ),
    "disk?": object<DiskSettings>({"write?": timesShape, "sync?": timesShape}, "settings of the disk"),
    "clock?": object<ClockSettings>({"tick?": timeShape, "apply?": timesShape}, "settings of the clock"),
    "client?": object<ClientSettings>({"requestTimeout?": timeShape}, "settings of the clients"),
    "pausePoints?": listOf(pointShape, "a list of pause points"),
  },
  'a configuration: {"members": 3, "profile": "teaching"}',
);

const loop = object<LoopLoad>(
  {
    load: oneOf("loop"),
    by: clientShape,
    ops: listOf(text('an etcdctl line: "put x {n}"'), "a list of etcdctl lines", 1, 100),
    "rest?": timeShape,
    "from?": when,
    "until?": when,
  },
  'a load: {"load": "loop", "by": "c1", "ops": ["put x {n}"]}',
);

const clients: Shape = {
  if: {type: "array"},
  then: listOf(clientShape, "a list of clients", 1, clientsMax),
  else: clientShape,
};

function namedLoad(load: LoadName): Shape {
  return object<NamedLoad>(
    {
      load: oneOf(load),
      "by?": clients,
      "to?": memberShape,
      "keys?": integer(1, 100),
      "think?": timesShape,
      "every?": timesShape,
      "waiting?": integer(1, 1_000),
      "most?": integer(1, 1_000_000),
      "from?": when,
      "until?": when,
    },
    `a load: {"load": "${load}"}, perhaps with "by", "keys", "think", "from" or "until"`,
  );
}

const load = byValue("load", [
  ["loop", described("One client asks `ops` in turn, again and again; `{n}` counts from 1.", loop)],
  ...loadNames.map((name) => [name, described(namedLoads[name].doc, namedLoad(name))] as const),
]);

const momentOrWhen = (...moments: readonly string[]): Shape => ({
  if: {type: "object"},
  then: when,
  else: {enum: moments, expected: `${moments.map((moment) => `"${moment}"`).join(", ")} or a fact`},
});

const expect = object<Expect>(
  {id, claim: when, "at?": momentOrWhen("end"), says: words},
  'an expectation: {"id": …, "claim": …, "says": …}',
);

const runShapes: Shapes<Run> = {
  seed: text('a seed as text: "1"'),
  holds: oneOf("this seed", "every seed"),
  until: when,
  limit: timeShape,
  config: reference("Config"),
  "bugs?": record(
    listOf(oneOf(...museum.map(({id: bug}) => bug)), "a list of bugs"),
    "bugs by member or client",
  ),
  "choices?": listOf(
    object<Choice>({after: eventShape, take: eventShape}, 'a choice: {"after": …, "take": …}'),
    "a list of choices",
    0,
    100_000,
  ),
  "load?": listOf(reference("Load"), "a list of loads"),
  steps: listOf(reference("Step"), "a list of steps", 0, 100_000),
  expect: listOf(reference("Expect"), "a list of expectations"),
};

const run = object<Run>(runShapes, "a run: seed, holds, until, limit, config, steps and expect");

const variant = object<Variant>(
  {run: {...run, required: []}, expect: listOf(reference("Expect"), "a list of expectations")},
  'a variant: {"run": …, "expect": …}',
);

const show = object<Show>(
  {
    "focus?": listOf(text('a name: "n2", "@old", "op:#lost", "key:x"'), "a list of names"),
    "pause?": yes,
    "speed?": timeShape,
    "notes?": words,
  },
  "what to show",
);

function sentence(more: Record<string, Shape>): Shape {
  return object<Record<string, never>>(
    {en: text("a sentence in English"), zh: text("a sentence in Chinese"), ...more} as never,
    "a sentence in both languages",
  );
}

const sentenceUnion = byKey(
  [
    ["claim", sentence({claim: {if: {type: "string"}, then: id, else: when}})],
    ["defines", sentence({defines: text("a word of the glossary")})],
    ["aside", sentence({aside: yes})],
  ],
  "a sentence that is backed",
);

const ask = object<Ask>(
  {
    text: words,
    veil: listOf(oneOf("tape", "verdict"), "a list of what is hidden"),
    until: when,
    how: oneOf("one"),
    answers: listOf(
      object<Answer>(
        {text: words, right: when, because: words, "misconception?": id},
        'an answer: {"text": …, "right": …, "because": …}',
      ),
      "a list of at least two answers",
      2,
      6,
    ),
  },
  'a question: {"text": …, "answers": […]}',
);

const beatHead: Shapes<BeatHead> = {id, at: momentOrWhen("start", "end"), "show?": reference("Show")};

const beatUnion = byKey(
  [
    [
      "say",
      object<BeatHead & {readonly say: unknown}>(
        {...beatHead, say: listOf(reference("Sentence"), "a list of sentences", 1, 3)},
        "a beat that says something",
      ),
    ],
    [
      "ask",
      object<BeatHead & {readonly ask: unknown}>(
        {...beatHead, ask: reference("Ask")},
        "a beat that asks something",
      ),
    ],
  ],
  "a beat",
);

const scenario = object<Scenario>(
  {
    "$schema?": text("the schema's address"),
    format: {const: 1, expected: "1, the format this build reads"},
    id: {
      type: "string",
      maxLength: 40,
      pattern: "^[a-z][a-z0-9-]*$",
      expected: "an id: lower-case letters, digits and dashes",
    },
    group: oneOf("example", "lesson", "incident", "exercise"),
    title: words,
    teaches: words,
    run,
    "open?": when,
    "tell?": listOf(reference("Beat"), "a list of beats"),
    "variants?": record(reference("Variant"), "variants by name"),
    "minutes?": integer(1, 600),
    "sources?": listOf(
      object<Source>(
        {title: text("a title"), "url?": text("an address"), "licence?": text("a licence")},
        'a source: {"title": …}',
      ),
      "a list of sources",
    ),
  },
  "a scenario: format, id, group, title, teaches and run",
);

/** What each definition means. */
const definitions: Readonly<Record<string, Shape>> = {
  Text: described(
    "A text in both languages; `{@old}` and the like are filled in, the same in both.",
    textObject,
  ),
  When: described("Something that is true of the world or not, after an event.", whenUnion),
  ...termShapes,
  Match: described("Which messages are meant: those that have all that is named.", matchShape),
  Config: described("The cluster and its world; what is not said comes from the profile.", config),
  Load: described("What clients ask beside the steps.", load),
  Step: described(
    "What is done, once the step before was taken, `at` has come, `when` is true and `after` has passed since.",
    stepUnion,
  ),
  Expect: described(
    "A claim, tested at the end or when `at` becomes true; false, or never tested, fails the run.",
    expect,
  ),
  Variant: described("The same scenario with some of its run replaced, and what that must show.", variant),
  Beat: described("What is said or asked from some moment on, until the next beat's.", beatUnion),
  Show: described("What the page does meanwhile.", show),
  Sentence: described(
    "Backed by an expectation's id or a fact (`claim`), by the glossary word that it `defines`, or an `aside`.",
    sentenceUnion,
  ),
  Ask: described("A question; which answer is right is evaluated at `until`, never stated.", ask),
};

/** The whole schema, as `etcdscope schema` prints it. */
export const scenarioSchema: Shape = {
  $schema: "http://json-schema.org/draft-07/schema#",
  title: "An etcdscope scenario, format 1",
  description: "`run` decides the trace; `open` and `tell` decide nothing.",
  ...scenario,
  definitions,
};
