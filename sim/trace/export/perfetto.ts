// Perfetto's and Chrome's trace-event JSON (ui.perfetto.dev opens it): a process for every member and client, in it a track
// for every lane, a slice of a microsecond for every event; arrows for what travels, from the event that sent it to its
// arrival; a span for every operation, and for how every member stood. Timestamps are microseconds of the run.

import {formatCommand} from "../../../core/client/formatCommand.ts";
import type {MemberView, WorldView} from "../../view.ts";
import {eventId, memberName} from "../../world/lanes.ts";
import {endsOf, targetOf} from "../../world/payload.ts";
import type {TakenEvent} from "../../world/record.ts";
import type {Exporter, Exporting} from "./exporter.ts";
import {hostsOf, lossOf} from "./exporter.ts";

/** Where an event stands, for arrows that begin there. */
interface Place {
  readonly at: number;
  readonly track: Track;
}

interface Track {
  readonly pid: number;
  readonly tid: number;
}

interface Standing {
  readonly how: string;
  readonly since: number;
}

export class PerfettoExporter implements Exporter {
  private readonly about: Exporting;
  private readonly events: string[] = [];
  private readonly tracks = new Map<string, Track>();
  /** By step, from 1. */
  private readonly places: (Place | undefined)[] = [undefined];
  private readonly standing = new Map<number, Standing>();
  private hosts: readonly string[] = [];

  constructor(about: Exporting) {
    this.about = about;
  }

  take(record: TakenEvent, view: WorldView): void {
    if (this.hosts.length === 0) this.begin(view);
    const {lane, id, at, cause, payload} = record;
    const track = this.trackOf(lane);
    this.places.push({at, track});
    const text = this.about.text(record)?.split("\n", 1)[0];
    const loss = lossOf(record);
    this.put({
      ph: "X",
      ...track,
      ts: at,
      dur: 1,
      cat: payload.kind,
      name: text ?? id,
      args: {event: id, step: record.step, ...(loss === undefined ? {} : {lost: loss})},
    });
    if (endsOf(payload) !== undefined) this.arrow(record, this.places[cause]);
    const members = payload.kind === "script" ? view.members : [view.members[targetOf(payload) - 1]];
    for (const member of members) if (member !== undefined) this.stand(member, at);
  }

  end(view: WorldView): string {
    if (this.hosts.length === 0) this.begin(view);
    for (const {id} of view.members) this.closeStanding(id, view.now);
    for (const {client, call, request, invoked, returned, outcome} of view.operations) {
      const span = {pid: this.pidOf(client), tid: 0, cat: "operation", id: eventId(client, call)};
      const name = formatCommand(request);
      this.put({ph: "b", ...span, ts: invoked.at, name, args: {}});
      const came = outcome?.kind ?? "open";
      this.put({ph: "e", ...span, ts: returned?.at ?? view.now, name, args: {outcome: came}});
    }
    return `{"displayTimeUnit":"ms","traceEvents":[\n${this.events.join(",\n")}\n]}\n`;
  }

  private begin(view: WorldView): void {
    this.hosts = hostsOf(view);
    for (const [i, name] of this.hosts.entries()) {
      this.put({ph: "M", pid: i + 1, tid: 0, name: "process_name", args: {name}});
      this.put({ph: "M", pid: i + 1, tid: 0, name: "process_sort_index", args: {sort_index: i}});
    }
    for (const member of view.members) this.stand(member, 0);
  }

  private put(event: Readonly<Record<string, unknown>>): void {
    this.events.push(JSON.stringify(event));
  }

  private pidOf(host: string): number {
    return this.hosts.indexOf(host) + 1;
  }

  /** Of a lane, or of how a member stands. A lane belongs to whom its events happen to. */
  private trackOf(name: string, host = ownerOf(name)): Track {
    const known = this.tracks.get(name);
    if (known !== undefined) return known;
    const track = {pid: this.pidOf(host), tid: this.tracks.size + 1};
    this.tracks.set(name, track);
    this.put({ph: "M", ...track, name: "thread_name", args: {name}});
    return track;
  }

  /** From where it was sent to where it arrived, or was lost. */
  private arrow({step, at, lane}: TakenEvent, from: Place | undefined): void {
    if (from === undefined) return;
    const flow = {cat: "message", name: lane, id: step};
    this.put({ph: "s", ...flow, ...from.track, ts: from.at});
    this.put({ph: "f", bp: "e", ...flow, ...this.trackOf(lane), ts: at});
  }

  /** A span goes on while a member stands as it did. */
  private stand(member: MemberView, at: number): void {
    const how = standingOf(member);
    const known = this.standing.get(member.id);
    if (known?.how === how) return;
    this.closeStanding(member.id, at);
    this.standing.set(member.id, {how, since: at});
  }

  private closeStanding(id: number, at: number): void {
    const known = this.standing.get(id);
    if (known === undefined || at <= known.since) return;
    const track = this.trackOf(`${memberName(id)} stands`, memberName(id));
    this.put({
      ph: "X",
      ...track,
      ts: known.since,
      dur: at - known.since,
      cat: "role",
      name: known.how,
      args: {},
    });
  }
}

function ownerOf(lane: string): string {
  const arrow = lane.indexOf("→");
  return arrow >= 0 ? lane.slice(arrow + 1) : (lane.split("/")[1] ?? lane);
}

function standingOf({status, server}: MemberView): string {
  if (server === undefined) return "down";
  const {role, term} = server.raft;
  return status === "paused" ? `paused ${role}, term ${term}` : `${role}, term ${term}`;
}
