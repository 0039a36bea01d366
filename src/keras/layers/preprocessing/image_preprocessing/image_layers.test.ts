// What image layers draw, when they do anything, and that labels, boxes and masks go with the images.
import { expect, test } from "vitest";
import { jit, type Tensor, tensor } from "../../../../engine/index.ts";
import { Sequential } from "../../../models/index.ts";
import * as ops from "../../../ops/index.ts";
import type { BoundingBoxes } from "../../../utils/bounding_boxes/index.ts";
import {
  CenterCrop,
  deserialize,
  Flatten,
  type ImageBatch,
  Pipeline,
  RandomBrightness,
  RandomContrast,
  RandomCrop,
  RandomFlip,
  RandomRotation,
  RandomTranslation,
  RandomZoom,
  Rescaling,
  serialize,
} from "../../index.ts";

const images = (...shape: number[]): Tensor => {
  const size = shape.reduce((a, b) => a * b, 1);
  return tensor(
    Float32Array.from({ length: size }, (_, i) => (i * 37) % 251),
    { shape },
  );
};

const same = (a: Tensor, b: Tensor): boolean => ops.all(ops.equal(a, b)).item() === 1;

test("half of the images are flipped, in both directions at once", () => {
  const x = images(1, 2, 2, 1);
  const many = ops.tile(x, [1000, 1, 1, 1]);
  const flipped = new RandomFlip({ seed: 3 })(many).reshape(1000, 4).arraySync() as number[][];
  const [a, b, c, d] = x.flatten().arraySync() as number[];
  const both = flipped.filter((row) => row.join() === [d, c, b, a].join()).length;
  const none = flipped.filter((row) => row.join() === [a, b, c, d].join()).length;
  expect(both + none).toBe(1000);
  expect(Math.abs(both - 500)).toBeLessThan(60);
});

test("numbers are drawn evenly from the whole range, one for each image", () => {
  const x = ops.full([2000, 1, 1, 2], 100);
  const layer = new RandomBrightness([-0.1, 0.3], { seed: 1 });
  const out = layer(x).subtract(100).reshape(2000, 2);
  expect(same(out.at([], 0), out.at([], 1))).toBe(true);
  const delta = (out.at([], 0).arraySync() as number[]).map((v) => v / 255);
  expect(Math.min(...delta)).toBeGreaterThanOrEqual(-0.1001);
  expect(Math.max(...delta)).toBeLessThanOrEqual(0.3001);
  const mean = delta.reduce((p, q) => p + q) / 2000;
  const variance = delta.reduce((p, q) => p + (q - mean) ** 2, 0) / 2000;
  expect(mean).toBeCloseTo(0.1, 1.5);
  expect(variance).toBeCloseTo(0.4 ** 2 / 12, 2);
  const { translations } = new RandomTranslation(0.5, [0, 0.25]).getRandomTransformation(
    images(500, 8, 4, 1),
  )!;
  const [right, down] = [0, 1].map((i) => (translations as Tensor).at([], i).arraySync() as number[]);
  expect(Math.min(...right!)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...right!)).toBeLessThanOrEqual(1);
  expect(Math.max(...down!)).toBeGreaterThan(3);
  expect(Math.min(...down!)).toBeLessThan(-3);
  expect(Math.max(...down!.map(Math.abs))).toBeLessThanOrEqual(4);
});

test("each call draws anew, the same seed draws the same", () => {
  const x = images(4, 6, 6, 2);
  const make = (): RandomRotation => new RandomRotation(0.4, { seed: 11 });
  const [a, b] = [make(), make()];
  const first = a(x);
  expect(same(first, b(x))).toBe(true);
  expect(same(first, a(x))).toBe(false);
});

test("it is training unless someone says otherwise", () => {
  const x = images(2, 4, 4, 1);
  const layer = new RandomBrightness([0.2, 0.2]);
  expect(same(layer(x), x)).toBe(false);
  expect(same(layer.apply(x, { training: false }), x)).toBe(true);
  const model = new Sequential([layer]);
  expect(same(model.apply(x, { training: false }), x)).toBe(true);
  expect(layer.getRandomTransformation(x, { training: false })).toBeNull();
});

test("a compiled function draws anew each time", () => {
  const layer = new RandomContrast([0.5, 0.5], { seed: 5 });
  const x = images(2, 3, 3, 1);
  const run = jit((t: Tensor) => layer.apply(t, { training: true }));
  expect(same(run(x), run(x))).toBe(false);
});

/** An image that is 1 inside of boxes and 0 elsewhere. */
function draw(box: readonly [number, number, number, number], height: number, width: number): Tensor {
  const [x1, y1, x2, y2] = box;
  const pixel = (i: number): number => {
    const [row, column] = [Math.floor(i / width), i % width];
    return Number(column >= x1 && column < x2 && row >= y1 && row < y2);
  };
  return tensor(
    Float32Array.from({ length: height * width }, (_, i) => pixel(i)),
    { shape: [1, height, width, 1] },
  );
}

/** The box around what is not 0. */
function around(image: Tensor): number[] {
  const [, height = 0, width = 0] = image.shape;
  const [rows, columns]: [number[], number[]] = [[], []];
  image.dataSync().forEach((v, i) => {
    if (v === 0) return;
    rows.push(Math.floor(i / width) % height);
    columns.push(i % width);
  });
  return [Math.min(...columns), Math.min(...rows), Math.max(...columns) + 1, Math.max(...rows) + 1];
}

const box = [2, 1, 5, 3] as const;
const options = { interpolation: "nearest", fillMode: "constant" } as const;

test.each([
  ["flip", (o: object) => new RandomFlip({ seed: 1, ...o })],
  ["horizontal flip", (o: object) => new RandomFlip({ mode: "horizontal", seed: 1, ...o })],
  ["translation", (o: object) => new RandomTranslation([-0.125, -0.125], [0.25, 0.25], { ...options, ...o })],
  [
    "translation out of the image",
    (o: object) => new RandomTranslation([-0.25, -0.25], [0.5, 0.5], { ...options, ...o }),
  ],
  ["crop", (o: object) => new RandomCrop(6, 7, { seed: 8, ...o })],
])("boxes and masks go with the pixels: %s", (_, make) => {
  const image = draw(box, 8, 8);
  for (const [format, given, back] of [
    ["xyxy", [...box], (b: number[]) => b],
    ["xywh", [2, 1, 3, 2], ([x, y, w, h]: number[]) => [x, y, x! + w!, y! + h!]],
  ] as const) {
    const layer = make({ boundingBoxFormat: format });
    const data = {
      images: image,
      labels: [7],
      boundingBoxes: { boxes: [[given]], labels: [[4]] },
      segmentationMasks: image.astype("int32"),
    };
    const out: ImageBatch<Tensor> = layer(data as unknown as ImageBatch);
    const { boxes, labels } = out.boundingBoxes as BoundingBoxes<Tensor>;
    const moved = back((boxes.arraySync() as number[][][])[0]![0]!) as number[];
    const expected = around(out.images);
    moved.forEach((v, i) => {
      expect(v).toBeCloseTo(expected[i]!, 4);
    });
    expect(labels!.arraySync()).toEqual([[4]]);
    expect(out.labels!.arraySync()).toEqual([7]);
    expect(out.segmentationMasks!.dtype).toBe("int32");
    expect(same(out.segmentationMasks!.astype("float32"), out.images)).toBe(true);
  }
});

test("boxes turn and zoom with the pixels", () => {
  const image = draw(box, 9, 9);
  const data = { images: image, boundingBoxes: { boxes: [[[...box]]], labels: [[4]] } };
  const where = (layer: RandomRotation | RandomZoom): readonly [number[], number[]] => {
    const out: ImageBatch<Tensor> = layer(data as unknown as ImageBatch);
    const { boxes } = out.boundingBoxes as BoundingBoxes<Tensor>;
    return [(boxes.arraySync() as number[][][])[0]![0]!, around(out.images)];
  };
  const xyxy = { ...options, boundingBoxFormat: "xyxy" } as const;
  // Keras turns boxes around the middle of pixels' centres: 1 off, where a side was the last one.
  const [turned, seen] = where(new RandomRotation([0.25, 0.25], xyxy));
  turned.forEach((v, i) => {
    expect(Math.abs(v - seen[i]!)).toBeLessThanOrEqual(1.001);
  });
  const [zoomed, bigger] = where(new RandomZoom([-0.5, -0.5], xyxy));
  zoomed.forEach((v, i) => {
    expect(Math.abs(v - bigger[i]!)).toBeLessThanOrEqual(1.001);
  });
});

test("a single image comes with its own label, boxes and mask", () => {
  const layer = new RandomTranslation(0, [0.5, 0.5], { ...options, boundingBoxFormat: "xyxy" });
  const out = layer({
    images: [[[1], [2], [3], [4]]],
    labels: 3,
    boundingBoxes: { boxes: [[0, 0, 2, 1]], labels: [1] },
    segmentationMasks: tensor(Int32Array.of(5, 6, 7, 8), { shape: [1, 4, 1] }),
  });
  expect(out.images.arraySync()).toEqual([[[0], [0], [1], [2]]]);
  expect(out.labels?.item()).toBe(3);
  expect(out.boundingBoxes?.boxes.arraySync()).toEqual([[2, 0, 4, 1]]);
  expect(out.boundingBoxes?.labels?.arraySync()).toEqual([1]);
  expect(out.segmentationMasks?.arraySync()).toEqual([[[0], [0], [5], [6]]]);
});

test("what cannot be is refused", () => {
  expect(() => new RandomFlip({ mode: "diagonal" as "vertical" })).toThrow("RandomFlip: expected mode");
  expect(() => new RandomRotation(2)).toThrow("RandomRotation: expected factor");
  expect(() => new RandomZoom(-1)).toThrow("RandomZoom: expected heightFactor");
  expect(() => new RandomTranslation(0, [0, 1.5])).toThrow("RandomTranslation: expected widthFactor");
  expect(() => new RandomZoom(0.1, { fillMode: "mirror" as "wrap" })).toThrow("expected fillMode");
  expect(() => new RandomContrast(0.1, { valueRange: [1] as unknown as [0, 1] })).toThrow("valueRange");
  expect(() => new RandomCrop(0, 1)).toThrow("RandomCrop: expected size");
  const layer = new RandomFlip();
  expect(() => layer([[1, 2]])).toThrow("expected an image of 3 axes");
  const boxes = { images: images(1, 2, 2, 1), boundingBoxes: { boxes: [[[0, 0, 1, 1]]], labels: [[1]] } };
  expect(() => layer(boxes)).toThrow("made without a boundingBoxFormat");
});

test("a pipeline passes training on, and comes back from its config with the seeds of its layers", () => {
  const x = images(2, 4, 4, 1);
  const pipeline = new Pipeline([
    new Rescaling(1 / 255),
    new RandomBrightness(0.3, { valueRange: [0, 1], seed: 2 }),
  ]);
  const copy = deserialize(serialize(pipeline));
  expect(same(pipeline(x), copy.apply(x) as Tensor)).toBe(true);
  const still = pipeline.apply(x, { training: false });
  expect(same(still, x.multiply(1 / 255))).toBe(true);
  expect(() => new Pipeline([])).toThrow("Pipeline: expected an array of layers");
  const model = new Sequential([new Pipeline([new CenterCrop(2, 2)]), new Flatten()]);
  expect(model.apply(x).shape).toEqual([2, 4]);
});
