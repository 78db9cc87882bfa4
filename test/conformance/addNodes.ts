// `add-nodes N voters=(1,2) index=10 …`: what the new members are to be like.

import type {RaftConfig} from "../../core/raft/config.ts";
import {ascending, emptyConfState} from "../../core/raft/confState.ts";
import {noData} from "../../core/raft/entry.ts";
import type {Snapshot} from "../../core/raft/snapshot.ts";
import {firstNumber, numberIn, switchIn} from "./arguments.ts";
import type {Directive} from "./dataDriven.ts";
import {memberConfig} from "./member.ts";

export interface NewMembers {
  readonly count: number;
  readonly config: Omit<RaftConfig, "id">;
  /** What they begin with; undefined: they know nobody. */
  readonly start: Snapshot | undefined;
}

interface Draft {
  config: Omit<RaftConfig, "id">;
  voters: number[];
  learners: number[];
  index: number | undefined;
  data: Uint8Array | undefined;
}

/** Or why it cannot be. */
export function newMembers(directive: Directive): NewMembers | string {
  const draft: Draft = {config: memberConfig, voters: [], learners: [], index: undefined, data: undefined};
  for (const {key, values} of directive.arguments.slice(1)) {
    for (const value of values) {
      const failure = take(draft, key, value);
      if (failure !== undefined) return failure;
    }
  }
  const {config} = draft;
  const start = startOf(draft);
  if (start !== undefined && start.index <= 1) return "index must be specified as > 1 due to bootstrap";
  return {count: firstNumber(directive), config, start};
}

function startOf({voters, learners, index = 0, data = noData}: Draft): Snapshot | undefined {
  if (voters.length === 0 && learners.length === 0 && index === 0 && data.length === 0) return undefined;
  const confState = {...emptyConfState, voters: ascending(voters), learners: ascending(learners)};
  return {index, term: 1, confState, data};
}

/** Arguments that nobody knows are ignored, as upstream does. */
function take(draft: Draft, key: string, value: string): string | undefined {
  switch (key) {
    case "voters":
      draft.voters.push(numberIn(value));
      break;
    case "learners":
      draft.learners.push(numberIn(value));
      break;
    case "index":
      draft.index = numberIn(value);
      break;
    case "content":
      draft.data = new TextEncoder().encode(value);
      break;
    case "read-only":
      if (value !== "safe" && value !== "lease-based") return `invalid read-only option "${value}"`;
      draft.config = {...draft.config, readOnly: value === "safe" ? "safe" : "leaseBased"};
      break;
    default:
      draft.config = {...draft.config, ...setting(key, value)};
  }
  return undefined;
}

function setting(key: string, value: string): Partial<RaftConfig> {
  switch (key) {
    case "inflight":
      return {inflightMax: numberIn(value)};
    case "async-storage-writes":
      return {asyncStorageWrites: switchIn(value)};
    case "prevote":
      return {preVote: switchIn(value)};
    case "checkquorum":
      return {checkQuorum: switchIn(value)};
    case "max-committed-size-per-ready":
      return {applyingBytesMax: numberIn(value)};
    case "disable-conf-change-validation":
      return {disableConfChangeValidation: switchIn(value)};
    case "step-down-on-removal":
      return {stepDownOnRemoval: switchIn(value)};
    default:
      return {};
  }
}
