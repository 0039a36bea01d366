import { describe, expect, test } from "vitest";
import { jit, ShapeError, type Tensor, ValueError } from "../../engine/index.ts";
import { Input } from "../layers/index.ts";
import { Model, modelFromJson } from "../models/index.ts";
import * as ops from "./index.ts";

const [time, classes] = [5, 3];
const logits = ops.array(
  [0, 1].map((b) =>
    Array.from({ length: time }, (_, t) =>
      Array.from({ length: classes }, (_, c) => 2 * Math.sin(1 + b + 3 * t + 5 * c + t * c)),
    ),
  ),
  { dtype: "float32" },
);

/** The probability of each sequence, added up over all ways to emit it: classes merged, blanks left out. */
function enumerate(probabilities: number[][], steps: number, blank: number): Map<string, number> {
  const out = new Map<string, number>();
  for (let n = 0; n < classes ** steps; n++) {
    const way = Array.from({ length: steps }, (_, t) => Math.floor(n / classes ** t) % classes);
    const sequence = way.filter((c, t) => c !== blank && (t === 0 || way[t - 1] !== c)).join();
    const p = way.reduce((product, c, t) => product * probabilities[t]![c]!, 1);
    out.set(sequence, (out.get(sequence) ?? 0) + p);
  }
  return out;
}

const probabilities = ops.softmax(logits).arraySync() as number[][][];

describe("ctcLoss", () => {
  test.each([0, 2])("is -log of what all ways to emit the target add up to, blank %i", (blank) => {
    const a = blank === 0 ? 2 : 0;
    const [target, targetLength, outputLength] = [
      [
        [1, a, 1],
        [1, 1, a],
      ],
      [3, 2],
      [5, 4],
    ];
    const loss = jit((y: Tensor) => ops.ctcLoss(target, y, targetLength, outputLength, { maskIndex: blank }));
    const values = loss(logits).arraySync() as number[];
    target.forEach((labels, b) => {
      const all = enumerate(probabilities[b]!, outputLength[b]!, blank);
      const sequence = labels.slice(0, targetLength[b]).join();
      expect(values[b]).toBeCloseTo(-Math.log(all.get(sequence)!), 4);
    });
  });

  test("shapes that do not fit are refused", () => {
    expect(() => ops.ctcLoss([[1]], logits, [1], [5])).toThrow(ShapeError);
    expect(() => ops.ctcLoss([[1], [1]], logits, [1], [5, 5])).toThrow("expected targetLength of shape (2)");
    expect(() => ops.ctcLoss([[1], [1]], logits, [1, 1], [5, 5], { maskIndex: 3 })).toThrow("maskIndex");
  });
});

describe("ctcDecode", () => {
  test("a beam that keeps everything finds the most probable sequences", () => {
    const [decoded, scores] = ops.ctcDecode(logits, [5, 4], {
      strategy: "beam_search",
      beamWidth: 40,
      topPaths: 2,
    });
    const [found, logs] = [decoded.arraySync() as number[][][], scores.arraySync() as number[][]];
    [5, 4].forEach((steps, b) => {
      const all = [...enumerate(probabilities[b]!, steps, 0)].sort((x, y) => y[1] - x[1]);
      [0, 1].forEach((path) => {
        expect(found[path]![b]!.filter((c) => c !== -1).join()).toBe(all[path]![0]);
        expect(logs[b]![path]).toBeCloseTo(Math.log(all[path]![1]), 4);
      });
    });
  });

  test("greedy is a step of graphs", () => {
    const [y, n] = [Input([time, classes]), Input([], { dtype: "int32" })];
    const outputs = ops.ctcDecode(y, n, { mergeRepeated: false, maskIndex: null });
    expect(outputs.map((x) => x.shape)).toEqual([
      [1, null, time],
      [null, 1],
    ]);
    const model = new Model({ inputs: [y, n], outputs });
    expect(modelFromJson(model.toJson()).getConfig()).toEqual(model.getConfig());
  });

  test("other strategies are refused", () => {
    expect(() => ops.ctcDecode(logits, [5, 4], { strategy: "best" as "greedy" })).toThrow(ValueError);
    expect(() => ops.ctcDecode(logits, [5, 4], { strategy: "beam_search", beamWidth: 0 })).toThrow(
      "beamWidth",
    );
  });
});
