// Keyboard inside a picture: Enter on the picture goes in, arrows move to the nearest target in that direction, Enter
// acts on it, Escape leaves. Tab passes a picture in one step.

interface Place {
  readonly x: number;
  readonly y: number;
}

const directions: Readonly<Record<string, Place>> = {
  ArrowRight: {x: 1, y: 0},
  ArrowLeft: {x: -1, y: 0},
  ArrowDown: {x: 0, y: 1},
  ArrowUp: {x: 0, y: -1},
};

/** Of `places`, the one that an arrow leads to from `from`: near, and rather ahead than aside. */
export function nearest(from: Place, places: readonly Place[], key: string): number | undefined {
  const direction = directions[key];
  if (direction === undefined) return undefined;
  let best: number | undefined;
  let least = Infinity;
  places.forEach((place, i) => {
    const ahead = (place.x - from.x) * direction.x + (place.y - from.y) * direction.y;
    const aside = Math.abs((place.x - from.x) * direction.y) + Math.abs((place.y - from.y) * direction.x);
    if (ahead < 2) return;
    const cost = ahead + 2.5 * aside;
    if (cost < least) {
      least = cost;
      best = i;
    }
  });
  return best;
}

function targetsOf(svg: SVGSVGElement): SVGGraphicsElement[] {
  return [...svg.querySelectorAll<SVGGraphicsElement>(".target")];
}

function centre(target: SVGGraphicsElement): Place {
  const box = target.getBoundingClientRect();
  return {x: box.x + box.width / 2, y: box.y + box.height / 2};
}

/** Wires one picture. `activate` is told of Enter on a target; `menu` of the menu key. */
export function rove(
  svg: SVGSVGElement,
  on: {
    readonly activate: (target: SVGGraphicsElement) => void;
    readonly menu: (target: SVGGraphicsElement) => void;
    readonly focus: (ref: string | undefined) => void;
  },
): void {
  svg.addEventListener("keydown", (event) => {
    const at = document.activeElement;
    const target = at instanceof SVGGraphicsElement && at !== svg && svg.contains(at) ? at : undefined;
    const handled = target === undefined ? enter(event.key) : within(event, target);
    if (!handled) return;
    event.preventDefault();
    event.stopPropagation();
  });
  svg.addEventListener("focusin", (event) => {
    const target = event.target;
    svg.classList.toggle("entered", target !== svg);
    on.focus(target instanceof Element ? (target.getAttribute("data-ref") ?? undefined) : undefined);
  });
  svg.addEventListener("focusout", () => on.focus(undefined));

  function enter(key: string): boolean {
    if (key !== "Enter") return false;
    const all = targetsOf(svg);
    // Servers before links and messages: the first thing one wants to reach.
    const first = all.find((one) => one.classList.contains("member")) ?? all[0];
    first?.focus();
    return true;
  }

  function within(event: KeyboardEvent, target: SVGGraphicsElement): boolean {
    switch (event.key) {
      case "Escape":
        svg.focus();
        return true;
      case "Enter":
        on.activate(target);
        return true;
      case "ContextMenu":
      case "m":
        on.menu(target);
        return true;
      default: {
        if (event.shiftKey || directions[event.key] === undefined) return false;
        const others = targetsOf(svg).filter((one) => one !== target);
        const next = nearest(centre(target), others.map(centre), event.key);
        if (next !== undefined) others[next]?.focus();
        return true;
      }
    }
  }
}
