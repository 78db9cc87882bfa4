// The interaction language of etcd's raft scripts: a cluster, the messages between its members and the work of their
// threads, moved by hand. etcd: rafttest/.

import type {SingleChange, Transition} from "../../core/raft/confChange.ts";
import {noData} from "../../core/raft/entry.ts";
import type {StepResult} from "../../core/raft/stepResult.ts";
import {stepErrors} from "../../core/raft/stepResult.ts";
import {newMembers} from "./addNodes.ts";
import {changesIn, idsOf, numberIn, switchIn, valueOf, wordAt} from "./arguments.ts";
import type {Failure} from "./cluster.ts";
import {Cluster, setLevel} from "./cluster.ts";
import type {Directive} from "./dataDriven.ts";
import {ScriptError} from "./dataDriven.ts";
import {deliverMessages} from "./delivery.ts";
import {describeLetter, letterOf} from "./mail.ts";
import {Member, memberConfig} from "./member.ts";
import {printLog, printProgress, printStates} from "./views.ts";
import type {Script} from "./script.ts";
import {appendWork, applyWork, each, readyWork, stabilize} from "./stabilize.ts";

type Command = (cluster: Cluster, directive: Directive) => Failure | void;

const commands: ReadonlyMap<string, Command> = new Map<string, Command>([
  ["_breakpoint", () => undefined],
  ["add-nodes", addNodes],
  ["campaign", (cluster, directive) => cluster.first(directive).node.campaign()],
  ["compact", compact],
  ["deliver-msgs", deliverMessages],
  ["forget-leader", (cluster, directive) => cluster.first(directive).node.forgetLeader()],
  ["log-level", (cluster, directive) => setLevel(cluster, wordAt(directive, 0))],
  ["process-append-thread", (cluster, directive) => each(cluster, directive, appendWork)],
  ["process-apply-thread", (cluster, directive) => each(cluster, directive, applyWork)],
  ["process-ready", (cluster, directive) => each(cluster, directive, readyWork)],
  ["propose", propose],
  ["propose-conf-change", proposeChange],
  ["raft-log", (cluster, directive) => printLog(cluster, cluster.first(directive))],
  ["raft-state", printStates],
  ["report-unreachable", reportUnreachable],
  ["send-snapshot", sendSnapshot],
  ["set-randomized-election-timeout", setElectionTimeout],
  ["stabilize", stabilize],
  ["status", (cluster, directive) => printProgress(cluster, cluster.first(directive))],
  ["tick-election", (cluster, directive) => tick(cluster.first(directive), memberConfig.electionTicks)],
  ["tick-heartbeat", (cluster, directive) => tick(cluster.first(directive), memberConfig.heartbeatTicks)],
  ["transfer-leadership", transferLeadership],
]);

export class Interaction implements Script {
  private readonly cluster = new Cluster();

  handle(directive: Directive): string {
    const command = commands.get(directive.command);
    const failure = (command === undefined ? "unknown command" : command(this.cluster, directive)) ?? "";
    // A failure is told at any level.
    const text = this.cluster.output.take() + failure;
    return text === "" ? "ok" : text;
  }

  rest(): string {
    return this.cluster.output.take();
  }
}

function addNodes({members, output}: Cluster, directive: Directive): Failure {
  const wanted = newMembers(directive);
  if (typeof wanted === "string") return wanted;
  const {count, config, start} = wanted;
  for (let i = 0; i < count; i++) {
    members.push(new Member({config: {...config, id: members.length + 1}, start, output}));
  }
  return undefined;
}

function compact(cluster: Cluster, directive: Directive): Failure {
  const member = cluster.first(directive);
  if (!member.storage.compact(numberIn(wordAt(directive, 1))))
    return "requested index is unavailable due to compaction";
  printLog(cluster, member);
  return undefined;
}

function propose(cluster: Cluster, directive: Directive): Failure {
  const {node} = cluster.first(directive);
  if (directive.arguments.length !== 2) throw new ScriptError("propose: expected an id and one word");
  return failureOf(node.propose([new TextEncoder().encode(wordAt(directive, 1))]));
}

/** `propose-conf-change 1 v1=true transition=explicit`, and the changes as input. */
function proposeChange(cluster: Cluster, directive: Directive): Failure {
  const {node} = cluster.first(directive);
  let isV1 = false;
  let transition: Transition = "auto";
  for (const {key, values} of directive.arguments.slice(1)) {
    for (const value of values) {
      if (key === "v1") isV1 = switchIn(value);
      else if (key !== "transition") return `unknown command ${key}`;
      else if (value !== "auto" && value !== "implicit" && value !== "explicit")
        return `unknown transition ${value}`;
      else transition = value;
    }
  }
  const asked = changesIn(directive.input);
  if (!asked.ok) return asked.error;
  const changes: readonly SingleChange[] = asked.value;
  if (!isV1) return failureOf(node.proposeConfChange({version: 2, transition, changes, context: noData}));
  if (changes.length > 1 || transition !== "auto")
    return "v1 conf change can only have one operation and no transition";
  if (changes.length === 0) throw new ScriptError("propose-conf-change: expected one operation with v1=true");
  return failureOf(node.proposeConfChange({version: 1, transition, changes, context: noData}));
}

function failureOf(outcome: StepResult): Failure {
  return outcome.ok ? undefined : stepErrors[outcome.error];
}

function reportUnreachable(cluster: Cluster, directive: Directive): Failure {
  const [at, member, ...more] = idsOf(directive);
  if (at === undefined || member === undefined || more.length > 0)
    return "must specify exactly two node indexes: node on which to report, and reported node";
  cluster.member(at).node.reportUnreachable(cluster.member(member).id);
  return undefined;
}

/** The sender's newest snapshot, whether or not its raft wants that. */
function sendSnapshot(cluster: Cluster, directive: Directive): Failure {
  const [from, to, ...more] = idsOf(directive);
  if (from === undefined || to === undefined || more.length > 0)
    throw new ScriptError("send-snapshot: expected two ids");
  const {node, storage} = cluster.member(from);
  const snapshot = storage.snapshot();
  const letter = letterOf({kind: "InstallSnapshot", from, to, term: node.term, snapshot});
  cluster.mail.post(letter);
  cluster.output.write(describeLetter(letter));
  return undefined;
}

function setElectionTimeout(cluster: Cluster, directive: Directive): Failure {
  const timeout = numberIn(valueOf(directive, "timeout"));
  if (timeout === 0) throw new ScriptError(`${directive.command}: expected a timeout above 0`);
  cluster.first(directive).node.setElectionTimeout(timeout);
  return undefined;
}

function tick({node}: Member, ticks: number): void {
  for (let i = 0; i < ticks; i++) node.tick();
}

function transferLeadership(cluster: Cluster, directive: Directive): Failure {
  const to = numberIn(valueOf(directive, "to"));
  cluster.member(numberIn(valueOf(directive, "from"))).node.transferLeader(to);
  return undefined;
}
