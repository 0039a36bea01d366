/** `plt.animation`: figures that change, as animated SVG, animated PNG, GIF, or one file for each frame. */
import { checkOptions, show, ValueError } from "../engine/tensor/errors.ts";
import { nodeProcess } from "../files/host.ts";
import { base64 } from "../files/png.ts";
import { writeTarget } from "../files/target.ts";
import type { Figure } from "./figure.ts";
import { readNumber } from "./options.ts";
import { present, type ShowOptions } from "./show.ts";

/** Options of {@link FuncAnimation}. */
export interface FuncAnimationOptions<Frame> {
  /** How many frames, or what each of them is made from. Default 100. */
  readonly frames?: number | Iterable<Frame>;
  /** Milliseconds from frame to frame. Default 200. */
  readonly interval?: number;
  /** Whether it begins again after its end. Default true. */
  readonly repeat?: boolean;
  /** Draws what all frames have in common, before the first one. */
  readonly initFunc?: () => unknown;
  /** More arguments of the function. */
  readonly fargs?: readonly unknown[];
}

/** Options of `save`. */
export interface SaveAnimationOptions {
  /** Frames per second. Default by the interval. */
  readonly fps?: number;
  /** Pixels per inch of PNGs. Default the figure's. */
  readonly dpi?: number;
}

/** An animation larger than this as SVG is a burden for a notebook; it gets the animated PNG alone. */
const LARGEST_NOTEBOOK_SVG = 2_000_000;

/**
 * An animation: a function is called for each frame and changes what the figure shows.
 *
 * In a notebook it shows itself as the value of a cell; `show` and `save` do elsewhere.
 *
 * @example
 * ```ts
 * const [fig, ax] = plt.subplots();
 * const [line] = ax.plot([0, 1, 2], [0, 1, 0]);
 * const move = (frame: number) => line?.setYdata([0, frame, 0]);
 * const wave = new plt.animation.FuncAnimation(fig, move, { frames: [1, 2, 3], interval: 100 });
 * const svg = await wave.toSVG();
 * svg.match(/<animate /g)?.length; // → 3
 * await wave.save("wave.svg");
 * ```
 */
export class FuncAnimation<Frame = number> {
  readonly #figure: Figure;
  readonly #func: (frame: Frame, ...more: never[]) => unknown;
  readonly #frames: readonly Frame[];
  readonly #interval: number;
  readonly #repeat: boolean;
  readonly #init: (() => unknown) | undefined;
  readonly #fargs: readonly unknown[];

  /**
   * @param func draws a frame; a promise is waited for
   * @throws ValueError when there is no frame, or an option does not fit
   */
  constructor(
    figure: Figure,
    func: (frame: Frame, ...more: never[]) => unknown,
    options: FuncAnimationOptions<Frame> = {},
  ) {
    checkOptions("FuncAnimation", options, ["frames", "interval", "repeat", "initFunc", "fargs"]);
    const { frames = 100 } = options;
    const count = typeof frames === "number" ? frames : undefined;
    if (count !== undefined && !(Number.isInteger(count) && count >= 1)) {
      throw new ValueError(`FuncAnimation: frames must be a positive integer or a list. Received: ${count}`);
    }
    const list = typeof frames === "number" ? Array.from({ length: frames }, (_, i) => i) : [...frames];
    if (list.length === 0) throw new ValueError("FuncAnimation: there must be at least one frame.");
    this.#figure = figure;
    this.#func = func;
    // Without a list frames are numbers, and then `Frame` is `number`.
    this.#frames = list as readonly Frame[];
    this.#interval = readNumber("FuncAnimation: interval", options.interval, 200, 1);
    this.#repeat = options.repeat ?? true;
    this.#init = options.initFunc;
    this.#fargs = options.fargs ?? [];
  }

  /** Makes the frames one after the other, and gives each to `take`. */
  async #each<T>(take: () => Promise<T>): Promise<T[]> {
    const taken: T[] = [];
    await this.#init?.();
    for (const frame of this.#frames) {
      await this.#func(frame, ...(this.#fargs as never[]));
      taken.push(await take());
    }
    return taken;
  }

  /** The animation as SVG that moves by itself wherever SVG is shown; what cannot move it shows the first frame. */
  toSVG(): Promise<string> {
    return this.#svg(this.#interval);
  }

  async #svg(interval: number): Promise<string> {
    const { animatedSvg } = await import("./render.ts");
    return animatedSvg(await this.#each(() => this.#figure.toSVG()), interval, this.#repeat);
  }

  /**
   * The animation as the bytes of an animated PNG, which browsers and notebooks play; what cannot play it shows the first frame.
   *
   * @param options.dpi pixels per inch. Default the figure's
   */
  async toPNG(options: { readonly dpi?: number } = {}): Promise<Uint8Array> {
    checkOptions("toPNG", options, ["dpi"]);
    return this.#png(this.#interval, options);
  }

  async #png(interval: number, options: { readonly dpi?: number }): Promise<Uint8Array<ArrayBuffer>> {
    const { animatedPng } = await import("./render.ts");
    return animatedPng(await this.#each(() => this.#figure.toPNG(options)), interval, this.#repeat);
  }

  /**
   * The animation as the bytes of a GIF, of 256 colours at most.
   *
   * @param options.dpi pixels per inch. Default the figure's
   * @example
   * ```ts
   * const figure = plt.figure({ figsize: [1, 1] });
   * const still = new plt.animation.FuncAnimation(figure, () => {}, { frames: 2 });
   * new TextDecoder().decode((await still.toGIF({ dpi: 20 })).slice(0, 6)); // → GIF89a
   * ```
   */
  async toGIF(options: { readonly dpi?: number } = {}): Promise<Uint8Array> {
    checkOptions("toGIF", options, ["dpi"]);
    return this.#gif(this.#interval, options);
  }

  async #gif(interval: number, options: { readonly dpi?: number }): Promise<Uint8Array<ArrayBuffer>> {
    const { encodeGif } = await import("./render.ts");
    return encodeGif(await this.#each(() => this.#figure.toPixels(options)), interval, this.#repeat);
  }

  /**
   * Writes the animation to a file, or each frame to its own.
   *
   * @param path ends in `.svg`, `.png`, `.apng` or `.gif`; with `%d` or `%04d` in its name and `.png` or `.svg` at its end there is one
   * file for each frame, counted from 0
   * @throws ValueError for other formats
   */
  async save(path: string, options: SaveAnimationOptions = {}): Promise<void> {
    checkOptions("save", options, ["fps", "dpi"]);
    const fps = readNumber("save: fps", options.fps, 1000 / this.#interval, 0.01);
    const dpi = options.dpi === undefined ? {} : { dpi: readNumber("save: dpi", options.dpi, 100, 1) };
    const extension =
      typeof path === "string" ? /\.(svg|a?png|gif)$/i.exec(path)?.[1]?.toLowerCase() : undefined;
    if (extension === undefined) {
      throw new ValueError(
        `save: the file's name must end in .svg, .png, .apng or .gif. Received: ${show(path)}`,
      );
    }
    const numbered = /%0?(\d*)d/.exec(path);
    if (numbered !== null && extension !== "gif") {
      let frame = 0;
      await this.#each(async () => {
        const name = path.replace(numbered[0], String(frame++).padStart(Number(numbered[1] || 0), "0"));
        await this.#figure.savefig(name, { ...dpi, format: extension === "svg" ? "svg" : "png" });
      });
      return;
    }
    const interval = 1000 / fps;
    const [bytes, type] =
      extension === "svg"
        ? ([new TextEncoder().encode(await this.#svg(interval)), "image/svg+xml"] as const)
        : extension === "gif"
          ? ([await this.#gif(interval, dpi), "image/gif"] as const)
          : ([await this.#png(interval, dpi), "image/png"] as const);
    await writeTarget(path, bytes, "save", { type });
  }

  /** The present frame as a chart of characters, for terminals. */
  toText(options: Parameters<Figure["toText"]>[0] = {}): string {
    return this.#figure.toText(options);
  }

  /** Shows the animation where it can be seen: see `plt.show`. */
  async show(options: ShowOptions = {}): Promise<void> {
    checkOptions("show", options, ["element"]);
    return present(this, options);
  }

  /** What notebooks show. */
  async toNotebook(): Promise<Record<string, string>> {
    const svg = await this.toSVG();
    const small = svg.length <= LARGEST_NOTEBOOK_SVG || nodeProcess() === undefined;
    const picture = small ? { "image/svg+xml": svg } : { "image/png": base64(await this.toPNG()) };
    return { ...picture, "text/plain": `<FuncAnimation of ${this.#frames.length} frames>` };
  }

  static {
    // Defined rather than written as a method: declarations cannot express a name that `Symbol.for` computes.
    Object.defineProperty(FuncAnimation.prototype, Symbol.for("Jupyter.display"), {
      value: function (this: FuncAnimation): Promise<Record<string, string>> {
        return this.toNotebook();
      },
    });
  }
}
