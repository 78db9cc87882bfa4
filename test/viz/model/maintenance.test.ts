// What the page says of status, defragmentation and alarms.

import {describe, expect, it} from "vitest";
import type {Result} from "../../../core/server/request.ts";
import {answerText} from "../../../viz/model/answer.ts";
import {ask, Filmed} from "../support/filmed.ts";

describe("an answer", () => {
  const header = {memberId: 1, revision: 3, raftTerm: 1};
  const status = {
    kind: "status",
    leader: 2,
    raftIndex: 9,
    raftAppliedIndex: 8,
    dbSize: 4096,
    dbSizeInUse: 3072,
    dbSizeQuota: 0,
    isLearner: false,
    version: "3",
    errors: [],
  } as const;

  it.each<[Result, string]>([
    [status, "leader n2, applied 8, db 4096 B, in use 3072 B"],
    [
      {...status, leader: 0, errors: ["etcdserver: no leader", "memberID:1 alarm:NOSPACE"]},
      "no leader, applied 8, db 4096 B, in use 3072 B, etcdserver: no leader, memberID:1 alarm:NOSPACE",
    ],
    [{kind: "defragment"}, "OK"],
    [{kind: "alarms", alarms: []}, "no alarm"],
    [
      {
        kind: "alarms",
        alarms: [
          {member: 1, alarm: "NOSPACE"},
          {member: 3, alarm: "NOSPACE"},
        ],
      },
      "memberID:1 alarm:NOSPACE, memberID:3 alarm:NOSPACE",
    ],
  ])("%j", (result, text) => {
    expect(answerText({header, result})).toBe(text);
  });
});

describe("the caption", () => {
  it.each([
    ["status", "look.ownState"],
    ["alarm list", "look.ownState"],
    ["member list", "look.ownState"],
    ["alarm disarm", "look.alarmDisarm"],
    ["defrag", "look.defragment"],
    ["get x", "look.asked"],
  ])("of %s tells what the server does with it", (line, look) => {
    const film = new Filmed({members: 3, clients: 1}, [[600, ask(line)]]);
    const frame = film.untilChange("it was asked", (one) => one.kind === "invoked");
    expect(frame.caption.look).toMatchObject({said: {id: look}});
  });

  it("of a put for which there is no room says that, and that it may have been done", () => {
    const film = new Filmed({members: 3, clients: 1, store: {quotaBytes: 1}}, [[600, ask("put x 1")]]);
    const {caption} = film.untilChange("it was answered", (one) => one.kind === "settled");
    expect(caption).toMatchObject({now: {said: {id: "now.noSpace"}}, look: {said: {id: "look.noSpace"}}});
  });
});
