// Once per `npm test`: says which seed the property tests draw from.

import type {TestProject} from "vitest/node";

export function setup(project: TestProject): void {
  if (project.name === "")
    console.log(`seed ${project.getProvidedContext().seed} (ETCDSCOPE_SEED changes it)`);
}
