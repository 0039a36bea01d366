// Masks are Keras 3.15.1's, lines OpenCV 4.6's.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { DTypeError, ShapeError, ValueError } from "../../engine/index.ts";
import { np, visualization } from "../../index.ts";
import type { AxesImage } from "../../pyplot/index.ts";
import { drawRectangle, drawText } from "./canvas.ts";

const folder = mkdtempSync(join(tmpdir(), "tsuno-gallery-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** What is drawn on a black image, a character for each pixel. */
function drawn(
  height: number,
  width: number,
  draw: (canvas: Parameters<typeof drawText>[0]) => void,
): string[] {
  const data = new Uint8Array(height * width);
  draw({ data, start: 0, height, width, channels: 1 });
  return Array.from({ length: height }, (_, row) =>
    Array.from(data.subarray(row * width, (row + 1) * width), (value) => (value > 0 ? "#" : ".")).join(""),
  );
}

describe("lines", () => {
  // Rows and columns that cv2.rectangle(image, (8, 8), (16, 17), 255, thickness) draws on, through the middle.
  test.each([
    [1, [8, 17], [8, 16]],
    [2, [7, 8, 9, 16, 17, 18], [7, 8, 9, 15, 16, 17]],
    [3, [6, 7, 8, 9, 10, 15, 16, 17, 18, 19], [6, 7, 8, 9, 10, 14, 15, 16, 17, 18]],
    [4, [6, 7, 8, 9, 10, 15, 16, 17, 18, 19], [6, 7, 8, 9, 10, 14, 15, 16, 17, 18]],
    [
      5,
      [5, 6, 7, 8, 9, 10, 11, 14, 15, 16, 17, 18, 19, 20],
      [5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 16, 17, 18, 19],
    ],
  ])("%i thick are as thick as OpenCV's", (thickness, rows, columns) => {
    const image = drawn(24, 24, (canvas) => drawRectangle(canvas, [8, 8, 16, 17], [255], thickness));
    const marks = (line: string): number[] => [...line].flatMap((mark, i) => (mark === "#" ? [i] : []));
    expect(marks(image.map((row) => row[12]!).join(""))).toEqual(rows);
    expect(marks(image[12]!)).toEqual(columns);
  });

  test("have round corners, and end at the border", () => {
    const corner = drawn(12, 12, (canvas) => drawRectangle(canvas, [3, 3, 20, 20], [255], 3));
    expect(corner.slice(0, 4)).toEqual(["............", "...#########", "..##########", ".###########"]);
  });

  test("write as OpenCV does", () => {
    const image = drawn(24, 42, (canvas) => drawText(canvas, "A4", 0, 22, 1, [255], 1));
    expect(image).toEqual([
      "..........................................",
      ".........#.....................#..........",
      ".........#....................##..........",
      "........#.#...................##..........",
      "........#.#..................#.#..........",
      ".......#...#................#..#..........",
      ".......#...#...............#...#..........",
      ".......#...#...............#...#..........",
      "......#.....#.............#....#..........",
      "......#.....#............#.....#..........",
      "......#.....#............#.....#..........",
      ".....#.......#..........#......#..........",
      ".....#.......#.........#.......#..........",
      "....#.........#.......#........#..........",
      "....#.........#.......#........#..........",
      "....###########......################.....",
      "...#...........#...............#..........",
      "...#...........#...............#..........",
      "...#...........#...............#..........",
      "..#.............#..............#..........",
      "..#.............#..............#..........",
      ".#...............#.............#..........",
      ".#...............#.............#..........",
      "..........................................",
    ]);
  });
});

describe("drawBoundingBoxes", () => {
  const boxes = {
    boxes: [
      [
        [1, 1, 4, 3],
        [0, 0, 2, 2],
      ],
    ],
    labels: [[0, -1]],
  };

  test("draws the boxes that are there, from any format and any kind of numbers", () => {
    const options = { color: [10, 20, 30], lineThickness: 1 } as const;
    const bright = visualization.drawBoundingBoxes(np.ones([1, 6, 6, 3]), boxes, "xyxy", options);
    expect([bright.dtype, bright.shape]).toEqual(["uint8", [1, 6, 6, 3]]);
    const red = (image: typeof bright): number[][] =>
      Array.from({ length: 6 }, (_, row) =>
        Array.from({ length: 6 }, (_, col) => image.dataSync()[(row * 6 + col) * 3]!),
      );
    const [w, b] = [255, 10];
    expect(red(bright)).toEqual([
      [w, w, w, w, w, w],
      [w, b, b, b, b, w],
      [w, b, w, w, b, w],
      [w, b, b, b, b, w],
      [w, w, w, w, w, w],
      [w, w, w, w, w, w],
    ]);
    const wide = {
      boxes: [
        [
          [1, 1, 3, 2],
          [0, 0, 2, 2],
        ],
      ],
      labels: [[0, -1]],
    };
    const bytes = np.full([1, 6, 6, 3], 255, { dtype: "uint8" });
    expect(red(visualization.drawBoundingBoxes(bytes, wide, "xywh", options))).toEqual(red(bright));
  });

  test("writes names and how sure they are", () => {
    const one = { boxes: [[[2, 2, 60, 37]]], labels: [[3]], confidences: [[0.876]] };
    const ink = (classMapping: Record<number, string>): number =>
      visualization
        .drawBoundingBoxes(np.zeros([1, 40, 64, 3]), one, "xyxy", { classMapping, fontScale: 0.4 })
        .dataSync()
        .filter((value) => value === 128).length;
    const plain = ink({});
    expect(ink({ 3: "i" })).toBeGreaterThan(plain + 100);
    expect(ink({ 2: "dog" })).toBe(plain);
    expect(ink({ 3: "dog" })).toBeGreaterThan(ink({ 3: "i" }));
  });

  test("refuses what does not fit", () => {
    const draw =
      (images: never, given: never, options = {}) =>
      () =>
        visualization.drawBoundingBoxes(images, given, "xyxy", options);
    const image = np.zeros([1, 6, 6, 3]) as never;
    expect(draw(np.zeros([6, 6, 3]) as never, boxes as never)).toThrow(ShapeError);
    expect(draw(image, [[1, 2, 3, 4]] as never)).toThrow("an object with boxes and labels");
    expect(draw(image, { ...boxes, labels: [[0]] } as never)).toThrow(ShapeError);
    expect(draw(image, boxes as never, { color: [1, 2] })).toThrow(ValueError);
    expect(draw(image, boxes as never, { thickness: 2 })).toThrow(ValueError);
  });
});

describe("drawSegmentationMasks", () => {
  const images = np.arange(24).reshape([2, 2, 2, 3]).astype("float32").multiply(10);
  const masks = np.array(
    [
      [
        [0, 1],
        [2, -1],
      ],
      [
        [1, 1],
        [0, 2],
      ],
    ],
    { dtype: "int32" },
  );

  test("mixes Keras's colours, or those given", () => {
    expect(visualization.drawSegmentationMasks(images, masks).arraySync()).toEqual([
      [
        [
          [0, 2, 4],
          [6, 109, 34],
        ],
        [
          [13, 217, 65],
          [90, 100, 110],
        ],
      ],
      [
        [
          [24, 127, 52],
          [30, 133, 58],
        ],
        [
          [36, 38, 40],
          [43, 247, 95],
        ],
      ],
    ]);
    const colorMapping = { 0: [255, 0, 0], 1: [0, 255, 0], 2: [0, 0, 255] } as const;
    const given = visualization.drawSegmentationMasks(images, masks.reshape([2, 2, 2, 1]), {
      alpha: 0.3,
      colorMapping,
      ignoreIndex: 1,
      numClasses: 3,
    });
    expect(given.arraySync()).toEqual([
      [
        [
          [76, 7, 14],
          [30, 40, 50],
        ],
        [
          [42, 49, 132],
          [90, 100, 110],
        ],
      ],
      [
        [
          [120, 130, 140],
          [150, 160, 170],
        ],
        [
          [202, 133, 140],
          [147, 154, 237],
        ],
      ],
    ]);
  });

  test("or covers with them", () => {
    const covered = visualization.drawSegmentationMasks(images, masks, { blend: false });
    expect(covered.dtype).toBe("float32");
    expect(covered.arraySync()).toEqual([
      [
        [
          [0, 0, 0],
          [1, 127, 31],
        ],
        [
          [2, 254, 62],
          [90, 100, 110],
        ],
      ],
      [
        [
          [1, 127, 31],
          [1, 127, 31],
        ],
        [
          [0, 0, 0],
          [2, 254, 62],
        ],
      ],
    ]);
  });

  test("refuses floats, other shapes and missing colours", () => {
    expect(() => visualization.drawSegmentationMasks(images, np.zeros([2, 2, 2]))).toThrow(DTypeError);
    expect(() =>
      visualization.drawSegmentationMasks(images, np.zeros([2, 2, 3], { dtype: "int32" })),
    ).toThrow(ShapeError);
    expect(() =>
      visualization.drawSegmentationMasks(images, masks, { colorMapping: { 0: [1, 2, 3] } }),
    ).toThrow("There is none for 1");
    expect(() => visualization.drawSegmentationMasks(images, masks, { alpha: 2 })).toThrow(ValueError);
  });
});

describe("galleries", () => {
  const images = np
    .arange(5 * 2 * 2 * 3)
    .reshape([5, 2, 2, 3])
    .astype("float32");
  const pixels = (axes: { model: { artists: readonly unknown[] } } | undefined): number[] => [
    ...(axes!.model.artists[0] as AxesImage).rgba,
  ];

  test("stand in a grid with their labels", async () => {
    const figure = await visualization.plotImageGallery(images, {
      yTrue: [0, 1, 0, 1, 7],
      yPred: np.array([1, 1, 0, 0, 0], { dtype: "int32" }),
      labelMap: new Map([
        [0, "cat"],
        [1, "dog"],
      ]),
      valueRange: [0, 60],
      show: false,
    });
    expect(figure.getSizeInches()).toEqual([4, 6]);
    expect(figure.axes.map(({ model }) => [model.cell.row, model.cell.column, model.title])).toEqual([
      [0, 0, "Label: cat  Pred: dog"],
      [0, 1, "Label: dog  Pred: dog"],
      [1, 0, "Label: cat  Pred: cat"],
      [1, 1, "Label: dog  Pred: cat"],
      [2, 0, "Label: Unknown  Pred: cat"],
      [2, 1, ""],
    ]);
    expect(pixels(figure.axes[1]).slice(0, 4)).toEqual([51, 55, 59, 255]);
  });

  test("go to files without a background", async () => {
    const path = join(folder, "gallery.svg");
    await visualization.plotImageGallery(images.transpose([0, 3, 1, 2]), {
      path,
      dataFormat: "channels_first",
    });
    const svg = readFileSync(path, "utf8");
    expect(svg.match(/<image /g)).toHaveLength(5);
    expect(svg).not.toContain('fill="white"');
    await expect(visualization.plotImageGallery(images, { path, show: true })).rejects.toThrow(ValueError);
    await expect(visualization.plotImageGallery(images, { yTrue: [0] })).rejects.toThrow("labelMap");
    await expect(visualization.plotImageGallery(images, { valueRange: [1, 1] })).rejects.toThrow(ValueError);
  });

  test("show boxes by value range, in their colours", async () => {
    const boxes = { boxes: [[[0, 0, 1, 1]]], labels: [[0]] };
    const white = np.ones([1, 5, 5, 3]);
    const figure = await visualization.plotBoundingBoxGallery(white, "xyxy", {
      yTrue: boxes,
      yPred: { boxes: [[[3, 3, 4, 4]]], labels: [[0]] },
      lineThickness: 1,
      valueRange: [0, 1],
      legend: true,
      show: false,
    });
    const at = (row: number, col: number): number[] =>
      pixels(figure.axes[0]).slice(4 * (row * 5 + col), 4 * (row * 5 + col) + 3);
    expect([at(0, 0), at(2, 2), at(3, 4)]).toEqual([
      [0, 188, 212],
      [255, 255, 255],
      [255, 235, 59],
    ]);
    expect(figure.axes.at(-1)!.getLegendLabels()).toEqual(["Ground Truth", "Prediction"]);
    expect(await figure.toSVG()).toContain("Ground Truth");
  });

  test("show each image with its masks", async () => {
    const masks = np.zeros([2, 2, 2], { dtype: "int32" });
    const figure = await visualization.plotSegmentationMaskGallery(images.slice(0, 2), 2, {
      yTrue: masks,
      yPred: np.ones([2, 2, 2], { dtype: "int32" }),
      colorMapping: { 0: [255, 255, 255], 1: [0, 0, 0] },
      alpha: 1,
      show: false,
    });
    expect(figure.axes.map(({ model }) => [model.cell.rows, model.cell.columns])).toEqual(
      Array.from({ length: 6 }, () => [2, 3]),
    );
    expect(figure.axes.map((axes) => pixels(axes).slice(0, 3))).toEqual([
      [0, 1, 2],
      [255, 255, 255],
      [0, 0, 0],
      [12, 13, 14],
      [255, 255, 255],
      [0, 0, 0],
    ]);
  });
});
