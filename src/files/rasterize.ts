/** SVG to PNG: with resvg on Node, Deno and Bun, with a canvas in pages. */
import { UnsupportedError } from "../engine/tensor/errors.ts";
import { fontCoverage } from "./font_coverage.ts";
import type { Pixels } from "./gif.ts";
import { hasPage, nodeProcess } from "./host.ts";
import { nodeModules } from "./node_modules.ts";

/** The part of `@resvg/resvg-js` that is used. */
interface ResvgModule {
  renderAsync(
    svg: string,
    options: object,
  ): Promise<Omit<Pixels, "rgba"> & { asPng(): Uint8Array<ArrayBuffer>; readonly pixels: Uint8Array }>;
  readonly Resvg: new (svg: string, options: object) => { toString(): string };
}

/** Japanese text: DejaVu Sans has none of it. */
const JAPANESE = /[\u2e80-\u30ff\u31f0-\u31ff\u3220-\u33ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]/u;
/** Scripts that DejaVu Sans does not cover. */
const BEYOND_DEJAVU = /[^\u0000-\u06ff\u10a0-\u10ff\u1e00-\u2bff]/gu;

/** The fonts that come along: for all text, and for Japanese. */
const FONTS = {
  latin: "dejavu-fonts-ttf/ttf/DejaVuSans.ttf",
  bold: "dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf",
  japanese: "@expo-google-fonts/sawarabi-gothic/400Regular/SawarabiGothic_400Regular.ttf",
} as const;

/** The path of a font that comes along, or undefined where it was not installed. */
function shippedFont(require: NodeJS.Require, name: keyof typeof FONTS): string | undefined {
  try {
    return require.resolve(FONTS[name]);
  } catch {
    return undefined;
  }
}

/** The fonts that a picture needs. Those of the system are read only for letters that no font of ours has: that takes long. */
export interface NeededFonts {
  readonly files: readonly string[];
  readonly system: boolean;
}

let japaneseHas: ((codePoint: number) => boolean) | undefined;

/** Which fonts the text of a picture needs. */
export function neededFonts(svg: string): NeededFonts {
  const { fs, require } = nodeModules("Writing PNG");
  const latin = shippedFont(require, "latin");
  const bold = /font-weight(=|:)\s*"?bold/.test(svg) ? shippedFont(require, "bold") : undefined;
  const japanese = JAPANESE.test(svg) ? shippedFont(require, "japanese") : undefined;
  if (japanese !== undefined) japaneseHas ??= fontCoverage(fs.readFileSync(japanese));
  const covered = (letter: string): boolean =>
    japanese !== undefined && (japaneseHas?.(letter.codePointAt(0)!) ?? false);
  const missing = [...new Set(svg.match(BEYOND_DEJAVU) ?? [])].some((letter) => !covered(letter));
  const files = [latin, bold, japanese].filter((file) => file !== undefined);
  return { files, system: latin === undefined || missing };
}

/** The options of resvg for a picture. */
function resvgOptions(svg: string): object {
  const { files, system } = neededFonts(svg);
  return { font: { fontFiles: files, loadSystemFonts: system, defaultFontFamily: "DejaVu Sans" } };
}

/** Vega names both the old and the new keyword for unsmoothed pictures; resvg knows the old one only. */
function readable(svg: string): string {
  return svg.replaceAll(" image-rendering: pixelated;", "");
}

/** What is seen of nothing, at the origin of a group. */
const ANCHOR = '<path d="M0,0h1v1h-1Z" fill="#fff" fill-opacity="0"/>';

/**
 * A picture whose clipped groups all have something inside: resvg ends the process when everything in such a group lies
 * outside of the picture, as points beyond the limits of an axis do.
 */
function anchored(svg: string): string {
  return svg.replace(/<g [^>]*clip-path="[^>]*[^/]>/g, (group) => group + ANCHOR);
}

function loadResvg(where: string): ResvgModule {
  // Through require: resvg is native code, which bundlers for the browser must not follow.
  const { require } = nodeModules(where);
  try {
    return require("@resvg/resvg-js") as ResvgModule;
  } catch (cause) {
    throw new UnsupportedError(`${where} needs the package "@resvg/resvg-js", which could not be loaded.`, {
      cause,
    });
  }
}

async function withResvg(svg: string, zoom: number): ReturnType<ResvgModule["renderAsync"]> {
  const resvg = loadResvg("Writing PNG");
  return resvg.renderAsync(anchored(readable(svg)), {
    fitTo: { mode: "zoom", value: zoom },
    ...resvgOptions(svg),
  });
}

/**
 * SVG whose letters are drawn as paths, so that it looks the same where its fonts are missing.
 *
 * @throws UnsupportedError on a host that is not Node, Deno or Bun
 */
export function outlineText(svg: string): string {
  const { Resvg } = loadResvg("Writing SVG with letters as paths");
  return new Resvg(readable(svg), resvgOptions(svg)).toString();
}

async function withCanvas<T>(
  svg: string,
  zoom: number,
  read: (canvas: HTMLCanvasElement, context: CanvasRenderingContext2D) => T | Promise<T>,
): Promise<T> {
  const url = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(image.naturalWidth * zoom);
    canvas.height = Math.round(image.naturalHeight * zoom);
    const context = canvas.getContext("2d");
    if (context === null)
      throw new UnsupportedError("Writing PNG needs a 2D canvas, which this page does not give.");
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await read(canvas, context);
  } finally {
    URL.revokeObjectURL(url);
  }
}

async function pngOf(canvas: HTMLCanvasElement): Promise<Uint8Array<ArrayBuffer>> {
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/png"));
  if (blob === null) throw new UnsupportedError("This page's canvas could not encode PNG.");
  return new Uint8Array(await blob.arrayBuffer());
}

/**
 * Draws SVG as PNG.
 *
 * @param zoom pixels of the PNG for one pixel of the SVG
 * @throws UnsupportedError on a host that has neither Node's modules nor a page
 */
export async function rasterize(svg: string, zoom: number): Promise<Uint8Array<ArrayBuffer>> {
  if (nodeProcess() !== undefined) return (await withResvg(svg, zoom)).asPng();
  if (hasPage()) return withCanvas(svg, zoom, pngOf);
  throw new UnsupportedError("Writing PNG needs Node, Deno, Bun or a page; write SVG here instead.");
}

/**
 * Draws SVG as pixels. Takes what {@link rasterize} takes.
 *
 * @throws UnsupportedError on a host that has neither Node's modules nor a page
 */
export async function rasterizePixels(svg: string, zoom: number): Promise<Pixels> {
  if (nodeProcess() !== undefined) {
    const { width, height, pixels } = await withResvg(svg, zoom);
    return { width, height, rgba: pixels };
  }
  if (hasPage()) {
    return withCanvas(svg, zoom, ({ width, height }, context) => ({
      width,
      height,
      rgba: context.getImageData(0, 0, width, height).data,
    }));
  }
  throw new UnsupportedError("Writing GIF needs Node, Deno, Bun or a page; write SVG here instead.");
}
