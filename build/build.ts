// `npm run build`: everything that is shipped. `npm run build -- site command`: only these.

import {mkdir} from "node:fs/promises";
import {buildCommand} from "./command.ts";
import {buildLibrary} from "./library.ts";
import {buildOffline} from "./offline.ts";
import {at} from "./paths.ts";
import {buildSite} from "./site.ts";

const outputs: Readonly<Record<string, () => Promise<void>>> = {
  site: buildSite,
  offline: buildOffline,
  command: buildCommand,
  library: buildLibrary,
};

const named = process.argv.slice(2);
for (const name of named) {
  if (outputs[name] === undefined) {
    console.error(`build: "${name}" is not one of ${Object.keys(outputs).join(", ")}`);
    process.exit(2);
  }
}

await mkdir(at("dist"), {recursive: true});
for (const [name, make] of Object.entries(outputs)) {
  if (named.length > 0 && !named.includes(name)) continue;
  const start = performance.now();
  await make();
  console.log(`${name}: ${Math.round(performance.now() - start)} ms`);
}
