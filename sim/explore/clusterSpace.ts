// The space of a cluster: members, and messages on their way between them in no order. Untimed: an election timer may run
// out whenever its member's term is below the bound, and everything else that a world does now and then has a budget.
// A member that is touched does all that follows at once (host.ts).

import {present} from "../../core/base/assert.ts";
import {Hasher} from "../../core/base/hasher.ts";
import {noMember} from "../../core/base/quantity.ts";
import type {RawNode} from "../../core/raft/rawNode.ts";
import type {Violation} from "../check/checker.ts";
import {budgets, without, withSent} from "./action.ts";
import type {Action, Budget, Letter} from "./action.ts";
import {Collapse} from "./collapse.ts";
import type {Local} from "./collapse.ts";
import type {Host} from "./host.ts";
import {Memory} from "./memory.ts";
import {mixed} from "./mix.ts";
import type {Fingerprint, Space, Symmetry} from "./space.ts";
import {Group} from "./symmetry.ts";

/** How far a space goes. */
export interface Bounds extends Partial<Readonly<Record<Budget, number>>> {
  /** No election begins a term beyond this one. */
  readonly terms: number;
}

export interface ClusterOptions {
  readonly name: string;
  readonly bounds: Bounds;
  /** By ascending id, as they begin. */
  readonly hosts: readonly Host[];
  /** Nothing depends on who is called what. */
  readonly symmetric: boolean;
  /** Members are asked what must hold of each by itself. Not those with a planted bug. */
  readonly asksMembers: boolean;
}

export interface ClusterState {
  /** Member n stands at n−1. */
  readonly locals: readonly Local[];
  /** On their way, in order (compareLetters), each as often as it is. */
  readonly letters: readonly Letter[];
  /** What is left of each budget. */
  readonly left: readonly number[];
  readonly memory: Memory;
  readonly broken: Violation | undefined;
}

export class ClusterSpace implements Space<ClusterState, Action> {
  readonly name: string;
  readonly initial: ClusterState;
  readonly symmetry: Symmetry<ClusterState, Action>;
  readonly collapse: Collapse;
  private readonly bounds: Bounds;
  /** By budget and what is left of it: the same under every renaming. */
  private readonly budgetLanes: readonly (readonly Int32Array[])[];
  private readonly summed: Int32Array;

  constructor({name, bounds, hosts, symmetric, asksMembers}: ClusterOptions) {
    this.name = name;
    this.bounds = bounds;
    const group = symmetric ? Group.full(hosts.length) : Group.trivial(hosts.length);
    this.collapse = new Collapse(hosts.length, group, asksMembers);
    const left = budgets.map((budget) => bounds[budget] ?? 0);
    this.budgetLanes = left.map((most, budget) =>
      Array.from({length: most + 1}, (_, rest) => budgetLanes(budget, rest, group.size)),
    );
    this.summed = new Int32Array(2 * group.size);
    const {collapse} = this;
    const memory = collapse.firstMemory();
    this.initial = {locals: collapse.begin(hosts), letters: [], left, memory, broken: undefined};
    this.symmetry = new MemberSymmetry(this, group);
  }

  actions({locals, letters, left}: ClusterState): readonly Action[] {
    const actions: Action[] = [];
    const [drops = 0, duplicates = 0, crashes = 0, requests = 0, heartbeats = 0] = left;
    let before: Letter | undefined;
    for (const letter of letters) {
      if (letter !== before) {
        actions.push(letter.deliver);
        if (drops > 0) actions.push(letter.drop);
        if (duplicates > 0) actions.push(letter.duplicate);
      }
      before = letter;
    }
    const {collapse} = this;
    for (const {host} of locals) {
      const {id, raft} = host;
      if (host.diskQueue > 0) actions.push(collapse.action("disk", id));
      if (raft.role === "leader") {
        if (requests > 0) actions.push(collapse.action("request", id));
        if (heartbeats > 0) actions.push(collapse.action("heartbeat", id));
      } else if (raft.term < this.bounds.terms) actions.push(collapse.action("timeout", id));
      if (crashes > 0) actions.push(collapse.action("crash", id));
    }
    return actions;
  }

  apply({locals, letters, left, memory}: ClusterState, action: Action): ClusterState {
    const {member, letter, kind, spends} = action;
    const rest = letter === undefined || kind === "duplicate" ? letters : without(letters, letter);
    const leftOver = spends < 0 ? left : left.with(spends, (left[spends] ?? 0) - 1);
    if (member === noMember) return {locals, letters: rest, left: leftOver, memory, broken: undefined};
    const handed = handedOf(action);
    const {to, sent, changes, broken} = this.collapse.stepOf(present(locals[member - 1], "a member"), handed);
    const remembered = changes.length === 0 ? memory : this.collapse.remember(memory, locals, handed);
    const members = locals.slice();
    members[member - 1] = to;
    return {
      locals: members,
      letters: withSent(rest, sent),
      left: leftOver,
      memory: remembered instanceof Memory ? remembered : memory,
      broken: broken ?? (remembered instanceof Memory ? undefined : remembered),
    };
  }

  violation({broken}: ClusterState): Violation | undefined {
    return broken;
  }

  fingerprint(state: ClusterState, into: Fingerprint): void {
    this.sums(state, 1);
    into.a = this.summed[0] ?? 0;
    into.b = this.summed[1] ?? 0;
  }

  /** Fingerprints of the state as each of the first `renamings` leaves it, two lanes each, without renaming it. */
  sums({locals, letters, left, memory}: ClusterState, renamings: number): Int32Array {
    const {summed} = this;
    const lanes = 2 * renamings;
    for (let lane = 0; lane < lanes; lane++) summed[lane] = memory.lanes[lane] ?? 0;
    for (let i = 0; i < locals.length; i++) add(summed, locals[i]?.lanes, lanes);
    for (let i = 0; i < letters.length; i++) add(summed, letters[i]?.lanes, lanes);
    for (let budget = 0; budget < left.length; budget++)
      add(summed, this.budgetLanes[budget]?.[left[budget] ?? 0], lanes);
    return summed;
  }

  /** Both touch nobody in common, there is enough for both to spend, and not both are seen by the claims, which remember what came first. */
  independent({locals, left}: ClusterState, x: Action, y: Action): boolean {
    if (x.member === y.member && x.member !== noMember) return false;
    if (x.spends >= 0 && x.spends === y.spends && (left[x.spends] ?? 0) < 2) return false;
    if (x.letter !== undefined && x.letter === y.letter) return false;
    return !this.isSeen(locals, x) || !this.isSeen(locals, y);
  }

  /** Without messages that are dead: taken out, they are as if they had been delivered, to no effect. */
  settle(state: ClusterState): ClusterState {
    const {locals, letters} = state;
    for (const letter of letters) {
      if (this.isDead(locals, letter))
        return {...state, letters: letters.filter((one) => !this.isDead(locals, one))};
    }
    return state;
  }

  private isDead(locals: readonly Local[], letter: Letter): boolean {
    const local = locals[letter.message.to - 1];
    if (local === undefined || !isPast(local.host.raft, letter)) return false;
    const {to, sent} = this.collapse.stepOf(local, letter.deliver);
    return to === local && sent.length === 0;
  }

  private isSeen(locals: readonly Local[], action: Action): boolean {
    const local = locals[action.member - 1];
    if (local === undefined) return false;
    const {changes, broken} = this.collapse.stepOf(local, handedOf(action));
    return changes.length > 0 || broken !== undefined;
  }
}

/**
 * Whether the message has come too late for good: of a term that its receiver has left behind, which it does not come back
 * to; or an answer to what it was in this term and is no more, for nobody is a candidate or leads twice in a term.
 */
function isPast({term, role}: RawNode, letter: Letter): boolean {
  if (letter.term === 0 || letter.term > term) return false;
  if (letter.term < term) return true;
  const {kind} = letter.message;
  if (kind === "RequestVoteResponse") return role !== "candidate";
  return (kind === "AppendEntriesResponse" || kind === "HeartbeatResponse") && role !== "leader";
}

/** A message that stays on its way is handed over like any other. */
function handedOf(action: Action): Action {
  return action.kind === "duplicate" ? (action.letter?.deliver ?? action) : action;
}

function budgetLanes(budget: number, rest: number, renamings: number): Int32Array {
  const into = new Hasher();
  into.string("left");
  into.int(budget);
  into.int(rest);
  const [a, b] = mixed(into.lanes());
  return Int32Array.from({length: 2 * renamings}, (_, lane) => (lane % 2 === 0 ? a : b));
}

function add(summed: Int32Array, lanes: Int32Array | undefined, count: number): void {
  if (lanes === undefined) return;
  for (let lane = 0; lane < count; lane++) summed[lane] = (summed[lane] ?? 0) + (lanes[lane] ?? 0);
}

class MemberSymmetry implements Symmetry<ClusterState, Action> {
  private readonly space: ClusterSpace;
  private readonly group: Group;

  constructor(space: ClusterSpace, group: Group) {
    this.space = space;
    this.group = group;
  }

  get size(): number {
    return this.group.size;
  }

  inverse(renaming: number): number {
    return this.group.inverse(renaming);
  }

  least(state: ClusterState, into: Fingerprint): number {
    const lanes = this.space.sums(state, this.group.size);
    let least = 0;
    into.a = lanes[0] ?? 0;
    into.b = lanes[1] ?? 0;
    for (let renaming = 1; renaming < this.group.size; renaming++) {
      const [a, b] = [lanes[2 * renaming] ?? 0, lanes[2 * renaming + 1] ?? 0];
      if (a > into.a || (a === into.a && b >= into.b)) continue;
      into.a = a;
      into.b = b;
      least = renaming;
    }
    return least;
  }

  rename(state: ClusterState, renaming: number): ClusterState {
    if (renaming === 0) return state;
    const {collapse} = this.space;
    return {
      ...state,
      locals: collapse.renameLocals(state.locals, renaming),
      letters: withSent(
        [],
        state.letters.map((letter) => present(letter.twins[renaming], "a renamed message")),
      ),
      memory: state.memory.twinOf(renaming),
    };
  }

  renameAction(action: Action, renaming: number): Action {
    return renaming === 0 ? action : this.space.collapse.rename(action, renaming);
  }
}
