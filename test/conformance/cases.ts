/**
 * For every primitive random uses of it: operands of all dtypes that it takes, with shapes around the edges of vectors
 * and with the numbers that operations treat specially, and how near to the reference a backend has to come.
 */
import * as fc from "fast-check";
import { createReferenceBackend } from "../../src/engine/backends/reference/index.ts";
import {
  apply,
  build,
  compare,
  constant,
  convert,
  iota,
  loop,
  type PlainPrimitive,
  parameter,
} from "../../src/engine/graph/build.ts";
import type { Node } from "../../src/engine/graph/node.ts";
import type {
  Direction,
  Primitive,
  ReduceKind,
  ScatterKind,
  WindowKind,
} from "../../src/engine/graph/primitives.ts";
import "../../src/engine/runtime/sort.ts";
import "../../src/engine/runtime/windows.ts";
import { type DType, dtypes, isFloat, isHalf, type TypedArray } from "../../src/engine/tensor/dtype.ts";
import { type Shape, sizeOf } from "../../src/engine/tensor/shape.ts";
import { type Agrees, sameBits, sameNumber, ulps } from "../support/agreement.ts";
import {
  arrays,
  convolutions,
  dots,
  elements,
  indexings,
  lengths,
  moderate,
  paddings,
  shapes,
  shuffled,
  windows,
} from "../support/arbitraries.ts";

/** One use of a primitive. */
export interface Sample {
  readonly params: readonly Node[];
  readonly results: readonly Node[];
  readonly args: readonly TypedArray[];
  /** Whether element i of the only result is as expected. */
  readonly agrees: (i: number) => Agrees;
}

/** Random uses of a primitive. */
export type Case = fc.Arbitrary<Sample>;

const reference = createReferenceBackend();
const float: readonly DType[] = ["float32", "float32", "float64", "float16", "bfloat16"];
const integers: readonly DType[] = ["uint8", "int8", "uint16", "int16", "int32", "uint32"];
/** Dtypes whose bits can stand for each other. */
const alike: readonly (readonly DType[])[] = [
  ["int32", "uint32", "float32"],
  ["uint16", "int16", "float16", "bfloat16"],
  ["uint8", "int8"],
];
const numbers: readonly DType[] = [...integers, ...float];
const bits: readonly DType[] = ["bool", ...integers];

const dtypeOf = (list: readonly DType[]): fc.Arbitrary<DType> => fc.constantFrom(...list);
const exactly = (): Agrees => sameBits;
const butZeros = (): Agrees => sameNumber;

/** Within so many representable numbers in float32 and in float64; a 16-bit float may be rounded to the other side. */
const within =
  (f32: number, f64: number) =>
  (dtype: DType): Agrees =>
  (a, e) =>
    ulps(dtype, a, e) <= (isHalf(dtype) ? 1 : dtype === "float32" ? f32 : f64);

/** An elementwise primitive of operands of one dtype. */
function elementwise(
  op: PlainPrimitive,
  arity: number,
  list: readonly DType[],
  agreement: (dtype: DType) => Agrees = exactly,
): Case {
  return fc.tuple(dtypeOf(list), shapes()).chain(([dtype, shape]) => {
    const operands = fc.tuple(...Array.from({ length: arity }, () => arrays(dtype, sizeOf(shape))));
    return operands.map((args): Sample => {
      const params = args.map(() => parameter({ shape, dtype }));
      return { params, results: [apply(op, ...params)], args, agrees: () => agreement(dtype) };
    });
  });
}

/** A primitive of one operand, made from its node by choices that the operand's shape allows. */
function unary<T>(
  operand: fc.Arbitrary<Shape>,
  list: readonly DType[],
  choices: (shape: Shape, dtype: DType) => fc.Arbitrary<T>,
  make: (x: Node, choice: T) => Node,
): Case {
  return fc.tuple(dtypeOf(list), operand).chain(([dtype, shape]) => {
    return fc.tuple(arrays(dtype, sizeOf(shape)), choices(shape, dtype)).map(([values, choice]): Sample => {
      const x = parameter({ shape, dtype });
      return { params: [x], results: [make(x, choice)], args: [values], agrees: exactly };
    });
  });
}

const none = (): fc.Arbitrary<undefined> => fc.constant(undefined);
const ranked = shapes().filter((shape) => shape.length > 0);
const axisOf = (shape: Shape): fc.Arbitrary<number> => fc.nat({ max: shape.length - 1 });
const axesOf = (shape: Shape): fc.Arbitrary<number[]> => fc.shuffledSubarray(shape.map((_, i) => i));

/** Shapes with as many elements. */
function reshapes(shape: Shape): fc.Arbitrary<number[]> {
  const size = sizeOf(shape);
  const divisors = Array.from({ length: size }, (_, i) => i + 1).filter((d) => size % d === 0);
  if (divisors.length === 0) return fc.constantFrom([0], [3, 0], [0, 2, 1]);
  return fc.constantFrom(...divisors).chain((d) => fc.constantFrom([size], [d, size / d], [1, size / d, d]));
}

const broadcasts = fc
  .array(fc.record({ n: lengths, role: fc.constantFrom("same", "one", "new") }), { maxLength: 3 })
  .filter((axes) => sizeOf(axes.map((a) => a.n)) <= 600)
  .map((axes) => ({
    from: axes.flatMap((a) => (a.role === "new" ? [] : [a.role === "one" ? 1 : a.n])),
    dims: axes.flatMap((a, i) => (a.role === "new" ? [] : [i])),
    shape: axes.map((a) => a.n),
  }));

const slices = (shape: Shape): fc.Arbitrary<readonly { start: number; limit: number; stride: number }[]> =>
  fc.tuple(
    ...shape.map((n) =>
      fc
        .tuple(fc.nat({ max: n }), fc.nat({ max: n }), fc.integer({ min: 1, max: 3 }))
        .map(([a, b, stride]) => {
          return { start: Math.min(a, b), limit: Math.max(a, b), stride };
        }),
    ),
  );

/** Starts inside and outside. */
const starts = (rank: number): fc.Arbitrary<number[]> => {
  const start = fc.oneof(fc.integer({ min: -3, max: 20 }), fc.constantFrom(2147483647, -2147483648));
  return fc.array(start, { minLength: rank, maxLength: rank });
};

const blocks = shapes(200, 2).chain((shape) =>
  fc.record({
    shape: fc.constant(shape),
    sizes: fc.tuple(...shape.map((n) => fc.nat({ max: n }))),
    at: starts(shape.length),
  }),
);

const int32 = (): Node => parameter({ shape: [], dtype: "int32" });

const gathers: Case = fc
  .tuple(dtypeOf(dtypes), indexings)
  .chain(([dtype, { shape, indices, sliceSizes, dims }]) =>
    fc
      .tuple(arrays(dtype, sizeOf(shape)), arrays("int32", sizeOf(indices), fc.integer({ min: -2, max: 6 })))
      .map((args): Sample => {
        const params = [parameter({ shape, dtype }), parameter({ shape: indices, dtype: "int32" })];
        const node = build("gather", params, { ...dims, sliceSizes });
        return { params, results: [node], args, agrees: exactly };
      }),
  );

const scatters: Case = fc
  .tuple(
    dtypeOf(dtypes),
    indexings,
    fc.constantFrom<ScatterKind>("set", "add", "multiply", "max", "min"),
    fc.boolean(),
  )
  .chain(([dtype, { shape, indices, result, dims }, some, huge]) => {
    const kind: ScatterKind = dtype === "bool" ? "set" : some;
    const index = huge ? elements.int32 : fc.integer({ min: -2, max: 6 });
    const sums = kind === "add" || kind === "multiply";
    const element = sums ? moderate[dtype] : elements[dtype];
    return fc
      .tuple(
        arrays(dtype, sizeOf(shape), element),
        arrays("int32", sizeOf(indices), index),
        arrays(dtype, sizeOf(result), element),
      )
      .map((args): Sample => {
        const params = [
          parameter({ shape, dtype }),
          parameter({ shape: indices, dtype: "int32" }),
          parameter({ shape: result, dtype }),
        ];
        const node = build("scatter", params, { ...dims, kind });
        // The reference adds up in float64 and rounds once.
        // Not simplified, each update of a 16-bit float is rounded.
        const unit = dtype === "float16" ? 2e-2 : dtype === "bfloat16" ? 2e-1 : 1e-5;
        const loose: Agrees = (a, e) => sameNumber(a, e) || Math.abs(a - e) < unit * Math.max(1, Math.abs(e));
        return { params, results: [node], args, agrees: () => (sums && isFloat(dtype) ? loose : sameNumber) };
      });
  });

/** Sums and products of floats: as near as adding up that many rounded numbers one by one comes. */
function accumulated(
  params: readonly Node[],
  result: Node,
  args: readonly TypedArray[],
  terms: number,
): (i: number) => Agrees {
  const { dtype } = result;
  if (!isFloat(dtype)) return () => sameNumber;
  const sizes = args.map((a) => a.map(Math.abs) as TypedArray);
  const [scale] = reference.compile({ params, results: [result] }).run(sizes);
  const unit = dtype === "float64" ? 2 ** -52 : 2 ** -24;
  return (i) => (a, e) => {
    const slack = unit * (terms + 2) * scale![i]! + (dtype === "float64" ? 5e-324 : 2 ** -149) * (terms + 2);
    if (isHalf(dtype) && ulps(dtype, a, e) <= 1) return true;
    return sameNumber(a, e) || Math.abs(a - e) <= slack;
  };
}

const reductions: Case = fc
  .tuple(
    fc.constantFrom<ReduceKind>("sum", "prod", "max", "min", "and", "or"),
    shapes(1200),
    dtypeOf(numbers),
  )
  .chain(([kind, shape, some]) => {
    const logical = kind === "and" || kind === "or";
    const dtype: DType = logical ? "bool" : some;
    const exact = kind === "max" || kind === "min" || !isFloat(dtype);
    // Factors near to 1, so that no partial product leaves the range of float32.
    const tame = kind === "sum" ? moderate[dtype] : fc.constantFrom(0.96, -0.97, 1.02, 1.05, -1.01, 0.99);
    const element = exact
      ? elements[dtype]
      : fc.oneof(
          { weight: 60, arbitrary: tame },
          { weight: 1, arbitrary: fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY) },
        );
    return fc.tuple(arrays(dtype, sizeOf(shape), element), axesOf(shape)).map(([values, axes]): Sample => {
      const x = parameter({ shape, dtype });
      const node = build("reduce", [x], { kind, axes });
      const terms = axes.reduce((n, d) => n * shape[d]!, 1);
      const agrees = exact ? butZeros : accumulated([x], node, [values], terms);
      return { params: [x], results: [node], args: [values], agrees };
    });
  });

const products: Case = fc
  .tuple(dtypeOf(["float32", "float32", ...numbers]), dots(fc.constantFrom(0, 1, 2, 3, 4, 5, 8, 9, 13, 17)))
  .filter(([, { lhs, rhs }]) => sizeOf(lhs) <= 2000 && sizeOf(rhs) <= 2000)
  .chain(([dtype, { lhs, rhs, attrs }]) =>
    fc
      .tuple(arrays(dtype, sizeOf(lhs), moderate[dtype]), arrays(dtype, sizeOf(rhs), moderate[dtype]))
      .map((args): Sample => {
        const params = [parameter({ shape: lhs, dtype }), parameter({ shape: rhs, dtype })];
        const node = build("dot_general", params, attrs);
        const terms = attrs.lhsContracting.reduce((n, d) => n * lhs[d]!, 1);
        return { params, results: [node], args, agrees: accumulated(params, node, args, terms) };
      }),
  );

const convolved: Case = fc
  .tuple(
    dtypeOf(["float32", "float32", "float32", ...numbers]),
    convolutions(fc.constantFrom(0, 1, 1, 2, 3, 4, 5, 8, 9, 17)),
  )
  .filter(([, { x, kernel }]) => sizeOf(x) <= 2000 && sizeOf(kernel) <= 2000)
  .chain(([dtype, { x, kernel, attrs }]) =>
    fc
      .tuple(arrays(dtype, sizeOf(x), moderate[dtype]), arrays(dtype, sizeOf(kernel), moderate[dtype]))
      .map((args): Sample => {
        const params = [parameter({ shape: x, dtype }), parameter({ shape: kernel, dtype })];
        const node = build("convolution", params, attrs);
        const terms = sizeOf(kernel.slice(0, -1));
        return { params, results: [node], args, agrees: accumulated(params, node, args, terms) };
      }),
  );

const windowReductions: Case = fc
  .tuple(fc.constantFrom<WindowKind>("sum", "max", "min"), windows, dtypeOf(numbers))
  .chain(([kind, { shape, of }, dtype]) => {
    const exact = kind !== "sum" || !isFloat(dtype);
    return arrays(dtype, sizeOf(shape), exact ? elements[dtype] : moderate[dtype]).map((values): Sample => {
      const x = parameter({ shape, dtype });
      const node = build("reduce_window", [x], { kind, ...of });
      const agrees = exact ? butZeros : accumulated([x], node, [values], sizeOf(of.window));
      return { params: [x], results: [node], args: [values], agrees };
    });
  });

const selections: Case = fc
  .tuple(fc.constantFrom<"max" | "min">("max", "min"), windows, dtypeOf(numbers), fc.boolean())
  .chain(([kind, { shape, of }, dtype, ties]) => {
    const x = parameter({ shape, dtype });
    const count = build("reduce_window", [x], { kind, ...of }).shape;
    const source = parameter({ shape: count, dtype });
    const values = arrays(dtype, sizeOf(shape), ties ? fc.nat({ max: 2 }) : elements[dtype]);
    return fc.tuple(values, arrays(dtype, sizeOf(count), moderate[dtype])).map((args): Sample => {
      const params = [x, source];
      const node = build("select_and_scatter", params, { kind, ...of });
      const loose: Agrees = (a, e) => {
        return sameNumber(a, e) || Math.abs(a - e) < 1e-5 || (isHalf(dtype) && ulps(dtype, a, e) <= 1);
      };
      return { params, results: [node], args, agrees: () => (isFloat(dtype) ? loose : sameNumber) };
    });
  });

/** A loop that swaps two values, changes one, and leaves one as it is; some end when a condition of their own fails. */
const loops: Case = fc
  .tuple(
    shapes(100),
    fc.integer({ min: -1, max: 5 }),
    fc.boolean(),
    fc.nat({ max: 2 }),
    fc.option(fc.nat({ max: 5 })),
  )
  .chain(([shape, rounds, fixed, index, until]) =>
    fc.array(arrays("int32", sizeOf(shape)), { minLength: 4, maxLength: 4 }).map((values): Sample => {
      const type = { shape, dtype: "int32" } as const;
      const params = Array.from({ length: 4 }, () => parameter(type));
      const inside = Array.from({ length: 4 }, () => parameter(type));
      const [a, b, c, k] = inside as [Node, Node, Node, Node];
      const i = int32();
      const wide = build("broadcast_in_dim", [i], { shape, dims: [] });
      const body = { params: [i, ...inside], results: [b, a, apply("add", apply("multiply", c, k), wide)] };
      const count = fixed ? constant(rounds, { shape: [], dtype: "int32" }) : int32();
      let nodes = loop(count, params.slice(0, 3), params.slice(3), body);
      if (until !== null) {
        const scalar = { shape: [], dtype: "int32" } as const;
        const goesOn = compare("LT", apply("add", i, constant(1, scalar)), constant(until, scalar));
        const open = parameter({ shape: [], dtype: "bool" });
        const carries = [constant(Number(until > 0), open), ...params.slice(0, 3)];
        const inner = { params: [i, open, ...inside], results: [goesOn, ...body.results] };
        nodes = loop(count, carries, params.slice(3), inner, { conditional: true }).slice(1);
      }
      return {
        params: fixed ? params : [...params, count],
        results: [nodes[index]!],
        args: fixed ? values : [...values, Int32Array.of(rounds)],
        agrees: exactly,
      };
    }),
  );

/** The table. Its type makes sure that no primitive is forgotten. */
export const cases: { readonly [P in Primitive]: Case } = {
  parameter: unary(shapes(), dtypes, none, (x) => x),
  constant: fc
    .tuple(dtypeOf(dtypes), shapes())
    .chain(([dtype, shape]) => elements[dtype].map((value) => constant(value, { shape, dtype })))
    .map((node): Sample => ({ params: [], results: [node], args: [], agrees: exactly })),
  iota: fc
    .tuple(dtypeOf(numbers), fc.oneof(ranked, fc.constant([300])))
    .chain(([dtype, shape]) => axisOf(shape).map((axis) => iota(shape, axis, dtype)))
    .map((node): Sample => ({ params: [], results: [node], args: [], agrees: exactly })),
  rng_bit_generator: fc.tuple(arrays("uint32", 2), shapes()).map(([key, shape]): Sample => {
    const k = parameter({ shape: [2], dtype: "uint32" });
    return {
      params: [k],
      results: [build("rng_bit_generator", [k], { shape })],
      args: [key],
      agrees: exactly,
    };
  }),

  abs: elementwise("abs", 1, numbers),
  negate: elementwise("negate", 1, numbers),
  sign: elementwise("sign", 1, numbers),
  floor: elementwise("floor", 1, float),
  ceil: elementwise("ceil", 1, float),
  round_nearest_even: elementwise("round_nearest_even", 1, float),
  sqrt: elementwise("sqrt", 1, float),
  rsqrt: elementwise("rsqrt", 1, float, within(2, 2)),
  cbrt: elementwise("cbrt", 1, float, within(2, 4)),
  exponential: elementwise("exponential", 1, float, within(2, 4)),
  exponential_minus_one: elementwise("exponential_minus_one", 1, float, within(2, 4)),
  log: elementwise("log", 1, float, within(2, 4)),
  log_plus_one: elementwise("log_plus_one", 1, float, within(2, 4)),
  logistic: elementwise("logistic", 1, float, within(3, 4)),
  sine: elementwise("sine", 1, float, within(3, 4)),
  cosine: elementwise("cosine", 1, float, within(3, 4)),
  tan: elementwise("tan", 1, float, within(5, 4)),
  asin: elementwise("asin", 1, float, within(3, 4)),
  acos: elementwise("acos", 1, float, within(3, 4)),
  atan: elementwise("atan", 1, float, within(3, 4)),
  sinh: elementwise("sinh", 1, float, within(3, 4)),
  cosh: elementwise("cosh", 1, float, within(3, 4)),
  tanh: elementwise("tanh", 1, float, within(3, 4)),
  asinh: elementwise("asinh", 1, float, within(3, 4)),
  acosh: elementwise("acosh", 1, float, within(3, 4)),
  atanh: elementwise("atanh", 1, float, within(3, 4)),
  // The reference itself sums a series in float64.
  erf: elementwise("erf", 1, float, within(3, 16)),
  erf_inv: elementwise("erf_inv", 1, float, within(4, 8)),
  is_finite: unary(shapes(), float, none, (x) => apply("is_finite", x)),
  not: elementwise("not", 1, bits),
  convert: unary(
    shapes(),
    dtypes,
    () => dtypeOf(dtypes),
    (x, dtype) => convert(x, dtype),
  ),
  bitcast_convert: unary(
    shapes(),
    alike.flat(),
    (_, from) => dtypeOf(alike.find((list) => list.includes(from))!),
    (x, dtype) => build("bitcast_convert", [x], { dtype }),
  ),
  stop_gradient: elementwise("stop_gradient", 1, dtypes),
  identity: elementwise("identity", 1, dtypes),

  add: elementwise("add", 2, numbers),
  subtract: elementwise("subtract", 2, numbers),
  multiply: elementwise("multiply", 2, numbers),
  divide: elementwise("divide", 2, numbers),
  remainder: elementwise("remainder", 2, numbers),
  power: elementwise("power", 2, numbers, (dtype) => (isFloat(dtype) ? within(3, 4)(dtype) : sameBits)),
  maximum: elementwise("maximum", 2, numbers),
  minimum: elementwise("minimum", 2, numbers),
  atan2: elementwise("atan2", 2, float, within(3, 4)),
  and: elementwise("and", 2, bits),
  or: elementwise("or", 2, bits),
  xor: elementwise("xor", 2, bits),
  shift_left: elementwise("shift_left", 2, integers),
  shift_right_logical: elementwise("shift_right_logical", 2, integers),
  shift_right_arithmetic: elementwise("shift_right_arithmetic", 2, integers),
  compare: fc
    .tuple(dtypeOf(dtypes), shapes(), fc.constantFrom<Direction>("EQ", "NE", "LT", "LE", "GT", "GE"))
    .chain(([dtype, shape, direction]) =>
      fc.tuple(arrays(dtype, sizeOf(shape)), arrays(dtype, sizeOf(shape))).map((args): Sample => {
        const params = args.map(() => parameter({ shape, dtype }));
        return { params, results: [compare(direction, params[0]!, params[1]!)], args, agrees: exactly };
      }),
    ),
  select: fc.tuple(dtypeOf(dtypes), shapes()).chain(([dtype, shape]) =>
    fc
      .tuple(arrays("bool", sizeOf(shape)), arrays(dtype, sizeOf(shape)), arrays(dtype, sizeOf(shape)))
      .map((args): Sample => {
        const params = [
          parameter({ shape, dtype: "bool" }),
          parameter({ shape, dtype }),
          parameter({ shape, dtype }),
        ];
        return { params, results: [build("select", params, {})], args, agrees: exactly };
      }),
  ),

  reshape: unary(shapes(), dtypes, reshapes, (x, shape) => build("reshape", [x], { shape })),
  transpose: unary(
    shapes(),
    dtypes,
    (shape) => shuffled(shape.length),
    (x, permutation) => build("transpose", [x], { permutation }),
  ),
  broadcast_in_dim: fc.tuple(dtypeOf(dtypes), broadcasts).chain(([dtype, { from, dims, shape }]) =>
    arrays(dtype, sizeOf(from)).map((values): Sample => {
      const x = parameter({ shape: from, dtype });
      const node = build("broadcast_in_dim", [x], { shape, dims });
      return { params: [x], results: [node], args: [values], agrees: exactly };
    }),
  ),
  slice: unary(shapes(), dtypes, slices, (x, ranges) =>
    build("slice", [x], {
      start: ranges.map((r) => r.start),
      limit: ranges.map((r) => r.limit),
      strides: ranges.map((r) => r.stride),
    }),
  ),
  pad: fc.tuple(dtypeOf(dtypes), paddings).chain(([dtype, { shape, attrs }]) =>
    fc.tuple(arrays(dtype, sizeOf(shape)), arrays(dtype, 1)).map((args): Sample => {
      const params = [parameter({ shape, dtype }), parameter({ shape: [], dtype })];
      return { params, results: [build("pad", params, attrs)], args, agrees: exactly };
    }),
  ),
  concatenate: fc
    .tuple(dtypeOf(dtypes), ranked, fc.array(lengths, { minLength: 1, maxLength: 4 }))
    .chain(([dtype, shape, along]) =>
      axisOf(shape).chain((axis) => {
        const all = along.map((n) => shape.map((m, d) => (d === axis ? n : m)));
        return fc.tuple(...all.map((s) => arrays(dtype, sizeOf(s)))).map((args): Sample => {
          const params = all.map((s) => parameter({ shape: s, dtype }));
          return { params, results: [build("concatenate", params, { axis })], args, agrees: exactly };
        });
      }),
    ),
  reverse: unary(shapes(), dtypes, axesOf, (x, axes) => build("reverse", [x], { axes })),
  // Computed and waited for, as on the way back through what is computed anew.
  optimization_barrier: unary(shapes(), dtypes, none, (x) => {
    const flipped = build("reverse", [x], { axes: x.shape.map((_, axis) => axis) });
    return apply("optimization_barrier", flipped, apply("optimization_barrier", x));
  }),
  gather: gathers,
  scatter: scatters,
  dynamic_slice: fc.tuple(dtypeOf(dtypes), blocks).chain(([dtype, { shape, sizes, at }]) =>
    arrays(dtype, sizeOf(shape)).map((values): Sample => {
      const params = [parameter({ shape, dtype }), ...at.map(int32)];
      const node = build("dynamic_slice", params, { sizes });
      return { params, results: [node], args: [values, ...at.map((s) => Int32Array.of(s))], agrees: exactly };
    }),
  ),
  dynamic_update_slice: fc.tuple(dtypeOf(dtypes), blocks).chain(([dtype, { shape, sizes, at }]) =>
    fc.tuple(arrays(dtype, sizeOf(shape)), arrays(dtype, sizeOf(sizes))).map(([x, update]): Sample => {
      const params = [parameter({ shape, dtype }), parameter({ shape: sizes, dtype }), ...at.map(int32)];
      const node = build("dynamic_update_slice", params, {});
      return {
        params,
        results: [node],
        args: [x, update, ...at.map((s) => Int32Array.of(s))],
        agrees: exactly,
      };
    }),
  ),

  reduce: reductions,
  arg_reduce: fc
    .tuple(dtypeOf(dtypes), ranked, fc.constantFrom<"max" | "min">("max", "min"))
    .chain(([dtype, some, kind]) =>
      axisOf(some).chain((axis) => {
        const shape = some.map((n, d) => (d === axis ? Math.max(1, n) : n));
        return arrays(dtype, sizeOf(shape)).map((values): Sample => {
          const x = parameter({ shape, dtype });
          return {
            params: [x],
            results: [build("arg_reduce", [x], { kind, axis })],
            args: [values],
            agrees: exactly,
          };
        });
      }),
    ),
  arg_sort: fc
    .tuple(fc.array(dtypeOf(dtypes), { minLength: 1, maxLength: 3 }), ranked)
    .chain(([kinds, shape]) =>
      axisOf(shape).chain((axis) =>
        fc.tuple(...kinds.map((dtype) => arrays(dtype, sizeOf(shape)))).map((args): Sample => {
          const params = kinds.map((dtype) => parameter({ shape, dtype }));
          return { params, results: [build("arg_sort", params, { axis })], args, agrees: exactly };
        }),
      ),
    ),
  dot_general: products,
  convolution: convolved,
  reduce_window: windowReductions,
  select_and_scatter: selections,
  loop: loops,
  result: loops,
};
