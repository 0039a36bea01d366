/** Checks of what simplification makes of a graph, in form and in numbers. */
import { expect, test } from "vitest";
import { createReferenceBackend } from "../../src/engine/backends/reference/index.ts";
import { parameter } from "../../src/engine/graph/build.ts";
import type { Graph, Node } from "../../src/engine/graph/node.ts";
import type { Type } from "../../src/engine/graph/primitives.ts";
import { printGraph } from "../../src/engine/graph/print.ts";
import { simplify } from "../../src/engine/graph/simplify.ts";
import { verify } from "../../src/engine/graph/verify.ts";
import { arrayOf, type DType, isFloat, type TypedArray } from "../../src/engine/tensor/dtype.ts";
import { sizeOf } from "../../src/engine/tensor/shape.ts";

const reference = createReferenceBackend();
const floats = [
  0.5,
  -0,
  Number.NaN,
  2,
  Number.POSITIVE_INFINITY,
  -1.5,
  0,
  Number.NEGATIVE_INFINITY,
  1,
  -3,
  2.5,
  1e-40,
  -7,
];
const tameFloats = [0.5, 2, -1.5, 1, -3, 2.5, -7, 0.25, 4];

/** Numbers that operations treat specially, or (`tame`) small ones whose sums and products are exact. */
const samples: { readonly [D in DType]: (tame: boolean) => readonly number[] } = {
  bool: () => [0, 1, 1, 0, 1],
  uint8: (tame) => (tame ? [1, 2, 3, 5] : [0, 1, 255, 7, 128, 2]),
  int8: (tame) => (tame ? [1, -2, 3, 5, 0] : [0, 1, -1, 127, -128, 5, -3, 2]),
  uint16: (tame) => (tame ? [1, 2, 3, 5] : [0, 1, 65535, 32768, 6, 3]),
  int16: (tame) => (tame ? [1, -2, 3, 5, 0] : [0, 1, -1, 32767, -32768, 5, -3, 2]),
  int32: (tame) => (tame ? [1, -2, 3, 5, 0] : [0, 1, -1, 2147483647, -2147483648, 5, -3, 2]),
  uint32: (tame) => (tame ? [1, 2, 3, 5] : [0, 1, 4294967295, 2147483648, 6, 3]),
  bfloat16: (tame) => (tame ? tameFloats : floats),
  float16: (tame) => (tame ? tameFloats : floats),
  float32: (tame) => (tame ? tameFloats : floats),
  float64: (tame) => (tame ? tameFloats : floats),
};

/** Values for a parameter; different ones for different seeds. */
export function valuesFor({ dtype, shape }: Type, seed: number, tame = false): TypedArray {
  const pool = samples[dtype](tame);
  const values = new (arrayOf(dtype))(sizeOf(shape));
  for (let i = 0; i < values.length; i++) values[i] = pool[(i * (2 * seed + 1) + seed) % pool.length]!;
  return values;
}

/** Runs a graph on the reference backend. */
export function evaluateGraph(graph: Graph, args: readonly TypedArray[]): TypedArray[] {
  return reference
    .compile(graph)
    .run(args)
    .map((values) => values!);
}

/**
 * How nearly two results have to agree: to the bit, but for the sign of zeros, or but for rounding; or for finite operands
 * alone, and but for rounding.
 */
export type Agreement = "bits" | "zeros" | "rounding" | "finite";

/** Expects two lists of results to agree. */
export function expectAgreement(actual: TypedArray[], expected: TypedArray[], agreement: Agreement): void {
  const agrees = (a: number, e: number): boolean =>
    Object.is(a, e) ||
    (agreement !== "bits" && a === e) ||
    ((agreement === "rounding" || agreement === "finite") && Math.abs(a - e) <= 1e-6 * Math.abs(e));
  const differences = expected
    .flatMap((values, k) =>
      Array.from(values, (e, i) => ({ result: k, element: i, expected: e, actual: actual[k]![i]! })),
    )
    .filter((d) => !agrees(d.actual, d.expected));
  expect(actual.map((values) => values.length)).toEqual(expected.map((values) => values.length));
  expect(differences).toEqual([]);
}

type Make = (...params: Node[]) => Node;

/** A test that `before` is simplified to `after`, and that both give the same numbers. */
export function simplifies(
  title: string,
  types: readonly Type[],
  before: Make,
  after: Make,
  agreement: Agreement = "bits",
): void {
  test(`simplifies ${title}`, () => {
    const params = types.map(parameter);
    const original: Graph = { params, results: [before(...params)] };
    const simple = simplify(original);
    verify(simple, title);
    expect(printGraph(simple)).toBe(printGraph({ params, results: [after(...params)] }));
    for (const tame of agreement === "finite" ? [true] : [false, true]) {
      const args = types.map((type, i) => valuesFor(type, i, tame && isFloat(type.dtype)));
      expectAgreement(evaluateGraph(simple, args), evaluateGraph(original, args), agreement);
    }
  });
}

/** A test that simplification leaves a graph as it is. */
export function staysAsItIs(title: string, types: readonly Type[], make: Make): void {
  test(`keeps ${title}`, () => {
    const params = types.map(parameter);
    const graph: Graph = { params, results: [make(...params)] };
    expect(printGraph(simplify(graph))).toBe(printGraph(graph));
  });
}

/** `float32` and the like, with a shape: for parameters. */
export const f32 = (...shape: number[]): Type => ({ shape, dtype: "float32" });
export const f64 = (...shape: number[]): Type => ({ shape, dtype: "float64" });
export const i32 = (...shape: number[]): Type => ({ shape, dtype: "int32" });
export const u32 = (...shape: number[]): Type => ({ shape, dtype: "uint32" });
export const u8 = (...shape: number[]): Type => ({ shape, dtype: "uint8" });
export const bool = (...shape: number[]): Type => ({ shape, dtype: "bool" });
