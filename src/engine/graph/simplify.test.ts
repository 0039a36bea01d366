/** Properties of simplification as a whole, on random graphs: same numbers, valid, at rest after once. */
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  bool,
  evaluateGraph,
  expectAgreement,
  f64,
  i32,
  u8,
  valuesFor,
} from "../../../test/support/simplification.ts";
import { isFloat, isInteger } from "../tensor/dtype.ts";
import { sameShape, sizeOf } from "../tensor/shape.ts";
import {
  apply,
  broadcastInDim,
  build,
  compare,
  constant,
  constantLike,
  convert,
  dotGeneral,
  loop,
  type PlainPrimitive,
  parameter,
  reduce,
  reshape,
  slice,
  transpose,
} from "./build.ts";
import type { Graph, Node } from "./node.ts";
import { printGraph } from "./print.ts";
import { simplify } from "./simplify.ts";
import { verify } from "./verify.ts";

/** Draws random choices from a list of numbers. */
class Dice {
  #next = 0;
  readonly #rolls: readonly number[];
  constructor(rolls: readonly number[]) {
    this.#rolls = rolls;
  }
  below(n: number): number {
    return (this.#rolls[this.#next++ % this.#rolls.length]! + 7 * this.#next) % n;
  }
  of<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }
}

type Grow = (x: Node, dice: Dice, pool: readonly Node[]) => Node | undefined;

/** A node of the same type as `x`, possibly a constant that rules like. */
function partner(x: Node, dice: Dice, pool: readonly Node[]): Node {
  if (dice.below(3) === 0) return constantLike(dice.of([0, 1, -1, 2, 0.5, 4, -0]), x);
  return dice.of(pool.filter((y) => y.dtype === x.dtype && sameShape(x.shape, y.shape)));
}

const random = (dice: Dice, rank: number): number[] => {
  const rest = Array.from({ length: rank }, (_, i) => i);
  return rest.map((_, i) => {
    const j = i + dice.below(rank - i);
    [rest[i], rest[j]] = [rest[j]!, rest[i]!];
    return rest[i];
  });
};

// Nothing that tells -0 from 0 by more than a sign (1 / x), because rules may exchange them.
const float: readonly PlainPrimitive[] = [
  "negate",
  "abs",
  "sign",
  "floor",
  "ceil",
  "round_nearest_even",
  "tanh",
  "sine",
  "identity",
];
const floats: readonly PlainPrimitive[] = ["add", "subtract", "multiply", "maximum", "minimum"];
const integers: readonly PlainPrimitive[] = [...floats, "divide", "remainder", "power", "and", "or", "xor"];
const integer: readonly PlainPrimitive[] = ["negate", "abs", "sign", "not", "stop_gradient"];

const unary: Grow = (x, dice) =>
  apply(x.dtype === "bool" ? "not" : dice.of(isFloat(x.dtype) ? float : integer), x);

const binary: Grow = (x, dice, pool) => {
  const y = partner(x, dice, pool);
  const ops = isFloat(x.dtype) ? floats : isInteger(x.dtype) ? integers : (["and", "or", "xor"] as const);
  const op = dice.of(ops);
  return dice.below(2) === 0 ? apply(op, x, y) : apply(op, y, x);
};

const growers: readonly Grow[] = [
  ...[unary, unary, unary, binary, binary, binary, binary],
  (x, dice) => (isFloat(x.dtype) ? apply("power", x, constantLike(dice.of([0, 1, 2, 3]), x)) : undefined),
  (x, dice) =>
    isFloat(x.dtype) ? apply("divide", x, constantLike(dice.of([1, -1, 2, 0.25, 3]), x)) : undefined,
  (x, dice, pool) => compare(dice.of(["EQ", "NE", "LT", "LE", "GT", "GE"]), x, partner(x, dice, pool)),
  (x, dice, pool) => {
    const conditions = pool.filter((c) => c.dtype === "bool" && sameShape(c.shape, x.shape));
    const condition = conditions.length > 0 ? dice.of(conditions) : constant(1, { ...x, dtype: "bool" });
    return apply("select", condition, x, partner(x, dice, pool));
  },
  (x, dice) => convert(x, dice.of(["float64", "int32", "uint32", "uint8", "bool"])),
  (x, dice) =>
    reshape(
      x,
      dice.of([[sizeOf(x.shape)], [1, ...x.shape], [...x.shape, 1], x.shape.filter((n) => n !== 1)]),
    ),
  (x, dice) => transpose(x, random(dice, x.shape.length)),
  (x, dice) => {
    const at = dice.below(x.shape.length + 1);
    const dims = x.shape.map((_, i) => (i < at ? i : i + 1));
    const shape = x.shape.map((n) => (n === 1 ? dice.of([1, 3]) : n));
    return build("broadcast_in_dim", [x], { shape: shape.toSpliced(at, 0, dice.of([1, 2, 3])), dims });
  },
  (x, dice) => {
    const start = x.shape.map((n) => (dice.below(2) === 0 ? 0 : dice.below(n + 1)));
    const limit = x.shape.map((n, i) =>
      dice.below(2) === 0 ? n : start[i]! + dice.below(n - start[i]! + 1),
    );
    const strides = x.shape.map(() => dice.of([1, 1, 2]));
    return slice(x, start, limit, strides);
  },
  (x, dice) => {
    const amount = (): number[] => x.shape.map((n) => dice.of([0, 0, 1, n > 2 ? -1 : 0]));
    const interior = x.shape.map(() => dice.of([0, 0, 0, 1]));
    return build("pad", [x, constant(dice.of([0, 1]), { shape: [], dtype: x.dtype })], {
      low: amount(),
      high: amount(),
      interior,
    });
  },
  (x, dice, pool) =>
    x.shape.length > 0
      ? build("concatenate", [x, partner(x, dice, pool)], { axis: dice.below(x.shape.length) })
      : undefined,
  (x, dice) =>
    x.shape.length > 0 ? build("reverse", [x], { axes: [dice.below(x.shape.length)] }) : undefined,
  (x, dice) => {
    const axes = x.shape.map((_, i) => i).filter(() => dice.below(2) === 0);
    return reduce(x.dtype === "bool" ? dice.of(["and", "or"]) : dice.of(["sum", "max", "min"]), x, axes);
  },
  (x, dice, pool) => {
    const y = dice.of(pool.filter((y) => y.dtype === x.dtype));
    const pairs = x.shape.flatMap((n, i) => y.shape.flatMap((m, j) => (n === m ? [[i, j] as const] : [])));
    if (x.dtype === "bool" || pairs.length === 0) return undefined;
    const [i, j] = dice.of(pairs);
    const none = { lhsBatch: [], rhsBatch: [], lhsContracting: [], rhsContracting: [] };
    return dotGeneral(
      x,
      y,
      dice.of([
        { ...none, lhsContracting: [i], rhsContracting: [j] },
        { ...none, lhsBatch: [i], rhsBatch: [j] },
      ]),
    );
  },
  (x, dice) => {
    const starts = x.shape.map((n) => constant(dice.below(n + 2) - 1, i32()));
    return build("dynamic_slice", [x, ...starts], {
      sizes: x.shape.map((n) => (n > 1 ? n - dice.below(2) : n)),
    });
  },
  (x, dice, pool) => {
    const y = partner(x, dice, pool);
    const [i, a, b, c] = [parameter(i32()), parameter(x), parameter(y), parameter(y)];
    const index = broadcastInDim(convert(i, x.dtype), x.shape, []);
    const results = [
      dice.of([a, b, partner(a, dice, [a, b, c, index])]),
      dice.of([a, b, apply("identity", b)]),
    ];
    return dice.of(loop(constant(dice.below(4) - 1, i32()), [x, y], [y], { params: [i, a, b, c], results }));
  },
];

const types = [
  f64(4, 6),
  f64(4, 6),
  f64(6),
  f64(),
  i32(4, 6),
  i32(),
  bool(4, 6),
  u8(6),
  f64(4, 1),
  i32(1, 6),
  f64(2, 3, 4),
];

function randomGraph(steps: readonly (readonly number[])[]): Graph {
  const params = types.map(parameter);
  const pool: Node[] = [...params];
  for (const rolls of steps) {
    const dice = new Dice(rolls);
    // Mostly what was made last, so that long combinations come about.
    const x =
      dice.below(4) > 0 ? pool[pool.length - 1 - dice.below(Math.min(3, pool.length))]! : dice.of(pool);
    const made = dice.of(growers)(x, dice, pool);
    if (made !== undefined && sizeOf(made.shape) <= 300) pool.push(made);
  }
  const used = new Set(pool.flatMap((node) => node.inputs));
  return { params, results: pool.slice(params.length).filter((node) => !used.has(node)) };
}

const rolls = fc.array(fc.nat(100_000), { minLength: 11, maxLength: 11 });
const steps = fc.noBias(fc.array(rolls, { minLength: 8, maxLength: 24, size: "max" }));

test("random graphs give the same numbers after simplification, which is valid and at rest", () => {
  fc.assert(
    fc.property(steps, fc.boolean(), (drawn, tame) => {
      const graph = randomGraph(drawn);
      verify(graph, "random graph");
      const simple = simplify(graph);
      verify(simple, "simplified");
      expect(printGraph(simplify(simple))).toBe(printGraph(simple));
      const args = types.map((type, i) => valuesFor(type, i, tame));
      expectAgreement(evaluateGraph(simple, args), evaluateGraph(graph, args), "rounding");
    }),
    { numRuns: 1000, seed: 1 },
  );
});
