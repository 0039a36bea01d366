/** Where level lines get their numbers. */
import { expect, test } from "vitest";
import { placeLabel } from "./line_labels.ts";

const box = { width: 400, height: 300 };

test("a label stands in the straight part of a line, along it, and the line is broken there", () => {
  // A corner at (100, 100); then 200 pixels upwards to the right.
  const line = [
    ...Array.from({ length: 9 }, (_, i) => [60 + 5 * i, 100 + (i % 2) * 8] as const),
    [300, 250] as const,
  ];
  const { pieces, place } = placeLabel(line, 40, 5, [], box);
  expect(place!.angle).toBeCloseTo((Math.atan2(150, 200) * 180) / Math.PI, 6);
  expect(pieces).toHaveLength(2);
  const [end, begin] = [pieces[0]!.at(-1)!, pieces[1]![0]!];
  expect(Math.hypot(begin[0] - end[0], begin[1] - end[1])).toBeCloseTo(50, 6);
  expect(place!.at[0]).toBeCloseTo((end[0] + begin[0]) / 2, 6);
});

test("it keeps away from other labels and the edge, is never upside down, and short lines have none", () => {
  const line = [
    [390, 100],
    [10, 100],
  ] as const;
  const first = placeLabel(line, 40, undefined, [], box);
  expect(first.pieces).toEqual([line]);
  expect(Math.abs(first.place!.angle)).toBe(0);
  const second = placeLabel(line, 40, undefined, [first.place!.at], box);
  expect(Math.abs(second.place!.at[0] - first.place!.at[0])).toBeGreaterThanOrEqual(48);
  expect(placeLabel(line, 40, undefined, [], { width: 40, height: 300 }).place).toBeUndefined();
  expect(
    placeLabel(
      [
        [0, 0],
        [20, 20],
      ],
      40,
      5,
      [],
      box,
    ),
  ).toEqual({
    pieces: [
      [
        [0, 0],
        [20, 20],
      ],
    ],
  });
});
