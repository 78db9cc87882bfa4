// What the claims came to, as of the cursor.

import type {CheckReport} from "../../sim/check/checker.ts";
import type {CheckView, Windows} from "../frame.ts";
import type {Moment} from "./moment.ts";

export function buildChecks(moment: Moment, _windows: Windows): readonly CheckView[] {
  const veiled = moment.told?.veil.includes("verdict") === true;
  return moment.reports.map((report): CheckView => {
    const {name, exercised, violation} = report;
    if (veiled) return {name, verdict: "unknown", exercised: 0};
    if (violation === undefined) return {name, verdict: verdictOf(report), exercised};
    const {said, evidence, step} = violation;
    return {name, verdict: "violated", exercised, violation: {said, evidence, step}};
  });
}

export function verdictOf({verdict}: CheckReport): CheckView["verdict"] {
  return verdict === "pass" ? "holds" : verdict === "fail" ? "violated" : "unknown";
}
