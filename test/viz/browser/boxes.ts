// What a browser really drew: every text that stands on the page, with its box, and what is wrong with it. Runs inside the
// page (Playwright serialises it), so it may use nothing but its argument and the DOM.

export interface Faults {
  readonly texts: number;
  readonly overlaps: readonly string[];
  readonly cut: readonly string[];
  readonly small: readonly string[];
}

/** `least`: the smallest text allowed, in CSS pixels. */
export function findFaults(least: number): Faults {
  interface Text {
    readonly words: string;
    readonly box: DOMRect;
    readonly element: Element;
  }
  const texts: Text[] = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const element = node.parentElement;
    if (element === null || (node.textContent ?? "").trim() === "") continue;
    // Tooltips, what is only spoken, options of a closed list, words that ride on a moving message; and two that end in …
    // when there is no room: the scenario's name in the bar, and after the clock what the event was, which the list has.
    if (
      element.closest(
        "title, option, script, style, noscript, .unseen-text, .unseen-head, .in-flight, .chooser, .transport .at",
      ) !== null
    )
      continue;
    if (!element.checkVisibility({visibilityProperty: true})) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    let box = range.getBoundingClientRect();
    // A command's output is one text of many lines: of it counts what the console shows.
    const shown = element.closest(".panel-console :is(.scroll, .hint)")?.getBoundingClientRect();
    if (shown !== undefined) {
      const [left, top] = [Math.max(box.left, shown.left), Math.max(box.top, shown.top)];
      const [right, bottom] = [Math.min(box.right, shown.right), Math.min(box.bottom, shown.bottom)];
      box = new DOMRect(left, top, Math.max(0, right - left), Math.max(0, bottom - top));
    }
    // What has been scrolled away is not on the page.
    const scroller = element.closest(".panel-body, .twin-scroll")?.getBoundingClientRect();
    const middle = box.top + box.height / 2;
    const away =
      scroller !== undefined &&
      getComputedStyle(element.closest(".panel-body, .twin-scroll") ?? element).overflowY === "auto" &&
      (middle < scroller.top || middle > scroller.bottom);
    if (away) continue;
    if (box.width > 1 && box.height > 1) texts.push({words: (node.textContent ?? "").trim(), box, element});
  }
  const name = ({words, box}: Text): string => `"${words}" at ${Math.round(box.x)},${Math.round(box.y)}`;
  const overlaps: string[] = [];
  texts.forEach((a, i) => {
    for (const b of texts.slice(i + 1)) {
      const wide = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
      // Line boxes are taller than letters: what counts is a meeting of the middle parts.
      const inset = (one: Text): number => one.box.height * 0.18;
      const high =
        Math.min(a.box.bottom - inset(a), b.box.bottom - inset(b)) -
        Math.max(a.box.top + inset(a), b.box.top + inset(b));
      if (wide > 1 && high > 1) overlaps.push(`${name(a)} × ${name(b)}`);
    }
  });
  const cut: string[] = [];
  for (const text of texts) {
    const {box, element} = text;
    const off =
      box.left < -0.5 || box.top < -0.5 || box.right > innerWidth + 0.5 || box.bottom > innerHeight + 0.5;
    if (off) cut.push(`${name(text)}: outside the page`);
    for (let parent: Element | null = element; parent !== null; parent = parent.parentElement) {
      const {overflowX, overflowY} = getComputedStyle(parent);
      if (overflowX === "visible" && overflowY === "visible") continue;
      if (overflowX === "auto" || overflowX === "scroll") break;
      const frame = parent.getBoundingClientRect();
      const beyond =
        box.left < frame.left - 1 ||
        box.right > frame.right + 1 ||
        (overflowY === "hidden" &&
          (box.top + box.height * 0.2 < frame.top - 1 || box.bottom - box.height * 0.2 > frame.bottom + 1));
      if (beyond) cut.push(`${name(text)}: cut by .${parent.getAttribute("class") ?? parent.tagName}`);
    }
  }
  const small = texts
    .filter(({element}) => Number.parseFloat(getComputedStyle(element).fontSize) < least - 0.01)
    .map(name);
  return {texts: texts.length, overlaps, cut, small};
}
