// What is asked of a cluster: commands and changes of membership.

import type {ConfChange, SingleChange, SingleChangeType, Transition} from "../../core/raft/confChange.ts";
import {leaveJoint} from "../../core/raft/confChange.ts";
import type {ConfState} from "../../core/raft/confState.ts";
import {noData} from "../../core/raft/entry.ts";
import type {Feature} from "./features.ts";
import type {Luck} from "./luck.ts";

const payloads = Array.from({length: 64}, (_, length) => new Uint8Array(length));

/** A command of so many bytes. What they are is nothing to raft; who is who is seen by the entry. */
export function proposalAt(length: number): Uint8Array {
  return payloads[length] ?? noData;
}

const types: readonly SingleChangeType[] = ["addVoter", "addVoter", "remove", "addLearner", "update"];

/** A change, and what kind of one that is. Whether it makes sense is not asked. */
export function changeAt(luck: Luck, size: number, conf: ConfState): readonly [Feature, ConfChange] {
  if (conf.votersOutgoing.length > 0 && luck.once(3, 4)) return ["changeLeave", leaveJoint];
  const what = luck.below(8);
  const single = (): SingleChange => ({type: luck.pick(types), member: 1 + luck.below(size)});
  if (what < 2) return ["changeOldForm", v(1, "auto", [single()])];
  if (what < 4) return ["changeSimple", v(2, "auto", [single()])];
  const changes = Array.from({length: 1 + luck.below(3)}, single);
  if (what < 5) return ["changeJointAuto", v(2, "auto", [single(), ...changes])];
  if (what < 6) return ["changeJointImplicit", v(2, "implicit", changes)];
  if (what < 7) return ["changeJointExplicit", v(2, "explicit", changes)];
  return ["changeLeave", leaveJoint];
}

function v(version: 1 | 2, transition: Transition, changes: readonly SingleChange[]): ConfChange {
  return {version, transition, changes, context: noData};
}
