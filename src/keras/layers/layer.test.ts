import { describe, expect, test } from "vitest";
import {
  full,
  gradients,
  jit,
  ShapeError,
  StateError,
  type Tensor,
  tensor,
  ValueError,
} from "../../engine/index.ts";
import { Variable } from "../backend/variable.ts";
import { SeedGenerator } from "../random/index.ts";
import { L2 } from "../regularizers/index.ts";
import {
  type CallArguments,
  Dense,
  Dropout,
  deserialize,
  Flatten,
  Input,
  InputSpec,
  type KerasShape,
  Layer,
  type LayerOptions,
  Reshape,
  serialize,
} from "./index.ts";

/** x · w + b, written as the documentation of Keras does. */
class SimpleDense extends Layer {
  static override readonly positional: readonly string[] = ["units"];
  readonly units: number;
  kernel!: Variable;
  bias!: Variable;

  constructor(units: number, options: LayerOptions = {}) {
    super(options);
    this.units = units;
  }

  override build(inputShape: KerasShape): void {
    this.kernel = this.addWeight({
      shape: [inputShape.at(-1), this.units],
      initializer: "ones",
      name: "kernel",
    });
    this.bias = this.addWeight({ shape: [this.units], initializer: "zeros", name: "bias" });
  }

  override call(x: Tensor): Tensor {
    return x.matmul(this.kernel).add(this.bias);
  }

  override getConfig(): Readonly<Record<string, unknown>> {
    return { ...super.getConfig(), units: this.units };
  }
}

describe("a layer of one's own", () => {
  test("is a function, builds itself at the first call and has names like Keras's", () => {
    const layer = new SimpleDense(2, { name: "mine" });
    expect(layer).toBeInstanceOf(Layer);
    expect(layer.built).toBe(false);
    const y: Tensor = layer([[1, 2, 3]]);
    expect(y.arraySync()).toEqual([[6, 6]]);
    expect(layer.built).toBe(true);
    expect(layer.weights.map((v) => v.path)).toEqual(["mine/kernel", "mine/bias"]);
    expect(layer.countParams()).toBe(8);
    expect(String(layer)).toBe("<SimpleDense name=mine, built=true>");
    expect(new SimpleDense(1).name).toMatch(/^simple_dense/);
  });

  test("builds once when it is built by hand, and knows that it is built", () => {
    const layer = new SimpleDense(2);
    layer.build([null, 3]);
    expect(layer.built).toBe(true);
    expect(layer.getBuildConfig()).toEqual({ input_shape: [null, 3] });
    layer([[1, 2, 3]]);
    expect(layer.weights.length).toBe(2);
  });

  test("needs no computeOutputShape: its call is traced", () => {
    expect(new SimpleDense(4).computeOutputShape([null, 3])).toEqual([null, 4]);
    const output = new SimpleDense(4)(Input([7, 3]));
    expect(output.shape).toEqual([null, 7, 4]);
    class Both extends Layer<readonly Tensor[]> {
      override call(x: Tensor): readonly Tensor[] {
        return [x.sum(1), x.reshape(-1).astype("int32")];
      }
    }
    const [sums, flat] = new Both()(Input([3])) as unknown as [
      { shape: KerasShape },
      { shape: KerasShape; dtype: string },
    ];
    expect(sums.shape).toEqual([null]);
    expect(flat.shape).toEqual([null]);
    expect(flat.dtype).toBe("int32");
    expect(new Both().computeOutputShape([4, 3])).toEqual([[4], [12]]);
  });

  test("owns layers and variables in properties, arrays and objects, in their order", () => {
    class Block extends Layer {
      readonly scale = new Variable([2], { name: "scale", dtype: "float32" });
      readonly count = new Variable([0], { name: "count", dtype: "float32", trainable: false });
      readonly first = new SimpleDense(3, { name: "first" });
      readonly rest = { a: [new SimpleDense(2, { name: "second" })], note: "no layer" };
      readonly seeds = new SeedGenerator(1);
      override call(x: Tensor): Tensor {
        return this.rest.a[0]!(this.first(x)).multiply(this.scale);
      }
    }
    const block = new Block({ name: "block" });
    expect(block([[1, 1]]).arraySync()).toEqual([[12, 12]]);
    expect(block.weights.map((v) => v.path)).toEqual([
      ...[
        "scale",
        "count",
        "block/first/kernel",
        "block/first/bias",
        "block/second/kernel",
        "block/second/bias",
      ],
    ]);
    expect(block.variables.length).toBe(7);
    expect(block.trainableWeights.length).toBe(5);
    block.first.trainable = false;
    expect(block.trainableWeights.map((v) => v.path)).toEqual([
      "scale",
      "block/second/kernel",
      "block/second/bias",
    ]);
    block.trainable = false;
    expect(block.trainableVariables).toEqual([]);
    expect(block.nonTrainableWeights.map((v) => v.name)).toEqual([
      "scale",
      "count",
      "kernel",
      "bias",
      "kernel",
      "bias",
    ]);
    block.trainable = true;
    expect(block.first.trainable).toBe(true);
    expect(block.trainableWeights.length).toBe(5);
  });

  test("inherits `training` from the layer around it", () => {
    const seen: boolean[] = [];
    class Probe extends Layer {
      override call(x: Tensor, { training }: CallArguments): Tensor {
        seen.push(training);
        return x;
      }
    }
    class Around extends Layer {
      readonly probe = new Probe();
      override call(x: Tensor): Tensor {
        return this.probe(this.probe(x), { training: false });
      }
    }
    new Around()([1], { training: true });
    new Around()([1]);
    expect(seen).toEqual([true, false, false, false]);
  });

  test("round-trips through its config", () => {
    const config = new SimpleDense(3, { name: "x", dtype: "float64" }).getConfig();
    const again = SimpleDense.fromConfig(config);
    expect(again.getConfig()).toEqual(config);
    expect(again([[1]]).dtype).toBe("float64");
    const json = serialize(again);
    expect(json.registered_name).toBe("SimpleDense");
    expect(() => deserialize(json)).toThrow(/Unknown class: "SimpleDense".*customObjects/);
    const copy = deserialize(json, { customObjects: { SimpleDense } });
    expect(copy).toBeInstanceOf(SimpleDense);
    expect(copy.built).toBe(true);
  });
});

describe("weights", () => {
  test("setWeights changes all or none", () => {
    const layer = new Dense(2, { kernelInitializer: "ones" });
    expect(() => layer.setWeights([[[1]], [1]])).toThrow(
      /has 0 weights. Received a list of 2. The layer is not built yet/,
    );
    layer.build([null, 3]);
    expect(() => layer.setWeights([full([3, 2], 5), [1, 2, 3]])).toThrow(
      /setWeights: the weight "dense.*\/bias" of layer "dense.*" has shape \(2,\). Received: \(3,\)/,
    );
    expect(layer.getWeights()[0]!.arraySync()).toEqual([
      [1, 1],
      [1, 1],
      [1, 1],
    ]);
    layer.setWeights([full([3, 2], 5), [1, 2]]);
    expect(layer([[1, 0, 0]]).arraySync()).toEqual([[6, 7]]);
  });

  test("need known lengths, and initializers that keep to them", () => {
    expect(() => new Dense(2).build([null, null])).toThrow(
      /the weight "kernel" needs a shape of known lengths/,
    );
    class Wrong extends Layer {
      override build(): void {
        this.addWeight({ shape: [2], initializer: () => full([3], 0), name: "w" });
      }
      override call(x: Tensor): Tensor {
        return x;
      }
    }
    expect(() => new Wrong()([1])).toThrow(
      /the initializer of the weight "w" gave shape \(3,\). Expected \(2,\)/,
    );
  });

  test("are made once, outside of the program, when the first call is inside of `jit`", () => {
    const layer = new Dense(2, { kernelInitializer: "random_normal", activation: "tanh" });
    const dropout = new Dropout(0.5, { seed: 3 });
    const run = jit((x: Tensor) => dropout(layer(x), { training: true }));
    const x = full([4, 3], 1);
    const [a, b] = [run(x).arraySync(), run(x).arraySync()];
    expect(a).not.toEqual(b);
    expect(layer.weights.length).toBe(2);
    const kernel = layer.kernel!.value.arraySync();
    run(x);
    expect(layer.kernel!.value.arraySync()).toEqual(kernel);
    const wanted = layer(x).arraySync() as number[][];
    expect((jit((t: Tensor) => layer(t))(x).arraySync() as number[][])[0]![0]).toBeCloseTo(wanted[0]![0]!, 6);
  });

  test("countParams before building says what to do", () => {
    expect(() => new Dense(2, { name: "d" }).countParams()).toThrow(StateError);
    expect(() => new Dense(2, { name: "d" }).countParams()).toThrow(
      /layer "d" is not built yet.*layer.build\(inputShape\)/,
    );
  });
});

describe("a call that fails", () => {
  test("leaves the layer unbuilt and usable", () => {
    let broken = true;
    class Fragile extends SimpleDense {
      readonly inner = new SimpleDense(5);
      readonly notes: string[] = [];
      override build(inputShape: KerasShape): void {
        super.build(inputShape);
        this.notes.push("built");
        if (broken && inputShape[1] === 3) throw new Error("in build");
      }
      override call(x: Tensor): Tensor {
        const y = this.inner(x);
        if (broken) throw new Error("in call");
        return super.call(x).add(y.sum());
      }
    }
    const layer = new Fragile(2, { name: "fragile" });
    expect(() => layer([[1, 2, 3]])).toThrow("in build");
    expect([layer.built, layer.weights.length, layer.notes.length, layer.kernel]).toEqual([
      false,
      0,
      0,
      undefined,
    ]);
    expect(() => layer([[1, 2]])).toThrow("in call");
    expect([layer.built, layer.inner.built, layer.weights.length]).toEqual([false, false, 0]);
    broken = false;
    expect(layer([[1, 1]]).arraySync()).toEqual([[12, 12]]);
    expect(layer.weights.length).toBe(4);
    broken = true;
    expect(() => layer([[1, 1]])).toThrow("in call");
    broken = false;
    expect(layer([[1, 1]]).arraySync()).toEqual([[12, 12]]);
  });

  test("says in which layer it happened, and with what shapes", () => {
    class Bad extends Layer {
      override call(x: Tensor): Tensor {
        return x.matmul(full([7, 2], 0));
      }
    }
    const bad = new Bad({ name: "bad" });
    expect(() => bad(full([2, 3], 1))).toThrow(ShapeError);
    expect(() => bad(full([2, 3], 1))).toThrow(
      /matmul: .*\n {2}in layer "bad" \(Bad\) with inputs of shape \(2, 3\)/,
    );
    class Forgetful extends Layer {
      override call(): Tensor {
        return undefined as unknown as Tensor;
      }
    }
    expect(() => new Forgetful({ name: "f" })([1])).toThrow(
      /call\(\) of layer "f" should return tensors. Received: undefined/,
    );
    expect(() => new Layer({ name: "plain" })([1])).toThrow(/Layer Layer does not have a call\(\) method/);
  });
});

describe("inputs", () => {
  test("are cast to the layer's dtype if they are floats", () => {
    expect(new Flatten()(full([2, 3], 1, "int32")).dtype).toBe("int32");
    expect(new Flatten()(full([2, 3], 1, "float64")).dtype).toBe("float32");
    expect(new Flatten({ autocast: false })(full([2, 3], 1, "float64")).dtype).toBe("float64");
    expect(new Dense(2, { dtype: "float64" })(full([2, 3], 1)).dtype).toBe("float64");
    expect(new Dense(2)([[1, 2]]).dtype).toBe("float32");
    expect(new Dense(2)([[true, false]]).dtype).toBe("float32");
  });

  test("are checked against inputSpec, in Keras's words", () => {
    const dense = new Dense(2, { name: "d" });
    expect(() => dense([1, 2])).toThrow(
      'Input 0 of layer "d" is incompatible with the layer: expected minNdim=2, found ndim=1. Full shape received: (2,)',
    );
    dense([[1, 2, 3]]);
    expect(() => dense([[1, 2]])).toThrow(
      'Input 0 of layer "d" is incompatible with the layer: expected axis -1 of the input\'s shape to have length 3. ' +
        "Received an input of shape (1, 2)",
    );
    const spec = (options: ConstructorParameters<typeof InputSpec>[0]): Layer => {
      const layer = new Flatten();
      layer.inputSpec = new InputSpec(options);
      return layer;
    };
    expect(() => spec({ ndim: 3 })([[1]])).toThrow("expected ndim=3, found ndim=2");
    expect(() => spec({ maxNdim: 1 })([[1]])).toThrow("expected maxNdim=1, found ndim=2");
    expect(() => spec({ shape: [null, 2] })([[1]])).toThrow("expected shape=(None, 2), found shape=(1, 1)");
    expect(() => spec({ dtype: "float32" })([[1]])).toThrow("expected dtype=float32, found dtype=int32");
    expect(() => spec({})([tensor([1]), tensor([2])])).toThrow("expects 1 input(s), but it received 2");
    expect(spec({ shape: [null, 4, 1], allowLastAxisSqueeze: true })(full([2, 4], 1)).shape).toEqual([2, 4]);
    expect(() => new InputSpec({ ndim: 2, axes: { 2: 1 } })).toThrow(
      "axis 2 is greater than the last axis, 1",
    );
  });

  test("several come in arrays and objects", () => {
    class Sum extends Layer {
      override call(inputs: readonly Tensor[]): Tensor {
        return inputs.reduce((a, b) => a.add(b));
      }
    }
    expect(new Sum()([tensor([1]), new Float32Array([2])]).arraySync()).toEqual([3]);
    class Pick extends Layer {
      override call({ a }: { a: Tensor }): Tensor {
        return a;
      }
    }
    expect(new Pick()({ a: [1, 2], b: [3] }).arraySync()).toEqual([1, 2]);
  });
});

describe("losses", () => {
  test("are those of the last call and the penalties on trainable weights", () => {
    class Adds extends Layer {
      readonly dense = new Dense(1, { kernelInitializer: "ones", kernelRegularizer: new L2(0.5) });
      override call(x: Tensor): Tensor {
        this.addLoss(x.sum());
        return this.dense(x);
      }
    }
    const layer = new Adds({ activityRegularizer: (y: Tensor) => y.sum() });
    const values = (): number[] => layer.losses.map((l) => l.item());
    layer([
      [1, 2],
      [3, 4],
    ]);
    expect(values()).toEqual([10, 5, 1]);
    layer([[1, 2]]);
    expect(values()).toEqual([3, 3, 1]);
    layer.dense.trainable = false;
    expect(values()).toEqual([3, 3]);
    expect(() => layer.addLoss([1, 2].map((v) => tensor([v])))).toThrow(
      /expected a scalar. Received shape \(1,\)/,
    );
  });

  test("inside of a compiled function stay there", () => {
    const layer = new Dense(1, { kernelInitializer: "ones", activityRegularizer: "l2" });
    const run = jit((x: Tensor) => {
      layer(x);
      return layer.losses[0]!;
    });
    expect(run(full([2, 3], 1)).item()).toBeCloseTo(0.09, 6);
    expect(layer.losses).toEqual([]);
  });

  test("have gradients", () => {
    const layer = new Dense(1, { kernelInitializer: "ones", useBias: false, kernelRegularizer: new L2(0.5) });
    layer.build([null, 2]);
    const kernel = layer.kernel!.value;
    expect(gradients(layer.losses[0]!, [kernel])[0]!.arraySync()).toEqual([[1], [1]]);
  });
});

describe("bad options", () => {
  test.each([
    [
      "a misspelt option",
      () => new Dense(2, { activaton: "relu" } as object),
      /Dense: unknown option "activaton". Did you mean "activation"\?/,
    ],
    [
      "an unknown activation",
      () => new Dense(2, { activation: "relo" as "relu" }),
      /Unknown activation: "relo". Did you mean "relu"\?/,
    ],
    [
      "an unknown initializer",
      () => new Dense(2, { kernelInitializer: "one_s" as "ones" }),
      /Unknown initializer: "one_s". Did you mean "ones"\?/i,
    ],
    [
      "an unknown regularizer",
      () => new Dense(2, { kernelRegularizer: "l3" as "l2" }),
      /Unknown regularizer: "l3"/,
    ],
    [
      "an unknown dtype",
      () => new Dense(2, { dtype: "float31" as "float32" }),
      /float31.*Did you mean "float32"\?/,
    ],
    ["no units", () => new Dense(0), /expected units to be a positive whole number. Received: units=0/],
    ["a slash in a name", () => new Dense(2, { name: "a/b" }), /without "\/"/],
    [
      "trainable that is no boolean",
      () => new Dense(2, { trainable: 1 as unknown as boolean }),
      /expected trainable to be a boolean/,
    ],
    ["a rate above 1", () => new Dropout(1.5), /expected a rate between 0 and 1. Received: rate=1.5/],
    ["an empty noise shape", () => new Dropout(0.5, { noiseShape: [0] }), /noiseShape/],
    ["two open lengths", () => new Reshape([-1, -1]), /at most one -1/],
    [
      "a target shape of another size",
      () => new Reshape([5])(full([2, 4], 0)),
      /samples of shape \(4,\) into targetShape \(5,\)/,
    ],
    [
      "an unknown data format",
      () => new Flatten({ dataFormat: "channel_last" as "channels_last" }),
      /Did you mean "channels_last"\?/,
    ],
    [
      "a misspelt option of a call",
      () => new Dense(2)([[1]], { trainin: true }),
      /unknown option "trainin". Did you mean "training"\?/,
    ],
    ["an input without a shape", () => Input({}), /InputLayer: expected a shape/],
    ["a negative length", () => Input([-1]), /not negative/],
  ])("%s", (_, make, message) => {
    expect(make).toThrow(ValueError);
    expect(make).toThrow(message);
  });
});

describe("dropout", () => {
  test("drops a part, scales the rest, and repeats with its seed", () => {
    const x = full([100, 100], 1);
    const y = new Dropout(0.25, { seed: 5 })(x, { training: true });
    const values = [...y.dataSync()];
    const kept = values.filter((v) => v !== 0);
    expect(new Set(kept)).toEqual(new Set([Math.fround(1 / 0.75)]));
    expect(kept.length).toBeGreaterThan(7300);
    expect(kept.length).toBeLessThan(7700);
    expect([...new Dropout(0.25, { seed: 5 })(x, { training: true }).dataSync()]).toEqual(values);
    const rows = new Dropout(0.5, { noiseShape: [null, 1], seed: 1 })(x, {
      training: true,
    }).arraySync() as number[][];
    for (const row of rows) expect(new Set(row).size).toBe(1);
    expect(new Set(rows.map((row) => row[0])).size).toBe(2);
  });
});
