// What augmentation layers draw and choose; their arithmetic is compared with Keras in test/parity.
import { expect, test } from "vitest";
import { type Tensor, tensor } from "../../../../engine/index.ts";
import * as ops from "../../../ops/index.ts";
import type { BoundingBoxes } from "../../../utils/bounding_boxes/index.ts";
import {
  AugMix,
  CutMix,
  deserialize,
  type ImageBatch,
  MaxNumBoundingBoxes,
  MixUp,
  RandAugment,
  RandomColorJitter,
  RandomElasticTransform,
  RandomErasing,
  RandomGaussianBlur,
  RandomGrayscale,
  RandomHue,
  RandomInvert,
  RandomPerspective,
  RandomPosterization,
  RandomSaturation,
  RandomSharpness,
  RandomShear,
  Solarization,
  serialize,
} from "../../index.ts";

const images = (...shape: number[]): Tensor => {
  const size = shape.reduce((a, b) => a * b, 1);
  return tensor(
    Float32Array.from({ length: size }, (_, i) => (i * 37) % 251),
    { shape },
  );
};

const largest = (x: Tensor): number => ops.max(ops.abs(x)).item();
const numbers = (x: unknown): number[] => [...(x as Tensor).dataSync()];
const mean = (x: readonly number[]): number => x.reduce((a, b) => a + b, 0) / x.length;

test("what is drawn lies in the ranges of the factors", () => {
  const x = images(2000, 2, 2, 3);
  const inRange = (values: readonly number[], low: number, high: number): void => {
    expect(Math.min(...values)).toBeGreaterThanOrEqual(low - 1e-6);
    expect(Math.max(...values)).toBeLessThanOrEqual(high + 1e-6);
    expect(Math.abs(mean(values) - (low + high) / 2)).toBeLessThan(0.05 * (high - low));
  };
  inRange(numbers(new RandomSharpness([0.2, 0.6]).getRandomTransformation(x)!.factor), 0.2, 0.6);
  inRange(numbers(new RandomHue([0, 0.5]).getRandomTransformation(x)!.factor), -0.25, 0.25);
  const { additions, thresholds } = new Solarization({
    additionFactor: 0.2,
    thresholdFactor: 0.4,
  }).getRandomTransformation(x)!;
  inRange(numbers(additions), 0, 51);
  inRange(numbers(thresholds), 0, 102);
  const { shearFactor } = new RandomShear({ xFactor: 0.5, yFactor: [0.1, 0.3] }).getRandomTransformation(x)!;
  inRange(numbers((shearFactor as Tensor).at([], 0)), -0.5, 0.5);
  const y = numbers((shearFactor as Tensor).at([], 1));
  inRange(y.map(Math.abs), 0.1, 0.3);
  expect(Math.abs(y.filter((v) => v < 0).length - 1000)).toBeLessThan(120);
  // f / (1 - f)
  const saturation = numbers(new RandomSaturation([0.25, 0.75]).getRandomTransformation(x)!.factor);
  inRange(
    saturation.map((v) => v / (1 + v)),
    0.25,
    0.75,
  );
  const kept = numbers(new RandomPosterization([2, 5]).getRandomTransformation(x)!.shiftFactor).map(
    (s) => 8 - s,
  );
  expect(new Set(kept)).toEqual(new Set([2, 3, 4]));
});

test.each([
  [
    "RandomGrayscale",
    () => numbers(new RandomGrayscale({ factor: 0.3 }).getRandomTransformation(images(2000, 1, 1, 3))!),
  ],
  [
    "RandomInvert",
    () =>
      numbers(
        new RandomInvert({ factor: [0.3, 0.3] }).getRandomTransformation(images(2000, 1, 1, 3))!
          .applyInversion,
      ),
  ],
  [
    "RandomGaussianBlur",
    () =>
      numbers(
        new RandomGaussianBlur({ factor: [0.3, 0.3] }).getRandomTransformation(images(2000, 1, 1, 3))!
          .shouldApplyBlur,
      ),
  ],
  [
    "RandomErasing",
    () =>
      numbers(
        new RandomErasing({ factor: [0.3, 0.3] }).getRandomTransformation(images(2000, 1, 1, 3))!
          .applyErasing,
      ),
  ],
  [
    "RandomPerspective",
    () =>
      numbers(
        new RandomPerspective({ factor: [0.3, 0.3] }).getRandomTransformation(images(2000, 2, 2, 3))!
          .applyPerspective,
      ),
  ],
])("%s happens as often as its factor says", (_, draw) => {
  expect(Math.abs(mean(draw()) - 0.3)).toBeLessThan(0.04);
});

test("rectangles cover the part that was drawn, inside of the image", () => {
  for (const dataFormat of ["channels_last", "channels_first"] as const) {
    const erasing = new RandomErasing({ factor: [1, 1], scale: [0.25, 0.25], fillValue: 0, dataFormat });
    const shape = dataFormat === "channels_last" ? [40, 20, 12, 2] : [40, 2, 20, 12];
    const out = erasing(ops.ones(shape));
    const covered = 1 - numbers(out).reduce((a, b) => a + b, 0) / out.size;
    // Half of the height times half of the width.
    expect(covered).toBeCloseTo(0.25, 5);
  }
});

test("CutMix mixes labels as it mixes areas, with another image of the batch", () => {
  const count = 16;
  const x = ops.broadcastTo(ops.arange(count).reshape(count, 1, 1, 1).astype("float32"), [count, 32, 32, 1]);
  const layer = new CutMix({ seed: 4 });
  const out: ImageBatch<Tensor> = layer({
    images: x,
    labels: ops.eye(count),
    segmentationMasks: x.astype("int32"),
  });
  const [pixels, labels] = [numbers(out.images), out.labels!.arraySync() as number[][]];
  expect(out.segmentationMasks!.dtype).toBe("int32");
  expect(largest(out.segmentationMasks!.astype("float32").subtract(out.images))).toBe(0);
  labels.forEach((label, i) => {
    const own = pixels.slice(i * 1024, (i + 1) * 1024).filter((v) => v === i).length / 1024;
    expect(label.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
    // Pixels are whole, areas are not.
    expect(Math.abs(label[i]! - own)).toBeLessThan(0.08);
  });
  expect(() => layer.transformBoundingBoxes({ boxes: [[[0, 0, 1, 1]]] })).toThrow("CutMix does not know");
  const single = images(4, 4, 1);
  expect(largest(layer(single).subtract(single))).toBe(0);
});

test("MixUp mixes images and labels alike and keeps the boxes of both", () => {
  const layer = new MixUp({ alpha: 1, seed: 3, boundingBoxFormat: "xyxy" });
  const x = ops.arange(8).reshape(8, 1, 1, 1).astype("float32");
  const out: ImageBatch<Tensor> = layer({
    images: x,
    labels: x.reshape(8, 1),
    boundingBoxes: { boxes: ops.ones([8, 2, 4]), labels: ops.ones([8, 2]) },
  });
  expect(largest(out.images.reshape(8).subtract(out.labels!.reshape(8)))).toBeLessThan(1e-6);
  expect(out.boundingBoxes!.boxes.shape).toEqual([8, 4, 4]);
  expect(out.boundingBoxes!.labels!.shape).toEqual([8, 4]);
  expect(() => new MixUp({ alpha: 0 })).toThrow("expected alpha to be a positive number");
});

test("elastic transformations move masks as they move images", () => {
  const layer = new RandomElasticTransform({
    factor: [1, 1],
    interpolation: "nearest",
    fillMode: "nearest",
    seed: 2,
  });
  const x = ops.floor(images(2, 24, 24, 1).divide(50));
  const out: ImageBatch<Tensor> = layer({ images: x, segmentationMasks: x.astype("int32") });
  expect(largest(out.images.subtract(x))).toBeGreaterThan(0);
  expect(largest(out.segmentationMasks!.astype("float32").subtract(out.images))).toBe(0);
});

/** The box around what is not 0. */
function around(image: Tensor): number[] {
  const [, height = 0, width = 0] = image.shape;
  const at = numbers(image).flatMap((v, i) =>
    v > 0.5 ? [[i % width, Math.floor(i / width) % height] as const] : [],
  );
  const [xs, ys] = [at.map(([x]) => x), at.map(([, y]) => y)];
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs) + 1, Math.max(...ys) + 1];
}

test.each([
  [
    "shear to the right",
    () =>
      new RandomShear({ xFactor: [0.25, 0.25], fillMode: "constant", boundingBoxFormat: "xyxy", seed: 1 }),
  ],
  [
    "shear down",
    () =>
      new RandomShear({ yFactor: [0.25, 0.25], fillMode: "constant", boundingBoxFormat: "xyxy", seed: 2 }),
  ],
  ["perspective", () => new RandomPerspective({ scale: 0.4, boundingBoxFormat: "xyxy", seed: 5 })],
])("boxes go with the pixels: %s", (_, make) => {
  const mask = Float32Array.from({ length: 400 }, (_v, i) => {
    const [x, y] = [i % 20, Math.floor(i / 20)];
    return Number(x >= 6 && x < 13 && y >= 5 && y < 11);
  });
  const layer = make();
  const out: ImageBatch<Tensor> = layer({
    images: tensor(mask, { shape: [1, 20, 20, 1] }),
    boundingBoxes: { boxes: [[[6, 5, 13, 11]]], labels: [[2]] },
  });
  const { boxes, labels } = out.boundingBoxes as BoundingBoxes<Tensor>;
  const seen = around(out.images);
  numbers(boxes).forEach((v, i) => {
    expect(Math.abs(v - seen[i]!)).toBeLessThanOrEqual(1.6);
  });
  expect(numbers(labels)).toEqual([2]);
});

test("color jitter is its four layers, one after the other", () => {
  const x = images(2, 4, 4, 3);
  const factors = {
    brightnessFactor: 0.2,
    contrastFactor: 0.3,
    saturationFactor: [0.3, 0.6],
    hueFactor: 0.2,
  } as const;
  const layer = new RandomColorJitter({ ...factors, seed: 1 });
  const t = layer.getRandomTransformation(x)!;
  let expected = layer.randomBrightness!.transformImages(x, t.brightness!);
  expected = layer.randomContrast!.transformImages(expected, t.contrast!);
  expected = layer.randomSaturation!.transformImages(expected, t.saturation!);
  expected = layer.randomHue!.transformImages(expected, t.hue!);
  expect(largest(layer.transformImages(x, t).subtract(expected))).toBeLessThan(1e-3);
});

test("RandAugment applies the layers that were drawn, in order", () => {
  const x = images(2, 6, 6, 3);
  const layer = new RandAugment({ seed: 6, numOps: 2, boundingBoxFormat: "xyxy" });
  const names = Object.keys(layer.augmentations);
  expect(names.length).toBe(11);
  const drawn = layer.getRandomTransformation(x)!;
  for (const chosen of [
    ["randomTranslation", "solarization"],
    ["equalization", "randomContrast"],
  ]) {
    const t = { ...drawn, layerIdxes: chosen.map((name) => names.indexOf(name)) };
    const expected = chosen.reduce(
      (now, name) => layer.augmentations[name]!.transformImages(now, t.transforms[name] ?? null),
      x,
    );
    expect(largest(layer.transformImages(x, t).subtract(expected))).toBeLessThan(1e-3);
  }
  const t = { ...drawn, layerIdxes: [names.indexOf("autoContrast"), names.indexOf("randomTranslation")] };
  const boxes = { boxes: [[[1, 1, 3, 3]], [[2, 2, 4, 4]]], labels: [[1], [2]] };
  const want = layer.augmentations.randomTranslation!.transformBoundingBoxes(
    boxes,
    t.transforms.randomTranslation,
  );
  const moved = layer.transformBoundingBoxes(boxes, t);
  expect(largest(moved.boxes.subtract(want.boxes))).toBeLessThan(1e-5);
  const out: ImageBatch<Tensor> = layer({
    images: x,
    boundingBoxes: boxes,
    segmentationMasks: x.at([], [], [], [0, 1]),
  });
  expect([out.images.shape, out.segmentationMasks!.shape]).toEqual([
    [2, 6, 6, 3],
    [2, 6, 6, 1],
  ]);
});

test("AugMix mixes chains of layers, by weights whose sum is 1", () => {
  const x = images(2, 5, 5, 3);
  const layer = new AugMix({ seed: 6, numChains: 2, chainDepth: 2, allOps: false });
  const names = Object.keys(layer.augmentations);
  expect(names.length).toBe(7);
  const drawn = layer.getRandomTransformation(x)!;
  const weights = numbers(drawn.chainMixingWeights);
  expect(weights.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
  const chains = [["randomShear", "solarization"], ["autoContrast"]];
  const none = names.length;
  const t = {
    ...drawn,
    layerIdxes: chains.map((chain) =>
      [0, 1].map((i) => (chain[i] === undefined ? none : names.indexOf(chain[i]))),
    ),
  };
  // The transformation of one chain and one step.
  const pick = (name: string, chain: number, step: number): unknown =>
    t.transforms[name] === null
      ? null
      : Object.fromEntries(
          Object.entries(t.transforms[name] as object).map(([key, v]) => [
            key,
            Array.isArray(v) || typeof v === "number" ? v : (v as Tensor).at(chain, step),
          ]),
        );
  const versions = chains.map((chain, i) =>
    chain.reduce((now, name, j) => layer.augmentations[name]!.transformImages(now, pick(name, i, j)), x),
  );
  const share = (drawn.weightSample as Tensor).item();
  const mixed = versions.map((v, i) => v.multiply(weights[i]!)).reduce((a, b) => a.add(b));
  const expected = x.multiply(share).add(mixed.multiply(1 - share));
  expect(largest(layer.transformImages(x, t).subtract(ops.clip(expected, 0, 255)))).toBeLessThan(1e-2);
  expect(layer(x).shape).toEqual([2, 5, 5, 3]);
});

test("each image gets the same number of boxes", () => {
  const layer = new MaxNumBoundingBoxes(2, { fillValue: -7, boundingBoxFormat: "xyxy" });
  const boxes = ops.ones([1, 3, 4]);
  const few = layer.transformBoundingBoxes({ boxes, labels: [[1, 2, 3]] });
  expect([few.boxes.shape, few.labels!.arraySync()]).toEqual([[1, 2, 4], [[1, 2]]]);
  const more = layer.transformBoundingBoxes({ boxes: ops.ones([1, 1, 4]), labels: [[1]] });
  expect(more.boxes.arraySync()).toEqual([
    [
      [1, 1, 1, 1],
      [-7, -7, -7, -7],
    ],
  ]);
  expect(more.labels!.arraySync()).toEqual([[1, -7]]);
  const copy = deserialize(serialize(layer)) as unknown as MaxNumBoundingBoxes;
  expect([copy.maxNumber, copy.fillValue]).toEqual([2, -7]);
});

test("what cannot be is refused", () => {
  expect(() => new RandomHue(-0.5)).toThrow("RandomHue: expected factor");
  expect(() => new RandomShear({ xFactor: -0.5 })).toThrow("RandomShear: expected xFactor");
  expect(() => new RandomPosterization(9)).toThrow("RandomPosterization: expected factor");
  expect(() => new RandomGaussianBlur({ kernelSize: 4 })).toThrow("odd number");
  expect(() => new RandomErasing({ fillValue: [1, 2] as unknown as number })).toThrow("expected fillValue");
  expect(() => new RandomGrayscale({ factor: 2 })).toThrow("RandomGrayscale: expected factor");
  expect(() => new RandomPerspective({ scale: 2 })).toThrow("RandomPerspective: expected scale");
  expect(() => new RandAugment({ numOps: 0 })).toThrow("RandAugment: expected numOps");
  expect(() => new MaxNumBoundingBoxes(0)).toThrow("MaxNumBoundingBoxes: expected maxNumber");
  expect(() => new RandomElasticTransform({ fillMode: "none" as "wrap" })).toThrow("expected fillMode");
});
