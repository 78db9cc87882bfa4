// Where the time goes: the processor's time of some work by room, as V8's sampling profiler sees it. The bundle's source map
// says which file a function came from.

import {readFileSync} from "node:fs";
import {Session} from "node:inspector/promises";
import type {Runtime} from "node:inspector";
import {SourceMap} from "node:module";
import {fileURLToPath} from "node:url";

type Frame = Pick<Runtime.CallFrame, "functionName" | "url" | "lineNumber" | "columnNumber">;

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
  const map = sourceMapOf(fileURLToPath(import.meta.url));
  const times = new Map<string, number>();
  let all = 0;
  for (const [i, id] of (profile.samples ?? []).entries()) {
    const frame = nodes.get(id);
    const time = profile.timeDeltas?.[i] ?? 0;
    if (frame === undefined || frame.functionName === "(idle)" || frame.functionName === "(root)") continue;
    const room = roomOf(frame, map);
    times.set(room, (times.get(room) ?? 0) + time);
    all += time;
  }
  return [...times]
    .map(([room, time]) => [room, Number(((100 * time) / all).toFixed(1))] as const)
    .sort(([, a], [, b]) => b - a);
}

function sourceMapOf(bundle: string): SourceMap {
  return new SourceMap(JSON.parse(readFileSync(`${bundle}.map`, "utf8")));
}

/** "core/raft", "sim" for what lies in no room of its own, "garbage", "node" for what is none of ours. */
function roomOf({functionName, url, lineNumber, columnNumber}: Frame, map: SourceMap): string {
  if (functionName === "(garbage collector)") return "garbage";
  if (url !== import.meta.url) return "node";
  const entry = map.findEntry(lineNumber, columnNumber);
  const source = "originalSource" in entry ? entry.originalSource : "";
  return /(core\/\w+|sim\/\w+(?=\/)|sim|bin)\/?[^/]*$/.exec(source)?.[1] ?? "packages";
}
