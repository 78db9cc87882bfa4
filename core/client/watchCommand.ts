// Watches: etcdctl's `watch`, and `progress`, which its interactive mode has (etcdctl/ctlv3/command/watch_command.go).

import type {Result} from "../base/result.ts";
import {ok} from "../base/result.ts";
import type {Request} from "../server/request.ts";
import type {Arguments} from "./arguments.ts";
import type {Family} from "./family.ts";
import {bare, ranged, readRange, switches} from "./family.ts";

export const watchCommands = {
  watch: {
    form: "watch <key> [end] [--prefix] [--from-key] [--rev N] [--prev-kv] [--progress-notify] [--filter noput|nodelete|noput,nodelete] [--fragment] [--watch-id N]",
    least: 1,
    most: 2,
    flags: {
      ...ranged,
      "--rev": "integer",
      "--prev-kv": "switch",
      "--progress-notify": "switch",
      // Ours: etcd's API has them, etcdctl does not.
      "--filter": ["noput", "nodelete", "noput,nodelete", "nodelete,noput"],
      "--fragment": "switch",
      "--watch-id": "integer",
    },
    absent: {"-i": "a watch stays open by itself here, and progress is a command"},
    read: readWatch,
  },
  progress: bare("progress", {kind: "watchProgress"}),
} as const satisfies Family;

function readWatch(found: Arguments): Result<Request, string> {
  const range = readRange(found);
  if (!range.ok) return range;
  const startRevision = found.integer("--rev");
  const watchId = found.integer("--watch-id");
  const filters = found.list("--filter").filter((filter) => filter === "noput" || filter === "nodelete");
  return ok({
    kind: "watchCreate",
    ...range.value,
    ...(startRevision === 0 ? {} : {startRevision}),
    ...(watchId === 0 ? {} : {watchId}),
    ...(filters.length === 0 ? {} : {filters}),
    ...switches(found, {
      prevKv: "--prev-kv",
      progressNotify: "--progress-notify",
      fragment: "--fragment",
    }),
  });
}
