// Drawn shapes, never characters: a font that lacks one would show a box. Icons live in a 16×16 field with the origin
// in its middle, so that one path serves buttons and marks alike; `solid` ones are filled, the others stroked.

export interface Glyph {
  readonly d: string;
  readonly solid: boolean;
}

const stroke = (d: string): Glyph => ({d, solid: false});
const solid = (d: string): Glyph => ({d, solid: true});

export const glyphs = {
  play: solid("M-4,-6 L6,0 L-4,6 Z"),
  pause: solid("M-5,-6 h3.5 v12 h-3.5 Z M1.5,-6 h3.5 v12 h-3.5 Z"),
  next: stroke("M-3,-6 L4,0 L-3,6"),
  back: stroke("M3,-6 L-4,0 L3,6"),
  nextInteresting: stroke("M-6,-6 L0,0 L-6,6 M1,-6 L7,0 L1,6"),
  backInteresting: stroke("M6,-6 L0,0 L6,6 M-1,-6 L-7,0 L-1,6"),
  down: stroke("M-5,-2 L0,3 L5,-2"),
  cross: stroke("M-5,-5 L5,5 M-5,5 L5,-5"),
  check: stroke("M-6,0 L-2,5 L6,-5"),
  question: stroke("M-3,-3 C-3,-7 4,-7 4,-3 C4,0 0,0 0,3 M0,6 V6.5"),
  crown: solid("M-11,5 L-11,-4 L-5,1 L0,-6 L5,1 L11,-4 L11,5 Z"),
  scissors: stroke("M-6,-5 L6,4 M-6,5 L6,-4 M-7,-5 h1 M-7,5 h1"),
  bolt: solid("M2,-8 L-5,1 H0 L-2,8 L5,-1 H0 Z"),
  key: stroke("M1,0 A4,4 0 1 1 -7,0 A4,4 0 1 1 1,0 M1,0 H7 V4 M4,0 V3"),
  lock: stroke("M-5,-1 H5 V7 H-5 Z M-3,-1 V-4 A3,3 0 0 1 3,-4 V-1"),
  share: stroke("M-2,2 L6,-6 M1,-6 H6 V-1 M3,2 V6 H-6 V-3 H-2"),
  table: stroke("M-6,-6 H6 V6 H-6 Z M-6,-2 H6 M-6,2 H6 M-1,-6 V6"),
  picture: stroke("M-7,-6 H7 V6 H-7 Z M-7,3 L-2,-2 L2,2 L4,0 L7,3 M3.2,-3 h0.6"),
  list: stroke("M-6,-5 H6 M-6,0 H6 M-6,5 H6"),
  open: stroke("M-7,6 V-5 H-2 L0,-3 H7 V6 Z"),
  close: stroke("M-4,-4 L4,4 M-4,4 L4,-4"),
  branch: stroke("M-4,-6 V6 M-4,2 C-4,-2 4,0 4,-6"),
  heal: stroke("M-7,0 H7 M0,-7 V7"),
  sun: stroke("M3,0 A3,3 0 1 1 -3,0 A3,3 0 1 1 3,0 M0,-7 V-5 M0,5 V7 M-7,0 H-5 M5,0 H7"),
  beetle: solid(
    "M0,-3 C6,-3 6,7 0,7 C-6,7 -6,-3 0,-3 Z M-3,-3 C-3,-8 3,-8 3,-3 Z M-3,-1 L-8,-4 M3,-1 L8,-4 M-4,2 L-9,2 M4,2 L9,2 M-3,4 L-7,8 M3,4 L7,8",
  ),
  menu: stroke("M-6,-4 H6 M-6,0 H6 M-6,4 H6"),
} as const satisfies Record<string, Glyph>;

export type GlyphName = keyof typeof glyphs;

/** The path of a glyph, `factor` times as large; not one with arcs, whose flags are no lengths. */
export function scaled(d: string, factor: number): string {
  if (factor === 1) return d;
  return d.replace(/-?\d+(\.\d+)?/g, (number) => String(Math.round(Number(number) * factor * 10) / 10));
}

/** Triangles, diamonds and the like, drawn around the origin. */
export const shapes = {
  triangle: (width: number, height: number): string =>
    `M0,${-height / 2} L${width / 2},${height / 2} L${-width / 2},${height / 2} Z`,
  diamond: (width: number, height: number): string =>
    `M0,${-height / 2} L${width / 2},0 L0,${height / 2} L${-width / 2},0 Z`,
  plus: (arm: number): string => `M${-arm},0 H${arm} M0,${-arm} V${arm}`,
  minus: (arm: number): string => `M${-arm},0 H${arm}`,
  cross: (arm: number): string => `M${-arm},${-arm} L${arm},${arm} M${-arm},${arm} L${arm},${-arm}`,
  pause: (arm: number): string => `M${-arm / 2},${-arm} V${arm} M${arm / 2},${-arm} V${arm}`,
} as const;
