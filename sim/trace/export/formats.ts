// The forms that a run on record can be given to other tools in.

import {EtcdExporter} from "./etcd.ts";
import type {Exporter, Exporting} from "./exporter.ts";
import {JepsenExporter} from "./jepsen.ts";
import {PerfettoExporter} from "./perfetto.ts";
import {ShivizExporter} from "./shiviz.ts";
import {TlaExporter} from "./tla.ts";

export const exporters = {
  shiviz: (about: Exporting): Exporter => new ShivizExporter(about),
  perfetto: (about: Exporting): Exporter => new PerfettoExporter(about),
  jepsen: (): Exporter => new JepsenExporter(),
  etcd: (): Exporter => new EtcdExporter(),
  tla: (): Exporter => new TlaExporter(),
} satisfies Readonly<Record<string, (about: Exporting) => Exporter>>;

export type ExportFormat = keyof typeof exporters;

export const exportFormats = Object.keys(exporters) as readonly ExportFormat[];
