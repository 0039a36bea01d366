/** Substitution replaces what it is told, shares the rest, and does not recurse. */
import { expect, it } from "vitest";
import { apply, parameter } from "./build.ts";
import type { Node } from "./node.ts";
import { substitute } from "./substitute.ts";

const type = { shape: [], dtype: "float32" } as const;

it("copies only what depends on a replaced node", () => {
  const [x, y, z] = [parameter(type), parameter(type), parameter(type)];
  const kept = apply("sine", y);
  const root = apply("add", apply("cosine", x), kept);
  const [copy, same, direct] = substitute([root, kept, x], new Map([[x, z]]));
  expect(copy!.inputs[0]!.inputs[0]).toBe(z);
  expect(copy!.inputs[1]).toBe(kept);
  expect(same).toBe(kept);
  expect(direct).toBe(z);
  expect(root.inputs[0]!.inputs[0]).toBe(x);
});

it("does not look behind a replaced node, nor replace inside a replacement", () => {
  const x = parameter(type);
  const inner = apply("sine", x);
  const outer = apply("cosine", inner);
  const [copy] = substitute([outer], new Map([[inner, apply("negate", inner)]]));
  expect(copy!.inputs[0]!.op).toBe("negate");
  expect(copy!.inputs[0]!.inputs[0]).toBe(inner);
});

it("copies chains that are longer than the call stack", () => {
  const [x, z] = [parameter(type), parameter(type)];
  let node: Node = x;
  for (let i = 0; i < 50_000; i++) node = apply("sine", node);
  let [copy] = substitute([node], new Map([[x, z]]));
  while (copy!.op === "sine") copy = copy!.inputs[0];
  expect(copy).toBe(z);
});
