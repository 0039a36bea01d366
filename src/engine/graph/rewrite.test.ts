/** The rewriting engine: patterns, fixed points, long chains, loops. */
import { describe, expect, test } from "vitest";
import { evaluateGraph, f32, i32, simplifies } from "../../../test/support/simplification.ts";
import { apply, broadcastInDim, constant, constantLike, loop, parameter, sum } from "./build.ts";
import { type Graph, type Node, topological } from "./node.ts";
import { hole, num, op, rule } from "./pattern.ts";
import { printGraph } from "./print.ts";
import { rewrite, ruleTable } from "./rewrite.ts";
import { simplify } from "./simplify.ts";
import { verify } from "./verify.ts";

const count = (graph: Graph, name?: string): number => {
  return topological(graph.results).filter((n) => name === undefined || n.op === name).length;
};

describe("the engine", () => {
  const [x, y] = [parameter(f32(3)), parameter(f32(3))];
  const of = (...results: Node[]): Graph => ({ params: [x, y], results });
  const [a, b] = [hole("x"), hole("y")];

  test("without rules equal nodes become one and unused ones fall away", () => {
    apply("sine", y);
    const graph = of(apply("add", apply("sine", x), apply("sine", x)));
    const out = rewrite(graph, ruleTable([]));
    expect(count(graph)).toBe(4);
    expect(count(out)).toBe(3);
    expect(out.params).toEqual([x, y]);
  });

  test("a graph that nothing applies to is returned as it is", () => {
    const graph = of(apply("sine", x));
    expect(rewrite(graph, ruleTable([]))).toBe(graph);
  });

  test("a hole that occurs twice meets one node", () => {
    const table = ruleTable([rule(op("add", a, a), op("multiply", a, num(2)))]);
    expect(rewrite(of(apply("add", x, y)), table).results[0]!.op).toBe("add");
    expect(printGraph(rewrite(of(apply("add", x, x)), table))).toContain("multiply %arg0, %0");
  });

  test("commutative primitives match in both orders, without bindings left from the first", () => {
    const table = ruleTable([rule(op("add", op("negate", a), op("sine", b)), op("multiply", a, b))]);
    const swapped = of(apply("add", apply("sine", y), apply("negate", x)));
    expect(printGraph(rewrite(swapped, table))).toContain("multiply %arg0, %arg1");
    const wrong = of(apply("add", apply("negate", y), apply("negate", x)));
    expect(rewrite(wrong, table).results[0]!.op).toBe("add");
  });

  test("what a rule makes is rewritten too", () => {
    const table = ruleTable([
      rule(op("sine", a), op("cosine", op("negate", a))),
      rule(op("negate", op("negate", a)), a),
    ]);
    expect(printGraph(rewrite(of(apply("sine", apply("negate", x))), table))).toContain("cosine %arg0");
  });

  test("rules that never come to rest are stopped", () => {
    const table = ruleTable([
      rule(op("sine", a), op("cosine", op("abs", a))),
      rule(op("cosine", a), op("sine", op("abs", a))),
    ]);
    expect(() => verify(rewrite(of(apply("sine", x)), table))).not.toThrow();
  });

  test("rules that ask for uses see them after equal nodes became one", () => {
    const seen: number[] = [];
    const table = ruleTable([
      { ops: ["add"], apply: (node, context) => void seen.push(context.uses(node.inputs[0]!)) },
    ]);
    rewrite(of(apply("add", apply("sine", x), y), apply("sine", x)), table);
    expect(seen).toEqual([Number.POSITIVE_INFINITY, 2]);
  });
});

describe("long chains", () => {
  const chain = (length: number): Graph => {
    const x = parameter(f32(2));
    let y: Node = x;
    for (let i = 0; i < length; i++) {
      y = apply("add", apply("multiply", y, constantLike(1, y)), i % 2 === 0 ? x : constantLike(0, y));
    }
    return { params: [x], results: [y] };
  };

  test("of tens of thousands of nodes neither overflow nor take quadratic time", () => {
    const time = (length: number): number => {
      const graph = chain(length);
      const begin = performance.now();
      expect(count(simplify(graph), "add")).toBe(length / 2);
      return performance.now() - begin;
    };
    time(1_000);
    const [short, long] = [time(2_500), time(20_000)];
    expect(long).toBeLessThan(40 * short + 100); // eight times the length; quadratic would be 64 times
  });

  test("that collapse do so", () => {
    const x = parameter(f32(4, 6));
    let y: Node = x;
    for (let i = 0; i < 10_000; i++) y = apply("negate", y);
    expect(simplify({ params: [x], results: [y] }).results[0]).toBe(x);
  });
});

describe("loops", () => {
  type Body = (i: Node, ...values: Node[]) => Node[];
  const run = (rounds: Node | number, carries: Node[], captures: Node[], body: Body): Node[] => {
    const params = [i32(), ...carries, ...captures].map(parameter);
    const n = typeof rounds === "number" ? constant(rounds, i32()) : rounds;
    return loop(n, carries, captures, { params, results: body(params[0]!, ...params.slice(1)) });
  };
  const add = (x: Node, y: Node): Node => apply("add", x, y);
  const xy = [f32(3), f32(3)];

  simplifies(
    "no rounds → the initial values",
    xy,
    (x) => run(0, [x], [], (_, a) => [apply("sine", a)])[0]!,
    (x) => x,
  );
  simplifies(
    "negative rounds → the initial values",
    xy,
    (x) => run(-2, [x], [], (_, a) => [apply("sine", a)])[0]!,
    (x) => x,
  );
  simplifies(
    "one round → the body",
    [i32(3), i32(3)],
    (x, y) => run(1, [x], [y], (i, a, b) => [add(apply("multiply", a, b), broadcastInDim(i, [3], []))])[0]!,
    (x, y) => apply("multiply", x, y),
  );
  simplifies(
    "a loop in a loop of one round",
    [f32(3), i32()],
    (x, n) => run(1, [x], [n], (_, a, m) => [run(m, [a], [], (_, b) => [apply("sine", b)])[0]!])[0]!,
    (x, n) => run(n, [x], [], (_, a) => [apply("sine", a)])[0]!,
  );
  simplifies(
    "bodies are simplified",
    xy,
    (x) => run(5, [x], [], (_, a) => [apply("sine", apply("multiply", a, constantLike(1, a)))])[0]!,
    (x) => run(5, [x], [], (_, a) => [apply("sine", a)])[0]!,
  );
  simplifies(
    "a carry that does not change becomes a capture",
    xy,
    (x, y) =>
      add(
        ...(run(5, [x, y], [], (_, a, b) => [apply("multiply", a, b), apply("identity", b)]) as [Node, Node]),
      ),
    (x, y) => add(run(5, [x], [y], (_, a, b) => [apply("multiply", a, b)])[0]!, y),
  );
  simplifies(
    "carries that no result needs go, with what only they need",
    [...xy, f32(3)],
    (x, y, z) => run(5, [x, y], [z], (_, a, b, c) => [apply("sine", a), add(b, add(a, c))])[0]!,
    (x) => run(5, [x], [], (_, a) => [apply("sine", a)])[0]!,
  );
  simplifies(
    "carries that are needed in a later round stay",
    [...xy, f32(3)],
    (x, y, z) => run(5, [x, y, z], [], (_, a, b, c) => [b, apply("sine", c), apply("cosine", a)])[0]!,
    (x, y, z) => run(5, [x, y, z], [], (_, a, b, c) => [b, apply("sine", c), apply("cosine", a)])[0]!,
  );
  simplifies(
    "captured constants move inside, captures of one value become one",
    xy,
    (x, y) =>
      run(5, [x], [constantLike(2, x), y, y], (_, a, two, b, c) => [
        apply("multiply", add(a, two), add(b, c)),
      ])[0]!,
    (x, y) => run(5, [x], [y], (_, a, b) => [apply("multiply", add(a, constantLike(2, a)), add(b, b))])[0]!,
  );
  simplifies(
    "what becomes constant inside is folded on",
    [i32(3)],
    (x) =>
      run(5, [x, constantLike(0, x)], [], (_, a, zero) => [
        add(a, zero),
        apply("negate", apply("negate", zero)),
      ])[0]!,
    (x) => x,
  );

  test("equal loops become one", () => {
    const [x, y] = [parameter(f32(3)), parameter(f32(3))];
    const twice = [0, 1].map(() => run(5, [x], [y], (_, a, b) => [apply("multiply", a, b)])[0]!);
    const simple = simplify({ params: [x, y], results: [add(twice[0]!, twice[1]!)] });
    expect(count(simple, "loop")).toBe(1);
  });

  test("a body reaches nothing outside", () => {
    const x = parameter(f32(4, 6));
    const [y] = run(3, [x], [sum(x, [1])], (_, a, s) => [add(a, broadcastInDim(s, [4, 6], [0]))]);
    const graph = { params: [x], results: [y!, constantLike(1, x)] };
    const simple = simplify(graph);
    verify(simple);
    const values = Float32Array.from({ length: 24 }, (_, i) => i);
    expect(evaluateGraph(simple, [values])).toEqual(evaluateGraph(graph, [values]));
  });
});
