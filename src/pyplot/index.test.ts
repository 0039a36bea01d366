import { readFileSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { gzipSync } from "node:zlib";
import { rolldown } from "rolldown";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ValueError } from "../engine/tensor/errors.ts";
import * as plt from "./index.ts";

// Figures of other files may be open still.
beforeEach(() => plt.close("all"));

afterEach(() => {
  plt.close("all");
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

describe("the current figure", () => {
  test("comes by itself and is counted from 1", () => {
    plt.plot([1, 2]);
    expect(plt.gcf().number).toBe(1);
    expect(plt.figure().number).toBe(2);
    expect(plt.figure(1).axes).toHaveLength(1);
    expect(plt.gcf().number).toBe(1);
    plt.close();
    expect(plt.gcf().number).toBe(2);
    plt.close(2);
    expect(plt.gcf().number).toBe(1);
    expect(plt.gcf().axes).toHaveLength(0);
  });

  test("of another axes is made current by sca", () => {
    const [first, left] = plt.subplots();
    plt.figure();
    plt.sca(left);
    expect(plt.gcf()).toBe(first);
    plt.close(first);
    expect(() => plt.sca(left)).toThrow(ValueError);
  });

  test("is not closed by one of the same number that was closed before", () => {
    const old = plt.figure();
    plt.close();
    const now = plt.figure();
    plt.close(old);
    expect(plt.gcf()).toBe(now);
  });
});

test("subplots gives one, a list or rows, typed", () => {
  const [, one] = plt.subplots();
  const [, [a, b]] = plt.subplots(1, 2, { figsize: [8, 3] });
  const [, [c, d, e]] = plt.subplots(3);
  const [fig, [[f], [, g]]] = plt.subplots(2, 2);
  for (const axes of [one, a, b, c, d, e, f, g]) axes.plot([1]);
  expect(fig.axes).toHaveLength(4);
  expect(fig.axes[3]).toBe(g);
});

test("functions reach the current axes", () => {
  plt.subplot(2, 1, 2);
  plt.plot([0, 1], [0, 1], "r--", { label: "line" });
  plt.title("T");
  plt.xlabel("X");
  plt.ylabel("Y");
  plt.xlim(0, 2);
  plt.yscale("log");
  plt.grid(true);
  plt.legend({ loc: "lower left" });
  plt.xticks([0, 1], ["a", "b"]);
  const { model } = plt.gca();
  expect([model.title, model.x.label, model.y.label, model.y.range.scale]).toEqual(["T", "X", "Y", "log"]);
  expect(plt.xlim()).toEqual([0, 2]);
  expect(model.legend?.location).toBe("lower left");
  expect(model.x.range.ticks?.labels).toEqual(["a", "b"]);
});

test("unknown options of a figure are refused", () => {
  expect(() => plt.figure({ figSize: [1, 1] } as never)).toThrow('Did you mean "figsize"?');
  expect(() => plt.subplots(1, 1, { shareX: true } as never)).toThrow('Did you mean "sharex"?');
});

describe("show in a terminal", () => {
  test("prints a chart, saves a PNG and says where, and closes the figure at once", async () => {
    for (const name of ["KITTY_WINDOW_ID", "TERM_PROGRAM", "LC_TERMINAL"]) vi.stubEnv(name, undefined);
    vi.stubEnv("TERM", "dumb");
    const log = vi.spyOn(console, "log").mockReturnValue();
    plt.plot([1, 2, 3]);
    plt.title("shown");
    const showing = plt.show();
    expect(plt.gcf().axes).toHaveLength(0);
    await showing;
    const output = String(log.mock.calls[0]?.[0]);
    expect(output).toContain("shown");
    expect(output).toContain("┌─");
    const file = /Figure saved to (.*figure_\d+\.png)$/.exec(output)?.[1] ?? "";
    expect([...readFileSync(file).subarray(1, 4)]).toEqual([0x50, 0x4e, 0x47]);
    rmSync(dirname(file), { recursive: true });
  });

  test("draws inline where the terminal can", async () => {
    vi.stubEnv("TMUX", undefined);
    vi.stubEnv("TERM", "xterm-kitty");
    const tty = process.stdout.isTTY;
    process.stdout.isTTY = true;
    const log = vi.spyOn(console, "log").mockReturnValue();
    plt.plot([1, 2, 3]);
    await plt.show().finally(() => {
      process.stdout.isTTY = tty;
    });
    expect(String(log.mock.calls[0]?.[0]).startsWith("\x1b_Ga=T,f=100")).toBe(true);
  });

  test("hands figures to Deno's notebook kernel", async () => {
    const shown: object[] = [];
    vi.stubGlobal("Deno", { jupyter: { display: async (figure: object) => void shown.push(figure) } });
    const figure = plt.figure();
    await plt.show();
    vi.unstubAllGlobals();
    expect(shown).toEqual([await figure.toNotebook()]);
  });
});

describe("the bundle for browsers", () => {
  test("loads Vega on demand, and needs nothing of Node", async () => {
    const bundle = await rolldown({
      input: "src/pyplot/index.ts",
      platform: "browser",
      tsconfig: false,
      logLevel: "silent",
    });
    const { output } = await bundle.generate({ format: "esm", minify: true });
    await bundle.close();
    const chunks = output.flatMap((part) => (part.type === "chunk" ? [part] : []));
    const entry = chunks.find((chunk) => chunk.isEntry);
    // What draws is one part, which loads Vega and Vega-Lite in its turn.
    expect(entry?.dynamicImports).toHaveLength(1);
    const drawing = chunks.find(({ fileName }) => fileName === entry?.dynamicImports[0]);
    expect(drawing?.dynamicImports).toHaveLength(2);
    const atOnce = chunks.filter((chunk) => chunk === entry || entry?.imports.includes(chunk.fileName));
    // What a page that draws loads at once, compressed; one that draws nothing has none of it.
    expect(atOnce.reduce((sum, { code }) => sum + gzipSync(code).length, 0)).toBeLessThan(48_000);
    const outside = chunks.flatMap((chunk) => [...chunk.imports, ...chunk.dynamicImports]);
    expect(outside.filter((name) => !chunks.some(({ fileName }) => fileName === name))).toEqual([]);
  });
});
