// Results as Keras's own functions of trees give them (lists for tuples).
import { describe, expect, test } from "vitest";
import { tensor, ValueError } from "../../engine/index.ts";
import * as tree from "./index.ts";

const nested = { b: [1, { d: 2, c: 3 }], a: 4, e: [] as number[], f: null };

describe("trees", () => {
  test("leaves come by place and by sorted keys; null is one, an empty list holds none", () => {
    expect(tree.flatten(nested)).toEqual([4, 1, 3, 2, null]);
    expect(tree.flattenWithPath(nested)).toEqual([
      [["a"], 4],
      [["b", 0], 1],
      [["b", 1, "c"], 3],
      [["b", 1, "d"], 2],
      [["f"], null],
    ]);
    expect(tree.flatten(7)).toEqual([7]);
    expect(tree.flattenWithPath(7)).toEqual([[[], 7]]);
  });

  test("tensors, typed arrays and functions are leaves", () => {
    const leaves = [tensor([1, 2]), new Float32Array(2), Math.sin, new Date(0)];
    for (const leaf of leaves) expect(tree.isNested(leaf)).toBe(false);
    expect(tree.flatten(leaves)).toEqual(leaves);
  });

  test("packing undoes flattening, and members keep their order", () => {
    const packed = tree.packSequenceAs(nested, ["v", "w", "x", "y", "z"]);
    expect(packed).toEqual({ b: ["w", { d: "y", c: "x" }], a: "v", e: [], f: "z" });
    expect(Object.keys(packed)).toEqual(["b", "a", "e", "f"]);
    expect(() => tree.packSequenceAs(nested, [1, 2])).toThrow(ValueError);
  });

  test("functions are mapped over the leaves of several structures", () => {
    const sum: { readonly x: readonly number[]; readonly y: number } = tree.mapStructure(
      (a, b, c) => a + b + c,
      { x: [1, 2], y: 3 },
      { y: 30, x: [10, 20] },
      { x: [100, 200], y: 300 },
    );
    expect(sum).toEqual({ x: [111, 222], y: 333 });
    expect(tree.mapStructure((x) => x ?? 0, nested).f).toBe(0);
    expect(() => tree.mapStructure(() => 0, [1], [[1]])).toThrow("same nested structure");
    expect(() => tree.mapStructure(() => 0, { a: 1 }, { b: 1 })).toThrow(ValueError);
    expect(() => tree.mapStructure(() => 0)).toThrow(ValueError);
  });

  test("up to a shallower structure", () => {
    const lengths = tree.mapStructureUpTo(
      { a: 0, b: [0] },
      (x: number[], y: number[]) => x.length + y.length,
      { a: [1, 1], b: [[2, 2, 2]] },
      { a: [], b: [[0]] },
    );
    expect(lengths).toEqual({ a: 2, b: [4] });
    expect(() => tree.mapStructureUpTo([0, [0]], () => 0, [1, 2])).toThrow(ValueError);
  });

  test("structures are compared", () => {
    tree.assertSameStructure({ a: [1], b: null }, { b: "x", a: [{} instanceof Date] });
    expect(() => tree.assertSameStructure([1, 2], [1])).toThrow(ValueError);
    expect(() => tree.assertSameStructure([1], { 0: 1 })).toThrow(ValueError);
    tree.assertSamePaths([1, [2]], [3, [4]]);
    expect(() => tree.assertSamePaths([1], { 0: 1 })).toThrow('Only in a: [[0]]; only in b: [["0"]]');
  });

  test("traversing replaces parts, from the top and from the ends", () => {
    const seen: unknown[] = [];
    const note = (x: unknown): void => void seen.push(x);
    tree.traverse(note, [[1, 2], { a: 4 }]);
    expect(seen).toEqual([[[1, 2], { a: 4 }], [1, 2], 1, 2, { a: 4 }, 4]);
    seen.length = 0;
    tree.traverse(note, [[1, 2], { a: 4 }], { topDown: false });
    expect(seen).toEqual([1, 2, [1, 2], 4, { a: 4 }, [[1, 2], { a: 4 }]]);
    const total = (x: unknown): unknown =>
      Array.isArray(x) && x.every((y) => typeof y === "number") ? x.reduce((a, b) => a + b, 0) : null;
    expect(
      tree.traverse(
        total,
        [
          [1, 2],
          [3, [4]],
        ],
        { topDown: false },
      ),
    ).toBe(10);
    expect(
      tree.traverse(total, [
        [1, 2],
        [3, [4]],
      ]),
    ).toEqual([3, [3, 4]]);
    expect(tree.traverse((x) => (x === 1 ? tree.MAP_TO_NONE : undefined), { a: 1, b: 2 })).toEqual({
      a: null,
      b: 2,
    });
  });

  test("shapes are leaves", () => {
    const shapes = { a: [1, null], b: [[2, 3], []] };
    expect(tree.mapShapeStructure((shape) => shape.length, shapes)).toEqual({ a: 2, b: [2, 0] });
  });
});
