/** Brings a finished figure before the user: notebook, page, or terminal. */
import { UnsupportedError } from "../engine/tensor/errors.ts";
import { hasPage, nodeProcess } from "../files/host.ts";
import { type MimeBundle, notebook } from "../files/notebook.ts";
import { nodeModules } from "./host.ts";
import type { ChartOptions } from "./terminal_chart.ts";
import { imageProtocol, inlineImage } from "./terminal_image.ts";

/** What `show` needs of a figure. */
export interface Showable {
  toSVG(): Promise<string>;
  toPNG(): Promise<Uint8Array>;
  toText(options: ChartOptions): string;
  toNotebook(): Promise<MimeBundle>;
}

/** An element of a page, described so that the types do not ask for those of the DOM. */
export interface PageElement {
  append(...nodes: never[]): void;
}

/** Options of `show`. */
export interface ShowOptions {
  /** In a page: the element that the figure is put into. Default `document.body`. */
  readonly element?: PageElement;
}

/** Puts SVG into a page. */
function intoPage(svg: string, parent: Element): void {
  const parsed = new DOMParser().parseFromString(svg, "image/svg+xml").documentElement;
  const picture = document.importNode(parsed, true);
  picture.setAttribute("style", "max-width: 100%; height: auto");
  const holder = document.createElement("div");
  holder.className = "tsuno-figure";
  holder.append(picture);
  parent.append(holder);
}

let folder: string | undefined;
let saved = 0;

/** Saves a picture under matplotlib's name in a temporary folder of this process. */
async function saveTemporarily(figure: Showable): Promise<string> {
  const { fs, os, path } = nodeModules("show");
  // Counted here, before waiting: two figures shown at once must not take the same name.
  const name = `figure_${++saved}`;
  folder ??= fs.mkdtempSync(path.join(os.tmpdir(), "tsuno-"));
  let [bytes, extension]: [Uint8Array | string, string] = ["", "png"];
  try {
    bytes = await figure.toPNG();
  } catch (error) {
    if (!(error instanceof UnsupportedError)) throw error;
    [bytes, extension] = [await figure.toSVG(), "svg"];
  }
  const file = path.join(folder, `${name}.${extension}`);
  await fs.promises.writeFile(file, bytes);
  return file;
}

async function inTerminal(figure: Showable, host: typeof process): Promise<void> {
  const { stdout, env } = host;
  const isTTY = Boolean(stdout.isTTY);
  const protocol = imageProtocol(env, isTTY);
  // Drawn before waiting for the picture, as everything else that depends on the figure's present state.
  const color = isTTY && env["NO_COLOR"] === undefined && env["TERM"] !== "dumb";
  const text = figure.toText({ columns: Math.min(100, stdout.columns ?? 80), rows: 16, color });
  if (protocol !== undefined) {
    console.log(inlineImage(protocol, await figure.toPNG()));
    return;
  }
  const file = await saveTemporarily(figure);
  console.log(`${text}\nFigure saved to ${file}`);
}

/**
 * Shows a figure where it can be seen.
 *
 * @throws UnsupportedError where there is neither a page, nor a notebook, nor a terminal
 */
export async function present(figure: Showable, options: ShowOptions = {}): Promise<void> {
  const shown = notebook();
  if (shown !== undefined) return await shown.display(await figure.toNotebook());
  if (hasPage())
    return intoPage(await figure.toSVG(), (options.element as Element | undefined) ?? document.body);
  const host = nodeProcess();
  if (host === undefined) {
    throw new UnsupportedError(
      "show needs a page, a notebook or a terminal; use figure.toSVG() here instead.",
    );
  }
  return inTerminal(figure, host);
}
