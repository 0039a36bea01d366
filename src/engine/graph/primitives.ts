/**
 * The table of primitives: for each its kind, the number of its operands, and the rule that gives the shape and dtype of
 * its result or says what is wrong. Names and meanings are StableHLO's wherever it has the operation.
 */
import { byteWidth, type DType, isFloat, isInteger } from "../tensor/dtype.ts";
import { DTypeError, ShapeError } from "../tensor/errors.ts";
import { type Shape, sameShape, showShape, sizeOf } from "../tensor/shape.ts";
import type { Graph, Node } from "./node.ts";
import type { Windows } from "./windows.ts";

/** Directions of `compare`. Comparisons with NaN are false, except `NE`. */
export type Direction = "EQ" | "NE" | "LT" | "LE" | "GT" | "GE";

/** What `reduce` accumulates. `and`/`or` take booleans, the others numbers. */
export type ReduceKind = "sum" | "prod" | "max" | "min" | "and" | "or";

/** What `reduce_window` accumulates. */
export type WindowKind = "sum" | "max" | "min";

/** What `scatter` does where an update meets an element. */
export type ScatterKind = "set" | "add" | "multiply" | "max" | "min";

/**
 * How `gather` and `scatter` find a slice of the operand (StableHLO's dimension numbers; the index vector is always the
 * last axis of the indices).
 *
 * The axes of the result (of the updates, for scatter) that are not in `offsetDims` are, in order, the axes of the
 * indices without the last one; those in `offsetDims` are, in order, the operand axes that are neither collapsed nor
 * batching. Component `j` of an index vector is the start along operand axis `startIndexMap[j]`.
 */
export interface IndexDims {
  readonly offsetDims: readonly number[];
  readonly collapsedSliceDims: readonly number[];
  readonly operandBatchingDims: readonly number[];
  readonly indicesBatchingDims: readonly number[];
  readonly startIndexMap: readonly number[];
}

type None = Record<never, never>;

/** The attributes of each primitive. */
export interface Attrs {
  parameter: { readonly shape: Shape; readonly dtype: DType };
  constant: { readonly shape: Shape; readonly dtype: DType; readonly value: number };
  iota: { readonly shape: Shape; readonly dtype: DType; readonly axis: number };
  rng_bit_generator: { readonly shape: Shape };

  abs: None;
  negate: None;
  sign: None;
  floor: None;
  ceil: None;
  round_nearest_even: None;
  sqrt: None;
  rsqrt: None;
  cbrt: None;
  exponential: None;
  exponential_minus_one: None;
  log: None;
  log_plus_one: None;
  logistic: None;
  sine: None;
  cosine: None;
  tan: None;
  asin: None;
  acos: None;
  atan: None;
  sinh: None;
  cosh: None;
  tanh: None;
  asinh: None;
  acosh: None;
  atanh: None;
  erf: None;
  erf_inv: None;
  is_finite: None;
  not: None;
  convert: { readonly dtype: DType };
  bitcast_convert: { readonly dtype: DType };
  stop_gradient: None;
  identity: None;

  add: None;
  subtract: None;
  multiply: None;
  divide: None;
  remainder: None;
  power: None;
  maximum: None;
  minimum: None;
  atan2: None;
  and: None;
  or: None;
  xor: None;
  shift_left: None;
  shift_right_logical: None;
  shift_right_arithmetic: None;
  compare: { readonly direction: Direction };
  select: None;

  reshape: { readonly shape: Shape };
  transpose: { readonly permutation: readonly number[] };
  broadcast_in_dim: { readonly shape: Shape; readonly dims: readonly number[] };
  slice: {
    readonly start: readonly number[];
    readonly limit: readonly number[];
    readonly strides: readonly number[];
  };
  pad: {
    readonly low: readonly number[];
    readonly high: readonly number[];
    readonly interior: readonly number[];
  };
  concatenate: { readonly axis: number };
  reverse: { readonly axes: readonly number[] };
  optimization_barrier: None;
  gather: IndexDims & { readonly sliceSizes: readonly number[] };
  scatter: IndexDims & { readonly kind: ScatterKind };
  dynamic_slice: { readonly sizes: readonly number[] };
  dynamic_update_slice: None;

  reduce: { readonly kind: ReduceKind; readonly axes: readonly number[] };
  arg_reduce: { readonly kind: "max" | "min"; readonly axis: number };
  arg_sort: { readonly axis: number };
  dot_general: {
    readonly lhsBatch: readonly number[];
    readonly rhsBatch: readonly number[];
    readonly lhsContracting: readonly number[];
    readonly rhsContracting: readonly number[];
  };
  convolution: {
    readonly strides: readonly number[];
    readonly dilations: readonly number[];
    readonly groups: number;
  };
  reduce_window: Windows & { readonly kind: WindowKind };
  select_and_scatter: Windows & { readonly kind: "max" | "min" };

  loop: {
    readonly body: Graph;
    readonly carries: number;
    /** Whether a round begins only while carried value 0, a boolean, is true. */
    readonly conditional: boolean;
    /** A number that the count does not exceed. */
    readonly most: number;
  };
  result: { readonly index: number };
}

/** The name of a primitive. */
export type Primitive = keyof Attrs;

/** Primitives that come with their operations: only programs that call one have their rows, in every table of the engine. */
export type FamilyPrimitive = "convolution" | "reduce_window" | "select_and_scatter" | "arg_sort";

/**
 * What a primitive does to indices, which is what the compiler schedules by.
 * - `leaf`: has no operands; `elementwise`: element i of the result needs element i of each operand;
 * - `view`: element i of the result is one element of an operand, found by arithmetic on i;
 * - `index`: as `view`, but the place is read from other operands;
 * - `contraction`: reads many elements for one; `update`: a copy of operand 0 with some elements replaced;
 * - `control`: runs a graph of its own.
 */
export type Kind = "leaf" | "elementwise" | "view" | "index" | "contraction" | "update" | "control";

/** Shape and dtype of a result. */
export interface Type {
  readonly shape: Shape;
  readonly dtype: DType;
}

/** One row of the table. `arity` -1 means any number of operands. */
export interface PrimitiveRule<P extends Primitive> {
  readonly kind: Kind;
  readonly arity: number;
  readonly infer: (inputs: readonly Node[], attrs: Attrs[P]) => Type;
}

/** A row for each of some primitives. */
export type Rows<P extends Primitive> = { readonly [Q in P]: PrimitiveRule<Q> };

/** Requires of a rule's operands; the problem is worded only when there is one. */
export function requireShape(ok: boolean, op: string, problem: () => string): void {
  if (!ok) throw new ShapeError(`${op}: ${problem()}`);
}

export function requireDType(ok: boolean, op: string, expected: string, inputs: readonly Node[]): void {
  if (!ok)
    throw new DTypeError(`${op}: expected ${expected}. Received: ${inputs.map((n) => n.dtype).join(", ")}`);
}

export const shapes = (inputs: readonly Node[]): string => inputs.map((n) => showShape(n.shape)).join(", ");

/** All operands (from `from` on) have one shape and one dtype. */
function sameTypes(op: string, inputs: readonly Node[], from = 0): Type {
  const first = inputs[from]!;
  for (const other of inputs.slice(from + 1)) {
    requireShape(
      sameShape(first.shape, other.shape),
      op,
      () => `operands need one shape. Received: ${shapes(inputs)}`,
    );
    requireDType(first.dtype === other.dtype, op, "operands of one dtype", inputs);
  }
  return first;
}

type Accepts = "float" | "number" | "integer" | "bits" | "any";

const accepts: { readonly [A in Accepts]: readonly [string, (d: DType) => boolean] } = {
  float: ["floating point operands", isFloat],
  number: ["numbers, not booleans", (d) => d !== "bool"],
  integer: ["integer operands", isInteger],
  bits: ["boolean or integer operands", (d) => !isFloat(d)],
  any: ["operands", () => true],
};

type Plain = {
  readonly [P in Primitive]: Attrs[P] extends None ? (None extends Attrs[P] ? P : never) : never;
}[Primitive];

/** Rows of primitives that take operands of one type, and give it. */
function elementwise<P extends Plain>(arity: number, kind: Accepts, ops: readonly P[]): Rows<P> {
  const [text, test] = accepts[kind];
  const row = (op: P): PrimitiveRule<Plain> => ({
    kind: "elementwise",
    arity,
    infer(inputs) {
      const { shape, dtype } = sameTypes(op, inputs);
      requireDType(test(dtype), op, text, inputs);
      return { shape, dtype };
    },
  });
  return Object.fromEntries(ops.map((op) => [op, row(op)])) as Record<P, unknown> as Rows<P>;
}

const complement = (rank: number, ...taken: (readonly number[])[]): number[] =>
  Array.from({ length: rank }, (_, i) => i).filter((i) => !taken.some((t) => t.includes(i)));

/** The operand axes that an offset axis of `gather` or `scatter` runs over, in order. */
export function windowAxes(rank: number, dims: IndexDims): number[] {
  return complement(rank, dims.collapsedSliceDims, dims.operandBatchingDims);
}

/** The axes of the result of `gather` (of the updates of `scatter`) that come from the indices, in order. */
export function batchAxes(rank: number, dims: IndexDims): number[] {
  return complement(rank, dims.offsetDims);
}

/** The axes of each side of `dot_general` that are neither batch nor contracting: they form the result's last axes. */
export function freeAxes(rank: number, batch: readonly number[], contracting: readonly number[]): number[] {
  return complement(rank, batch, contracting);
}

function checkPermutation(op: string, permutation: readonly number[], rank: number): void {
  const ok = permutation.length === rank && complement(rank, permutation).length === 0;
  requireShape(ok, op, () => `[${permutation.join(", ")}] is no permutation of ${rank} axes`);
}

function checkStarts(op: string, starts: readonly Node[], rank: number): void {
  requireShape(
    starts.length === rank,
    op,
    () => `needs a start for each of ${rank} axes. Received: ${starts.length}`,
  );
  for (const s of starts) {
    requireShape(s.shape.length === 0, op, () => `starts are scalars. Received: ${shapes(starts)}`);
    requireDType(s.dtype === "int32", op, "int32 starts", starts);
  }
}

function checkIndexDims(op: string, operand: Node, indices: Node, dims: IndexDims): void {
  requireDType(indices.dtype === "int32", op, "int32 indices", [indices]);
  requireShape(indices.shape.length > 0, op, () => "the indices need an axis for the index vector");
  const components = indices.shape[indices.shape.length - 1];
  requireShape(components === dims.startIndexMap.length, op, () => {
    return `index vectors have ${components} components, but ${dims.startIndexMap.length} axes are indexed`;
  });
  const all = [...dims.startIndexMap, ...dims.collapsedSliceDims, ...dims.operandBatchingDims];
  const rank = operand.shape.length;
  requireShape(
    all.every((d) => d >= 0 && d < rank),
    op,
    () => `an indexed axis is out of bounds for ${showShape(operand.shape)}`,
  );
  dims.operandBatchingDims.forEach((d, k) => {
    const n = indices.shape[dims.indicesBatchingDims[k]!];
    requireShape(operand.shape[d] === n, op, () => `batching axes differ: ${operand.shape[d]} and ${n}`);
  });
}

/** The table of those that every program brings along. Its type makes sure that no primitive is forgotten. */
const common: Rows<Exclude<Primitive, FamilyPrimitive>> = {
  parameter: { kind: "leaf", arity: 0, infer: (_, a) => a },
  constant: { kind: "leaf", arity: 0, infer: (_, a) => a },
  iota: {
    kind: "leaf",
    arity: 0,
    infer(_, a) {
      requireShape(
        a.axis >= 0 && a.axis < a.shape.length,
        "iota",
        () => `no axis ${a.axis} in ${showShape(a.shape)}`,
      );
      return a;
    },
  },
  // Element i is threefry2x32(key, (0, i)), both words xored: each bit depends on its place alone, never on threads.
  rng_bit_generator: {
    kind: "index",
    arity: 1,
    infer([key], a) {
      const ok = key!.dtype === "uint32" && sameShape(key!.shape, [2]);
      requireShape(
        ok,
        "rng_bit_generator",
        () => `the key is uint32 (2,). Received: ${key!.dtype} ${showShape(key!.shape)}`,
      );
      return { shape: a.shape, dtype: "uint32" };
    },
  },

  ...elementwise(1, "number", ["abs", "negate", "sign"]),
  ...elementwise(1, "float", ["floor", "ceil", "round_nearest_even", "sqrt", "rsqrt", "cbrt", "logistic"]),
  ...elementwise(1, "float", [
    "exponential",
    "exponential_minus_one",
    "log",
    "log_plus_one",
    "erf",
    "erf_inv",
  ]),
  ...elementwise(1, "float", ["sine", "cosine", "tan", "asin", "acos", "atan"]),
  ...elementwise(1, "float", ["sinh", "cosh", "tanh", "asinh", "acosh", "atanh"]),
  is_finite: {
    kind: "elementwise",
    arity: 1,
    infer(inputs) {
      requireDType(isFloat(inputs[0]!.dtype), "is_finite", "floating point operands", inputs);
      return { shape: inputs[0]!.shape, dtype: "bool" };
    },
  },
  ...elementwise(1, "bits", ["not"]),
  convert: { kind: "elementwise", arity: 1, infer: ([x], a) => ({ shape: x!.shape, dtype: a.dtype }) },
  bitcast_convert: {
    kind: "elementwise",
    arity: 1,
    infer(inputs, a) {
      const [from, to] = [inputs[0]!.dtype, a.dtype];
      const ok = from !== "bool" && to !== "bool" && byteWidth(from) === byteWidth(to) && byteWidth(to) <= 4;
      requireDType(ok, "bitcast_convert", `a dtype of as many bits as ${to}, at most 32`, inputs);
      return { shape: inputs[0]!.shape, dtype: a.dtype };
    },
  },
  // Identity marks a place in the graph, such as what a gradient is taken for; simplification removes it.
  ...elementwise(1, "any", ["stop_gradient", "identity"]),

  // Integers: a quotient is truncated towards zero; x / 0 is 0 and the one overflow wraps, as NumPy's arrays have it. A
  // remainder has the sign of the dividend, as in C; x rem 0 is 0.
  ...elementwise(2, "number", ["add", "subtract", "multiply", "divide", "remainder", "power"]),
  ...elementwise(2, "number", ["maximum", "minimum"]),
  ...elementwise(2, "float", ["atan2"]),
  ...elementwise(2, "bits", ["and", "or", "xor"]),
  // A shift by the number of bits or more gives 0 (arithmetic: the sign), as StableHLO has it.
  ...elementwise(2, "integer", ["shift_left", "shift_right_logical", "shift_right_arithmetic"]),
  compare: {
    kind: "elementwise",
    arity: 2,
    infer: (inputs) => ({ shape: sameTypes("compare", inputs).shape, dtype: "bool" }),
  },
  select: {
    kind: "elementwise",
    arity: 3,
    infer(inputs) {
      requireDType(inputs[0]!.dtype === "bool", "select", "a boolean condition", inputs);
      const { shape, dtype } = sameTypes("select", inputs, 1);
      requireShape(
        sameShape(inputs[0]!.shape, shape),
        "select",
        () => `operands need one shape. Received: ${shapes(inputs)}`,
      );
      return { shape, dtype };
    },
  },

  reshape: {
    kind: "view",
    arity: 1,
    infer([x], a) {
      requireShape(sizeOf(a.shape) === sizeOf(x!.shape), "reshape", () => {
        return `cannot reshape ${showShape(x!.shape)} (${sizeOf(x!.shape)} elements) into ${showShape(a.shape)}`;
      });
      return { shape: a.shape, dtype: x!.dtype };
    },
  },
  transpose: {
    kind: "view",
    arity: 1,
    infer([x], a) {
      checkPermutation("transpose", a.permutation, x!.shape.length);
      return { shape: a.permutation.map((p) => x!.shape[p]!), dtype: x!.dtype };
    },
  },
  // Operand axis i becomes result axis dims[i]; an axis of length 1 is repeated.
  broadcast_in_dim: {
    kind: "view",
    arity: 1,
    infer([x], a) {
      const ok =
        a.dims.length === x!.shape.length &&
        a.dims.every(
          (d, i) => x!.shape[i] === a.shape[d] || (x!.shape[i] === 1 && a.shape[d] !== undefined),
        ) &&
        a.dims.every((d, i) => i === 0 || d > a.dims[i - 1]!);
      requireShape(ok, "broadcast_in_dim", () => {
        return `cannot broadcast ${showShape(x!.shape)} to ${showShape(a.shape)} along axes [${a.dims.join(", ")}]`;
      });
      return { shape: a.shape, dtype: x!.dtype };
    },
  },
  slice: {
    kind: "view",
    arity: 1,
    infer([x], a) {
      const ok = x!.shape.every((n, i) => {
        const [s, l, step] = [a.start[i], a.limit[i], a.strides[i]];
        return (
          s !== undefined && l !== undefined && step !== undefined && s >= 0 && s <= l && l <= n && step >= 1
        );
      });
      requireShape(
        ok,
        "slice",
        () => `[${a.start.join(", ")}] to [${a.limit.join(", ")}] does not lie in ${showShape(x!.shape)}`,
      );
      return { shape: a.start.map((s, i) => Math.ceil((a.limit[i]! - s) / a.strides[i]!)), dtype: x!.dtype };
    },
  },
  // Negative low and high cut elements off; interior puts elements between neighbours.
  pad: {
    kind: "view",
    arity: 2,
    infer([x, value], a) {
      requireShape(
        value!.shape.length === 0,
        "pad",
        () => `the padding value is a scalar. Received: ${showShape(value!.shape)}`,
      );
      requireDType(x!.dtype === value!.dtype, "pad", "operands of one dtype", [x!, value!]);
      const shape = x!.shape.map((n, i) => n + a.low[i]! + a.high[i]! + Math.max(n - 1, 0) * a.interior[i]!);
      requireShape(
        shape.every((n) => n >= 0),
        "pad",
        () => `cuts more than there is of ${showShape(x!.shape)}`,
      );
      return { shape, dtype: x!.dtype };
    },
  },
  concatenate: {
    kind: "view",
    arity: -1,
    infer(inputs, a) {
      const first = inputs[0];
      if (first === undefined) throw new ShapeError("concatenate: needs at least one operand");
      requireShape(
        a.axis >= 0 && a.axis < first.shape.length,
        "concatenate",
        () => `no axis ${a.axis} in ${showShape(first.shape)}`,
      );
      let length = 0;
      for (const x of inputs) {
        const fits =
          x.shape.length === first.shape.length &&
          x.shape.every((n, i) => i === a.axis || n === first.shape[i]);
        requireShape(fits, "concatenate", () => `shapes differ beside axis ${a.axis}: ${shapes(inputs)}`);
        requireDType(x.dtype === first.dtype, "concatenate", "operands of one dtype", inputs);
        length += x.shape[a.axis]!;
      }
      return { shape: first.shape.map((n, i) => (i === a.axis ? length : n)), dtype: first.dtype };
    },
  },
  reverse: {
    kind: "view",
    arity: 1,
    infer([x], a) {
      requireShape(
        a.axes.every((d) => d >= 0 && d < x!.shape.length),
        "reverse",
        () => `no such axes in ${showShape(x!.shape)}`,
      );
      return x!;
    },
  },
  // Operand 0, no earlier than the others are known, and never taken for the same value as operand 0 itself.
  optimization_barrier: {
    kind: "view",
    arity: -1,
    infer([x]) {
      requireShape(x !== undefined, "optimization_barrier", () => "expected operands");
      return { shape: x!.shape, dtype: x!.dtype };
    },
  },
  // Starts are moved so that the slice lies inside, as in StableHLO.
  gather: {
    kind: "index",
    arity: 2,
    infer([x, indices], a) {
      checkIndexDims("gather", x!, indices!, a);
      const window = windowAxes(x!.shape.length, a);
      const fits =
        a.sliceSizes.length === x!.shape.length && a.sliceSizes.every((n, d) => n >= 0 && n <= x!.shape[d]!);
      requireShape(
        fits,
        "gather",
        () => `slices of (${a.sliceSizes.join(", ")}) do not fit into ${showShape(x!.shape)}`,
      );
      requireShape(
        window.length === a.offsetDims.length,
        "gather",
        () => `${window.length} window axes, ${a.offsetDims.length} offsets`,
      );
      const rank = indices!.shape.length - 1 + a.offsetDims.length;
      const shape = new Array<number>(rank);
      a.offsetDims.forEach((d, k) => {
        shape[d] = a.sliceSizes[window[k]!]!;
      });
      batchAxes(rank, a).forEach((d, k) => {
        shape[d] = indices!.shape[k]!;
      });
      return { shape, dtype: x!.dtype };
    },
  },
  // Operands: array, indices, updates. Updates apply in their row-major order; those that fall outside are dropped.
  scatter: {
    kind: "update",
    arity: 3,
    infer([x, indices, updates], a) {
      checkIndexDims("scatter", x!, indices!, a);
      requireDType(x!.dtype === updates!.dtype, "scatter", "updates of the array's dtype", [x!, updates!]);
      const batch = batchAxes(updates!.shape.length, a);
      const fits =
        batch.length === indices!.shape.length - 1 &&
        batch.every((d, k) => updates!.shape[d] === indices!.shape[k]);
      requireShape(
        fits,
        "scatter",
        () => `updates ${showShape(updates!.shape)} do not fit indices ${showShape(indices!.shape)}`,
      );
      const window = windowAxes(x!.shape.length, a);
      const inside =
        window.length === a.offsetDims.length &&
        a.offsetDims.every((d, k) => updates!.shape[d]! <= x!.shape[window[k]!]!);
      requireShape(
        inside,
        "scatter",
        () => `windows of updates ${showShape(updates!.shape)} do not fit into ${showShape(x!.shape)}`,
      );
      return x!;
    },
  },
  // Operands: array, one int32 start per axis. Starts are moved so that the slice lies inside.
  dynamic_slice: {
    kind: "index",
    arity: -1,
    infer([x, ...starts], a) {
      checkStarts("dynamic_slice", starts, x!.shape.length);
      const fits = a.sizes.length === x!.shape.length && a.sizes.every((n, i) => n >= 0 && n <= x!.shape[i]!);
      requireShape(
        fits,
        "dynamic_slice",
        () => `a slice of (${a.sizes.join(", ")}) does not fit into ${showShape(x!.shape)}`,
      );
      return { shape: a.sizes, dtype: x!.dtype };
    },
  },
  // Operands: array, update, one int32 start per axis. Starts are moved so that the update lies inside.
  dynamic_update_slice: {
    kind: "update",
    arity: -1,
    infer([x, update, ...starts]) {
      checkStarts("dynamic_update_slice", starts, x!.shape.length);
      requireDType(x!.dtype === update!.dtype, "dynamic_update_slice", "an update of the array's dtype", [
        x!,
        update!,
      ]);
      const fits =
        update!.shape.length === x!.shape.length && update!.shape.every((n, i) => n <= x!.shape[i]!);
      requireShape(
        fits,
        "dynamic_update_slice",
        () => `an update ${showShape(update!.shape)} does not fit into ${showShape(x!.shape)}`,
      );
      return x!;
    },
  },

  // Over no elements: 0, 1, -infinity, infinity, true, false. NaN wins in max and min.
  reduce: {
    kind: "contraction",
    arity: 1,
    infer([x], a) {
      const logical = a.kind === "and" || a.kind === "or";
      requireDType(
        (x!.dtype === "bool") === logical,
        `reduce ${a.kind}`,
        logical ? "booleans" : "numbers, not booleans",
        [x!],
      );
      requireShape(
        a.axes.every((d) => d >= 0 && d < x!.shape.length),
        "reduce",
        () => `no such axes in ${showShape(x!.shape)}`,
      );
      return { shape: x!.shape.filter((_, i) => !a.axes.includes(i)), dtype: x!.dtype };
    },
  },
  // The first place of the extreme, or of the first NaN.
  arg_reduce: {
    kind: "contraction",
    arity: 1,
    infer([x], a) {
      requireShape(
        x!.shape[a.axis] !== undefined,
        "arg_reduce",
        () => `no axis ${a.axis} in ${showShape(x!.shape)}`,
      );
      requireShape(
        x!.shape[a.axis] !== 0,
        "arg_reduce",
        () => `axis ${a.axis} of ${showShape(x!.shape)} is empty`,
      );
      return { shape: x!.shape.filter((_, i) => i !== a.axis), dtype: "int32" };
    },
  },
  // Axes of the result: batch, then what is left of the left side, then of the right side.
  dot_general: {
    kind: "contraction",
    arity: 2,
    infer([x, y], a) {
      requireDType(x!.dtype === y!.dtype && x!.dtype !== "bool", "dot_general", "numbers of one dtype", [
        x!,
        y!,
      ]);
      const pairs = [
        ...a.lhsBatch.map((d, i) => [d, a.rhsBatch[i]]),
        ...a.lhsContracting.map((d, i) => [d, a.rhsContracting[i]]),
      ];
      const fits =
        a.lhsBatch.length === a.rhsBatch.length &&
        a.lhsContracting.length === a.rhsContracting.length &&
        pairs.every(([l, r]) => x!.shape[l!] !== undefined && x!.shape[l!] === y!.shape[r!]);
      requireShape(fits, "dot_general", () => {
        return (
          `shapes ${shapes([x!, y!])} do not fit along axes [${[...a.lhsBatch, ...a.lhsContracting].join(", ")}] ` +
          `and [${[...a.rhsBatch, ...a.rhsContracting].join(", ")}]`
        );
      });
      const shape = [
        ...a.lhsBatch.map((d) => x!.shape[d]!),
        ...freeAxes(x!.shape.length, a.lhsBatch, a.lhsContracting).map((d) => x!.shape[d]!),
        ...freeAxes(y!.shape.length, a.rhsBatch, a.rhsContracting).map((d) => y!.shape[d]!),
      ];
      return { shape, dtype: x!.dtype };
    },
  },

  // Operands: an int32 count, the carried values, values that do not change. The body takes the index, the carried and
  // the unchanging values and gives the carried ones anew. The node stands for all results; `result` picks one.
  loop: {
    kind: "control",
    arity: -1,
    infer(inputs, a) {
      const [count, ...values] = inputs;
      requireShape(count !== undefined && count.shape.length === 0, "loop", () => "the count is a scalar");
      requireDType(count!.dtype === "int32", "loop", "an int32 count", [count!]);
      const [index, ...params] = a.body.params;
      requireShape(
        index?.dtype === "int32" && index.shape.length === 0,
        "loop",
        () => "the body's first parameter is the int32 index",
      );
      requireShape(params.length === values.length && a.body.results.length === a.carries, "loop", () => {
        return `the body takes ${params.length} values and gives ${a.body.results.length}; expected ${values.length} and ${a.carries}`;
      });
      values.forEach((v, i) => {
        const sides = i < a.carries ? [params[i]!, a.body.results[i]!] : [params[i]!];
        for (const side of sides) {
          requireShape(sameShape(v.shape, side.shape) && v.dtype === side.dtype, "loop", () => {
            return `value ${i} is ${v.dtype} ${showShape(v.shape)} outside and ${side.dtype} ${showShape(side.shape)} inside`;
          });
        }
      });
      const [first] = values;
      const hasCondition = a.carries > 0 && first!.dtype === "bool" && first!.shape.length === 0;
      requireShape(!a.conditional || hasCondition, "loop", () => "the first carried value is the condition");
      return { shape: [], dtype: "int32" };
    },
  },
  result: {
    kind: "control",
    arity: 1,
    infer([loop], a) {
      const inside = loop!.op === "loop" ? (loop as Node<"loop">).attrs.body.results[a.index] : undefined;
      if (inside === undefined) throw new ShapeError(`result: ${loop!.op} has no result ${a.index}`);
      return inside;
    },
  },
};

/** The rows of all primitives that are there; those of a family from when it is. */
export const primitives = { ...common } as Rows<Primitive>;

/** Adds the rows of a family. */
export function addPrimitives(rows: Partial<Rows<FamilyPrimitive>>): void {
  Object.assign(primitives, rows);
}

/** Whether a primitive computes each element from the elements at the same place. */
export function isElementwise(op: Primitive): boolean {
  return primitives[op].kind === "elementwise";
}
