import { expect, test } from "vitest";
import { ExprTable } from "../loop_ir/index.ts";
import { compileExpr } from "./testing.ts";
import { threefry, threefryBlock } from "./threefry.ts";

// Key, counter, block: the known answers that come with Random123.
test.each([
  [
    [0, 0],
    [0, 0],
    [0x6b200159, 0x99ba4efe],
  ],
  [
    [0xffffffff, 0xffffffff],
    [0xffffffff, 0xffffffff],
    [0x1cb996fc, 0xbb002be7],
  ],
  [
    [0x13198a2e, 0x03707344],
    [0x243f6a88, 0x85a308d3],
    [0xc4923a9c, 0x483df7a0],
  ],
])("key %j, counter %j", (key, counter, block) => {
  const t = new ExprTable();
  const registers = [0, 1, 2, 3].map(() => t.register("uint32"));
  const [k0, k1, c0, c1] = registers.map((r) => t.reg(r));
  const words = threefryBlock(t, [k0!, k1!], [c0!, c1!]);
  expect(words.map((w) => compileExpr(w, registers)(...key, ...counter))).toEqual(block);
});

test("bits of an element are both words of its block, xored, whatever integer counts", () => {
  const t = new ExprTable();
  for (const type of ["int32", "uint32"] as const) {
    const counter = t.register(type);
    const zero = t.const("uint32", 0);
    const bits = compileExpr(threefry(t, zero, zero, t.reg(counter)), [counter]);
    expect(bits(0)).toBe((0x6b200159 ^ 0x99ba4efe) >>> 0);
  }
});
