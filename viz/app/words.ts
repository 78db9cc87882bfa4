// The language in force: one lookup over all catalogues, each of which keeps both languages side by side.

import {worded} from "../../core/base/said.ts";
import {serverWords} from "../../core/server/words.ts";
import type {Catalogue, Language, Said} from "../../core/base/said.ts";
import type {Worded} from "../frame.ts";
import type {Words} from "../layout/look.ts";
import {pageWords} from "../words/page.ts";
import {engineWords} from "../words/engine.ts";
import {scenarioWords} from "../../scenarios/words.ts";
import {checkWords} from "../../sim/check/words.ts";

/** What is said came from the engine; the page asks for its own words by `t`. */
const catalogues: readonly Catalogue[] = [engineWords, serverWords, checkWords, scenarioWords, pageWords];

export interface PageWords extends Words {
  readonly language: Language;
  /** A catalogue's sentence or a scenario's own. */
  tell(what: Worded): string;
}

export function wordsIn(language: Language): PageWords {
  const say = (said: Said): string => {
    const catalogue = catalogues.find((one) => one[said.id] !== undefined);
    if (catalogue !== undefined) return worded(catalogue, said, language);
    // A scenario's own text travels as the arguments of its Said.
    const own = said.args[language];
    return typeof own === "string" ? own : said.id;
  };
  return {
    language,
    say,
    t: (id, args = {}) => worded(pageWords, {id, args, refs: []}, language),
    tell: (what) => ("said" in what ? say(what.said) : what.text[language]),
  };
}
