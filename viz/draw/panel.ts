// One view in its frame: a header with title, legend and the button that swaps picture and table, and below it either.
// A picture is one stop for Tab; Enter goes in, arrows move between its targets, Escape leaves (app/roving.ts).

import type {Mark, Size, Table} from "../layout/mark.ts";
import {element, icon, setAttributes, setIcon, setText, svgSpace} from "./element.ts";
import {drawMarks} from "./marks.ts";
import {drawTable} from "./table.ts";

export interface PanelView {
  readonly title: string;
  readonly legend: string;
  /** Spoken when the picture takes the focus. */
  readonly label: string;
  readonly swap: string;
  readonly size: Size;
  readonly marks: readonly Mark[];
  /** Shown instead of the picture when given. */
  readonly tables: readonly {readonly title: string; readonly table: Table}[] | undefined;
}

export interface Panel {
  readonly root: HTMLElement;
  readonly body: HTMLElement;
  readonly svg: SVGSVGElement;
  /** Between legend and button: a view's own control. */
  readonly extra: HTMLElement;
  update(view: PanelView): void;
  /** Only the marks: what an animation frame changes. */
  move(marks: readonly Mark[]): void;
}

export function panel(id: string, options: {readonly header: boolean}): Panel {
  const title = element("h2", {id: `${id}-title`});
  const legend = element("span", {class: "legend"});
  const extra = element("span", {class: "extra"});
  const swapIcon = icon("table");
  const swap = element("button", {type: "button", class: "quiet", "data-swap": id}, swapIcon);
  const header = element(
    "header",
    {class: options.header ? "panel-head" : "panel-head unseen-head"},
    title,
    legend,
    extra,
    swap,
  );
  const svg = document.createElementNS(svgSpace, "svg");
  setAttributes(svg, {role: "group", tabindex: 0, "data-view": id, class: "picture"});
  const hatch = hatching(id);
  const layer = document.createElementNS(svgSpace, "g");
  svg.append(hatch, layer);
  const scroll = element("div", {
    class: "twin-scroll",
    tabindex: 0,
    role: "group",
    "aria-labelledby": `${id}-title`,
    hidden: true,
  });
  const body = element("div", {class: "panel-body"}, svg, scroll);
  const root = element(
    "section",
    {class: `panel panel-${id}`, "aria-labelledby": `${id}-title`},
    header,
    body,
  );
  return {
    root,
    body,
    svg,
    extra,
    move: (marks) => drawMarks(layer, marks),
    update(view): void {
      setText(title, view.title);
      setText(legend, view.legend);
      setAttributes(legend, {title: view.legend});
      setAttributes(svg, {
        "aria-label": view.label,
        viewBox: `0 0 ${view.size.width} ${view.size.height}`,
        width: view.size.width,
        height: view.size.height,
      });
      const asTable = view.tables !== undefined;
      setIcon(swapIcon, asTable ? "picture" : "table");
      setAttributes(swap, {"aria-label": `${view.title}: ${view.swap}`, title: view.swap});
      svg.style.display = asTable ? "none" : "";
      scroll.hidden = !asTable;
      if (view.tables === undefined) drawMarks(layer, view.marks);
      else drawTables(scroll, view.tables);
    },
  };
}

function drawTables(root: HTMLElement, tables: NonNullable<PanelView["tables"]>): void {
  while (root.childElementCount > tables.length) root.lastElementChild?.remove();
  tables.forEach(({title, table}, i) => {
    const known = root.children[i];
    const target = known instanceof HTMLTableElement ? known : element("table", {class: "twin"});
    if (known === undefined) root.append(target);
    drawTable(target, table, title);
  });
}

/** The hatch that style.css fills "not yet shown" and "compacted" with; one per picture, since ids are per document. */
function hatching(id: string): SVGDefsElement {
  const defs = document.createElementNS(svgSpace, "defs");
  const pattern = document.createElementNS(svgSpace, "pattern");
  setAttributes(pattern, {
    id: `hatch-${id}`,
    width: 8,
    height: 8,
    patternUnits: "userSpaceOnUse",
    patternTransform: "rotate(45)",
  });
  const line = document.createElementNS(svgSpace, "line");
  setAttributes(line, {x1: 0, y1: 0, x2: 0, y2: 8, class: "hatch-line"});
  pattern.append(line);
  defs.append(pattern);
  return defs;
}
