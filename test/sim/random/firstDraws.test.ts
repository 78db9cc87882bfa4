import {firstDraws} from "./firstDraws.ts";

firstDraws("in Node");
