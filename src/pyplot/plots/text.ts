/** `text` and `annotate`: words in a plot, with a box behind them and an arrow to what they speak of. */
import { checkOptions, show, ValueError } from "../../engine/tensor/errors.ts";
import type { Axes } from "../axes.ts";
import { parseColor, visibleColor } from "../color.ts";
import type { ArrowStyle, Coordinates, TextArtist, TextBox } from "../model.ts";
import {
  type AnnotateOptions,
  type ArrowProps,
  type BoxOptions,
  OPTION_NAMES,
  readChoice,
  readNumber,
  readText,
  type TextOptions,
} from "../options.ts";
import { points, rcColor } from "../rc.ts";
import { parseLineStyle } from "../styles.ts";

const BASELINES = { top: "top", center: "middle", baseline: "alphabetic", bottom: "bottom" } as const;
const COORDINATES: readonly Coordinates[] = ["data", "axes fraction"];

/** The look of a text, whatever its place. */
function readLook(
  axes: Axes,
  where: string,
  o: Omit<TextOptions, "transform">,
): Omit<TextArtist, "kind" | "x" | "y" | "coordinates" | "offset" | "text" | "arrow"> {
  const { rc } = axes.model;
  const va = readChoice(`${where}: va`, o.va ?? o.verticalalignment, "baseline", [
    "top",
    "center",
    "baseline",
    "bottom",
  ]);
  const weight = readChoice(`${where}: fontweight`, o.fontweight ?? o.weight, "normal", ["normal", "bold"]);
  return {
    color: o.color === undefined ? rcColor(rc, "text.color") : parseColor(`${where}: color`, o.color),
    size: points(`${where}: fontsize`, o.fontsize ?? o.size ?? "medium", rc["font.size"]),
    bold: weight === "bold",
    rotation: readNumber(`${where}: rotation`, o.rotation, 0),
    align: readChoice(`${where}: ha`, o.ha ?? o.horizontalalignment, "left", ["left", "center", "right"]),
    baseline: BASELINES[va],
    box: o.bbox === undefined ? undefined : readBox(where, o.bbox),
    label: undefined,
    alpha: readNumber(`${where}: alpha`, o.alpha, 1, 0, 1),
    zorder: readNumber(`${where}: zorder`, o.zorder, 3),
  };
}

function readBox(where: string, o: BoxOptions): TextBox {
  checkOptions(`${where}: bbox`, o, OPTION_NAMES.box);
  const edge = visibleColor(parseColor(`${where}: bbox: edgecolor`, o.edgecolor ?? o.ec ?? "black"));
  const width = readNumber(`${where}: bbox: linewidth`, o.linewidth ?? o.lw, 1, 0);
  return {
    face: parseColor(`${where}: bbox: facecolor`, o.facecolor ?? o.fc ?? "C0"),
    edge: edge === undefined ? undefined : { color: edge, style: "-", width },
    pad: readNumber(`${where}: bbox: pad`, o.pad, 0.3, 0),
    round: readChoice(`${where}: bbox: boxstyle`, o.boxstyle, "square", ["square", "round"]) === "round",
    alpha: readNumber(`${where}: bbox: alpha`, o.alpha, 1, 0, 1),
  };
}

/** Writes text on axes. */
export function drawText(axes: Axes, x: number, y: number, text: string, options: TextOptions): TextArtist {
  checkOptions("text", options, OPTION_NAMES.text);
  return axes.addArtist({
    kind: "text",
    x: readNumber("text: x", x, 0),
    y: readNumber("text: y", y, 0),
    coordinates: readChoice("text: transform", options.transform, "data", COORDINATES),
    offset: [0, 0],
    text: readText("text", text) ?? "",
    ...readLook(axes, "text", options),
    arrow: undefined,
  });
}

const ENDS = { "-": "none", "<": "open", ">": "open", "<|": "filled", "|>": "filled" } as const;

function readArrow(
  axes: Axes,
  o: ArrowProps,
  size: number,
  xy: readonly [number, number],
  coordinates: Coordinates,
): ArrowStyle {
  const where = "annotate: arrowprops";
  checkOptions(where, o, OPTION_NAMES.arrow);
  const styles = ["-", "->", "<-", "<->", "-|>", "<|-", "<|-|>"] as const;
  const style = readChoice(`${where}: arrowstyle`, o.arrowstyle, "->", styles);
  const [, tail = "", head = ""] = /^(<\|?)?-(\|?>)?$/.exec(style) ?? [];
  const connection = o.connectionstyle ?? "arc3";
  const bend = /^arc3(?:,\s*rad\s*=\s*(-?[\d.]+))?$/.exec(connection);
  if (bend === null) {
    throw new ValueError(
      `${where}: connectionstyle must be "arc3" or "arc3,rad=NUMBER". Received: ${show(connection)}`,
    );
  }
  const alpha = readNumber(`${where}: alpha`, o.alpha, 1, 0, 1);
  const color =
    o.color === undefined ? rcColor(axes.model.rc, "text.color") : parseColor(`${where}: color`, o.color);
  return {
    x: xy[0],
    y: xy[1],
    coordinates,
    tail: ENDS[(tail || "-") as keyof typeof ENDS],
    head: ENDS[(head || "-") as keyof typeof ENDS],
    stroke: {
      color: { ...color, a: color.a * alpha },
      style: parseLineStyle(`${where}: linestyle`, o.linestyle ?? o.ls ?? "-"),
      width: readNumber(`${where}: linewidth`, o.linewidth ?? o.lw, 1, 0),
    },
    bend: Number(bend[1] ?? 0),
    shrink: [
      readNumber(`${where}: shrinkA`, o.shrinkA, 2, 0),
      readNumber(`${where}: shrinkB`, o.shrinkB, 2, 0),
    ],
    scale: readNumber(`${where}: mutationScale`, o.mutationScale, size, 0),
  };
}

function readPoint(where: string, value: unknown): readonly [number, number] {
  const ok = Array.isArray(value) && value.length === 2 && value.every(Number.isFinite);
  if (ok) return [value[0] as number, value[1] as number];
  throw new ValueError(`${where} must be two finite numbers [x, y]. Received: ${show(value)}`);
}

/** Writes text that speaks of a point of axes. */
export function drawAnnotation(
  axes: Axes,
  text: string,
  xy: readonly [x: number, y: number],
  options: AnnotateOptions,
): TextArtist {
  checkOptions("annotate", options, OPTION_NAMES.annotate);
  const point = readPoint("annotate: xy", xy);
  const at = options.xytext === undefined ? point : readPoint("annotate: xytext", options.xytext);
  const coordinates = readChoice("annotate: xycoords", options.xycoords, "data", COORDINATES);
  const textCoordinates = readChoice("annotate: textcoords", options.textcoords, coordinates, [
    ...COORDINATES,
    "offset points",
  ]);
  const moved = textCoordinates === "offset points" && options.xytext !== undefined;
  const look = readLook(axes, "annotate", options);
  return axes.addArtist({
    kind: "text",
    x: moved ? point[0] : at[0],
    y: moved ? point[1] : at[1],
    coordinates: textCoordinates === "offset points" ? coordinates : textCoordinates,
    offset: moved ? at : [0, 0],
    text: readText("annotate", text) ?? "",
    ...look,
    arrow:
      options.arrowprops === undefined
        ? undefined
        : readArrow(axes, options.arrowprops, look.size, point, coordinates),
  });
}
