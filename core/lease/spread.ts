// After a change of leader all leases live anew, and those that were granted alike would end together: more than can be
// revoked in time. They are drawn apart to ¾ of the revocations of a second (etcd server/lease/lessor.go, Promote).

import {second} from "../base/quantity.ts";
import type {LeaseId, Micros} from "../base/quantity.ts";
import type {Appointment} from "./agenda.ts";

/** Which leases are to end later, and by how much. `ends`: ascending, not before `now`. */
export function spread(
  ends: readonly Appointment[],
  revokesPerSecond: number,
  now: Micros,
): readonly {readonly lease: LeaseId; readonly delay: Micros}[] {
  const perSecond = Math.max(1, Math.floor((3 * revokesPerSecond) / 4));
  const delays: {lease: LeaseId; delay: Micros}[] = [];
  let base = (ends[0]?.at ?? now) - now;
  let next = base + second;
  let inWindow = 0;
  for (const {at, lease} of ends) {
    const remaining = at - now;
    if (remaining > next) {
      base = remaining;
      next = base + second;
      inWindow = 1;
      continue;
    }
    inWindow++;
    if (inWindow <= perSecond) continue;
    // One that ends n seconds behind the window's begin is n seconds late already.
    const delay = Math.floor((second * inWindow) / perSecond) - (remaining - base);
    next = base + delay;
    delays.push({lease, delay});
  }
  return delays;
}
