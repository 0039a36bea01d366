/** What inputs give in notebooks that have controls, in those that have none, and outside. */
import { afterEach, describe, expect, test } from "vitest";
import { ValueError } from "../engine/index.ts";
import type { Control, MimeBundle, Notebook } from "../files/notebook.ts";
import { canvas, checkbox, drawings, rasterize, select, slider } from "./index.ts";

const place = Symbol.for("tsuno.notebook");
const global = globalThis as { [name: symbol]: unknown };
afterEach(() => {
  delete global[place];
});

/** A notebook in which everything is set to one value. */
function whereSetTo(value: unknown): Control[] {
  const controls: Control[] = [];
  const host: Notebook = {
    display: () => undefined,
    input: (control) => {
      controls.push(control);
      return value;
    },
  };
  global[place] = host;
  return controls;
}

test("a notebook with controls shows them and gives their values", () => {
  const controls = whereSetTo(7);
  expect(slider("n", { min: 1, max: 10 })).toBe(7);
  expect(select("size", [5, 6, 7])).toBe(7);
  expect(controls).toEqual([
    { kind: "slider", name: "n", values: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] },
    { kind: "select", name: "size", choices: [5, 6, 7] },
  ]);
});

test("values that are left from another control do not count", () => {
  whereSetTo(70);
  expect(slider("n", { min: 1, max: 10, value: 3 })).toBe(3);
  expect(select("size", [5, 6, 7])).toBe(5);
  expect(checkbox("on", { value: true })).toBe(true);
  expect(canvas("draw").strokes).toEqual([]);
  expect(drawings("examples", ["a"]).images.shape).toEqual([0, 28, 28]);
});

test("a notebook without controls says what there would be", () => {
  const shown: MimeBundle[] = [];
  global[place] = { display: (bundle: MimeBundle) => void shown.push(bundle) };
  expect(slider("rate", { min: 0.001, max: 1, log: true, value: 0.1 })).toBe(0.1);
  canvas("Draw");
  expect(shown).toEqual([
    { "text/plain": "rate: 0.1   (from 0.001 to 1, logarithmic)" },
    { "text/plain": "Draw: (a place to draw on in Tsuno Studio; here nothing is drawn)" },
  ]);
});

test("positions of sliders are the numbers that people mean", () => {
  const controls = whereSetTo(undefined);
  slider("a", { min: 0, max: 0.5, step: 0.1 });
  slider("b", { min: 0.01, max: 0.1, log: true });
  slider("c", { min: 0, max: 1 });
  expect(controls[0]!["values"]).toEqual([0, 0.1, 0.2, 0.3, 0.4, 0.5]);
  expect(controls[1]!["values"]).toEqual([
    0.01, 0.013, 0.016, 0.02, 0.025, 0.032, 0.04, 0.05, 0.063, 0.079, 0.1,
  ]);
  expect(controls[2]!["values"]).toHaveLength(101);
});

describe("drawings", () => {
  test("are pictures with the numbers of their classes", () => {
    const dot = [[[0.5, 0.5]]];
    whereSetTo([
      { label: 1, strokes: dot },
      { label: 0, strokes: [] },
    ]);
    const { strokes, images, labels } = drawings("d", ["x", "y"], { size: 3, thickness: 1, center: false });
    expect(strokes).toEqual([dot, []]);
    expect(labels.arraySync()).toEqual([1, 0]);
    const paper = [0, 0, 0];
    expect(images.arraySync()).toEqual([
      [paper, [0, 1, 0], paper],
      [paper, paper, paper],
    ]);
  });

  test("fill the middle of the picture, wherever they were drawn and however small", () => {
    const square = (left: number, size: number): [number, number][] => [
      [left, left],
      [left + size, left],
      [left + size, left + size],
      [left, left + size],
      [left, left],
    ];
    const [small, large] = [rasterize([square(0.1, 0.2)]), rasterize([square(0.3, 0.6)])];
    const values = small.dataSync();
    large.dataSync().forEach((v, i) => expect(values[i]).toBeCloseTo(v, 4));
    // Its lines run 4 pixels from the edge.
    const row = Array.from(values.slice(14 * 28, 15 * 28));
    const ink = row.flatMap((v, i) => (v > 0.5 ? [i] : []));
    expect([ink[0], ink.at(-1)]).toEqual([3, 24]);
  });
});

test.each([
  [() => slider("n", { min: 2, max: 1 }), /slider "n": expected numbers min < max. Received: 2 and 1/],
  [() => slider("n", { min: 0, max: 1, log: true }), /begins above 0/],
  [() => slider("n", { min: 0, max: 1, step: 0 }), /expected a step/],
  [() => slider("n", { min: 0, max: 1, valu: 1 } as never), /unknown option "valu"/],
  [() => select("s", []), /expected one of \[\]/],
  [() => drawings("d", []), /at least one class/],
  [() => rasterize([], { size: 0 }), /size from 1 to 1024/],
])("bad input is named", (work, message) => {
  expect(work).toThrow(ValueError);
  expect(work).toThrow(message);
});
