// What every bundle of a program or of the library is made with.

import type {InlineConfig} from "vite";
import {defined} from "./codeHash.ts";
import {at} from "./paths.ts";

export function common(): InlineConfig {
  return {configFile: false, root: at("."), logLevel: "warn", publicDir: false, define: defined()};
}
