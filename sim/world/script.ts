// The interventions that a run brings along, until each has fired. One fires right after the event that it names, if
// that is taken; else before the first event later than its time. Several for one moment go in the order of the script.
// What has been scheduled never changes; which of it has fired does, so a fork copies marks only.

import {assert} from "../../core/base/assert.ts";
import type {Hasher} from "../../core/base/hasher.ts";
import {hasOperands} from "../../core/client/operand.ts";
import type {Micros} from "../../core/base/quantity.ts";
import type {Intervention, Lane} from "../run.ts";
import type {LaneIndex, LaneTable} from "./lanes.ts";
import {parseEventId, scriptEvent, scriptLane} from "./lanes.ts";

/** What never changes. */
interface Plan {
  readonly items: readonly Intervention[];
  /** Places in `items` by time, then by place. */
  readonly byTime: readonly number[];
  readonly byEvent: ReadonlyMap<LaneIndex, ReadonlyMap<number, readonly number[]>>;
  /** Places of lines with operands. */
  readonly operands: readonly number[];
  /** Those that are taken, by lane. */
  readonly ids: ReadonlyMap<Lane, ReadonlySet<number>>;
}

export class Script {
  private readonly plan: Plan;
  /** 1 has fired or was skipped, by place. */
  private readonly gone: Uint8Array;
  /** How many of `byTime` are surely gone. */
  private cursor = 0;
  /** Places whose event was taken just now. */
  private triggered: readonly number[] = [];
  /** The least id that may be free, by lane; 1 where none is known. */
  private nextIds = new Map<Lane, number>();
  /** Ids behind it that were asked for, by lane. Never written: replaced. */
  private askedIds = new Map<Lane, ReadonlySet<number>>();

  constructor(items: readonly Intervention[], lanes: LaneTable) {
    this.plan = planOf(items, lanes);
    this.gone = new Uint8Array(items.length);
  }

  /**
   * An id for an intervention that comes from elsewhere: the one that is `wanted`, or the least of its lane, that is neither
   * used nor reserved by this script.
   */
  freshId(lane: Lane, wanted?: number): number {
    const [reserved, asked] = [this.plan.ids.get(lane), this.askedIds.get(lane)];
    const isTaken = (id: number): boolean => reserved?.has(id) === true || asked?.has(id) === true;
    let id = this.nextIds.get(lane) ?? 1;
    while (isTaken(id)) id++;
    if (wanted !== undefined && wanted > id && !isTaken(wanted)) {
      this.askedIds.set(lane, new Set([...(asked ?? []), wanted]));
      return wanted;
    }
    this.nextIds.set(lane, id + 1);
    return id;
  }

  /** An event was taken: what names it comes next. */
  taken(lane: LaneIndex, ordinal: number): void {
    const places = this.plan.byEvent.get(lane)?.get(ordinal);
    if (places !== undefined)
      this.triggered = [...this.triggered, ...places.filter((place) => this.gone[place] === 0)];
  }

  /** What fires next, if the next event is due at `due` (undefined: there is none). */
  next(due: Micros | undefined): {readonly item: Intervention; readonly byTime: boolean} | undefined {
    const first = this.item(this.triggered[0]);
    if (first !== undefined) return {item: first, byTime: false};
    for (; ; this.cursor++) {
      const place = this.plan.byTime[this.cursor];
      const item = this.item(place);
      if (place === undefined || item === undefined) return undefined;
      if (this.gone[place] === 1) continue;
      const {at} = item.when;
      return at === 0 || due === undefined || due > at ? {item, byTime: true} : undefined;
    }
  }

  /** It fired, or did not apply. */
  remove(item: Intervention): void {
    const place = this.plan.items.indexOf(item);
    if (place >= 0) this.gone[place] = 1;
    if (this.triggered.length > 0) this.triggered = this.triggered.filter((one) => one !== place);
  }

  /** What has not fired, in the order of the script. */
  rest(): readonly Intervention[] {
    return this.plan.items.filter((_, place) => this.gone[place] === 0);
  }

  /** Whether what a client has seen decides how a line goes that is still to come. */
  get hasOperands(): boolean {
    return this.plan.operands.some((place) => this.gone[place] === 0);
  }

  fork(): Script {
    const twin = Object.create(Script.prototype) as Script;
    return Object.assign(twin, this, {
      gone: this.gone.slice(),
      nextIds: new Map(this.nextIds),
      askedIds: new Map(this.askedIds),
    });
  }

  digest(into: Hasher): void {
    for (const item of this.rest()) into.string(scriptEvent(item));
    into.int(this.triggered.length);
  }

  private item(place: number | undefined): Intervention | undefined {
    return place === undefined ? undefined : this.plan.items[place];
  }
}

function planOf(items: readonly Intervention[], lanes: LaneTable): Plan {
  const byEvent = new Map<LaneIndex, Map<number, number[]>>();
  const ids = new Map<Lane, Set<number>>();
  for (const [place, item] of items.entries()) {
    const {id, when} = item;
    let taken = ids.get(scriptLane(item.do));
    if (taken === undefined) ids.set(scriptLane(item.do), (taken = new Set()));
    assert(!taken.has(id), `two interventions of a script have the name ${scriptEvent(item)}`);
    taken.add(id);
    const event = when.after === undefined ? undefined : parseEventId(when.after);
    if (event === undefined) continue;
    const lane = lanes.index(event.lane);
    let ordinals = byEvent.get(lane);
    if (ordinals === undefined) byEvent.set(lane, (ordinals = new Map<number, number[]>()));
    ordinals.set(event.ordinal, [...(ordinals.get(event.ordinal) ?? []), place]);
  }
  const byTime = items.map((_, place) => place);
  byTime.sort((a, b) => (items[a]?.when.at ?? 0) - (items[b]?.when.at ?? 0) || a - b);
  const operands = items.flatMap(({do: action}, place) =>
    action.kind === "client" && hasOperands(action.op) ? [place] : [],
  );
  return {items, byTime, byEvent, ids, operands};
}
