// Losses give the numbers and gradients of real Keras.
import { describe, expect, it } from "vitest";
import { multiply, sum, type Tensor, toTensor, vjp } from "../../src/engine/index.ts";
import { setKerasMask } from "../../src/keras/backend/masking.ts";
import * as losses from "../../src/keras/losses/index.ts";
import { fromConfig } from "../../src/keras/saving/config.ts";
import { type ArrayRecord, expectClose, loadFixture, recordToTensor } from "./fixtures.ts";

interface LossCase {
  readonly id: string;
  readonly note: string;
  readonly form: "class" | "function";
  readonly config?: Record<string, unknown>;
  readonly kwargs?: Record<string, unknown>;
  readonly y_true: ArrayRecord;
  readonly y_pred: ArrayRecord;
  readonly y_pred_mask?: ArrayRecord;
  readonly sample_weight?: ArrayRecord | null;
  readonly cotangent?: ArrayRecord;
  readonly output: ArrayRecord;
  readonly grad_y_pred?: ArrayRecord;
}

type AnyFunction = (yTrue: Tensor, yPred: Tensor, options?: unknown) => Tensor;

const names = [
  "CTC",
  "BinaryCrossentropy",
  "BinaryFocalCrossentropy",
  "CategoricalCrossentropy",
  "CategoricalFocalCrossentropy",
  "CategoricalGeneralizedCrossEntropy",
  "CategoricalHinge",
  "Circle",
  "CosineSimilarity",
  "Dice",
  "Hinge",
  "Huber",
  "KLDivergence",
  "LogCosh",
  "MeanAbsoluteError",
  "MeanAbsolutePercentageError",
  "MeanSquaredError",
  "MeanSquaredLogarithmicError",
  "Poisson",
  "SparseCategoricalCrossentropy",
  "SquaredHinge",
  "Tversky",
] as const;

function functionOf(name: string): AnyFunction {
  const functions = losses as unknown as Record<string, AnyFunction>;
  const camel =
    { CTC: "ctc", KLDivergence: "klDivergence" }[name] ?? name.charAt(0).toLowerCase() + name.slice(1);
  return functions[camel]!;
}

function lossOf(name: string, one: LossCase): (yPred: Tensor) => Tensor {
  const yTrue = recordToTensor(one.y_true);
  if (one.form === "function") {
    const options = fromConfig(one.kwargs ?? {});
    return (yPred) => functionOf(name)(yTrue, yPred, name.includes("Generalized") ? options["q"] : options);
  }
  const loss = losses.deserialize({ class_name: name, config: one.config }) as losses.Loss;
  const sampleWeight = one.sample_weight ? recordToTensor(one.sample_weight) : null;
  const mask = one.y_pred_mask ? recordToTensor(one.y_pred_mask) : undefined;
  return (yPred) => {
    if (mask) setKerasMask(yPred, mask);
    return loss(yTrue, yPred, { sampleWeight });
  };
}

for (const name of names) {
  const { cases } = loadFixture<LossCase>("losses", name);
  describe(`losses.${name}`, () => {
    for (const one of cases) {
      it(`${one.id}: ${one.note}`, () => {
        const loss = lossOf(name, one);
        const yPred = recordToTensor(one.y_pred);
        const [value, pull] = vjp(loss, yPred);
        expectClose(value, one.output);
        if (one.grad_y_pred) {
          const cotangent = one.cotangent ? recordToTensor(one.cotangent) : toTensor(1, "float32");
          expect(sum(multiply(value, cotangent)).shape).toEqual([]);
          expectClose(pull(cotangent)[0]!, one.grad_y_pred);
        }
        if (one.form === "class") {
          const again = losses.deserialize({ class_name: name, config: one.config }) as losses.Loss;
          expect(again.getConfig()).toEqual(one.config);
        }
      });
    }
  });
}
