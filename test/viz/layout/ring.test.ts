import {describe, expect, it} from "vitest";
import type {FlightMark, RingView} from "../../../viz/frame.ts";
import type {Look} from "../../../viz/layout/look.ts";
import type {Mark, Size} from "../../../viz/layout/mark.ts";
import {ringLayout, ringTable} from "../../../viz/layout/ring.ts";
import {highlight} from "../../../viz/layout/look.ts";
import {registry} from "../../../viz/registry.ts";
import {boxOf, collisions, looks, outside, standingTexts} from "../support/looks.ts";
import type {Box} from "../support/looks.ts";
import {busyFrame} from "../support/sampleFrame.ts";

const size: Size = {width: 440, height: 337};
const phone: Size = {width: 390, height: 238};
const look = (time: number, at: Size = size): Look => {
  const first = looks({light: at, dark: at, projector: at}, time)[0];
  if (first === undefined) throw new Error("no look");
  return first.look;
};

const template = busyFrame.ring.members[1];
if (template === undefined) throw new Error("the sample frame has no members");

function ring(
  n: number,
  groups: readonly (readonly string[])[],
  flights: readonly FlightMark[] = [],
): RingView {
  const members = Array.from({length: n}, (_, i) => ({
    ...template!,
    name: `n${i + 1}`,
    role: i === 0 ? ("leader" as const) : ("follower" as const),
  }));
  return {...busyFrame.ring, members, flights, groups, cuts: [], bad: [], refusals: []};
}

/** Every way to cut n servers into two groups. */
function splits(n: number): readonly (readonly (readonly string[])[])[] {
  const names = Array.from({length: n}, (_, i) => `n${i + 1}`);
  return Array.from({length: 2 ** (n - 1) - 1}, (_, mask) => {
    const first = names.filter((_, i) => i === 0 || ((mask >> (i - 1)) & 1) === 1);
    return [first, names.filter((name) => !first.includes(name))];
  });
}

function discs(marks: readonly Mark[]): readonly Box[] {
  return marks.flatMap((mark) =>
    mark.shape === "circle" && mark.class.includes("target member")
      ? [
          {
            name: mark.name,
            left: mark.x - mark.r,
            right: mark.x + mark.r,
            top: mark.y - mark.r,
            bottom: mark.y + mark.r,
          },
        ]
      : [],
  );
}

function wallPoints(marks: readonly Mark[]): readonly {readonly x: number; readonly y: number}[] {
  return marks.flatMap((mark) =>
    mark.shape === "path" && mark.class === "wall"
      ? [...mark.d.matchAll(/(-?[\d.]+),(-?[\d.]+)/g)].map((match) => ({
          x: Number(match[1]),
          y: Number(match[2]),
        }))
      : [],
  );
}

const flight: FlightMark = {
  event: "n1→n2#1",
  from: "n1",
  to: "n2",
  kind: "AppendEntries",
  term: 2,
  response: false,
  entries: [2],
  more: 0,
  sent: 1000,
  arrives: 2000,
  held: false,
  line: "AppendEntries",
};

function target(marks: readonly Mark[], event: string): {readonly x: number; readonly y: number} {
  const mark = marks.find((one) => one.name === `flight/${event}/target`);
  if (mark?.shape !== "circle") throw new Error(`no target for ${event}`);
  return mark;
}

const at = (time: number, ...flights: FlightMark[]): readonly Mark[] =>
  ringLayout(ring(5, [], flights), look(time));

describe("servers and splits", () => {
  const cases = [3, 5, 7].flatMap((n) =>
    [[], ...splits(n)].map((groups) => ({
      n,
      groups,
      name: `${n}: ${groups.map((group) => group.join(" ")).join(" | ")}`,
    })),
  );

  it("keeps names, discs and view apart for every split of 3, 5 and 7 servers", () => {
    for (const {n, groups, name} of cases) {
      const marks = ringLayout(ring(n, groups), look(0));
      const texts = standingTexts(marks).map(boxOf);
      expect(collisions(texts), name).toEqual([]);
      expect(outside([...texts, ...discs(marks)], size), name).toEqual([]);
      expect(collisions(discs(marks)), name).toEqual([]);
    }
  });

  it("keeps five servers apart on a phone, whatever the split", () => {
    for (const {n, groups, name} of cases.filter((one) => one.n <= 5)) {
      const marks = ringLayout(ring(n, groups), look(0, phone));
      expect(collisions(standingTexts(marks).map(boxOf)), name).toEqual([]);
      expect(collisions(discs(marks)), name).toEqual([]);
    }
  });

  it("stands the wall clear of every disc and name", () => {
    for (const {n, groups, name} of cases.filter((one) => one.groups.length > 0)) {
      const marks = ringLayout(ring(n, groups), look(0));
      const points = wallPoints(marks);
      expect(points.length, name).toBeGreaterThan(10);
      const names = standingTexts(marks)
        .filter((mark) => mark.name.startsWith("member/"))
        .map(boxOf);
      const inBox = (box: Box): boolean =>
        points.some(
          (point) => point.x > box.left && point.x < box.right && point.y > box.top && point.y < box.bottom,
        );
      const inDisc = (box: Box): boolean =>
        points.some(
          (point) =>
            Math.hypot(point.x - (box.left + box.right) / 2, point.y - (box.top + box.bottom) / 2) <
            (box.right - box.left) / 2,
        );
      const hit = [...discs(marks).filter(inDisc), ...names.filter(inBox)];
      expect(
        hit.map((box) => box.name),
        name,
      ).toEqual([]);
    }
  });

  it("stands every client on its group's side of the wall", () => {
    for (const {n, groups, name} of cases.filter((one) => one.groups.length > 0)) {
      const [first = [], second = []] = groups;
      const marks = ringLayout(
        ring(n, [
          [...first, "c2"],
          [...second, "c1"],
        ]),
        look(0),
      );
      const points = wallPoints(marks);
      const height = (group: readonly string[]): number =>
        discs(marks)
          .filter((box) => group.some((one) => box.name === `member/${one}/target`))
          .reduce((sum, box) => sum + box.top, 0) / group.length;
      const firstAbove = height(first) < height(second);
      const sideOf = (client: string): boolean => {
        const screen = marks.find((mark) => mark.name === `client/${client}/screen`);
        if (screen?.shape !== "rect") throw new Error(`${client} is not drawn`);
        const near = points.filter(({x}) => x > screen.x && x < screen.x + screen.width);
        expect(near.length, name).toBeGreaterThan(0);
        const above = near.every(({y}) => y > screen.y + screen.height);
        expect(above || near.every(({y}) => y < screen.y), name).toBe(true);
        return above;
      };
      expect([sideOf("c2"), sideOf("c1")], name).toEqual([firstAbove, !firstAbove]);
    }
  });

  it("puts a wall between each two of three groups", () => {
    const marks = ringLayout(ring(5, [["n1", "n2"], ["n3"], ["n4", "n5"]]), look(0));
    expect(marks.filter((mark) => mark.class === "wall")).toHaveLength(3);
  });

  it("draws no link across the wall, and one for every other pair", () => {
    const marks = ringLayout(
      ring(5, [
        ["n1", "n2"],
        ["n3", "n4", "n5"],
      ]),
      look(0),
    );
    const drawn = marks
      .filter((mark) => mark.class === "link")
      .map((mark) => mark.name)
      .sort();
    expect(drawn).toEqual(["link:n1-n2", "link:n3-n4", "link:n3-n5", "link:n4-n5"]);
  });
});

describe("messages on the way", () => {
  it("move linearly with time: half the time is half the way, and going back is exact", () => {
    const [start, half, quarter, end] = [1000, 1500, 1250, 2000].map((time) =>
      target(at(time, flight), flight.event),
    );
    expect(half!.x).toBeCloseTo((start!.x + end!.x) / 2, 0);
    expect(half!.y).toBeCloseTo((start!.y + end!.y) / 2, 0);
    expect(quarter!.x).toBeCloseTo(start!.x + (end!.x - start!.x) / 4, 0);
    expect(at(1250, flight)).toEqual(at(1250, flight));
  });

  it("pass each other in parallel lanes, 10 pixels apart", () => {
    const back = {...flight, event: "n2→n1#1", from: "n2", to: "n1"};
    const marks = at(1500, flight, back);
    const [one, other] = [target(marks, flight.event), target(marks, back.event)];
    expect(Math.sqrt((one.x - other.x) ** 2 + (one.y - other.y) ** 2)).toBeCloseTo(10, 0);
  });

  it("point where they go", () => {
    const tips = [flight, {...flight, from: "n2", to: "n1"}].map((one) => {
      const marks = at(1500, one);
      const arrow = marks.find((mark) => mark.name === `flight/${flight.event}/arrow`);
      if (arrow?.shape !== "path") throw new Error("no arrow");
      const [x = 0, y = 0] = /M(-?[\d.]+),(-?[\d.]+)/.exec(arrow.d)?.slice(1).map(Number) ?? [];
      const middle = target(marks, flight.event);
      return {x: x - middle.x, y: y - middle.y};
    });
    const [there, back] = tips;
    // n2 stands to the right of n1 and below it.
    expect([Math.sign(there!.x), Math.sign(there!.y)]).toEqual([1, 1]);
    expect([Math.sign(back!.x), Math.sign(back!.y)]).toEqual([-1, -1]);
  });

  it("end in a cross where they are lost, not before", () => {
    const lost = {...flight, dies: 1600};
    expect(at(1599, lost).some((mark) => mark.class.startsWith("lost"))).toBe(false);
    expect(at(1600, lost).some((mark) => mark.class.startsWith("lost"))).toBe(true);
    expect(target(at(1600, lost), flight.event)).toEqual(target(at(1900, lost), flight.event));
  });

  it("have one shape per kind, and are hollow when they answer", () => {
    const shapes = new Map<string, string>();
    for (const kind of ["AppendEntries", "RequestVote", "Heartbeat", "ReadIndex", "put"]) {
      const body = at(1500, {...flight, kind, entries: kind === "AppendEntries" ? [2] : []}).find(
        (mark) => mark.name === `flight/${flight.event}`,
      );
      shapes.set(
        kind,
        body === undefined
          ? ""
          : body.shape === "path"
            ? body.d
            : `${body.shape} ${body.shape === "rect" ? body.width : ""}`,
      );
    }
    expect(new Set(shapes.values()).size).toBe(5);
    const answer = at(1500, {
      ...flight,
      kind: "AppendEntriesResponse",
      response: true,
      positive: true,
      entries: [],
    });
    expect(answer.find((mark) => mark.name === `flight/${flight.event}`)?.class).toContain("response");
    expect(answer.some((mark) => mark.name === `flight/${flight.event}/sign`)).toBe(true);
  });

  it("carry a bead for every entry, each in the entry's own term", () => {
    const beads = at(1500, {...flight, term: 4, entries: [1, 2, 4]}).filter(
      (mark) => mark.class === "bead" && mark.name.startsWith("flight/"),
    );
    expect(beads.map((mark) => mark.term)).toEqual([1, 2, 4]);
  });

  it("of clients go round the servers in between", () => {
    for (const server of ["n1", "n2", "n3", "n4", "n5"]) {
      const asked = {
        ...flight,
        event: `c1→${server}#1`,
        from: "c1",
        to: server,
        kind: "put",
        line: "put x 1",
      };
      const view = ring(5, [], [asked]);
      for (let time = 1000; time <= 2000; time += 50) {
        const marks = ringLayout(view, look(time));
        const {x, y} = target(marks, asked.event);
        const hit = discs(marks).filter(
          (box) =>
            !box.name.includes(server) &&
            Math.hypot(x - (box.left + box.right) / 2, y - (box.top + box.bottom) / 2) <
              (box.right - box.left) / 2,
        );
        expect(
          hit.map((box) => box.name),
          `${server} at ${time}`,
        ).toEqual([]);
      }
    }
  });
});

it("a leader that reaches no majority is not named like one that does", () => {
  const roles = ringLayout(busyFrame.ring, look(0)).flatMap((mark) =>
    mark.shape === "text" && mark.name.endsWith("/role") ? [`${mark.name} ${mark.text}`] : [],
  );
  expect(roles).toContain("member/n1/role leader?");
  expect(roles).toContain("member/n3/role leader");
});

it("selection, hover and the story's finger mark all marks of a thing and no other", () => {
  const marks = highlight(ringLayout(busyFrame.ring, look(0)), {
    selected: "n1",
    hovered: "n2",
    focus: ["n3"],
  });
  const refs = (word: string): readonly (string | undefined)[] => [
    ...new Set(marks.filter((mark) => mark.class.includes(word)).map((mark) => mark.ref)),
  ];
  expect(refs(" selected")).toEqual(["n1"]);
  expect(refs(" hovered")).toEqual(["n2"]);
  expect(refs(" pointed")).toEqual(["n3"]);
});

it("an AppendEntries without entries is as small as a heartbeat", () => {
  const body = (message: FlightMark): Mark | undefined =>
    at(1500, message).find((mark) => mark.name === `flight/${flight.event}`);
  expect(body({...flight, entries: []})).toEqual(body({...flight, kind: "Heartbeat", entries: []}));
  expect(body(flight)?.shape).toBe("rect");
});

describe("a bad link", () => {
  const how = {id: "link.how", args: {en: "loses 5 % of messages", zh: "丢失 5% 的消息"}, refs: []};
  const between = (a: string, b: string): RingView["bad"] => [{from: a, to: b, how}];
  const marksOf = (bad: RingView["bad"], more: Partial<RingView> = {}): readonly Mark[] =>
    ringLayout({...ring(3, []), bad, ...more}, look(0));
  const named = (marks: readonly Mark[], name: string): Mark | undefined =>
    marks.find((mark) => mark.name === name);
  const keyOf = (marks: readonly Mark[]): readonly string[] =>
    marks.flatMap(({name}) => /^key\/(.*)\/word$/.exec(name)?.[1] ?? []);
  const places = (mark: Mark | undefined): readonly (readonly number[])[] =>
    mark?.shape === "path"
      ? mark.d
          .slice(1)
          .split(" L")
          .map((place) => place.split(",").map(Number))
      : [];

  it("is a zigzag beside sound links, which are straight, and says what is bad", () => {
    const marks = marksOf([...between("n1", "n2"), ...between("n2", "n1")]);
    expect(places(named(marks, "link:n1-n2/bad")).length).toBeGreaterThan(10);
    expect(named(marks, "link:n1-n3/bad")).toBeUndefined();
    expect(named(marks, "link:n1-n2/target")?.label).toBe("link n1 – n2 loses 5 % of messages");
    expect(named(marks, "link:n1-n3/target")?.label).toBe("link n1 – n3");
  });

  it("in one direction is so at that end only", () => {
    const [there, back] = [between("n1", "n2"), between("n2", "n1")].map((bad) => marksOf(bad));
    const above = back ?? [];
    const line = named(there ?? [], "link:n1-n2");
    const ends =
      line?.shape === "line"
        ? [
            [line.x, line.y],
            [line.x2, line.y2],
          ]
        : [];
    const [toSecond, toFirst] = [there, back].map((marks) => places(named(marks ?? [], "link:n1-n2/bad")));
    expect(toSecond?.at(-1)).toEqual(ends[1]);
    // n1 stands above n2: its end is below its name.
    const name = named(above, "member/n1/name");
    if (name?.shape !== "text") throw new Error("n1 has no name");
    expect(toFirst?.[0]?.[1]).toBeGreaterThan(name.y);
    // They meet in the middle.
    expect(toSecond?.[0]).toEqual(toFirst?.at(-1));
    expect(named(there ?? [], "link:n1-n2/target")?.label).toBe(
      "from n1 to n2 the link loses 5 % of messages",
    );
  });

  it("of a client is drawn though nothing is on its way, and who refuses it is crossed", () => {
    const marks = marksOf([...between("c1", "n2"), ...between("n2", "c1")], {
      refusals: [{client: "c1", member: "n3"}],
    });
    expect(named(marks, "client/c1/to/n2")).toMatchObject({
      class: "client-link bad",
      label: "link c1 – n2 loses 5 % of messages",
    });
    expect(named(marks, "client/c1/to/n3/refused")?.label).toBe("n3 refuses c1");
    expect(named(marks, "client/c1/to/n2/refused")).toBeUndefined();
  });

  it("is in the key while there is one", () => {
    expect(keyOf(marksOf(between("n1", "n2")))).toContain("key.badShort");
    expect(keyOf(marksOf([])).some((word) => word.startsWith("key.bad"))).toBe(false);
  });

  it.each(["en", "zh"])("leaves the heartbeats in a desk's key: %s", (language) => {
    const desk = {width: 439, height: 500};
    const at = looks({light: desk, dark: desk, projector: desk}, 0).find(
      ({name}) => name === `light ${language}`,
    );
    if (at === undefined) throw new Error("no such look");
    const words = keyOf(ringLayout({...ring(3, []), bad: between("n1", "n2")}, at.look));
    expect(words).toContain("key.heartbeat");
    expect(words.some((word) => word.startsWith("key.bad"))).toBe(true);
  });

  /** Of a path of absolute points around its place, with the width of its line. */
  const extent = (mark: Mark | undefined): Box => {
    if (mark?.shape !== "path") throw new Error("not drawn");
    const points = [...mark.d.matchAll(/(-?[\d.]+),(-?[\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);
    const [xs, ys] = [0, 1].map((axis) => points.map((point) => point[axis] ?? 0));
    const [x, y] = [mark.x ?? 0, mark.y ?? 0];
    return {
      name: mark.name,
      left: x + Math.min(...(xs ?? [])) - 1,
      right: x + Math.max(...(xs ?? [])) + 1,
      top: y + Math.min(...(ys ?? [])) - 1,
      bottom: y + Math.max(...(ys ?? [])) + 1,
    };
  };

  it("has a refusal's cross clear of the crown, wherever client and server stand", () => {
    let checked = 0;
    for (const n of [1, 2, 3, 5]) {
      for (const groups of [[], ...splits(n)]) {
        for (const at of [phone, {width: 439, height: 520}]) {
          const members = ring(n, []).members.map((one) => ({...one, role: "leader" as const}));
          const refusals = members.flatMap(({name: member}) => [
            {client: "c1", member},
            {client: "c2", member},
          ]);
          const marks = ringLayout({...ring(n, groups), members, refusals}, look(0, at));
          for (const {client, member} of refusals) {
            const cross = extent(named(marks, `client/${client}/to/${member}/refused`));
            const crown = extent(named(marks, `member/${member}/crown`));
            const what = `${client} to ${member} of ${n}, ${JSON.stringify(groups)}, ${at.width}`;
            expect(collisions([cross, crown]), what).toEqual([]);
            checked += 1;
          }
        }
      }
    }
    expect(checked).toBeGreaterThan(300);
  });
});

describe("a bug", () => {
  const plain = ring(3, []);
  const bugged: RingView = {
    ...plain,
    members: plain.members.map((one) => (one.name === "n2" ? {...one, bugs: ["vote-twice"]} : one)),
  };

  it("is a beetle on who has it and nobody else, and said in its sentence and its table", () => {
    const marks = ringLayout(bugged, look(0));
    const beetles = marks.flatMap(({name, class: kind}) => (kind === "beetle" ? [name] : []));
    expect(beetles).toEqual(["member/n2/beetle"]);
    const target = marks.find(({name}) => name === "member/n2/target");
    expect(target?.label).toContain("has the bug vote-twice");
    expect(marks.find(({name}) => name === "member/n1/target")?.label).not.toContain("bug");
    const table = ringTable(bugged, look(0));
    expect(table.columns).toContain("bug");
    expect(table.rows.map(({cells}) => cells[1])).toEqual(["–", "vote-twice", "–"]);
    expect(ringTable(plain, look(0)).columns).not.toContain("bug");
  });

  it("is said by the legend while somebody has one", () => {
    const {words} = look(0);
    const legend = (view: RingView): string => registry.ring.legend({...busyFrame, ring: view}, words, false);
    expect(legend(bugged)).toBe("crown = leads · beetle = bug");
    expect(legend(plain)).toBe("number, colour = term · crown = leads");
    const groups = [["n1"], ["n2", "n3"]];
    expect(legend({...bugged, groups})).toBe("wall = nothing passes · beetle = bug");
    expect(legend({...plain, groups})).toBe("crown = leads · wall = nothing passes");
  });

  it("of a client is one on its screen, and said", () => {
    const clients = plain.clients.map((one) =>
      one.name === "c2" ? {...one, bugs: ["timeout-is-failure"]} : one,
    );
    const marks = ringLayout({...plain, clients}, look(0));
    const beetles = marks.flatMap(({name, class: kind}) => (kind === "beetle" ? [name] : []));
    expect(beetles).toEqual(["client/c2/beetle"]);
    const target = marks.find(({name}) => name === "client/c2/target");
    expect(target?.label).toContain("has the bug timeout-is-failure");
  });

  it("meets no name", () => {
    for (const n of [3, 5, 7]) {
      const members = ring(n, []).members.map((one) => ({...one, bugs: ["vote-twice"]}));
      const marks = ringLayout({...ring(n, []), members}, look(0));
      const badges = marks.flatMap((mark) =>
        mark.shape === "circle" && mark.name.endsWith("/version")
          ? [
              {
                name: mark.name,
                left: mark.x - 8,
                right: mark.x + 8,
                top: mark.y - mark.r,
                bottom: mark.y + mark.r,
              },
            ]
          : [],
      );
      expect(badges).toHaveLength(n);
      expect(
        collisions([
          ...badges,
          ...standingTexts(marks)
            .filter(({name}) => name.endsWith("/name"))
            .map(boxOf),
        ]),
      ).toEqual([]);
    }
  });
});
