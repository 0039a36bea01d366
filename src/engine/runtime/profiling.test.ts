/** Profiles of compiled programs: the rows of kernels, their figures and origins. */
import { expect, test } from "vitest";
import { withOrigin } from "../graph/origin.ts";
import { add, exp, full, matmul } from "./functions.ts";
import { gradients } from "./gradient.ts";
import { jit } from "./jit.ts";
import { profile } from "./profiling.ts";
import { type Tensor, tensor } from "./tensor.ts";

test("kernels are counted with their operations, bytes and origin, forwards and backwards", async () => {
  const f = jit((x: Tensor, w: Tensor) => {
    const y = withOrigin("outer", () => withOrigin("inner", () => matmul(x, w)));
    return gradients(exp(y).sum(), [w]);
  });
  const [x, w] = [full([32, 16], 0.1), full([16, 8], 0.1)];
  const plain = f(x, w)[0]!.arraySync();
  let profiled: unknown;
  const work = (): void => {
    profiled = f(x, w)[0]!.arraySync();
  };
  const { rows, ms } = await profile(work, { warmUp: work });
  expect(profiled).toEqual(plain);
  const products = rows.filter((row) => row.kernel.includes("dot_general"));
  expect(products.map((row) => row.origin).sort()).toEqual(["outer/inner", "outer/inner (gradient)"]);
  for (const row of products) {
    expect(row.runs).toBe(1);
    // 2·32·16·8 operations in row.ms milliseconds.
    expect(row.gflops * row.ms * 1e6).toBeCloseTo(2 * 32 * 16 * 8, 3);
  }
  expect(rows.reduce((sum, row) => sum + row.share, 0)).toBeCloseTo(1, 10);
  expect(rows.reduce((sum, row) => sum + row.ms, 0)).toBeCloseTo(ms, 10);
});

test("nothing is measured outside of a profile", async () => {
  const f = jit((x: Tensor) => add(x, 1));
  const work = (): unknown => f(tensor([1, 2])).dataSync();
  const first = await profile(work);
  work();
  const second = await profile(work);
  expect(first.rows.map((row) => row.runs)).toEqual([1]);
  expect(second.rows.map((row) => row.runs)).toEqual([1]);
  expect(String(second)).toContain("GFLOP/s");
});
