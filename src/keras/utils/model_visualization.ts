/** `plotModel` and `modelToDot`: models as diagrams of their layers. */
import { checkOptions, show, ValueError } from "../../engine/index.ts";
import { nodeProcess } from "../../files/host.ts";
import { writeTarget } from "../../files/target.ts";
import type { Model } from "../models/model.ts";
import {
  type BoxCell,
  type DiagramBox,
  type DiagramOptions,
  type ModelGraph,
  modelGraph,
} from "./model_graph.ts";

/** How arrows run: with right angles, straight from box to box, bent around others, or in curves. */
export type Splines = "ortho" | "line" | "polyline" | "spline" | "curved";

/** Options of `modelToDot`. */
export interface ModelToDotOptions extends DiagramOptions {
  /** "TB" (default): downwards; "LR": to the right; "BT" and "RL": the other way. */
  readonly rankdir?: "TB" | "LR" | "BT" | "RL";
  /** Dots per inch of PNGs. Default 200. */
  readonly dpi?: number;
  /** How arrows run. Default "ortho". */
  readonly splines?: Splines;
  /** Whether the DOT text is that of a cluster, to be put into another graph. Default false. */
  readonly subgraph?: boolean;
}

/** Options of `plotModel`. */
export interface PlotModelOptions extends Omit<ModelToDotOptions, "subgraph"> {
  /**
   * The file that is written: `.png`, `.svg` or `.dot`. Default "model.png" where there are files (Node, Deno, Bun), nothing
   * on a page. `null` writes nothing.
   */
  readonly toFile?: string | null;
}

const NAMES: readonly (keyof ModelToDotOptions)[] = [
  "showShapes",
  "showDtype",
  "showLayerNames",
  "rankdir",
  "expandNested",
  "dpi",
  "subgraph",
  "showLayerActivations",
  "showTrainable",
  "splines",
];

/** Everything that a diagram needs to be laid out. */
export interface DiagramLayoutOptions {
  /** Where the arrows lead: `"TB"` down, `"LR"` to the right. Default `"TB"`. */
  readonly rankdir: "TB" | "LR" | "BT" | "RL";
  /** How arrows are drawn. Default `"ortho"`: with right angles. */
  readonly splines: Splines;
}

/**
 * The diagram of a model: as SVG, as PNG, or as text in Graphviz's language DOT (`String(dot)`). In a notebook it shows
 * itself.
 *
 * @example
 * ```ts
 * const model = new keras.Sequential([new keras.layers.Dense(1, { inputShape: [2] })]);
 * String(keras.utils.modelToDot(model)); // → digraph …
 * ```
 */
export class ModelDot {
  /** The boxes, frames and arrows. */
  readonly graph: ModelGraph;
  readonly #name: string;
  readonly #options: DiagramLayoutOptions & { readonly dpi: number; readonly subgraph: boolean };

  /**
   * @param name of the model
   * @param graph its boxes, frames and arrows
   * @param options how it is laid out, `dpi`: dots per inch of PNGs, `subgraph`: whether the DOT text is that of a cluster
   */
  constructor(
    name: string,
    graph: ModelGraph,
    options: DiagramLayoutOptions & { readonly dpi: number; readonly subgraph: boolean },
  ) {
    this.#name = name;
    this.graph = graph;
    this.#options = options;
  }

  /** The diagram as SVG. What lays it out is loaded at the first call. */
  async toSVG(): Promise<string> {
    const { modelDiagram } = await import("./model_diagram.ts");
    return modelDiagram(this.graph, this.#options);
  }

  /** The diagram as the bytes of a PNG. */
  async toPNG(): Promise<Uint8Array<ArrayBuffer>> {
    const svg = await this.toSVG();
    const { rasterize } = await import("../../files/rasterize.ts");
    // The picture's unit is a point, 1/72 inch, as Graphviz's is.
    return rasterize(svg, this.#options.dpi / 72);
  }

  /**
   * Writes the diagram to a file.
   *
   * @param path ends in `.png`, `.svg` or `.dot`; without an extension it is a PNG
   * @throws ValueError for other formats
   */
  async write(path: string): Promise<void> {
    const extension = /\.(\w+)$/.exec(path)?.[1]?.toLowerCase() ?? "png";
    const text = (content: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(content);
    switch (extension) {
      case "png":
        return writeTarget(path, await this.toPNG(), "plotModel", { type: "image/png" });
      case "svg":
        return writeTarget(path, text(await this.toSVG()), "plotModel", { type: "image/svg+xml" });
      case "dot":
        return writeTarget(path, text(this.toString()), "plotModel", { type: "text/vnd.graphviz" });
      default:
        throw new ValueError(`plotModel: the file must end in .png, .svg or .dot. Received: ${show(path)}`);
    }
  }

  /** The diagram in Graphviz's language. */
  toString(): string {
    const { boxes, frames, arrows } = this.graph;
    const { rankdir, dpi, splines, subgraph } = this.#options;
    const lines: string[] = [];
    const add = (depth: number, line: string): void => {
      lines.push("  ".repeat(depth) + line);
    };
    const fill = (frame: string | undefined, depth: number): void => {
      for (const box of boxes) {
        if (box.frame === frame)
          add(depth, `${box.id} [fontname="Helvetica", margin="0", label=${htmlLabel(box)}];`);
      }
      for (const inner of frames) {
        if (inner.parent !== frame) continue;
        add(depth, `subgraph ${inner.id} {`);
        add(depth + 1, `style="dashed"; labeljust="l"; label=${quoted(inner.label)};`);
        fill(inner.id, depth + 1);
        add(depth, "}");
      }
    };
    add(0, subgraph ? `subgraph ${quoted(`cluster_${this.#name}`)} {` : "digraph G {");
    if (subgraph) add(1, `style="dashed"; labeljust="l"; label=${quoted(this.#name)};`);
    else {
      add(1, `rankdir="${rankdir}"; concentrate=true; dpi=${dpi}; splines="${splines}";`);
      add(1, 'node [shape="record"];');
    }
    fill(undefined, 1);
    for (const [from, to] of arrows) add(1, `${from} -> ${to} [penwidth="2"];`);
    add(0, "}");
    return `${lines.join("\n")}\n`;
  }

  static {
    // Defined rather than written as a method: declarations cannot express a name that `Symbol.for` computes.
    Object.defineProperty(ModelDot.prototype, Symbol.for("Jupyter.display"), {
      value: function (this: ModelDot): Promise<Record<string, string>> {
        return this.toNotebook();
      },
    });
  }

  /** What notebooks show: SVG, PNG where the host can make one, and a line of text. */
  async toNotebook(): Promise<Record<string, string>> {
    const svg = await this.toSVG();
    const { base64 } = await import("../../files/png.ts");
    const png = nodeProcess() === undefined ? {} : { "image/png": base64(await this.toPNG()) };
    return { "image/svg+xml": svg, ...png, "text/plain": `<diagram of ${this.#name}>` };
  }
}

const quoted = (text: string): string => `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

const FILLS: Readonly<Record<BoxCell["tone"], string>> = {
  plain: "white",
  trainable: "forestgreen",
  frozen: "firebrick",
};

/** A box as the table of an HTML-like label. */
function htmlLabel({ name, className, activation, cells }: DiagramBox): string {
  const span = Math.max(1, cells.length);
  const title =
    name === undefined ? `<b>${escaped(className)}</b>` : `<b>${escaped(name)}</b> (${escaped(className)})`;
  const rows = [
    `<tr><td colspan="${span}" bgcolor="black"><font point-size="16" color="white">${title}</font></td></tr>`,
  ];
  if (activation !== undefined) {
    rows.push(
      `<tr><td colspan="${span}" bgcolor="white"><font point-size="14">Activation: <b>${escaped(activation)}</b></font></td></tr>`,
    );
  }
  const cell = ({ label, value, tone }: BoxCell): string => {
    const color = tone === "plain" ? "" : ' color="white"';
    const said = label === "" ? "" : `${label}: `;
    return `<td bgcolor="${FILLS[tone]}"><font point-size="14"${color}>${said}<b>${escaped(value)}</b></font></td>`;
  };
  if (cells.length > 0) rows.push(`<tr>${cells.map(cell).join("")}</tr>`);
  return `<<table border="0" cellborder="1" bgcolor="black" cellpadding="10">${rows.join("")}</table>>`;
}

function oneOf<T extends string>(where: string, name: string, value: T, choices: readonly T[]): T {
  if (choices.includes(value)) return value;
  throw new ValueError(
    `${where}: ${name} must be one of ${choices.map(show).join(", ")}. Received: ${show(value)}`,
  );
}

function diagram(where: string, model: Model, options: ModelToDotOptions, names: boolean): ModelDot {
  const { rankdir = "TB", splines = "ortho", dpi = 200, subgraph = false, ...shown } = options;
  if (!(typeof dpi === "number" && dpi >= 1 && dpi <= 2400)) {
    throw new ValueError(`${where}: dpi must be a number from 1 to 2400. Received: ${show(dpi)}`);
  }
  const layout = {
    rankdir: oneOf(where, "rankdir", rankdir, ["TB", "LR", "BT", "RL"]),
    splines: oneOf(where, "splines", splines, ["ortho", "line", "polyline", "spline", "curved"]),
    dpi,
    subgraph,
  };
  return new ModelDot(model.name, modelGraph(where, model, { showLayerNames: names, ...shown }), layout);
}

/**
 * The diagram of a model. Unlike Keras's it needs neither pydot nor Graphviz: it can draw itself.
 *
 * @param model a built model
 * @param options `showShapes`, `showDtype`, `showLayerNames` (true), `rankdir` ("TB"), `expandNested`, `dpi` (200),
 * `subgraph`, `showLayerActivations`, `showTrainable`, `splines` ("ortho")
 * @returns the diagram; `String(dot)` is DOT text
 * @throws StateError before the model is built
 * @example
 * ```ts
 * const model = new Sequential([Input({ shape: [3] }), new layers.Dense(2, { name: "out" })]);
 * String(utils.modelToDot(model)).includes("<b>out</b> (Dense)"); // → true
 * utils.modelToDot(model, { showShapes: true }).graph.boxes[0]?.cells.map(({ value }) => value); // → ["(None, 3)", "(None, 2)"]
 * ```
 */
export function modelToDot(model: Model, options: ModelToDotOptions = {}): ModelDot {
  checkOptions("modelToDot", options, NAMES);
  return diagram("modelToDot", model, options, true);
}

/**
 * Draws a model and writes the picture to a file. As the value of a cell of a notebook it shows itself.
 *
 * @param model a built model
 * @param options `toFile` ("model.png"; `.svg` and `.dot` too; `null` for none), `showShapes`, `showDtype`, `showLayerNames` (false),
 *   `rankdir` ("TB"), `expandNested`, `dpi` (200), `showLayerActivations`, `showTrainable`, `splines` ("ortho")
 * @throws StateError before the model is built; ValueError for bad options
 * @example
 * ```ts
 * const model = new Sequential([Input({ shape: [3] }), new layers.Dense(2)]);
 * const picture = await utils.plotModel(model, { toFile: "model.svg", showShapes: true });
 * (await picture.toSVG()).includes("Output shape"); // → true
 * ```
 */
export async function plotModel(model: Model, options: PlotModelOptions = {}): Promise<ModelDot> {
  checkOptions("plotModel", options, [...NAMES.filter((name) => name !== "subgraph"), "toFile"]);
  const { toFile = nodeProcess() === undefined ? null : "model.png", ...rest } = options;
  const dot = diagram("plotModel", model, rest, false);
  if (toFile !== null) await dot.write(toFile);
  return dot;
}
