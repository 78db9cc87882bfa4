// Every colour, size and width of the page, once (LOOK.md). Written as CSS variables for the style sheet and read
// directly by layouts. Chrome is achromatic; hue means term and nothing else, and the number is always printed too.

export type ThemeName = "light" | "dark" | "projector";

export const themeNames: readonly ThemeName[] = ["light", "dark", "projector"];

export interface Colours {
  readonly paper: string;
  readonly card: string;
  readonly ink: string;
  readonly ink2: string;
  readonly ink3: string;
  readonly rule: string;
  readonly edge: string;
}

/** Text sizes in CSS pixels. Nothing is set smaller than `small`. */
export interface TextSizes {
  readonly small: number;
  readonly body: number;
  readonly strong: number;
  readonly large: number;
}

export interface Theme {
  readonly colours: Colours;
  readonly text: TextSizes;
  /** Multiplies every stroke. */
  readonly stroke: number;
  /** Multiplies cells, discs and rows, so that they keep up with the text. */
  readonly unit: number;
}

const desk: TextSizes = {small: 13, body: 15, strong: 20, large: 24};
const hall: TextSizes = {small: 18, body: 20, strong: 28, large: 32};

export const themes: Readonly<Record<ThemeName, Theme>> = {
  light: {
    colours: {
      paper: "#FBFAF7",
      card: "#FFFFFF",
      ink: "#16191D",
      ink2: "#4A515A",
      ink3: "#636A73",
      rule: "#D5D2CA",
      edge: "#767B82",
    },
    text: desk,
    stroke: 1,
    unit: 1,
  },
  dark: {
    colours: {
      paper: "#14171C",
      card: "#1C2027",
      ink: "#F2F0EA",
      ink2: "#B9BEC6",
      ink3: "#979DA6",
      rule: "#353B45",
      edge: "#7F8792",
    },
    text: desk,
    stroke: 1,
    unit: 1,
  },
  projector: {
    colours: {
      paper: "#FFFFFF",
      card: "#FFFFFF",
      ink: "#000000",
      ink2: "#22262B",
      ink3: "#3A4047",
      rule: "#8A8F96",
      edge: "#000000",
    },
    text: hall,
    stroke: 2,
    unit: 1.35,
  },
};

/** Terms cycle through these, from term 1 (Okabe and Ito's seven, in the order that keeps neighbours apart for everyone). */
export const termHues: readonly string[] = [
  "#E69F00",
  "#56B4E9",
  "#F0E442",
  "#CC79A7",
  "#009E73",
  "#D55E00",
  "#0072B2",
];

/** What is printed and drawn on a term's fill, in every theme: themed lines vanish on yellow. */
export const onTermHues: readonly string[] = termHues.map((_, i) => (i === 6 ? "#FFFFFF" : "#000000"));

/** Which of the seven hues; undefined for term 0, which has none. */
export function hueOf(term: number): number | undefined {
  return term <= 0 ? undefined : (term - 1) % termHues.length;
}

export const fontSans =
  'system-ui,"Segoe UI",Roboto,"Noto Sans","PingFang SC","Microsoft YaHei","Noto Sans CJK SC","WenQuanYi Micro Hei",sans-serif';
export const fontMono = 'ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace';

/** The variables that style.css speaks of, as declarations for one element. */
export function cssVariables(name: ThemeName): string {
  const {colours, text, stroke, unit} = themes[name];
  const pairs: (readonly [string, string])[] = [
    ...Object.entries(colours).map(([key, value]) => [key, value] as const),
    ...Object.entries(text).map(([key, value]) => [`text-${key}`, `${value}px`] as const),
    ...termHues.map((hue, i) => [`term-${i}`, hue] as const),
    ...onTermHues.map((hue, i) => [`on-${i}`, hue] as const),
    ["stroke", String(stroke)],
    ["unit", String(unit)],
    ["sans", fontSans],
    ["mono", fontMono],
  ];
  return pairs.map(([key, value]) => `--${key}:${value}`).join(";");
}
