/** Every rule of reductions on its own. */
import { describe } from "vitest";
import { bool, f32, i32, simplifies, staysAsItIs, u8 } from "../../../../test/support/simplification.ts";
import { apply, broadcastInDim as bc, build, constant, reduce, reshape, sum, transpose } from "../build.ts";
import type { Node } from "../node.ts";

const x = [f32(4, 6)];
const cube = [f32(2, 3, 4)];

describe("reduce", () => {
  simplifies(
    "along nothing",
    x,
    (x) => build("reduce", [x], { kind: "sum", axes: [] }),
    (x) => x,
    "zeros",
  );
  for (const kind of ["sum", "prod", "max", "min"] as const) {
    simplifies(
      `${kind} along length 1`,
      [f32(4, 1)],
      (x) => reduce(kind, x, [1]),
      (x) => reshape(x, [4]),
      "zeros",
    );
    simplifies(
      `${kind} of ${kind}`,
      cube,
      (x) => reduce(kind, reduce(kind, x, [1]), [1]),
      (x) => reduce(kind, x, [1, 2]),
      "rounding",
    );
  }
  simplifies(
    "all of all",
    [bool(2, 3)],
    (p) => reduce("and", reduce("and", p, [0]), [0]),
    (p) => reduce("and", p, [0, 1]),
  );
  staysAsItIs("max of sum", cube, (x) => reduce("max", sum(x, [1]), [1]));
  staysAsItIs("sum of a sum that is needed anyway", cube, (x) => {
    const inner = sum(x, [2]);
    return apply("add", inner, bc(sum(inner, [1]), [2, 3], [0]));
  });
  simplifies(
    "of transpose",
    x,
    (x) => sum(transpose(x, [1, 0]), [0]),
    (x) => sum(x, [1]),
  );
  simplifies(
    "of transpose, the rest transposed",
    cube,
    (x) => reduce("max", transpose(x, [2, 1, 0]), [1]),
    (x) => transpose(reduce("max", x, [1]), [1, 0]),
  );
});

describe("reduce of a transpose that is not its own inverse", () => {
  simplifies(
    "the rest is transposed the same way",
    [f32(2, 3, 4, 5)],
    (x) => reduce("max", transpose(x, [3, 0, 2, 1]), [2]),
    (x) => transpose(reduce("max", x, [2]), [2, 0, 1]),
  );
});

describe("reduce of broadcast", () => {
  const times = (x: Node, count: number): Node => apply("multiply", x, constant(count, x));
  simplifies(
    "sum → times the number",
    [f32(6)],
    (x) => sum(bc(x, [4, 6], [1]), [0]),
    (x) => times(x, 4),
    "zeros",
  );
  simplifies(
    "sum of integers wraps",
    [u8(6)],
    (x) => sum(bc(x, [300, 6], [1]), [0]),
    (x) => times(x, 44),
  );
  simplifies(
    "max → the element",
    [f32(6)],
    (x) => reduce("max", bc(x, [4, 6], [1]), [0]),
    (x) => x,
  );
  simplifies(
    "an axis of length 1 is dropped",
    [i32(6, 1)],
    (x) => reduce("min", bc(x, [6, 5], [0, 1]), [1]),
    (x) => reshape(x, [6]),
  );
  simplifies(
    "what stays repeated is broadcast",
    [f32(6)],
    (x) => sum(bc(x, [4, 5, 6], [2]), [0]),
    (x) => bc(times(x, 4), [5, 6], [1]),
    "zeros",
  );
  staysAsItIs("along what varies", [f32(6)], (x) => sum(bc(x, [4, 6], [1]), [1]));
  staysAsItIs("prod", [f32(6)], (x) => reduce("prod", bc(x, [4, 6], [1]), [0]));
});

describe("reduce of constants and of nothing", () => {
  const of =
    (value: number, kind: "sum" | "prod" | "max", type = i32(4, 6)) =>
    (): Node =>
      reduce(kind, constant(value, type), [1]);
  simplifies("sum", [], of(3, "sum"), () => constant(18, i32(4)));
  simplifies("sum of -0 is 0", [], of(-0, "sum", f32(4, 6)), () => constant(0, f32(4)));
  simplifies("sum that wraps", [], of(2147483647, "sum"), () => constant(-6, i32(4)));
  simplifies("prod", [], of(-2, "prod", f32(2, 3)), () => constant(-8, f32(2)));
  simplifies("prod that wraps", [], of(65537, "prod", i32(1, 2)), () => constant(131073, i32(1)));
  simplifies("max", [], of(7, "max"), () => constant(7, i32(4)));
  const empty = [f32(3, 0)];
  const over = (value: number) => (): Node => constant(value, f32(3));
  simplifies("empty sum", empty, (x) => sum(x, [1]), over(0));
  simplifies("empty prod", empty, (x) => reduce("prod", x, [1]), over(1));
  simplifies("empty max", empty, (x) => reduce("max", x, [1]), over(Number.NEGATIVE_INFINITY));
  simplifies(
    "empty min of integers",
    [i32(3, 0)],
    (x) => reduce("min", x, [1]),
    () => constant(2147483647, i32(3)),
  );
  simplifies(
    "empty all",
    [bool(3, 0)],
    (x) => reduce("and", x, [1]),
    () => constant(1, bool(3)),
  );
  simplifies(
    "the place of the only element",
    [f32(3, 1)],
    (x) => build("arg_reduce", [x], { kind: "max", axis: 1 }),
    () => constant(0, i32(3)),
  );
});
