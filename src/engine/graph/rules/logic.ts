/** Rules of logic, bits, comparisons and choices. */
import { isFloat, isInteger, isUnsigned, wrapTo } from "../../tensor/dtype.ts";
import { is, type Node } from "../node.ts";
import { constantOf, hole, num, on, op, type Rule, rule } from "../pattern.ts";
import type { Direction } from "../primitives.ts";

const x = hole("x");
const y = hole("y");
const z = hole("z");
const bool = hole("x", (n) => n.dtype === "bool");
const condition = hole("c");

/** A constant whose bits are all 1. */
const ones = hole("c", (n) => {
  if (!is(n, "constant")) return false;
  if (n.dtype === "bool") return n.attrs.value === 1;
  return isInteger(n.dtype) && n.attrs.value === wrapTo(n.dtype, -1);
});

const opposite: { readonly [D in Direction]: Direction } = {
  EQ: "NE",
  NE: "EQ",
  LT: "GE",
  GE: "LT",
  GT: "LE",
  LE: "GT",
};

/** `x <direction> x`, where that does not depend on whether x is NaN. */
function compareWithItself(direction: Direction, x: Node): number | undefined {
  if (direction === "LT" || direction === "GT") return 0;
  if (isFloat(x.dtype)) return undefined;
  return direction === "NE" ? 0 : 1;
}

export const logic: readonly Rule[] = [
  rule(op("and", x, x), x), // x & x → x
  rule(op("and", x, num(0)), num(0)), // x & 0 → 0
  rule(op("and", x, ones), x), // x & 1…1 → x
  rule(op("or", x, x), x), // x | x → x
  rule(op("or", x, num(0)), x), // x | 0 → x
  rule(op("or", x, ones), hole("c")), // x | 1…1 → 1…1
  rule(op("xor", x, x), num(0)), // x ^ x → 0
  rule(op("xor", x, num(0)), x), // x ^ 0 → x
  rule(op("xor", x, ones), op("not", x)), // x ^ 1…1 → ~x
  rule(op("not", op("not", x)), x), // ~~x → x
  rule(op("shift_left", x, num(0)), x), // x << 0 → x
  rule(op("shift_right_logical", x, num(0)), x), // x >>> 0 → x
  rule(op("shift_right_arithmetic", x, num(0)), x), // x >> 0 → x

  rule(op("compare", x, x), ({ root, x }, context) => {
    const value = compareWithItself((root as Node<"compare">).attrs.direction, x);
    return value === undefined ? undefined : constantOf(value, root, context);
  }),
  rule(
    op(
      "compare",
      bool,
      hole("c", (n) => n.op === "constant"),
    ),
    ({ root, x, c }, context) => {
      // p = true → p, p ≠ true → ¬p, p = false → ¬p, p ≠ false → p
      const { direction } = (root as Node<"compare">).attrs;
      if (direction !== "EQ" && direction !== "NE") return undefined;
      const keeps = (direction === "EQ") === ((c as Node<"constant">).attrs.value === 1);
      return keeps ? x : context.make("not", [x], {});
    },
  ),
  on("compare", (node, context) => {
    // Unsigned: n < 0 is never true, n ≥ 0 always.
    const [left, right] = [node.inputs[0]!, node.inputs[1]!];
    const { direction } = node.attrs;
    if (!isUnsigned(left.dtype) || !is(right, "constant") || right.attrs.value !== 0) return undefined;
    return direction === "LT" || direction === "GE"
      ? constantOf(direction === "GE" ? 1 : 0, node, context)
      : undefined;
  }),
  rule(op("not", op("compare", x, y)), ({ root, x, y }, context) => {
    // ¬(x < y) → x ≥ y, unless NaN makes both of them false
    const { direction } = (root.inputs[0] as Node<"compare">).attrs;
    if (isFloat(x.dtype) && direction !== "EQ" && direction !== "NE") return undefined;
    return context.make("compare", [x, y], { direction: opposite[direction] });
  }),

  rule(op("select", num(1), x, y), x), // true ? x : y → x
  rule(op("select", num(0), x, y), y), // false ? x : y → y
  rule(op("select", x, y, y), y), // x ? y : y → y
  rule(op("select", op("not", condition), x, y), op("select", condition, y, x)), // ¬c ? x : y → c ? y : x
  rule(op("select", condition, op("select", condition, x, y), z), op("select", condition, x, z)), // c ? (c ? x : y) : z → c ? x : z
  rule(op("select", condition, x, op("select", condition, y, z)), op("select", condition, x, z)), // c ? x : (c ? y : z) → c ? x : z
  rule(op("select", x, num(1), num(0)), ({ root, x }) => (root.dtype === "bool" ? x : undefined)), // p ? true : false → p
  rule(op("select", x, num(0), num(1)), ({ root, x }, context) => {
    return root.dtype === "bool" ? context.make("not", [x], {}) : undefined; // p ? false : true → ¬p
  }),
];
