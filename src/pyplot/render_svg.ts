/** Figures to SVG: each pair of axes goes through Vega-Lite, then stands as a group in one Vega scene. */
import { base64, encodePng } from "../files/png.ts";
import { textWidth } from "../files/text_metrics.ts";
import { hex, visibleColor } from "./color.ts";
import { decorations, LINE_HEIGHT, pixels, placeAxes, textHeight } from "./layout.ts";
import { placeLegend } from "./legend.ts";
import type { AxesModel, FigureModel, ImageArtist } from "./model.ts";
import { rcColor } from "./rc.ts";
import type { ResolvedAxes } from "./resolve.ts";
import { type AxesSpec, axesSpec, type PendingImage, type Spec } from "./vega_lite.ts";

/** A figure taken apart for rendering. */
interface Scene {
  readonly width: number;
  readonly height: number;
  readonly background: string | undefined;
  readonly title: Spec | undefined;
  readonly parts: readonly {
    readonly x: number;
    readonly y: number;
    /** The colour behind the plot, undefined for none. */
    readonly face: string | undefined;
    readonly axes: AxesSpec;
  }[];
}

/** The height of the figure's own title with its distance from the top edge, in pixels. */
function headRoom({ title, titleSize, canvas }: FigureModel): number {
  return title === "" ? 0 : 0.02 * canvas.height + textHeight(title, pixels(titleSize, canvas.dpi));
}

/** The part of the canvas that is drawn on, with matplotlib's padding of a tenth of an inch. */
function cropped(
  model: FigureModel,
  placed: readonly ResolvedAxes[],
): { x: number; y: number; x2: number; y2: number } {
  const { canvas } = model;
  const around = { x: canvas.width, y: canvas.height, x2: 0, y2: 0 };
  const include = (x: number, y: number, x2: number, y2: number): void => {
    around.x = Math.min(around.x, x);
    around.y = Math.min(around.y, y);
    around.x2 = Math.max(around.x2, x2);
    around.y2 = Math.max(around.y2, y2);
  };
  for (const axes of placed) {
    const { left, right, top, bottom } = decorations(axes, canvas.dpi);
    const { x, y, width, height } = axes.box;
    include(x - left, y - top, x + width + right, y + height + bottom);
    const legend = placeLegend(axes, canvas.dpi)?.frame;
    if (legend !== undefined) {
      include(x + legend.x, y + legend.y, x + legend.x + legend.width, y + legend.y + legend.height);
    }
    const half = textWidth(axes.model.title, pixels(axes.model.titleSize, canvas.dpi)) / 2;
    include(x + width / 2 - half, y, x + width / 2 + half, y);
  }
  if (model.title !== "") {
    const half = textWidth(model.title, pixels(model.titleSize, canvas.dpi)) / 2;
    include(canvas.width / 2 - half, 0.02 * canvas.height, canvas.width / 2 + half, headRoom(model));
  }
  const pad = 0.1 * canvas.dpi;
  return { x: around.x - pad, y: around.y - pad, x2: around.x2 + pad, y2: around.y2 + pad };
}

/** What is painted behind axes: nothing where the figure has no background, or where other axes lie beneath. */
function faceOf(
  { rc, face, visible, twinOf }: AxesModel,
  background: string | undefined,
): string | undefined {
  if (background === undefined || twinOf !== undefined || !visible) return undefined;
  const color = visibleColor(face ?? rcColor(rc, "axes.facecolor"));
  return color === undefined ? undefined : hex(color);
}

/** Settles the layout and describes everything. */
function makeScene(model: FigureModel): Scene {
  const { canvas } = model;
  const placed = placeAxes(model.axes, canvas, model.tight, headRoom(model));
  const whole = { x: 0, y: 0, x2: canvas.width, y2: canvas.height };
  const view = model.crop && placed.length > 0 ? cropped(model, placed) : whole;
  const [originX, originY] = [Math.floor(view.x), Math.floor(view.y)];
  const title =
    model.title === ""
      ? undefined
      : {
          text: { value: model.title.split("\n") },
          lineHeight: { value: pixels(model.titleSize, canvas.dpi) * LINE_HEIGHT },
          x: { value: canvas.width / 2 - originX },
          y: { value: 0.02 * canvas.height - originY },
          align: { value: "center" },
          baseline: { value: "top" },
          fontSize: { value: pixels(model.titleSize, canvas.dpi) },
          fill: { value: hex(model.titleColor) },
        };
  return {
    width: Math.ceil(view.x2) - originX,
    height: Math.ceil(view.y2) - originY,
    background: model.background,
    title,
    parts: placed.map((axes) => ({
      x: axes.box.x - originX,
      y: axes.box.y - originY,
      face: faceOf(axes.model, model.background),
      axes: axesSpec(axes, canvas.dpi),
    })),
  };
}

/** The pixels of a picture in the order in which they appear on screen. */
function onScreen({ image, flipX, flipY }: PendingImage): ImageArtist["rgba"] {
  if (!flipX && !flipY) return image.rgba;
  const { width, height, rgba } = image;
  const out = new Uint8ClampedArray(rgba.length);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const from = 4 * ((flipY ? height - 1 - row : row) * width + (flipX ? width - 1 - column : column));
      out.set(rgba.subarray(from, from + 4), 4 * (row * width + column));
    }
  }
  return out;
}

async function imageUrl(pending: PendingImage): Promise<string> {
  const png = await encodePng(onScreen(pending), pending.image.width, pending.image.height);
  return `data:image/png;base64,${base64(png)}`;
}

/** A short fingerprint, FNV-1a. */
function fingerprint(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(36);
}

/** Draws a figure as SVG. Vega is loaded at the first call. */
export async function renderSvg(model: FigureModel): Promise<string> {
  const [vega, vegaLite] = await Promise.all([import("vega"), import("vega-lite")]);
  const scene = makeScene(model);
  const groups: object[] = [];
  let config: object = {};
  for (const { x, y, face, axes } of scene.parts) {
    const unit = vegaLite.compile(axes.spec).spec;
    for (const table of unit.data ?? []) {
      const rows = axes.tables.get(table.name);
      if (rows === undefined) continue;
      const image = axes.images.get(table.name);
      table.values = image === undefined ? rows : [{ ...rows[0], url: await imageUrl(image) }];
    }
    const { width, height } = axes.spec as { width: number; height: number };
    const fill = face === undefined ? {} : { fill: { value: face } };
    const place = { x, y, width, height };
    const encoded = Object.fromEntries(Object.entries(place).map(([key, value]) => [key, { value }]));
    groups.push({
      type: "group",
      // Scales and marks of a unit refer to signals of these names.
      signals: [
        { name: "width", value: width },
        { name: "height", value: height },
      ],
      encode: { update: { ...encoded, ...fill } },
      data: unit.data ?? [],
      scales: unit.scales ?? [],
      axes: unit.axes ?? [],
      projections: unit.projections ?? [],
      marks: unit.marks ?? [],
    });
    config = unit.config ?? {};
  }
  const title = scene.title === undefined ? [] : [{ type: "text", encode: { update: scene.title } }];
  const view = new vega.View(
    vega.parse({
      width: scene.width,
      height: scene.height,
      padding: 0,
      autosize: "none",
      background: scene.background ?? null,
      config,
      marks: [...groups, ...title],
    }),
    { renderer: "none" },
  );
  const svg = await view.toSVG();
  view.finalize();
  return withOwnIds(svg);
}

/**
 * Vega counts the names of clips over the life of the process. Numbered within the picture instead, the same figure is
 * the same text; and with a prefix of its own, pictures in one page do not take each other's clips.
 */
function withOwnIds(svg: string): string {
  const numbers = new Map<string, number>();
  const pattern = /(id="|url\(#)(clip\d+)/g;
  const numbered = svg.replaceAll(pattern, (_, before: string, id: string) => {
    if (!numbers.has(id)) numbers.set(id, numbers.size);
    return `${before}clip${numbers.get(id)}`;
  });
  const prefix = `f${fingerprint(numbered)}-`;
  return numbered.replaceAll(/(id="|url\(#)(?=clip\d)/g, `$1${prefix}`);
}
