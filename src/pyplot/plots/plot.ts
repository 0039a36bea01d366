/** `plot`: lines from data, format strings and options in matplotlib's order. */
import { ShapeError, show, ValueError } from "../../engine/tensor/errors.ts";
import type { Axes } from "../axes.ts";
import { checkSameLength, isNumberData, type NumberData, readColumns } from "../data.ts";
import { type Line2D, readLine } from "../lines.ts";
import { LINE_NAMES, type LineOptions, splitOptions } from "../options.ts";
import { parseFormat } from "../styles.ts";

/** What `plot` takes after its first argument: more data, format strings, and options at the end. */
export type PlotArgument = NumberData | string | LineOptions;

/** Draws lines on axes. */
export function drawLines(axes: Axes, where: string, args: readonly PlotArgument[]): Line2D[] {
  const { positional, options } = splitOptions<LineOptions>(where, args, LINE_NAMES);
  const lines: Line2D[] = [];
  let at = 0;
  let column = 0;
  while (at < positional.length) {
    const one = positional[at++];
    const two = isNumberData(positional[at]) ? positional[at++] : undefined;
    const format = typeof positional[at] === "string" ? (positional[at++] as string) : "";
    if (!isNumberData(one)) throw new ValueError(`${where}: expected numbers before ${show(one)}.`);
    const y = readColumns(`${where}: y`, two ?? one);
    const x = two === undefined ? undefined : readColumns(`${where}: x`, one);
    if (x !== undefined) checkSameLength(where, ["x", x.shape], ["y", y.shape]);
    if (
      x !== undefined &&
      x.columns.length > 1 &&
      y.columns.length > 1 &&
      x.columns.length !== y.columns.length
    ) {
      throw new ShapeError(
        `${where}: x has ${x.columns.length} columns but y has ${y.columns.length}. ` +
          `Received shapes [${x.shape.join(", ")}] and [${y.shape.join(", ")}].`,
      );
    }
    const parsed = parseFormat(where, format);
    for (let j = 0; j < Math.max(y.columns.length, x?.columns.length ?? 0); j++) {
      const ys = y.columns[Math.min(j, y.columns.length - 1)]!;
      const xs = x?.columns[Math.min(j, x.columns.length - 1)] ?? Float64Array.from(ys, (_, i) => i);
      lines.push(readLine(where, xs, ys, parsed, options, column++, axes.model.rc, () => axes.cycle.line()));
    }
  }
  for (const line of lines) axes.addArtist(line);
  return lines;
}
