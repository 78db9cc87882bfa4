import {expect, it} from "vitest";
import {spreadOfCounts, spreadOfFound} from "../../../sim/explore/spread.ts";

it("how seeds to detection are spread is told from 40 detections on", () => {
  const every = (step: number, times: number): readonly number[] =>
    Array.from({length: times}, (_, i) => step * (i + 1) - 1);
  expect(spreadOfFound(every(3, 39))).toBeUndefined();
  expect(spreadOfFound(every(3, 40))).toEqual({p50: 3, p95: 3});
  const late = [99, 109, 119, 129, 139, 149];
  expect(spreadOfFound([...every(1, 90), ...late])).toEqual({p50: 1, p95: 10});
});

it("counts are spread whatever their order", () => {
  const counts = Array.from({length: 100}, (_, i) => 100 - i);
  expect(spreadOfCounts(counts)).toEqual({p50: 50, p95: 95});
});
