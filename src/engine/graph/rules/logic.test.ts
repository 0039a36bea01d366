/** Every rule of logic on its own. */
import { describe } from "vitest";
import { bool, f32, i32, simplifies, staysAsItIs, u32 } from "../../../../test/support/simplification.ts";
import { apply, compare, constantLike as like } from "../build.ts";
import type { Node } from "../node.ts";

const pq = [bool(5), bool(5)];
const n8 = [i32(8)];
const x13 = [f32(13)];
const same = (x: Node): Node => x;
const zero = (x: Node): Node => like(0, x);
const not = (x: Node): Node => apply("not", x);
const select = (c: Node, x: Node, y: Node): Node => apply("select", c, x, y);

describe("bits", () => {
  simplifies("x & x → x", n8, (x) => apply("and", x, x), same);
  simplifies("x & 0 → 0", n8, (x) => apply("and", zero(x), x), zero);
  simplifies("x & -1 → x", n8, (x) => apply("and", x, like(-1, x)), same);
  simplifies("p & true → p", pq, (p) => apply("and", p, like(1, p)), same);
  simplifies("x | x → x", n8, (x) => apply("or", x, x), same);
  simplifies("x | 0 → x", n8, (x) => apply("or", x, zero(x)), same);
  simplifies(
    "x | 1…1 → 1…1",
    [u32(6)],
    (x) => apply("or", x, like(4294967295, x)),
    (x) => like(4294967295, x),
  );
  simplifies("x ^ x → 0", n8, (x) => apply("xor", x, x), zero);
  simplifies("x ^ 0 → x", n8, (x) => apply("xor", x, zero(x)), same);
  simplifies("p ^ true → ¬p", pq, (p) => apply("xor", p, like(1, p)), not);
  simplifies("~~x → x", n8, (x) => not(not(x)), same);
  for (const op of ["shift_left", "shift_right_logical", "shift_right_arithmetic"] as const) {
    simplifies(`${op} by 0 → x`, n8, (x) => apply(op, x, zero(x)), same);
  }
});

describe("comparisons", () => {
  simplifies(
    "n = n → true",
    n8,
    (n) => compare("EQ", n, n),
    (n) => like(1, compare("EQ", n, n)),
  );
  simplifies(
    "n ≠ n → false",
    n8,
    (n) => compare("NE", n, n),
    (n) => like(0, compare("EQ", n, n)),
  );
  simplifies(
    "x < x → false",
    x13,
    (x) => compare("LT", x, x),
    (x) => like(0, compare("EQ", x, x)),
  );
  simplifies("p = true → p", pq, (p) => compare("EQ", p, like(1, p)), same);
  simplifies("p ≠ true → ¬p", pq, (p) => compare("NE", p, like(1, p)), not);
  simplifies("p = false → ¬p", pq, (p) => compare("EQ", p, zero(p)), not);
  simplifies("p ≠ false → p", pq, (p) => compare("NE", p, zero(p)), same);
  simplifies(
    "unsigned n < 0 → false",
    [u32(6)],
    (n) => compare("LT", n, zero(n)),
    (n) => like(0, compare("EQ", n, n)),
  );
  simplifies(
    "unsigned n ≥ 0 → true",
    [u32(6)],
    (n) => compare("GE", n, zero(n)),
    (n) => like(1, compare("EQ", n, n)),
  );
  simplifies(
    "¬(x = y) → x ≠ y",
    [f32(13), f32(13)],
    (x, y) => not(compare("EQ", x, y)),
    (x, y) => compare("NE", x, y),
  );
  simplifies(
    "¬(n < m) → n ≥ m",
    [i32(8), i32(8)],
    (n, m) => not(compare("LT", n, m)),
    (n, m) => compare("GE", n, m),
  );
  staysAsItIs("x = x of floats tells NaN", x13, (x) => compare("EQ", x, x));
  staysAsItIs("¬(x < y) of floats", [f32(13), f32(13)], (x, y) => not(compare("LT", x, y)));
});

describe("choices", () => {
  const cxy = [bool(13), f32(13), f32(13)];
  const cxyz = [...cxy, f32(13)];
  simplifies(
    "true ? x : y → x",
    cxy,
    (c, x, y) => select(like(1, c), x, y),
    (_, x) => x,
  );
  simplifies(
    "false ? x : y → y",
    cxy,
    (c, x, y) => select(like(0, c), x, y),
    (_, __, y) => y,
  );
  simplifies(
    "c ? x : x → x",
    cxy,
    (c, x) => select(c, x, x),
    (_, x) => x,
  );
  simplifies(
    "¬c ? x : y → c ? y : x",
    cxy,
    (c, x, y) => select(not(c), x, y),
    (c, x, y) => select(c, y, x),
  );
  simplifies(
    "c ? (c ? x : y) : z → c ? x : z",
    cxyz,
    (c, x, y, z) => select(c, select(c, x, y), z),
    (c, x, _, z) => select(c, x, z),
  );
  simplifies(
    "c ? x : (c ? y : z) → c ? x : z",
    cxyz,
    (c, x, y, z) => select(c, x, select(c, y, z)),
    (c, x, _, z) => select(c, x, z),
  );
  simplifies("p ? true : false → p", pq, (p) => select(p, like(1, p), like(0, p)), same);
  simplifies("p ? false : true → ¬p", pq, (p) => select(p, like(0, p), like(1, p)), not);
});
