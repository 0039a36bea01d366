/** Random programs: whatever is compiled must give what the reference gives, to the bit. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createReferenceBackend } from "../../src/engine/backends/reference/index.ts";
import { type Graph, is, topological } from "../../src/engine/graph/node.ts";
import { printGraph } from "../../src/engine/graph/print.ts";
import type { TypedArray } from "../../src/engine/tensor/dtype.ts";
import { difference, sameNumber } from "../support/agreement.ts";
import { patience, runs } from "../support/runs.ts";
import { standaloneScript, standaloneWasm } from "../support/standalone_backends.ts";
import { check } from "./check.ts";
import { program, recipes } from "./random_graph.ts";

describe("compiled programs give what the reference gives", () => {
  const sizes = [
    ["small", 1, 5, 80],
    ["middling", 5, 15, 50],
    ["large", 20, 40, 35],
  ] as const;
  for (const [name, least, most, cases] of sizes) {
    test(`${name} graphs`, { timeout: patience }, () => {
      fc.assert(
        fc.property(recipes(least, most), (r) => check(program(r))),
        runs(cases),
      );
    });
  }
});

describe.each([standaloneWasm, standaloneScript])("$name gives what the reference gives", (on) => {
  test("middling graphs", { timeout: patience }, () => {
    const reference = createReferenceBackend();
    fc.assert(
      fc.property(recipes(5, 15), (r) => {
        const { graph, args } = program(r);
        const expected = reference.compile(graph).run(args) as TypedArray[];
        const wrong = difference(on.compile(graph).run(args), expected, sameNumber);
        if (wrong !== undefined) throw new Error(`${wrong}\n${printGraph(graph)}`);
      }),
      runs(20),
    );
  });
});

test("the recipes make all sorts of graphs", () => {
  const seen = new Map<string, number>();
  const count = ({ results }: Graph): void => {
    for (const node of topological(results)) {
      seen.set(node.op, (seen.get(node.op) ?? 0) + 1);
      if (is(node, "loop")) count(node.attrs.body);
    }
  };
  for (const r of fc.sample(recipes(20, 40), { numRuns: 100, seed: 5 })) count(program(r).graph);
  for (const op of [
    "loop",
    "dot_general",
    "scatter",
    "gather",
    "dynamic_update_slice",
    "pad",
    "concatenate",
  ]) {
    expect([op, (seen.get(op) ?? 0) > 10]).toEqual([op, true]);
  }
});
