// What every layer must do, one table row for each: come back from its config, know its shapes, compute in its dtype, have
// the right gradient, heed `training`, pass masks on as it says, compute the same on every backend.
import { afterEach, describe, expect, test } from "vitest";
import {
  type DType,
  getThreads,
  gradients,
  isFloat,
  jit,
  multiply,
  setBackend,
  setThreads,
  Tensor,
  tensor,
  treeLeaves,
  treeMap,
} from "../src/engine/index.ts";
import { KerasTensor, type ShapeTree } from "../src/keras/backend/keras_tensor.ts";
import { getKerasMask, setKerasMask } from "../src/keras/backend/masking.ts";
import * as L from "../src/keras/layers/index.ts";
import { SeedGenerator } from "../src/keras/random/index.ts";

interface Row {
  readonly make: (own: never) => L.AnyLayer;
  /** The inputs: shapes, or whole numbers below a limit; several are a list. */
  readonly inputs: readonly Input[];
  /** What differs while training: numbers are drawn, or only known while training. Default: nothing. */
  readonly training?: "draws" | "changes";
  /** Options of calls. */
  readonly call?: Readonly<Record<string, unknown>>;
  /** Why the gradient is not what finite differences say. */
  readonly noGradient?: string;
  /** Why it cannot compute in another dtype than the default one. */
  readonly oneDType?: string;
  /** How the inputs are nested. Default: one alone, several in a list. */
  readonly nest?: (inputs: readonly Tensor[]) => unknown;
  /** How far a result in half precision may be off, of the largest. Default 0.02. */
  readonly half?: number;
}

type Input = readonly number[] | { readonly below: number; readonly shape: readonly number[] };

const below = (limit: number, ...shape: number[]): Input => ({ below: limit, shape });

/** A row of a layer that is made with options only. */
const row = (make: (own: never) => unknown, inputs: readonly Input[], more: Partial<Row> = {}): Row => ({
  make: make as Row["make"],
  inputs,
  ...more,
});

const steps = "whole numbers and steps have no gradient";
const images = [[2, 4, 5, 3]] as const;
const seed = 7;
const draws = { training: "draws" } as const;

const rows: Readonly<Record<string, Row>> = {
  Activation: row((o) => new L.Activation("tanh", o), [[2, 3]]),
  ELU: row((o) => new L.ELU(o), [[2, 3]]),
  LeakyReLU: row((o) => new L.LeakyReLU(o), [[2, 3]]),
  PReLU: row((o) => new L.PReLU(o), [[2, 3]]),
  ReLU: row((o) => new L.ReLU(o), [[2, 3]]),
  Softmax: row((o) => new L.Softmax(o), [[2, 3]]),
  AdditiveAttention: row(
    (o) => new L.AdditiveAttention(o),
    [
      [2, 3, 4],
      [2, 5, 4],
    ],
  ),
  Attention: row(
    (o: object) => new L.Attention({ ...o, useScale: true }),
    [
      [2, 3, 4],
      [2, 5, 4],
    ],
  ),
  GroupQueryAttention: row(
    (o) => new L.GroupQueryAttention(3, 4, 2, o),
    [
      [2, 3, 4],
      [2, 5, 4],
    ],
  ),
  MultiHeadAttention: row(
    (o) => new L.MultiHeadAttention(2, 3, o),
    [
      [2, 3, 4],
      [2, 5, 4],
    ],
  ),
  Conv1D: row((o) => new L.Conv1D(4, 2, o), [[2, 5, 3]]),
  Conv2D: row((o: object) => new L.Conv2D(4, 2, { ...o, padding: "same" }), images),
  Conv3D: row((o) => new L.Conv3D(2, 2, o), [[1, 3, 3, 3, 2]]),
  Conv1DTranspose: row((o: object) => new L.Conv1DTranspose(4, 2, { ...o, strides: 2 }), [[2, 5, 3]]),
  Conv2DTranspose: row((o) => new L.Conv2DTranspose(2, 2, o), images),
  Conv3DTranspose: row((o) => new L.Conv3DTranspose(2, 2, o), [[1, 2, 2, 2, 2]]),
  DepthwiseConv1D: row((o) => new L.DepthwiseConv1D(2, o), [[2, 5, 3]]),
  DepthwiseConv2D: row((o) => new L.DepthwiseConv2D(2, o), images),
  SeparableConv1D: row((o) => new L.SeparableConv1D(4, 2, o), [[2, 5, 3]]),
  SeparableConv2D: row((o) => new L.SeparableConv2D(4, 2, o), images),
  Dense: row((o: object) => new L.Dense(4, { ...o, activation: "gelu" }), [[2, 3]]),
  EinsumDense: row(
    (o: object) => new L.EinsumDense("abc,cd->abd", [null, 4], { ...o, biasAxes: "d" }),
    [[2, 3, 5]],
  ),
  Embedding: row((o) => new L.Embedding(6, 3, o), [below(6, 2, 4)]),
  ReversibleEmbedding: row((o) => new L.ReversibleEmbedding(6, 3, o), [below(6, 2, 4)]),
  Identity: row((o) => new L.Identity(o), [[2, 3]]),
  Masking: row((o) => new L.Masking(o), [[2, 3, 2]]),
  TernaryDense: row((o: object) => new L.TernaryDense(3, { ...o, threshold: 0.1 }), [[2, 3]], {
    noGradient: "its gradient is that of the kernel before it is cut to -1, 0 and 1",
  }),
  Add: row(
    (o) => new L.Add(o),
    [
      [2, 3],
      [2, 3],
    ],
  ),
  Average: row(
    (o) => new L.Average(o),
    [
      [2, 3],
      [2, 3],
    ],
  ),
  Concatenate: row(
    (o) => new L.Concatenate(o),
    [
      [2, 3],
      [2, 2],
    ],
  ),
  Dot: row(
    (o) => new L.Dot(1, o),
    [
      [2, 3],
      [2, 3],
    ],
  ),
  Maximum: row(
    (o) => new L.Maximum(o),
    [
      [2, 3],
      [2, 3],
    ],
  ),
  Minimum: row(
    (o) => new L.Minimum(o),
    [
      [2, 3],
      [2, 3],
    ],
  ),
  Multiply: row(
    (o) => new L.Multiply(o),
    [
      [2, 3],
      [2, 3],
    ],
  ),
  Subtract: row(
    (o) => new L.Subtract(o),
    [
      [2, 3],
      [2, 3],
    ],
  ),
  BatchNormalization: row((o) => new L.BatchNormalization(o), [[4, 3]], { training: "changes", half: 0.05 }),
  GroupNormalization: row((o: object) => new L.GroupNormalization({ ...o, groups: 2 }), [[2, 3, 4]]),
  LayerNormalization: row((o) => new L.LayerNormalization(o), [[2, 5]]),
  RMSNormalization: row((o) => new L.RMSNormalization(o), [[2, 5]]),
  SpectralNormalization: row((o) => new L.SpectralNormalization(new L.Dense(3, o), o), [[2, 4]], {
    training: "changes",
    noGradient: "while training the kernel is replaced by the normalized one, and that is what is trained",
  }),
  UnitNormalization: row((o) => new L.UnitNormalization(o), [[2, 5]]),
  AdaptiveAveragePooling1D: row((o) => new L.AdaptiveAveragePooling1D(3, o), [[2, 5, 2]]),
  AdaptiveAveragePooling2D: row((o) => new L.AdaptiveAveragePooling2D([2, 3], o), images),
  AdaptiveAveragePooling3D: row((o) => new L.AdaptiveAveragePooling3D(2, o), [[1, 3, 3, 3, 1]]),
  AdaptiveMaxPooling1D: row((o) => new L.AdaptiveMaxPooling1D(3, o), [[2, 5, 2]]),
  AdaptiveMaxPooling2D: row((o) => new L.AdaptiveMaxPooling2D([2, 3], o), images),
  AdaptiveMaxPooling3D: row((o) => new L.AdaptiveMaxPooling3D(2, o), [[1, 3, 3, 3, 1]]),
  AveragePooling1D: row((o: object) => new L.AveragePooling1D({ ...o, padding: "same" }), [[2, 5, 2]]),
  AveragePooling2D: row((o) => new L.AveragePooling2D(o), images),
  AveragePooling3D: row((o) => new L.AveragePooling3D(o), [[1, 3, 3, 3, 1]]),
  MaxPooling1D: row((o: object) => new L.MaxPooling1D({ ...o, padding: "same" }), [[2, 5, 2]]),
  MaxPooling2D: row((o) => new L.MaxPooling2D(o), images),
  MaxPooling3D: row((o) => new L.MaxPooling3D(o), [[1, 3, 3, 3, 1]]),
  GlobalAveragePooling1D: row((o) => new L.GlobalAveragePooling1D(o), [[2, 5, 2]]),
  GlobalAveragePooling2D: row((o) => new L.GlobalAveragePooling2D(o), images),
  GlobalAveragePooling3D: row((o) => new L.GlobalAveragePooling3D(o), [[1, 3, 3, 3, 1]]),
  GlobalMaxPooling1D: row((o) => new L.GlobalMaxPooling1D(o), [[2, 5, 2]]),
  GlobalMaxPooling2D: row((o) => new L.GlobalMaxPooling2D(o), images),
  GlobalMaxPooling3D: row((o) => new L.GlobalMaxPooling3D(o), [[1, 3, 3, 3, 1]]),
  CategoryEncoding: row((o: object) => new L.CategoryEncoding({ ...o, numTokens: 4 }), [below(4, 2, 3)]),
  CenterCrop: row((o) => new L.CenterCrop(2, 3, o), images),
  Discretization: row((o: object) => new L.Discretization({ ...o, binBoundaries: [-0.5, 0, 1] }), [[2, 3]], {
    noGradient: steps,
    half: 1.1,
  }),
  AugMix: row(
    (o: object) => new L.AugMix({ ...o, seed, numChains: 1, chainDepth: 1, allOps: false }),
    images,
    draws,
  ),
  AutoContrast: row((o: object) => new L.AutoContrast({ ...o, valueRange: [-3, 3] }), images),
  ContrastLimitedAdaptiveHistogramEqualization: row(
    (o: object) =>
      new L.ContrastLimitedAdaptiveHistogramEqualization({ ...o, valueRange: [-3, 3], tileGridSize: [2, 2] }),
    images,
    { noGradient: steps, half: 0.2 },
  ),
  CutMix: row((o: object) => new L.CutMix({ ...o, seed }), images, draws),
  Equalization: row((o: object) => new L.Equalization({ ...o, valueRange: [-3, 3] }), images, {
    training: "changes",
    noGradient: steps,
    half: 0.2,
  }),
  MaxNumBoundingBoxes: row((o) => new L.MaxNumBoundingBoxes(2, o), images),
  MixUp: row((o: object) => new L.MixUp({ ...o, seed }), images, draws),
  RandAugment: row((o: object) => new L.RandAugment({ ...o, seed, numOps: 1 }), images, {
    ...draws,
    noGradient: steps,
  }),
  RandomBrightness: row(
    (o: object) => new L.RandomBrightness(0.5, { ...o, seed, valueRange: [-4, 4] }),
    images,
    draws,
  ),
  RandomColorDegeneration: row(
    (o: object) => new L.RandomColorDegeneration(0.5, { ...o, seed, valueRange: [-4, 4] }),
    images,
    draws,
  ),
  RandomColorJitter: row(
    (o: object) => new L.RandomColorJitter({ ...o, seed, brightnessFactor: 0.4, valueRange: [-4, 4] }),
    images,
    draws,
  ),
  RandomContrast: row(
    (o: object) => new L.RandomContrast(0.5, { ...o, seed, valueRange: [-9, 9] }),
    images,
    draws,
  ),
  RandomCrop: row((o: object) => new L.RandomCrop(2, 3, { ...o, seed }), images, draws),
  RandomElasticTransform: row(
    (o: object) => new L.RandomElasticTransform({ ...o, seed, valueRange: [-4, 4], factor: [1, 1] }),
    images,
    draws,
  ),
  RandomErasing: row(
    (o: object) => new L.RandomErasing({ ...o, seed, factor: [1, 1], fillValue: 1 }),
    images,
    draws,
  ),
  RandomFlip: row((o: object) => new L.RandomFlip({ ...o, seed }), images, draws),
  RandomGaussianBlur: row(
    (o: object) => new L.RandomGaussianBlur({ ...o, seed, factor: [1, 1], valueRange: [-4, 4] }),
    images,
    draws,
  ),
  RandomGrayscale: row((o: object) => new L.RandomGrayscale({ ...o, seed, factor: 1 }), images, draws),
  RandomHue: row((o: object) => new L.RandomHue(0.5, { ...o, seed, valueRange: [-4, 4] }), images, {
    ...draws,
    half: 0.1,
  }),
  RandomInvert: row(
    (o: object) => new L.RandomInvert({ ...o, seed, factor: [1, 1], valueRange: [-4, 4] }),
    images,
    draws,
  ),
  RandomPerspective: row(
    (o: object) => new L.RandomPerspective({ ...o, seed, factor: [1, 1] }),
    images,
    draws,
  ),
  RandomPosterization: row(
    (o: object) => new L.RandomPosterization(3, { ...o, seed, valueRange: [-4, 4] }),
    images,
    {
      ...draws,
      noGradient: steps,
      half: 0.6,
    },
  ),
  RandomRotation: row((o: object) => new L.RandomRotation(0.3, { ...o, seed }), images, draws),
  RandomSaturation: row((o: object) => new L.RandomSaturation([0.2, 0.4], { ...o, seed }), images, {
    ...draws,
    half: 0.1,
  }),
  RandomSharpness: row(
    (o: object) => new L.RandomSharpness(0.4, { ...o, seed, valueRange: [-4, 4] }),
    images,
    draws,
  ),
  RandomShear: row((o: object) => new L.RandomShear({ ...o, seed, xFactor: 0.4 }), images, draws),
  RandomTranslation: row((o: object) => new L.RandomTranslation(0.3, 0.3, { ...o, seed }), images, draws),
  RandomZoom: row((o: object) => new L.RandomZoom(0.4, { ...o, seed }), images, draws),
  Solarization: row((o: object) => new L.Solarization({ ...o, seed, valueRange: [-4, 4] }), images, {
    training: "changes",
  }),
  MelSpectrogram: row(
    (o: object) =>
      new L.MelSpectrogram({
        ...o,
        fftLength: 8,
        sequenceStride: 4,
        numMelBins: 3,
        samplingRate: 800,
        powerToDb: false,
      }),
    [[2, 20]],
  ),
  Normalization: row((o: object) => new L.Normalization({ ...o, mean: 0.5, variance: 4 }), [[2, 3]]),
  Pipeline: row(
    (o: object) => new L.Pipeline([new L.Rescaling(0.5, o), new L.RandomFlip({ ...o, seed })]),
    images,
    {
      ...draws,
      oneDType: "its layers have their own",
    },
  ),
  Rescaling: row((o: object) => new L.Rescaling(0.5, { ...o, offset: 1 }), [[2, 3]]),
  Resizing: row((o) => new L.Resizing(3, 2, o), images),
  STFTSpectrogram: row(
    (o: object) => new L.STFTSpectrogram({ ...o, mode: "magnitude", frameLength: 4, frameStep: 2 }),
    [[2, 10, 2]],
  ),
  ActivityRegularization: row((o: object) => new L.ActivityRegularization({ ...o, l2: 0.1 }), [[2, 3]]),
  AlphaDropout: row((o: object) => new L.AlphaDropout(0.5, { ...o, seed }), [[2, 6]], draws),
  Dropout: row((o: object) => new L.Dropout(0.5, { ...o, seed }), [[2, 6]], draws),
  GaussianDropout: row((o: object) => new L.GaussianDropout(0.5, { ...o, seed }), [[2, 6]], draws),
  GaussianNoise: row((o: object) => new L.GaussianNoise(0.5, { ...o, seed }), [[2, 6]], draws),
  SpatialDropout1D: row((o: object) => new L.SpatialDropout1D(0.5, { ...o, seed }), [[2, 3, 4]], draws),
  SpatialDropout2D: row((o: object) => new L.SpatialDropout2D(0.5, { ...o, seed }), images, draws),
  SpatialDropout3D: row((o: object) => new L.SpatialDropout3D(0.5, { ...o, seed }), [[2, 2, 2, 2, 4]], draws),
  Cropping1D: row((o: object) => new L.Cropping1D({ ...o, cropping: 1 }), [[2, 5, 2]]),
  Cropping2D: row((o: object) => new L.Cropping2D({ ...o, cropping: 1 }), images),
  Cropping3D: row((o: object) => new L.Cropping3D({ ...o, cropping: 1 }), [[1, 3, 3, 3, 1]]),
  Flatten: row((o) => new L.Flatten(o), [[2, 3, 4]]),
  Permute: row((o) => new L.Permute([2, 1], o), [[2, 3, 4]]),
  RepeatVector: row((o) => new L.RepeatVector(3, o), [[2, 4]]),
  Reshape: row((o) => new L.Reshape([4, 3], o), [[2, 3, 4]]),
  UpSampling1D: row((o) => new L.UpSampling1D(o), [[2, 3, 4]]),
  UpSampling2D: row((o: object) => new L.UpSampling2D({ ...o, interpolation: "bilinear" }), images),
  UpSampling3D: row((o) => new L.UpSampling3D(o), [[1, 2, 2, 2, 1]]),
  ZeroPadding1D: row((o) => new L.ZeroPadding1D(o), [[2, 3, 4]]),
  ZeroPadding2D: row((o) => new L.ZeroPadding2D(o), images),
  ZeroPadding3D: row((o) => new L.ZeroPadding3D(o), [[1, 2, 2, 2, 1]]),
  Bidirectional: row((o) => new L.Bidirectional(new L.GRU(2, o), o), [[2, 3, 4]]),
  ConvLSTM1D: row((o: object) => new L.ConvLSTM1D(2, 2, { ...o, dropout: 0.3, seed }), [[2, 3, 4, 2]], draws),
  ConvLSTM2D: row((o: object) => new L.ConvLSTM2D(2, 2, { ...o, returnSequences: true }), [[1, 2, 3, 3, 2]]),
  ConvLSTM3D: row((o) => new L.ConvLSTM3D(1, 2, o), [[1, 2, 2, 2, 2, 1]]),
  GRU: row((o: object) => new L.GRU(3, { ...o, recurrentDropout: 0.4, seed }), [[2, 3, 4]], draws),
  GRUCell: row(
    (o) => new L.GRUCell(3, o),
    [
      [2, 4],
      [2, 3],
    ],
  ),
  LSTM: row((o: object) => new L.LSTM(3, { ...o, returnSequences: true }), [[2, 3, 4]]),
  LSTMCell: row(
    (o) => new L.LSTMCell(3, o),
    [
      [2, 4],
      [2, 3],
      [2, 3],
    ],
    { nest: ([x, ...states]) => [x, states] },
  ),
  RNN: row((o: object) => new L.RNN(new L.LSTMCell(3, o), { ...o, returnState: true }), [[2, 3, 4]]),
  SimpleRNN: row((o: object) => new L.SimpleRNN(3, { ...o, goBackwards: true }), [[2, 3, 4]]),
  SimpleRNNCell: row(
    (o) => new L.SimpleRNNCell(3, o),
    [
      [2, 4],
      [2, 3],
    ],
  ),
  StackedRNNCells: row(
    (o) => new L.StackedRNNCells([new L.GRUCell(3, o), new L.SimpleRNNCell(2, o)], o),
    [
      [2, 4],
      [2, 3],
      [2, 2],
    ],
    { nest: ([x, ...states]) => [x, states] },
  ),
  TimeDistributed: row((o) => new L.TimeDistributed(new L.Dense(3, o), o), [[2, 3, 4]]),
};

/** Classes that are no layers of their own, or that have tests of their own. */
const elsewhere: Readonly<Record<string, string>> = {
  Layer: "the base of all",
  Wrapper: "a base",
  InputLayer: "is never called; test/parity/models.test.ts",
  Lambda: "runs a function of the caller's; core/lambda_layer.test.ts",
  HashedCrossing: "takes tokens; preprocessing/token_layers.test.ts",
  Hashing: "takes tokens; preprocessing/token_layers.test.ts",
  IntegerLookup: "takes tokens; preprocessing/token_layers.test.ts",
  StringLookup: "takes strings; preprocessing/token_layers.test.ts",
  TextVectorization: "takes strings; preprocessing/token_layers.test.ts",
};

/** Numbers that look random, none near another's kink. */
function numbers(size: number, from: number): Float64Array {
  return Float64Array.from(
    { length: size },
    (_, i) => 1.7 * Math.sin(12.9898 * (i + 1) + 78.233 * (from + 1)) + 0.01,
  );
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

function inputsOf({ inputs, nest }: Row, dtype: DType): unknown {
  const tensors = inputs.map((input, i) => {
    if (!("below" in input)) return tensor(numbers(sizeOf(input), i), { shape: input, dtype });
    const whole = numbers(sizeOf(input.shape), i).map((x) => Math.floor(Math.abs(x) * 97) % input.below);
    return tensor(whole, { shape: input.shape, dtype: "int32" });
  });
  return nest?.(tensors) ?? (tensors.length === 1 ? tensors[0] : tensors);
}

const shapesOf = (x: unknown): ShapeTree => treeMap((t) => (t as Tensor).shape, x) as ShapeTree;

/** A layer that is built, its weights far from 0 and its sources of random numbers at their beginning. */
function ready({ make }: Row, x: unknown, dtype: string): L.AnyLayer {
  const layer = make({ dtype } as never);
  if (!layer.built) layer.build(shapesOf(x));
  layer.setWeights(
    layer.weights.map((v, i) => {
      if (!isFloat(v.dtype)) return v.value;
      const values = numbers(
        v.shape.reduce((a, b) => a * b, 1),
        i + 9,
      ).map((n) => 0.4 * n);
      const positive = v.name.includes("variance") ? values.map((n) => n * n + 0.5) : values;
      return tensor(positive, { shape: v.shape, dtype: v.dtype });
    }),
  );
  return layer;
}

const isTraining = (r: Row): boolean => r.training !== undefined;

const run = (layer: L.AnyLayer, r: Row, x: unknown, training: boolean): Tensor[] =>
  treeLeaves(layer.apply(x as Tensor, { ...r.call, training })) as Tensor[];

function expectNear(actual: readonly Tensor[], expected: readonly Tensor[], rtol: number): void {
  expect(actual.map((t) => t.shape)).toEqual(expected.map((t) => t.shape));
  actual.forEach((t, k) => {
    const [got, want] = [[...t.astype("float64").dataSync()], [...expected[k]!.astype("float64").dataSync()]];
    const largest = Math.max(...want.map(Math.abs), 1e-3);
    got.forEach((v, i) => {
      expect(Math.abs(v - want[i]!) / largest, `element ${i}: ${v}, expected ${want[i]}`).toBeLessThanOrEqual(
        rtol,
      );
    });
  });
}

const numbersIn = (tensors: readonly Tensor[]): number[] => tensors.flatMap((t) => [...t.dataSync()]);

afterEach(() => {
  setBackend("wasm");
});

test("every layer has a row", () => {
  const classes = Object.entries(L).filter(
    ([, x]) => typeof x === "function" && (x === L.Layer || x.prototype instanceof L.Layer),
  );
  const names = new Set(classes.map(([, x]) => x.name.replace(/^_+/, "")));
  const known = [...Object.keys(rows), ...Object.keys(elsewhere)];
  expect([...names].filter((name) => !known.includes(name))).toEqual([]);
  expect(known.filter((name) => !(name in L))).toEqual([]);
});

describe.each(Object.entries(rows))("%s", (name, r) => {
  test("comes back from its config and computes the same", () => {
    const x = inputsOf(r, "float32");
    const layer = ready(r, x, "float32");
    expect(layer).toBeInstanceOf((L as unknown as Record<string, new () => object>)[name]!);
    const written = JSON.parse(JSON.stringify(L.serialize(layer))) as ReturnType<typeof L.serialize>;
    const copy = L.deserialize(written);
    expect(JSON.parse(JSON.stringify(L.serialize(copy)))).toEqual(written);
    if (!copy.built) copy.build(shapesOf(x));
    copy.setWeights(layer.weights.map((v) => v.value));
    const training = isTraining(r);
    expect(numbersIn(run(copy, r, x, training))).toEqual(numbersIn(run(layer, r, x, training)));
  });

  test("knows its shapes and dtypes without data", () => {
    const x = inputsOf(r, "float32");
    const [batch] = (treeLeaves(x) as Tensor[])[0]!.shape;
    const symbols = treeMap((t) => {
      const { shape, dtype } = t as Tensor;
      return new KerasTensor([null, ...shape.slice(1)], { dtype });
    }, x);
    const symbolic = treeLeaves(
      r.make({} as never).apply(symbols as KerasTensor, { ...r.call }),
    ) as KerasTensor[];
    const real = run(ready(r, x, "float32"), r, x, name === "RandomCrop");
    expect(symbolic.map((t) => t.dtype)).toEqual(real.map((t) => t.dtype));
    symbolic.forEach((t, k) => {
      const { shape } = real[k]!;
      expect(t.shape.map((n, i) => (n === null && (i > 0 || shape[0] === batch) ? shape[i] : n))).toEqual(
        shape,
      );
    });
  });

  test.skipIf(r.oneDType !== undefined)("computes in float64 and in half precision", () => {
    const training = isTraining(r);
    const x = inputsOf(r, "float32");
    const expected = run(ready(r, x, "float32"), r, x, training);
    for (const [policy, dtype, rtol] of [
      ["float64", "float64", 1e-4],
      ["mixed_float16", "float16", r.half ?? 0.02],
    ] as const) {
      const own = inputsOf(r, policy === "float64" ? "float64" : "float32");
      const layer = ready(r, own, policy);
      const actual = run(layer, r, own, training);
      for (const t of actual) if (isFloat(t.dtype)) expect(t.dtype).toBe(dtype);
      for (const v of layer.weights) {
        if (isFloat(v.dtype)) expect(v.dtype).toBe(policy === "float64" ? "float64" : "float32");
      }
      expectNear(actual, expected, rtol);
    }
  });

  test.skipIf(r.noGradient !== undefined || r.oneDType !== undefined)(
    "has the gradient of finite differences",
    () => {
      const given = inputsOf(r, "float64");
      const layer = ready(r, given, "float64");
      const before = layer.variables.map((v) => v.value);
      const reset = (): void => {
        layer.variables.forEach((v, i) => {
          v.assign(before[i]!);
        });
      };
      const inputs = treeLeaves(given) as Tensor[];
      const program = jit((list: readonly Tensor[]) => {
        let i = 0;
        const x = treeMap(() => list[i++]!, given);
        const outputs = run(layer, r, x, isTraining(r)).filter((t) => isFloat(t.dtype));
        const loss = outputs
          .map((t, k) =>
            multiply(t, tensor(numbers(t.size, k + 5), { shape: t.shape, dtype: t.dtype })).sum(),
          )
          .reduce((a, b) => a.add(b));
        const of = [...list.filter((t) => isFloat(t.dtype)), ...layer.trainableWeights.map((v) => v.value)];
        return { loss, gradients: gradients(loss, of) };
      });
      const first = program(inputs);
      const floats = inputs.filter((t) => isFloat(t.dtype));
      // One direction for all: each number counts with a weight of its own.
      const directions = first.gradients.map((g, k) =>
        tensor(numbers(g.size, k + 31), { shape: g.shape, dtype: "float64" }),
      );
      const slope = first.gradients
        .map((g, k) => multiply(g, directions[k]!).sum().item())
        .reduce((a, b) => a + b, 0);
      const at = (step: number): number => {
        reset();
        let k = 0;
        const moved = inputs.map((t) => (isFloat(t.dtype) ? t.add(directions[k++]!.multiply(step)) : t));
        layer.trainableWeights.forEach((v, i) => {
          v.assign(v.value.add(directions[floats.length + i]!.multiply(step)));
        });
        return program(moved).loss.item();
      };
      const h = 1e-5;
      const measured = (at(h) - at(-h)) / (2 * h);
      expect(Math.abs(measured - slope) / Math.max(1, Math.abs(measured))).toBeLessThan(2e-5);
    },
  );

  test("heeds whether it is training", () => {
    const x = inputsOf(r, "float32");
    const twice = [true, false].map((training) => numbersIn(run(ready(r, x, "float32"), r, x, training)));
    expect(twice.flat().every((v) => Number.isFinite(v))).toBe(true);
    if (isTraining(r)) expect(twice[0]).not.toEqual(twice[1]);
    else expect(twice[0]).toEqual(twice[1]);
    const held = Object.values(ready(r, x, "float32"));
    if (r.training === "draws" && held.some((v) => v instanceof SeedGenerator)) {
      const layer = ready(r, x, "float32");
      const [a, b] = [run(layer, r, x, true), run(layer, r, x, true)].map(numbersIn);
      if (!["RandomGrayscale", "RandomInvert", "CutMix"].includes(name)) expect(a).not.toEqual(b);
    }
  });

  test("passes masks on as it says", () => {
    const x = inputsOf(r, "float32");
    const [first] = treeLeaves(x) as Tensor[];
    // Masks are of samples and steps.
    if (first!.ndim < 3) return;
    const mask = tensor(
      Uint8Array.from({ length: first!.shape[0]! * first!.shape[1]! }, (_, i) => Number(i % 3 > 0)),
      {
        shape: first!.shape.slice(0, 2),
        dtype: "bool",
      },
    );
    for (const t of treeLeaves(x) as Tensor[]) {
      if (t.shape[1] === mask.shape[1]) setKerasMask(t, mask);
    }
    const layer = ready(r, x, "float32");
    const outputs = run(layer, r, x, false);
    const masks = outputs.map((t) => getKerasMask(t));
    if (!layer.supportsMasking) {
      // Images that stay as they are keep what is attached to them.
      masks.forEach((m, i) => {
        if (outputs[i] !== first) expect(m).toBeUndefined();
      });
      return;
    }
    const said = treeLeaves(
      layer.computeMask(x as Tensor, treeMap((t) => getKerasMask(t as Tensor) ?? null, x) as Tensor) ?? null,
    );
    masks.forEach((m, i) => {
      const want = said[i] instanceof Tensor ? said[i].arraySync() : undefined;
      expect(m === undefined ? undefined : m.arraySync()).toEqual(want);
    });
  });

  test("computes the same on the reference backend", () => {
    const x = inputsOf(r, "float32");
    const expected = run(ready(r, x, "float32"), r, x, isTraining(r));
    const values = expected.map((t) => t.dataSync());
    setBackend("reference");
    const again = inputsOf(r, "float32");
    const actual = run(ready(r, again, "float32"), r, again, isTraining(r));
    setBackend("wasm");
    expectNear(
      actual,
      expected.map((t, i) => tensor(values[i]!, { shape: t.shape, dtype: t.dtype })),
      1e-5,
    );
  });
});

/** Layers on inputs that are worth sharing among threads. */
const large: Readonly<Record<string, Row>> = {
  Dense: row((o) => new L.Dense(128, o), [[64, 128]]),
  EinsumDense: row((o) => new L.EinsumDense("abc,cd->abd", [null, 64], o), [[16, 16, 64]]),
  Conv2D: row((o) => new L.Conv2D(16, 3, o), [[8, 24, 24, 4]]),
  Conv2DTranspose: row((o) => new L.Conv2DTranspose(8, 3, o), [[8, 16, 16, 8]]),
  SeparableConv2D: row((o) => new L.SeparableConv2D(16, 3, o), [[8, 24, 24, 8]]),
  MaxPooling2D: row((o) => new L.MaxPooling2D(o), [[8, 32, 32, 16]]),
  BatchNormalization: row((o) => new L.BatchNormalization(o), [[512, 64]], { training: "changes" }),
  LayerNormalization: row((o) => new L.LayerNormalization(o), [[512, 64]]),
  MultiHeadAttention: row(
    (o) => new L.MultiHeadAttention(4, 16, o),
    [
      [8, 32, 64],
      [8, 32, 64],
    ],
  ),
  LSTM: row((o) => new L.LSTM(64, o), [[32, 8, 64]]),
  ConvLSTM2D: row((o) => new L.ConvLSTM2D(8, 3, o), [[4, 3, 16, 16, 4]]),
  Dropout: row((o: object) => new L.Dropout(0.3, { ...o, seed }), [[512, 128]], draws),
  RandomRotation: row((o: object) => new L.RandomRotation(0.3, { ...o, seed }), [[8, 32, 32, 3]], draws),
};

test("outputs and gradients have the same bits on one thread and on two", { timeout: 60_000 }, async () => {
  const threads = getThreads();
  try {
    const bits = (of: readonly Row[]): Uint8Array[] =>
      of.map((r) => {
        const x = inputsOf(r, "float32");
        const layer = ready(r, x, "float32");
        const inputs = treeLeaves(x) as Tensor[];
        const program = jit((list: readonly Tensor[]) => {
          const given = list.length === 1 ? list[0]! : list;
          const outputs = run(layer, r, given, isTraining(r));
          const loss = multiply(outputs[0]!, outputs[0]!).sum();
          return [...outputs, ...gradients(loss, [...list, ...layer.trainableWeights.map((v) => v.value)])];
        });
        const results = program(inputs);
        return new Uint8Array(results.flatMap((t) => [...new Uint8Array(t.dataSync().slice().buffer)]));
      });
    setThreads(1);
    const one = bits(Object.values(large));
    setThreads(2);
    // The first call starts the other thread.
    bits([large.Dense!]);
    await new Promise((resolve) => setTimeout(resolve, 300));
    bits(Object.values(large)).forEach((two, i) => {
      const at = two.findIndex((byte, k) => byte !== one[i]![k]);
      expect(at, `${Object.keys(large)[i]}: first byte that differs`).toBe(-1);
      expect(two.length).toBe(one[i]!.length);
    });
  } finally {
    setThreads(threads);
  }
});
