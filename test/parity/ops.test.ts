// keras.ops against real Keras: values, shapes, dtypes and gradients of every recorded call that the engine has dtypes for.
import { describe, expect, test } from "vitest";
import { isFloat, Tensor, type TensorLike, vjp } from "../../src/engine/index.ts";
import * as ops from "../../src/keras/ops/index.ts";
import { snakeToCamel } from "../../src/keras/saving/config.ts";
import {
  type ArrayRecord,
  expectClose,
  fixtureNames,
  isArrayRecord,
  loadFixture,
  recordToTensor,
} from "./fixtures.ts";
import { functions } from "./op_functions.ts";

interface Case {
  readonly id: string;
  readonly args: readonly unknown[];
  readonly kwargs: Readonly<Record<string, unknown>>;
  readonly captures?: Readonly<Record<string, ArrayRecord>>;
  /** What the function is called with that the op gives. */
  readonly then_args?: readonly unknown[];
  readonly output: unknown;
  readonly cotangent?: unknown;
  readonly grad_args?: readonly unknown[];
  readonly grad_kwargs?: unknown;
  readonly grad_captures?: unknown;
  readonly grad_then_args?: unknown;
  readonly err64?: number;
  readonly grad_err64?: number;
  readonly compare?: string;
  readonly jax_backend?: unknown;
  readonly jax_backend_dtype?: string;
  readonly jax_grad_args?: unknown;
}

type Fn = (...args: unknown[]) => unknown;

/** Functions whose optional arguments are customarily given by position. */
const positional: Readonly<Record<string, readonly string[]>> = {
  arange: ["start", "stop", "step"],
  multiHot: ["inputs", "num_classes"],
  where: ["condition", "x1", "x2"],
};

/** Functions whose dtype differs between Keras's own backends. */
const anyDType = ["histogram"];

/** Cases that are not tried, and why. */
const untried: Readonly<Record<string, string>> = {
  "size/2": "there is no int64, and the size is a number here",
  "where/4": "there is no int64",
};

const isComplex = (x: ArrayRecord): boolean => x.dtype === "complex64";

/** The real or the imaginary parts of complex numbers. */
function partOf(x: ArrayRecord, part: 0 | 1): ArrayRecord {
  const data = x.data as unknown as readonly (readonly [number, number])[];
  return { shape: x.shape, dtype: "float32", data: data.map((z) => z[part]) };
}

function recordToComplex(x: ArrayRecord): ops.ComplexTensor {
  return new ops.ComplexTensor(recordToTensor(partOf(x, 0)), recordToTensor(partOf(x, 1)));
}

/** Tensors for the records of a case; those whose gradient is asked for are handed in. */
type Known = ReadonlyMap<ArrayRecord, Tensor>;

/** A list or a dictionary as such; a value as it is meant. */
function decode(x: unknown, known: Known, captures: Readonly<Record<string, Tensor>>): unknown {
  const inner = (y: unknown): unknown => decode(y, known, captures);
  if (isArrayRecord(x)) return known.get(x) ?? (isComplex(x) ? recordToComplex(x) : recordToTensor(x));
  if (Array.isArray(x)) return x.map(inner);
  if (typeof x !== "object" || x === null || !("py" in x)) return x;
  const { py, value } = x as { py: string; value?: unknown };
  if (py === "fn") return functions[value as string]!(captures);
  if (py === "dict") return mapValues(value as object, inner);
  if (py === "float" && typeof value === "string") return Number(value.replace("inf", "Infinity"));
  return py === "ellipsis" ? "..." : py === "newaxis" ? null : value;
}

function mapValues(x: object, fn: (value: unknown) => unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(x).map(([key, value]) => [key, fn(value)]));
}

/** The call that a case records, with its arguments in our order. */
function call(name: string, signature: string, c: Case, known: Known): unknown {
  const captures = mapValues(c.captures ?? {}, (x) => decode(x, known, {})) as Record<string, Tensor>;
  const read = (x: unknown): unknown => decode(x, known, captures);
  // A slice alone is an index of one item.
  const alone = (x: unknown): boolean => typeof x === "object" && x !== null && "py" in x && x.py === "slice";
  const args = c.args.map((x) => (alone(x) ? [read(x)] : read(x)));
  const parameters = signature
    .slice(1, signature.lastIndexOf(")"))
    .split(/,\s*(?![^(]*\))/)
    .map((p) => p.trim());
  const required: unknown[] = [];
  const options: Record<string, unknown> = {};
  const fixed = positional[name];
  const named = new Set<string>();
  let next = 0;
  for (const parameter of parameters) {
    if (parameter === "*" || parameter === "") continue;
    if (parameter.startsWith("**")) {
      for (const [key, value] of Object.entries(c.kwargs)) if (!named.has(key)) options[key] = read(value);
      continue;
    }
    if (parameter.startsWith("*")) {
      required.push(...args.slice(next));
      next = args.length;
      continue;
    }
    const [key, fallback] = parameter.split("=") as [string, string?];
    named.add(key);
    const given = next < args.length ? args[next++] : key in c.kwargs ? read(c.kwargs[key]) : undefined;
    if (fixed?.includes(key) ?? fallback === undefined) required.push(given);
    else if (given !== undefined) options[snakeToCamel(key)] = given;
  }
  const fn = name
    .split(".")
    .reduce<unknown>((found, part) => (found as Record<string, unknown>)[part], ops) as Fn;
  const result = Object.keys(options).length === 0 ? fn(...required) : fn(...required, options);
  return c.then_args === undefined ? result : (result as Fn)(...c.then_args.map(read));
}

/** Whether a value is a record that wraps a Python dictionary. */
function isDict(x: unknown): x is { readonly value: Readonly<Record<string, unknown>> } {
  return typeof x === "object" && x !== null && "py" in x && x.py === "dict";
}

function expectSame(actual: unknown, expected: unknown, c: Case, checkDType: boolean): void {
  const alternative = c.jax_backend;
  if (Array.isArray(actual) && isArrayRecord(expected) && Array.isArray(alternative)) {
    expectSame(actual, alternative, c, checkDType);
  } else if (c.compare === "eig") {
    expectEigen(actual as readonly ops.ComplexTensor[], expected as readonly ArrayRecord[], c);
  } else if (isArrayRecord(expected) && isComplex(expected)) {
    const z = actual as ops.ComplexTensor;
    expect(z.dtype).toBe("complex64");
    expectClose(z.real, partOf(expected, 0));
    expectClose(z.imag, partOf(expected, 1));
  } else if (isArrayRecord(expected)) {
    const t = actual as Tensor;
    const tolerance = { rtol: Math.max(1e-5, 4 * (c.err64 ?? 0)), atol: Math.max(1e-6, 4 * (c.err64 ?? 0)) };
    if (c.compare === "argpartition") expectPartition(t, expected, c);
    else if (decompositions[c.compare ?? ""] !== undefined) expect(t.shape).toEqual(expected.shape);
    else if (c.compare === "shape") expect(t.shape).toEqual(expected.shape);
    else {
      try {
        expectClose(t, expected, tolerance);
      } catch (error) {
        if (!isArrayRecord(alternative)) throw error;
        expectClose(t, alternative, tolerance);
      }
    }
    // Indices are int64 in PyTorch and int32 in JAX, as here.
    const dtype = expected.dtype === "int64" ? "int32" : expected.dtype;
    if (checkDType && c.compare !== "value") expect([dtype, c.jax_backend_dtype]).toContain(t.dtype);
  } else if (Array.isArray(expected)) {
    const list = actual as readonly unknown[];
    expect(list.length).toBe(expected.length);
    const decomposition = decompositions[c.compare ?? ""];
    if (decomposition !== undefined)
      expectDecomposition(decomposition, list as readonly Tensor[], expected, c);
    expected.forEach((e, i) => {
      expectSame(list[i], e, c, checkDType);
    });
  } else if (isDict(expected)) {
    const given = actual as Record<string, unknown>;
    expect(Object.keys(given)).toEqual(Object.keys(expected.value));
    for (const [key, value] of Object.entries(expected.value)) expectSame(given[key], value, c, checkDType);
  } else expect(actual instanceof Tensor ? actual.item() : actual).toEqual(expected);
}

/** Expects the eigenvalues of Keras, in any order, and vectors of length 1 that belong to them. */
function expectEigen(
  [values, vectors]: readonly ops.ComplexTensor[],
  [expected]: readonly ArrayRecord[],
  c: Case,
): void {
  const numbers = (z: ops.ComplexTensor): number[][] =>
    (z.arraySync() as number[][]).sort((a, b) => a[0]! - b[0]! || a[1]! - b[1]!);
  const wanted = numbers(recordToComplex(expected!));
  numbers(values!).forEach((z, i) => {
    for (const part of [0, 1]) expect(z[part]).toBeCloseTo(wanted[i]![part]!, 5);
  });
  const matrix = ops.ComplexTensor.from(recordToTensor(c.args[0] as ArrayRecord));
  const off = ops.subtract(ops.matmul(matrix, vectors!), ops.multiply(vectors!, values!));
  expect(ops.max(ops.abs(off)).item()).toBeLessThan(1e-5);
  for (const length of ops.norm(ops.abs(vectors!), { axis: 0 }).arraySync() as number[])
    expect(length).toBeCloseTo(1, 5);
}

/** A decomposition, whose vectors are determined up to their signs only. */
interface Decomposition {
  readonly product: (factors: readonly Tensor[]) => Tensor;
  /** Which of the factors have orthonormal rows or columns. */
  readonly orthonormal: readonly number[];
  /** Which of the factors are determined. */
  readonly determined: readonly number[];
}

const decompositions: Readonly<Record<string, Decomposition>> = {
  eigh: {
    product: ([w, v]) => ops.matmul(ops.multiply(v!, ops.expandDims(w!, -2)), ops.swapaxes(v!, -1, -2)),
    orthonormal: [1],
    determined: [0],
  },
  qr: { product: ([q, r]) => ops.matmul(q!, r!), orthonormal: [0], determined: [] },
  svd: {
    product: ([u, s, vh]) => {
      const k = s!.shape.at(-1)!;
      const [left, right] = [u!.at("...", [0, k]), vh!.at("...", [0, k], [0, null])];
      return ops.matmul(ops.multiply(left, ops.expandDims(s!, -2)), right);
    },
    orthonormal: [0, 2],
    determined: [1],
  },
};

/** Expects factors whose product is what was decomposed. */
function expectDecomposition(
  { product, orthonormal, determined }: Decomposition,
  factors: readonly Tensor[],
  expected: readonly unknown[],
  c: Case,
): void {
  const tolerance = { rtol: Math.max(1e-5, 4 * (c.err64 ?? 0)) };
  expectClose(product(factors), c.args[0] as ArrayRecord, tolerance);
  for (const i of determined) expectClose(factors[i]!, expected[i] as ArrayRecord, tolerance);
  for (const i of orthonormal) {
    const [factor, flipped] = [factors[i]!, ops.swapaxes(factors[i]!, -1, -2)];
    const [rows, columns] = factor.shape.slice(-2) as [number, number];
    const gram = rows >= columns ? ops.matmul(flipped, factor) : ops.matmul(factor, flipped);
    const data = Array.from(ops.broadcastTo(ops.eye(Math.min(rows, columns)), gram.shape).dataSync());
    expectClose(gram, { shape: gram.shape, dtype: gram.dtype, data }, tolerance);
  }
}

/** Expects a permutation with the same elements on either side of the k-th place. */
function expectPartition(actual: Tensor, expected: ArrayRecord, c: Case): void {
  const x = recordToTensor(c.args[0] as ArrayRecord);
  const axis = (c.kwargs["axis"] as number | undefined) ?? -1;
  const kth = (c.args[1] ?? c.kwargs["kth"]) as number;
  /** The rows along the axis, with what is before and what is behind the k-th place in order. */
  const parts = (order: Tensor): number[][] => {
    const moved = ops.moveaxis(ops.takeAlongAxis(x, order, { axis }), axis, -1);
    const n = moved.shape[moved.ndim - 1]!;
    const rows = ops.reshape(moved, [-1, n]).arraySync() as number[][];
    const sorted = (part: number[]): number[] => part.sort((a, b) => a - b);
    return rows.map((r) => [...sorted(r.slice(0, kth)), r[kth]!, ...sorted(r.slice(kth + 1))]);
  };
  expect(actual.shape).toEqual(expected.shape);
  expect(parts(actual)).toEqual(parts(recordToTensor(expected)));
}

// Random functions have a test of their own.
const names = fixtureNames("ops").filter((file) => !file.startsWith("random."));

describe.each(names)("ops.%s", (snake) => {
  const fixture = loadFixture<Case>("ops", snake);
  const name = snakeToCamel(snake);
  const signature = fixture.signature ?? "(x)";

  const tried = fixture.cases.filter((c) => !Object.hasOwn(untried, c.id));
  test.for(tried)("$id", (c) => {
    // JavaScript cannot tell 2.0 from 2, so what a whole float promotes to is not asked.
    const exact = !JSON.stringify([c.args, c.kwargs]).includes('"py":"float"') && !anyDType.includes(snake);
    expectSame(call(name, signature, c, new Map()), c.output, c, exact);
    if (c.cotangent !== undefined && c.grad_args !== undefined) expectGradient(name, signature, c);
  });
});

/** Pairs of records that stand at the same place in two trees. */
function pairs(x: unknown, y: unknown): [ArrayRecord, ArrayRecord][] {
  if (isArrayRecord(x)) return isArrayRecord(y) ? [[x, y]] : [];
  const [a, b] = [x, y].map((v) => (isDict(v) ? v.value : v)) as [unknown, unknown];
  if (typeof a !== "object" || a === null || typeof b !== "object" || b === null) return [];
  return Object.entries(a).flatMap(([key, value]) => pairs(value, (b as Record<string, unknown>)[key]));
}

/** The sum of the products of outputs with what weights them. */
function weighted(output: unknown, cotangent: unknown): Tensor[] {
  if (isArrayRecord(cotangent)) return [ops.sum(ops.multiply(output as Tensor, recordToTensor(cotangent)))];
  const weights = isDict(cotangent) ? cotangent.value : cotangent;
  if (typeof weights !== "object" || weights === null) return [];
  return Object.entries(weights).flatMap(([key, value]) =>
    weighted((output as Record<string, unknown>)[key], value),
  );
}

function expectGradient(name: string, signature: string, c: Case): void {
  const from = [c.args, c.kwargs, c.captures ?? {}, c.then_args ?? []];
  const wanted = pairs(from, [c.grad_args, c.grad_kwargs, c.grad_captures, c.grad_then_args]).filter(([x]) =>
    isFloat(recordToTensor(x).dtype),
  );
  if (wanted.length === 0) return;
  const others = new Map(pairs(c.args, c.jax_grad_args));
  const [, pull] = vjp(
    (...given) => {
      const known = new Map(wanted.map(([x], i) => [x, given[i]!]));
      return weighted(call(name, signature, c, known), c.cotangent).reduce((a, b) => ops.add(a, b));
    },
    ...(wanted.map(([x]) => recordToTensor(x)) as TensorLike[]),
  );
  const slopes = pull(1);
  const factor = Math.max(1e-5, 4 * (c.grad_err64 ?? 0));
  const tolerance = { rtol: factor, atol: Math.max(1e-6, factor) };
  wanted.forEach(([x, expected], i) => {
    try {
      expectClose(slopes[i]!, expected, tolerance);
    } catch (error) {
      const other = others.get(x);
      if (other === undefined) throw error;
      expectClose(slopes[i]!, other, tolerance);
    }
  });
}
