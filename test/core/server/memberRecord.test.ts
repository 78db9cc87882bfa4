// What the cluster knows of its members: in the backend file, in step with raft's configuration, through the log.

import fc from "fast-check";
import {describe, expect, test} from "vitest";
import {confState, isLearner, membersOf} from "../../../core/raft/confState.ts";
import {
  areUrls,
  followed,
  foundation,
  memberOf,
  noMembership,
  readMembership,
  updated,
  writeMembership,
} from "../../../core/server/memberRecord.ts";
import type {Membership} from "../../../core/server/memberRecord.ts";
import type {Request} from "../../../core/server/request.ts";
import {apiErrors} from "../../../core/server/request.ts";
import {Backend} from "../../../core/storage/backend.ts";
import {errorOf, led, ms, request} from "./cluster.ts";
import type {Cluster} from "./cluster.ts";

function infoAt(cluster: Cluster, at: number, member: number): unknown {
  return memberOf(cluster.server(at).membership, member);
}

const started = {
  member: 4,
  name: "n4",
  peerUrls: ["http://n4:2380"],
  clientUrls: ["http://n4:2379"],
  isLearner: true,
};

describe("the record of members", () => {
  const conf = fc
    .record({
      voters: fc.uniqueArray(fc.integer({min: 1, max: 9}), {minLength: 1, maxLength: 5}),
      learners: fc.uniqueArray(fc.integer({min: 1, max: 9}), {maxLength: 3}),
    })
    .map(({voters, learners}) =>
      confState(
        voters,
        learners.filter((id) => !voters.includes(id)),
      ),
    );

  test("comes back from the file as it was written, change by change", () => {
    fc.assert(
      fc.property(fc.array(conf, {maxLength: 6}), (confs) => {
        const backend = Backend.empty({pageBytes: 512});
        let record: Membership = foundation([1, 2, 3], [4]);
        writeMembership(backend, noMembership, record);
        for (const next of confs) {
          // Who was removed never returns.
          if (record.removed.some((id) => membersOf(next).includes(id))) continue;
          const after = updated(followed(record, next), next.voters[0] ?? 0, {name: "later"});
          writeMembership(backend, record, after);
          record = after;
          backend.commit();
          backend.settled();
        }
        expect(readMembership(backend)).toEqual(record);
        // Another cluster may begin with the file: it knows of nobody who was removed.
        writeMembership(backend, record, foundation([1, 2], [3]));
        expect(readMembership(backend)).toEqual(foundation([1, 2], [3]));
      }),
    );
  });

  test("follows the configuration: the same members, the same learners, and who went is removed", () => {
    fc.assert(
      fc.property(conf, conf, (before, after) => {
        const record = followed(followed(noMembership, before), after);
        expect(record.members.map(({member}) => member)).toEqual(membersOf(after));
        for (const one of record.members) expect(one.isLearner).toBe(isLearner(after, one.member));
        expect(record.removed).toEqual(membersOf(before).filter((id) => !membersOf(after).includes(id)));
      }),
    );
  });

  test.each([
    ["members", "1", "{}"],
    ["members", "2", '{"id":1,"peerURLs":["http://n1:2380"]}'],
    ["members", "1", '{"id":1,"peerURLs":"http://n1:2380"}'],
    ["members", "1", "no JSON"],
    ["members_removed", "0x1", "removed"],
    ["meta", "confState", '{"voters":[2,1]}'],
  ] as const)("with %s/%s = %s in its file is none of ours", (bucket, key, value) => {
    const backend = Backend.empty({pageBytes: 512});
    writeMembership(backend, noMembership, foundation([1], []));
    expect(readMembership(backend)).toEqual(foundation([1], []));
    backend.put(bucket, key, new TextEncoder().encode(value));
    expect(readMembership(backend)).toBeUndefined();
  });

  test.each([
    [["http://n1:2380"], true],
    [["https://10.0.0.1:2380", "http://[::1]:2380"], true],
    [[], false],
    [["n1:2380"], false],
    [["http://n1"], false],
    [["http://n1:2380/x"], false],
    [["ftp://n1:2380"], false],
    [["http://n1:2380", ""], false],
    [["http://n 1:2380"], false],
    [["http://ńode:2380"], false],
  ])("addresses %j are such: %s", (urls, are) => {
    expect(areUrls(urls)).toBe(are);
  });
});

describe("a member that was added", () => {
  test("has no name until it has started, and then tells it through the log", () => {
    const cluster = led();
    cluster.ask(1, "member add n4 --learner");
    expect(infoAt(cluster, 1, 4)).toEqual({...started, name: "", clientUrls: []});
    cluster.start(4);
    cluster.tick(3);
    for (const id of [1, 2, 3, 4]) expect(infoAt(cluster, id, 4)).toEqual(started);
  });

  test("tells it again when that was lost", () => {
    const cluster = led();
    cluster.ask(1, "member add n4 --learner");
    let lost = 0;
    cluster.loses = ({kind}) => kind === "Propose" && lost++ === 0;
    cluster.start(4);
    cluster.tick(3);
    expect(lost).toBe(1);
    expect(infoAt(cluster, 1, 4)).toMatchObject({name: ""});
    cluster.pass(6000 * ms);
    cluster.tick(3);
    expect(infoAt(cluster, 1, 4)).toEqual(started);
  });

  test("is found where it was said, or where its name says", () => {
    const cluster = led();
    const peerUrls = ["http://10.0.0.4:2380"];
    cluster.ask(1, {kind: "memberAdd", member: 4, isLearner: true, peerUrls});
    cluster.tick();
    expect(infoAt(cluster, 2, 4)).toMatchObject({peerUrls});
  });

  test("who was there from the beginning has started, and tells nothing", () => {
    const cluster = led();
    expect(infoAt(cluster, 2, 3)).toMatchObject({name: "n3", clientUrls: ["http://n3:2379"]});
    expect(cluster.server(1).raft.lastIndex).toBe(1);
  });
});

describe("changes of the record", () => {
  const update = (member: number, ...peerUrls: string[]): Request => ({
    kind: "memberUpdate",
    member,
    peerUrls,
  });

  /** n4 is a learner that has started. */
  function grown(): Cluster {
    const cluster = led();
    cluster.ask(1, "member add n4 --learner");
    cluster.start(4);
    cluster.tick(3);
    return cluster;
  }

  test.each<[Request, keyof typeof apiErrors]>([
    [update(9, "http://a:1"), "memberNotFound"],
    [update(2, "a:1"), "memberBadUrls"],
    [update(2), "memberBadUrls"],
    [update(2, "http://n3:2380"), "peerUrlExists"],
    [{kind: "memberAdd", member: 5, peerUrls: ["http://n1:2380"]}, "peerUrlExists"],
    [{kind: "memberAdd", member: 5, peerUrls: ["http://n5"]}, "memberBadUrls"],
    [{kind: "memberAdd", member: 5, peerUrls: []}, "memberBadUrls"],
    [{kind: "memberAdd", member: 5, peerUrls: ["http://ńode:2380"]}, "memberBadUrls"],
  ])("%j is refused: %s", (asked, error) => {
    const cluster = grown();
    const before = cluster.server(1).membership;
    expect(errorOf(cluster.ask(1, asked))).toBe(apiErrors[error].message);
    expect(cluster.server(1).membership).toBe(before);
  });

  test("an update changes the addresses and nothing else: a learner stays one (etcd #21694)", () => {
    const cluster = grown();
    cluster.ask(1, update(4, "http://elsewhere:2380"));
    cluster.tick();
    for (const id of [1, 4])
      expect(infoAt(cluster, id, 4)).toEqual({...started, peerUrls: ["http://elsewhere:2380"]});
    expect(cluster.server(1).raft.confState.learners).toEqual([4]);
  });

  test("an update to the addresses that it has is no conflict", () => {
    const cluster = grown();
    expect(errorOf(cluster.ask(1, update(4, "http://n4:2380")))).toBeUndefined();
  });

  test("who was removed never comes back, whatever way it is asked for", () => {
    const cluster = grown();
    cluster.ask(1, "member remove n4");
    cluster.tick();
    for (const line of ["member add n4", "member add n4 --learner", "member reconfigure v4"])
      expect(errorOf(cluster.ask(1, line))).toBe(apiErrors.memberNotFound.message);
    for (const id of [1, 2, 3]) expect(cluster.server(id).membership.removed).toEqual([4]);
  });

  test("a promotion stays one after a crash, behind a snapshot and in another member (etcd #19557)", () => {
    const cluster = led({snapshotEvery: 3, snapshotKeep: 0});
    cluster.ask(1, "member add n4 --learner");
    cluster.start(4);
    cluster.tick(3);
    cluster.ask(1, "member promote n4");
    cluster.isolated.add(3);
    for (let i = 0; i < 6; i++) cluster.ask(1, `put x ${i}`);
    cluster.isolated.clear();
    cluster.tick(3);
    cluster.pass(200 * ms);
    for (const id of [1, 2, 3, 4]) {
      cluster.crash(id);
      cluster.boot(id);
      cluster.run();
      expect(infoAt(cluster, id, 4)).toEqual({...started, isLearner: false});
      expect(cluster.server(id).raft.confState.voters).toEqual([1, 2, 3, 4]);
    }
  });

  test("what was refused when it was applied is not done when the log is read again", () => {
    const cluster = led();
    cluster.stalled.add(2);
    cluster.ask(1, {kind: "memberAdd", member: 4, isLearner: true, peerUrls: ["http://a:1"]});
    cluster.ask(2, {kind: "memberUpdate", member: 2, peerUrls: ["http://a:1"]}, {stream: 7});
    cluster.stalled.clear();
    cluster.run();
    cluster.tick(2);
    expect(cluster.on(7).map(errorOf)).toEqual([apiErrors.peerUrlExists.message]);
    const {membership} = cluster.server(1);
    for (const committed of [false, true]) {
      if (committed) cluster.pass(200 * ms);
      cluster.crash(1);
      cluster.boot(1);
      cluster.run();
      cluster.elect(2);
      cluster.tick(2);
      expect(cluster.server(1).membership).toEqual(membership);
    }
  });

  test("is the same on all members and after every restart, whatever was asked", () => {
    const line = fc.constantFrom(
      "member add n4",
      "member add n4 --learner",
      "member add n5 --learner",
      "member promote n4",
      "member promote n5",
      "member remove n4",
      "member remove n2",
      "member reconfigure v4 v5 r3 --transition explicit",
      "member reconfigure",
      "put x 1",
    );
    let compared = 0;
    fc.assert(
      fc.property(fc.array(line, {maxLength: 10}), fc.integer({min: 1, max: 3}), (lines, restarted) => {
        const cluster = led({snapshotEvery: 4, snapshotKeep: 1, strictReconfig: false});
        cluster.start(4);
        cluster.start(5);
        for (const [i, asked] of lines.entries()) {
          cluster.ask(1, asked);
          cluster.tick();
          if (i % 3 === restarted % 3) {
            cluster.crash(restarted);
            cluster.boot(restarted);
            cluster.run();
            cluster.elect(1);
          }
        }
        cluster.tick(2);
        const {membership, appliedIndex} = cluster.server(1);
        for (const server of cluster.servers.values()) {
          expect(server.membership.conf).toEqual(server.raft.confState);
          expect(server.membership.members.map(({member}) => member)).toEqual(
            membersOf(server.raft.confState),
          );
          if (server === cluster.server(1) || server.appliedIndex !== appliedIndex) continue;
          expect(server.membership).toEqual(membership);
          compared++;
        }
      }),
      {numRuns: 60},
    );
    expect(compared).toBeGreaterThan(60);
  });
});

describe("strict reconfiguration", () => {
  const notEnough = apiErrors.notEnoughStarted.message;

  test.each<
    [config: Partial<ConstructorParameters<typeof Cluster>[0]>, second: string, error: string | undefined]
  >([
    // Of three voters two have started; of four three would be needed, of the two that stay both.
    [{}, "member add n4", notEnough],
    [{}, "member add n4 --learner", undefined],
    [{}, "member remove n1", notEnough],
    [{}, "member remove n3", undefined],
    [{strictReconfig: false}, "member add n4", undefined],
    [{strictReconfig: false}, "member remove n2", undefined],
  ])("with %j and a third voter that was added and is not there, %s: %s", (config, second, error) => {
    const cluster = led(config, [1, 2]);
    expect(errorOf(cluster.ask(1, "member add n3"))).toBeUndefined();
    cluster.tick();
    const answer = cluster.ask(1, second);
    expect(answer === undefined ? undefined : errorOf(answer)).toBe(error);
  });

  test("a second voter that has not started keeps a third away; a first one does not", () => {
    const cluster = led({}, [1]);
    expect(errorOf(cluster.ask(1, "member add n2"))).toBeUndefined();
    expect(errorOf(cluster.ask(1, "member add n3"))).toBe(notEnough);
  });

  test("the last voter stays", () => {
    const cluster = led({}, [1]);
    expect(errorOf(cluster.ask(1, "member remove n1"))).toBe(notEnough);
  });
});

describe("a cluster that is not healthy", () => {
  const unhealthy = apiErrors.unhealthy.message;
  const healthInterval = 5000 * ms;

  test("takes nobody until its leader has been connected with all voters for a while", () => {
    const cluster = led({healthInterval, preVote: true, checkQuorum: true});
    cluster.tick(2);
    expect(errorOf(cluster.ask(1, "member add n4"))).toBe(unhealthy);
    cluster.pass(healthInterval);
    cluster.isolated.add(3);
    cluster.tick(20);
    expect(errorOf(cluster.ask(1, "member add n4"))).toBe(unhealthy);
    cluster.isolated.clear();
    cluster.tick(2);
    expect(errorOf(cluster.ask(1, "member add n4"))).toBe(unhealthy);
    cluster.pass(healthInterval);
    cluster.tick();
    expect(errorOf(cluster.ask(1, "member add n4"))).toBeUndefined();
  });

  test("lets who is down go, and nobody else", () => {
    const cluster = led({healthInterval});
    cluster.pass(healthInterval);
    cluster.isolated.add(3);
    cluster.tick(20);
    expect(errorOf(cluster.ask(1, "member remove n2"))).toBe(unhealthy);
    expect(errorOf(cluster.ask(1, "member remove n3"))).toBeUndefined();
  });
});

describe("a promotion", () => {
  test("that a follower is asked for is the leader's to answer", () => {
    const cluster = led();
    cluster.ask(1, "member add n4 --learner");
    expect(errorOf(cluster.ask(2, "member promote n4"))).toBe(apiErrors.learnerNotReady.message);
    cluster.start(4);
    cluster.tick(3);
    const done = cluster.ask(2, "member promote n4");
    expect(done).toMatchObject({header: {memberId: 2}, result: {kind: "members"}});
    expect(cluster.server(1).raft.confState.voters).toEqual([1, 2, 3, 4]);
  });
});

describe("a list of members", () => {
  test("is what the member asked has applied, or waits until that is enough", () => {
    const cluster = led();
    cluster.isolated.add(3);
    cluster.ask(1, "member add n4 --learner");
    const list = (linearizable: boolean): Request => ({kind: "memberList", linearizable});
    expect(cluster.ask(3, list(false))?.result).toMatchObject({members: {length: 3}});
    expect(cluster.ask(3, list(true), {stream: 5})).toBeUndefined();
    cluster.isolated.clear();
    cluster.tick(2);
    cluster.pass(1000 * ms);
    expect(cluster.on(5)[0]?.result).toMatchObject({members: {length: 4}});
    expect(request("member list").kind).toBe("memberList");
  });
});

describe("a member that was removed", () => {
  test("tells what it has to tell, and stops after a second; started again, it stops at once", () => {
    const cluster = led();
    cluster.ask(1, "member remove n3");
    cluster.tick();
    expect(cluster.server(3).exited).toBe(false);
    cluster.pass(999 * ms);
    expect(cluster.server(3).exited).toBe(false);
    cluster.pass(1 * ms);
    expect(cluster.server(3).exited).toBe(true);
    cluster.crash(3);
    cluster.boot(3);
    expect(cluster.server(3).exited).toBe(true);
    expect(cluster.effects.at(-1)?.effect).toMatchObject({kind: "exit", reason: {id: "server/removed"}});
  });

  test("is not listened to by those who know", () => {
    const cluster = led({}, [1, 2, 3, 4]);
    cluster.isolated.add(4);
    cluster.ask(1, "member remove n4");
    cluster.tick();
    cluster.isolated.clear();
    cluster.elect(4);
    expect(cluster.server(4).raft.term).toBe(2);
    expect(cluster.server(1).raft).toMatchObject({term: 1, role: "leader"});
  });
});
