/** For tests: gradients by central differences in float64 on the reference backend. */
import { expect } from "vitest";
import { vjpGraph } from "../../src/engine/autodiff/grad.ts";
import { createReferenceBackend } from "../../src/engine/backends/reference/index.ts";
import { parameter } from "../../src/engine/graph/build.ts";
import type { Node } from "../../src/engine/graph/node.ts";
import { arrayOf, isFloat, type TypedArray } from "../../src/engine/tensor/dtype.ts";
import { sizeOf } from "../../src/engine/tensor/shape.ts";

/** Numbers in [0, 1) that are the same in every run (mulberry32). */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Runs a graph of given parameters. */
export function run(
  params: readonly Node[],
  results: readonly Node[],
  args: readonly TypedArray[],
): number[][] {
  const out = createReferenceBackend().compile({ params, results }).run(args);
  return out.map((values) => Array.from(values!));
}

/**
 * Expects the gradients of Σ weightᵀ · output, with random weights, to be those that differences give.
 *
 * @param params the function's parameters; float ones must be float64 and are differentiated by
 * @param args their values
 * @param tolerance of each element, relative to 1 + its size
 */
export function expectGradients(
  params: readonly Node[],
  outputs: readonly Node[],
  args: readonly TypedArray[],
  tolerance = 1e-7,
): void {
  const next = random(7);
  const weights = outputs.map((o) => Float64Array.from({ length: sizeOf(o.shape) }, () => next() * 2 - 1));
  const cotangents = outputs.map((o) => parameter(o));
  const wrt = params.filter((p) => isFloat(p.dtype));
  const gradients = run([...params, ...cotangents], vjpGraph(outputs, cotangents, wrt), [
    ...args,
    ...weights,
  ]);

  const forward = createReferenceBackend().compile({ params, results: outputs });
  const loss = (at: readonly TypedArray[]): number => {
    let total = 0;
    forward.run(at).forEach((values, k) => {
      values!.forEach((v, i) => (total += v * weights[k]![i]!));
    });
    return total;
  };
  wrt.forEach((node, k) => {
    const position = params.indexOf(node);
    const values = args[position]!;
    expect(gradients[k]!.length).toBe(values.length);
    for (let i = 0; i < values.length; i++) {
      const h = 1e-6 * Math.max(1, Math.abs(values[i]!));
      const shifted = (by: number): number => {
        const moved = new (arrayOf(node.dtype))(values);
        moved[i]! += by;
        return loss(args.with(position, moved));
      };
      const expected = (shifted(h) - shifted(-h)) / (2 * h);
      const actual = gradients[k]![i]!;
      const error = Math.abs(actual - expected) / (1 + Math.abs(expected));
      expect(error, `parameter ${k}, element ${i}: ${actual}, by differences ${expected}`).toBeLessThan(
        tolerance,
      );
    }
  });
}
