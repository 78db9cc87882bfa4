// What the claims about a whole cluster remember of how a state was come to: who led which term, what was committed,
// applied, written. It is a part of the state (a history variable): two states that differ in nothing else are two,
// because what follows may break a claim in one of them only.

import {present} from "../../core/base/assert.ts";
import {Hasher} from "../../core/base/hasher.ts";
import type {Hash} from "../../core/base/hasher.ts";
import type {MemberId} from "../../core/base/quantity.ts";
import type {Violation} from "../check/checker.ts";
import {ElectionSafety} from "../check/electionSafety.ts";
import {LeaderCompleteness} from "../check/leaderCompleteness.ts";
import {LogMatching} from "../check/logMatching.ts";
import type {RaftClaim} from "../check/raftClaim.ts";
import {StateMachineSafety} from "../check/stateMachineSafety.ts";
import type {Change} from "../event.ts";
import type {Local, Step} from "./collapse.ts";
import {mixed} from "./mix.ts";

/** What came of a step, with these other leaders: Leader Completeness looks at them too. */
interface Learned {
  readonly leaders: readonly Local[];
  readonly outcome: Memory | Violation;
}

export class Memory {
  readonly hash: Hash;
  /** Of this and its renamings, two lanes each. */
  readonly lanes: Int32Array;
  private readonly claims: readonly RaftClaim[];
  private readonly twins: Memory[] = [];
  private readonly learned = new Map<Step, Learned[]>();

  private constructor(claims: readonly RaftClaim[], renamings: number) {
    this.claims = claims;
    const into = new Hasher();
    for (const claim of claims) claim.digest(into);
    this.hash = into.hash();
    this.lanes = new Int32Array(2 * renamings);
    [this.lanes[0], this.lanes[1]] = mixed(into.lanes());
  }

  static empty(renamings: number): Memory {
    const claims = [
      new ElectionSafety(),
      new LogMatching(),
      new LeaderCompleteness(),
      new StateMachineSafety(),
    ];
    return new Memory(claims, renamings);
  }

  twinOf(renaming: number): Memory {
    return present(this.twins[renaming], "a renamed memory");
  }

  setTwin(renaming: number, twin: Memory): void {
    this.twins[renaming] = twin;
    this.lanes[2 * renaming] = twin.lanes[0] ?? 0;
    this.lanes[2 * renaming + 1] = twin.lanes[1] ?? 0;
  }

  known(step: Step, locals: readonly Local[]): Memory | Violation | undefined {
    const all = this.learned.get(step);
    if (all === undefined) return undefined;
    for (const {leaders, outcome} of all) if (areLeaders(leaders, locals, step.to.host.id)) return outcome;
    return undefined;
  }

  learn(step: Step, locals: readonly Local[], outcome: Memory | Violation): void {
    const leaders = locals.filter((local) => isLeader(local) && local.host.id !== step.to.host.id);
    const all = this.learned.get(step);
    if (all === undefined) this.learned.set(step, [{leaders, outcome}]);
    else all.push({leaders, outcome});
  }

  /** The claims are asked of the members as a step left them. */
  after(locals: readonly Local[], touched: MemberId, changes: readonly Change[]): Memory | Violation {
    const claims = this.claims.map((claim) => claim.fork());
    const members = locals.map(({host: {id, incarnation, raft}}) => {
      return {id, incarnation, server: {raft}};
    });
    for (const claim of claims) {
      const violation = claim.after({members}, {id: "", step: 0, changes}, touched);
      if (violation !== undefined) return violation;
    }
    return new Memory(claims, this.lanes.length / 2);
  }
}

function isLeader({host}: Local): boolean {
  return host.raft.role === "leader";
}

function areLeaders(leaders: readonly Local[], locals: readonly Local[], but: MemberId): boolean {
  let found = 0;
  for (const local of locals) {
    if (local.host.id === but || !isLeader(local)) continue;
    if (local !== leaders[found]) return false;
    found++;
  }
  return found === leaders.length;
}
