/** Which nodes are one after interning. */
import { expect, test } from "vitest";
import { apply, build, constant, convert, loop, parameter, reshape } from "./build.ts";
import { InternTable } from "./intern.ts";
import type { Graph, Node } from "./node.ts";

const type = { shape: [2], dtype: "float32" } as const;
const [x, y] = [parameter(type), parameter(type)];
const same = (a: Node, b: Node): boolean => {
  const table = new InternTable();
  return table.intern(a) === table.intern(b);
};

test("nodes with the same primitive, operands and attributes are one", () => {
  expect(same(apply("sine", x), apply("sine", x))).toBe(true);
  expect(same(reshape(x, [2, 1]), reshape(x, [2, 1]))).toBe(true);
  expect(same(constant(1, type), constant(1, type))).toBe(true);
});

test("commutative primitives are one with their operands exchanged, others are not", () => {
  expect(same(apply("add", x, y), apply("add", y, x))).toBe(true);
  expect(same(apply("subtract", x, y), apply("subtract", y, x))).toBe(false);
});

test("what differs in anything stays two", () => {
  expect(same(apply("sine", x), apply("sine", y))).toBe(false);
  expect(same(apply("sine", x), apply("cosine", x))).toBe(false);
  expect(same(reshape(x, [2, 1]), reshape(x, [1, 2]))).toBe(false);
  expect(same(convert(x, "int32"), convert(x, "float64"))).toBe(false);
  expect(same(constant(0, type), constant(-0, type))).toBe(false);
  expect(same(constant(0, type), constant(0, { ...type, dtype: "float64" }))).toBe(false);
  const dims = { lhsBatch: [], rhsBatch: [], lhsContracting: [], rhsContracting: [] };
  const batched = { ...dims, lhsBatch: [0], rhsBatch: [0] };
  const contracted = { ...dims, lhsContracting: [0], rhsContracting: [0] };
  expect(same(build("dot_general", [x, y], batched), build("dot_general", [x, y], contracted))).toBe(false);
});

test("parameters equal only themselves", () => {
  expect(same(x, x)).toBe(true);
  expect(same(x, y)).toBe(false);
});

test("loops are one if their bodies have the same structure", () => {
  const count = parameter({ shape: [], dtype: "int32" });
  const body = (op: "sine" | "cosine"): Graph => {
    const [i, carried] = [parameter({ shape: [], dtype: "int32" }), parameter(type)];
    return { params: [i, carried], results: [apply(op, carried)] };
  };
  const run = (graph: Graph): Node => loop(count, [x], [], graph)[0]!.inputs[0]!;
  expect(same(run(body("sine")), run(body("sine")))).toBe(true);
  expect(same(run(body("sine")), run(body("cosine")))).toBe(false);
});
