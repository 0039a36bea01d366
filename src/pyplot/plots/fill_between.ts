/** `fillBetween`: the area between two curves. */
import { checkOptions } from "../../engine/tensor/errors.ts";
import type { Axes } from "../axes.ts";
import { parseColor } from "../color.ts";
import { checkSameLength, type NumberData, readVector } from "../data.ts";
import type { AreaArtist, DrawStyle } from "../model.ts";
import { type AreaOptions, OPTION_NAMES, readChoice, readNumber, readText } from "../options.ts";

/** Fills the area between two curves of axes. */
export function drawArea(
  axes: Axes,
  x: NumberData,
  y1: NumberData | number,
  y2: NumberData | number,
  options: AreaOptions,
): AreaArtist {
  checkOptions("fillBetween", options, OPTION_NAMES.area);
  const xs = readVector("fillBetween: x", x);
  const curve = (name: string, value: unknown): Float64Array => {
    const list = readVector(`fillBetween: ${name}`, value);
    if (list.length === 1) return new Float64Array(xs.length).fill(list[0]!);
    checkSameLength("fillBetween", ["x", [xs.length]], [name, [list.length]]);
    return list;
  };
  const where = options.where === undefined ? undefined : curve("where", options.where);
  // Missing numbers interrupt an area.
  const filled = (list: Float64Array): Float64Array =>
    where === undefined ? list : list.map((value, i) => (where[i] === 0 ? Number.NaN : value));
  const [upper, lower] = [filled(curve("y1", y1)), filled(curve("y2", y2))];
  const alpha = readNumber("fillBetween: alpha", options.alpha, 1, 0, 1);
  const zorder = readNumber("fillBetween: zorder", options.zorder, 1);
  const label = readText("fillBetween: label", options.label);
  const step = readChoice("fillBetween: step", options.step, "none", ["none", "pre", "mid", "post"]);
  const drawstyle: DrawStyle = step === "none" ? "default" : `steps-${step}`;
  const spec = options.facecolor ?? options.color;
  const face = spec === undefined ? axes.cycle.patch() : parseColor("fillBetween: color", spec);
  return axes.addArtist({
    kind: "area",
    x: xs,
    y0: lower,
    y1: upper,
    face,
    drawstyle,
    label,
    alpha,
    zorder,
  });
}
