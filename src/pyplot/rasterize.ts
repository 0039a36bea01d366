/** SVG to PNG: with resvg on Node, Deno and Bun, with a canvas in pages. */
import { UnsupportedError } from "../engine/tensor/errors.ts";
import { hasPage, nodeProcess } from "../files/host.ts";
import { nodeModules } from "./host.ts";

/** The part of `@resvg/resvg-js` that is used. */
interface Resvg {
  renderAsync(svg: string, options: object): Promise<{ asPng(): Uint8Array<ArrayBuffer> }>;
}

// Scripts that DejaVu Sans covers; for anything else the system's fonts have to help out.
const BEYOND_DEJAVU = /[^\u0000-\u06ff\u10a0-\u10ff\u1e00-\u2bff]/u;

/** The path of the font that comes along, or undefined where it was not installed. */
function shippedFont(require: NodeJS.Require): string | undefined {
  try {
    return require.resolve("dejavu-fonts-ttf/ttf/DejaVuSans.ttf");
  } catch {
    return undefined;
  }
}

async function withResvg(svg: string, zoom: number): Promise<Uint8Array<ArrayBuffer>> {
  // Through require: resvg is native code, which bundlers for the browser must not follow.
  const { require } = nodeModules("Writing PNG");
  let resvg: Resvg;
  try {
    resvg = require("@resvg/resvg-js") as Resvg;
  } catch (cause) {
    throw new UnsupportedError(
      'Writing PNG needs the package "@resvg/resvg-js", which could not be loaded.',
      {
        cause,
      },
    );
  }
  const font = shippedFont(require);
  // Vega names both the old and the new keyword for unsmoothed pictures; resvg knows the old one only.
  const readable = svg.replaceAll(" image-rendering: pixelated;", "");
  const image = await resvg.renderAsync(readable, {
    fitTo: { mode: "zoom", value: zoom },
    font: {
      fontFiles: font === undefined ? [] : [font],
      loadSystemFonts: font === undefined || BEYOND_DEJAVU.test(svg),
      defaultFontFamily: "DejaVu Sans",
    },
  });
  return image.asPng();
}

async function withCanvas(svg: string, zoom: number): Promise<Uint8Array<ArrayBuffer>> {
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
    const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/png"));
    if (blob === null) throw new UnsupportedError("This page's canvas could not encode PNG.");
    return new Uint8Array(await blob.arrayBuffer());
  } finally {
    URL.revokeObjectURL(url);
  }
}

/**
 * Draws SVG as PNG.
 *
 * @param zoom pixels of the PNG for one pixel of the SVG
 * @throws UnsupportedError on a host that has neither Node's modules nor a page
 */
export async function rasterize(svg: string, zoom: number): Promise<Uint8Array<ArrayBuffer>> {
  if (nodeProcess() !== undefined) return withResvg(svg, zoom);
  if (hasPage()) return withCanvas(svg, zoom);
  throw new UnsupportedError("Writing PNG needs Node, Deno, Bun or a page; write SVG here instead.");
}
