import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { StateError, ValueError } from "../../engine/index.ts";
import { Input, layers, Model, Sequential, utils } from "../../index.ts";
import type { ModelToDotOptions } from "./model_visualization.ts";

const folder = mkdtempSync(join(tmpdir(), "tsuno-model-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A model with a chain inside, a branch and a way round: `skip` adds what `deep` gives and what the chain gave. */
function branched(): Model {
  const inner = new Sequential(
    [
      Input({ shape: [4] }),
      new layers.Dense(3, { activation: "relu", name: "in1" }),
      new layers.Dense(3, { name: "in2" }),
    ],
    { name: "inner" },
  );
  const [x, y] = [Input({ shape: [4], name: "x" }), Input({ shape: [4], name: "y" })];
  const a = inner.apply(x);
  const b = new layers.Dense(3, { name: "side", trainable: false }).apply(y);
  const c = new layers.Concatenate({ name: "cat" }).apply([a, b]);
  const d = new layers.Dense(3, { name: "deep", activation: "tanh" }).apply(c);
  const e = new layers.Add({ name: "skip" }).apply([d, a]);
  return new Model({ inputs: [x, y], outputs: e, name: "branched" });
}

function named({ graph }: utils.ModelDot): string[] {
  const name = (id: string): string => graph.boxes.find((box) => box.id === id)!.name!;
  return graph.arrows.map(([from, to]) => `${name(from)}→${name(to)}`).toSorted();
}

/** The left, top, width and height of the boxes in SVG, by title. */
function places(svg: string): Map<string, number[]> {
  const pattern = /<g class="layer">.*?font-weight="bold">([^<]*)<.*?<rect ([^>]*)fill="none"[^>]*\/><\/g>/g;
  return new Map(
    [...svg.matchAll(pattern)].map((match) => [
      match[1]!,
      [...match[2]!.matchAll(/="([\d.]+)"/g)].map((number) => Number(number[1])),
    ]),
  );
}

describe("the graph", () => {
  test("has a box for each layer and an arrow for each tensor", () => {
    expect(named(utils.modelToDot(branched()))).toEqual([
      "cat→deep",
      "deep→skip",
      "inner→cat",
      "inner→skip",
      "side→cat",
      "x→inner",
      "y→side",
    ]);
  });

  test("goes into models inside when they are expanded", () => {
    const dot = utils.modelToDot(branched(), { expandNested: true });
    expect(named(dot)).toEqual([
      "cat→deep",
      "deep→skip",
      "in1→in2",
      "in2→cat",
      "in2→skip",
      "side→cat",
      "x→in1",
      "y→side",
    ]);
    expect(dot.graph.frames.map(({ label }) => label)).toEqual(["inner"]);
  });

  test("goes two models deep", () => {
    const x = Input({ shape: [2] });
    const core = new Model({ inputs: x, outputs: new layers.Dense(2, { name: "core" }).apply(x), name: "a" });
    const y = Input({ shape: [2] });
    const middle = new Model({ inputs: y, outputs: core.apply(y), name: "b" });
    const chain = new Sequential([
      Input({ shape: [2] }),
      new layers.Dense(2, { name: "first" }),
      middle,
      new layers.Dense(1, { name: "last" }),
    ]);
    const dot = utils.modelToDot(chain, { expandNested: true });
    expect(dot.graph.frames.map(({ label, parent }) => [label, parent])).toEqual([
      ["b", undefined],
      ["a", dot.graph.frames[0]!.id],
    ]);
    const arrows = named(dot);
    expect(arrows).toContain("core→last");
    expect(arrows.filter((arrow) => arrow.startsWith("first→"))).toHaveLength(1);
    expect(arrows).toHaveLength(4);
  });

  test("says what it is asked to", () => {
    const { graph } = utils.modelToDot(branched(), {
      showShapes: true,
      showDtype: true,
      showLayerActivations: true,
      showTrainable: true,
    });
    const box = (name: string) => graph.boxes.find((one) => one.name === name)!;
    expect(box("cat").cells.map(({ value }) => value)).toEqual([
      "[(None, 3), (None, 3)]",
      "(None, 6)",
      "float32",
    ]);
    expect(box("side").cells.at(-1)).toEqual({ label: "", value: "Non-trainable", tone: "frozen" });
    expect(box("deep").cells.at(-1)!.tone).toBe("trainable");
    expect([box("deep").activation, box("side").activation, box("cat").activation]).toEqual([
      "tanh",
      "linear",
      undefined,
    ]);
    expect(box("x").cells.map(({ label }) => label)).toEqual(["Output shape", "Output dtype"]);
  });

  test("of a class with a call of its own is one box", () => {
    class Own extends Model {
      readonly dense = new layers.Dense(1);
      override call(x: never): never {
        return this.dense.apply(x) as never;
      }
    }
    const own = new Own({ name: "own" });
    expect(() => utils.modelToDot(own)).toThrow(StateError);
    own.build([null, 3]);
    const { graph } = utils.modelToDot(own);
    expect(graph.boxes.map(({ name, className }) => [name, className])).toEqual([["own", "Own"]]);
  });
});

describe("the picture", () => {
  test("stands in rows, and no two boxes touch", async () => {
    const dot = utils.modelToDot(branched(), { showShapes: true });
    const boxes = places(await dot.toSVG());
    expect([...boxes.keys()].toSorted()).toEqual(["cat", "deep", "inner", "side", "skip", "x", "y"]);
    const top = (name: string): number => boxes.get(name)![1]!;
    const bottom = (name: string): number => top(name) + boxes.get(name)![3]!;
    for (const [from, to] of [
      ["x", "inner"],
      ["side", "cat"],
      ["cat", "deep"],
      ["deep", "skip"],
      ["inner", "skip"],
    ] as const) {
      expect(top(to)).toBeGreaterThan(bottom(from) + 20);
    }
    const all = [...boxes.values()] as [number, number, number, number][];
    all.forEach(([x, y, w, h], i) => {
      for (const [u, v, p, q] of all.slice(i + 1)) {
        expect(x + w < u || u + p < x || y + h < v || v + q < y).toBe(true);
      }
    });
  });

  test("goes to the right when it is told to, with right angles or curves", async () => {
    const svgOf = (options: ModelToDotOptions): Promise<string> =>
      utils.modelToDot(branched(), options).toSVG();
    const boxes = places(await svgOf({ rankdir: "LR" }));
    const left = (name: string): number => boxes.get(name)![0]!;
    expect(left("cat")).toBeGreaterThan(left("inner") + boxes.get("inner")![2]!);
    const back = places(await svgOf({ rankdir: "BT" }));
    expect(back.get("cat")![1]).toBeLessThan(back.get("inner")![1]!);
    const arrows = (svg: string): string[] =>
      [...svg.matchAll(/<g class="arrow"><path d="([^"]*)"/g)].map((match) => match[1]!);
    for (const d of arrows(await svgOf({}))) {
      const points = [...d.matchAll(/([\d.]+),([\d.]+)/g)].map((match) => [
        Number(match[1]),
        Number(match[2]),
      ]);
      points.slice(1).forEach(([x, y], i) => {
        expect(x === points[i]![0] || y === points[i]![1]).toBe(true);
      });
    }
    expect(arrows(await svgOf({ splines: "spline" })).every((d) => d.includes("C"))).toBe(true);
  });

  test("of a hundred layers is readable: letters of the same size, one box under the other", async () => {
    const steps = Array.from({ length: 100 }, (_, i) => new layers.Dense(2, { name: `dense${i}` }));
    const dot = utils.modelToDot(new Sequential([Input({ shape: [2] }), ...steps]));
    const boxes = [...places(await dot.toSVG())];
    expect(boxes).toHaveLength(100);
    const tops = boxes.map(([, place]) => place[1]!);
    expect(tops.every((top, i) => i === 0 || Math.abs(top - tops[i - 1]! - 78) < 0.01)).toBe(true);
  });

  test("goes to files", async () => {
    const model = branched();
    await utils.plotModel(model, { toFile: join(folder, "a.png"), dpi: 72 });
    await utils.plotModel(model, { toFile: join(folder, "a.svg") });
    await utils.plotModel(model, { toFile: join(folder, "a.dot"), showLayerNames: true });
    const png = new DataView(readFileSync(join(folder, "a.png")).buffer.slice(0));
    const svg = readFileSync(join(folder, "a.svg"), "utf8");
    expect(png.getUint32(16)).toBe(Number(/width="(\d+)"/.exec(svg)![1]));
    expect(svg).toContain(">Concatenate<");
    expect(svg).not.toContain(">cat<");
    const dot = readFileSync(join(folder, "a.dot"), "utf8");
    expect(dot).toContain('digraph G {\n  rankdir="TB"; concentrate=true; dpi=200; splines="ortho";');
    expect(dot.match(/ -> /g)).toHaveLength(7);
    await expect(utils.plotModel(model, { toFile: "a.gif" })).rejects.toThrow(ValueError);
  });

  test("shows itself in notebooks", async () => {
    const dot = await utils.plotModel(branched(), { toFile: null });
    const display = (dot as unknown as Record<symbol, () => Promise<Record<string, string>>>)[
      Symbol.for("Jupyter.display")
    ]!;
    const bundle = await display.call(dot);
    expect(Object.keys(bundle).toSorted()).toEqual(["image/png", "image/svg+xml", "text/plain"]);
  });
});

test("bad options are refused", () => {
  const model = branched();
  expect(() => utils.modelToDot(model, { rankdir: "down" as never })).toThrow('"TB", "LR"');
  expect(() => utils.modelToDot(model, { dpi: 0 })).toThrow(ValueError);
  expect(() => utils.modelToDot(model, { showShape: true } as never)).toThrow('Did you mean "showShapes"?');
});
