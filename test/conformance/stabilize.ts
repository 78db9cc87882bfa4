// How a script lets members work: those that it names, a piece each, or all until none has anything to do.

import {idsOf} from "./arguments.ts";
import type {Cluster, Failure} from "./cluster.ts";
import {setLevel} from "./cluster.ts";
import {deliver} from "./delivery.ts";
import type {Directive} from "./dataDriven.ts";
import type {Member} from "./member.ts";
import {processAppendThread, processApplyThread, processReady} from "./threads.ts";

interface Work {
  readonly title: string;
  readonly has: (cluster: Cluster, member: Member) => boolean;
  readonly once: (cluster: Cluster, member: Member) => Failure;
  /** In `stabilize`, whether a member's turn ends only when it has no more of it. */
  readonly drains: boolean;
}

export const readyWork: Work = {
  title: "handling Ready",
  has: (_, {node}) => node.hasReady(),
  once: processReady,
  drains: false,
};

const receiving: Work = {
  title: "receiving messages",
  has: ({mail}, {id}) => mail.has(id),
  once: (cluster, {id}) => {
    deliver(cluster, {to: id, type: undefined, drop: false});
    return undefined;
  },
  drains: false,
};

export const appendWork: Work = {
  title: "processing append thread",
  has: (_, member) => member.appendWork.length > 0,
  once: processAppendThread,
  drains: true,
};

export const applyWork: Work = {
  title: "processing apply thread",
  has: (_, member) => member.applyWork.length > 0,
  once: processApplyThread,
  drains: true,
};

/** Each member that is named does one piece of work; if they are several, under a heading each. */
export function each(cluster: Cluster, directive: Directive, work: Work): Failure {
  const ids = idsOf(directive);
  for (const id of ids) {
    const member = cluster.member(id);
    const failure =
      ids.length > 1
        ? headed(cluster, `${id} ${work.title}`, () => work.once(cluster, member))
        : work.once(cluster, member);
    if (failure !== undefined) return failure;
  }
  return undefined;
}

/** `stabilize 1 2 log-level=none`; without ids, all members. */
export function stabilize(cluster: Cluster, directive: Directive): Failure {
  const {output} = cluster;
  const before = output.level;
  try {
    for (const {key, values} of directive.arguments) {
      for (const value of key === "log-level" ? values : []) {
        const failure = setLevel(cluster, value);
        if (failure !== undefined) return failure;
      }
    }
    const ids = idsOf(directive);
    return untilIdle(cluster, ids.length === 0 ? cluster.members : ids.map((id) => cluster.member(id)));
  } finally {
    output.level = before;
  }
}

const round: readonly Work[] = [readyWork, receiving, appendWork, applyWork];

/** Rounds, in which all members have their turn at each kind of work, until one in which there was none. */
function untilIdle(cluster: Cluster, members: readonly Member[]): Failure {
  let worked = true;
  while (worked) {
    worked = false;
    for (const work of round) {
      for (const member of members) {
        if (!work.has(cluster, member)) continue;
        const failure = headed(cluster, `${member.id} ${work.title}`, () => turn(cluster, member, work));
        if (failure !== undefined) return failure;
        worked = true;
      }
    }
  }
  return undefined;
}

function turn(cluster: Cluster, member: Member, work: Work): Failure {
  let failure = work.once(cluster, member);
  while (failure === undefined && work.drains && work.has(cluster, member)) {
    failure = work.once(cluster, member);
  }
  return failure;
}

function headed({output}: Cluster, heading: string, print: () => Failure): Failure {
  let failure: Failure;
  output.write(`> ${heading}\n`);
  output.indented(() => (failure = print()));
  return failure;
}
