/** Recomputation: the same values and gradients, to the bit, with less memory. */
import { describe, expect, test } from "vitest";
import { run } from "../../../test/support/finite_differences.ts";
import { compileGraph } from "../compiler/compile.ts";
import { is, type Node, topological } from "../graph/node.ts";
import {
  customGradient,
  exp,
  gradients,
  jit,
  makeGraph,
  matmul,
  remat,
  scan,
  sin,
  type Tensor,
  tanh,
  tensor,
  Variable,
  valueAndGrad,
  vjp,
} from "../index.ts";

type Block = (x: Tensor, w: Tensor) => Tensor;

const depth = 12;
const [rows, width] = [256, 64];
const numbers = (n: number, by: number): Float32Array =>
  Float32Array.from({ length: n }, (_, i) => Math.sin(i * by) / 8);
const x = tensor(numbers(rows * width, 0.37), { shape: [rows, width] });
const w = tensor(numbers(width * width, 0.91), { shape: [width, width] });

/** Three layers, of which the last one gives as much as goes in. */
const block: Block = (h, w) => tanh(matmul(tanh(matmul(tanh(matmul(h, w)), w)), w)).add(h);

/** The loss of a deep program and its gradient by the weights. */
function deep(part: Block): (x: Tensor, w: Tensor) => Tensor[] {
  return (x, w) => {
    const loss = (w: Tensor): Tensor => {
      let h = x;
      for (let i = 0; i < depth; i++) h = part(h, w);
      return h.multiply(h).mean();
    };
    const [value, grads] = valueAndGrad(loss)(w);
    return [value, ...grads];
  };
}

/** Bytes of temporaries of the program that a function becomes. */
function bytes(fn: (x: Tensor, w: Tensor) => Tensor[]): number {
  return compileGraph(makeGraph(fn, x, w)).program.arenaBytes;
}

const bits = (ts: readonly Tensor[]): number[][] =>
  ts.map((t) => [...new Uint32Array(Float32Array.from(t.dataSync()).buffer)]);

describe("of a deep program", () => {
  test("the memory falls to what goes from part to part", () => {
    const kept = bytes(deep(block));
    const anew = bytes(deep(remat(block)));
    const array = rows * width * 4;
    // Three arrays for each part are kept, against one.
    expect(kept).toBeGreaterThan(3 * depth * array);
    expect(anew).toBeLessThan((depth + 8) * array);
    // Parts of parts: about the square root.
    const group = remat((h: Tensor, w: Tensor) => block(block(block(h, w), w), w));
    const four = bytes((x, w) => {
      const [value, grads] = valueAndGrad((w) => {
        let h = x;
        for (let i = 0; i < depth / 3; i++) h = group(h, w);
        return h.multiply(h).mean();
      })(w);
      return [value, ...grads];
    });
    expect(four).toBeLessThan(0.5 * kept);
  });

  test("values and gradients are equal to the bit", () => {
    expect(bits(jit(deep(remat(block)))(x, w))).toEqual(bits(jit(deep(block))(x, w)));
    expect(bits(deep(remat(block))(x, w))).toEqual(bits(deep(block)(x, w)));
  });
});

/** The gradient of Σ f(x, w) by both, in float64 by the reference backend. */
function slopes(f: Block): number[][] {
  const [a, b] = [
    tensor([0.3, -0.7, 1.1], { dtype: "float64" }),
    tensor([0.5, 0.25, -0.4], { dtype: "float64" }),
  ];
  const graph = makeGraph(
    (x: Tensor, w: Tensor) => valueAndGrad((x, w) => f(x, w).sum(), { argnums: [0, 1] })(x, w)[1],
    a,
    b,
  );
  return run(graph.params, graph.results, [a.dataSync(), b.dataSync()]);
}

describe("the gradient is the same", () => {
  const inner = remat((x: Tensor, w: Tensor) => sin(x.multiply(w)).multiply(exp(w)));
  const custom = customGradient((x, w) => {
    const e = exp(x.multiply(w));
    return [e, (up) => [up.multiply(e), up.multiply(e).multiply(100)]];
  });
  const cases: Readonly<Record<string, Block>> = {
    "of parts within parts": (x, w) => inner(inner(x, w).multiply(x), w).add(inner(w, x)),
    "of gradients of their own": (x, w) => custom(sin(x), w.multiply(x)).multiply(x),
    "of loops": (x, w) =>
      scan([x], [], 3, ([h]) => ({ carry: [inner(h!, w).add(h!)], outputs: [sin(h!)] })).outputs[0]!.sum(0),
    "of a loop as a whole": (x, w) =>
      scan([x], [w.reshape(3, 1)], 3, ([h], [r]) => ({
        carry: [sin(h!).multiply(r!)],
        outputs: [sin(h!).multiply(r!)],
      })).outputs[0]!.sum(0),
    "by what is used besides the arguments": (x, w) =>
      remat((y: Tensor) => tanh(y.multiply(w)).multiply(w))(x),
    "of gradients": (x, w) => {
      const [, pull] = vjp((y) => sin(y.multiply(w)).multiply(y), x);
      return pull(w)[0]!;
    },
  };
  test.each(Object.entries(cases))("%s", (_, f) => {
    const expected = slopes(f);
    expect(slopes(remat(f))).toEqual(expected);
    expect(expected.flat().every((n) => n !== 0)).toBe(true);
  });
});

test("values go through as they are, in any structure", () => {
  const fn = remat((x: Tensor, more: { readonly by: number }) => ({ y: [x.multiply(more.by)], n: more.by }));
  const { y, n } = fn(tensor([1, 2]), { by: 3 });
  expect([y[0]!.arraySync(), n]).toEqual([[3, 6], 3]);
});

test("what is computed anew stands behind a barrier, of which nothing is left without a gradient", () => {
  const v = new Variable([0.5, 2], "float32");
  const part = remat((x: Tensor) => exp(x.multiply(v)).multiply(v));
  const barriers = (fn: (x: Tensor) => Tensor[]): number =>
    topological(makeGraph(fn, tensor([1, 2], { dtype: "float32" })).results).filter((n: Node) =>
      is(n, "optimization_barrier"),
    ).length;
  expect(barriers((x) => [part(x)])).toBe(0);
  expect(barriers((x) => gradients(part(x).multiply(x).sum(), [v, x]))).toBeGreaterThan(0);
});
