/** Gradients of loops against differences and against the same rounds written out. */
import { describe, expect, it } from "vitest";
import { expectGradients, run } from "../../../test/support/finite_differences.ts";
import { apply, build, constant, convert, dotGeneral, loop, parameter, reshape } from "../graph/build.ts";
import { type Graph, type Node, topological } from "../graph/node.ts";
import { readRow } from "../graph/rows.ts";
import { substitute } from "../graph/substitute.ts";
import { UnsupportedError } from "../tensor/errors.ts";
import { gradients } from "./grad.ts";

const int32 = { shape: [], dtype: "int32" } as const;
const scalar = { shape: [], dtype: "float64" } as const;
const pair = { shape: [2], dtype: "float64" } as const;
const mul = (x: Node, y: Node): Node => apply("multiply", x, y);
const add = (x: Node, y: Node): Node => apply("add", x, y);
const rounds = (n: number): Node => constant(n, int32);

/** The rounds of a loop written out. */
function unrolled(n: number, carries: readonly Node[], captures: readonly Node[], body: Graph): Node[] {
  let state = [...carries];
  for (let i = 0; i < n; i++) {
    const values = [constant(i, int32), ...state, ...captures];
    state = substitute(body.results, new Map(body.params.map((p, k) => [p, values[k]!])));
  }
  return state;
}

/** (x, k, y) ← (sin(x·w) + y·i, k + 2, y·x·k/10), with an integer among the carried values. */
function mixedBody(): Graph {
  const [i, x, k, y, w] = [
    parameter(int32),
    parameter(pair),
    parameter(int32),
    parameter(pair),
    parameter(pair),
  ];
  const spread = (n: Node): Node =>
    build("broadcast_in_dim", [convert(n, "float64")], { shape: [2], dims: [] });
  const newX = add(apply("sine", mul(x, w)), mul(y, spread(i)));
  const newY = mul(mul(y, x), mul(spread(k), constant(0.1, pair)));
  return { params: [i, x, k, y, w], results: [newX, add(k, rounds(2)), newY] };
}

const mixedArgs = [Float64Array.of(0.3, -0.4), Float64Array.of(1.1, 0.7), Float64Array.of(0.9, 1.2)];

describe("a loop with a constant count", () => {
  it.each([0, 1, 2, 5])("of %d rounds has the gradient of its rounds written out", (n) => {
    const [x, y, w] = [parameter(pair), parameter(pair), parameter(pair)];
    const body = mixedBody();
    const carries = [x, constant(3, int32), y];
    const looped = loop(rounds(n), carries, [w], body);
    const plain = unrolled(n, carries, [w], body);
    const gradsOf = (finals: Node[]): Node[] =>
      gradients(mul(finals[0]!, add(finals[2]!, finals[0]!)), [x, y, w]);
    const [a, b] = [gradsOf(looped), gradsOf(plain)].map((grads) => run([x, y, w], grads, mixedArgs));
    a!.flat().forEach((value, i) => {
      expect(value).toBeCloseTo(b!.flat()[i]!, 12);
    });
  });

  it("agrees with differences, in the first and second order", () => {
    const [x, y, w] = [parameter(pair), parameter(pair), parameter(pair)];
    const finals = loop(rounds(3), [x, constant(3, int32), y], [w], mixedBody());
    const value = mul(finals[0]!, finals[2]!);
    expectGradients([x, y, w], [value], mixedArgs);
    expectGradients([x, y, w], gradients(value, [x, w]), mixedArgs, 1e-6);
  });

  it("can stand inside of another loop", () => {
    const [i, x, w] = [parameter(int32), parameter(scalar), parameter(scalar)];
    const [j, z, v] = [parameter(int32), parameter(scalar), parameter(scalar)];
    const inner = { params: [j, z, v], results: [apply("sine", add(mul(z, v), convert(j, "float64")))] };
    const outer = { params: [i, x, w], results: [add(x, loop(rounds(2), [mul(x, w)], [w], inner)[0]!)] };
    const [x0, w0] = [parameter(scalar), parameter(scalar)];
    const [value] = loop(rounds(3), [x0], [w0], outer);
    expectGradients([x0, w0], [value!], [Float64Array.of(0.5), Float64Array.of(1.3)]);
  });

  it("passes carried values that a round only hands on or exchanges", () => {
    const [i, a, b] = [parameter(int32), parameter(scalar), parameter(scalar)];
    const body = { params: [i, a, b], results: [b, a] };
    const [x, y] = [parameter(scalar), parameter(scalar)];
    const [first] = loop(rounds(3), [x, y], [], body);
    expect(run([x, y], gradients(first!, [x, y]), [new Float64Array(1), new Float64Array(1)])).toEqual([
      [0],
      [1],
    ]);
  });
});

/** Reads row i of `table`, and puts its running sum into row i of `out`: how recurrent layers are written. */
function recurrence(length: number): { table: Node; start: Node; results: Node[] } {
  const rows = { shape: [length, 2], dtype: "float64" } as const;
  const [i, state, out, table] = [parameter(int32), parameter(pair), parameter(rows), parameter(rows)];
  const starts = [i, rounds(0)];
  const row = reshape(build("dynamic_slice", [table, ...starts], { sizes: [1, 2] }), [2]);
  const next = apply("tanh", add(state, row));
  const body = {
    params: [i, state, out, table],
    results: [next, apply("dynamic_update_slice", out, reshape(next, [1, 2]), ...starts)],
  };
  const [tableValue, start] = [parameter(rows), parameter(pair)];
  return {
    table: tableValue,
    start,
    results: loop(rounds(length), [start, constant(0, rows)], [tableValue], body),
  };
}

describe("a recurrence over the rows of an array", () => {
  it("agrees with differences", () => {
    const { table, start, results } = recurrence(4);
    const args = [Float64Array.of(0.1, -0.5, 0.3, 0.9, -0.2, 0.4, 0.7, -0.6), Float64Array.of(0.2, 0.8)];
    expectGradients([table, start], [mul(results[1]!, results[1]!)], args);
  });

  it("keeps the state of each round, but neither the rows that go out nor those that come in", () => {
    const { table, results } = recurrence(4);
    const loops = topological(gradients(results[1]!, [table])).filter((n) => n.op === "loop");
    const kept = loops
      .flatMap((n) => n.inputs.map((input) => input.shape))
      .filter((shape) => shape.length > 2);
    expect(kept).toEqual([]);
  });

  it("adds a round's share of the captured array into its own rows", () => {
    const { table, results } = recurrence(4);
    const backward = topological(gradients(results[0]!, [table])).filter(
      (n): n is Node<"loop"> => n.op === "loop",
    );
    const inside = backward.flatMap((n) => topological(n.attrs.body.results));
    expect(inside.filter((n) => n.op === "add" && n.shape.length === 2 && n.shape[0] === 4)).toEqual([]);
  });

  it("gives a weight its gradient from rows that are there already, and from each other row once", () => {
    const [steps, size] = [5, 2];
    const rows = { shape: [steps, 1, size], dtype: "float64" } as const;
    const matrix = { shape: [size, size], dtype: "float64" } as const;
    const state = { shape: [1, size], dtype: "float64" } as const;
    const product = (x: Node, y: Node): Node =>
      dotGeneral(x, y, { lhsBatch: [], rhsBatch: [], lhsContracting: [1], rhsContracting: [0] });
    const [i, h, seq, w, u] = [int32, state, rows, matrix, matrix].map((type) => parameter(type));
    const row = readRow(seq!, i!);
    const next = apply("tanh", add(add(product(row, w!), product(h!, u!)), row));
    const [x, start, w0, u0] = [parameter(rows), parameter(state), parameter(matrix), parameter(matrix)];
    const body = { params: [i!, h!, seq!, w!, u!], results: [next] };
    const [last] = loop(rounds(steps), [start], [x, w0, u0], body);
    const args = [
      Float64Array.of(0.1, -0.5, 0.3, 0.9, -0.2, 0.4, 0.7, -0.6, 0.2, 0.1),
      Float64Array.of(0.2, 0.8),
      Float64Array.of(0.5, -0.3, 0.8, 0.1),
      Float64Array.of(-0.4, 0.6, 0.3, 0.9),
    ];
    expectGradients([x, start, w0, u0], [mul(last!, last!)], args);
    const grads = gradients(last!, [x, w0, u0]);
    const loops = topological(grads).filter((n): n is Node<"loop"> => n.op === "loop");
    const backward = loops.at(-1)!.attrs;
    const stacked = backward.body.params.slice(1, backward.carries + 1).filter((p) => p.shape[0] === steps);
    // The gradient of what goes into tanh, for both weights; and that of the rows.
    expect(stacked).toHaveLength(2);
  });
});

it("a loop whose count is only known at run time has no gradient", () => {
  const [n, x, i, a] = [parameter(int32), parameter(scalar), parameter(int32), parameter(scalar)];
  const [value] = loop(n, [x], [], { params: [i, a], results: [mul(a, a)] });
  expect(() => gradients(value!, [x])).toThrow(UnsupportedError);
  expect(() => gradients(value!, [x])).toThrow(/only known at run time has no reverse-mode gradient/);
  // What does not pass through the loop is differentiable all the same.
  expect(() => gradients(add(apply("stop_gradient", value!), x), [x])).not.toThrow();
});
