/** Line styles, markers and format strings ("r--o") as in matplotlib. */
import { didYouMean, show, ValueError } from "../engine/tensor/errors.ts";
import { type Color, colorFromString } from "./color.ts";

/** How a line is dashed. */
export type LineStyle = "-" | "--" | "-." | ":" | "none";

const LINE_STYLES: Record<string, LineStyle> = {
  "-": "-",
  solid: "-",
  "--": "--",
  dashed: "--",
  "-.": "-.",
  dashdot: "-.",
  ":": ":",
  dotted: ":",
  none: "none",
  None: "none",
  "": "none",
  " ": "none",
};

/** Dash lengths in multiples of the line width. */
const DASHES: Record<LineStyle, readonly number[] | undefined> = {
  "-": undefined,
  "--": [3.7, 1.6],
  "-.": [6.4, 1.6, 1, 1.6],
  ":": [1, 1.65],
  none: undefined,
};

/** A marker's outline: a Vega symbol name or an SVG path within -1..1, its size relative to matplotlib's, filled or not. */
export interface MarkerShape {
  readonly shape: string;
  readonly scale: number;
  readonly filled: boolean;
}

function polygon(corners: number, inner = 1): string {
  const count = inner === 1 ? corners : 2 * corners;
  const points = Array.from({ length: count }, (_, i) => {
    const angle = (2 * Math.PI * i) / count;
    const radius = i % 2 === 1 ? inner : 1;
    return `${(radius * Math.sin(angle)).toFixed(4)},${(-radius * Math.cos(angle)).toFixed(4)}`;
  });
  return `M${points.join("L")}Z`;
}

const MARKERS: Record<string, MarkerShape> = {
  o: { shape: "circle", scale: 1, filled: true },
  ".": { shape: "circle", scale: 0.5, filled: true },
  ",": { shape: "square", scale: 0.1, filled: true },
  s: { shape: "square", scale: 1, filled: true },
  "^": { shape: "M0,-1L1,1L-1,1Z", scale: 1, filled: true },
  v: { shape: "M0,1L1,-1L-1,-1Z", scale: 1, filled: true },
  "<": { shape: "M-1,0L1,1L1,-1Z", scale: 1, filled: true },
  ">": { shape: "M1,0L-1,1L-1,-1Z", scale: 1, filled: true },
  D: { shape: polygon(4), scale: Math.SQRT2, filled: true },
  d: { shape: "M0,-1L0.6,0L0,1L-0.6,0Z", scale: Math.SQRT2, filled: true },
  p: { shape: polygon(5), scale: 1, filled: true },
  h: { shape: polygon(6), scale: 1, filled: true },
  "*": { shape: polygon(5, 0.381966), scale: 1, filled: true },
  "+": { shape: "M0,-1L0,1M-1,0L1,0", scale: 1, filled: false },
  x: { shape: "M-1,-1L1,1M-1,1L1,-1", scale: 1, filled: false },
  "|": { shape: "M0,-1L0,1", scale: 1, filled: false },
  _: { shape: "M-1,0L1,0", scale: 1, filled: false },
};

/** Reads a line style by symbol or word. */
export function parseLineStyle(where: string, spec: unknown): LineStyle {
  const found = typeof spec === "string" ? LINE_STYLES[spec] : undefined;
  if (found !== undefined) return found;
  const all = Object.keys(LINE_STYLES).filter((name) => name.trim() !== "");
  const hint = typeof spec === "string" ? didYouMean(spec, all) : "";
  throw new ValueError(`${where}: ${show(spec)} is not a line style.${hint} There are: ${all.join(", ")}`);
}

/** Reads a marker's name; "none" and "" mean no marker. */
export function parseMarker(where: string, spec: unknown): string | undefined {
  if (spec === "none" || spec === "None" || spec === "" || spec === " ") return undefined;
  if (typeof spec === "string" && Object.hasOwn(MARKERS, spec)) return spec;
  throw new ValueError(
    `${where}: ${show(spec)} is not a marker. There are: ${Object.keys(MARKERS).join(" ")}`,
  );
}

/** The outline of a marker that {@link parseMarker} let through. */
export function markerShape(name: string): MarkerShape {
  return MARKERS[name]!;
}

/** The dashes of a line in the unit of its width, undefined for a solid one. */
export function dashes(style: LineStyle, width: number): number[] | undefined {
  return DASHES[style]?.map((part) => part * width);
}

/** What a format string says; what it leaves out is undefined. */
export interface Format {
  readonly color?: Color;
  readonly linestyle?: LineStyle;
  readonly marker?: string;
}

/**
 * Reads a format string `[marker][line][color]` in any order.
 *
 * A marker without a line style means no line.
 *
 * @throws ValueError at the first character that means nothing, or when a part comes twice
 */
export function parseFormat(where: string, format: string): Format {
  const parts: { color?: Color; linestyle?: LineStyle; marker?: string } = {};
  const whole = colorFromString(format);
  if (whole !== undefined) return { color: whole };
  const fail = (why: string): never => {
    throw new ValueError(`${where}: ${show(format)} is not a format string: ${why}`);
  };
  const set = <K extends keyof typeof parts>(key: K, value: (typeof parts)[K]): void => {
    if (parts[key] !== undefined) fail(`it names two ${key}s.`);
    parts[key] = value;
  };
  let at = 0;
  while (at < format.length) {
    const two = format.slice(at, at + 2);
    const one = format.charAt(at);
    const cycled = /^C\d+/.exec(format.slice(at))?.[0];
    if (two === "--" || two === "-.") {
      set("linestyle", two);
      at += 2;
    } else if (one === "-" || one === ":") {
      set("linestyle", one);
      at += 1;
    } else if (Object.hasOwn(MARKERS, one)) {
      set("marker", one);
      at += 1;
    } else if (cycled !== undefined) {
      set("color", colorFromString(cycled) as Color);
      at += cycled.length;
    } else if ("bgrcmykw".includes(one)) {
      set("color", colorFromString(one) as Color);
      at += 1;
    } else {
      fail(`${show(one)} is neither a colour letter, nor a marker, nor a line style.`);
    }
  }
  if (parts.marker !== undefined && parts.linestyle === undefined) parts.linestyle = "none";
  return parts;
}
