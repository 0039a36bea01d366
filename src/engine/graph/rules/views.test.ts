/** Every rule of views on its own. */
import { describe } from "vitest";
import { f32, i32, simplifies, staysAsItIs } from "../../../../test/support/simplification.ts";
import { apply, broadcastInDim, build, constant, constantLike, reshape, slice, transpose } from "../build.ts";
import type { Node } from "../node.ts";

const x = [f32(4, 6)];
const row = [f32(6)];
const same = (x: Node): Node => x;
const bc = broadcastInDim;
const pad = (x: Node, low: number[], high: number[], interior: number[], value = 0): Node => {
  return build("pad", [x, constant(value, { shape: [], dtype: x.dtype })], { low, high, interior });
};
const concatenate = (axis: number, ...parts: Node[]): Node => build("concatenate", parts, { axis });
const reverse = (x: Node, axes: number[]): Node => build("reverse", [x], { axes });

describe("reshape", () => {
  simplifies("to the shape itself", x, (x) => build("reshape", [x], { shape: [4, 6] }), same);
  simplifies(
    "of reshape",
    x,
    (x) => reshape(reshape(x, [24]), [3, 8]),
    (x) => reshape(x, [3, 8]),
  );
  simplifies("and back", x, (x) => reshape(reshape(x, [24]), [4, 6]), same);
  simplifies(
    "of broadcast, adding axes",
    row,
    (x) => reshape(bc(x, [4, 6], [1]), [4, 1, 6]),
    (x) => bc(x, [4, 1, 6], [2]),
  );
  simplifies(
    "of broadcast, dropping axes",
    [f32(6, 1)],
    (x) => reshape(bc(x, [4, 6, 1], [1, 2]), [4, 6]),
    (x) => bc(reshape(x, [6]), [4, 6], [1]),
  );
  simplifies(
    "of a broadcast number",
    [f32(1)],
    (x) => reshape(bc(x, [24], [0]), [4, 6]),
    (x) => bc(x, [4, 6], [0]),
  );
  staysAsItIs("of broadcast, mixing axes", row, (x) => reshape(bc(x, [4, 6], [1]), [24]));
});

describe("transpose", () => {
  simplifies("by nothing", x, (x) => build("transpose", [x], { permutation: [0, 1] }), same);
  simplifies(
    "of transpose",
    [f32(2, 3, 4)],
    (x) => transpose(transpose(x, [2, 0, 1]), [2, 1, 0]),
    (x) => transpose(x, [1, 0, 2]),
  );
  simplifies("and back", [f32(2, 3, 4)], (x) => transpose(transpose(x, [2, 0, 1]), [1, 2, 0]), same);
  simplifies(
    "of axes of length 1 → reshape",
    [f32(4, 1, 6)],
    (x) => transpose(x, [1, 0, 2]),
    (x) => reshape(x, [1, 4, 6]),
  );
  simplifies(
    "of broadcast",
    row,
    (x) => transpose(bc(x, [4, 6], [1]), [1, 0]),
    (x) => bc(x, [6, 4], [0]),
  );
  simplifies(
    "of broadcast of two axes",
    x,
    (x) => transpose(bc(x, [4, 2, 6], [0, 2]), [2, 1, 0]),
    (x) => bc(transpose(x, [1, 0]), [6, 2, 4], [0, 2]),
  );
});

describe("broadcast_in_dim", () => {
  simplifies(
    "that repeats nothing → reshape",
    row,
    (x) => bc(x, [1, 6], [1]),
    (x) => reshape(x, [1, 6]),
  );
  simplifies(
    "to the shape itself",
    x,
    (x) => build("broadcast_in_dim", [x], { shape: [4, 6], dims: [0, 1] }),
    same,
  );
  simplifies(
    "of broadcast",
    row,
    (x) => bc(bc(x, [4, 6], [1]), [4, 2, 6], [0, 2]),
    (x) => bc(x, [4, 2, 6], [2]),
  );
  simplifies(
    "of reshape, an axis added",
    [f32(4)],
    (x) => bc(reshape(x, [4, 1]), [4, 6], [0, 1]),
    (x) => bc(x, [4, 6], [0]),
  );
  simplifies(
    "of reshape, an axis dropped",
    [f32(1, 6)],
    (x) => bc(reshape(x, [6]), [4, 6], [1]),
    (x) => bc(x, [4, 6], [0, 1]),
  );
  staysAsItIs("of reshape, where the axis has no place", [f32(1, 1, 6)], (x) =>
    bc(reshape(x, [6]), [4, 6], [1]),
  );
  simplifies(
    "moves behind unary operations",
    row,
    (x) => apply("negate", bc(x, [4, 6], [1])),
    (x) => bc(apply("negate", x), [4, 6], [1]),
  );
  simplifies(
    "moves behind binary operations",
    [f32(6), f32()],
    (x, y) => apply("add", bc(x, [4, 6], [1]), bc(y, [4, 6], [])),
    (x, y) => bc(apply("add", x, bc(y, [6], [])), [4, 6], [1]),
  );
  simplifies(
    "moves behind operations with constants",
    [f32()],
    (x) => apply("multiply", bc(x, [4, 6], []), constant(3, f32(4, 6))),
    (x) => bc(apply("multiply", x, constant(3, f32())), [4, 6], []),
  );
  staysAsItIs("stays where both axes vary", [f32(4), f32(6)], (x, y) =>
    apply("add", bc(x, [4, 6], [0]), bc(y, [4, 6], [1])),
  );
});

describe("slice", () => {
  simplifies("of the whole", x, (x) => slice(x, [0, 0], [4, 6]), same);
  simplifies(
    "of slice",
    x,
    (x) => slice(slice(x, [1, 0], [4, 6], [1, 2]), [1, 1], [3, 3]),
    (x) => slice(x, [2, 2], [4, 5], [1, 2]),
  );
  simplifies(
    "of broadcast",
    row,
    (x) => slice(bc(x, [4, 6], [1]), [1, 2], [3, 6], [1, 2]),
    (x) => bc(slice(x, [2], [5], [2]), [2, 2], [1]),
  );
  simplifies(
    "of one part of a concatenation",
    [f32(4, 6), f32(4, 3)],
    (x, y) => slice(concatenate(1, x, y), [0, 7], [4, 9]),
    (_, y) => slice(y, [0, 1], [4, 3]),
  );
  staysAsItIs("of two parts of a concatenation", [f32(4, 6), f32(4, 3)], (x, y) =>
    slice(concatenate(1, x, y), [0, 5], [4, 7]),
  );
  simplifies("of what was padded", x, (x) => slice(pad(x, [1, 0], [0, 2], [0, 0]), [1, 0], [5, 6]), same);
  staysAsItIs("of padding", x, (x) => slice(pad(x, [1, 0], [0, 2], [0, 0]), [0, 0], [5, 6]));
});

describe("pad, concatenate, reverse", () => {
  simplifies("pad by nothing", x, (x) => pad(x, [0, 0], [0, 0], [0, 0]), same);
  simplifies(
    "pad that cuts → slice",
    x,
    (x) => pad(x, [-1, 0], [0, -2], [0, 0]),
    (x) => slice(x, [1, 0], [4, 4]),
  );
  simplifies(
    "pad of the padding",
    x,
    (x) => pad(constantLike(2, x), [1, 0], [0, 1], [0, 0], 2),
    () => constant(2, f32(5, 7)),
  );
  staysAsItIs("pad with 0 of -0", x, (x) => pad(constantLike(-0, x), [1, 0], [0, 1], [0, 0], 0));
  simplifies("concatenate of one", x, (x) => concatenate(0, x), same);
  simplifies(
    "concatenate without what is empty",
    [f32(4, 6), f32(0, 6)],
    (x, y) => concatenate(0, y, x),
    same,
  );
  simplifies(
    "concatenate of concatenate",
    x,
    (x) => concatenate(0, x, concatenate(0, x, x)),
    (x) => concatenate(0, x, x, x),
  );
  staysAsItIs("concatenate along another axis", [f32(4, 6), f32(4, 6)], (x, y) => {
    return concatenate(1, concatenate(0, x, y), concatenate(0, y, x));
  });
  simplifies(
    "concatenate of one constant",
    x,
    (x) => concatenate(0, constantLike(1, x), constantLike(1, x)),
    () => constant(1, f32(8, 6)),
  );
  simplifies("reverse along length 1", [f32(1, 6)], (x) => reverse(x, [0]), same);
  simplifies("reverse and back", x, (x) => reverse(reverse(x, [0, 1]), [0, 1]), same);
  simplifies(
    "reverse of reverse",
    x,
    (x) => reverse(reverse(x, [0]), [1]),
    (x) => reverse(x, [0, 1]),
  );
  simplifies(
    "reverse along two axes and one back",
    [i32(4, 1, 6)],
    (x) => reverse(reverse(x, [0, 2]), [1, 2]),
    (x) => reverse(x, [0]),
  );
});
