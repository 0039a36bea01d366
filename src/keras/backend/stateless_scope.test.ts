import { describe, expect, test } from "vitest";
import {
  grad,
  jit,
  loop,
  ShapeError,
  StateError,
  type Tensor,
  tensor,
  ValueError,
} from "../../engine/index.ts";
import { BatchNormalization, Dense, Dropout, Input } from "../layers/index.ts";
import { Mean } from "../metrics/index.ts";
import { Sequential } from "../models/index.ts";
import { SGD } from "../optimizers/index.ts";
import { L2 } from "../regularizers/index.ts";
import { StatelessScope } from "./stateless_scope.ts";
import { Variable } from "./variable.ts";

const scalar = (value: number, name = "v"): Variable => new Variable(value, { name, dtype: "float32" });

describe("StatelessScope", () => {
  test("keeps what is assigned, in loops and compiled functions too", () => {
    const [v, w] = [scalar(1), scalar(10, "w")];
    const scope = new StatelessScope({ stateMapping: [[v, 5]] });
    const result = scope.run(() => {
      v.assignAdd(w);
      loop(3, [], () => {
        w.assignAdd(v);
        return [];
      });
      return jit(() => v.assign(v.value.multiply(2)).value.add(w))();
    });
    // v = 5 + 10, then doubled; w = 10 + 3 · 15
    expect(result.item()).toBe(30 + 55);
    expect([scope.getCurrentValue(v)!.item(), scope.getCurrentValue(w)!.item()]).toEqual([30, 55]);
    expect([v.value.item(), w.value.item()]).toEqual([1, 10]);
    expect(new StatelessScope().getCurrentValue(v)).toBeNull();
  });

  test("works inside of a program, and scopes in scopes", () => {
    const v = scalar(1);
    const run = jit((x: Tensor): Tensor[] => {
      v.assignAdd(x);
      const outer = new StatelessScope({ stateMapping: [[v, x]] });
      const inner = new StatelessScope();
      outer.run(() => inner.run(() => v.assignAdd(100)));
      return [outer.getCurrentValue(v)!, inner.getCurrentValue(v)!];
    });
    expect(run(tensor(2, { dtype: "float32" })).map((t) => t.item())).toEqual([2, 102]);
    expect(v.value.item()).toBe(3);
  });

  test("lets gradients through what is assigned", () => {
    const v = scalar(0);
    const update = (x: Tensor): Tensor => {
      const scope = new StatelessScope({ stateMapping: [[v, x]] });
      return scope.run(() => v.assign(v.value.multiply(v)).value.multiply(v));
    };
    // (x²)²
    expect(grad(update)(tensor(3, { dtype: "float32" })).item()).toBe(108);
  });

  test("gathers losses if it is asked to", () => {
    const dense = new Dense(1, { kernelInitializer: "ones", activityRegularizer: new L2(0.5) });
    const scope = new StatelessScope({ collectLosses: true });
    const silent = new StatelessScope();
    scope.run(() => silent.run(() => dense([[3]])));
    scope.run(() => dense([[2]]));
    expect(scope.losses.map((loss) => loss.item())).toEqual([2]);
    expect(silent.losses).toEqual([]);
  });

  test("refuses values that do not fit", () => {
    expect(() => new StatelessScope({ stateMapping: [[scalar(1), [1, 2]]] })).toThrow(ShapeError);
    expect(() => new StatelessScope({ stateMapping: [[3 as never, 1]] })).toThrow(ValueError);
  });
});

describe("calls without side effects", () => {
  test("give the new statistics, seeds and losses", () => {
    const model = new Sequential([
      Input([2]),
      new Dense(2, { kernelInitializer: "ones", kernelRegularizer: new L2(0.5) }),
      new BatchNormalization({ momentum: 0.5 }),
      new Dropout(0.5, { seed: 1 }),
    ]);
    const before = model.nonTrainableVariables.map((v) => v.value.arraySync());
    const data = [[1, 2], [3, 4]]; // biome-ignore format: a matrix
    const weights = model.trainableVariables.map((v) => v.value);
    const state = model.nonTrainableVariables.map((v) => v.value);
    const [y, changed, losses] = model.statelessCall(weights, state, data, {
      training: true,
      returnLosses: true,
    });
    expect(model.nonTrainableVariables.map((v) => v.value.arraySync())).toEqual(before);
    // 0.5 · the sum of four squares of 1
    expect(losses.map((l) => l.item())).toEqual([2]);
    const direct = model(data, { training: true });
    expect(y.arraySync()).toEqual(direct.arraySync());
    expect(changed.map((v) => v.arraySync())).toEqual(
      model.nonTrainableVariables.map((v) => v.value.arraySync()),
    );
  });

  test("need variables, and as many values", () => {
    const dense = new Dense(2);
    expect(() => dense.statelessCall([], [], [[1]])).toThrow(StateError);
    dense.build([null, 1]);
    expect(() => dense.statelessCall([[[1, 1]]], [], [[1]])).toThrow(
      /trainableVariables to be a list of 2 values/,
    );
    const optimizer = new SGD();
    expect(() => optimizer.statelessApply([], [], [])).toThrow(StateError);
    expect(() => new Mean().statelessResult([1])).toThrow(/metricVariables to be a list of 2 values/);
  });
});
