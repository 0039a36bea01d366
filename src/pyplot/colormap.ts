/** Colour maps by matplotlib's names. */
import { didYouMean, show, ValueError } from "../engine/tensor/errors.ts";
import type { Color } from "./color.ts";
import { CONTINUOUS, QUALITATIVE } from "./colormap_data.ts";

type BaseName = keyof typeof CONTINUOUS | keyof typeof QUALITATIVE;

/** A colour map: one of matplotlib's names; the suffix `_r` reverses it. */
export type ColormapName = BaseName | `${BaseName}_r`;

/** From 0..1 to a colour; what lies outside is clamped, NaN is transparent. */
export type Colormap = (t: number) => Color;

const MISSING: Color = { r: 0, g: 0, b: 0, a: 0 };

const MAPS: Readonly<Record<string, string>> = { ...CONTINUOUS, ...QUALITATIVE };

/** Other spellings. */
const ALIASES: Readonly<Record<string, string>> = { grey: "gray", Grays: "Greys" };

/**
 * The names of all colour maps, the reversed ones too.
 *
 * @example
 * ```ts
 * plt.colormaps().includes("viridis"); // → true
 * ```
 */
export function colormaps(): ColormapName[] {
  return Object.keys(MAPS).flatMap((name) => [name, `${name}_r`]) as ColormapName[];
}

/**
 * Looks a colour map up.
 *
 * @throws ValueError when there is none of that name
 */
export function colormap(where: string, name: string): Colormap {
  const reversed = name.endsWith("_r");
  const given = reversed ? name.slice(0, -2) : name;
  const base = ALIASES[given] ?? given;
  if (!Object.hasOwn(MAPS, base)) {
    const all = Object.keys(MAPS);
    throw new ValueError(
      `${where}: ${show(name)} is not a colour map.${didYouMean(base, all)} There are: ${all.join(", ")}`,
    );
  }
  const points = (MAPS[base]!.match(/[0-9a-f]{6}/g) ?? []).map((entry) => Number.parseInt(entry, 16));
  const last = points.length - 1;
  const stepped = Object.hasOwn(QUALITATIVE, base);
  return (t) => {
    if (Number.isNaN(t)) return MISSING;
    const clamped = Math.min(1, Math.max(0, t));
    const along = reversed ? 1 - clamped : clamped;
    // Of n separate colours each has a share of 1/n; others are mixed between neighbours.
    const at = stepped ? Math.min(last, Math.floor(along * points.length)) : along * last;
    const low = Math.min(last - 1, Math.floor(at));
    const mix = (shift: number): number => {
      const [from, to] = [(points[low]! >> shift) & 255, (points[low + 1]! >> shift) & 255];
      return from + (to - from) * (at - low);
    };
    return { r: mix(16), g: mix(8), b: mix(0), a: 1 };
  };
}
