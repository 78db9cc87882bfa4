// The mouse and the finger: hover, click, the menu of a thing, and the lasso that draws a split around servers.

import type {UiAction} from "./action.ts";
import {linkToggle} from "./menus.ts";
import type {State} from "./state.ts";

interface Place {
  readonly x: number;
  readonly y: number;
}

/** What a click or Enter on a thing does. */
export function activate(ref: string, at: Place, state: State): readonly UiAction[] {
  const {frame} = state;
  if (frame === undefined) return [];
  if (ref === "verb:put") return [{kind: "popup", popup: {kind: "put", client: ""}}];
  if (ref.startsWith("at:")) return [{kind: "go", target: {kind: "time", time: Number(ref.slice(3))}}];
  if (ref.startsWith("link:")) return [linkToggle(ref.slice(5), frame)];
  if (ref.startsWith("event:"))
    return [
      {kind: "select", ref},
      {kind: "go", target: {kind: "event", event: ref.slice(6)}},
    ];
  const hasMenu = ref.startsWith("msg:") || !ref.includes(":");
  if (hasMenu)
    return [
      {kind: "select", ref},
      {kind: "popup", popup: {kind: "menu", of: ref, ...at}},
    ];
  return [{kind: "why", ref}];
}

/** Whether the closed line around `corners` contains `point`. */
export function inside(point: Place, corners: readonly Place[]): boolean {
  let odd = false;
  corners.forEach((a, i) => {
    const b = corners[(i + 1) % corners.length] ?? a;
    const spans = a.y > point.y !== b.y > point.y;
    if (spans && point.x < ((b.x - a.x) * (point.y - a.y)) / (b.y - a.y) + a.x) odd = !odd;
  });
  return odd;
}

/** The split that a lasso around some of the servers means; undefined when it catches none or all. */
export function lassoed(
  servers: readonly (Place & {readonly name: string})[],
  corners: readonly Place[],
): UiAction | undefined {
  const caught = servers.filter((server) => inside(server, corners)).map((server) => server.name);
  const others = servers.map((server) => server.name).filter((name) => !caught.includes(name));
  if (caught.length === 0 || others.length === 0) return undefined;
  return {kind: "act", action: {kind: "split", groups: [caught, others]}};
}

/** How far the pointer moves before a press is a drag and no click, px. */
const dragFrom = 6;

/** Wires the lasso to the ring: drag from an empty spot, or from a link, which reaches nearly everywhere. */
export function lasso(
  svg: SVGSVGElement,
  draw: (d: string | undefined) => void,
  done: (action: UiAction) => void,
): void {
  let corners: Place[] | undefined;
  const placeOf = (event: PointerEvent): Place => {
    const box = svg.getBoundingClientRect();
    return {x: event.clientX - box.x, y: event.clientY - box.y};
  };
  svg.addEventListener("pointerdown", (event) => {
    const on = event.target instanceof Element ? event.target.closest("[data-ref]") : null;
    const free = on?.getAttribute("data-ref")?.startsWith("link:") ?? true;
    corners = event.button === 0 && free ? [placeOf(event)] : undefined;
  });
  svg.addEventListener("pointermove", (event) => {
    if (event.buttons === 0) corners = undefined;
    const start = corners?.[0];
    if (corners === undefined || start === undefined) return;
    const at = placeOf(event);
    if (corners.length === 1 && Math.hypot(at.x - start.x, at.y - start.y) < dragFrom) return;
    // Only now: a captured pointer clicks on nothing.
    if (corners.length === 1) svg.setPointerCapture(event.pointerId);
    corners.push(at);
    draw(corners.map((one, i) => `${i === 0 ? "M" : "L"}${one.x},${one.y}`).join(" "));
  });
  const end = (): void => {
    const drawn = corners;
    corners = undefined;
    draw(undefined);
    if (drawn === undefined || drawn.length < 4) return;
    const servers = [...svg.querySelectorAll<SVGGraphicsElement>(".target.member")].map((target) => ({
      name: target.getAttribute("data-ref") ?? "",
      x: Number(target.getAttribute("cx")),
      y: Number(target.getAttribute("cy")),
    }));
    const action = lassoed(servers, drawn);
    if (action !== undefined) done(action);
  };
  svg.addEventListener("pointerup", end);
  svg.addEventListener("pointercancel", () => {
    corners = undefined;
    draw(undefined);
  });
}
