// A menu: items under each other, one of them focused, arrows and Home/End move, Enter does it, Escape closes. Written
// after the menu pattern of the ARIA practices.

import {select} from "d3-selection";
import {element, setAttributes} from "./element.ts";

export interface MenuItem {
  readonly id: string;
  readonly label: string;
  readonly enabled: boolean;
}

export interface Menu {
  readonly root: HTMLElement;
  update(label: string, items: readonly MenuItem[]): void;
  focusFirst(): void;
}

export function menu(on: {readonly choose: (id: string) => void; readonly close: () => void}): Menu {
  const root = element("div", {role: "menu", class: "menu"});
  const items = (): HTMLButtonElement[] => [
    ...root.querySelectorAll<HTMLButtonElement>("button:not(:disabled)"),
  ];
  const move = (to: number): void => {
    const all = items();
    all[(to + all.length) % all.length]?.focus();
  };
  root.addEventListener("keydown", (event) => {
    const at = items().findIndex((item) => item === document.activeElement);
    const moves: Record<string, () => void> = {
      ArrowDown: () => move(at + 1),
      ArrowUp: () => move(at - 1),
      Home: () => move(0),
      End: () => move(items().length - 1),
      Escape: on.close,
      Tab: on.close,
    };
    const step = moves[event.key];
    if (step === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    step();
  });
  return {
    root,
    focusFirst: () => move(0),
    update(label, view): void {
      setAttributes(root, {"aria-label": label});
      select(root)
        .selectAll<HTMLButtonElement, MenuItem>("button")
        .data(view, (item) => item.id)
        .join((enter) =>
          enter.append("button").attr("role", "menuitem").attr("type", "button").attr("tabindex", "-1"),
        )
        .order()
        .text((item) => item.label)
        .property("disabled", (item) => !item.enabled)
        .on("click", (_, item) => on.choose(item.id));
    },
  };
}
