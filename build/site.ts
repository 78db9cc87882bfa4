// The page as static files: any web server serves them, under any path.

import {build} from "vite";
import {at} from "./paths.ts";

export async function buildSite(): Promise<void> {
  await build({configFile: at("build/vite.config.ts"), logLevel: "warn"});
}
