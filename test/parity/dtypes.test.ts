// Dtype policies against real Keras: layers and their gradients, whole trainings, which dtypes meet in which.
import { describe, expect, test } from "vitest";
import { commonDType } from "../../src/engine/graph/numeric.ts";
import { type DType, gradients, sum, type Tensor, toTensor } from "../../src/engine/index.ts";
import { promote } from "../../src/engine/tensor/dtype.ts";
import { setFloatx } from "../../src/keras/config/index.ts";
import { setDtypePolicy } from "../../src/keras/dtype_policies/dtype_policy_map.ts";
import { deserialize, type Layer } from "../../src/keras/layers/index.ts";
import * as models from "../../src/keras/models/index.ts";
import * as optimizers from "../../src/keras/optimizers/index.ts";
import { LossScaleOptimizer } from "../../src/keras/optimizers/index.ts";
import { type Config, fromConfig } from "../../src/keras/saving/config.ts";
import type { FitOptions } from "../../src/keras/trainers/trainer_options.ts";
import {
  type ArrayRecord,
  expectClose,
  loadJson,
  numbersOf,
  recordToTensor,
  type Tolerance,
} from "./fixtures.ts";

type Policy = "mixed_float16" | "mixed_bfloat16" | "float16" | "float64";

interface LayerCase {
  readonly policy: Policy;
  readonly name: string;
  readonly layer: object;
  readonly list: boolean;
  readonly options: { readonly training?: boolean };
  readonly inputs: readonly ArrayRecord[];
  readonly weights: readonly ArrayRecord[];
  readonly output: ArrayRecord;
  readonly seed: ArrayRecord;
  /** The output in double precision, of some layers. */
  readonly exact: ArrayRecord | null;
  readonly gradients: readonly ArrayRecord[];
  readonly after: readonly ArrayRecord[];
}

/**
 * Some units in the last place of the largest number: what other orders of sums and other kernels come to. Of float64 Keras
 * computes products of matrices and means in float32.
 */
const steps: Readonly<Record<Policy, Tolerance>> = {
  mixed_float16: { rtol: 2e-3, atol: 1e-3 },
  float16: { rtol: 2e-3, atol: 1e-3 },
  mixed_bfloat16: { rtol: 1.6e-2, atol: 8e-3 },
  float64: { rtol: 1e-6, atol: 1e-7 },
};

const { cases } = loadJson("dtypes/layers.json.gz") as { readonly cases: readonly LayerCase[] };

describe.each(["mixed_float16", "mixed_bfloat16", "float16", "float64"] as const)("%s", (policy) => {
  const tolerance = steps[policy];
  test.each(cases.filter((c) => c.policy === policy).map((c, i) => [`${c.name} ${i}`, c] as const))(
    "%s",
    (_, c) => {
      const layer = deserialize(c.layer as never) as Layer;
      const inputs = c.inputs.map(recordToTensor);
      const call = (): Tensor => {
        const given = c.list || inputs.length === 1 ? (c.list ? inputs : inputs[0]!) : inputs;
        return layer(given as never, c.options);
      };
      call();
      layer.setWeights(c.weights.map((w) => recordToTensor(w)));
      const output = call();
      // Where Keras multiplies matrices of float64 it may even give float32.
      const dtype = policy === "float64" ? policy : c.output.dtype;
      expect([output.dtype, layer.computeDtype]).toEqual([dtype, dtype]);
      expect(layer.weights.map((w) => w.dtype)).toEqual(c.weights.map((w) => w.dtype));
      expectClose(output, c.output, tolerance);
      if (c.exact) expectClose(output, c.exact, { rtol: 1e-14, atol: 1e-15 });
      layer.weights.forEach((w, i) => {
        expectClose(w, c.after[i]!, tolerance);
      });
      if (c.gradients.length === 0) return;
      layer.setWeights(c.weights.map((w) => recordToTensor(w)));
      const variables = layer.trainableWeights;
      const values = variables.map((v) => v.value);
      const loss = sum(call().astype("float64").multiply(recordToTensor(c.seed).astype("float64")));
      gradients(loss, values).forEach((g, i) => {
        expect(g.dtype).toBe(c.gradients[i]!.dtype);
        // The bias of keys moves all scores alike, which softmax does not see: what is left is noise.
        if (variables[i]!.path.endsWith("key/bias")) return;
        expectClose(g, c.gradients[i]!, { rtol: 2 * tolerance.rtol!, atol: 4 * tolerance.atol! });
      });
    },
  );
});

interface Run {
  readonly name: string;
  readonly policy: Policy;
  readonly model: object;
  readonly x: ArrayRecord;
  readonly y: ArrayRecord;
  readonly weights: readonly ArrayRecord[];
  readonly optimizer: object;
  readonly compiled: { readonly class_name: string };
  readonly compile: Config;
  readonly fit: Config;
  readonly history: Readonly<Record<string, readonly number[]>>;
  readonly weights_after: readonly ArrayRecord[];
  readonly optimizer_variables: readonly ArrayRecord[];
  readonly optimizer_paths: readonly string[];
  readonly outputs: ArrayRecord;
}

const { runs } = loadJson("dtypes/training.json.gz") as { readonly runs: readonly Run[] };

test.each(runs.map((run) => [run.name, run] as const))("training: %s", async (_, run) => {
  const double = run.policy === "float64";
  if (double) setFloatx("float64");
  try {
    const model = models.modelFromJson(JSON.stringify(run.model));
    model.setWeights(run.weights.map((w) => recordToTensor(w)));
    expect(model.weights.map((w) => w.dtype)).toEqual(run.weights.map((w) => w.dtype));
    model.dtypePolicy = run.policy;
    model.compile({
      optimizer: optimizers.get(run.optimizer as never),
      ...(fromConfig(run.compile) as object),
    });
    const { history } = await model.fit(recordToTensor(run.x), recordToTensor(run.y), {
      ...(fromConfig(run.fit) as FitOptions),
      shuffle: false,
      verbose: 0,
    });
    const tolerance = steps[run.policy];
    for (const [name, values] of Object.entries(run.history)) {
      expectClose(
        history[name] as number[],
        { shape: [values.length], dtype: "float64", data: values },
        {
          ...tolerance,
        },
      );
    }
    const loose: Tolerance = { ...tolerance, atol: 2 * tolerance.atol! };
    model.weights.forEach((w, i) => {
      expectClose(w, run.weights_after[i]!, loose);
    });
    // Whether the loss was scaled, and how the scale moved.
    expect(model.optimizer instanceof LossScaleOptimizer).toBe(
      run.compiled.class_name === "LossScaleOptimizer",
    );
    for (const name of ["step_counter", "dynamic_scale"]) {
      const at = run.optimizer_paths.indexOf(name);
      const own = model.optimizer!.variables.find((v) => v.name === name);
      expect(own?.value.item()).toBe(at < 0 ? undefined : numbersOf(run.optimizer_variables[at]!)[0]);
    }
    const outputs = model(recordToTensor(run.x).slice(0, 4));
    expect(outputs.dtype).toBe(run.outputs.dtype);
    expectClose(outputs, run.outputs, loose);
    const predicted = await model.predict(recordToTensor(run.x), { verbose: 0 });
    expect(predicted.dtype).toBe(run.outputs.dtype);
    expectClose(predicted.slice(0, 4), run.outputs, loose);
  } finally {
    setFloatx("float32");
  }
});

test("dtypes meet where they meet in Keras", () => {
  const { pairs, weak } = loadJson("dtypes/promotion.json.gz") as Readonly<
    Record<"pairs" | "weak", readonly (readonly [DType, string, DType])[]>
  >;
  const differing = pairs.filter(([a, b, expected]) => promote(a, b as DType) !== expected);
  expect(differing).toEqual([]);
  const numbers = { int: 3, float: 0.5 } as const;
  const withNumbers = weak.filter(
    ([a, kind, expected]) => commonDType(toTensor(1, a).node, numbers[kind as "int"]) !== expected,
  );
  expect(withNumbers).toEqual([]);
});

test("the global policy", () => {
  setDtypePolicy("mixed_bfloat16");
  try {
    const layer = deserialize({ class_name: "Dense", config: { units: 2 } } as never) as Layer;
    const y = layer(toTensor([[1, 2]]));
    expect([y.dtype, layer.weights[0]!.dtype]).toEqual(["bfloat16", "float32"]);
  } finally {
    setDtypePolicy("float32");
  }
});
