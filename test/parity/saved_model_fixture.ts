/** The saved models of real Keras in `test/fixtures/keras-models`, and what is compared with them. */
import { readdirSync } from "node:fs";
import { expect } from "vitest";
import { abs, multiply, power, sign, type Tensor } from "../../src/engine/index.ts";
import * as activations from "../../src/keras/activations/index.ts";
import type { KerasShape } from "../../src/keras/backend/keras_tensor.ts";
import type { Variable } from "../../src/keras/backend/variable.ts";
import { Layer, type LayerOptions } from "../../src/keras/layers/index.ts";
import type { Model } from "../../src/keras/models/index.ts";
import * as ops from "../../src/keras/ops/index.ts";
import { type Config, fromConfig } from "../../src/keras/saving/config.ts";
import { type CustomObjects, registerKerasSerializable } from "../../src/keras/saving/index.ts";
import type { FitOptions } from "../../src/keras/trainers/trainer_options.ts";
import { type ArrayRecord, expectClose } from "./fixtures.ts";
import {
  afterTraining,
  type CompileConfig,
  expectAllClose,
  expectNumbersClose,
  type Parts,
  parts,
  type Records,
  single,
  tensorsOf,
} from "./model_fixture.ts";

type Numbers = Readonly<Record<string, number>>;

export interface Training {
  readonly compile: CompileConfig;
  readonly fit: Config;
  readonly data: Parts & {
    readonly class_weight?: Numbers;
    readonly validation_data?: Parts;
  };
  readonly history: Readonly<Record<string, readonly number[]>>;
  readonly evaluate_after: { readonly on: string; readonly result: Numbers };
  readonly outputs_after: Records;
  readonly weights_after: readonly Trained[];
  readonly optimizer_variables_after: readonly Trained[];
}

/** A variable after training. */
interface Trained extends ArrayRecord {
  readonly path: string;
  /** How far training in double precision ends from it, where that is much: the gradient vanishes. */
  readonly float64_diff?: number;
}

export interface SavedModel {
  readonly description: string;
  readonly model: object;
  readonly summary: string;
  readonly inputs: Records;
  readonly outputs: Records;
  readonly start_values: {
    readonly weights: readonly ArrayRecord[];
    /** Missing where training began with a new optimizer. */
    readonly optimizer_variables?: readonly ArrayRecord[];
  };
  readonly training?: Training;
}

/** Models that cannot be made here: the code of Python's lambdas cannot run. */
const excluded = ["lambda_python"];

export const modelNames: readonly string[] = readdirSync(
  new URL("../fixtures/keras-models/", import.meta.url),
)
  .filter((file) => file.endsWith(".json.gz"))
  .map((file) => file.replace(".json.gz", ""))
  .filter((name) => !excluded.includes(name));

/** The layer that the model `custom_layer` was made with. */
class ScaledDense extends Layer {
  static override readonly positional: readonly string[] = ["units"];
  readonly units: number;
  readonly power: number;
  readonly activation: activations.Activation;
  kernel!: Variable;
  gain!: Variable;
  offset!: Variable;

  constructor(units: number, options: LayerOptions & { readonly power: number; readonly activation: never }) {
    const { power, activation, ...rest } = options;
    super(rest);
    this.units = units;
    this.power = power;
    this.activation = activations.get(activation);
  }

  override build(inputShape: KerasShape): void {
    const { units } = this;
    this.kernel = this.addWeight({ shape: [inputShape.at(-1), units], name: "kernel" });
    this.gain = this.addWeight({ shape: [units], initializer: "ones", name: "gain" });
    this.offset = this.addWeight({ shape: [], initializer: "zeros", trainable: false, name: "offset" });
  }

  override call(x: Tensor): Tensor {
    const y = x.matmul(this.kernel);
    const powered = multiply(sign(y), power(abs(y), this.power));
    return this.activation(powered.multiply(this.gain).add(this.offset));
  }

  override getConfig(): Config {
    const { units, power: exponent } = this;
    return {
      ...super.getConfig(),
      units,
      power: exponent,
      activation: activations.serialize(this.activation),
    };
  }
}

const doubleRelu = (x: Tensor): Tensor => ops.relu(x).add(ops.relu(x.subtract(1)));

export const customObjects: CustomObjects = {
  "fixtures>ScaledDense": registerKerasSerializable("fixtures")(ScaledDense),
  "fixtures>double_relu": registerKerasSerializable("fixtures", "double_relu")(doubleRelu),
};

/** Trains a compiled model as Keras trained it, and compares everything. */
export async function expectTraining(model: Model, training: Training, inputsOf: Records): Promise<void> {
  const { fit, data, history, evaluate_after: evaluation, ...after } = training;
  const { validation_data: validation, class_weight: classWeight, ...own } = data;
  const [x, y, sampleWeight] = parts(own);
  const trained = await model.fit(x, y, {
    ...(fromConfig(fit) as FitOptions),
    sampleWeight,
    ...(classWeight && { classWeight }),
    ...(validation && { validationData: parts(validation) }),
    verbose: 0,
  });
  expect(Object.keys(trained.history)).toEqual(Object.keys(history));
  for (const [key, values] of Object.entries(history)) expectNumbersClose(trained.history[key]!, values);
  model.getWeights().forEach((w, i) => {
    const expected = after.weights_after[i]!;
    const atol = afterTraining.atol! + 2 * (expected.float64_diff ?? 0);
    expectClose(w, expected, { ...afterTraining, atol });
  });
  // Evaluated without weights.
  const [ex, ey] = evaluation.on === "validation_data" ? parts(validation!) : [x, y];
  const quiet = { batchSize: fit.batch_size as number, returnDict: true, verbose: 0 } as const;
  const result = await model.evaluate(ex, ey, quiet);
  expectNumbersClose(
    Object.keys(evaluation.result).map((key) => result[key]!),
    Object.values(evaluation.result),
  );
  const inputs = single(tensorsOf(inputsOf));
  expectAllClose(await model.predict(inputs, { verbose: 0 }), after.outputs_after, afterTraining);
}
