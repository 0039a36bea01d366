/** Every primitive on every backend against the reference. */
import * as fc from "fast-check";
import { describe, test } from "vitest";
import type { Backend } from "../../src/engine/backends/backend.ts";
import { createReferenceBackend } from "../../src/engine/backends/reference/index.ts";
import { createWasmBackend } from "../../src/engine/backends/wasm/index.ts";
import type { Primitive } from "../../src/engine/graph/primitives.ts";
import { printGraph } from "../../src/engine/graph/print.ts";
import type { TypedArray } from "../../src/engine/tensor/dtype.ts";
import { sizeOf } from "../../src/engine/tensor/shape.ts";
import { patience, runs } from "../support/runs.ts";
import { standaloneScript, standaloneWasm } from "../support/standalone_backends.ts";
import { cases, type Sample } from "./cases.ts";

const reference = createReferenceBackend();

function check(on: Backend, { params, results, args, agrees }: Sample): void {
  const graph = { params, results };
  const [expected] = reference.compile(graph).run(args) as [TypedArray];
  const [actual] = on.compile(graph).run(args) as [TypedArray];
  if (actual.constructor !== expected.constructor || actual.length !== expected.length) {
    throw new Error(`${actual.length} elements, expected ${expected.length}\n${printGraph(graph)}`);
  }
  for (let i = 0; i < expected.length; i++) {
    const [a, e] = [actual[i]!, expected[i]!];
    if (agrees(i)(a, e)) continue;
    // For elementwise primitives the operands at the same place tell what was computed.
    const same = args.every((arg) => arg.length === expected.length);
    const from = same
      ? args.map((arg) => show(arg[i]!)).join(", ")
      : args.map((arg) => `[${[...arg].map(show).join()}]`).join(" ");
    throw new Error(`element ${i}: ${show(a)}, expected ${show(e)}, from ${from}\n${printGraph(graph)}`);
  }
}

const show = (x: number): string => (Object.is(x, -0) ? "-0" : String(x));

const backends: readonly (readonly [Backend, cases: number])[] = [
  [createWasmBackend(), 60],
  [reference, 5],
  [standaloneWasm, 8],
  [standaloneScript, 20],
];

for (const [on, count] of backends) {
  describe(`primitives on the ${on.name} backend`, () => {
    for (const [name, samples] of Object.entries(cases) as [Primitive, fc.Arbitrary<Sample>][]) {
      test(name, { timeout: patience }, () => {
        fc.assert(
          fc.property(samples, (sample) => check(on, sample)),
          runs(count),
        );
      });
    }
  });
}

test("the samples are of all sizes", ({ expect }) => {
  const sizes = new Set(
    fc.sample(cases.add, { numRuns: 300, seed: 1 }).map((s) => sizeOf(s.params[0]!.shape)),
  );
  for (const n of [0, 1, 3, 4, 5, 7, 8, 9]) expect(sizes).toContain(n);
});
