// Where the time goes: the processor's time of some work by room, as V8's sampling profiler sees it. A bundle says with
// `//#region` which file a line came from.

import {readFileSync} from "node:fs";
import {Session} from "node:inspector/promises";
import {fileURLToPath} from "node:url";

/** Shares in percent of the rooms ("core/raft", "sim/world" …), and of collecting garbage, largest first. */
export async function sharesByRoom(work: () => void): Promise<readonly (readonly [string, number])[]> {
  const session = new Session();
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.setSamplingInterval", {interval: 500});
  await session.post("Profiler.start");
  work();
  const {profile} = await session.post("Profiler.stop");
  session.disconnect();
  const nodes = new Map(profile.nodes.map((node) => [node.id, node.callFrame]));
  const rooms = roomsByLine(fileURLToPath(import.meta.url));
  const times = new Map<string, number>();
  let all = 0;
  for (const [i, id] of (profile.samples ?? []).entries()) {
    const frame = nodes.get(id);
    const time = profile.timeDeltas?.[i] ?? 0;
    if (frame === undefined || frame.functionName === "(idle)" || frame.functionName === "(root)") continue;
    const room =
      frame.functionName === "(garbage collector)" ? "garbage" : (rooms[frame.lineNumber] ?? "node");
    const where = frame.url === import.meta.url || room === "garbage" ? room : "node";
    times.set(where, (times.get(where) ?? 0) + time);
    all += time;
  }
  return [...times]
    .map(([room, time]) => [room, Number(((100 * time) / all).toFixed(1))] as const)
    .sort(([, a], [, b]) => b - a);
}

/** The room that each line of a bundle came from. */
function roomsByLine(bundle: string): readonly (string | undefined)[] {
  let room: string | undefined;
  return readFileSync(bundle, "utf8")
    .split("\n")
    .map((line) => {
      const path = /^\/\/#region (\S+)$/.exec(line)?.[1];
      if (path !== undefined) room = /^(core\/\w+|sim\/\w+(?=\/)|sim|bin)/.exec(path)?.[1] ?? "packages";
      return room;
    });
}
