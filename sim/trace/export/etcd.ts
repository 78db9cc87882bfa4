// The history of an etcd's clients with revisions, and the log that was applied, as `etcdscope check` reads it (sim/record/etcd.ts).

import {writeEtcd} from "../../record/etcd.ts";
import type {WorldView} from "../../view.ts";
import type {Exporter} from "./exporter.ts";

export class EtcdExporter implements Exporter {
  take(): void {
    // All of it is in the history at the end.
  }

  end({operations, appliedLog, now, step}: WorldView): string {
    return writeEtcd(operations, appliedLog, {step, at: now});
  }
}
