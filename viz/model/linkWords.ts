// What was set of a link, in words: what happens to messages there, not the names of settings.

import type {LinkQuality} from "../../sim/network/quality.ts";

interface Both {
  readonly en: string;
  readonly zh: string;
}

/** `loses 5 % of messages, takes 40 to 60 ms`. */
export function linkWords(set: Partial<LinkQuality>): Both {
  const parts = partsOf(set);
  return {en: parts.map(({en}) => en).join(", "), zh: parts.map(({zh}) => zh).join("，")};
}

function partsOf({
  latency,
  lossPerMillion: loss,
  duplicatePerMillion: twice,
  reorderPerMillion: late,
  bytesPerSecond: bytes,
  queueBytes: room,
}: Partial<LinkQuality>): readonly Both[] {
  return [
    ...(loss === undefined ? [] : [lossWords(loss)]),
    ...(latency === undefined ? [] : [latencyWords(latency)]),
    ...(twice === undefined
      ? []
      : [{en: `delivers ${percent(twice)} % twice`, zh: `${percent(twice)}% 送达两次`}]),
    ...(late === undefined
      ? []
      : [{en: `lets ${percent(late)} % be overtaken`, zh: `${percent(late)}% 被后来的消息超过`}]),
    ...(bytes === undefined ? [] : [widthWords(bytes)]),
    ...(room === undefined ? [] : [roomWords(room)]),
  ];
}

function lossWords(perMillion: number): Both {
  if (perMillion === 0) return {en: "loses no message", zh: "不丢失消息"};
  if (perMillion === 1_000_000) return {en: "loses every message", zh: "丢失所有消息"};
  return {en: `loses ${percent(perMillion)} % of messages`, zh: `丢失 ${percent(perMillion)}% 的消息`};
}

function latencyWords({least, most}: LinkQuality["latency"]): Both {
  const [from, to] = [least / 1000, most / 1000];
  if (least === most) return {en: `takes ${from} ms`, zh: `传送需 ${from} 毫秒`};
  return {en: `takes ${from} to ${to} ms`, zh: `传送需 ${from} 至 ${to} 毫秒`};
}

function widthWords(bytes: number): Both {
  if (bytes === 0) return {en: "is as wide as need be", zh: "不限带宽"};
  return {en: `passes ${bytes} bytes a second`, zh: `每秒通过 ${bytes} 字节`};
}

function roomWords(bytes: number): Both {
  if (bytes === 0) return {en: "lets any number wait", zh: "排队不限"};
  return {en: `loses what finds no room among ${bytes} waiting bytes`, zh: `排队超过 ${bytes} 字节即丢失`};
}

function percent(perMillion: number): number {
  return perMillion / 10_000;
}
