// What a run is about: what its scenario teaches, who has which bug, the same run in its other variants, where one can
// read on. In the chooser, and as buttons in the caption where the next question is "and without?".

import {element} from "../draw/element.ts";
import type {AboutView, CheckView, Frame} from "../frame.ts";
import type {Link, Source} from "../protocol.ts";
import type {UiAction} from "./action.ts";
import type {State} from "./state.ts";
import type {PageWords} from "./words.ts";

export interface Offer {
  readonly label: string;
  readonly does: UiAction;
}

/** Who has which bugs: `["n2", "vote-twice"]`; empty: nobody has any. */
export function bugsIn({ring}: Frame): readonly (readonly [string, string])[] {
  return [...ring.members, ...ring.clients].flatMap(({name, bugs = []}) =>
    bugs.map((bug) => [name, bug] as const),
  );
}

/** Somebody has a bug, or would have it but for the variant. */
export function isOfBug(frame: Frame): boolean {
  return bugsIn(frame).length > 0 || frame.head.about.variant === "fixed";
}

/** What the caption of a bug's run offers: at its beginning, at its end, and as soon as a check broke. */
export function offersAt(
  {frame, source}: Pick<State, "frame" | "source">,
  words: PageWords,
): readonly Offer[] {
  if (frame === undefined || source === undefined || !isOfBug(frame)) return [];
  if (!frame.ended && frame.cursor.step > 0 && frame.head.verdict !== "violated") return [];
  return [
    ...whereBroken(frame, words),
    {label: words.t("offer.about"), does: {kind: "popup", popup: {kind: "chooser"}}},
    ...variantsOf(frame, source, words),
  ];
}

/** What broke first: the caption told of that. */
export function firstBroken({checks}: Frame): CheckView | undefined {
  const broken = checks.filter(({violation}) => violation !== undefined);
  const first = Math.min(...broken.map(({violation}) => violation?.step ?? 0));
  return broken.find(({violation}) => violation?.step === first);
}

/** Back to the event at which it was seen; some checks are judged only at the end. */
function whereBroken(frame: Frame, {t}: PageWords): readonly Offer[] {
  const step = firstBroken(frame)?.violation?.step;
  if (step === undefined || step >= frame.cursor.step) return [];
  return [{label: t("offer.where"), does: {kind: "go", target: {kind: "step", step}}}];
}

/** The scenario's title, behind the variant's name when it is one. */
export function titleOf({head}: Frame, {t, say}: PageWords): string {
  const {variant} = head.about;
  const title = say(head.title);
  if (variant === undefined) return title;
  const named = variant === "fixed" || variant === "control" ? t(`variant.${variant}`) : variant;
  return t("variant.title", {variant: named, title});
}

/** The other variants of what runs, the scenario's own run among them. */
function variantsOf({head}: Frame, source: Source, {t}: PageWords): readonly Offer[] {
  const {variant, variants} = head.about;
  const offer = (label: string, name: string | undefined): Offer => ({
    label,
    does: {kind: "open", source: again(source, head.seed, name)},
  });
  const own =
    variant === undefined ? [] : [offer(t(variant === "fixed" ? "offer.bug" : "offer.own"), undefined)];
  const others = variants
    .filter((name) => name !== variant)
    .map((name) => {
      if (name === "fixed" || name === "control") return offer(t(`offer.${name}`), name);
      return offer(t("offer.variant", {name}), name);
    });
  return [...own, ...others];
}

/** The same to open, from its beginning, with that seed and variant; what was done, or is on record, is left out. */
export function again(source: Source, seed: string, variant: string | undefined): Source {
  const scenario = scenarioIn(source);
  if (variant !== undefined) {
    const begin = {acts: [], cursor: {event: "", time: 0}, chain: "", code: "0".repeat(16)};
    return {kind: "link", link: {format: 1, scenario, variant, seed, ...begin}};
  }
  if (typeof scenario === "string") return {kind: "scenario", id: scenario, seed};
  return {kind: "file", name: source.kind === "file" ? source.name : "link", text: scenario.text, seed};
}

function scenarioIn(source: Source): Link["scenario"] {
  switch (source.kind) {
    case "scenario":
      return source.id;
    case "file":
      return {text: source.text};
    case "link":
      return source.link.scenario;
  }
}

/** For the chooser: what is open now. */
export function aboutPart(
  {frame, source}: Pick<State, "frame" | "source">,
  words: PageWords,
  dispatch: (action: UiAction) => void,
): readonly Node[] {
  if (frame === undefined || source === undefined) return [];
  const {head} = frame;
  const bugs = bugsIn(frame);
  const variants = variantsOf(frame, source, words).map(({label, does}) => {
    const button = element("button", {type: "button"}, label);
    button.addEventListener("click", () => dispatch(does));
    return button;
  });
  const {teaches, sources} = head.about;
  return [
    element(
      "section",
      {class: "about"},
      element("h3", {}, titleOf(frame, words)),
      element("p", {}, words.tell(teaches)),
      ...(bugs.length === 0 ? [] : [element("p", {}, bugLine(bugs, words))]),
      ...(sources.length === 0 ? [] : [sourceLine(sources, words)]),
      ...(variants.length === 0 ? [] : [element("div", {class: "variants"}, ...variants)]),
    ),
  ];
}

/** `n1 n2 n3 have the bug vote-twice.` */
function bugLine(bugs: ReturnType<typeof bugsIn>, {t}: PageWords): string {
  const names = [...new Set(bugs.map(([, bug]) => bug))];
  const parts = names.map((name) => {
    const who = bugs.filter(([, bug]) => bug === name).map(([one]) => one);
    return t(who.length === 1 ? "about.hasBug" : "about.haveBug", {who: who.join(" "), bug: name});
  });
  return parts.join(" ");
}

function sourceLine(sources: AboutView["sources"], {t}: PageWords): HTMLElement {
  const links = sources.flatMap(({title, url}, i) => [
    i === 0 ? "" : " · ",
    // An address may come from anybody's file.
    url !== undefined && /^https?:\/\//.test(url)
      ? element("a", {href: url, target: "_blank", rel: "noopener noreferrer"}, title)
      : title,
  ]);
  return element("p", {}, t("about.sources"), ...links);
}
