// Who reaches whom: one fault of the whole network at a time, so that what is undone is what was done.
//
//   split        partial       bridge        swizzle
//   n1 n2│n3     n1 ─╳─ n2     n1 n2 ─╳─ n4 n5     n2 alone · n2, n4 · n2, n4, n1 · n4, n1 · n1 · none
//                  ╲   ╱          ╲      ╱
//                   n3               n3

import type {Action} from "../action.ts";
import type {Config} from "../run.ts";
import {linkKinds, networkKinds, streamKinds} from "./kinds.ts";
import type {LinkKind, NetworkKind} from "./kinds.ts";
import type {Luck} from "./luck.ts";
import {clientsOf, membersOf} from "./names.ts";
import {doubled, during, into, windows} from "./windows.ts";
import type {Drawing, Planned, Times, Window} from "./windows.ts";

const healed: Action = {kind: "heal"};

export function networkFaults({luck, config, weights, times}: Drawing): readonly Planned[] {
  const servers = membersOf(config);
  return windows(luck.within("network"), weights, networkKinds, times, (kind, window) =>
    networkFault(kind, window, servers, config),
  );
}

function networkFault(
  kind: NetworkKind,
  window: Window,
  servers: readonly string[],
  {network}: Config,
): readonly Planned[] {
  const {luck} = window;
  switch (kind) {
    case "cut":
    case "oneWay": {
      const [from, to] = two(luck, servers);
      const oneWay = kind === "oneWay" ? {oneWay: true} : {};
      return during(window, [{kind: "cut", from, to, ...oneWay}], [{kind: "heal", link: [from, to]}]);
    }
    case "split":
      return during(window, [split(halves(luck, servers))], [healed]);
    case "isolate": {
      const [alone = "", ...others] = shuffled(luck, servers);
      return during(window, [split([[alone], others])], [healed]);
    }
    case "partial": {
      // One at least sees both sides.
      const [, ...others] = shuffled(luck, servers);
      const [a = "", b = "", ...rest] = others;
      const side = rest.map((name) => ({name, of: luck.below("side", 3)}));
      const also = (of: number): readonly string[] =>
        side.filter((one) => one.of === of).map(({name}) => name);
      return during(
        window,
        [
          split([
            [a, ...also(0)],
            [b, ...also(1)],
          ]),
        ],
        [healed],
      );
    }
    case "bridge": {
      const [, ...others] = shuffled(luck, servers);
      const half = Math.ceil(others.length / 2);
      return during(window, [split([others.slice(0, half), others.slice(half)])], [healed]);
    }
    case "flap":
      return flap(window, split(halves(luck, servers)));
    case "swizzle":
      return swizzle(window, servers);
    case "loss":
      return during(
        window,
        [{kind: "loss", perMillion: 10_000 * (1 + luck.below("loss", 30))}],
        [{kind: "loss", perMillion: network.lossPerMillion}],
      );
  }
}

/** It comes and goes, two to six times. */
function flap(window: Window, cut: Action): readonly Planned[] {
  const times = 2 + window.luck.below("times", 5);
  return Array.from({length: times}, (_, i): readonly Planned[] => [
    {at: into(window, 2 * i, 2 * times - 1), do: cut},
    {at: into(window, 2 * i + 1, 2 * times - 1), do: healed},
  ]).flat();
}

/** Some are cut off from all others one after another, and come back in another order (FoundationDB's swizzle-clog). */
function swizzle(window: Window, servers: readonly string[]): readonly Planned[] {
  const {luck} = window;
  const [first = "", ...others] = shuffled(luck, servers);
  const away = [first, ...others.filter(() => luck.below("away", 2) === 0)];
  const back = shuffled(luck, away);
  const steps = 2 * away.length - 1;
  const alone = [
    ...away.map((_, i) => away.slice(0, i + 1)),
    ...back.map((_, i) => away.filter((name) => !back.slice(0, i + 1).includes(name))),
  ];
  return alone.map((names, i) => ({
    at: into(window, i, steps),
    do: names.length === 0 ? healed : apart(names, servers),
  }));
}

/** Each of the names alone, and all others together. */
function apart(names: readonly string[], servers: readonly string[]): Action {
  const others = servers.filter((name) => !names.includes(name));
  const alone = names.map((name) => [name]);
  return split(others.length === 0 ? alone : [...alone, others]);
}

function split(groups: readonly (readonly string[])[]): Action {
  return {kind: "split", groups};
}

/** Two groups, neither empty; clients stay connected to all. */
function halves(luck: Luck, servers: readonly string[]): readonly (readonly string[])[] {
  const [a = "", b = "", ...rest] = shuffled(luck, servers);
  const sides: readonly [string[], string[]] = [[a], [b]];
  for (const name of rest) sides[luck.below("side", 2) === 0 ? 0 : 1].push(name);
  return sides;
}

function two(luck: Luck, servers: readonly string[]): readonly [string, string] {
  const [a = "", b = ""] = shuffled(luck, servers);
  return [a, b];
}

/** In an order that is drawn: one draw for each name. */
function shuffled(luck: Luck, names: readonly string[]): readonly string[] {
  const left = [...names];
  return names.flatMap(() => left.splice(luck.below("order", left.length), 1));
}

// ---- links

/** How what a member sends to another fares, and how a client and a member fare with each other. */
export function linkFaults({luck, config, weights, times}: Drawing): readonly Planned[] {
  const servers = membersOf(config);
  const ofMembers = servers.length < 2 ? [] : servers;
  return [
    ...ofMembers.flatMap((from) =>
      windows(luck.within(`link/${from}`), weights, linkKinds, doubled(times), (kind, window) => {
        const to = pick(
          window.luck,
          servers.filter((name) => name !== from),
        );
        return linkFault(kind, window, {from, to, oneWay: true}, times);
      }),
    ),
    ...clientsOf(config).flatMap((from) =>
      windows(luck.within(`link/${from}`), weights, streamKinds, doubled(times), (kind, window) =>
        linkFault(kind, window, {from, to: pick(window.luck, servers)}, times),
      ),
    ),
  ];
}

function pick(luck: Luck, names: readonly string[]): string {
  return names[luck.below("to", names.length)] ?? "";
}

function linkFault(
  kind: LinkKind,
  window: Window,
  link: {readonly from: string; readonly to: string; readonly oneWay?: true},
  {electionTimeout}: Times,
): readonly Planned[] {
  const {luck} = window;
  /** From 1 % to half of all messages. */
  const share = (): number => 10_000 * (1 + luck.below("share", 50));
  const quality = (): Extract<Action, {set: unknown}>["set"] => {
    switch (kind) {
      case "slowLink": {
        // etcd's robustness tests: 75 ± 50 ms with an election timeout of a second.
        const least = 1 + luck.below("latency", Math.ceil(electionTimeout / 8));
        return {latency: {least, most: 4 * least}};
      }
      case "narrowLink":
        return {
          bytesPerSecond: 2000 * (1 + luck.below("bandwidth", 32)),
          queueBytes: 1024 * luck.below("queue", 16),
        };
      case "lossyLink":
        return {lossPerMillion: share()};
      case "duplicate":
        return {duplicatePerMillion: share()};
      case "reorder":
        return {reorderPerMillion: share()};
    }
  };
  return during(window, [{kind: "link", ...link, set: quality()}], [{kind: "link", ...link, reset: true}]);
}
