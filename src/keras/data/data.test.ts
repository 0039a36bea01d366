// The stages of pipelines: order, sizes, waiting, ends; and training from them.
import { describe, expect, expectTypeOf, test } from "vitest";
import { ShapeError, StateError, Tensor, tensor, ValueError } from "../../engine/index.ts";
import { setRandomSeed } from "../utils/index.ts";
import { type Dataset, fromArrays, fromIterable, zip } from "./index.ts";

const numbers = (n: number): Dataset<number> => fromIterable(Array.from({ length: n }, (_, i) => i));

/** Everything in plain values. */
function plain(x: unknown): unknown {
  if (x instanceof Tensor) return x.arraySync();
  if (Array.isArray(x)) return x.map(plain);
  if (x instanceof Object) return Object.fromEntries(Object.entries(x).map(([k, v]) => [k, plain(v)]));
  return x;
}

const later = <T>(value: T, ms = 0): Promise<T> => new Promise((resolve) => setTimeout(resolve, ms, value));

describe("fromArrays", () => {
  test("gives the rows of structures, in their dtypes", async () => {
    const x = {
      a: new Float64Array([1, 2]),
      b: tensor([
        [1, 2],
        [3, 4],
      ]),
      c: ["p", "q"],
    };
    const rows = await fromArrays(x, [true, false], tensor([0.5, 1])).toArray();
    expect(plain(rows)).toEqual([
      [{ a: 1, b: [1, 2], c: "p" }, true, 0.5],
      [{ a: 2, b: [3, 4], c: "q" }, false, 1],
    ]);
    expect(rows[0]![0].a.dtype).toBe("float64");
    expect(rows[0]![1].dtype).toBe("bool");
    expectTypeOf(rows).toEqualTypeOf<
      (readonly [{ readonly a: Tensor; readonly b: Tensor; readonly c: string }, Tensor, Tensor])[]
    >();
  });

  test("nested numbers are one array, a list of arrays several", async () => {
    expect(
      plain(
        await fromArrays([
          [1, 2],
          [3, 4],
        ]).toArray(),
      ),
    ).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(plain(await fromArrays([tensor([1, 2]), tensor([3, 4])]).toArray())).toEqual([
      [1, 3],
      [2, 4],
    ]);
    expect(plain(await fromArrays([[1], [2]], [3, 4]).toArray())).toEqual([
      [[1], 3],
      [[2], 4],
    ]);
  });

  test("what is given is not looked at later", async () => {
    const values = new Float32Array([1, 2]);
    const samples = fromArrays(values);
    values[0] = 9;
    expect(plain(await samples.toArray())).toEqual([1, 2]);
  });

  test("refuses arrays of different lengths, scalars and nothing", () => {
    expect(() => fromArrays([1, 2], [1])).toThrow(/same number of samples. Received arrays of 2, 1/);
    expect(() => fromArrays(3)).toThrow(ShapeError);
    expect(() => fromArrays({})).toThrow(ValueError);
  });
});

describe("fromIterable", () => {
  test("reads iterables, async iterables, functions and streams", async () => {
    async function* slowly(): AsyncGenerator<number> {
      for (let i = 0; i < 3; i++) yield await later(i);
    }
    const stream = new ReadableStream<number>({
      start(c) {
        for (let i = 0; i < 3; i++) c.enqueue(i);
        c.close();
      },
    });
    for (const source of [[0, 1, 2], new Set([0, 1, 2]), slowly(), slowly, stream] as Iterable<number>[])
      expect(await fromIterable<number>(source).toArray()).toEqual([0, 1, 2]);
    expect(fromIterable([1, 2]).cardinality).toBe(2);
    expect(fromIterable(slowly).cardinality).toBeUndefined();
  });

  test("a generator gives its elements once, and is told when no more are wanted", async () => {
    let closed = false;
    function* generate(): Generator<number> {
      try {
        for (let i = 0; ; i++) yield i;
      } finally {
        closed = true;
      }
    }
    const some = fromIterable(generate())
      .map((n) => n)
      .take(2);
    expect(await some.toArray()).toEqual([0, 1]);
    expect(closed).toBe(true);
    await expect(some.toArray()).rejects.toThrow(StateError);
    const again = fromIterable(generate).take(2);
    expect([await again.toArray(), await again.toArray()]).toEqual([
      [0, 1],
      [0, 1],
    ]);
  });

  test("leaving a loop early closes async sources and streams", async () => {
    const closed: string[] = [];
    async function* slowly(): AsyncGenerator<number> {
      try {
        for (let i = 0; ; i++) yield await later(i);
      } finally {
        closed.push("generator");
      }
    }
    const stream = new ReadableStream<number>({
      pull: (c) => c.enqueue(1),
      cancel: () => void closed.push("stream"),
    });
    for await (const _ of fromIterable(slowly()).prefetch()) break;
    for await (const _ of fromIterable(stream).batch(2)) break;
    await later(0);
    expect(closed.sort()).toEqual(["generator", "stream"]);
  });

  test("refuses what cannot be iterated", async () => {
    expect(() => fromIterable(3 as unknown as number[])).toThrow(ValueError);
    await expect(fromIterable((() => 3) as unknown as () => number[]).toArray()).rejects.toThrow(ValueError);
  });
});

describe("batch", () => {
  test("stacks numbers, tensors, texts, tuples and objects", async () => {
    const elements = [
      { n: 1, t: tensor([1, 2]), s: "a", both: [[1, 2], new Int32Array([3])] },
      { n: 2.5, t: tensor([3, 4]), s: "b", both: [[3, 4], new Int32Array([5])] },
    ];
    const [batch] = await fromIterable(elements).batch(2).toArray();
    expect(plain(batch)).toEqual({
      n: [1, 2.5],
      t: [
        [1, 2],
        [3, 4],
      ],
      s: ["a", "b"],
      both: [
        [
          [1, 2],
          [3, 4],
        ],
        [[3], [5]],
      ],
    });
    expect(batch!.n.dtype).toBe("float32");
    expectTypeOf(batch!.s).toEqualTypeOf<string[]>();
    expectTypeOf(batch!.t).toEqualTypeOf<Tensor>();
  });

  test("an element that is an array is a tuple, unless it is a list of numbers or texts", async () => {
    const batchOf = async (...elements: unknown[]): Promise<unknown> =>
      plain((await fromIterable(elements).batch(elements.length).toArray())[0]);
    expect(await batchOf([1, 2], [3, 4])).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(await batchOf([[1, 2], [3]], [[4, 5], [6]])).toEqual([
      [
        [1, 2],
        [4, 5],
      ],
      [[3], [6]],
    ]);
    expect(
      await batchOf(
        [
          [
            [1, 2],
            [3, 4],
          ],
          0,
        ],
        [
          [
            [5, 6],
            [7, 8],
          ],
          1,
        ],
      ),
    ).toEqual([
      [
        [
          [1, 2],
          [3, 4],
        ],
        [
          [5, 6],
          [7, 8],
        ],
      ],
      [0, 1],
    ]);
    expect(await batchOf(["a", "b"], ["c", "d"])).toEqual([
      ["a", "b"],
      ["c", "d"],
    ]);
  });

  test("the last one is smaller, or left out", async () => {
    const five = numbers(5);
    expect(plain(await five.batch(2).toArray())).toEqual([[0, 1], [2, 3], [4]]);
    expect(plain(await five.batch(2, { dropRemainder: true }).toArray())).toEqual([
      [0, 1],
      [2, 3],
    ]);
    expect([five.batch(2).cardinality, five.batch(2, { dropRemainder: true }).cardinality]).toEqual([3, 2]);
    expect(plain(await five.batch(2).batch(2, { dropRemainder: true }).toArray())).toEqual([
      [
        [0, 1],
        [2, 3],
      ],
    ]);
  });

  test("says which shapes or structures do not fit", async () => {
    await expect(
      fromIterable([[1], [1, 2]])
        .batch(2)
        .toArray(),
    ).rejects.toThrow(/shapes \(1\) and \(2\)|\(1,\) and \(2,\)/);
    await expect(
      fromIterable<object>([{ a: 1 }, { b: 1 }])
        .batch(2)
        .toArray(),
    ).rejects.toThrow(/members a. Received/);
    expect(() => numbers(1).batch(0.5)).toThrow(ValueError);
  });

  test("unbatch is its inverse", async () => {
    const x = Float32Array.from({ length: 14 }, (_, i) => i);
    const samples = fromArrays(tensor(x, { shape: [7, 2] }), { y: ["a", "b", "c", "d", "e", "f", "g"] });
    const again = samples.batch(3).unbatch();
    expect(plain(await again.toArray())).toEqual(plain(await samples.toArray()));
    expect(plain(await again.batch(7).toArray())).toEqual(plain(await samples.batch(7).toArray()));
  });
});

describe("stages", () => {
  test("map and filter wait for promises, in order", async () => {
    let open = 0;
    let most = 0;
    const slow = async (n: number): Promise<number> => {
      most = Math.max(most, ++open);
      await later(0, n % 2 === 0 ? 8 : 1);
      open--;
      return n * 10;
    };
    expect(await numbers(6).map(slow, { parallel: 3 }).toArray()).toEqual([0, 10, 20, 30, 40, 50]);
    expect(most).toBe(3);
    expect(
      await numbers(6)
        .filter(async (n) => later(n % 2 === 1))
        .toArray(),
    ).toEqual([1, 3, 5]);
    expectTypeOf(numbers(1).map((n) => [n, "a"])).toEqualTypeOf<Dataset<readonly [number, "a"]>>();
  });

  test("errors come to whoever asks for the element", async () => {
    const seen: number[] = [];
    const failing = numbers(5).map((n) => {
      if (n === 3) throw new RangeError("no three");
      return n;
    });
    for (const dataset of [
      failing,
      failing.prefetch(4),
      failing.map(async (n) => n, { parallel: 2 }).prefetch(1),
    ]) {
      const iterate = async (): Promise<void> => {
        for await (const n of dataset) seen.push(n);
      };
      await expect(iterate()).rejects.toThrow("no three");
    }
    expect(seen.slice(0, 3)).toEqual([0, 1, 2]);
  });

  test("shuffle: every element once, within the buffer's reach, repeatable", async () => {
    const orderOf = (d: Dataset<number>): Promise<number[]> => d.toArray();
    const shuffled = numbers(100).shuffle(10, { seed: 3 });
    const first = await orderOf(shuffled);
    expect([...first].sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i));
    // The element at a place has come into the buffer by then.
    for (const [at, n] of first.entries()) expect(n).toBeLessThan(at + 10 + 1);
    expect(first).not.toEqual([...first].sort((a, b) => a - b));
    const second = await orderOf(shuffled);
    expect(second).not.toEqual(first);
    const again = numbers(100).shuffle(10, { seed: 3 });
    expect([await orderOf(again), await orderOf(again)]).toEqual([first, second]);
    const fixed = numbers(100).shuffle(10, { seed: 3, reshuffleEachIteration: false });
    expect(await orderOf(fixed)).toEqual(await orderOf(fixed));
    setRandomSeed(7);
    const a = await orderOf(numbers(50).shuffle(50));
    setRandomSeed(7);
    expect(await orderOf(numbers(50).shuffle(50))).toEqual(a);
  });

  test("a full shuffle is uniform", async () => {
    // 6 orders of 3 elements; 600 draws; a chi-squared of 5 degrees of freedom is below 20.5 in 99.9 % of all cases.
    const counts = new Map<string, number>();
    const shuffled = numbers(3).shuffle(3, { seed: 11 });
    for (let i = 0; i < 600; i++) {
      const order = (await shuffled.toArray()).join("");
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    expect([...counts.values()].reduce((sum, n) => sum + (n - 100) ** 2 / 100, 0)).toBeLessThan(20.5);
  });

  test("repeat reshuffles; repeat without end; of nothing", async () => {
    const twice = await numbers(20).shuffle(20, { seed: 1 }).repeat(2).toArray();
    expect(twice.slice(0, 20)).not.toEqual(twice.slice(20));
    expect([...twice.slice(20)].sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, i) => i));
    expect(await numbers(2).repeat().take(5).toArray()).toEqual([0, 1, 0, 1, 0]);
    expect(
      await numbers(2)
        .filter(() => false)
        .repeat()
        .take(3)
        .toArray(),
    ).toEqual([]);
    await expect(numbers(2).repeat().toArray()).rejects.toThrow(/has no end/);
  });

  test("cache keeps whole passes only", async () => {
    let calls = 0;
    const kept = numbers(3)
      .map((n) => {
        calls++;
        return n;
      })
      .cache();
    expect(await kept.take(2).toArray()).toEqual([0, 1]);
    expect(await kept.toArray()).toEqual([0, 1, 2]);
    expect(calls).toBe(5);
    expect(await kept.repeat(3).toArray()).toEqual([0, 1, 2, 0, 1, 2, 0, 1, 2]);
    expect(calls).toBe(5);
  });

  test("take, skip, concatenate, zip", async () => {
    expect(await numbers(5).skip(1).take(2).concatenate(numbers(2)).toArray()).toEqual([1, 2, 0, 1]);
    const both = zip({ a: numbers(3), b: zip(numbers(9), fromArrays([[1], [2]])) });
    expect(plain(await both.toArray())).toEqual([
      { a: 0, b: [0, [1]] },
      { a: 1, b: [1, [2]] },
    ]);
    expect(plain(await both.batch(2).toArray())).toEqual([
      {
        a: [0, 1],
        b: [
          [0, 1],
          [[1], [2]],
        ],
      },
    ]);
    expect(() => zip([1] as never)).toThrow(ValueError);
  });

  test("cardinality", () => {
    const n = numbers(7);
    const all = [
      n.skip(3),
      n.skip(9),
      n.take(3),
      n.take(9),
      n.repeat(3),
      n.repeat(),
      n.repeat().skip(2),
      n.repeat().take(5),
    ];
    expect(all.map((d) => d.cardinality)).toEqual([
      4,
      0,
      3,
      7,
      21,
      Number.POSITIVE_INFINITY,
      Number.POSITIVE_INFINITY,
      5,
    ]);
    const more = [
      n.filter(Boolean),
      n.unbatch(),
      n.concatenate(n),
      n.concatenate(n.filter(Boolean)),
      zip(n, n.repeat()),
      zip(n, n.filter(Boolean)),
    ];
    expect(more.map((d) => d.cardinality)).toEqual([undefined, undefined, 14, undefined, 7, undefined]);
    expect(numbers(0).repeat().cardinality).toBe(0);
  });

  test("prefetch reads ahead while the consumer is at work, and no further than its buffer", async () => {
    let asked = 0;
    async function* slowly(): AsyncGenerator<number> {
      for (let i = 0; i < 8; i++) {
        asked = i + 1;
        yield await later(i, 1);
      }
    }
    const got: number[] = [];
    for await (const n of fromIterable(slowly()).prefetch(3)) {
      got.push(n);
      if (n === 0) {
        await later(0, 60);
        expect(asked).toBeGreaterThanOrEqual(4);
        expect(asked).toBeLessThanOrEqual(5);
      }
    }
    expect(got).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  test("arguments are checked at once", () => {
    const n = numbers(3);
    expect(() => n.batch(0)).toThrow(/batchSize to be a whole number of at least 1. Received: 0/);
    expect(() => n.shuffle(2, { seed: 0.5 })).toThrow(ValueError);
    expect(() => n.take(-1)).toThrow(ValueError);
    expect(() => n.map(3 as never)).toThrow(/expected a function/);
    expect(() => n.batch(2, { dropLast: true } as never)).toThrow(/dropLast/);
  });
});
