/** Arrays whose rows a loop writes: what they began with has a part in the program only where it shows. */
import { expect, test } from "vitest";
import { apply, broadcastInDim, constant, convert, loop, parameter } from "../../graph/build.ts";
import type { Graph, Node } from "../../graph/node.ts";
import { readRow, writeRow } from "../../graph/rows.ts";
import { compileGraph } from "../compile.ts";
import { runCompiled } from "../testing.ts";

const int32 = { shape: [], dtype: "int32" } as const;
const rows = { shape: [4, 2], dtype: "float32" } as const;
const number = (value: number): Node => constant(value, int32);

/** Adds what stands in a row of sevens, or nothing, and writes one more than the round's number into a row. */
function writing(count: number, place: (index: Node) => Node, reads = false): Graph {
  const [index, out] = [parameter(int32), parameter(rows)];
  const one = convert(apply("add", index, number(1)), "float32");
  const row = broadcastInDim(one, [2], []);
  const next = reads ? apply("add", row, readRow(out, index)) : row;
  const body = { params: [index, out], results: [writeRow(out, next, place(index))] };
  return { params: [], results: loop(number(count), [constant(7, rows)], [], body) };
}

/** The first elements of the rows. */
const run = (graph: Graph): number[] => {
  const result = runCompiled(graph, []);
  return [0, 2, 4, 6].map((i) => Number(result[i]));
};

const steps = (graph: Graph): number => compileGraph(graph, {}).program.steps.length;

test.each([
  ["in order", writing(4, (i) => i), [1, 2, 3, 4]],
  ["backwards", writing(4, (i) => apply("subtract", number(3), i)), [4, 3, 2, 1]],
  ["and the last one again", writing(5, (i) => i), [1, 2, 3, 5]],
] as const)("rows that are all written %s are not set before", (_, graph, expected) => {
  expect(run(graph)).toEqual(expected);
  // The count and the loop.
  expect(steps(graph)).toBe(2);
});

test.each([
  ["some", writing(3, (i) => i), [1, 2, 3, 7]],
  ["some, backwards", writing(4, (i) => apply("subtract", number(2), i)), [4, 2, 1, 7]],
  ["one", writing(4, () => number(1)), [7, 4, 7, 7]],
  ["none", writing(0, (i) => i), [7, 7, 7, 7]],
  ["read ones", writing(4, (i) => i, true), [8, 9, 10, 11]],
] as const)("where rounds write %s, the others keep what they began with", (_, graph, expected) => {
  expect(run(graph)).toEqual(expected);
});
