// What can be done with a thing, as data: an item has a sentence and the page action it stands for. Menus opened by
// mouse, by keyboard and by the verbs at the bottom right are all made here.

import type {Action} from "../../sim/action.ts";
import type {Frame, MemberMark} from "../frame.ts";
import type {UiAction} from "./action.ts";
import type {State} from "./state.ts";
import type {PageWords} from "./words.ts";

export interface MenuEntry {
  readonly id: string;
  readonly label: string;
  readonly enabled: boolean;
  readonly does: UiAction;
}

export interface MenuView {
  readonly label: string;
  readonly entries: readonly MenuEntry[];
}

const act = (action: Action): UiAction => ({kind: "act", action});

/** The menu of a thing (its ref) or of a verb ("verb:cut"); undefined when nothing can be done with it. */
export function menuOf(of: string, state: State, words: PageWords): MenuView | undefined {
  const {frame} = state;
  if (frame === undefined) return undefined;
  const [kind, rest] = [of.slice(0, of.indexOf(":")), of.slice(of.indexOf(":") + 1)];
  if (kind === "verb") return verbMenu(rest, frame, state, words);
  const label = words.t("menu.of", {name: kind === "" ? of : rest});
  if (kind === "link") return {label, entries: linkEntries(rest, frame, words)};
  if (kind === "msg") return {label, entries: messageEntries(rest, frame, words)};
  if (frame.ring.members.some((member) => member.name === of))
    return {label, entries: memberEntries(of, frame, words)};
  const client = frame.ring.clients.find(({name}) => name === of);
  if (client !== undefined) {
    const pauses = client.paused === true ? "resume" : "pause";
    return {
      label,
      entries: [
        {
          id: "put",
          label: words.t("menu.put", {client: of}),
          enabled: true,
          does: {kind: "popup", popup: {kind: "put", client: of}},
        },
        {
          id: pauses,
          label: words.t(`menu.${pauses}`, {member: of}),
          enabled: true,
          does: act({kind: `${pauses}Client`, client: of}),
        },
        why(of, words),
      ],
    };
  }
  return {label, entries: [why(of, words)]};
}

function why(of: string, words: PageWords): MenuEntry {
  return {id: "why", label: words.t("menu.why"), enabled: true, does: {kind: "why", ref: of}};
}

function memberEntries(name: string, frame: Frame, words: PageWords): readonly MenuEntry[] {
  const member = frame.ring.members.find((one) => one.name === name);
  if (member === undefined) return [];
  const {t} = words;
  const entries: MenuEntry[] = [];
  const add = (kind: "crash" | "restart" | "pause" | "resume" | "timeout", enabled = true): void => {
    entries.push({
      id: kind,
      label: t(`menu.${kind}`, {member: name}),
      enabled,
      does: act({kind, member: name}),
    });
  };
  if (!member.started) {
    entries.push({
      id: "restart",
      label: t("menu.start", {member: name}),
      enabled: true,
      does: act({kind: "restart", member: name}),
    });
  } else if (member.status === "crashed") add("restart");
  else {
    add("crash");
    add(member.status === "paused" ? "resume" : "pause");
    add("timeout", member.status === "up" && member.role !== "leader" && member.standing === "voter");
    const others = frame.ring.members.map((one) => one.name).filter((one) => one !== name);
    entries.push({
      id: "isolate",
      label: t("menu.isolate", {member: name}),
      enabled: others.length > 0,
      does: act({kind: "split", groups: [[name], others]}),
    });
  }
  entries.push({
    id: "seenBy",
    label: t("menu.seenBy", {member: name}),
    enabled: member.status !== "crashed",
    does: {kind: "seenBy", who: name},
  });
  entries.push({
    id: "disk",
    label: t("menu.disk", {member: name}),
    enabled: true,
    does: {kind: "beside", what: "disk", who: name},
  });
  return [...entries, ...clusterEntries(member, frame, words), why(name, words)];
}

/** What a client can ask of the cluster about this server, in the words of etcdctl; the leader is asked. */
function clusterEntries(member: MemberMark, {ring}: Frame, {t}: PageWords): readonly MenuEntry[] {
  const client = ring.clients[0]?.name;
  const leader = ring.members.find(({name}) => name === ring.configuration.seenBy);
  if (client === undefined || leader === undefined) return [];
  const {name, standing, started} = member;
  // Only who leads can tell how far a learner is, or hand over; while nobody leads it is refused, as in life.
  const ask = (
    id: "transfer" | "addLearner" | "promote" | "remove" | "leaveJoint",
    op: string,
  ): MenuEntry => ({
    id,
    label: t(`menu.${id}`, {member: name}),
    enabled: leader.role === "leader",
    does: act({kind: "client", client, op, to: leader.name}),
  });
  const {outgoing, autoLeave} = ring.configuration;
  if (outgoing.length > 0 && autoLeave) return [];
  if (outgoing.length > 0) return member === leader ? [ask("leaveJoint", "member reconfigure")] : [];
  if (standing === "outside") return [ask("addLearner", `member add ${name} --learner`)];
  const remove = ask("remove", `member remove ${name}`);
  if (standing === "learner") return [ask("promote", `member promote ${name}`), remove];
  if (member === leader || !started || member.status !== "up") return [remove];
  return [ask("transfer", `move-leader ${name}`), remove];
}

function ends(link: string): readonly [string, string] {
  const [a = "", b = ""] = link.split("-");
  return [a, b];
}

/** What a click on a link does: cut it, or heal what was cut. */
export function linkToggle(link: string, frame: Frame): UiAction {
  const [a, b] = ends(link);
  const isCut = frame.ring.cuts.some(
    (one) => (one.from === a && one.to === b) || (one.from === b && one.to === a),
  );
  return isCut ? act({kind: "heal", link: [a, b]}) : act({kind: "cut", from: a, to: b});
}

function linkEntries(link: string, frame: Frame, words: PageWords): readonly MenuEntry[] {
  const [a, b] = ends(link);
  const {t} = words;
  const isCut = frame.ring.cuts.some(
    (one) => (one.from === a && one.to === b) || (one.from === b && one.to === a),
  );
  const entry = (id: string, label: string, action: Action): MenuEntry => ({
    id,
    label,
    enabled: true,
    does: act(action),
  });
  const between = {from: a, to: b} as const;
  const isBad = frame.ring.bad.some(
    (one) => (one.from === a && one.to === b) || (one.from === b && one.to === a),
  );
  const treatment = isBad
    ? entry("reset", t("menu.linkReset", {a, b}), {kind: "link", ...between, reset: true})
    : entry("lossy", t("menu.lossy", {a, b}), {kind: "link", ...between, set: {lossPerMillion: 500_000}});
  if (isCut)
    return [
      entry("heal", t("menu.healLink", {a, b}), {kind: "heal", link: [a, b]}),
      ...(isBad ? [treatment] : []),
    ];
  return [
    entry("cut", t("menu.cut", {a, b}), {kind: "cut", ...between}),
    entry("there", t("menu.cutOneWay", {a, b}), {kind: "cut", ...between, oneWay: true}),
    entry("back", t("menu.cutOneWay", {a: b, b: a}), {kind: "cut", from: b, to: a, oneWay: true}),
    treatment,
  ];
}

function messageEntries(event: string, frame: Frame, words: PageWords): readonly MenuEntry[] {
  const flight = frame.ring.flights.find((one) => one.event === event);
  const {t} = words;
  const alive = flight !== undefined && flight.dies === undefined;
  const entry = (id: "drop" | "hold" | "release" | "duplicate"): MenuEntry => ({
    id,
    label: t(`menu.${id}`),
    enabled: alive,
    does: act({kind: "message", event, do: id}),
  });
  return [
    entry("drop"),
    entry(flight?.held === true ? "release" : "hold"),
    entry("duplicate"),
    why(`msg:${event}`, words),
  ];
}

function verbMenu(verb: string, frame: Frame, state: State, words: PageWords): MenuView | undefined {
  const {t} = words;
  if (verb === "cut") return {label: t("verb.cut"), entries: cutEntries(frame, words)};
  if (verb === "crash") {
    const entries = frame.ring.members.map((member): MenuEntry => {
      const kind = member.status === "crashed" ? "restart" : "crash";
      return {
        id: member.name,
        label: t(member.started ? `menu.${kind}` : "menu.start", {member: member.name}),
        enabled: true,
        does: act({kind, member: member.name}),
      };
    });
    return {label: t("verb.crash"), entries};
  }
  if (verb === "more" || verb === "actions")
    return {
      label: t(verb === "more" ? "bar.more" : "verb.actions"),
      entries: phoneEntries(verb, state, words),
    };
  return undefined;
}

function cutEntries(frame: Frame, words: PageWords): readonly MenuEntry[] {
  const {t} = words;
  const names = frame.ring.members.map((member) => member.name);
  const groupOf = (name: string): number => frame.ring.groups.findIndex((group) => group.includes(name));
  const apart = (a: string, b: string): boolean =>
    groupOf(a) >= 0 && groupOf(b) >= 0 && groupOf(a) !== groupOf(b);
  const pairs = names
    .flatMap((a, i) => names.slice(i + 1).map((b) => [a, b] as const))
    .filter(([a, b]) => !apart(a, b));
  const links = pairs.map(([a, b]): MenuEntry => {
    const does = linkToggle(`${a}-${b}`, frame);
    const heals = does.kind === "act" && does.action.kind === "heal";
    return {id: `${a}-${b}`, label: t(heals ? "menu.healLink" : "menu.cut", {a, b}), enabled: true, does};
  });
  const broken = frame.ring.groups.length > 0 || frame.ring.cuts.length > 0;
  return [
    {
      id: "split",
      label: t("menu.split"),
      enabled: names.length > 1,
      does: {kind: "popup", popup: {kind: "split"}},
    },
    ...(broken ? [{id: "heal", label: t("menu.heal"), enabled: true, does: act({kind: "heal"})}] : []),
    ...links,
  ];
}

/** On a phone the bar and the verbs are two sheets. */
function phoneEntries(verb: "more" | "actions", state: State, words: PageWords): readonly MenuEntry[] {
  const {t} = words;
  const at = {x: 8, y: state.page.height - 8};
  const entry = (id: string, label: string, does: UiAction): MenuEntry => ({id, label, enabled: true, does});
  if (verb === "actions") {
    return [
      entry("cut", t("verb.cut"), {kind: "popup", popup: {kind: "menu", of: "verb:cut", ...at}}),
      entry("crash", t("verb.crash"), {kind: "popup", popup: {kind: "menu", of: "verb:crash", ...at}}),
      entry("put", t("verb.put"), {kind: "popup", popup: {kind: "put", client: ""}}),
      entry("heal", t("menu.heal"), act({kind: "heal"})),
      entry("slower", t("play.slower"), {kind: "speed", by: -1}),
      entry("faster", t("play.faster"), {kind: "speed", by: 1}),
    ];
  }
  return [
    entry("inspect", t("bar.inspect"), {kind: "inspect", tab: "why"}),
    entry("branches", t("tab.branches"), {kind: "inspect", tab: "branches"}),
    entry("checks", t("tab.checks"), {kind: "inspect", tab: "checks"}),
    entry("share", t("bar.share"), {kind: "share"}),
    entry("language", t("bar.language"), {kind: "language"}),
    entry("theme", t("bar.themeOf", {theme: t(`bar.theme.${state.theme}`)}), {kind: "theme"}),
    entry("help", t("bar.help"), {kind: "popup", popup: {kind: "help"}}),
  ];
}
