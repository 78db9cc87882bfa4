// The whole page with its worker, in a real browser: what a person does, asserted in what the worker answered.

import axe from "axe-core";
import type {Browser, BrowserContext, Page} from "playwright-core";
import {afterAll, afterEach, beforeAll, describe, expect, it} from "vitest";
import {hashOf} from "../../../bin/open.ts";
import {scenarios} from "../../../scenarios/index.ts";
import {exhibitOf} from "../../../scenarios/museum/index.ts";
import {encodeLink} from "../../../viz/app/link.ts";
import type {Frame} from "../../../viz/frame.ts";
import type {FromWorker, Link, ToWorker} from "../../../viz/protocol.ts";
import {Engine} from "../../../viz/worker/engine.ts";
import {launchChromium} from "../../support/chromium.ts";
import {findFaults} from "./boxes.ts";
import {serveSite} from "./site.ts";
import type {Site} from "./site.ts";

declare global {
  interface Window {
    /** What went through the line to the worker, both ways. */
    line: {sent: ToWorker[]; heard: FromWorker[]};
  }
}

let site: Site;
let browser: Browser;
let context: BrowserContext | undefined;

beforeAll(async () => {
  [site, browser] = await Promise.all([serveSite(), launchChromium()]);
}, 60_000);

afterAll(async () => {
  await browser.close();
  await site.close();
});

afterEach(async () => {
  await context?.close();
  context = undefined;
});

/** Listens on the line; the page knows nothing of it. */
function tap(): void {
  const line: Window["line"] = {sent: [], heard: []};
  window.line = line;
  const Original = Worker;
  window.Worker = class extends Original {
    constructor(url: string | URL, options?: WorkerOptions) {
      super(url, options);
      this.addEventListener("message", ({data}: MessageEvent<FromWorker>) => line.heard.push(data));
    }
    override postMessage(message: ToWorker): void {
      line.sent.push(message);
      super.postMessage(message);
    }
  };
}

async function open(
  options: {
    readonly hash?: string;
    readonly reduced?: boolean;
    readonly width?: number;
    readonly height?: number;
    readonly zh?: boolean;
    readonly stored?: object;
  } = {},
): Promise<Page> {
  const {hash = "", reduced = false, width = 1280, height = 720, zh = false, stored = {}} = options;
  context ??= await browser.newContext({
    viewport: {width, height},
    reducedMotion: reduced ? "reduce" : "no-preference",
    locale: zh ? "zh-CN" : "en-US",
    colorScheme: "light",
  });
  const page = await context.newPage();
  await page.addInitScript(tap);
  await page.addInitScript((value) => localStorage.setItem("etcdscope", JSON.stringify(value)), stored);
  await page.goto(`${site.page}${hash}`);
  await frameWhere(page, () => true);
  return page;
}

async function lastFrame(page: Page): Promise<Frame> {
  const frame = await page.evaluate(
    () => window.line.heard.findLast((message) => message.kind === "frame")?.frame,
  );
  if (frame === undefined) throw new Error("the worker has not sent a frame");
  return frame;
}

/** Waits for a frame of which `holds`; polls the line, since the page has nothing to await. */
async function frameWhere(page: Page, holds: (frame: Frame) => boolean): Promise<Frame> {
  const until = performance.now() + 15_000;
  let last: Frame | undefined;
  while (performance.now() < until) {
    last = await page.evaluate(
      () => window.line.heard.findLast((message) => message.kind === "frame")?.frame,
    );
    if (last !== undefined && holds(last)) return last;
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
  }
  throw new Error(`no such frame; the last is at step ${last?.cursor.step} of branch ${last?.cursor.branch}`);
}

/** Presses Tab until the element that has the focus fits. */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press("Tab");
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector)) return;
  }
  throw new Error(`Tab does not lead to ${selector}`);
}

const asks = (frame: Frame): boolean =>
  frame.caption.beat?.kind === "ask" && frame.caption.beat.answered === undefined;

describe("the first screen", () => {
  it("plays the first scenario: time moves, messages fly, the caption speaks", async () => {
    const page = await open();
    const first = await lastFrame(page);
    const later = await frameWhere(page, (frame) => frame.cursor.step > first.cursor.step + 3);
    expect(later.ring.members.some((member) => member.role === "leader")).toBe(true);
    expect(await page.locator(".caption .now").textContent()).toMatch(/\S/);
    expect(await page.locator(".caption .look").textContent()).toMatch(/\S/);
    expect(await page.locator(".picture[data-view=ring] .target").count()).toBeGreaterThan(5);
  });

  it("with reduced motion starts paused, and stays where it is", async () => {
    const page = await open({reduced: true});
    const first = await lastFrame(page);
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 600)));
    expect((await lastFrame(page)).cursor).toEqual(first.cursor);
    expect(await page.locator(".play").getAttribute("aria-label")).toBe("Play");
  });

  it.each([
    {width: 1280, height: 720, theme: "light", zh: false},
    {width: 1280, height: 600, theme: "dark", zh: true},
    {width: 1920, height: 1080, theme: "projector", zh: false},
    {width: 390, height: 844, theme: "dark", zh: false},
    {width: 390, height: 844, theme: "light", zh: true},
  ])(
    "overlaps, cuts and shrinks nothing at $width×$height, $theme, zh: $zh, from the opening to the question",
    async ({width, height, theme, zh}) => {
      const page = await open({width, height, zh, reduced: true, stored: {theme}});
      const least = theme === "projector" ? 18 : 13;
      for (let steps = 0; steps < 12; steps++) {
        await page.evaluate(
          () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
        );
        const {overlaps, cut, small} = await page.evaluate(findFaults, least);
        expect({overlaps, cut, small}, `step ${steps}`).toEqual({overlaps: [], cut: [], small: []});
        const {cursor} = await lastFrame(page);
        await page.keyboard.press("Shift+ArrowRight");
        await frameWhere(page, (frame) => frame.cursor.step !== cursor.step);
      }
    },
  );
});

describe("by keyboard alone", () => {
  it("the first scenario is completed: stopped at its question, answered, and run to the end with all checks holding", async () => {
    const page = await open();
    const question = await frameWhere(page, asks);
    expect(question.tape.seenTo).toBe(question.at);
    expect(question.head.verdict).toBe("unknown");
    await tabTo(page, ".answers button:last-child");
    await page.keyboard.press("Enter");
    const answer = await frameWhere(page, (frame) => frame.caption.beat?.answered !== undefined);
    expect(answer.cursor.branch).toBe("main");
    await page.keyboard.press("End");
    const end = await frameWhere(page, (frame) => frame.ended);
    expect(end.head.verdict).toBe("holds");
    expect(end.checks.every((check) => check.verdict === "holds")).toBe(true);
    const answered = await page.evaluate(() =>
      window.line.sent.filter((message) => message.kind === "answer"),
    );
    expect(answered).toHaveLength(1);
  });

  it("a server is crashed on a branch, and the branch is left again: the old run is as it was", async () => {
    const page = await open({reduced: true});
    const before = await lastFrame(page);
    await page.keyboard.press("x");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    const acted = await frameWhere(page, (frame) => frame.cursor.branch !== before.cursor.branch);
    expect(acted.ring.members.find((member) => member.name === "n2")?.status).toBe("crashed");
    expect(acted.head.branches).toHaveLength(2);
    await page.keyboard.press("b");
    await tabTo(page, `[data-branch="${before.cursor.branch}"]`);
    await page.keyboard.press("Enter");
    const back = await frameWhere(page, (frame) => frame.cursor.branch === before.cursor.branch);
    expect(back.ring.members.find((member) => member.name === "n2")?.status).toBe("up");
    expect([back.cursor.event, back.head.chain]).toEqual([before.cursor.event, before.head.chain]);
  });

  it("the ring is entered, walked by arrows, and a server's menu opened, used and left", async () => {
    const page = await open({reduced: true});
    const {cursor} = await lastFrame(page);
    await tabTo(page, "svg[data-view=ring]");
    await page.keyboard.press("Enter");
    const at = (): Promise<string | null | undefined> =>
      page.evaluate(() => document.activeElement?.getAttribute("data-ref"));
    const first = await at();
    expect(first).toMatch(/^n\d$/);
    await page.keyboard.press("ArrowDown");
    expect(await at()).not.toBe(first);
    await page.keyboard.press("Escape");
    expect(await page.evaluate(() => document.activeElement?.getAttribute("data-view"))).toBe("ring");
    expect((await lastFrame(page)).cursor).toEqual(cursor);
    await page.keyboard.press("Enter");
    await page.keyboard.press("Enter");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    const acted = await frameWhere(page, (frame) => frame.cursor.branch !== cursor.branch);
    expect(acted.ring.members.find((member) => member.name === first)?.status).toBe("paused");
  });

  it("a server's disk takes the place of log and keys, and gives it back", async () => {
    const page = await open({reduced: true});
    await page.keyboard.press("d");
    const {disk} = await frameWhere(page, (frame) => frame.disk !== undefined);
    expect(disk?.member).toMatch(/^n\d$/);
    expect(await page.locator(".picture[data-view=disk] .entry").count()).toBe(
      disk?.log.records.filter(({kind}) => kind === "entry").length,
    );
    expect(await page.locator(".panel-log, .panel-grid").filter({visible: true}).count()).toBe(0);
    await page.locator("[data-beside=memory]").click();
    await frameWhere(page, (frame) => frame.disk === undefined);
    expect(await page.locator(".panel-log, .panel-grid").filter({visible: true}).count()).toBe(2);
    expect(await page.locator(".panel-disk").isVisible()).toBe(false);
  });

  it("a key is put by a form, and the client's request is on its way", async () => {
    const page = await open({reduced: true});
    const {cursor} = await lastFrame(page);
    await page.keyboard.press("p");
    await page.keyboard.type("y");
    await page.keyboard.press("Enter");
    const acted = await frameWhere(page, (frame) => frame.cursor.branch !== cursor.branch);
    const lines = acted.ring.clients.flatMap((client) => client.waiting);
    expect(lines.some((line) => line.includes("y"))).toBe(true);
  });
});

/** Types at the console, and waits for the frame that shows what it printed. */
async function enter(page: Page, line: string, printed: string): Promise<Frame> {
  await page.keyboard.type(line);
  await page.keyboard.press("Enter");
  return frameWhere(page, ({console}) => console?.lines.at(-1)?.text.includes(printed) === true);
}

describe("the console", () => {
  it("is used by keyboard alone: opened, typed at, recalled, completed, left; its lines go back with the cursor", async () => {
    const page = await open({reduced: true, hash: "#scenario=mvcc-walk"});
    const before = await lastFrame(page);
    await page.keyboard.press("e");
    await enter(page, "watch mine", "watch mine");
    const put = await enter(page, "@c2 put mine 1", "PUT");
    expect(put.cursor.branch).not.toBe(before.cursor.branch);
    expect(await page.locator(".panel-console .lines").innerText()).toBe(
      ["etcdctl> watch mine", "etcdctl> @c2 put mine 1", "OK", "PUT\nmine\n1"].join("\n"),
    );
    const input = page.locator("#console-line");
    await page.keyboard.press("ArrowUp");
    expect(await input.inputValue()).toBe("@c2 put mine 1");
    await page.keyboard.press("Control+c");
    await frameWhere(page, ({console}) => console?.open.length === 0);
    expect(await input.inputValue()).toBe("");
    await page.keyboard.type("lease gr");
    await page.keyboard.press("Tab");
    expect(await input.inputValue()).toBe("lease grant ");
    expect(await page.locator("#console-hint").innerText()).toMatch(/^lease grant <seconds>/);
    // A second Tab has nothing to add: the focus goes on.
    await page.keyboard.press("Tab");
    expect(await input.evaluate((one) => one === document.activeElement)).toBe(false);
    await page.keyboard.press("e");
    expect(await input.evaluate((one) => one === document.activeElement)).toBe(true);
    await page.keyboard.press("Escape");
    await page.keyboard.press("Home");
    await frameWhere(page, ({cursor, console}) => cursor.step === 0 && console?.lines.length === 0);
    await page.keyboard.press("Escape");
    expect(await page.locator(".panel-console").isVisible()).toBe(false);
  });

  it.each([
    {width: 1280, height: 720, theme: "light", zh: false},
    {width: 1280, height: 600, theme: "dark", zh: true},
    {width: 1920, height: 1080, theme: "projector", zh: false},
    {width: 390, height: 844, theme: "dark", zh: true},
  ])(
    "stands beside ring and tape at $width×$height, $theme, zh: $zh, and axe finds nothing",
    async ({width, height, theme, zh}) => {
      const page = await open({width, height, zh, reduced: true, stored: {theme}});
      await page.keyboard.press("e");
      await enter(page, "watch mine", "watch mine");
      await enter(page, "member list -w table", "+-");
      await enter(page, "gett", "Error");
      expect(await page.locator(".panel-console .legend").textContent()).toContain(".help");
      await page.keyboard.type("lea");
      await page.keyboard.press("Tab");
      await page.evaluate(
        () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
      );
      const least = theme === "projector" ? 18 : 13;
      const {overlaps, cut, small} = await page.evaluate(findFaults, least);
      expect({overlaps, cut, small}).toEqual({overlaps: [], cut: [], small: []});
      for (const part of [".panel-ring", ".panel-tape", ".panel-console", "#console-line"])
        expect(await page.locator(part).isVisible(), part).toBe(true);
      await page.evaluate(axe.source);
      const found = await page.evaluate(
        async () => (await (globalThis as unknown as {axe: typeof axe}).axe.run(document)).violations,
      );
      expect(
        found.map(({id, nodes}) => `${id}: ${nodes.map(({target}) => target.join(" ")).join(", ")}`),
      ).toEqual([]);
    },
  );
});

describe("a bug's own scenario", () => {
  const settled = (page: Page): Promise<unknown> =>
    page.evaluate(
      () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
    );

  it.each([
    {width: 1280, height: 800, theme: "light", zh: false, bug: "vote-twice"},
    {width: 1280, height: 600, theme: "dark", zh: true, bug: "commit-older-term"},
    {width: 1920, height: 1080, theme: "projector", zh: false, bug: "read-unconfirmed"},
    {width: 390, height: 844, theme: "dark", zh: false, bug: "answer-before-sync"},
    {width: 390, height: 844, theme: "light", zh: true, bug: "read-unconfirmed"},
  ])(
    "overlaps, cuts and shrinks nothing at $width×$height, $theme, zh: $zh: $bug, from its beginning to its end",
    async ({width, height, theme, zh, bug}) => {
      const page = await open({
        hash: await hashOf(bug, {}, fail),
        width,
        height,
        zh,
        reduced: true,
        stored: {theme},
      });
      const least = theme === "projector" ? 18 : 13;
      const look = async (what: string): Promise<void> => {
        await settled(page);
        const {overlaps, cut, small} = await page.evaluate(findFaults, least);
        expect({overlaps, cut, small}, what).toEqual({overlaps: [], cut: [], small: []});
      };
      expect(await page.locator(".caption .answers button").count()).toBe(2);
      await look("at its beginning");
      await page.keyboard.press("End");
      const end = await frameWhere(page, (frame) => frame.ended);
      expect(end.head.verdict).toBe("violated");
      await look("at its end");
      await page.locator(".caption .answers button").first().click();
      await frameWhere(page, ({checks, cursor}) =>
        checks.some((check) => check.violation?.step === cursor.step),
      );
      await look("where it broke");
    },
  );

  it("is told about, with its source, and is opened without the bug, with another seed, and with it again", async () => {
    const page = await open({hash: await hashOf("vote-twice", {}, fail), reduced: true});
    await page.getByRole("button", {name: "About the bug"}).click();
    const about = page.locator(".dialog .about");
    expect(await about.innerText()).toContain("n1 n2 n3 have the bug vote-twice.");
    expect(await about.locator("a").getAttribute("href")).toBe(
      "https://github.com/hashicorp/raft/issues/661",
    );
    await page.evaluate(axe.source);
    const found = await page.evaluate(
      async () => (await (globalThis as unknown as {axe: typeof axe}).axe.run(document)).violations,
    );
    expect(found.map(({id}) => id)).toEqual([]);
    await about.getByRole("button", {name: "Without the bug"}).click();
    const hasBug = ({ring}: Frame): boolean => ring.members.some(({bugs}) => bugs !== undefined);
    await frameWhere(page, (frame) => !hasBug(frame) && frame.head.about.variant === "fixed");
    await page.locator(".bar input").fill("8");
    await page.keyboard.press("Enter");
    const other = await frameWhere(page, ({head}) => head.seed === "8");
    await page.locator(".bar input").blur();
    expect(hasBug(other)).toBe(false);
    await page.keyboard.press("End");
    expect((await frameWhere(page, (frame) => frame.ended)).head.verdict).toBe("holds");
    await page.getByRole("button", {name: "With the bug"}).click();
    expect((await frameWhere(page, hasBug)).head.seed).toBe("8");
  });

  it("of somebody's file has no link but to the web", async () => {
    const mine = {...exhibitOf("vote-twice"), sources: [{title: "click", url: "javascript:alert(1)"}]};
    const link: Link = {
      format: 1,
      scenario: {text: JSON.stringify(mine)},
      seed: "1",
      acts: [],
      cursor: {event: "", time: 0},
      chain: "",
      code: "0".repeat(16),
    };
    const page = await open({hash: encodeLink(link), reduced: true});
    await page.getByRole("button", {name: "About the bug"}).click();
    expect(await page.locator(".dialog .about").innerText()).toContain("click");
    expect(await page.locator(".dialog .about a").count()).toBe(0);
  });
});

function fail(line: string): never {
  throw new Error(line);
}

describe("by mouse", () => {
  it("a click on a link cuts it, and another heals it", async () => {
    const page = await open({reduced: true});
    const link = page.locator("[data-name='link:n1-n2/target']");
    await link.dispatchEvent("click");
    const cut = await frameWhere(page, (frame) => frame.ring.cuts.length > 0);
    expect(cut.ring.cuts.map(({from, to}) => `${from} ${to}`).sort()).toEqual(["n1 n2", "n2 n1"]);
    await link.dispatchEvent("click");
    await frameWhere(page, (frame) => frame.ring.cuts.length === 0 && frame.cursor.step > cut.cursor.step);
  });

  it("a lasso around a server splits it off", async () => {
    const page = await open({reduced: true});
    const box = await page.locator("[data-name='member/n1/target']").boundingBox();
    if (box === null) throw new Error("n1 is not drawn");
    const [left, right, top, bottom] = [
      box.x - 12,
      box.x + box.width + 12,
      box.y - 8,
      box.y + box.height + 34,
    ];
    await page.mouse.move(left, top);
    await page.mouse.down();
    for (const [x, y] of [
      [right, top],
      [right, bottom],
      [left, bottom],
      [left, top + 4],
    ] as const)
      await page.mouse.move(x, y, {steps: 4});
    await page.mouse.up();
    const split = await frameWhere(page, (frame) => frame.ring.groups.length > 0);
    expect(split.ring.groups[0]).toEqual(["n1"]);
  });
});

describe("a person's own file", () => {
  async function load(page: Page, text: string): Promise<void> {
    await page.keyboard.press("o");
    const chosen = page.waitForEvent("filechooser");
    await page.locator(".dialog-chooser p button").click();
    await (
      await chosen
    ).setFiles({name: "mine.json", mimeType: "application/json", buffer: Buffer.from(text)});
  }

  it("opens and runs like a built-in scenario", async () => {
    const page = await open({reduced: true});
    const own = {...scenarios.find(({id}) => id === "leader-crash"), id: "mine"};
    await load(page, JSON.stringify(own));
    const opened = await frameWhere(page, (frame) => frame.head.scenario === "mine");
    expect(opened.ring.members.length).toBeGreaterThan(0);
  });

  it("that is malformed gives one line, and the picture stays", async () => {
    const page = await open({reduced: true});
    const before = await lastFrame(page);
    await load(page, '{"format": 1,');
    await page.waitForFunction(() => window.line.heard.some((message) => message.kind === "failed"));
    expect(await page.locator(".notice span").textContent()).toMatch(/\S/);
    expect((await lastFrame(page)).cursor).toEqual(before.cursor);
  });
});

describe("one cursor", () => {
  /** Marks of every picture, and the pixels of the page. */
  async function look(
    page: Page,
  ): Promise<{readonly marks: string; readonly pixels: string; readonly time: string | null}> {
    await page.mouse.move(640, 60);
    // Where the focus is, is not where the cursor is.
    await page.evaluate(
      () =>
        (document.activeElement instanceof HTMLElement || document.activeElement instanceof SVGElement) &&
        document.activeElement.blur(),
    );
    await page.evaluate(
      () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
    );
    // Painted anew: what a browser repaints in patches differs by a shade at the seams.
    await page.evaluate(async () => {
      const nextFrame = (): Promise<unknown> => new Promise((resolve) => requestAnimationFrame(resolve));
      document.body.style.visibility = "hidden";
      await nextFrame();
      await nextFrame();
      document.body.style.visibility = "";
      await nextFrame();
    });
    const marks = await page.evaluate(() =>
      [...document.querySelectorAll("svg.picture")].map((svg) => svg.outerHTML).join("\n"),
    );
    const pixels = (await page.screenshot({clip: {x: 0, y: 108, width: 1280, height: 570}})).toString(
      "base64",
    );
    return {marks, pixels, time: await page.locator(".transport .at").textContent()};
  }

  async function jump(page: Page, x: number): Promise<Frame> {
    const sent = await page.evaluate(() => window.line.sent.length);
    const box = await page.locator(".panel-tape .panel-body").boundingBox();
    await page.mouse.click(x, (box?.y ?? 0) + (box?.height ?? 0) - 3);
    await page.waitForFunction((count) => window.line.sent.length > count, sent);
    const seq = await page.evaluate(() => window.line.sent.at(-1)?.seq ?? 0);
    await page.waitForFunction(
      (wanted) => window.line.heard.some((message) => message.kind === "frame" && message.seq === wanted),
      seq,
    );
    return lastFrame(page);
  }

  it("looks the same, mid-flight, from the left, from the right, after a branch switch and after all themes", async () => {
    const page = await open({reduced: true});
    const start = await lastFrame(page);
    // Everything has been seen and done before, so that only the cursor moves.
    await page.keyboard.press("x");
    await page.keyboard.press("Enter");
    const {cursor: other} = await frameWhere(page, (frame) => frame.cursor.branch !== start.cursor.branch);
    const goTo = async (branch: string): Promise<void> => {
      await page.keyboard.press("b");
      await tabTo(page, `[data-branch="${branch}"]`);
      await page.keyboard.press("Enter");
      await frameWhere(page, (frame) => frame.cursor.branch === branch);
      await page.keyboard.press("Escape");
    };
    await goTo("main");
    await page.keyboard.press("End");
    await frameWhere(page, (frame) => frame.ended);
    const right = await jump(page, 460);
    expect(right.ring.flights.length).toBeGreaterThan(0);
    const fromRight = await look(page);
    await page.keyboard.press("Home");
    await frameWhere(page, (frame) => frame.cursor.step === 0);
    const left = await jump(page, 460);
    expect(left.cursor).toEqual(right.cursor);
    expect(left.cursor.time).not.toBe(left.at);
    const fromLeft = await look(page);
    expect(fromLeft.marks === fromRight.marks, "marks from the left and from the right").toBe(true);
    expect(fromLeft.pixels === fromRight.pixels, "pixels from the left and from the right").toBe(true);
    await goTo(other.branch);
    await goTo("main");
    await jump(page, 460);
    const switched = await look(page);
    expect(switched.marks === fromLeft.marks, "marks after a branch switch").toBe(true);
    expect(switched.pixels === fromLeft.pixels, "pixels after a branch switch").toBe(true);
    for (let i = 0; i < 3; i++) {
      await page.keyboard.press("t");
      await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 150)));
    }
    const themed = await look(page);
    expect(themed.time).toBe(fromLeft.time);
    expect(themed.marks === fromLeft.marks, "marks after three themes").toBe(true);
    expect(themed.pixels === fromLeft.pixels, "pixels after three themes").toBe(true);
  });

  it("a shared link opens at the same event, branch and time in another browser", async () => {
    const page = await open({reduced: true});
    const {cursor} = await lastFrame(page);
    await page.keyboard.press("x");
    await page.keyboard.press("Enter");
    const acted = await frameWhere(page, (frame) => frame.cursor.branch !== cursor.branch);
    await page.keyboard.press("ArrowRight");
    const shown = await frameWhere(page, (frame) => frame.cursor.step > acted.cursor.step);
    await page.evaluate(() =>
      Object.defineProperty(navigator, "clipboard", {
        value: {writeText: () => Promise.reject(new Error("denied"))},
        configurable: true,
      }),
    );
    await page.keyboard.press("s");
    const text = await page.locator("textarea").inputValue();
    await context?.close();
    context = undefined;
    const again = await open({reduced: true, hash: text.slice(text.indexOf("#"))});
    const reopened = await frameWhere(again, (frame) => frame.cursor.step === shown.cursor.step);
    expect(reopened.cursor).toEqual(shown.cursor);
    expect(reopened.head.chain).toBe(shown.head.chain);
  });

  it("the run in the browser's worker has the same chain as in Node, at the end of a scenario", async () => {
    const page = await open({reduced: true, hash: "#scenario=leader-partition&seed=7"});
    await page.keyboard.press("End");
    const inBrowser = await frameWhere(page, (frame) => frame.ended);
    expect(inBrowser.head.chain).toBe(chainInNode("leader-partition", "7"));
  });
});

/** The chain at the end, by the same engine without a browser. */
function chainInNode(id: string, seed: string): string {
  const heard: FromWorker[] = [];
  const waiting: (() => void)[] = [];
  const engine = new Engine(
    {
      post: (message) => heard.push(message),
      later: (work) => waiting.push(work),
      clock: () => performance.now(),
    },
    {scenarios, code: "node"},
  );
  const settle = (): Frame => {
    for (let work = waiting.shift(); work !== undefined; work = waiting.shift()) work();
    const message = heard.findLast((one) => one.kind === "frame");
    if (message === undefined) throw new Error("the engine sent no frame");
    return message.frame;
  };
  engine.start();
  const windows = {
    log: "follow",
    revisions: "follow",
    keys: {from: 0, count: 4},
    events: {before: 4, after: 0},
    tapeMarks: 50,
    logColumns: 10,
    revisionColumns: 10,
    seenBy: "leader",
  } as const;
  engine.take({kind: "open", seq: 1, source: {kind: "scenario", id, seed}, windows});
  const opened = settle();
  engine.take({
    kind: "seek",
    seq: 2,
    branch: opened.cursor.branch,
    from: opened.cursor,
    target: {kind: "end"},
    windows,
  });
  return settle().head.chain;
}
