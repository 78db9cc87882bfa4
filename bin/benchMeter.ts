// What benchmarks measure by: the processor's time of this process, and its heap when it has been tidied.

import {setFlagsFromString} from "node:v8";
import {runInNewContext} from "node:vm";

setFlagsFromString("--expose-gc");

/** Collects what nobody holds any more. */
export const tidy = runInNewContext("gc") as () => void;

/** Bytes of the heap that are held. */
export function tidiedHeap(): number {
  tidy();
  return process.memoryUsage().heapUsed;
}

/** Of this process, since it began: other processes do not count. */
export function processorSeconds(): number {
  const {user, system} = process.cpuUsage();
  return (user + system) / 1e6;
}
