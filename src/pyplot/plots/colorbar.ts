/** `colorbar`: a narrow plot that says which colour is which number. */
import { checkOptions, ValueError } from "../../engine/tensor/errors.ts";
import type { Axes } from "../axes.ts";
import type { Color } from "../color.ts";
import type { NumberData } from "../data.ts";
import type { HasMappable, Mappable } from "../mappable.ts";
import type { Slot } from "../model.ts";
import { type Keys, readChoice, readNumber } from "../options.ts";

/** Options of `colorbar`. */
export interface ColorbarOptions {
  /** The axes that give room. Default those that the colours are drawn on. */
  readonly ax?: Axes;
  /** Whether the bar stands or lies. Default "vertical", at the right. */
  readonly orientation?: "vertical" | "horizontal";
  /** The part of the axes that the bar takes. Default 0.15. */
  readonly fraction?: number;
  /** The part that stays free between them. Default 0.05, and 0.15 for a horizontal bar. */
  readonly pad?: number;
  /** The part of the axes' length that the bar has. Default 1. */
  readonly shrink?: number;
  /** Length by breadth of the bar. Default 20. */
  readonly aspect?: number;
  /** What stands beside the bar. */
  readonly label?: string;
  /** Where the bar has ticks. Default nice numbers; for contours their levels. */
  readonly ticks?: NumberData;
}

const NAMES: Keys<ColorbarOptions> = [
  "ax",
  "orientation",
  "fraction",
  "pad",
  "shrink",
  "aspect",
  "label",
  "ticks",
];

/** What is decided before anything changes. */
export interface ColorbarPlan {
  readonly mappable: Mappable;
  readonly horizontal: boolean;
  /** What is left to the axes, and what the bar gets. */
  readonly parent: Slot;
  readonly bar: Slot;
}

/**
 * Shares a place out between axes and their colour bar.
 *
 * @throws ValueError when the colours do not come from numbers, or an option does not fit
 */
export function planColorbar({ mappable }: HasMappable, slot: Slot, options: ColorbarOptions): ColorbarPlan {
  checkOptions("colorbar", options, NAMES);
  if (mappable === undefined) {
    throw new ValueError(
      "colorbar needs colours that come from numbers: imshow of a matrix, scatter with numbers as c, contour, contourf or hist2d.",
    );
  }
  const horizontal =
    readChoice("colorbar: orientation", options.orientation, "vertical", ["vertical", "horizontal"]) ===
    "horizontal";
  const fraction = readNumber("colorbar: fraction", options.fraction, 0.15, 0.01, 0.8);
  const pad = readNumber("colorbar: pad", options.pad, horizontal ? 0.15 : 0.05, 0, 0.8);
  const shrink = readNumber("colorbar: shrink", options.shrink, 1, 0.01, 1);
  const aspect = readNumber("colorbar: aspect", options.aspect, 20, 1);
  const left = 1 - fraction - pad;
  if (left <= 0)
    throw new ValueError(`colorbar: fraction and pad leave nothing to the axes: ${fraction} + ${pad}`);
  const along = (1 - shrink) / 2;
  return {
    mappable,
    horizontal,
    parent: horizontal ? { ...slot, height: slot.height * left } : { ...slot, width: slot.width * left },
    bar: horizontal
      ? {
          x: slot.x + along * slot.width,
          y: slot.y + (left + pad) * slot.height,
          width: shrink * slot.width,
          height: fraction * slot.height,
          shape: 1 / aspect,
        }
      : {
          x: slot.x + (left + pad) * slot.width,
          y: slot.y + along * slot.height,
          width: fraction * slot.width,
          height: shrink * slot.height,
          shape: aspect,
        },
  };
}

/** The steps of a bar for colours that change smoothly. */
const STEPS = 256;

/** Draws the bar on its axes. */
export function drawColorbar(
  axes: Axes,
  { mappable, horizontal }: ColorbarPlan,
  options: ColorbarOptions,
): void {
  const { vmin, vmax, levels, filled } = mappable;
  const log = mappable.norm === "log";
  const name = horizontal ? "x" : "y";
  // Of numbers that are all the same a bar still needs two ends.
  const [low, high] =
    vmin === vmax ? (log ? [vmin / 10, vmax * 10] : [vmin - 0.5, vmax + 0.5]) : [vmin, vmax];
  const colors = mappable.colors ?? [];
  if (levels === undefined) {
    const at = (t: number): number => (log ? low * (high / low) ** t : low + t * (high - low));
    const all = Array.from({ length: STEPS }, (_, i) => mappable.color(at((i + 0.5) / STEPS)));
    smoothBar(axes, all, horizontal, low, high, mappable.alpha);
  } else if (filled === true) {
    axes.addArtist({
      kind: "paths",
      shapes: colors.map((_, i) => {
        const across = Float64Array.of(0, 1, 1, 0, 0);
        const [a, b] = [levels[i]!, levels[i + 1]!];
        const along = Float64Array.of(a, a, b, b, a);
        return [horizontal ? { x: along, y: across } : { x: across, y: along }];
      }),
      faces: colors,
      edges: [],
      style: "-",
      width: 0,
      sticky: true,
      label: undefined,
      alpha: mappable.alpha,
      zorder: 1,
    });
  } else {
    const lines = horizontal ? axes.vlines([...levels], 0, 1) : axes.hlines([...levels], 0, 1);
    axes.model.artists = [{ ...lines, edges: colors }];
  }
  if (log) axes.model[name].range.scale = "log";
  if (horizontal) {
    axes.setXlim(low, high);
    axes.setYlim(0, 1);
    axes.setYticks([]);
  } else {
    axes.setYlim(low, high);
    axes.setXlim(0, 1);
    axes.setXticks([]);
    axes.model.y.side = "right";
  }
  const ticks = options.ticks ?? (levels === undefined ? undefined : [...levels]);
  if (ticks !== undefined) {
    if (horizontal) axes.setXticks(ticks);
    else axes.setYticks(ticks);
  }
  if (options.label !== undefined) {
    if (horizontal) axes.setXlabel(options.label);
    else axes.setYlabel(options.label);
  }
  axes.model[name].grid = undefined;
}

function smoothBar(
  axes: Axes,
  colors: readonly Color[],
  horizontal: boolean,
  low: number,
  high: number,
  alpha: number,
): void {
  const rgba = new Uint8ClampedArray(4 * colors.length);
  // Pixels go row by row from the top: a bar that stands begins with its high end.
  const order = horizontal ? colors : colors.toReversed();
  order.forEach(({ r, g, b, a }, i) => {
    rgba.set([r, g, b, 255 * a], 4 * i);
  });
  axes.addArtist({
    kind: "image",
    width: horizontal ? colors.length : 1,
    height: horizontal ? 1 : colors.length,
    rgba,
    left: horizontal ? low : 0,
    right: horizontal ? high : 1,
    bottom: horizontal ? 0 : low,
    top: horizontal ? 1 : high,
    smooth: false,
    mappable: undefined,
    label: undefined,
    alpha,
    zorder: 0,
  });
}
