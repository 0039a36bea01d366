/** When two graphs have one key. */
import { expect, test } from "vitest";
import { attributeNames } from "./attributes.ts";
import { apply, build, constant, loop, parameter, reduce, slice } from "./build.ts";
import { structureKey } from "./hash.ts";
import type { Graph, Node } from "./node.ts";
import type { Type } from "./primitives.ts";

const type: Type = { shape: [4, 6], dtype: "float32" };

function graph(make: (x: Node, y: Node) => Node | Node[], x = type, y = type): Graph {
  const params = [parameter(x), parameter(y)];
  return { params, results: [make(params[0]!, params[1]!)].flat() };
}

const key = (...args: Parameters<typeof graph>): string => structureKey(graph(...args));
const scalar: Type = { shape: [], dtype: "int32" };

function counting(step: number, capture: boolean): (x: Node, y: Node) => Node[] {
  return (x, y) => {
    const [i, a, b] = [parameter(scalar), parameter(type), parameter(type)];
    const next = apply("add", a, capture ? b : constant(step, type));
    return loop(constant(5, scalar), [x], [y], { params: [i, a, b], results: [next] });
  };
}

test("the same structure has the same key, whatever the nodes", () => {
  const make = (x: Node, y: Node): Node => reduce("sum", apply("multiply", x, apply("add", x, y)), [1]);
  expect(key(make)).toBe(key(make));
  expect(key(counting(2, false))).toBe(key(counting(2, false)));
  const once = graph(make);
  expect(structureKey(once)).toBe(structureKey(once));
});

test("every difference shows", () => {
  const keys = [
    key((x, y) => apply("add", x, y)),
    key((x, y) => apply("add", y, x)),
    key((x) => apply("add", x, x)),
    key((x, y) => apply("subtract", x, y)),
    key(
      (x, y) => apply("add", x, y),
      { shape: [6, 4], dtype: "float32" },
      { shape: [6, 4], dtype: "float32" },
    ),
    key(
      (x, y) => apply("add", x, y),
      { shape: [4, 6], dtype: "float64" },
      { shape: [4, 6], dtype: "float64" },
    ),
    key((x, y) => [apply("add", x, y), x]),
    key((x, y) => [x, apply("add", x, y)]),
    key((x) => x),
    key((_, y) => y),
    key((x) => x, type, scalar),
    key((x) => reduce("sum", x, [0])),
    key((x) => reduce("sum", x, [1])),
    key((x) => reduce("sum", x, [0, 1])),
    key((x) => reduce("max", x, [0])),
    key((x) => slice(x, [0, 1], [2, 3])),
    key((x) => slice(x, [0, 1], [2, 4])),
    key((x) => apply("add", x, constant(0, type))),
    key((x) => apply("add", x, constant(-0, type))),
    key((x) => apply("add", x, constant(Number.NaN, type))),
    key((x) => build("convert", [x], { dtype: "int32" })),
    key((x) => build("convert", [x], { dtype: "uint32" })),
    key(counting(2, false)),
    key(counting(3, false)),
    key(counting(3, true)),
    structureKey({ params: [], results: [] }),
  ];
  expect(new Set(keys).size).toBe(keys.length);
});

test("unused parameters count, nodes that no result needs do not", () => {
  const x = parameter(type);
  const result = apply("sine", x);
  apply("cosine", x);
  expect(structureKey({ params: [x], results: [result] })).not.toBe(
    structureKey({ params: [x, parameter(type)], results: [result] }),
  );
});

test("the table of attributes names those that nodes have", () => {
  const x = parameter(type);
  const i = parameter(scalar);
  const nodes = [
    x,
    constant(1, type),
    reduce("sum", x, [0]),
    slice(x, [0, 0], [1, 1]),
    ...counting(1, true)(x, x),
    apply("sine", x),
  ];
  for (const node of [...nodes, nodes[4]!.inputs[0]!, build("dynamic_slice", [x, i, i], { sizes: [1, 1] })]) {
    expect([node.op, ...[...attributeNames(node.op)].sort()]).toEqual([
      node.op,
      ...Object.keys(node.attrs).sort(),
    ]);
  }
});
