/** Loops: every way in which carried values, captures and counts meet, and random bodies. */
import * as fc from "fast-check";
import { describe, test } from "vitest";
import {
  apply,
  broadcastInDim,
  build,
  constant,
  convert,
  loop,
  parameter,
  reduce,
  reshape,
} from "../../src/engine/graph/build.ts";
import type { Graph, Node } from "../../src/engine/graph/node.ts";
import { sizeOf } from "../../src/engine/tensor/shape.ts";
import { filled } from "../support/agreement.ts";
import { random } from "../support/finite_differences.ts";
import { patience, runs } from "../support/runs.ts";
import { check } from "./check.ts";
import { program, recipes } from "./random_graph.ts";

const scalar = { shape: [], dtype: "int32" } as const;
const vector = { shape: [5], dtype: "int32" } as const;
const times = (n: number): Node => constant(n, scalar);
const vec = (): Node => parameter(vector);
const int = (): Node => parameter(scalar);
const add = (x: Node, y: Node): Node => apply("add", x, y);
const wide = (i: Node): Node => broadcastInDim(i, [5], []);

/** Checks a graph without donations, and with results that take the place of the parameters of the same number. */
function checkLoop(graph: Graph, seed = 1): void {
  const next = random(seed);
  const args = graph.params.map((p) => filled(p.dtype, sizeOf(p.shape), () => Math.floor(next() * 5)));
  const alike = graph.results.map((r, i) => {
    const p = graph.params[i];
    return p !== undefined && p.dtype === r.dtype && sizeOf(p.shape) === sizeOf(r.shape) ? i : undefined;
  });
  check({ graph, args, donations: alike });
}

describe("carried values", () => {
  test("that take each other's place", () => {
    const [a, b, c] = [vec(), vec(), vec()];
    for (const n of [0, 1, 2, 3, 4]) {
      const [i, x, y, z] = [int(), vec(), vec(), vec()];
      const out = loop(times(n), [a, b, c], [], { params: [i, x, y, z], results: [y, z, x] });
      checkLoop({ params: [a, b, c], results: out });
      checkLoop({ params: [a, b, c], results: [out[2]!, out[0]!, out[1]!] });
    }
  });

  test("that take each other's place and change", () => {
    const [a, b] = [vec(), vec()];
    const [i, x, y] = [int(), vec(), vec()];
    const body = { params: [i, x, y], results: [add(y, wide(i)), apply("multiply", x, y)] };
    const out = loop(times(4), [a, b], [], body);
    checkLoop({ params: [a, b], results: out });
    checkLoop({ params: [a, b], results: [...out, a, b] });
  });

  test("that are read by place while they change", () => {
    const a = vec();
    const [i, x] = [int(), vec()];
    const turned = build("reverse", [x], { axes: [0] });
    const out = loop(times(3), [a], [], { params: [i, x], results: [add(x, turned)] });
    checkLoop({ params: [a], results: out });
  });

  test("that begin alike", () => {
    const a = vec();
    const [i, x, y] = [int(), vec(), vec()];
    const out = loop(times(3), [a, a], [], { params: [i, x, y], results: [add(x, y), wide(i)] });
    checkLoop({ params: [a], results: out });
    checkLoop({ params: [a], results: [out[1]!, out[0]!, a] });
  });

  test("that nobody reads afterwards, or inside", () => {
    const [a, b, c] = [vec(), vec(), vec()];
    const [i, x, y, z] = [int(), vec(), vec(), vec()];
    const results = [add(x, y), add(y, wide(i)), apply("multiply", z, z)];
    const out = loop(times(3), [a, b, c], [], { params: [i, x, y, z], results });
    for (const read of [[0], [1], [2], [0, 2], []]) {
      checkLoop({ params: [a, b, c], results: read.map((k) => out[k]!) });
    }
  });

  test("that stay as they are, or become a capture", () => {
    const [a, b, k] = [vec(), vec(), vec()];
    const [i, x, y, c] = [int(), vec(), vec(), vec()];
    const out = loop(times(2), [a, b], [k], { params: [i, x, y, c], results: [x, c] });
    checkLoop({ params: [a, b, k], results: out });
    checkLoop({ params: [a, b, k], results: [out[1]!, k, out[0]!] });
  });

  test("that become constants or the round", () => {
    const a = vec();
    const n = int();
    const [i, x, y] = [int(), vec(), int()];
    const out = loop(times(3), [a, n], [], { params: [i, x, y], results: [constant(7, vector), i] });
    checkLoop({ params: [a, n], results: out });
  });

  test("with one result of the body for several", () => {
    const [a, b] = [vec(), vec()];
    const [i, x, y] = [int(), vec(), vec()];
    const sum = add(x, y);
    const out = loop(times(3), [a, b], [], { params: [i, x, y], results: [sum, sum] });
    checkLoop({ params: [a, b], results: out });
  });

  test("that are updated in part", () => {
    const [a, n] = [vec(), int()];
    const [i, x] = [int(), vec()];
    const one = reshape(add(i, reduce("sum", x, [0])), [1]);
    const results = [build("dynamic_update_slice", [x, one, i], {})];
    checkLoop({ params: [a, n], results: loop(n, [a], [], { params: [i, x], results }) });
  });

  test("of no elements", () => {
    const none = { shape: [0, 3], dtype: "float32" } as const;
    const a = parameter(none);
    const [i, x] = [int(), parameter(none)];
    const out = loop(times(3), [a], [], { params: [i, x], results: [apply("negate", x)] });
    checkLoop({ params: [a], results: [out[0]!, reduce("sum", out[0]!, [0])] });
  });
});

describe("counts", () => {
  test.each([-3, 0, 1, 2, 9])("of %i, known and at run time", (n) => {
    const [a, count] = [vec(), int()];
    const [i, x] = [int(), vec()];
    const body = { params: [i, x], results: [add(x, wide(add(i, times(1))))] };
    const args = [Int32Array.of(1, 2, 3, 4, 5), Int32Array.of(n)];
    for (const by of [count, times(n)]) {
      const graph = { params: [a, count], results: loop(by, [a], [], body) };
      check({ graph, args, donations: [0] });
    }
  });

  test("that are computed, and that the loop's result takes the place of", () => {
    const [a, count] = [vec(), int()];
    const [i, x, c] = [int(), vec(), int()];
    const body = { params: [i, x, c], results: [add(x, wide(c)), add(c, i)] };
    const out = loop(reduce("max", a, [0]), [a, count], [], body);
    checkLoop({ params: [a, count], results: out });
    const again = loop(count, [a, count], [], body);
    checkLoop({ params: [a, count], results: again });
  });
});

describe("loops in loops", () => {
  test("that change what the outer one carries", () => {
    const [a, b, k] = [vec(), vec(), vec()];
    const [j, u, v, kk, jj] = [int(), vec(), vec(), vec(), int()];
    const inner = { params: [j, u, v, kk, jj], results: [add(v, kk), add(u, wide(add(j, jj)))] };
    const [i, x, y, c] = [int(), vec(), vec(), vec()];
    const [p, q] = loop(add(i, times(1)), [x, y], [c, i], inner) as [Node, Node];
    const outer = { params: [i, x, y, c], results: [q, add(p, y)] };
    const out = loop(times(3), [a, b], [k], outer);
    checkLoop({ params: [a, b, k], results: out });
  });

  test("whose temporary values are needed later in the round", () => {
    const a = vec();
    const [i, x] = [int(), vec()];
    const early = reduce("sum", apply("multiply", x, x), [0]);
    const [j, s, e] = [int(), int(), int()];
    const inner = { params: [j, s, e], results: [apply("remainder", add(add(s, e), j), times(17))] };
    const [total] = loop(times(4), [times(2)], [early], inner) as [Node];
    const late = add(
      apply("remainder", x, wide(times(5))),
      wide(add(total, apply("remainder", early, times(3)))),
    );
    const out = loop(times(3), [a], [], { params: [i, x], results: [late] });
    checkLoop({ params: [a], results: out });
  });

  test("one after the other", () => {
    const a = vec();
    const body = (): Graph => {
      const [i, x] = [int(), vec()];
      return { params: [i, x], results: [add(apply("remainder", x, wide(times(9))), wide(i))] };
    };
    const [first] = loop(times(3), [a], [], body()) as [Node];
    const [second] = loop(times(2), [first], [], body()) as [Node];
    checkLoop({ params: [a], results: [second] });
    checkLoop({ params: [a], results: [second, first] });
    checkLoop({ params: [a], results: [add(second, first), a] });
  });
});

test("a loop of ten rounds gives the bits of two of five", { timeout: patience }, () => {
  const f32 = { shape: [17], dtype: "float32" } as const;
  const body = (offset: number): Graph => {
    const [i, x] = [int(), parameter(f32)];
    const step = convert(add(i, times(offset)), "float32");
    const wave = apply("sine", add(x, broadcastInDim(step, [17], [])));
    return { params: [i, x], results: [apply("tanh", add(wave, apply("multiply", x, constant(0.3, f32))))] };
  };
  const a = parameter(f32);
  const [whole] = loop(times(10), [a], [], body(0)) as [Node];
  const [half] = loop(times(5), [a], [], body(0)) as [Node];
  const [rest] = loop(times(5), [half], [], body(5)) as [Node];
  const difference = reduce("max", apply("abs", apply("subtract", whole, rest)), [0]);
  const args = [filled("float32", 17, (i) => Math.sin(i))];
  const graph = { params: [a], results: [convert(difference, "bool")] };
  check({ graph, args, donations: [undefined] });
});

test("random bodies", { timeout: patience }, () => {
  fc.assert(
    fc.property(recipes(2, 8, 8), (recipe) => check(program(recipe))),
    runs(60),
  );
});
