// What a trace's header may hold, every field checked: in the blocks of a file, and in the first line of an older one.

import {integer, list, literal, object, optional, text} from "./decode.ts";
import type {Decoder} from "./decode.ts";
import {decodeChoice, decodeIntervention, runFields} from "./runText.ts";
import type {TraceEnd, TraceHeader} from "./trace.ts";
import type {Done, Head, Tail} from "./writer.ts";

export const decodeHash = text("16 hex digits", /^[0-9a-f]{16}$/);

export const decodeTime = integer(0, Number.MAX_SAFE_INTEGER);

export const eventsMax = 1_000_000_000;

const aboutFields = {
  code: decodeHash,
  scenario: optional(text("a scenario's id", /^[^\n]+$/, 100)),
  variant: optional(text("a variant's name", /^[^\n]+$/, 100)),
  source: optional(text("a scenario's text", /^[^]+$/, 4_000_000)),
};

const end: Decoder<TraceEnd> = object({
  events: integer(0, eventsMax),
  at: decodeTime,
  hash: decodeHash,
  verdict: literal("pass", "fail", "unknown"),
});

const mark = {etcdscope: literal("trace")};

/** Of a file made of blocks. */
export const decodeHead: Decoder<Head & {readonly etcdscope: "trace"}> = object({
  ...mark,
  ...runFields,
  ...aboutFields,
});

/** Beside a block's events. */
export const decodeDone: Decoder<Done> = object({
  script: list(decodeIntervention),
  choices: list(decodeChoice),
});

export const decodeTail: Decoder<Tail> = object({
  limits: runFields.limits,
  end,
  script: optional(list(decodeIntervention)),
  choices: optional(list(decodeChoice)),
});

/** Of a file that is text. */
export const decodeHeader: Decoder<TraceHeader & {readonly etcdscope: "trace"}> = object({
  ...mark,
  ...runFields,
  ...aboutFields,
  end,
});
