// The NDJSON that etcd's Raft is validated with against its TLA+ specification (tla/Traceetcdraft.tla; only lines with
// `"tag":"trace"` count), made of what raft notes (core/raft/traced.ts). Names and fields are state_trace.go's: ids are
// decimal texts, "0" is nobody; a snapshot is told as a long append.
//
//   {"level":"debug","ts":"000000000154530.000003","tag":"trace","event":{"name":"BecomeLeader","nid":"5","state":{"term":1,"vote":"5","commit":0},…}}
//
// Lines stand in the order in which things happened anywhere; `ts` is the run's time in microseconds and, behind the point,
// a number within it, so that sorting by this text changes nothing.

import type {MemberId} from "../../../core/base/quantity.ts";
import type {SingleChangeType} from "../../../core/raft/confChange.ts";
import {envelopeOf} from "../../../core/raft/describe.ts";
import {roleNames} from "../../../core/raft/etcdNames.ts";
import type {Message} from "../../../core/raft/message.ts";
import type {NotesOutlet, RaftNote} from "../../../core/raft/notes.ts";
import type {Traced} from "../../../core/raft/traced.ts";
import type {WorldView} from "../../view.ts";
import type {TakenEvent} from "../../world/record.ts";
import type {Exporter} from "./exporter.ts";

/** `update` changes nothing of what is specified. */
const actions: Readonly<Record<SingleChangeType, string | undefined>> = {
  addVoter: "AddNewServer",
  remove: "RemoveServer",
  addLearner: "AddLearner",
  update: undefined,
};

export class TlaExporter implements Exporter {
  readonly notes: NotesOutlet = {wantsTrace: true, note: (note) => this.note(note)};
  private noted: {readonly member: MemberId; readonly traced: Traced}[] = [];
  private readonly lines: string[] = [];
  private at = 0;
  private count = 0;

  take({at, step}: TakenEvent): void {
    // What was noted before the first event is of the boots, at the beginning.
    this.flush(step === 1 ? 0 : at);
  }

  end({now}: WorldView): string {
    this.flush(now);
    return this.lines.map((line) => `${line}\n`).join("");
  }

  private note(note: RaftNote): void {
    if (note.kind === "traced") this.noted.push({member: note.member, traced: note.traced});
  }

  private flush(at: number): void {
    for (const {member, traced} of this.noted) {
      const ts = this.stamp(at);
      this.lines.push(JSON.stringify({level: "debug", ts, tag: "trace", event: eventOf(member, traced)}));
    }
    this.noted = [];
  }

  /** Ever later. */
  private stamp(at: number): string {
    this.count = at > this.at ? 0 : this.count + 1;
    this.at = Math.max(at, this.at);
    return `${`${this.at}`.padStart(15, "0")}.${`${this.count}`.padStart(6, "0")}`;
  }
}

function eventOf(member: MemberId, traced: Traced): Readonly<Record<string, unknown>> {
  const {name, hardState, role, last, conf, message, progress} = traced;
  const changes = propertiesOf(traced);
  const prop = {...progress, ...(changes === undefined ? {} : {cc: changes})};
  return {
    name,
    nid: `${member}`,
    state: {term: hardState.term, vote: `${hardState.votedFor}`, commit: hardState.commit},
    role: roleNames[role],
    log: last,
    conf: conf.map((half) => half.map((one) => `${one}`)),
    ...(message === undefined ? {} : {msg: messageOf(message)}),
    ...(Object.keys(prop).length === 0 ? {} : {prop}),
  };
}

/** state_trace.go's TracingConfChange: the changes asked for, or the voters gone over to. */
function propertiesOf({changes, voters}: Traced): Readonly<Record<string, unknown>> | undefined {
  if (voters !== undefined) return {newconf: voters.map((one) => `${one}`)};
  if (changes === undefined) return undefined;
  const told = changes.flatMap(({type, member}) => {
    const action = actions[type];
    return action === undefined ? [] : [{nid: `${member}`, action}];
  });
  return {changes: told};
}

/** state_trace.go's TracingMessage. */
function messageOf(message: Message): Readonly<Record<string, unknown>> {
  const {type, logTerm = 0, index = 0, commit = 0, vote = 0, entries = [], rejectHint} = envelopeOf(message);
  const isSnapshot = message.kind === "InstallSnapshot";
  return {
    type,
    term: message.term,
    from: `${message.from}`,
    to: `${message.to}`,
    entries: isSnapshot ? message.snapshot.index : entries.length,
    logTerm: isSnapshot ? 0 : logTerm,
    index: isSnapshot ? 0 : index,
    commit,
    vote: `${vote}`,
    reject: rejectHint !== undefined,
    rejectHint: rejectHint ?? 0,
  };
}
