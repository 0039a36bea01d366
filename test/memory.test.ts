/** Nothing accumulates: long runs of training steps and of single operations leave memory as it was. */
import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { gradients, jit, matmul, maximum, sin, type Tensor, tensor, Variable } from "../src/engine/index.ts";

const megabyte = 2 ** 20;
/** How many times the long run is as long as the warm-up before it. */
const rounds = 100_000;

interface Usage {
  readonly heap: number;
  readonly buffers: number;
  readonly resident: number;
}

/** Memory in use when everything that can be collected has been. */
async function usage(): Promise<Usage> {
  for (let i = 0; i < 4; i++) {
    globalThis.gc!();
    // Finalizers run between turns of the event loop.
    await setImmediate();
  }
  const { heapUsed, arrayBuffers, external, rss } = process.memoryUsage();
  return { heap: heapUsed, buffers: arrayBuffers + external, resident: rss };
}

/**
 * Expects a step to leave nothing behind: memory after very many is what it was after some.
 *
 * @param step is called with the number of the round
 */
async function staysFlat(step: (i: number) => void): Promise<void> {
  const run = (n: number): void => {
    for (let i = 0; i < n; i++) step(i);
  };
  run(rounds / 20);
  await usage();
  run(rounds / 20);
  const before = await usage();
  run(rounds);
  const after = await usage();
  // WebAssembly memory counts as external: if the device's grew, it shows there.
  expect(after.heap - before.heap, "bytes of objects").toBeLessThan(megabyte);
  expect(after.buffers - before.buffers, "bytes of arrays and of device memory").toBeLessThan(megabyte);
  // The process keeps pages that the collector emptied, so this is a bound on the worst moment of the run.
  expect(after.resident - before.resident, "bytes of the process").toBeLessThan(64 * megabyte);
}

test("training steps", { timeout: 60_000 }, async () => {
  const random = (n: number): number[] => Array.from({ length: n }, (_, i) => Math.sin(i * 12.9898) * 0.5);
  const x = tensor(random(16 * 4), { shape: [16, 4], dtype: "float32" });
  const y = tensor(random(16), { shape: [16, 1], dtype: "float32" });
  const weights = [
    new Variable(tensor(random(4 * 8), { shape: [4, 8] })),
    new Variable(new Float32Array(8)),
    new Variable(tensor(random(8), { shape: [8, 1] })),
  ];
  const step = jit((data: Tensor, truth: Tensor) => {
    const [w, b, v] = weights.map((variable) => variable.value) as [Tensor, Tensor, Tensor];
    const error = matmul(maximum(matmul(data, w).add(b), 0), v).subtract(truth);
    const loss = error.multiply(error).mean();
    gradients(loss, [w, b, v]).forEach((g, i) => weights[i]!.assignSub(g.multiply(0.01)));
    return loss;
  });
  let loss = Number.NaN;
  await staysFlat(() => {
    loss = step(x, y).item();
  });
  expect(loss).toBeLessThan(0.1);
});

test("single operations that are read", { timeout: 60_000 }, async () => {
  let x = tensor([1, 2, 3, 4], { dtype: "float32" });
  await staysFlat((i) => {
    x = sin(x.add(i % 7));
    x.dataSync();
  });
  expect(x.size).toBe(4);
});

test("single operations of which few are read", { timeout: 60_000 }, async () => {
  let x = tensor([1, 2, 3, 4], { dtype: "float32" });
  await staysFlat((i) => {
    x = x.multiply(0.5).add(i % 3);
  });
  expect(Number.isFinite(x.sum().item())).toBe(true);
});

test("variables that are assigned and read", { timeout: 60_000 }, async () => {
  const v = new Variable(new Float32Array(256));
  await staysFlat(() => {
    v.assign(v.value.add(1));
  });
  expect(v.value.max().item()).toBe(rounds + rounds / 10);
});
