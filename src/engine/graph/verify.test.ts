/** What the verifier accepts and refuses. */
import { expect, test } from "vitest";
import { apply, constant, loop, parameter } from "./build.ts";
import { type Graph, makeNode, type Node } from "./node.ts";
import { GraphError, verify } from "./verify.ts";

const type = { shape: [2], dtype: "float32" } as const;
const scalar = { shape: [], dtype: "int32" } as const;
const x = parameter(type);

function expectRefusal(graph: Graph, message: RegExp): void {
  expect(() => verify(graph, "a test")).toThrow(GraphError);
  expect(() => verify(graph, "a test")).toThrow(message);
}

const of = (...results: Node[]): Graph => ({ params: [x], results });

function looping(make: (a: Node) => Node): Node[] {
  const [i, a] = [parameter(scalar), parameter(type)];
  return loop(constant(3, scalar), [x], [], { params: [i, a], results: [make(a)] });
}

test("valid graphs pass", () => {
  const graphs = [of(), of(x, apply("add", x, x)), of(...looping((a) => apply("sine", a)))];
  for (const graph of graphs) expect(() => verify(graph)).not.toThrow();
});

test("a node's type must be what its primitive gives", () => {
  expectRefusal(
    of(makeNode("add", [x, x], {}, [3], "float32")),
    /gives float32 \(2,\), the node says float32 \(3,\)\n {2}%\d+ = stablehlo.add/,
  );
  expectRefusal(of(makeNode("add", [x, x], {}, [2], "float64")), /the node says float64/);
});

test("operands must fit the primitive", () => {
  expectRefusal(of(makeNode("add", [x], {}, [2], "float32")), /expected 2 operands, found 1/);
  const y = constant(1, { shape: [3], dtype: "float32" });
  expectRefusal(
    of(makeNode("add", [x, y], {}, [2], "float32")),
    /Invalid graph \(a test\): add: operands need one shape/,
  );
});

test("operands come before their users", () => {
  const early = makeNode("sine", [x], {}, [2], "float32");
  const late = makeNode("cosine", [x], {}, [2], "float32");
  expectRefusal(of({ ...late, id: early.id, inputs: [late] }), /is not made before its user/);
});

test("parameters belong to the graph, once each", () => {
  expectRefusal(of(apply("sine", parameter(type))), /this parameter does not belong to the graph/);
  expectRefusal({ params: [x, x], results: [x] }, /a parameter occurs twice/);
  expectRefusal({ params: [apply("sine", x)], results: [x] }, /is no parameter node/);
});

test("constants fit their dtype", () => {
  expectRefusal(
    of(makeNode("constant", [], { ...scalar, value: 0.5 }, [], "int32")),
    /int32 cannot hold 0.5/,
  );
});

test("loops are closed and are read through results", () => {
  expectRefusal(
    of(...looping((a) => apply("add", a, x))),
    /body of loop %\d+\): this parameter does not belong/,
  );
  const node = looping((a) => a)[0]!.inputs[0]!;
  expectRefusal(of(node), /read through result nodes/);
  expectRefusal(of(makeNode("negate", [node], {}, [], "int32")), /read through result nodes/);
});
