/** The engine used alone, as its users do: a network trained inside of one compiled program. */
import { describe, expect, test } from "vitest";
import * as engine from "./index.ts";
import {
  dynamicSlice,
  gradients,
  jit,
  loop,
  matmul,
  Resident,
  sigmoid,
  sin,
  type Tensor,
  take,
  tensor,
  Variable,
} from "./index.ts";

/** A network of one hidden layer that learns sin on [-3, 3], as the tutorial has it. */
function makeNetwork(): { variables: Variable[]; run: (perm: Tensor, epochs: Tensor) => Tensor } {
  const n = 45;
  const x = sin(tensor(Float32Array.from({ length: n }, (_, i) => i * 7))).multiply(3);
  const [xs, ys] = [new Resident(x), new Resident(sin(x))];
  const seeded = (size: number, by: number): Variable =>
    new Variable(Float32Array.from({ length: size }, (_, i) => Math.sin(i * by)));
  const variables = [
    seeded(20, 7),
    new Variable(new Float32Array(20)),
    seeded(20, 5),
    new Variable(new Float32Array(1)),
  ];
  const step = (x: Tensor, y: Tensor, perm: Tensor, at: Tensor, size: number): Tensor => {
    const places = dynamicSlice(perm, [at], [size]);
    const [xb, yb] = [take(x, places).reshape(size, 1), take(y, places).reshape(size, 1)];
    const [w0, b0, w1, b1] = variables.map((v) => v.value) as [Tensor, Tensor, Tensor, Tensor];
    const h = sigmoid(matmul(xb, w0.reshape(1, 20)).add(b0));
    const error = matmul(h, w1.reshape(20, 1)).add(b1).subtract(yb);
    const loss = error.multiply(error).mean();
    gradients(loss, [w0, b0, w1, b1]).forEach((g, i) => variables[i]!.assignSub(g.multiply(0.05)));
    return loss;
  };
  const train = jit((x: Tensor, y: Tensor, perm: Tensor, epochs: Tensor) => {
    const [last] = loop(epochs, [tensor(0, { dtype: "float32" })], () => {
      const [total] = loop(5, [tensor(0, { dtype: "float32" })], (i, sum) => [
        sum.add(step(x, y, perm, i.multiply(8), 8).multiply(8)),
      ]);
      return [total.add(step(x, y, perm, tensor(40), 5).multiply(5)).divide(45)];
    });
    return last;
  });
  return { variables, run: (perm, epochs) => train(xs.tensor, ys.tensor, perm, epochs) };
}

const perm = tensor(Int32Array.from({ length: 45 }, (_, i) => (i * 7) % 45));

describe("a program that trains", () => {
  test("learns", () => {
    const { run } = makeNetwork();
    const first = run(perm, tensor(1)).item();
    const last = run(perm, tensor(2000)).item();
    expect(first).toBeGreaterThan(0.1);
    expect(last).toBeLessThan(0.02);
  });

  test("gives the same bits however its rounds are split into calls", () => {
    const results = [[60], [20, 40], [1, 1, 58], [30, 0, 30]].map((counts) => {
      const { variables, run } = makeNetwork();
      const losses = counts.map((n) => run(perm, tensor(n)).item());
      return [losses.findLast((_, i) => counts[i]! > 0), ...variables.map((v) => v.value.dataSync())];
    });
    for (const other of results.slice(1)) expect(other).toEqual(results[0]);
  });

  test("gives on the reference backend what it gives on wasm", () => {
    const trained = (["wasm", "reference"] as const).map((name) => {
      engine.setBackend(name);
      const { variables, run } = makeNetwork();
      run(perm, tensor(3));
      return variables.flatMap((v) => [...v.value.dataSync()]);
    });
    engine.setBackend("wasm");
    trained[0]!.forEach((x, i) => {
      expect(x).toBeCloseTo(trained[1]![i]!, 5);
    });
  });
});

test("the examples of the documentation hold", () => {
  const x = tensor([[1, 2], [3, 4]]); // biome-ignore format: a matrix
  expect(x.add(1).matmul(x).arraySync()).toEqual([
    [11, 16],
    [19, 28],
  ]);
  const [power] = loop(10, [tensor(1)], (_i, p) => [p.multiply(2)]);
  expect(power.item()).toBe(1024);
  expect(engine.backend().name).toBe("wasm");
});
