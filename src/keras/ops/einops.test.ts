import { describe, expect, test } from "vitest";
import { ShapeError, ValueError } from "../../engine/index.ts";
import * as ops from "./index.ts";

describe("rearrange", () => {
  const x = ops.reshape(ops.arange(24), [2, 3, 4]);

  test("splits, moves and merges axes", () => {
    const y = ops.rearrange(x, "a b (c d) -> (d a) (b c)", { d: 2 });
    expect(y.shape).toEqual([4, 6]);
    expect(y.arraySync()).toEqual(
      [0, 1].flatMap((d) =>
        [0, 1].map((a) => [0, 1, 2].flatMap((b) => [0, 1].map((c) => 12 * a + 4 * b + 2 * c + d))),
      ),
    );
  });

  test("an empty group is an axis of length 1", () => {
    expect(ops.rearrange(x, "a b c -> a () b c").shape).toEqual([2, 1, 3, 4]);
    expect(ops.rearrange(ops.ones([1, 2]), "() a -> a").shape).toEqual([2]);
  });

  test.each([
    ["a b c", {}, ValueError],
    ["a (b c -> a b c", {}, ValueError],
    ["a b c -> a b", {}, ValueError],
    ["a b c -> a b c", { d: 2 }, ValueError],
    ["a b -> b a", {}, ShapeError],
    ["a b (c d) -> a b c d", {}, ShapeError],
    ["a b (c d) -> a b c d", { c: 3 }, ShapeError],
    ["a b (c d) -> a b c d", { c: 2, d: 3 }, ShapeError],
  ])("%s with %o is refused", (pattern, lengths, error) => {
    expect(() => ops.rearrange(x, pattern, lengths as Record<string, number>)).toThrow(error);
  });
});
