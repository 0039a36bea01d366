// Optimizers: names, learning rates, moving averages, bad input.
import { describe, expect, it, vi } from "vitest";
import {
  jit,
  loop,
  multiply,
  StateError,
  sign,
  type Tensor,
  tensor,
  ValueError,
} from "../../engine/index.ts";
import { Variable } from "../backend/variable.ts";
import * as optimizers from "./index.ts";

const { Adam, AdamW, Ftrl, Lion, SGD, schedules } = optimizers;

function weight(values: number[] = [1], name = "kernel"): Variable {
  return new Variable(values, { dtype: "float32", name, path: `sequential/dense/${name}` });
}

describe("identifiers", () => {
  it("gives optimizers for names in any case", () => {
    expect(optimizers.get("adam")).toBeInstanceOf(Adam);
    expect(optimizers.get("AdamW")).toBeInstanceOf(AdamW);
    expect(optimizers.get("rmsprop").getConfig()).toMatchObject({ rho: 0.9, epsilon: 1e-7 });
    expect(optimizers.get("SGD").name).toMatch(/^sgd/);
    expect(optimizers.get({ class_name: "adam", config: { learning_rate: 0.5 } }).learningRate.item()).toBe(
      0.5,
    );
    const own = new SGD();
    expect(optimizers.get(own)).toBe(own);
    expect(() => optimizers.get("adm")).toThrow(/Did you mean "Adam"/);
    expect(() => optimizers.get((() => 1) as never)).toThrow(ValueError);
  });

  it("goes through configs, schedules too", () => {
    const optimizer = new Adam({
      learningRate: new schedules.ExponentialDecay(0.5, 10, 0.9),
      clipnorm: 1,
      name: "a",
    });
    const again = optimizers.deserialize(optimizers.serialize(optimizer));
    expect(again.getConfig()).toEqual(optimizer.getConfig());
    expect(again.learningRate.item()).toBe(0.5);
  });
});

describe("variables", () => {
  it("have Keras's order, names and paths", () => {
    const optimizer = new Adam({ name: "adam" });
    optimizer.build([weight(), weight([0], "bias")]);
    expect(optimizer.variables.map((v) => v.path)).toEqual([
      "adam/iteration",
      "adam/learning_rate",
      "adam/sequential_dense_kernel_momentum",
      "adam/sequential_dense_kernel_velocity",
      "adam/sequential_dense_bias_momentum",
      "adam/sequential_dense_bias_velocity",
    ]);
    expect(optimizer.variables[0]!.dtype).toBe("int32");
    expect(optimizer.variables.some((v) => v.trainable)).toBe(false);
  });
});

describe("learningRate", () => {
  it("can be set between steps, without compiling again", () => {
    const w = weight();
    const optimizer = new SGD({ learningRate: 0.5 });
    const step = jit((g: Tensor) => optimizer.apply([g], [w]));
    step(tensor([1]));
    optimizer.learningRate = 0.25;
    step(tensor([1]));
    expect(w.value.arraySync()).toEqual([0.25]);
  });

  it("follows schedules and functions", () => {
    const w = weight([0]);
    const optimizer = new SGD({ learningRate: new schedules.PiecewiseConstantDecay([0], [1, 0.5]) });
    const step = jit((g: Tensor) => optimizer.apply([g], [w]));
    step(tensor([1]));
    step(tensor([1]));
    expect(w.value.arraySync()).toEqual([-1.5]);
    expect(() => {
      optimizer.learningRate = 0.1;
    }).toThrow(StateError);
    optimizer.learningRate = new schedules.ExponentialDecay(0.5, 1, 0.5);
    expect(optimizer.learningRate.item()).toBe(0.125);
    expect(new SGD({ learningRate: () => 0.125 }).learningRate.item()).toBe(0.125);
  });

  it("must be finite", () => {
    for (const rate of [Number.NaN, Number.POSITIVE_INFINITY, "0.1" as never, null as never]) {
      expect(() => new SGD({ learningRate: rate })).toThrow(ValueError);
    }
    const optimizer = new SGD();
    expect(() => {
      optimizer.learningRate = Number.NaN;
    }).toThrow(/finite/);
    expect(optimizer.learningRate.item()).toBeCloseTo(0.01, 8);
  });
});

describe("apply", () => {
  it("runs many steps in one program", () => {
    const w = weight([1]);
    const optimizer = new SGD({ learningRate: 0.5 });
    optimizer.build([w]);
    jit(() => {
      loop(3, [], () => {
        optimizer.apply([w.value], [w]);
        return [];
      });
    })();
    expect(w.value.arraySync()).toEqual([0.125]);
    expect(optimizer.iterations.item()).toBe(3);
  });

  it("divides gradients by the factor that scaleLoss multiplies with", () => {
    const w = weight();
    const optimizer = new SGD({ learningRate: 1, lossScaleFactor: 4 });
    expect(optimizer.scaleLoss(2).item()).toBe(8);
    optimizer.apply([[4]], [w]);
    expect(w.value.arraySync()).toEqual([0]);
  });

  it("replaces weights by their moving average every so many steps", () => {
    const w = weight([1]);
    const optimizer = new SGD({ learningRate: 1, useEma: true, emaMomentum: 0.5, emaOverwriteFrequency: 2 });
    optimizer.apply([[1]], [w]);
    expect(w.value.arraySync()).toEqual([0]);
    optimizer.apply([[1]], [w]);
    expect(w.value.arraySync()).toEqual([-0.5]);
  });

  it("takes pairs, leaves out weights without gradient and says which", () => {
    const warn = vi.spyOn(console, "warn").mockReturnValue(undefined);
    const [a, b] = [weight([1], "a"), weight([1], "b")];
    new SGD({ learningRate: 1 }).applyGradients([
      [[1], a],
      [null, b],
    ]);
    expect([a.value.item(), b.value.item()]).toEqual([0, 1]);
    expect(warn.mock.calls[0]![0]).toContain("sequential/dense/b");
    warn.mockRestore();
  });

  it("can be written by users", () => {
    class SignDescent extends optimizers.Optimizer {
      override updateStep(gradient: Tensor, variable: Variable, learningRate: Tensor): void {
        variable.assignSub(multiply(learningRate, sign(gradient)));
      }
    }
    const w = weight([1, -1]);
    new SignDescent({ learningRate: 0.5, clipvalue: 1 }).apply([[3, -3]], [w]);
    expect(w.value.arraySync()).toEqual([0.5, -0.5]);
  });

  it("refuses gradients and variables that do not fit", () => {
    const w = weight();
    const optimizer = new SGD();
    expect(() => optimizer.apply([[1]])).toThrow(/built/);
    expect(() => optimizer.apply([[1], [1]], [w])).toThrow(/2 gradients, 1 variables/);
    optimizer.apply([[1]], [w]);
    expect(() => optimizer.apply([[1]], [weight([1], "other")])).toThrow(
      /unknown variable "sequential\/dense\/other"/,
    );
    expect(() => optimizer.apply([null], [w])).toThrow(/no gradients/);
    expect(optimizer.iterations.item()).toBe(1);
  });
});

describe("bad options", () => {
  it("are refused with the reason", () => {
    expect(() => new Adam({ learninRate: 0.1 } as never)).toThrow(/Did you mean "learningRate"/);
    expect(() => new SGD({ clipnorm: -1 })).toThrow(/clipnorm=-1/);
    expect(() => new SGD({ clipvalue: Number.NaN })).toThrow(ValueError);
    expect(() => new SGD({ clipnorm: 1, clipvalue: 1 })).toThrow(/only one of/);
    expect(() => new SGD({ momentum: 2 })).toThrow(ValueError);
    expect(() => new SGD({ gradientAccumulationSteps: 1 })).toThrow(ValueError);
    expect(() => new SGD({ emaMomentum: 2 })).toThrow(ValueError);
    expect(() => new SGD({ useEma: true, emaOverwriteFrequency: 0 })).toThrow(ValueError);
    expect(() => new SGD({ weightDecay: Number.NaN })).toThrow(ValueError);
    expect(() => new SGD({ lossScaleFactor: 0 })).toThrow(ValueError);
    expect(() => new AdamW({ weightDecay: null })).toThrow(ValueError);
    expect(() => new Lion({ beta1: 0 })).toThrow(ValueError);
    expect(() => new Ftrl({ learningRatePower: 1 })).toThrow(ValueError);
    expect(() => new Ftrl({ l1RegularizationStrength: -1 })).toThrow(ValueError);
  });

  it("of schedules are refused too", () => {
    expect(() => new schedules.ExponentialDecay(0.1, 0, 0.9)).toThrow(/decaySteps must be > 0/);
    expect(() => new schedules.CosineDecay(0.1, 10, { warmup: 3 } as never)).toThrow(
      /unknown option "warmup"/,
    );
    expect(() => new schedules.PiecewiseConstantDecay([1, 2], [1, 2])).toThrow(ValueError);
    expect(() => schedules.deserialize({ class_name: "CosineDecy", config: {} })).toThrow(
      /Did you mean "CosineDecay"/,
    );
  });

  it("for weight decay come before the optimizer is built", () => {
    const optimizer = new SGD();
    optimizer.build([weight()]);
    expect(() => optimizer.excludeFromWeightDecay({ varNames: ["bias"] })).toThrow(StateError);
  });
});
