// etcd's own record of what its robustness tests found or reproduced (tests/robustness/README.md), the lines whose cause is known
// and is etcd's: #20573 has none yet, #20655 was the test's.

import {museum} from "../../../sim/bug/museum.ts";
import {plaques} from "../../../sim/bug/plaques.ts";

export const trackRecord = [
  13766, 14370, 14571, 14685, 15220, 15271, 17247, 17529, 17780, 18055, 18089, 18667, 19179, 20221, 20271,
  20418,
] as const;

export function issueLink(issue: number): string {
  return `https://github.com/etcd-io/etcd/issues/${issue}`;
}

/** The bugs whose plaques are about an issue. */
export function bugsOf(issue: number): readonly string[] {
  return museum.map(({id}) => id).filter((id) => plaques[id]?.links.includes(issueLink(issue)) ?? false);
}
