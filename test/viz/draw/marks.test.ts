// @vitest-environment happy-dom
import {describe, expect, it} from "vitest";
import {drawMarks} from "../../../viz/draw/marks.ts";
import {drawTable} from "../../../viz/draw/table.ts";
import {svgSpace} from "../../../viz/draw/element.ts";
import type {Mark} from "../../../viz/layout/mark.ts";
import {registry, viewIds} from "../../../viz/registry.ts";
import {looks} from "../support/looks.ts";
import {busyFrame, emptyFrame} from "../support/sampleFrame.ts";

function layer(): SVGGElement {
  return document.createElementNS(svgSpace, "g");
}

const size = {width: 840, height: 300};
const look = looks({light: size, dark: size, projector: size}, busyFrame.cursor.time)[0]!.look;
const all = viewIds.flatMap((id) =>
  registry[id].marks(busyFrame, look).map((mark) => ({...mark, name: `${id} ${mark.name}`})),
);

describe("drawing marks", () => {
  it("is idempotent: the same marks twice give the same document", () => {
    const root = layer();
    drawMarks(root, all);
    const once = root.outerHTML;
    drawMarks(
      root,
      all.map((mark) => ({...mark})),
    );
    expect(root.outerHTML).toBe(once);
    expect(root.childElementCount).toBe(all.length);
  });

  it("depends on the marks alone, not on what was drawn before", () => {
    const [fresh, used] = [layer(), layer()];
    const other = registry.ring.marks(emptyFrame, look);
    drawMarks(fresh, all);
    drawMarks(used, other);
    drawMarks(used, all);
    expect(used.outerHTML).toBe(fresh.outerHTML);
  });

  it("keeps the element of a mark that keeps its name, and its place in the order", () => {
    const root = layer();
    const mark = (name: string, x: number): Mark => ({shape: "circle", name, class: "dot", x, y: 0, r: 1});
    drawMarks(root, [mark("a", 0), mark("b", 1)]);
    const [a, b] = root.children;
    drawMarks(root, [mark("b", 5), mark("c", 2), mark("a", 0)]);
    expect(root.children[0]).toBe(b);
    expect(root.children[2]).toBe(a);
    expect(b?.getAttribute("cx")).toBe("5");
  });

  it("does not touch an element whose mark stayed the same", () => {
    const root = layer();
    drawMarks(root, all);
    const first = root.children[0]!;
    first.setAttribute("data-probe", "still here");
    first.setAttribute("class", "probe");
    drawMarks(
      root,
      all.map((mark) => ({...mark})),
    );
    expect(first.getAttribute("class")).toBe("probe");
  });

  it("makes targets reachable and gives them their sentence; the rest is not in the way", () => {
    const root = layer();
    drawMarks(root, all);
    for (const target of root.querySelectorAll(".target")) {
      expect(target.getAttribute("role")).toBe("button");
      expect(target.getAttribute("tabindex")).toBe("-1");
      expect(target.getAttribute("aria-label")).toMatch(/\S/);
    }
    expect(root.querySelectorAll("[role]").length).toBe(root.querySelectorAll(".target").length);
  });
});

it("a table twin redrawn shows exactly its rows", () => {
  const table = document.createElement("table");
  drawTable(table, {columns: ["a", "b"], rows: [{cells: ["1", "2"]}, {cells: ["3", "4"]}]}, "first");
  drawTable(table, {columns: ["a"], rows: [{ref: "n1", cells: ["5"]}]}, "second");
  expect([...table.querySelectorAll("tr")].map((row) => row.textContent)).toEqual(["a", "5"]);
  expect(table.querySelector("caption")?.textContent).toBe("second");
  expect(table.querySelector("tbody tr")?.getAttribute("data-ref")).toBe("n1");
});
