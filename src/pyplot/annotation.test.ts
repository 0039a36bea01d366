import { describe, expect, test } from "vitest";
import { ValueError } from "../engine/tensor/errors.ts";
import { arrowShape, boxCorners, placeText, position } from "./annotation.ts";
import { Figure } from "./figure.ts";
import type { AnnotateOptions } from "./options.ts";
import { resolveAxes } from "./resolve.ts";

/** Axes from 0 to 10 on 200 by 100 pixels, at 72 pixels per inch, so that points are pixels. */
function annotated(xy: [number, number], options: AnnotateOptions) {
  const axes = new Figure(1).gca();
  axes.setXlim(0, 10);
  axes.setYlim(0, 10);
  const artist = axes.annotate("iiii", xy, options);
  const resolved = resolveAxes(axes.model, { x: 0, y: 0, width: 200, height: 100 }, () => 5);
  return { artist, resolved };
}

describe("a text", () => {
  test("stands in data coordinates, in fractions of the box, or points away from them", () => {
    const at = (options: AnnotateOptions): readonly [number, number] => {
      const { artist, resolved } = annotated([5, 5], options);
      return placeText(resolved, artist, 72).at;
    };
    expect(at({})).toEqual([100, 50]);
    expect(at({ xytext: [1, 7.5] })).toEqual([20, 25]);
    expect(at({ xytext: [1, 0], textcoords: "axes fraction" })).toEqual([200, 100]);
    expect(at({ xytext: [7, -3], textcoords: "offset points" })).toEqual([107, 53]);
  });

  test("of two lines is twice as high", () => {
    const axes = new Figure(1).gca();
    const artist = axes.text(0, 0, "a\nbb", { ha: "center", va: "center" });
    const resolved = resolveAxes(axes.model, { x: 0, y: 0, width: 200, height: 100 }, () => 5);
    const place = placeText(resolved, artist, 72);
    expect(place.height).toBeCloseTo(21, 12);
    expect([place.left, place.top]).toEqual([-place.width / 2, -place.height / 2]);
  });

  test("turned by 90 degrees has its box upright", () => {
    const { artist, resolved } = annotated([5, 5], { rotation: 90, ha: "center", va: "center" });
    const place = placeText(resolved, artist, 72);
    const corners = boxCorners(place, 0, 90);
    const xs = corners.map(([x]) => x);
    expect(Math.max(...xs) - Math.min(...xs)).toBeCloseTo(place.height, 9);
  });
});

describe("an arrow", () => {
  const options: AnnotateOptions = {
    xytext: [1, 5],
    ha: "center",
    va: "center",
    arrowprops: { arrowstyle: "-|>", shrinkB: 3 },
  };

  test("begins outside of the text and ends before the point", () => {
    const { artist, resolved } = annotated([9, 5], options);
    const place = placeText(resolved, artist, 72);
    const { line, heads } = arrowShape(resolved, artist, artist.arrow!, 72)!;
    expect(position(resolved, artist.arrow!)).toEqual([180, 50]);
    expect(line[1]![0]).toBeCloseTo(177, 9);
    expect(line[0]![0]).toBeGreaterThan(20 + place.width / 2 + 2);
    expect(line[0]![0]).toBeLessThan(20 + place.width / 2 + 8);
    // A head of 0.4 by 0.2 font sizes to each side.
    expect(heads).toHaveLength(1);
    expect(heads[0]!.points.map((point) => point.map((value) => Number(value.toFixed(6))))).toEqual([
      [173, 52],
      [177, 50],
      [173, 48],
      [173, 52],
    ]);
  });

  test("bends to its side", () => {
    const bent = { ...options, arrowprops: { connectionstyle: "arc3,rad=0.5" } };
    const { artist, resolved } = annotated([9, 5], bent);
    const { line } = arrowShape(resolved, artist, artist.arrow!, 72)!;
    // Its middle is half of 0.5 times its length of 160 aside: matplotlib's arc3 with a positive bend goes down here.
    expect(Math.max(...line.map(([, y]) => y))).toBeCloseTo(50 + 40, 0);
  });

  test("is left out where there is no room", () => {
    const { artist, resolved } = annotated([1, 5], options);
    expect(arrowShape(resolved, artist, artist.arrow!, 72)).toBeUndefined();
  });

  test("styles that do not exist are refused, and nothing is written", () => {
    const axes = new Figure(1).gca();
    const draw = (arrowprops: object) => () => axes.annotate("a", [0, 0], { arrowprops });
    expect(draw({ arrowstyle: "=>" })).toThrow(ValueError);
    expect(draw({ connectionstyle: "angle3" })).toThrow("arc3");
    expect(draw({ width: 3 })).toThrow(ValueError);
    expect(() => axes.annotate("a", [0] as never)).toThrow("two finite numbers");
    expect(axes.model.artists).toEqual([]);
  });
});
