// FeatureSpace: shapes and numbers of Keras for the table of its own tests; configs, graphs, training.
import { describe, expect, test } from "vitest";
import { StateError, tensor, UnsupportedError, ValueError } from "../../../engine/index.ts";
import { fromArrays } from "../../data/index.ts";
import { Model, Sequential } from "../../models/index.ts";
import { deserializeKerasObject, serializeKerasObject } from "../../saving/index.ts";
import { Dense } from "../core/dense.ts";
import { Input } from "../core/input_layer.ts";
import { type FeatureData, FeatureSpace } from "./feature_space.ts";
import { TextVectorization } from "./text_vectorization.ts";

const numbers = Array.from({ length: 10 }, (_, i) => i);
const floats = numbers.map((i) => i / 10);
const texts = numbers.map(String);
const table = {
  float_1: floats,
  float_2: floats,
  float_3: floats,
  string_1: texts,
  string_2: texts,
  int_1: numbers,
  int_2: numbers,
  int_3: numbers,
};
const kinds = {
  float_1: "float",
  float_2: "float_normalized",
  float_3: "float_discretized",
  string_1: "string_categorical",
  string_2: "string_hashed",
  int_1: "integer_categorical",
  int_2: "integer_hashed",
  int_3: "integer_categorical",
} as const;
const crosses = [
  ["float_3", "string_1"],
  ["string_2", "int_2"],
] as const;
const quiet = { verbose: 0 } as const;

const rowOf = (i: number): FeatureData =>
  Object.fromEntries(Object.entries(table).map(([name, values]) => [name, values[i]!]));

describe("concatenated", () => {
  test("one sample, several, and learned from samples or batches", async () => {
    const space = new FeatureSpace(kinds, { crosses });
    await space.adapt(fromArrays(table), quiet);
    const first = space(table);
    // 1 + 1 + 32 + 11 + 32 + 11 + 32 + 11 + 2 · 32, as in Keras's own test.
    expect(first.shape).toEqual([10, 195]);
    expect(space(rowOf(3)).shape).toEqual([195]);
    expect(space(rowOf(3)).arraySync()).toEqual((first.arraySync() as number[][])[3]);
    await space.adapt(fromArrays(table).batch(4), quiet);
    expect(space(table).arraySync()).toEqual(first.arraySync());
    await space.adapt(table, quiet);
    expect(space(table).arraySync()).toEqual(first.arraySync());
    // Where Keras's rows are not zero.
    const places = [
      [1, 3, 44, 76, 87, 98, 130, 161, 177],
      [0, 1, 4, 43, 46, 86, 97, 100, 153, 172],
      [0, 1, 5, 42, 52, 85, 96, 106, 143, 173],
      [0, 1, 6, 41, 54, 84, 95, 108, 134, 186],
      [0, 1, 7, 40, 76, 83, 94, 130, 156, 177],
      [0, 1, 8, 39, 56, 82, 93, 110, 131, 180],
      [0, 1, 9, 38, 60, 81, 92, 114, 147, 179],
      [0, 1, 10, 37, 69, 80, 91, 123, 151, 175],
      [0, 1, 11, 36, 64, 79, 90, 118, 152, 192],
      [0, 1, 11, 35, 58, 78, 89, 112, 137, 166],
    ];
    const rows = first.arraySync() as number[][];
    expect(rows.map((row) => row.flatMap((v, i) => (v === 0 ? [] : [i])))).toEqual(places);
    expect(rows.map((row) => row[0])).toEqual(floats.map((v) => expect.closeTo(v, 6)));
    expect(rows.every((row) => row.slice(2).every((v) => v === 0 || v === 1))).toBe(true);
  });
});

describe("by name", () => {
  test("vectors", async () => {
    const space = new FeatureSpace(kinds, { crosses, outputMode: "dict" });
    await space.adapt(table, quiet);
    const encoded = space(table);
    expect(Object.keys(encoded)).toHaveLength(10);
    const shapes = ["string_1", "int_2", "string_2_X_int_2"].map((name) => encoded[name]!.shape);
    expect(shapes).toEqual([
      [10, 11],
      [10, 32],
      [10, 32],
    ]);
    expect(space(rowOf(0))["string_1"]!.shape).toEqual([11]);
  });

  test("whole numbers and floats, as Keras gives them", async () => {
    const space = new FeatureSpace(
      {
        float_1: "float",
        float_2: "float_normalized",
        float_3: FeatureSpace.floatDiscretized(4, { outputMode: "int" }),
        float_4: FeatureSpace.floatRescaled({ scale: 10, offset: -1 }),
        string_1: FeatureSpace.stringCategorical({ outputMode: "int", maxTokens: 5 }),
        string_2: FeatureSpace.stringHashed(32, { outputMode: "int" }),
        int_1: FeatureSpace.integerCategorical({ outputMode: "int", numOovIndices: 2 }),
        int_2: FeatureSpace.integerHashed(32, { outputMode: "int" }),
        int_3: FeatureSpace.integerCategorical({ outputMode: "int", maxTokens: 6 }),
      },
      {
        outputMode: "dict",
        crosses: [
          FeatureSpace.cross(["float_3", "string_1"], 32, { outputMode: "int" }),
          FeatureSpace.cross(["string_2", "int_2"], 32, { outputMode: "int" }),
          FeatureSpace.cross(["int_1", "int_2"], 8, { outputMode: "int" }),
        ],
      },
    );
    const data = { ...table, float_4: floats };
    await space.adapt(fromArrays(data), quiet);
    const encoded = space(data);
    const whole = {
      float_3: [0, 0, 1, 1, 2, 2, 2, 3, 3, 3],
      int_1: [11, 10, 9, 8, 7, 6, 5, 4, 3, 2],
      int_2: [31, 1, 7, 9, 31, 11, 15, 24, 19, 13],
      int_3: [0, 0, 0, 0, 0, 5, 4, 3, 2, 1],
      string_1: [0, 0, 0, 0, 0, 0, 4, 3, 2, 1],
      string_2: [31, 1, 7, 9, 31, 11, 15, 24, 19, 13],
      float_3_X_string_1: [8, 8, 17, 17, 9, 9, 11, 1, 19, 20],
      int_1_X_int_2: [5, 0, 3, 2, 7, 6, 2, 5, 0, 4],
      string_2_X_int_2: [14, 9, 10, 23, 14, 17, 16, 12, 29, 3],
    };
    for (const [name, values] of Object.entries(whole)) {
      expect([name, encoded[name]!.dtype, encoded[name]!.arraySync()]).toEqual([
        name,
        "int32",
        values.map((v) => [v]),
      ]);
    }
    const normalized = [
      1.5666987895965576, 1.2185436487197876, 0.8703882694244385, 0.5222330689430237, 0.17407768964767456,
    ];
    const near = (values: readonly number[]): unknown => values.map((v) => expect.closeTo(v, 5) as unknown);
    const flat = (name: string): unknown => encoded[name]!.flatten().arraySync();
    expect(flat("float_1")).toEqual(near(floats));
    expect(flat("float_2")).toEqual(near([...normalized.map((v) => -v), ...normalized.toReversed()]));
    expect(flat("float_4")).toEqual(near(numbers.map((i) => i - 1)));
  });
});

test("layers of one's own", async () => {
  const text = new TextVectorization({ outputMode: "tf_idf" });
  const space = new FeatureSpace({ text: FeatureSpace.feature("string", text, "float") });
  const data = { text: ["1st string", "2nd string", "3rd string string"] };
  await space.adapt(data, quiet);
  const [often, once] = [0.5596157908439636, 0.9162907600402832];
  const near = (row: number[]): unknown => row.map((v) => expect.closeTo(v, 6) as unknown);
  // Keras's vocabulary, in its order, and its numbers.
  expect(text.getVocabulary()).toEqual(["[UNK]", "string", "3rd", "2nd", "1st"]);
  expect(space(data).arraySync()).toEqual(
    [
      [0, often, 0, 0, once],
      [0, often, 0, once, 0],
      [0, 2 * often, once, 0, 0],
    ].map(near),
  );
});

test("goes through its config, and needs to learn again", async () => {
  const space = new FeatureSpace(kinds, {
    crosses: [...crosses, FeatureSpace.cross(["int_1", "int_2"], 8)],
    crossingDim: 16,
    name: "table",
  });
  await space.adapt(table, quiet);
  const config = JSON.parse(JSON.stringify(serializeKerasObject(space))) as ReturnType<
    typeof serializeKerasObject
  >;
  expect(config).toMatchObject({
    module: "keras.utils",
    class_name: "FeatureSpace",
    config: {
      output_mode: "concat",
      crossing_dim: 16,
      features: {
        float_1: {
          module: "keras.src.layers.preprocessing.feature_space",
          class_name: "Feature",
          registered_name: "Feature",
          config: { dtype: "float32", output_mode: "float", preprocessor: { class_name: "TFDIdentity" } },
        },
      },
      crosses: [
        {
          class_name: "Cross",
          config: { feature_names: ["float_3", "string_1"], crossing_dim: 16, output_mode: "one_hot" },
        },
        {},
        { config: { crossing_dim: 8 } },
      ],
    },
  });
  const again = FeatureSpace.fromConfig((config as { config: never }).config) as FeatureSpace;
  await again.adapt(table, quiet);
  expect(again(table).arraySync()).toEqual(space(table).arraySync());
  const read = deserializeKerasObject(config) as FeatureSpace;
  await read.adapt(table, quiet);
  expect(read(table).arraySync()).toEqual(space(table).arraySync());
});

describe("in graphs", () => {
  test("spaces of numbers are a part of the model", async () => {
    const space = new FeatureSpace({
      a: "float_normalized",
      b: FeatureSpace.floatDiscretized(null, { binBoundaries: [0.5] }),
    });
    const data = { a: floats, b: floats };
    await space.adapt(data, quiet);
    const inputs = space.getInputs();
    const encoded = space.getEncodedFeatures();
    expect(encoded.shape).toEqual([null, 3]);
    const model = new Model({ inputs, outputs: encoded });
    const columns = Object.fromEntries(
      Object.entries(data).map(([name, values]) => [name, tensor(values, { shape: [10, 1] })]),
    );
    expect(model.apply(columns).arraySync()).toEqual(space(data).arraySync());
  });

  test("others stand before it, in the pipeline", async () => {
    const space = new FeatureSpace(kinds, { crosses });
    await space.adapt(table, quiet);
    expect(() => space.getInputs()).toThrow(UnsupportedError);
    const encoded = space.getEncodedFeatures();
    expect(encoded.shape).toEqual([null, 195]);
    const model = new Model({ inputs: encoded, outputs: new Dense(1, { activation: "sigmoid" })(encoded) });
    model.compile({ optimizer: "adam", loss: "binary_crossentropy", metrics: ["accuracy"] });
    const labels = [0, 1, 0, 1, 0, 0, 1, 0, 1, 1];
    const batches = fromArrays(table, labels)
      .batch(5)
      .map(([x, y]) => [space(x as FeatureData), y])
      .cache();
    const { history } = await model.fit(batches, undefined, { epochs: 60, verbose: 0 });
    expect(history["loss"]!.at(-1)).toBeLessThan(history["loss"]![0]! - 0.2);
    // Sample by sample gives the same rows.
    const single = fromArrays(table, labels)
      .map(([x]) => space(x as FeatureData))
      .batch(10);
    const [rows] = await single.toArray();
    expect(rows!.arraySync()).toEqual(space(table).arraySync());
  });
});

test("what is wrong is said", async () => {
  const space = new FeatureSpace({ a: "float_normalized", s: "string_categorical" });
  expect(() => space({ a: 1, s: "x" })).toThrow(StateError);
  await expect(space.adapt({ a: [1, 2] }, quiet)).rejects.toThrow(/no values of feature "s"/);
  await expect(space.adapt([1] as never, quiet)).rejects.toThrow(ValueError);
  await space.adapt({ a: [1, 2], s: ["x", "y"] }, quiet);
  expect(() => space({ a: 1 })).toThrow(/expected values of the features a, s/);
  expect(() => space({ a: "x", s: "x" })).toThrow(/expected numbers for feature "a"/);
  expect(() => space({ a: 1, s: 2 })).toThrow(/expected texts for feature "s"/);
  expect(() => space([1] as never)).toThrow(/values by name/);
  expect(() => new FeatureSpace({})).toThrow(ValueError);
  expect(() => new FeatureSpace({ a: "floats" as "float" })).toThrow(/invalid type of feature "a"/);
  expect(() => new FeatureSpace({ a: "float" }, { crosses: [["a", "b"]] })).toThrow(/crosses of features/);
  expect(() => new FeatureSpace({ a: "float" }, { outputMode: "list" as "dict" })).toThrow(ValueError);
  const ints = new FeatureSpace({ a: FeatureSpace.integerHashed(4, { outputMode: "int" }), b: "float" });
  expect(() => ints({ a: 1, b: 2 })).toThrow(/cannot be concatenated/);
  const odd = new FeatureSpace({ a: FeatureSpace.feature("float32", new Dense(1), "one_hot") });
  expect(() => odd({ a: 1 })).toThrow(/must give whole numbers/);
});

test("a space is saved with all that it has learned, and comes back", async () => {
  const space = new FeatureSpace(kinds, { crosses });
  await space.adapt(fromArrays(table), quiet);
  const parts: Uint8Array<ArrayBuffer>[] = [];
  await space.save(new WritableStream({ write: (part) => void parts.push(part.slice()) }));
  const again = await FeatureSpace.load(new Blob(parts));
  expect(again(table).arraySync()).toEqual(space(table).arraySync());
  expect(again.getConfig()).toEqual(space.getConfig());
  await expect(space.save("/tmp/space.json")).rejects.toThrow(ValueError);
  const model = new Sequential([Input([1]), new Dense(1)]);
  const others: Uint8Array<ArrayBuffer>[] = [];
  await model.save(new WritableStream({ write: (part) => void others.push(part.slice()) }));
  await expect(FeatureSpace.load(new Blob(others))).rejects.toThrow(/holds no FeatureSpace|Unknown class/);
});
