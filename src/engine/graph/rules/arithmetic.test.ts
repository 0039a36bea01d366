/** Every rule of arithmetic on its own. */
import { describe } from "vitest";
import { f32, f64, i32, simplifies, staysAsItIs, u8, u32 } from "../../../../test/support/simplification.ts";
import { apply, build, convert, constantLike as like } from "../build.ts";
import type { Node } from "../node.ts";

const x13 = [f32(13)];
const xy = [f32(13), f32(13)];
const n8 = [i32(8)];
const negate = (x: Node): Node => apply("negate", x);
const add = (x: Node, y: Node): Node => apply("add", x, y);
const subtract = (x: Node, y: Node): Node => apply("subtract", x, y);
const multiply = (x: Node, y: Node): Node => apply("multiply", x, y);
const divide = (x: Node, y: Node): Node => apply("divide", x, y);
const power = (x: Node, y: Node): Node => apply("power", x, y);
const same = (x: Node): Node => x;

describe("sums", () => {
  simplifies("x + 0 → x", x13, (x) => add(x, like(0, x)), same, "zeros");
  simplifies("0 + x → x", x13, (x) => add(like(0, x), x), same, "zeros");
  simplifies("x + -0 → x", x13, (x) => add(x, like(-0, x)), same);
  simplifies("x - 0 → x", x13, (x) => subtract(x, like(0, x)), same);
  simplifies("x + (-y) → x - y", xy, (x, y) => add(x, negate(y)), subtract);
  simplifies(
    "(-x) + y → y - x",
    xy,
    (x, y) => add(negate(x), y),
    (x, y) => subtract(y, x),
  );
  simplifies("x - (-y) → x + y", xy, (x, y) => subtract(x, negate(y)), add);
  simplifies(
    "(n + 3) + 4 → n + 7",
    n8,
    (n) => add(add(n, like(3, n)), like(4, n)),
    (n) => add(n, like(7, n)),
  );
  simplifies("(n + 3) - 3 → n", n8, (n) => subtract(add(n, like(3, n)), like(3, n)), same);
  simplifies(
    "n - n → 0",
    n8,
    (n) => subtract(n, n),
    (n) => like(0, n),
  );
  simplifies("0 - n → -n", n8, (n) => subtract(like(0, n), n), negate);
  simplifies(
    "unsigned n - 1 wraps",
    [u8(6)],
    (n) => subtract(n, like(1, n)),
    (n) => add(n, like(255, n)),
  );
  staysAsItIs("(x + 3) + 4 of floats", x13, (x) => add(add(x, like(3, x)), like(4, x)));
  staysAsItIs("x - x of floats", x13, (x) => subtract(x, x));
  staysAsItIs("0 - x of floats", x13, (x) => subtract(like(0, x), x));
});

describe("products", () => {
  simplifies("x · 1 → x", x13, (x) => multiply(x, like(1, x)), same);
  simplifies("x · -1 → -x", x13, (x) => multiply(like(-1, x), x), negate);
  simplifies(
    "n · 0 → 0",
    n8,
    (n) => multiply(n, like(0, n)),
    (n) => like(0, n),
  );
  simplifies("-x · -y → x · y", xy, (x, y) => multiply(negate(x), negate(y)), multiply);
  simplifies(
    "-x · 3 → x · -3",
    x13,
    (x) => multiply(like(3, x), negate(x)),
    (x) => multiply(x, like(-3, x)),
  );
  simplifies(
    "-(x · 3) → x · -3",
    x13,
    (x) => negate(multiply(x, like(3, x))),
    (x) => multiply(x, like(-3, x)),
  );
  simplifies("-(-x) → x", x13, (x) => negate(negate(x)), same);
  simplifies(
    "|-x| → |x|",
    x13,
    (x) => apply("abs", negate(x)),
    (x) => apply("abs", x),
  );
  simplifies(
    "⌊⌊x⌋⌋ → ⌊x⌋",
    x13,
    (x) => apply("floor", apply("floor", x)),
    (x) => apply("floor", x),
  );
  staysAsItIs("x · 0 of floats", x13, (x) => multiply(x, like(0, x)));
  staysAsItIs("(x · 3) · 5 of floats", x13, (x) => multiply(multiply(x, like(3, x)), like(5, x)));
  staysAsItIs("|-n| of unsigned numbers", [u8(6)], (n) => apply("abs", negate(n)));
});

describe("quotients", () => {
  simplifies("x / 1 → x", x13, (x) => divide(x, like(1, x)), same);
  simplifies("n / 1 → n", n8, (n) => divide(n, like(1, n)), same);
  simplifies("x / -1 → -x", x13, (x) => divide(x, like(-1, x)), negate);
  simplifies(
    "x / 8 → x · 0.125",
    x13,
    (x) => divide(x, like(8, x)),
    (x) => multiply(x, like(0.125, x)),
  );
  simplifies(
    "x / -2³⁰ of float64",
    [f64(13)],
    (x) => divide(x, like(-(2 ** 30), x)),
    (x) => multiply(x, like(-(2 ** -30), x)),
  );
  simplifies(
    "-x / 3 → x / -3",
    x13,
    (x) => divide(negate(x), like(3, x)),
    (x) => divide(x, like(-3, x)),
  );
  for (const c of [3, 0, Number.POSITIVE_INFINITY, 2 ** 127]) {
    staysAsItIs(`x / ${c}`, x13, (x) => divide(x, like(c, x)));
  }
  staysAsItIs("n / 2", n8, (n) => divide(n, like(2, n)));
});

describe("powers", () => {
  simplifies(
    "x⁰ → 1",
    x13,
    (x) => power(x, like(0, x)),
    (x) => like(1, x),
  );
  simplifies("x¹ → x", x13, (x) => power(x, like(1, x)), same);
  simplifies(
    "x² → x · x",
    x13,
    (x) => power(x, like(2, x)),
    (x) => multiply(x, x),
  );
  simplifies(
    "n² → n · n",
    n8,
    (n) => power(n, like(2, n)),
    (n) => multiply(n, n),
  );
  simplifies(
    "x³ → x · x · x",
    x13,
    (x) => power(x, like(3, x)),
    (x) => multiply(multiply(x, x), x),
    "rounding",
  );
  simplifies(
    "x⁻¹ → 1 / x",
    x13,
    (x) => power(x, like(-1, x)),
    (x) => divide(like(1, x), x),
  );
  staysAsItIs("√ of -∞ is no power", x13, (x) => power(x, like(0.5, x)));
  staysAsItIs("n⁻¹", n8, (n) => power(n, like(-1, n)));
});

describe("extremes", () => {
  simplifies("max(x, x) → x", x13, (x) => apply("maximum", x, x), same);
  simplifies("max(x, -∞) → x", x13, (x) => apply("maximum", like(Number.NEGATIVE_INFINITY, x), x), same);
  simplifies("min(x, ∞) → x", x13, (x) => apply("minimum", x, like(Number.POSITIVE_INFINITY, x)), same);
});

describe("conversions", () => {
  simplifies("to the dtype itself", x13, (x) => build("convert", [x], { dtype: "float32" }), same);
  simplifies(
    "bits to the dtype itself",
    x13,
    (x) => build("bitcast_convert", [x], { dtype: "float32" }),
    same,
  );
  simplifies("float32 → float64 → float32", x13, (x) => convert(convert(x, "float64"), "float32"), same);
  simplifies(
    "float32 → float64 → int32",
    x13,
    (x) => convert(convert(x, "float64"), "int32"),
    (x) => convert(x, "int32"),
  );
  simplifies("int32 → uint32 → int32", n8, (n) => convert(convert(n, "uint32"), "int32"), same);
  simplifies("int32 → float64 → int32", n8, (n) => convert(convert(n, "float64"), "int32"), same);
  simplifies(
    "int32 → float64 → float32",
    n8,
    (n) => convert(convert(n, "float64"), "float32"),
    (n) => convert(n, "float32"),
  );
  simplifies(
    "uint32 → int32 → uint8",
    [u32(6)],
    (n) => convert(convert(n, "int32"), "uint8"),
    (n) => convert(n, "uint8"),
  );
  simplifies(
    "uint8 → float32 → bool",
    [u8(6)],
    (n) => convert(convert(n, "float32"), "bool"),
    (n) => convert(n, "bool"),
  );
  staysAsItIs("float64 → float32 → float64", [f64(13)], (x) => convert(convert(x, "float32"), "float64"));
  staysAsItIs("int32 → float64 → uint8, which saturates", n8, (n) => convert(convert(n, "float64"), "uint8"));
  staysAsItIs("int32 → uint32 → float32, which loses the sign", n8, (n) =>
    convert(convert(n, "uint32"), "float32"),
  );
  staysAsItIs("int32 → float32 → int32, which rounds", n8, (n) => convert(convert(n, "float32"), "int32"));
  staysAsItIs("float32 → bool → float32", x13, (x) => convert(convert(x, "bool"), "float32"));
});
