import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, test, vi } from "vitest";
import { ValueError } from "../engine/tensor/errors.ts";
import * as plt from "./index.ts";

const folder = mkdtempSync(join(tmpdir(), "tsuno-animation-"));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => {
  plt.close("all");
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

function rising(frames: number): plt.animation.FuncAnimation {
  const [figure, ax] = plt.subplots(1, 1, { figsize: [2, 2] });
  ax.setYlim(0, 10);
  const [line] = ax.plot([0, 1], [0, 0]);
  return new plt.animation.FuncAnimation(figure, (i) => line?.setYdata([0, i]), { frames, interval: 50 });
}

/** The types of the chunks of a PNG. */
function chunks(png: Uint8Array): string[] {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  const found: string[] = [];
  for (let at = 8; at < png.length; at += 12 + view.getUint32(at)) {
    found.push(String.fromCharCode(...png.subarray(at + 4, at + 8)));
  }
  return found;
}

describe("FuncAnimation", () => {
  test("shows each frame for its time", async () => {
    const svg = await rising(4).toSVG();
    const moves = [...svg.matchAll(/values="([^"]*)" keyTimes="([^"]*)" dur="([^"]*)"/g)].map((m) =>
      m.slice(1),
    );
    expect(moves).toEqual([
      ["inline;none", "0;0.25", "0.2s"],
      ["none;inline;none", "0;0.25;0.5", "0.2s"],
      ["none;inline;none", "0;0.5;0.75", "0.2s"],
      ["none;inline", "0;0.75", "0.2s"],
    ]);
    // The right end of the line climbs by a tenth of the box a frame.
    const ends = [...svg.matchAll(/d="M[\d.]+,[\d.]+L[\d.]+,([\d.]+)" stroke="#1f77b4"/g)].map((m) =>
      Number(m[1]),
    );
    expect(ends).toHaveLength(4);
    const step = ends[0]! - ends[1]!;
    expect(step).toBeCloseTo(15.4, 1);
    expect(ends[0]! - ends[3]!).toBeCloseTo(3 * step, 6);
  });

  test("is an animated PNG, too", async () => {
    const png = await rising(3).toPNG();
    const found = chunks(png);
    expect(found.filter((type) => type !== "IDAT" && type !== "fdAT")).toEqual([
      "IHDR",
      "acTL",
      "fcTL",
      "fcTL",
      "fcTL",
      "IEND",
    ]);
    expect(found.indexOf("IDAT")).toBe(3);
    const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
    expect([view.getUint32(16), view.getUint32(20), view.getUint32(41)]).toEqual([200, 200, 3]);
  });

  test("is a GIF, too", async () => {
    const gif = await rising(3).toGIF();
    expect(String.fromCharCode(...gif.slice(0, 6))).toBe("GIF89a");
    expect([gif[6]! + 256 * gif[7]!, gif[8]! + 256 * gif[9]!]).toEqual([200, 200]);
    await rising(2).save(join(folder, "b.gif"), { fps: 10 });
    expect(readFileSync(join(folder, "b.gif")).includes("NETSCAPE2.0")).toBe(true);
    rmSync(join(folder, "b.gif"));
  });

  test("goes to a file, or each frame to its own", async () => {
    await rising(2).save(join(folder, "a.svg"), { fps: 4 });
    expect(readFileSync(join(folder, "a.svg"), "utf8")).toContain('dur="0.5s"');
    await rising(3).save(join(folder, "frame_%02d.png"));
    expect(readdirSync(folder).toSorted()).toEqual(["a.svg", "frame_00.png", "frame_01.png", "frame_02.png"]);
    await expect(rising(1).save(join(folder, "a.bmp"))).rejects.toThrow(ValueError);
  });

  test("takes lists of frames, and refuses none", async () => {
    const figure = plt.figure();
    const seen: string[] = [];
    const titles = new plt.animation.FuncAnimation(figure, (word: string) => void seen.push(word), {
      frames: ["a", "b"],
      initFunc: () => void seen.push("init"),
    });
    await titles.toSVG();
    expect(seen).toEqual(["init", "a", "b"]);
    expect(() => new plt.animation.FuncAnimation(figure, () => {}, { frames: [] })).toThrow(ValueError);
    expect(() => new plt.animation.FuncAnimation(figure, () => {}, { frames: 1.5 })).toThrow(ValueError);
  });

  test("shows itself in notebooks", async () => {
    const animation = rising(2);
    const display = (animation as unknown as Record<symbol, () => Promise<Record<string, string>>>)[
      Symbol.for("Jupyter.display")
    ]!;
    const bundle = await display.call(animation);
    expect(bundle["image/svg+xml"]).toContain("<animate ");
    expect(bundle["text/plain"]).toBe("<FuncAnimation of 2 frames>");
  });
});

describe("a figure that changes", () => {
  test("changes its one picture in a notebook", async () => {
    const calls: unknown[] = [];
    const host = {
      display: (bundle: object, options: object) => void calls.push([Object.keys(bundle).length, options]),
    };
    (globalThis as Record<symbol, unknown>)[Symbol.for("tsuno.notebook")] = host;
    try {
      plt.plot([1, 2]);
      await plt.pause(0);
      plt.title("later");
      await plt.pause(0.001);
    } finally {
      delete (globalThis as Record<symbol, unknown>)[Symbol.for("tsuno.notebook")];
    }
    const id = expect.stringMatching(/^tsuno-figure-\d+$/);
    expect(calls).toEqual([
      [3, { id, update: false }],
      [3, { id, update: true }],
    ]);
    expect((calls[0] as [number, { id: string }])[1].id).toBe((calls[1] as [number, { id: string }])[1].id);
  });

  test("saves its frames where nothing can change", async () => {
    vi.stubEnv("TERM", "dumb");
    const log = vi.spyOn(console, "log").mockReturnValue();
    const figure = plt.figure();
    await figure.draw();
    await figure.draw();
    vi.unstubAllEnvs();
    expect(log).toHaveBeenCalledTimes(1);
    const first = /Frames saved to (.*_0001\.png) and on/.exec(String(log.mock.calls[0]?.[0]))![1]!;
    const second = readFileSync(first.replace("_0001", "_0002"));
    expect([...second.subarray(1, 4)]).toEqual([0x50, 0x4e, 0x47]);
  });
});

describe("learning curves", () => {
  const history = {
    epoch: [0, 1, 2],
    history: { loss: [3, 2, 1], accuracy: [0.1, 0.5, 0.9], val_loss: [3, 2.5, 2] },
  };

  test("have a plot for each quantity, and validation where there is one", () => {
    const [figure, axes] = plt.learningCurves(history, { yscale: "log" });
    expect(axes.map(({ model }) => model.y.label)).toEqual(["loss", "accuracy"]);
    expect(
      axes[0]!.model.artists.map((artist) => [...(artist as plt.Line2D).x, ...(artist as plt.Line2D).y]),
    ).toEqual([
      [1, 2, 3, 3, 2, 1],
      [1, 2, 3, 3, 2.5, 2],
    ]);
    expect(axes.map(({ model }) => model.y.range.scale)).toEqual(["log", "linear"]);
    expect([axes[0]!.getLegendLabels(), axes[1]!.model.legend]).toEqual([["train", "validation"], undefined]);
    expect(figure.getSizeInches()).toEqual([11, 4]);
  });

  test("are refused without numbers, and for names that are not there", () => {
    expect(() => plt.learningCurves({})).toThrow("needs what fit returned");
    expect(() => plt.learningCurves(history, { metrics: ["mae"] })).toThrow('there is no "mae"');
  });

  test("place validation of every second epoch", () => {
    const [, [axes]] = plt.learningCurves({ loss: [4, 3, 2, 1], val_loss: [3, 1] });
    expect([...(axes!.model.artists[1] as plt.Line2D).x]).toEqual([2, 4]);
  });
});
