// A member that starts as the only one of its cluster, with all it has (etcd --force-new-cluster; server/etcdserver/
// bootstrap.go, createConfigChangeEnts): what it knows to be committed stays, what is behind goes, and entries at the log's
// end remove all others. For when a majority is gone for ever; what only they had is lost.

import type {MemberId} from "../base/quantity.ts";
import {change, decodeConfChange, proposalOf} from "../raft/confChange.ts";
import type {ConfChange, SingleChange} from "../raft/confChange.ts";
import {isVoter, membersOf} from "../raft/confState.ts";
import type {ConfState} from "../raft/confState.ts";
import type {Entry} from "../raft/entry.ts";
import {noData} from "../raft/entry.ts";
import type {WalBatch} from "../storage/wal.ts";
import type {Recovered} from "./recovery.ts";

export interface Forced {
  readonly recovered: Recovered;
  /** To be written to the log before anything else. */
  readonly batch: WalBatch;
}

/** What it starts with. Not out of a joint configuration: entries of this kind cannot leave it. */
export function forceNewCluster(self: MemberId, recovered: Recovered): Forced {
  const {hardState, mark, state} = recovered;
  const {commit} = hardState;
  const kept = recovered.entries.filter(({index}) => index <= commit);
  const conf = confAfter(
    state.membership.conf,
    kept.filter(({index}) => index > state.position.index),
  );
  const changes: SingleChange[] = membersOf(conf)
    .filter((member) => member !== self)
    .map((member) => ({type: "remove", member}));
  if (!isVoter(conf, self)) changes.unshift({type: "addVoter", member: self});
  const last = kept.at(-1)?.index ?? mark.index;
  const added = changes.map((one, i): Entry => {
    const asked: ConfChange = {version: 1, transition: "auto", changes: [one], context: noData};
    return {...proposalOf(asked), term: hardState.term, index: last + 1 + i};
  });
  const forced = {...hardState, commit: last + added.length};
  return {
    recovered: {...recovered, entries: [...kept, ...added], hardState: forced},
    batch: {snapshot: undefined, entries: added, hardState: forced, mustSync: true},
  };
}

function confAfter(begin: ConfState, entries: readonly Entry[]): ConfState {
  let conf = begin;
  for (const {type, data} of entries) {
    const asked = type === "normal" ? undefined : decodeConfChange(type, data);
    const changed = asked === undefined ? undefined : change(conf, asked);
    if (changed?.ok === true) conf = changed.value.conf;
  }
  return conf;
}
