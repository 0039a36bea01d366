// The numbers are what keras.utils.bounding_boxes of Keras 3.15.1 gives.
import { expect, test } from "vitest";
import { type NestedArray, type Tensor, tensor } from "../../../engine/index.ts";
import { type BoundingBoxFormat, boundingBoxFormats } from "./formats.ts";
import * as bb from "./index.ts";

const boxes = [
  [
    [1, 2, 4, 6],
    [0.5, 3, 7, 9],
  ],
];
const size = { height: 10, width: 8 };

const flat = (x: NestedArray): number[] => [x].flat(9) as number[];

function expectNumbers(actual: Tensor, expected: NestedArray): void {
  const want = flat(expected);
  expect(actual.size).toBe(want.length);
  actual.dataSync().forEach((value, i) => {
    expect(Math.abs(value - want[i]!), `element ${i}: ${value}, expected ${want[i]}`).toBeLessThan(2e-5);
  });
}

const inFormats: { readonly [F in BoundingBoxFormat]: NestedArray } = {
  xyxy: [1, 2, 4, 6, 0.5, 3, 7, 9],
  yxyx: [2, 1, 6, 4, 3, 0.5, 9, 7],
  xywh: [1, 2, 3, 4, 0.5, 3, 6.5, 6],
  center_xywh: [2.5, 4, 3, 4, 3.75, 6, 6.5, 6],
  center_yxhw: [4, 2.5, 4, 3, 6, 3.75, 6, 6.5],
  rel_xyxy: [0.125, 0.2, 0.5, 0.6, 0.0625, 0.3, 0.875, 0.9],
  rel_yxyx: [0.2, 0.125, 0.6, 0.5, 0.3, 0.0625, 0.9, 0.875],
  rel_xywh: [0.125, 0.2, 0.375, 0.4, 0.0625, 0.3, 0.8125, 0.6],
  rel_center_xywh: [0.3125, 0.4, 0.375, 0.4, 0.46875, 0.6, 0.8125, 0.6],
};

test.each(boundingBoxFormats)("boxes go from %s to all formats", (source) => {
  const given = bb.convertFormat(boxes, "xyxy", source, size);
  expectNumbers(given, inFormats[source]);
  for (const target of boundingBoxFormats) {
    expectNumbers(bb.convertFormat(given, source, target, size), inFormats[target]);
  }
});

test("a format is known in any case, others are refused, relative ones need a size", () => {
  expectNumbers(bb.convertFormat(boxes, "XYXY" as "xyxy", "xywh"), inFormats.xywh);
  expect(() => bb.convertFormat(boxes, "xyhw" as "xyxy", "xywh")).toThrow("expected source to be one of");
  expect(() => bb.convertFormat(boxes, "xyxy", "rel_xyxy")).toThrow("needs height and width");
  expect(() => bb.convertFormat([[1, 2, 3]], "xyxy", "xywh")).toThrow("last axis of length 4");
});

test("boxes are cut at the borders, and lose their label where nothing is left", () => {
  const given = {
    boxes: [
      [
        [-1, 2, 4, 12],
        [9, 9, 11, 11],
      ],
    ],
    labels: [[3, 4]],
  };
  const cut = bb.clipToImageSize(given, size);
  expectNumbers(cut.boxes, [0, 2, 4, 10, 8, 9, 8, 10]);
  expectNumbers(cut.labels!, [3, -1]);
  expect(() => bb.clipToImageSize(given)).toThrow("needs height and width");
  expect(() => bb.clipToImageSize(given, { boundingBoxFormat: "xywh" as "xyxy" })).toThrow(
    "boundingBoxFormat",
  );
});

test("boxes are turned, moved, scaled and sheared", () => {
  const turned = bb.affineTransform(boxes, [30], [0.1], [-0.2], [1.5], [10], [-5], 10, 8);
  expectNumbers(turned, [-3.27257, -1.84009, 4.95134, 5.68455, -3.03074, -3.19763, 12.20777, 9.81664]);
  const center = { centerX: 0.25, centerY: 0.75 };
  const around = bb.affineTransform(boxes, [-60], [0], [0.3], [0.7], [0], [20], 10, 8, center);
  expectNumbers(around, [0.30538, 5.93462, 3.78025, 8.65286, -1.68828, 5.69717, 4.22403, 11.24174]);
});

test("boxes of cut and padded images", () => {
  expectNumbers(bb.crop(boxes, 2, 1, 5, 4), [0, 0, 3, 4, 0, 1, 4, 5]);
  expectNumbers(bb.pad(boxes, 2, 1), [2, 4, 5, 8, 1.5, 5, 8, 11]);
});

const anchors = [
  [0, 0, 4, 4],
  [1, 2, 8, 9],
];
const variance = [0.1, 0.1, 0.2, 0.2];

test.each([
  ["center_yxhw", [5, 1.25, 0, -1.43841, 0.71429, -1.07143, -0.77075, -0.37054]],
  ["center_xywh", [1.25, 5, -1.43841, 0, -1.07143, 0.71429, -0.37054, -0.77075]],
] as const)("boxes become distances from anchors and back: %s", (format, expected) => {
  const options = { variance };
  const deltas = bb.encodeBoxToDeltas(anchors, boxes, "xyxy", "xyxy", { ...options, encodingFormat: format });
  expectNumbers(deltas, expected);
  const decoding = { ...options, encodedFormat: format };
  const decoded = bb.decodeDeltasToBoxes(anchors, deltas, "xyxy", "xywh", decoding);
  expectNumbers(decoded, inFormats.xywh);
  const levels = bb.decodeDeltasToBoxes({ p3: anchors }, { p3: deltas }, "xyxy", "xywh", decoding);
  expectNumbers(levels.p3, inFormats.xywh);
});

test("distances from relative anchors", () => {
  const relative = tensor(anchors).divide(10);
  const deltas = bb.encodeBoxToDeltas(relative, boxes, "rel_xyxy", "xyxy", { imageShape: [10, 8, 3] });
  expectNumbers(deltas, [0.5, 0.28125, 0, -0.06454, 0.07143, 0.02679, -0.15415, 0.14904]);
  expect(() =>
    bb.encodeBoxToDeltas(anchors, boxes, "xyxy", "xyxy", { encodingFormat: "xywh" as "center_xywh" }),
  ).toThrow("encodingFormat");
  expect(() => bb.encodeBoxToDeltas(anchors, boxes, "xyxy", "xyxy", { variance: [1] })).toThrow("length 4");
});

const others = [
  [
    [1, 1, 3, 3],
    [0, 0, 9, 9],
    [-1, -1, -1, -1],
  ],
];

test("intersection over union", () => {
  expectNumbers(bb.computeIou(boxes, others, "xyxy"), [0.14286, 0.14815, 0, 0, 0.48148, 0]);
  const masked = bb.computeIou(boxes, others, "xyxy", { useMasking: true });
  expectNumbers(masked, [0.14286, 0.14815, -1, 0, 0.48148, -1]);
  const center = bb.computeIou(boxes[0]!, others[0]!, "center_xywh");
  expectNumbers(center, [0.375, 0.26506, 0, 0.14286, 0.41176, 0]);
  const [a, b] = [tensor(boxes[0]!).divide(10), tensor(others[0]!).divide(10)];
  const relative = bb.computeIou(a, b, "rel_xyxy", { imageShape: [10, 8, 3] });
  expectNumbers(relative, [0.14286, 0.14815, 0, 0, 0.48148, 0]);
  expect(() => bb.computeIou(a, b, "rel_xyxy")).toThrow("needs imageShape");
  expect(() => bb.computeIou([1, 2, 3, 4], others, "xyxy")).toThrow("expected boxes1 of shape");
});

test("complete intersection over union", () => {
  expectNumbers(bb.computeCiou(boxes[0]!, others[0]!.slice(0, 2), "xyxy"), [0.01778, 0.46412]);
  expectNumbers(bb.computeCiou(boxes, [others[0]!.slice(0, 2)], "xywh"), [0.1219, 0.37059]);
  expect(() => bb.computeCiou(boxes, boxes, "rel_xyxy")).toThrow("not relative");
});
