// Draws any list of marks into SVG: one keyed join for all five shapes, with no idea what they mean. A mark that stayed
// the same is not touched, so a frame costs what moved. Marks of class "target" are what a person can reach: they carry
// the name that is spoken and shown, and take the focus.

import {select} from "d3-selection";
import {hueOf} from "../theme/tokens.ts";
import type {Mark} from "../layout/mark.ts";
import {setAttributes, setText, svgSpace} from "./element.ts";

const drawn = new WeakMap<Element, Mark>();

const tags = {circle: "circle", rect: "rect", line: "line", path: "path", text: "text"} as const;

/** After it, `root` shows exactly `marks`, in their order. */
export function drawMarks(root: SVGGElement, marks: readonly Mark[]): void {
  select(root)
    .selectChildren<SVGElement, Mark>("*")
    .data(marks, (mark) => `${mark.shape} ${mark.name}`)
    .join((enter) => enter.append((mark) => document.createElementNS(svgSpace, tags[mark.shape])))
    .order()
    .each(function (mark) {
      const before = drawn.get(this);
      if (before !== undefined && same(before, mark)) return;
      drawn.set(this, mark);
      apply(this, mark);
    });
}

function same(a: Mark, b: Mark): boolean {
  const keys = Object.keys(b);
  if (Object.keys(a).length !== keys.length) return false;
  return keys.every((key) => a[key as keyof Mark] === b[key as keyof Mark]);
}

function apply(target: SVGElement, mark: Mark): void {
  const hue = mark.term === undefined ? undefined : hueOf(mark.term);
  const isTarget = /(^| )target( |$)/.test(mark.class);
  setAttributes(target, {
    class: hue === undefined ? mark.class : `${mark.class} t${hue}`,
    "data-ref": mark.ref,
    "data-name": isTarget ? mark.name : undefined,
    role: isTarget ? "button" : undefined,
    tabindex: isTarget ? -1 : undefined,
    "aria-label": isTarget ? mark.label : undefined,
    ...geometry(mark),
  });
  if (mark.shape === "text") setText(target, mark.text);
  else title(target, mark.label);
}

function geometry(mark: Mark): Readonly<Record<string, string | number | undefined>> {
  switch (mark.shape) {
    case "circle":
      return {cx: mark.x, cy: mark.y, r: mark.r};
    case "rect":
      return {
        x: mark.x,
        y: mark.y,
        width: Math.max(0, mark.width),
        height: Math.max(0, mark.height),
        rx: mark.radius,
      };
    case "line":
      return {x1: mark.x, y1: mark.y, x2: mark.x2, y2: mark.y2};
    case "path":
      return {d: mark.d, transform: mark.x === undefined ? undefined : `translate(${mark.x},${mark.y ?? 0})`};
    case "text":
      return {x: mark.x, y: mark.y, "text-anchor": mark.anchor, "font-size": mark.size};
  }
}

/** The tooltip. */
function title(target: SVGElement, label: string | undefined): void {
  const known = target.querySelector("title");
  if (label === undefined) {
    known?.remove();
    return;
  }
  const made = known ?? target.appendChild(document.createElementNS(svgSpace, "title"));
  setText(made, label);
}
