/** Numbers shown as colours: the map, the numbers at its ends, and how they are spread between. `colorbar` explains them. */
import { ValueError } from "../engine/tensor/errors.ts";
import type { Color } from "./color.ts";
import { type ColormapName, colormap } from "./colormap.ts";
import { finiteRange } from "./data.ts";
import { readChoice, readNumber } from "./options.ts";
import type { RcParams } from "./rc.ts";

/** Options of all that shows numbers as colours. */
export interface MapOptions {
  /** The colour map. Default `rcParams["image.cmap"]`, that is "viridis". */
  readonly cmap?: ColormapName;
  /** How numbers are spread over the map. Default "linear". */
  readonly norm?: "linear" | "log";
  /** The numbers at the ends of the map. Default the least and the greatest (on a log norm: the least positive). */
  readonly vmin?: number;
  /** The number that has the last colour. Default: the greatest. */
  readonly vmax?: number;
}

/** How numbers became colours. */
export interface Mappable {
  readonly cmap: ColormapName;
  readonly norm: "linear" | "log";
  readonly vmin: number;
  readonly vmax: number;
  /** Of contours: the levels, the colours of the bands or lines, and which of the two they are. */
  readonly levels?: readonly number[];
  readonly colors?: readonly Color[];
  readonly filled?: boolean;
  readonly alpha: number;
  /** The colour of a number. */
  readonly color: (value: number) => Color;
}

/** What `colorbar` can explain. */
export interface HasMappable {
  readonly mappable: Mappable | undefined;
}

/**
 * Settles how numbers become colours.
 *
 * @throws ValueError for unknown maps, and for ends that a log norm cannot have
 */
export function readMap(
  where: string,
  values: Iterable<number>,
  options: MapOptions,
  rc: Readonly<RcParams>,
  alpha: number,
): Mappable {
  const cmap = options.cmap ?? rc["image.cmap"];
  const map = colormap(`${where}: cmap`, cmap);
  const norm = readChoice(`${where}: norm`, options.norm, "linear", ["linear", "log"]);
  const log = norm === "log";
  const [low, high] = finiteRange(values, log ? (value) => value > 0 : undefined) ?? (log ? [1, 10] : [0, 1]);
  const vmin = readNumber(`${where}: vmin`, options.vmin, low);
  const vmax = readNumber(`${where}: vmax`, options.vmax, high);
  if (log && Math.min(vmin, vmax) <= 0) {
    throw new ValueError(
      `${where}: the ends of a logarithmic norm must be positive. Received: ${vmin}, ${vmax}`,
    );
  }
  const to = log ? Math.log : (value: number): number => value;
  const [start, length] = [to(vmin), to(vmax) - to(vmin)];
  return {
    cmap,
    norm,
    vmin,
    vmax,
    alpha,
    // What a log norm cannot show is missing, as NaN is.
    color: (value) =>
      map(log && !(value > 0) ? Number.NaN : length === 0 ? value - value : (to(value) - start) / length),
  };
}
