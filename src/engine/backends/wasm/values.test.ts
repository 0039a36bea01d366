import { expect, test } from "vitest";
import { type Block, Scope, type Value } from "./values.ts";

/** A load from an address that never changes. */
function load(scope: Scope, type: "i32" | "v128", offset: number): Value {
  const instruction = type === "i32" ? "i32.load" : "v128.load";
  return scope.make(type, { kind: "load", instruction, offset }, [scope.i32(0)]);
}

test("what does not change is made ahead of all loops, but vectors do not wait while another loop runs", () => {
  const scope = new Scope();
  const rows = scope.open("loop");
  const before = load(scope, "v128", 0);
  const sum: Block = scope.open("loop");
  scope.close();
  const limit = scope.i32(8);
  const { variable } = scope.variable("i32", 1);
  const induction = { variable, start: limit, step: 1 };
  rows.items.push({ kind: "loop", block: sum, inductions: [induction], exit: { induction, limit } });
  expect(before.home).toBe(scope.root);
  expect(load(scope, "v128", 16).home).toBe(rows);
  expect(load(scope, "i32", 32).home).toBe(scope.root);
  // A loop that follows has it made once, ahead of its rounds.
  scope.open("loop");
  expect(load(scope, "v128", 48).home).toBe(rows);
});
