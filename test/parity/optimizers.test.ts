// Optimizers change weights as real Keras does, step by step.
import { describe, expect, it } from "vitest";
import { jit, type Tensor } from "../../src/engine/index.ts";
import { Variable } from "../../src/keras/backend/variable.ts";
import * as constraints from "../../src/keras/constraints/index.ts";
import * as optimizers from "../../src/keras/optimizers/index.ts";
import type { SerializedObject } from "../../src/keras/saving/registry.ts";
import { type ArrayRecord, expectClose, loadFixture, recordToTensor } from "./fixtures.ts";

interface OptimizerCase {
  readonly id: string;
  readonly note: string;
  readonly config: Record<string, unknown>;
  readonly constraints?: readonly SerializedObject[];
  readonly exclude_from_weight_decay?: { readonly var_names: readonly string[] };
  readonly variables: readonly ArrayRecord[];
  readonly steps: readonly {
    readonly gradients: readonly (ArrayRecord | null)[];
    readonly variables: readonly ArrayRecord[];
    readonly iterations: number;
    readonly learning_rate: number;
  }[];
  readonly optimizer_variables: readonly ArrayRecord[];
  readonly finalized_variables: readonly ArrayRecord[];
}

// LossScaleOptimizer, MultiOptimizer, Muon and ScheduleFreeAdamW are not built yet.
const names = [
  "Adadelta",
  "Adafactor",
  "Adagrad",
  "Adam",
  "Adamax",
  "AdamW",
  "Ftrl",
  "Lamb",
  "Lion",
  "Nadam",
  "RMSprop",
  "SGD",
];

function variablesOf(one: OptimizerCase): Variable[] {
  return one.variables.map((record, i) => {
    const constraint = one.constraints === undefined ? null : constraints.deserialize(one.constraints[i]!);
    const name = ["kernel", "bias"][i]!;
    return new Variable(recordToTensor(record), { name, path: `dense/${name}`, constraint });
  });
}

/** One step, with the gradients as arguments of a compiled function or of a plain one. */
function stepper(
  optimizer: optimizers.Optimizer,
  variables: readonly Variable[],
  compiled: boolean,
): (grads: (Tensor | null)[]) => void {
  const step = (grads: (Tensor | null)[]): void => optimizer.apply(grads, variables);
  return compiled ? jit(step) : step;
}

for (const name of names) {
  const { cases } = loadFixture<OptimizerCase>("optimizers", name);
  describe(`optimizers.${name}`, () => {
    for (const one of cases) {
      for (const compiled of [false, true]) {
        it(`${one.id}: ${one.note}${compiled ? ", compiled" : ""}`, () => {
          const optimizer = optimizers.deserialize({ class_name: name, config: one.config });
          const variables = variablesOf(one);
          if (one.exclude_from_weight_decay)
            optimizer.excludeFromWeightDecay({ varNames: one.exclude_from_weight_decay.var_names });
          optimizer.build(variables);
          const step = stepper(optimizer, variables, compiled);
          for (const expected of one.steps) {
            step(expected.gradients.map((g) => (g === null ? null : recordToTensor(g))));
            variables.forEach((v, i) => expectClose(v.value, expected.variables[i]!));
            expect(optimizer.iterations.item()).toBe(expected.iterations);
            expect(optimizer.learningRate.item()).toBeCloseTo(expected.learning_rate, 7);
          }
          expect(optimizer.variables.length).toBe(one.optimizer_variables.length);
          optimizer.variables.forEach((v, i) => expectClose(v.value, one.optimizer_variables[i]!));
          optimizer.finalizeVariableValues(variables);
          variables.forEach((v, i) => expectClose(v.value, one.finalized_variables[i]!));
          expect(optimizer.getConfig()).toEqual(one.config);
        });
      }
    }
  });
}
