/** Branches and loops as steps of functional models; losses, weights and predictions are those of Keras (JAX and PyTorch). */
import { describe, expect, test } from "vitest";
import { ShapeError, type Tensor, ValueError } from "../../engine/index.ts";
import { Dense, Input } from "../layers/index.ts";
import { cloneModel, Model, modelFromJson } from "../models/index.ts";
import { SGD } from "../optimizers/index.ts";
import { registerKerasSerializable } from "../saving/index.ts";
import * as ops from "./index.ts";

const grid = (rows: number, columns: number, fn: (i: number) => number): number[][] =>
  Array.from({ length: rows }, (_, r) => Array.from({ length: columns }, (_, c) => fn(r * columns + c)));

const x = grid(6, 4, (i) => ((i % 7) - 3) / 3);
const y = grid(6, 1, (i) => i % 3);

/** A dense layer, a step for each operation of control flow, and a dense layer. */
function everyLoop(withWhile: boolean): Model<never> {
  const input = Input([4]);
  const h = new Dense(4, { name: "d1" })(input);
  const isBig = ops.greater(ops.sum(h), 0);
  const a = ops.switch(
    ops.cast(isBig, "int32"),
    [(v: Tensor) => ops.tanh(v), (v: Tensor) => ops.square(v)],
    h,
  );
  const b = ops.foriLoop(0, 3, (_, v) => v.multiply(0.9).add(0.1), a);
  const t = ops.transpose(b);
  const [last, ys] = ops.scan(
    (c, row) => [c.multiply(0.5).add(row), c.multiply(row)],
    ops.mean(t, { axis: 0 }),
    {
      xs: t,
    },
  );
  const d = ops.associativeScan((p, q) => p.add(q), b, { axis: 1 });
  const e = ops.map((row) => ops.sum(row.multiply(row)), b);
  const f = ops.vectorizedMap((row) => ops.tanh(row), b);
  const scale = ops.cond(
    isBig,
    () => ops.ones([]),
    () => ops.ones([]).multiply(2),
  );
  const parts = [ops.transpose(ys), d, ops.multiply(f, scale), ops.expandDims(e, 1), ops.expandDims(last, 1)];
  if (withWhile) {
    const grown = ops.whileLoop(
      (v) => ops.less(ops.max(v), 3),
      (v) => v.multiply(1.5),
      b,
      { maximumIterations: 2 },
    );
    parts.push(grown);
  }
  const out = new Dense(1, { name: "d2" })(ops.concatenate(parts, { axis: 1 }));
  return withWeights(new Model({ inputs: input, outputs: out }) as unknown as Model<never>, 4);
}

function withWeights(model: Model<never>, units: number): Model<never> {
  const [d1, d2] = ["d1", "d2"].map((name) => model.getLayer(name)) as [Dense, Dense];
  const rows = d2.kernel!.shape[0]!;
  d1.setWeights([
    ops.array(grid(4, units, (i) => ((i % 5) - 2) * 0.2)),
    ops.array([0.1, -0.2, 0.3, 0].slice(0, units)),
  ]);
  d2.setWeights([ops.array(grid(rows, 1, (i) => ((i % 7) - 3) * 0.1)), ops.array([0], { dtype: "float32" })]);
  return model;
}

async function losses(model: Model<never>, rate: number, epochs: number): Promise<readonly unknown[]> {
  model.compile({ optimizer: new SGD({ learningRate: rate }), loss: "mse" });
  const { history } = await model.fit(x as never, y, {
    batchSize: 6,
    epochs,
    shuffle: false,
    verbose: 0,
  });
  return history["loss"]!;
}

const close = (values: readonly number[]): unknown => values.map((v) => expect.closeTo(v, 5) as unknown);

describe("branches and loops as steps of models", () => {
  test("training goes through all of them as in Keras", async () => {
    const model = everyLoop(false);
    expect(await losses(model, 0.02, 5)).toEqual(
      close([
        1.2750166654586792, 1.0490397214889526, 0.9370772242546082, 0.8644683361053467, 0.8096413016319275,
      ]),
    );
    const [kernel] = model.getLayer("d1").getWeights();
    expect(kernel!.arraySync()).toEqual(
      [
        [-0.42296499, -0.1731836, 0.0058255, 0.2060588],
        [0.42206019, -0.3525686, -0.2228552, -0.0172127],
        [0.2171981, 0.3542431, -0.4093118, -0.1946466],
        [0.0075653, 0.1729708, 0.4104516, -0.4013524],
      ].map(close),
    );
    const predicted = (await model.predict(x as never)) as unknown as Tensor;
    expect(predicted.reshape(-1).arraySync()).toEqual(
      close([0.679227, 0.7822268, 0.6709702, 1.1788094, 0.6836002, 1.0903995]),
    );
  });

  test("a loop with a condition trains when its rounds are bounded", async () => {
    const model = everyLoop(true);
    expect(await losses(model, 0.02, 5)).toEqual(
      close([
        2.399552345275879, 1.2122694253921509, 0.9537416100502014, 0.8452377915382385, 0.7739565968513489,
      ]),
    );
  });

  test("a gradient of one's own is kept by the model", async () => {
    const half = ops.customGradient((v) => [ops.square(v), (up) => up.multiply(0.5)]);
    const input = Input([4]);
    const out = new Dense(1, { name: "d2" })(half(new Dense(3, { name: "d1" })(input)));
    const model = withWeights(new Model({ inputs: input, outputs: out }) as unknown as Model<never>, 3);
    expect(await losses(model, 0.1, 4)).toEqual(
      close([1.9512629508972168, 1.4580621719360352, 1.15180504322052, 0.9605355262756348]),
    );
  });

  test("clones have the same steps, and the summary names them", async () => {
    const model = everyLoop(false);
    const copy = cloneModel(model as never) as unknown as Model<never>;
    copy.setWeights(model.getWeights());
    const [given, again] = await Promise.all([model, copy].map((m) => m.predict(x as never)));
    expect((again as unknown as Tensor).arraySync()).toEqual((given as unknown as Tensor).arraySync());
    const lines: string[] = [];
    model.summary({ printFn: (line) => lines.push(line) });
    for (const name of ["Switch", "ForiLoop", "Scan", "AssociativeScan", "Map", "VectorizedMap", "Cond"])
      expect(lines.join("\n")).toContain(`(${name})`);
  });

  test("configs name registered functions as Keras does, and are read again", () => {
    const two = registerKerasSerializable("t", "two")(() => ops.ones([2]));
    const three = registerKerasSerializable("t", "three")(() => ops.zeros([2]));
    const input = Input([2]);
    const model = new Model({ inputs: input, outputs: ops.cond(ops.greater(ops.sum(input), 0), two, three) });
    const { layers } = JSON.parse(model.toJson()).config;
    const named = (name: string): unknown => ({
      module: "builtins",
      class_name: "function",
      config: `t>${name}`,
      registered_name: "function",
    });
    expect(layers.at(-1)).toMatchObject({
      module: "keras.src.ops.core",
      class_name: "Cond",
      registered_name: "Cond",
      inbound_nodes: [
        { args: [{ class_name: "__keras_tensor__" }, named("two"), named("three")], kwargs: {} },
      ],
    });
    const again = modelFromJson(model.toJson()) as unknown as (x: number[][]) => Tensor;
    expect(again([[1, 2]]).arraySync()).toEqual([1, 1]);
    expect(again([[-1, -2]]).arraySync()).toEqual([0, 0]);
  });

  test("values nested at will, and bounds that only the data tell", () => {
    const input = Input([3]);
    const rounds = ops.cast(ops.max(input), "int32");
    const [a, b] = ops.foriLoop(0, rounds, (_, [p, q]) => [p.multiply(2), q.add(p)], [input, input] as const);
    const { n, v } = ops.whileLoop(
      (vars) => ops.less(vars.n, 3),
      (vars) => ({ n: vars.n.add(1), v: vars.v.multiply(2) }),
      { n: rounds, v: input },
    );
    const [count, tripled] = ops.whileLoop(
      (i) => ops.less(i, 2),
      (i, w) => [i.add(1), w.multiply(3)],
      [0, input],
    );
    const model = new Model({ inputs: input, outputs: [a, b, n, v, count!, tripled!] });
    expect(model([[0, 1, 2]]).map((t) => t.arraySync())).toEqual([
      [[0, 4, 8]],
      [[0, 4, 8]],
      3,
      [[0, 2, 4]],
      2,
      [[0, 9, 18]],
    ]);
  });

  test("the derivative in a direction", () => {
    const input = Input([2]);
    const [value, change] = ops.jvp((v) => ops.multiply(v, v), [input], [input]);
    const model = new Model({ inputs: input, outputs: [value, change] });
    expect(model([[1, 3]]).map((t) => t.arraySync())).toEqual([[[1, 9]], [[2, 18]]]);
  });

  test("what is known of a symbolic tensor is told at once, and its size by the data", () => {
    const input = Input([3], { dtype: "int32" });
    expect([ops.shape(input), ops.ndim(input), ops.dtype(input), ops.isTensor(input)]).toEqual([
      [null, 3],
      2,
      "int32",
      false,
    ]);
    const size = ops.size(input);
    expect([size.shape, size.dtype]).toEqual([[], "int32"]);
    const model = modelFromJson(new Model({ inputs: input, outputs: size }).toJson()) as unknown as (
      x: number[][],
    ) => Tensor;
    expect(model([[1, 2, 3]]).item()).toBe(3);
    expect(ops.scatter([[0], [1]], input, [4, 3])).toMatchObject({ shape: [4, 3], dtype: "int32" });
  });

  test("branches that do not fit, and symbolic tensors that come from outside, are refused", () => {
    const input = Input([3]);
    const isBig = ops.greater(ops.sum(input), 0);
    const ones = (): Tensor => ops.ones([2]);
    expect(() => ops.cond(isBig, ones, () => ops.ones([3]))).toThrow(ShapeError);
    expect(() => ops.cond<unknown>(isBig, ones, () => [ops.ones([2])])).toThrow(
      "cond: expected branches that give values nested in the same way. Received: * and [*]",
    );
    expect(() => ops.cond<unknown>(isBig, () => input, ones)).toThrow(ValueError);
    expect(() => ops.map((row) => ops.add(row, input) as never, input)).toThrow(
      /A KerasTensor has a shape and a dtype, but no values.*\(None, 3\)/,
    );
    expect(() => ops.convertToNumpy(input as never)).toThrow(ValueError);
    expect(() => ops.foriLoop(0, 2, (_, { a }) => [a] as never, { a: input })).toThrow(
      "foriLoop: expected a body that gives its values nested as it gets them, {a: *}. Received: [*]",
    );
  });
});
