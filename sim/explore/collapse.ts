// A global state is mostly made of what was met before: a member's own states are few, their combinations many. So each
// own state, message and memory of the claims is kept once, and a global state only points to them; what a deed does to
// a member in one of its states is worked out once, and checked once. SPIN calls that COLLAPSE (Holzmann, 1997).
//
//   global   ( n1 ▸ local 17 · n2 ▸ local 4 · n3 ▸ local 9 │ letters 3 8 8 │ memory 2 )
//   local 4  ─deliver letter 8─▶ local 21, sends letter 12          worked out once, for all globals with local 4
//
// All renamings of a local state are made along with it, by doing the renamed deeds (symmetry.ts).

import {assert, InvariantViolation, present} from "../../core/base/assert.ts";
import {Hasher} from "../../core/base/hasher.ts";
import type {MemberId} from "../../core/base/quantity.ts";
import {checkState, checkTransition} from "../../core/raft/checks.ts";
import type {NodeFacts} from "../../core/raft/nodeFacts.ts";
import {claimNames} from "../../core/raft/claims.ts";
import {factsOf} from "../../core/raft/nodeFacts.ts";
import {digestPeerMessage} from "../../core/server/peer.ts";
import type {PeerMessage} from "../../core/server/peer.ts";
import type {Violation} from "../check/checker.ts";
import {nameOf} from "../check/entries.ts";
import {say} from "../check/words.ts";
import type {Change} from "../event.ts";
import {compareLetters, Letter, makeAction} from "./action.ts";
import type {Action, ActionKind} from "./action.ts";
import {changesOf} from "./changes.ts";
import type {Host} from "./host.ts";
import {Memory} from "./memory.ts";
import {mixed} from "./mix.ts";
import type {Group} from "./symmetry.ts";

/** A member in one of its own states. */
export interface Local {
  readonly host: Host;
  /** Of this and its renamings, two lanes each. */
  readonly lanes: Int32Array;
  /** By renaming. */
  readonly twins: Local[];
  /** What was worked out already. */
  readonly steps: Map<Action, Step>;
}

/** What a deed does to a member. */
export interface Step {
  readonly to: Local;
  readonly sent: readonly Letter[];
  /** What the claims look at. */
  readonly changes: readonly Change[];
  readonly broken: Violation | undefined;
}

const ownActions = ["timeout", "heartbeat", "request", "disk", "crash"] as const;

export class Collapse {
  readonly group: Group;
  /** Whether members are asked the claims about one member; those with a planted bug are judged by what they do to others. */
  private readonly asksMembers: boolean;
  private readonly locals = new Map<string, Local>();
  private readonly letters = new Map<string, Letter>();
  private readonly memories = new Map<string, Memory>();
  private readonly own: ReadonlyMap<ActionKind, readonly Action[]>;

  constructor(members: number, group: Group, asksMembers: boolean) {
    this.group = group;
    this.asksMembers = asksMembers;
    const of = (kind: ActionKind): readonly Action[] =>
      Array.from({length: members}, (_, i) => makeAction(kind, i + 1));
    this.own = new Map(ownActions.map((kind) => [kind, of(kind)]));
  }

  /** How many there are of each. */
  get sizes(): {readonly locals: number; readonly letters: number; readonly memories: number} {
    return {locals: this.locals.size, letters: this.letters.size, memories: this.memories.size};
  }

  /** What happens to a member of its own accord. */
  action(kind: (typeof ownActions)[number], member: MemberId): Action {
    return present(this.own.get(kind)?.[member - 1], `${kind} of n${member}`);
  }

  rename({kind, member, letter}: Action, renaming: number): Action {
    if (letter === undefined)
      return this.action(kind as (typeof ownActions)[number], this.group.nameOf(member, renaming));
    const twin = twinOf(letter, renaming);
    return kind === "deliver" ? twin.deliver : kind === "drop" ? twin.drop : twin.duplicate;
  }

  /** The members of a cluster at its beginning, which are renamings of each other. */
  begin(hosts: readonly Host[]): readonly Local[] {
    const locals = hosts.map((host) => this.local(host));
    const {group} = this;
    for (let renaming = 0; renaming < group.size; renaming++)
      for (const [i, local] of locals.entries())
        setTwin(local, renaming, present(locals[group.nameOf(i + 1, renaming) - 1], "a renamed member"));
    return locals;
  }

  /** What an action does to its member. */
  stepOf(local: Local, action: Action): Step {
    return local.steps.get(action) ?? this.workOut(local, action);
  }

  /** The memory of nothing. */
  firstMemory(): Memory {
    const {group} = this;
    const memory = this.kept(Memory.empty(group.size));
    for (let renaming = 0; renaming < group.size; renaming++) memory.setTwin(renaming, memory);
    return memory;
  }

  /** What the claims make of an action that was taken: what they remember from now on, or which of them broke. */
  remember(memory: Memory, before: readonly Local[], action: Action): Memory | Violation {
    const step = this.stepOf(present(before[action.member - 1], "the member that is touched"), action);
    const known = memory.known(step, before);
    if (known !== undefined) return known;
    const outcomes = this.group.renamings.map((_, renaming) => {
      const locals = this.renameLocals(before, renaming);
      return this.rememberOne(memory.twinOf(renaming), locals, this.rename(action, renaming));
    });
    this.linkMemories(outcomes);
    return present(outcomes[0], "what is remembered");
  }

  renameLocals(locals: readonly Local[], renaming: number): readonly Local[] {
    if (renaming === 0) return locals;
    const renamed = locals.slice();
    for (const local of locals) {
      const twin = twinOf(local, renaming);
      renamed[twin.host.id - 1] = twin;
    }
    return renamed;
  }

  private workOut(local: Local, action: Action): Step {
    const {group} = this;
    const steps = group.renamings.map((_, renaming) => {
      const [twin, renamed] = [twinOf(local, renaming), this.rename(action, renaming)];
      const step = twin.steps.get(renamed) ?? this.perform(twin, renamed);
      twin.steps.set(renamed, step);
      return step;
    });
    const first = present(steps[0], "a step");
    for (const [renaming, step] of steps.entries()) {
      for (let second = 0; second < group.size; second++) {
        setTwin(step.to, second, present(steps[group.compose(second, renaming)], "a renamed step").to);
      }
      const sent = first.sent.map((letter) => twinOf(letter, renaming)).toSorted(compareLetters);
      assert(
        sent.length === step.sent.length && sent.every((letter, i) => letter === step.sent[i]),
        `${action.kind} at n${action.member}: renamed members do not send renamed messages`,
      );
    }
    return first;
  }

  private rememberOne(memory: Memory, before: readonly Local[], action: Action): Memory | Violation {
    const step = this.stepOf(present(before[action.member - 1], "the member that is touched"), action);
    const known = memory.known(step, before);
    if (known !== undefined) return known;
    const outcome = memory.after(before.with(action.member - 1, step.to), action.member, step.changes);
    const kept = outcome instanceof Memory ? this.kept(outcome) : outcome;
    memory.learn(step, before, kept);
    return kept;
  }

  private perform(local: Local, action: Action): Step {
    const {host: before} = local;
    const host = before.fork();
    const facts = factsOf(before.raft);
    try {
      const messages = host.take(present(action.deed, "a deed"));
      if (this.asksMembers) check(host, action.kind === "crash" ? undefined : facts);
      const sent = messages.map((message) => this.letter(message)).sort(compareLetters);
      return {
        to: this.local(host),
        sent,
        changes: changesOf(action.kind === "crash" ? undefined : before.raft, host),
        broken: undefined,
      };
    } catch (error) {
      if (!(error instanceof InvariantViolation)) throw error;
      return {to: local, sent: [], changes: [], broken: failure(host, error)};
    }
  }

  private linkMemories(outcomes: readonly (Memory | Violation)[]): void {
    const {group} = this;
    for (const [first, outcome] of outcomes.entries()) {
      if (!(outcome instanceof Memory)) continue;
      for (let second = 0; second < group.size; second++) {
        const both = outcomes[group.compose(second, first)];
        assert(both instanceof Memory, "a claim breaks in a state and holds in a renaming of it");
        outcome.setTwin(second, both);
      }
    }
  }

  private local(host: Host): Local {
    const into = new Hasher();
    host.digest(into);
    const known = this.locals.get(into.hash());
    if (known !== undefined) return known;
    const lanes = new Int32Array(2 * this.group.size);
    const local: Local = {host, lanes, twins: [], steps: new Map()};
    [lanes[0], lanes[1]] = mixed(into.lanes());
    this.locals.set(into.hash(), local);
    return local;
  }

  private letter(message: PeerMessage): Letter {
    const into = new Hasher();
    digestPeerMessage(message, into);
    const known = this.letters.get(into.hash());
    if (known !== undefined) return known;
    const letter = new Letter(message, mixed(into.lanes()));
    this.letters.set(into.hash(), letter);
    const {group} = this;
    letter.twins = group.renamings.map((_, renaming) => {
      const [from, to] = [group.nameOf(message.from, renaming), group.nameOf(message.to, renaming)];
      return renaming === 0 ? letter : this.letter({...message, from, to});
    });
    letter.lanes = Int32Array.from(letter.twins.flatMap(({a, b}) => [a, b]));
    return letter;
  }

  private kept(memory: Memory): Memory {
    const known = this.memories.get(memory.hash);
    if (known !== undefined) return known;
    this.memories.set(memory.hash, memory);
    return memory;
  }
}

function twinOf<T>({twins}: {readonly twins: readonly T[]}, renaming: number): T {
  return present(twins[renaming], "a renamed state");
}

function setTwin(local: Local, renaming: number, twin: Local): void {
  const known = local.twins[renaming];
  assert(
    known === undefined || known === twin,
    `n${local.host.id}: two ways to one state lead to two renamings of it, so names make a difference`,
  );
  local.twins[renaming] = twin;
  local.lanes[2 * renaming] = twin.lanes[0] ?? 0;
  local.lanes[2 * renaming + 1] = twin.lanes[1] ?? 0;
}

function check({raft}: Host, before: NodeFacts | undefined): void {
  checkState(raft, undefined, before);
  if (before !== undefined) checkTransition(before, raft);
}

function failure({id}: Host, {message}: InvariantViolation): Violation {
  const member = nameOf(id);
  const isClaim = claimNames.some((name) => message.startsWith(`${name}: `));
  const said = say(isClaim ? "invariantBroken" : "memberDied", {member, message}, [member]);
  return {check: isClaim ? "Raft Invariants" : "Member Assertions", said, evidence: [], step: 0};
}
