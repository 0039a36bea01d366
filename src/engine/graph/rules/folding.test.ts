/** Constant folding, empty arrays and marks. Folded numbers are compared with the reference backend's. */
import { describe, expect, test } from "vitest";
import {
  bool,
  evaluateGraph,
  expectAgreement,
  f32,
  f64,
  i32,
  simplifies,
  staysAsItIs,
  u8,
  u32,
} from "../../../../test/support/simplification.ts";
import {
  apply,
  build,
  compare,
  constant,
  iota,
  type PlainPrimitive,
  reshape,
  slice,
  transpose,
} from "../build.ts";
import type { Node } from "../node.ts";
import { type Direction, isElementwise, type Primitive, primitives, type Type } from "../primitives.ts";
import { simplify } from "../simplify.ts";

const numbers: readonly [Type, readonly number[]][] = [
  [bool(), [0, 1]],
  [u8(), [0, 1, 2, 7, 128, 255]],
  [i32(), [0, 1, -1, 2, 7, 31, 32, 65537, 2147483647, -2147483648]],
  [u32(), [0, 1, 2, 7, 33, 65537, 4294967295]],
  [
    f32(),
    [
      0,
      -0,
      1,
      -1,
      0.5,
      2.5,
      -3.5,
      1e-40,
      3e38,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
    ],
  ],
  [f64(), [0, -0, 1, -1, 0.3, -7.25, 1e300, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]],
];

/** Nodes of a primitive on all pairs (or single ones) of numbers of each dtype that it takes. */
function samples(op: Primitive): Node[] {
  const out: Node[] = [];
  const plain = (...inputs: Node[]): Node => apply(op as PlainPrimitive, ...inputs);
  for (const [type, values] of numbers) {
    for (const a of values) {
      const x = constant(a, type);
      try {
        if (op === "convert") for (const [{ dtype }] of numbers) out.push(build("convert", [x], { dtype }));
        else if (op === "bitcast_convert") {
          for (const dtype of ["int32", "uint32", "float32"] as const) out.push(build(op, [x], { dtype }));
        } else if (op === "select")
          for (const b of values) out.push(plain(constant(b > 0 ? 1 : 0, bool()), x, constant(b, type)));
        else if (primitives[op].arity === 1) out.push(plain(x));
        else {
          for (const b of values) {
            const y = constant(b, type);
            if (op !== "compare") out.push(plain(x, y));
            else
              for (const d of ["EQ", "NE", "LT", "LE", "GT", "GE"] as Direction[]) out.push(compare(d, x, y));
          }
        }
      } catch {
        break; // a dtype that the primitive does not take
      }
    }
  }
  return out;
}

describe("elementwise primitives of constants give what the reference backend gives", () => {
  for (const op of (Object.keys(primitives) as Primitive[]).filter(isElementwise)) {
    test(op, () => {
      const results = samples(op);
      expect(results.length).toBeGreaterThan(5);
      const graph = { params: [], results };
      const simple = simplify(graph);
      const folded = simple.results.filter((r) => r.op === "constant").length;
      if (op !== "erf" && op !== "erf_inv") expect(folded).toBeGreaterThan(results.length / 2);
      const nearly = ["logistic", "cbrt", "erf_inv", "power"].includes(op);
      expectAgreement(evaluateGraph(simple, []), evaluateGraph(graph, []), nearly ? "rounding" : "bits");
    });
  }
});

describe("constants", () => {
  const two = constant(2, f32(4, 6));
  const indices = constant(0, i32(3, 1));
  const dims = {
    collapsedSliceDims: [0],
    operandBatchingDims: [],
    indicesBatchingDims: [],
    startIndexMap: [0],
  };
  simplifies(
    "reshaped",
    [],
    () => reshape(two, [24]),
    () => constant(2, f32(24)),
  );
  simplifies(
    "transposed",
    [],
    () => transpose(two, [1, 0]),
    () => constant(2, f32(6, 4)),
  );
  simplifies(
    "broadcast",
    [],
    () => build("broadcast_in_dim", [two], { shape: [2, 4, 6], dims: [1, 2] }),
    () => constant(2, f32(2, 4, 6)),
  );
  simplifies(
    "sliced",
    [],
    () => slice(two, [0, 1], [4, 3]),
    () => constant(2, f32(4, 2)),
  );
  simplifies(
    "reversed",
    [],
    () => build("reverse", [two], { axes: [0] }),
    () => two,
  );
  simplifies(
    "gathered",
    [],
    () => build("gather", [two, indices], { ...dims, offsetDims: [1], sliceSizes: [1, 6] }),
    () => constant(2, f32(3, 6)),
  );
  simplifies(
    "at a place",
    [i32()],
    (i) => build("dynamic_slice", [two, i, i], { sizes: [1, 2] }),
    () => constant(2, f32(1, 2)),
  );
  simplifies(
    "iota of length 1",
    [],
    () => iota([1, 6], 0, "int32"),
    () => constant(0, i32(1, 6)),
  );
  staysAsItIs("the error function is computed once, on one number", [], () =>
    apply("erf", constant(0.5, f32())),
  );
});

describe("the rest", () => {
  simplifies(
    "an empty array needs no computation",
    [f32(0, 3)],
    (x) => apply("sine", x),
    () => constant(0, f32(0, 3)),
  );
  simplifies(
    "marks go",
    [f32(3)],
    (x) => apply("identity", apply("stop_gradient", x)),
    (x) => x,
  );
});
