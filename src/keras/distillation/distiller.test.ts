// Histories and weights as real Keras gives them for the same models, data and order.
import { describe, expect, test } from "vitest";
import { ShapeError, tensor, ValueError } from "../../engine/index.ts";
import { Dense, Input } from "../layers/index.ts";
import * as losses from "../losses/index.ts";
import { type Model, Sequential } from "../models/index.ts";
import { SGD } from "../optimizers/index.ts";
import { deserializeKerasObject, serializeKerasObject } from "../saving/serialization_lib.ts";
import {
  type DistillationLoss,
  Distiller,
  type DistillerOptions,
  FeatureDistillation,
  LogitsDistillation,
} from "./index.ts";

const weights: Readonly<
  Record<"teacher" | "student", readonly [number[][], number[], number[][], number[]]>
> = {
  teacher: [
    [
      [0.35, 0.82, 0.33, -1.3],
      [0.91, 0.45, -0.54, 0.58],
      [0.36, 0.29, 0.03, 0.55],
    ],
    [-0.74, -0.16, -0.48, 0.6],
    [
      [0.04, -0.29],
      [-0.78, -0.26],
      [0.01, -0.28],
      [1.29, 1.01],
    ],
    [-2.71, -1.89],
  ],
  student: [
    [
      [0.19, -0.52, -0.41, -2.44],
      [1.8, 1.14, -0.33, 0.77],
      [0.28, -0.55, 0.98, -0.31],
    ],
    [-0.33, -0.79, 0.45, -0.1],
    [
      [0.55, -0.61],
      [0.13, -0.89],
      [0.84, 0.19],
      [0.33, 0.41],
    ],
    [-1.01, 0.78],
  ],
};

function model(name: "teacher" | "student"): Sequential {
  const made = new Sequential(
    [
      Input([3]),
      new Dense(4, { activation: "tanh", name: `${name}_h` }),
      new Dense(2, { name: `${name}_o` }),
    ],
    { name },
  );
  made.setWeights(weights[name].map((w) => tensor(w, { dtype: "float32" })));
  return made;
}

const x = [
  [2.04, -2.56, 0.42],
  [-0.57, -0.45, -0.22],
  [-2.02, -0.23, -0.87],
  [3.32, 0.23, -0.35],
  [-0.28, -0.67, -1.06],
  [-0.39, 0.48, -0.24],
];
const y = tensor([0, 1, 1, 0, 1, 0]);

function distiller(
  distillationLosses: DistillerOptions["distillationLosses"],
  options: Partial<DistillerOptions> = {},
): Distiller {
  const made = new Distiller({
    teacher: model("teacher"),
    student: model("student"),
    distillationLosses,
    ...options,
  });
  made.compile({
    optimizer: new SGD({ learningRate: 0.1 }),
    loss: new losses.SparseCategoricalCrossentropy({ fromLogits: true }),
    metrics: ["accuracy"],
  });
  return made;
}

describe("Distiller", () => {
  test.each<
    [
      string,
      () => DistillationLoss | DistillationLoss[],
      Partial<DistillerOptions>,
      number[],
      number[],
      number,
    ]
  >([
    ["logits", () => new LogitsDistillation(), {}, [0.6442888, 0.5785844], [1.2885791, 1.1571703], 0.281755],
    [
      "probabilities",
      () => new LogitsDistillation({ temperature: 2, loss: new losses.KLDivergence() }),
      {},
      [0.8247485, 0.6720015],
      [1.2748019, 1.0910131],
      0.283342,
    ],
    [
      "logits and features, with weights",
      () => [
        new LogitsDistillation({
          temperature: 4,
          loss: new losses.CategoricalCrossentropy({ fromLogits: true }),
        }),
        new FeatureDistillation({ teacherLayerName: "teacher_h", studentLayerName: "student_h" }),
      ],
      { distillationLossWeights: [1, 0.5], studentLossWeight: 0.3 },
      [0.0083498, -0.0130823],
      [1.2999513, 1.245034],
      0.235505,
    ],
    [
      "the teacher alone",
      () => new FeatureDistillation({ loss: "cosine_similarity" }),
      { studentLossWeight: 0 },
      [-0.1808805, -0.3379898],
      [0, 0],
      0.232339,
    ],
  ])("learns from %s", async (_, made, options, loss, studentLoss, firstWeight) => {
    const trained = distiller(made(), options);
    const { history } = await trained.fit(x, y, { batchSize: 2, epochs: 2, shuffle: false, verbose: 0 });
    const near = (values: readonly number[]): unknown[] => values.map((v) => expect.closeTo(v, 5));
    expect(history["loss"]).toEqual(near(loss));
    expect(history["total_loss"]).toEqual(near(loss));
    expect(history["student_loss"]).toEqual(near(studentLoss));
    expect(history["accuracy"]).toEqual([0.5, 0.5]);
    expect(trained.student.getWeights()[0]!.at(0, 0).item()).toBeCloseTo(firstWeight, 5);
    expect(trained.teacher.getWeights()[0]!.at(0, 0).item()).toBeCloseTo(0.35, 6);
    expect(trained.trainableVariables.length).toBe(4);
    expect((await trained.predict(x, { verbose: 0 })).arraySync()).toEqual(
      (await trained.student.predict(x, { verbose: 0 })).arraySync(),
    );
  });

  test("evaluates without changing anything", async () => {
    const trained = distiller(new LogitsDistillation({ temperature: 2, loss: new losses.KLDivergence() }));
    await trained.fit(x, y, { batchSize: 2, epochs: 2, shuffle: false, verbose: 0 });
    const results = await trained.evaluate(x, y, { batchSize: 3, verbose: 0, returnDict: true });
    expect(results["loss"]).toBeCloseTo(0.5770385, 5);
    expect(results["distillation_loss"]).toBeCloseTo(0.1920425, 5);
    expect(results["student_loss"]).toBeCloseTo(0.9620345, 5);
  });

  test("goes into Keras's JSON and back", () => {
    const given = distiller([
      new LogitsDistillation({ temperature: 2, loss: new losses.KLDivergence() }),
      new FeatureDistillation({ teacherLayerName: "teacher_h", studentLayerName: "student_h" }),
    ]);
    const config = given.getConfig();
    expect(config).toMatchObject({
      name: "distiller",
      distillation_loss_weights: [1, 1],
      student_loss_weight: 0.5,
    });
    expect(serializeKerasObject(given.distillationLosses[0]!)).toMatchObject({
      module: "keras.distillation",
      class_name: "LogitsDistillation",
      config: { temperature: 2, loss: { module: "keras.losses", class_name: "KLDivergence" } },
    });
    expect(given.distillationLosses[1]!.getConfig()).toEqual({
      loss: {
        module: "builtins",
        class_name: "function",
        config: "mean_squared_error",
        registered_name: "function",
      },
      teacher_layer_name: "teacher_h",
      student_layer_name: "student_h",
    });
    const again = Distiller.fromConfig(JSON.parse(JSON.stringify(config)));
    expect(again.getConfig()).toEqual(config);
    const loss = serializeKerasObject(given.distillationLosses[1]!);
    expect((deserializeKerasObject(loss) as FeatureDistillation).teacherLayerName).toBe("teacher_h");
  });

  test("what does not fit is refused before anything has changed", () => {
    const [teacher, student] = [model("teacher"), model("student")];
    const loss = new LogitsDistillation();
    const make = (options: Partial<DistillerOptions>) => () =>
      new Distiller({ teacher, student, distillationLosses: loss, ...options });
    expect(make({ studentLossWeight: 2 })).toThrow(ValueError);
    expect(make({ distillationLosses: [loss], distillationLossWeights: [1, 2] })).toThrow("Received: 2");
    expect(make({ teacher: new Sequential([Input([4]), new Dense(2)]) })).toThrow(ShapeError);
    expect(make({ teacher: {} as Model })).toThrow("expected the teacher to be a model");
    expect(make({ distillationLosses: new FeatureDistillation({ teacherLayerName: "none" }) })).toThrow(
      'no layer "none"',
    );
    expect(make({ distillationLosses: {} as DistillationLoss })).toThrow(ValueError);
    expect(teacher.trainable).toBe(true);
    expect(() => make({})().compile({})).toThrow("expected a loss of the student");
    expect(() => new LogitsDistillation({ temperature: 0 })).toThrow(ValueError);
    expect(() => new FeatureDistillation({ loss: [null] })).toThrow("at least one loss");
  });
});
