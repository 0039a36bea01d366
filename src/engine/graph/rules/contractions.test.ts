/** Every rule of contractions on its own. */
import { describe } from "vitest";
import { f32, i32, simplifies, staysAsItIs } from "../../../../test/support/simplification.ts";
import { apply, broadcastInDim as bc, constant, dotGeneral, reshape, transpose } from "../build.ts";
import type { Node } from "../node.ts";

const dot = (
  x: Node,
  y: Node,
  lhs: number[],
  rhs: number[],
  lhsBatch: number[] = [],
  rhsBatch: number[] = [],
): Node => {
  return dotGeneral(x, y, { lhsBatch, rhsBatch, lhsContracting: lhs, rhsContracting: rhs });
};

describe("a sum of one product is a product", () => {
  simplifies(
    "matrices",
    [f32(4, 1), f32(1, 6)],
    (x, y) => dot(x, y, [1], [0]),
    (x, y) => apply("multiply", bc(x, [4, 6], [0, 1]), bc(y, [4, 6], [0, 1])),
    "zeros",
  );
  simplifies(
    "outer product of vectors",
    [f32(4), f32(6)],
    (x, y) => dot(x, y, [], []),
    (x, y) => apply("multiply", bc(x, [4, 6], [0]), bc(y, [4, 6], [1])),
    "zeros",
  );
  simplifies(
    "batches, which stand last on the right",
    [i32(3, 4, 1), i32(5, 1, 3)],
    (x, y) => dot(x, y, [2], [1], [0], [2]),
    (x, y) =>
      apply(
        "multiply",
        bc(x, [3, 4, 5], [0, 1, 2]),
        bc(transpose(reshape(y, [5, 3]), [1, 0]), [3, 4, 5], [0, 2]),
      ),
  );
  simplifies(
    "of nothing → 0",
    [f32(4, 0), f32(0, 6)],
    (x, y) => dot(x, y, [1], [0]),
    () => constant(0, f32(4, 6)),
  );
  staysAsItIs("a sum of two products", [f32(4, 2), f32(2, 6)], (x, y) => dot(x, y, [1], [0]));
});

describe("transposes", () => {
  simplifies(
    "on the left",
    [f32(5, 4), f32(5, 6)],
    (x, y) => dot(transpose(x, [1, 0]), y, [1], [0]),
    (x, y) => dot(x, y, [0], [0]),
  );
  simplifies(
    "on both sides",
    [f32(5, 4), f32(6, 5)],
    (x, y) => dot(transpose(x, [1, 0]), transpose(y, [1, 0]), [1], [0]),
    (x, y) => dot(x, y, [0], [1]),
  );
  simplifies(
    "with batches",
    [f32(4, 3, 5), f32(3, 5, 6)],
    (x, y) => dot(transpose(x, [1, 0, 2]), y, [2], [1], [0], [0]),
    (x, y) => dot(x, y, [2], [1], [1], [0]),
  );
  staysAsItIs("that exchange free axes", [f32(4, 3, 5), f32(5, 6)], (x, y) =>
    dot(transpose(x, [1, 0, 2]), y, [2], [0]),
  );
  simplifies(
    "of the result",
    [f32(4, 5), f32(5, 6)],
    (x, y) => transpose(dot(x, y, [1], [0]), [1, 0]),
    (x, y) => dot(y, x, [0], [1]),
  );
  simplifies(
    "of the result, with batches",
    [f32(3, 4, 5), f32(3, 5, 6)],
    (x, y) => transpose(dot(x, y, [2], [1], [0], [0]), [0, 2, 1]),
    (x, y) => dot(y, x, [1], [2], [0], [0]),
  );
  staysAsItIs("of a result that is needed anyway", [f32(4, 5), f32(5, 4)], (x, y) => {
    const product = dot(x, y, [1], [0]);
    return apply("add", product, transpose(product, [1, 0]));
  });
});
