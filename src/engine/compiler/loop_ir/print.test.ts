import { describe, expect, it } from "vitest";
import { type Buffer, ExprTable } from "./expr.ts";
import { loopVar } from "./index_expr.ts";
import { listing, listKernel } from "./print.ts";
import type { Kernel, Place } from "./stmt.ts";

function example(): { kernel: Kernel; x: Buffer; y: Buffer; count: Buffer; round: Buffer } {
  const t = new ExprTable();
  const [x, y]: [Buffer, Buffer] = [
    { id: 7, dtype: "float32", size: 64 },
    { id: 9, dtype: "float32", size: 64 },
  ];
  const i = loopVar(64);
  const at = t.index.addConstant(t.index.mul(t.index.variable(i), -1), 60);
  const shifted = t.op("sub", [t.load(x, at, 4), t.const("float32", 0.5, 4)]);
  const acc = t.register("float32", 4);
  const even = t.indexValue(t.index.mod(t.index.variable(i), 8));
  const kernel: Kernel = {
    name: "square",
    body: [
      { kind: "set", register: acc, value: t.const("float32", 0, 4) },
      {
        kind: "for",
        variable: i,
        begin: 0,
        end: 64,
        step: 4,
        parallel: true,
        body: [
          { kind: "store", buffer: y, index: t.index.variable(i), value: t.op("mul", [shifted, shifted]) },
          {
            kind: "if",
            condition: t.op("eq", [even, t.const("int32", 0)]),
            body: [
              {
                kind: "set",
                register: acc,
                value: t.op("max", [t.reg(acc), t.splat(t.load(x, t.index.constant(3)), 4)]),
              },
            ],
          },
        ],
      },
      {
        kind: "store",
        buffer: y,
        index: t.index.constant(0),
        value: t.op("convert", [t.extract(t.reg(acc), 2)], "int32"),
      },
    ],
    reads: [x],
    writes: [y],
    scratch: [],
  };
  const scalar = (id: number): Buffer => ({ id, dtype: "int32", size: 1 });
  return { kernel, x, y, count: scalar(1), round: scalar(2) };
}

describe("listing", () => {
  it("lists loops, statements, shared values and the arena", () => {
    const { kernel, x, y, count, round } = example();
    const places = new Map<Buffer, Place>([
      [x, { space: "slot", slot: 0 }],
      [count, { space: "slot", slot: 1 }],
      [round, { space: "arena", offset: 0 }],
      [y, { space: "arena", offset: 64 }],
    ]);
    const loop = {
      kind: "loop",
      count,
      index: round,
      body: [
        { kind: "kernel", kernel },
        { kind: "copy", from: y, to: x },
      ],
    } as const;
    expect(listing({ steps: [loop], places, arenaBytes: 320, privateBytes: 0 })).toMatchInlineSnapshot(`
      "loop slot1[0] times, round in t0[0]:
        kernel square:
          r0 = 0
          parallel for i0 in 0..64 by 4:
            v0 = (slot0[-i0 + 60 :4] - 0.5)
            t1[i0 :4] = (v0 * v0)
            if ((i0 % 8) == 0):
              r0 = max(r0, splat(slot0[3]))
          t1[0] = convert_int32(r0.2)
        copy slot0 = t1
      arena of 320 bytes
        t0: int32[1] at 0
        t1: float32[64] at 64"
    `);
  });

  it("does not depend on what was compiled before", () => {
    expect(listKernel(example().kernel)).toBe(listKernel(example().kernel));
  });
});
