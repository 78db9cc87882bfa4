// Making elements. Chrome is built once and updated in place; marks and rows are joined by key (marks.ts, table.ts).

import {glyphs} from "../theme/glyphs.ts";
import type {GlyphName} from "../theme/glyphs.ts";

export const svgSpace = "http://www.w3.org/2000/svg";

type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** An element with attributes (`true` is the empty attribute, `false` and undefined none) and children. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  setAttributes(made, attributes);
  made.append(...children);
  return made;
}

export function setAttributes(target: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) target.removeAttribute(name);
    else if (target.getAttribute(name) !== String(value === true ? "" : value)) {
      target.setAttribute(name, String(value === true ? "" : value));
    }
  }
}

/** Writes text only when it differs, so that a live region speaks once. */
export function setText(target: Node, text: string): void {
  if (target.textContent !== text) target.textContent = text;
}

/** A drawn icon, 16×16. */
export function icon(name: GlyphName): SVGSVGElement {
  const svg = document.createElementNS(svgSpace, "svg");
  setAttributes(svg, {
    class: "icon",
    viewBox: "-8 -8 16 16",
    width: 16,
    height: 16,
    "aria-hidden": "true",
    focusable: "false",
  });
  svg.append(document.createElementNS(svgSpace, "path"));
  setIcon(svg, name);
  return svg;
}

export function setIcon(svg: SVGSVGElement, name: GlyphName): void {
  const glyph = glyphs[name];
  const path = svg.firstElementChild;
  if (path !== null) setAttributes(path, {d: glyph.d, class: glyph.solid ? "solid" : "stroke-2"});
}
