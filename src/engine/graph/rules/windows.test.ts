/** Every rule of windows on its own. */
import { describe } from "vitest";
import { f32, simplifies, staysAsItIs } from "../../../../test/support/simplification.ts";
import { apply, build, constant, dotGeneral, reshape, slice, transpose } from "../build.ts";
import type { Node } from "../node.ts";
import { convolution, reduceWindow } from "../window_rows.ts";
import "../../runtime/windows.ts";

const conv = (x: Node, k: Node, strides: number[], dilations = strides.map(() => 1), groups = 1): Node =>
  convolution(x, k, { strides, dilations, groups });
const dot = (x: Node, y: Node, lhs: number[], rhs: number[]): Node =>
  dotGeneral(x, y, { lhsBatch: [], rhsBatch: [], lhsContracting: lhs, rhsContracting: rhs });
const pad = (x: Node, low: number[], high: number[], interior = low.map(() => 0)): Node =>
  build("pad", [x, constant(0, f32())], { low, high, interior });

describe("a convolution is a matrix product", () => {
  simplifies(
    "of windows of one element",
    [f32(2, 5, 3), f32(1, 3, 4)],
    (x, k) => conv(x, k, [1]),
    (x, k) => dot(x, reshape(k, [3, 4]), [2], [0]),
  );
  simplifies(
    "of windows of one element with strides",
    [f32(2, 5, 6, 3), f32(1, 1, 3, 4)],
    (x, k) => conv(x, k, [2, 3]),
    (x, k) => dot(slice(x, [0, 0, 0, 0], [2, 5, 4, 3], [1, 2, 3, 1]), reshape(k, [3, 4]), [3], [0]),
  );
  simplifies(
    "of windows with one place",
    [f32(2, 5, 3), f32(3, 3, 4)],
    (x, k) => conv(x, k, [1], [2]),
    (x, k) => reshape(dot(slice(x, [0, 0, 0], [2, 5, 3], [1, 2, 1]), k, [1, 2], [0, 1]), [2, 1, 4]),
    "rounding",
  );
  staysAsItIs("in groups", [f32(2, 5, 4), f32(1, 2, 4)], (x, k) => conv(x, k, [1], [1], 2));
  staysAsItIs("with windows of two elements", [f32(2, 5, 4), f32(2, 4, 4)], (x, k) => conv(x, k, [1]));
});

describe("zeros", () => {
  simplifies(
    "come after windows of one element",
    [f32(2, 3, 4), f32(1, 2, 2)],
    (x, k) => conv(pad(x, [0, 1, 0], [0, 2, 0], [0, 1, 0]), k, [1], [1], 2),
    (x, k) => pad(conv(x, k, [1], [1], 2), [0, 1, 0], [0, 2, 0], [0, 1, 0]),
    "finite",
  );
  simplifies(
    "between elements are not multiplied",
    [f32(2, 4, 3), f32(4, 3, 2)],
    (x, k) => conv(pad(x, [0, 3, 0], [0, 3, 0], [0, 1, 0]), k, [1]),
    (x, k) => {
      // Results at even places meet the second and fourth element of the window, those at odd places the others.
      const padded = pad(x, [0, 1, 0], [0, 1, 0]);
      const even = conv(padded, slice(k, [1, 0, 0], [4, 3, 2], [2, 1, 1]), [1]);
      const odd = conv(padded, slice(k, [0, 0, 0], [4, 3, 2], [2, 1, 1]), [1]);
      const both = build("concatenate", [reshape(even, [1, 2, 5, 2]), reshape(odd, [1, 2, 5, 2])], {
        axis: 0,
      });
      return reshape(transpose(both, [1, 2, 0, 3]), [2, 10, 2]);
    },
    "finite",
  );
  staysAsItIs("around an array", [f32(2, 4, 3), f32(2, 3, 2)], (x, k) =>
    conv(pad(x, [0, 1, 0], [0, 0, 0]), k, [1]),
  );
});

describe("a slice of a convolution", () => {
  simplifies(
    "takes larger steps",
    [f32(2, 9, 3), f32(2, 3, 2)],
    (x, k) => slice(conv(x, k, [1]), [0, 1, 0], [2, 8, 2], [1, 3, 1]),
    (x, k) => conv(slice(x, [0, 1, 0], [2, 9, 3]), k, [3]),
    "rounding",
  );
  staysAsItIs("without steps", [f32(2, 9, 3), f32(2, 3, 2)], (x, k) =>
    slice(conv(x, k, [1]), [0, 1, 0], [2, 8, 2]),
  );
});

describe("pooling", () => {
  const windows = { window: [1, 2], strides: [1, 2], dilations: [1, 1] };
  simplifies(
    "comes before a rectifier",
    [f32(3, 8)],
    (x) => reduceWindow(apply("maximum", x, constant(0, x)), { kind: "max", ...windows }),
    (x) => {
      const small = reduceWindow(x, { kind: "max", ...windows });
      return apply("maximum", small, constant(0, small));
    },
    "zeros",
  );
  simplifies(
    "of windows of one element leaves elements out",
    [f32(3, 8)],
    (x) => reduceWindow(x, { kind: "sum", window: [1, 1], strides: [2, 3], dilations: [1, 1] }),
    (x) => slice(x, [0, 0], [3, 7], [2, 3]),
  );
  staysAsItIs("of sums", [f32(3, 8)], (x) => {
    return reduceWindow(apply("maximum", x, constant(0, x)), { kind: "sum", ...windows });
  });
});
