/** Brings a finished figure before the user: notebook, page, or terminal. */
import { UnsupportedError } from "../engine/tensor/errors.ts";
import { hasPage, nodeProcess } from "../files/host.ts";
import { nodeModules } from "../files/node_modules.ts";
import { type MimeBundle, notebook } from "../files/notebook.ts";
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

/** Puts SVG into a page, or in the place of what was there before. */
function intoPage(svg: string, parent: Element, before?: Element): Element {
  const parsed = new DOMParser().parseFromString(svg, "image/svg+xml").documentElement;
  const picture = document.importNode(parsed, true);
  picture.setAttribute("style", "max-width: 100%; height: auto");
  const holder = before ?? document.createElement("div");
  holder.className = "tsuno-figure";
  holder.replaceChildren(picture);
  if (before === undefined) parent.append(holder);
  return holder;
}

let folder: string | undefined;
let saved = 0;

/** Saves a picture in a temporary folder of this process. */
async function saveTemporarily(figure: Showable, name: string): Promise<string> {
  const { fs, os, path } = nodeModules("show");
  // Temporary folders may have been cleaned up meanwhile.
  if (folder === undefined || !fs.existsSync(folder)) {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "tsuno-"));
  }
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
  // matplotlib's name, counted before waiting: two figures shown at once must not take the same one.
  const file = await saveTemporarily(figure, `figure_${++saved}`);
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
  if (hasPage()) {
    intoPage(await figure.toSVG(), (options.element as Element | undefined) ?? document.body);
    return;
  }
  const host = nodeProcess();
  if (host === undefined) {
    throw new UnsupportedError(
      "show needs a page, a notebook or a terminal; use figure.toSVG() here instead.",
    );
  }
  return inTerminal(figure, host);
}

let displays = 0;

/** A figure that is shown while it changes: its place in a notebook, a page or a terminal. */
export class LiveDisplay {
  readonly #id: string;
  readonly #number: number;
  #holder: Element | undefined;
  /** Frames so far. */
  #frames = 0;
  /** Lines of the chart that stand in the terminal. */
  #lines = 0;

  constructor(number: number) {
    this.#number = number;
    this.#id = `tsuno-figure-${++displays}`;
  }

  /** Shows the figure as it is now. */
  async draw(figure: Showable): Promise<void> {
    const frame = ++this.#frames;
    const host = notebook();
    if (host !== undefined) {
      return await host.display(await figure.toNotebook(), { id: this.#id, update: frame > 1 });
    }
    if (hasPage()) {
      this.#holder = intoPage(await figure.toSVG(), document.body, this.#holder);
      return;
    }
    const program = nodeProcess();
    if (program === undefined) {
      throw new UnsupportedError(
        "draw needs a page, a notebook or a terminal; use figure.toSVG() here instead.",
      );
    }
    const { stdout, env } = program;
    if (stdout.isTTY && env["TERM"] !== "dumb") {
      const color = env["NO_COLOR"] === undefined;
      const text = figure.toText({ columns: Math.min(100, stdout.columns ?? 80), rows: 16, color });
      // Up to where the last chart began, and everything below away.
      const back = this.#lines === 0 ? "" : `\x1b[${this.#lines}A\x1b[J`;
      this.#lines = text.split("\n").length;
      stdout.write(`${back}${text}\n`);
      return;
    }
    const name = `figure_${this.#number}_${String(frame).padStart(4, "0")}`;
    const file = await saveTemporarily(figure, name);
    if (frame === 1) console.log(`Frames saved to ${file} and on`);
  }
}
