// Optimizers change weights as real Keras does, step by step.
import { describe, expect, it } from "vitest";
import { jit, type Tensor } from "../../src/engine/index.ts";
import { Variable } from "../../src/keras/backend/variable.ts";
import * as constraints from "../../src/keras/constraints/index.ts";
import * as optimizers from "../../src/keras/optimizers/index.ts";
import type { SerializedObject } from "../../src/keras/saving/registry.ts";
import { type ArrayRecord, expectClose, fixtureNames, loadFixture, recordToTensor } from "./fixtures.ts";

interface OptimizerCase extends Trajectory {
  readonly id: string;
  readonly note: string;
  readonly config: Record<string, unknown>;
  readonly constraints?: readonly SerializedObject[];
  readonly exclude_from_weight_decay?: { readonly var_names: readonly string[] };
  readonly variables: readonly (ArrayRecord & { readonly name?: string; readonly path?: string })[];
  readonly alternatives?: { readonly jax?: Partial<Trajectory> };
}

interface Trajectory {
  readonly steps: readonly {
    readonly gradients: readonly (ArrayRecord | null)[];
    readonly variables: readonly ArrayRecord[];
    readonly iterations: number;
    /** Optimizers that work through others have none. */
    readonly learning_rate?: number;
  }[];
  readonly optimizer_variables: readonly ArrayRecord[];
  readonly finalized_variables: readonly ArrayRecord[];
}

/** What the optimizer does. Where Keras's backends differ, torch changes a variable under the hands of the one who reads it. */
function expectedOf(one: OptimizerCase): Trajectory {
  return { ...one, ...one.alternatives?.jax };
}

/** Configs of optimizers inside, as backends without optimizers of their own write them. */
function withoutBackend(config: unknown): unknown {
  if (typeof config !== "object" || config === null || Array.isArray(config)) return config;
  const entries = Object.entries(config).map(([key, value]) => [key, withoutBackend(value)]);
  const out = Object.fromEntries(entries) as Record<string, unknown>;
  if (typeof out["module"] === "string" && out["module"].startsWith("keras.src.backend.torch.optimizers")) {
    return { ...out, module: "keras.optimizers", registered_name: null };
  }
  return out;
}

function variablesOf(one: OptimizerCase): Variable[] {
  return one.variables.map((record, i) => {
    const constraint = one.constraints === undefined ? null : constraints.deserialize(one.constraints[i]!);
    const { name = ["kernel", "bias"][i]!, path = `dense/${name}` } = record;
    return new Variable(recordToTensor(record), { name, path, constraint });
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

for (const name of fixtureNames("optimizers")) {
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
          const trajectory = expectedOf(one);
          for (const expected of trajectory.steps) {
            step(expected.gradients.map((g) => (g === null ? null : recordToTensor(g))));
            variables.forEach((v, i) => expectClose(v.value, expected.variables[i]!));
            expect(optimizer.iterations.item()).toBe(expected.iterations);
            if (expected.learning_rate === undefined) continue;
            expect(optimizer.learningRate.item()).toBeCloseTo(expected.learning_rate, 7);
          }
          expect(optimizer.variables.length).toBe(trajectory.optimizer_variables.length);
          optimizer.variables.forEach((v, i) => expectClose(v.value, trajectory.optimizer_variables[i]!));
          optimizer.finalizeVariableValues(variables);
          variables.forEach((v, i) => expectClose(v.value, trajectory.finalized_variables[i]!));
          expect(optimizer.getConfig()).toEqual(withoutBackend(one.config));
        });
      }
    }
  });
}
