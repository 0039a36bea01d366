import { expect, test } from "vitest";
import { exp, grad, gradients, jit, loop, matmul, sigmoid, sin, sqrt, Tensor, tensor, Variable, iota, dynamicSlice, take, sum, divide } from "./index.ts";

test("eager", () => {
  expect(tensor([1, 2, 3]).add(1).arraySync()).toEqual([2, 3, 4]);
  expect(tensor([[1, 2], [3, 4]]).add(1).matmul([[1, 2], [3, 4]]).arraySync()).toEqual([[11, 16], [19, 28]]);
  expect(sqrt(tensor([4, 9])).arraySync()).toEqual([2, 3]);
  expect(grad(grad((x: Tensor) => x.multiply(x).multiply(x)))(tensor(2, { dtype: "float32" })).item()).toBe(12);
  const [p] = loop(10, [tensor(1)], (_i, x) => [x.multiply(2)]);
  expect(p.item()).toBe(1024);
  const v = new Variable([1, 2, 3]);
  const old = v.value;
  v.assign(v.value.multiply(2));
  expect(v.value.arraySync()).toEqual([2, 4, 6]);
  expect(old.arraySync()).toEqual([1, 2, 3]);
});
test("train", () => {
  const n = 45;
  const xs = new Variable(Float32Array.from({ length: n }, (_, i) => -3 + (6 * i) / n)), ys = new Variable(sin(xs.value));
  const w0 = new Variable(Float32Array.from({ length: 20 }, (_, i) => Math.sin(i * 7))), b0 = new Variable(new Float32Array(20));
  const w1 = new Variable(Float32Array.from({ length: 20 }, (_, i) => Math.sin(i * 5))), b1 = new Variable(new Float32Array(1));
  const vars = [w0, b0, w1, b1];
  const run = jit((x: Tensor, y: Tensor, perm: Tensor, epochs: Tensor) => {
    let last: Tensor | undefined;
    const step = (at: Tensor, size: number) => {
      const idx = dynamicSlice(perm, [at], [size]);
      const [xb, yb] = [take(x, idx).reshape(size, 1), take(y, idx).reshape(size, 1)];
      const h = sigmoid(matmul(xb, w0.value.reshape(1, 20)).add(b0.value));
      const d = matmul(h, w1.value.reshape(20, 1)).add(b1.value).subtract(yb);
      const loss = divide(sum(d.multiply(d)), size);
      const gs = gradients(loss, vars.map((v) => v.value));
      vars.forEach((v, i) => v.assign(v.value.subtract(gs[i]!.multiply(0.01))));
      return loss;
    };
    loop(epochs, [], () => {
      loop(5, [], (s) => { step(s.multiply(8), 8); return []; });
      step(tensor(40), 5);
      return [];
    });
    last = step(tensor(40), 5);
    return last;
  });
  const perm = tensor(Int32Array.from({ length: n }, (_, i) => (i * 7) % n));
  for (let k = 0; k < 5; k++) {
    const t0 = performance.now();
    const l = run(xs.value, ys.value, perm, tensor(2000)).item();
    require_log(`${performance.now() - t0} ms loss ${l}`);
  }
});
import { appendFileSync } from "node:fs";
const require_log = (s: string): void => appendFileSync("/tmp/scratch/log.txt", `${s}\n`);
