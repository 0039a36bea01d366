import { describe, expect, test } from "vitest";
import { DTypeError, ShapeError, Tensor, tensor, ValueError } from "../../engine/index.ts";
import { fromArrays, fromIterable } from "../data/index.ts";
import { GlorotUniform } from "../initializers/index.ts";
import { Concatenate, Dense, Input } from "../layers/index.ts";
import * as preprocessing from "../preprocessing/index.ts";
import { normal, SeedGenerator, shuffle } from "../random/index.ts";
import {
  getSourceInputs,
  normalize,
  packXYSampleWeight,
  padSequences,
  setRandomSeed,
  splitDataset,
  standardizeDtype,
  timeseriesDatasetFromArray,
  toCategorical,
  unpackXYSampleWeight,
} from "./index.ts";

/** Everything in plain values. */
function plain(x: unknown): unknown {
  if (x instanceof Tensor) return x.arraySync();
  return Array.isArray(x) ? x.map(plain) : x;
}

test("toCategorical makes one-hot rows", () => {
  const rows = toCategorical([[0], [2], [1]]);
  expect(rows.arraySync()).toEqual([
    [1, 0, 0],
    [0, 0, 1],
    [0, 1, 0],
  ]);
  expect(rows.dtype).toBe("float32");
  expect(toCategorical([1], 3).arraySync()).toEqual([[0, 1, 0]]);
  expect(toCategorical([[0, 1]]).shape).toEqual([1, 2, 2]);
  // As Keras gives them.
  expect(toCategorical(2).arraySync()).toEqual([0, 0, 1]);
  expect(toCategorical([0, 1], 0).shape).toEqual([2, 2]);
  expect(toCategorical([1.9, 0.2]).arraySync()).toEqual([
    [0, 1],
    [1, 0],
  ]);
  expect(toCategorical([[[0], [2]]]).arraySync()).toEqual([
    [
      [1, 0, 0],
      [0, 0, 1],
    ],
  ]);
});

test("toCategorical refuses what is no class", () => {
  expect(() => toCategorical([0, 3], 3)).toThrow(ValueError);
  expect(() => toCategorical([-1, 0])).toThrow(ValueError);
});

test("normalize gives vectors of length 1", () => {
  expect(normalize([[3, 4]]).arraySync()).toEqual([[expect.closeTo(0.6, 6), expect.closeTo(0.8, 6)]]);
  expect(normalize([[1, -3]], { order: 1 }).arraySync()).toEqual([[0.25, -0.75]]);
  const near = (rows: number[][]): unknown =>
    rows.map((row) => row.map((x) => expect.closeTo(x, 6) as unknown));
  const x = [
    [3, 4],
    [1, -3],
  ];
  // Keras's numbers.
  expect(normalize(x, { order: 3 }).arraySync()).toEqual(
    near([
      [0.6669717773118556, 0.8892957030824742],
      [0.3293168780041748, -0.9879506340125244],
    ]),
  );
  expect(normalize(x, { order: Number.POSITIVE_INFINITY }).arraySync()).toEqual(
    near([
      [0.75, 1],
      [1 / 3, -1],
    ]),
  );
  expect(normalize(x, { axis: 0 }).arraySync()).toEqual(
    near([
      [3 / Math.sqrt(10), 0.8],
      [1 / Math.sqrt(10), -0.6],
    ]),
  );
  expect(normalize([0, 0]).arraySync()).toEqual([0, 0]);
});

describe("padSequences", () => {
  const sequences = [[1], [2, 3], [], [4, 5, 6]];

  // What Keras gives for the same calls.
  test.each([
    [
      {},
      "int32",
      [
        [0, 0, 1],
        [0, 2, 3],
        [0, 0, 0],
        [4, 5, 6],
      ],
    ],
    [
      { maxlen: 2 },
      "int32",
      [
        [0, 1],
        [2, 3],
        [0, 0],
        [5, 6],
      ],
    ],
    [
      { maxlen: 2, truncating: "post", padding: "post" },
      "int32",
      [
        [1, 0],
        [2, 3],
        [0, 0],
        [4, 5],
      ],
    ],
    [
      { value: -1.5, dtype: "float32" },
      "float32",
      [
        [-1.5, -1.5, 1],
        [-1.5, 2, 3],
        [-1.5, -1.5, -1.5],
        [4, 5, 6],
      ],
    ],
    [
      { value: -1.5 },
      "int32",
      [
        [-1, -1, 1],
        [-1, 2, 3],
        [-1, -1, -1],
        [4, 5, 6],
      ],
    ],
    [
      { maxlen: 5, padding: "post" },
      "int32",
      [
        [1, 0, 0, 0, 0],
        [2, 3, 0, 0, 0],
        [0, 0, 0, 0, 0],
        [4, 5, 6, 0, 0],
      ],
    ],
  ] as const)("%j", (options, dtype, expected) => {
    const padded = padSequences(sequences, options);
    expect(padded.arraySync()).toEqual(expected);
    expect(padded.dtype).toBe(dtype);
    expect(preprocessing.sequence.padSequences(sequences, options).arraySync()).toEqual(expected);
  });

  test("rows, typed arrays, fractions, nothing", () => {
    const rows = padSequences(
      [
        [[1, 2]],
        [],
        [
          [3, 4],
          [5, 6],
        ],
      ],
      { padding: "post" },
    );
    expect(rows.arraySync()).toEqual([
      [
        [1, 2],
        [0, 0],
      ],
      [
        [0, 0],
        [0, 0],
      ],
      [
        [3, 4],
        [5, 6],
      ],
    ]);
    expect(padSequences([[1.7, 2.2], new Float64Array([3])]).arraySync()).toEqual([
      [1, 2],
      [0, 3],
    ]);
    expect(padSequences([]).shape).toEqual([0, 0]);
  });

  test("refuses what are no sequences", () => {
    expect(() => padSequences([[1], 2])).toThrow(/Received at position 1: 2/);
    expect(() => padSequences(3 as unknown as number[])).toThrow(ValueError);
    expect(() => padSequences([[[1, 2]], [[1]]])).toThrow(ShapeError);
    expect(() => padSequences([[1]], { padding: "left" as "pre" })).toThrow(/padding to be one of pre, post/);
    expect(() => padSequences([[1]], { maxlen: -1 })).toThrow(ValueError);
  });
});

describe("splitDataset", () => {
  // What Keras makes of the sizes.
  test.each([
    [10, { leftSize: 0.7 }, [7, 3]],
    [7, { leftSize: 0.5 }, [4, 3]],
    [10, { rightSize: 3 }, [7, 3]],
    [10, { rightSize: 3, leftSize: 0.25 }, [2, 3]],
    [5, { leftSize: 0.5 }, [2, 3]],
    [9, { leftSize: 0.5, rightSize: 0.5 }, [4, 4]],
  ])("%i samples by %j", async (n, options, sizes) => {
    const numbers = Array.from({ length: n }, (_, i) => i);
    const [left, right] = await splitDataset(numbers, options);
    expect([left.cardinality, right.cardinality]).toEqual(sizes);
    expect(plain(await left.toArray())).toEqual(numbers.slice(0, sizes[0]));
    expect(plain(await right.toArray())).toEqual(numbers.slice(-sizes[1]!));
  });

  test("tuples, batches, iterables, shuffled", async () => {
    const [x, y] = [tensor([[1], [2], [3], [4]]), tensor([5, 6, 7, 8])];
    const [left, right] = await splitDataset([x, y], { leftSize: 3 });
    expect(plain([await left.toArray(), await right.toArray()])).toEqual([
      [
        [[1], 5],
        [[2], 6],
        [[3], 7],
      ],
      [[[4], 8]],
    ]);
    const [train] = await splitDataset(fromArrays(x, y).batch(2), { leftSize: 3 });
    expect(plain(await train.toArray())).toEqual([
      [
        [[1], [2]],
        [5, 6],
      ],
      [[[3]], [7]],
    ]);
    const shuffled = async (seed: number): Promise<unknown[]> => {
      const [a, b] = await splitDataset(fromIterable(new Set([..."abcdefgh"])), {
        leftSize: 4,
        shuffle: true,
        seed,
      });
      return [...(await a.toArray()), ...(await b.toArray())];
    };
    const first = await shuffled(1);
    expect((first as string[]).toSorted((a, b) => a.localeCompare(b)).join("")).toBe("abcdefgh");
    expect(first.join("")).not.toBe("abcdefgh");
    expect(await shuffled(1)).toEqual(first);
  });

  test.each([
    [{}, /at least one/],
    [{ leftSize: 0 }, /leftSize to be a whole number from 1 to 9/],
    [{ leftSize: 10 }, /leftSize to be/],
    [{ rightSize: -0.1 }, /rightSize to be/],
    [{ leftSize: 0.6, rightSize: 0.6 }, /cannot be split/],
    [{ leftSize: 0.01 }, /no part may be empty/],
    [{ leftSize: 8, rightSize: 3 }, /cannot be split/],
  ])("refuses %j", async (options, message) => {
    await expect(splitDataset(new Float32Array(10), options)).rejects.toThrow(message);
  });
});

describe("timeseriesDatasetFromArray", () => {
  const steps = Array.from({ length: 99 }, (_, i) => i);

  test("Keras's own example: length 10, rate 2, stride 3", async () => {
    const windows = timeseriesDatasetFromArray(steps, null, 10, {
      samplingRate: 2,
      sequenceStride: 3,
      batchSize: null,
    });
    const all = plain(await windows.toArray()) as number[][];
    expect(all[0]).toEqual([0, 2, 4, 6, 8, 10, 12, 14, 16, 18]);
    expect(all[1]).toEqual([3, 5, 7, 9, 11, 13, 15, 17, 19, 21]);
    expect(all.at(-1)).toEqual([78, 80, 82, 84, 86, 88, 90, 92, 94, 96]);
    expect(windows.cardinality).toBe(27);
  });

  test("targets, rows, start and end, in batches", async () => {
    const data = tensor(steps.slice(0, 20).map((i) => [i, -i]));
    const dataset = timeseriesDatasetFromArray(
      data,
      steps.map((i) => 100 + i),
      3,
      {
        startIndex: 5,
        endIndex: 11,
        batchSize: 3,
      },
    );
    expect(plain(await dataset.toArray())).toEqual([
      [
        [
          [
            [5, -5],
            [6, -6],
            [7, -7],
          ],
          [
            [6, -6],
            [7, -7],
            [8, -8],
          ],
          [
            [7, -7],
            [8, -8],
            [9, -9],
          ],
        ],
        [105, 106, 107],
      ],
      [
        [
          [
            [8, -8],
            [9, -9],
            [10, -10],
          ],
        ],
        [108],
      ],
    ]);
    expect(timeseriesDatasetFromArray(steps, steps.slice(0, 4), 2).batchSize).toBe(128);
    const few = timeseriesDatasetFromArray(steps, steps.slice(0, 4), 2, { batchSize: null });
    expect(few.cardinality).toBe(4);
  });

  test("shuffled: the windows with their own targets, anew in each pass", async () => {
    const options = { shuffle: true, seed: 4, batchSize: null };
    const dataset = timeseriesDatasetFromArray(steps, steps, 2, options);
    const first = plain(await dataset.toArray()) as [number[], number][];
    for (const [window, target] of first) expect(window).toEqual([target, target + 1]);
    expect(first.map(([, t]) => t).sort((a, b) => a - b)).toEqual(steps.slice(0, -1));
    expect(plain(await dataset.toArray())).not.toEqual(first);
    expect(plain(await timeseriesDatasetFromArray(steps, steps, 2, options).toArray())).toEqual(first);
  });

  test.each([
    [{ startIndex: -1 }, /startIndex/],
    [{ startIndex: 99 }, /startIndex/],
    [{ startIndex: 5, endIndex: 5 }, /endIndex/],
    [{ endIndex: 100 }, /endIndex/],
    [{ samplingRate: 0 }, /samplingRate/],
    [{ sequenceStride: 99 }, /sequenceStride/],
  ])("refuses %j", (options, message) => {
    expect(() => timeseriesDatasetFromArray(steps, null, 3, options)).toThrow(message);
  });
});

test("names of dtypes", () => {
  const names = [null, "float", "int", "bool", "int64", "float64", "uint8"].map(standardizeDtype);
  expect(names).toEqual(["float32", "float32", "int32", "bool", "int32", "float64", "uint8"]);
  expect(() => standardizeDtype("floaty")).toThrow(DTypeError);
});

test("the inputs that a symbolic tensor comes from", () => {
  const [a, b] = [Input([2]), Input([2])];
  const hidden = new Dense(3)(a);
  expect(getSourceInputs(new Concatenate()([hidden, b, hidden]))).toEqual([a, b]);
  expect(getSourceInputs(a)).toEqual([a]);
  let deep = a;
  for (let i = 0; i < 3000; i++) deep = deep.add(b);
  expect(getSourceInputs(deep)).toEqual([a, b]);
});

test("tuples of inputs, targets and weights, as Keras packs them", () => {
  expect([packXYSampleWeight(1), packXYSampleWeight([1]), packXYSampleWeight(1, 2)]).toEqual([
    1,
    [[1]],
    [1, 2],
  ]);
  expect(packXYSampleWeight(1, 2, 3)).toEqual([1, 2, 3]);
  expect(packXYSampleWeight(1, null, 3)).toBe(1);
  expect(unpackXYSampleWeight([[1], [2]])).toEqual([[1], [2], null]);
  expect(unpackXYSampleWeight([1, 2])).toEqual([[1, 2], null, null]);
  expect(unpackXYSampleWeight("x")).toEqual(["x", null, null]);
  expect(() => unpackXYSampleWeight([[1], [2], [3], [4]])).toThrow(/array of 4/);
});

test("setRandomSeed makes everything random repeatable", () => {
  const draw = (): unknown => [
    normal([3]).arraySync(),
    new GlorotUniform()([2, 2]).arraySync(),
    shuffle([1, 2, 3, 4, 5, 6]).arraySync(),
    new SeedGenerator().next().arraySync(),
  ];
  setRandomSeed(5);
  const first = draw();
  const second = draw();
  setRandomSeed(5);
  expect(draw()).toEqual(first);
  expect(second).not.toEqual(first);
  setRandomSeed(6);
  expect(draw()).not.toEqual(first);
  expect(() => setRandomSeed(1.5)).toThrow(ValueError);
});
