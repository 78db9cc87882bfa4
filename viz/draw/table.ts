// A table twin: the same view as rows and columns, for those who cannot or need not see the picture.

import {select} from "d3-selection";
import type {Table} from "../layout/mark.ts";

export function drawTable(root: HTMLTableElement, table: Table, caption: string): void {
  const top = select(root);
  top
    .selectAll<HTMLTableCaptionElement, string>("caption")
    .data([caption])
    .join("caption")
    .text((text) => text);
  top
    .selectAll<HTMLTableSectionElement, readonly string[]>("thead")
    .data([table.columns])
    .join((enter) => enter.append("thead").call((head) => head.append("tr")))
    .select("tr")
    .selectAll<HTMLTableCellElement, string>("th")
    .data((columns) => columns)
    .join((enter) => enter.append("th").attr("scope", "col"))
    .text((text) => text);
  top
    .selectAll<HTMLTableSectionElement, Table["rows"]>("tbody")
    .data([table.rows])
    .join("tbody")
    .selectAll<HTMLTableRowElement, Table["rows"][number]>("tr")
    .data((rows) => rows)
    .join("tr")
    .attr("data-ref", (row) => row.ref ?? null)
    .selectAll<HTMLTableCellElement, string>("td")
    .data((row) => row.cells)
    .join("td")
    .text((text) => text);
}
