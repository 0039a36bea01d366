/** The model that trains a student by a teacher. */
import {
  add,
  full,
  multiply,
  ShapeError,
  show,
  showShape,
  type Tensor,
  type Tree,
  treeLeaves,
  treeMap,
  ValueError,
} from "../../engine/index.ts";
import type { CallArguments, LayerInputs, Tensors } from "../layers/call_inputs.ts";
import type { LayerClass } from "../layers/layer.ts";
import type { LossIdentifier } from "../losses/index.ts";
import * as losses from "../losses/index.ts";
import { Mean } from "../metrics/mean.ts";
import { Model, type ModelOptions } from "../models/model.ts";
import { Sequential } from "../models/sequential.ts";
import { type Config, fromConfig } from "../saving/config.ts";
import { deserializeKerasObject, learnClass, serializeKerasObject } from "../saving/serialization_lib.ts";
import type { CompileOptions } from "../trainers/trainer_options.ts";
import { mapStructure } from "../tree/index.ts";
import { DistillationLoss, isGraph, type LossLeaf, nameOf } from "./distillation_loss.ts";
import { FeatureDistillation } from "./feature_distillation.ts";
import { LogitsDistillation } from "./logits_distillation.ts";

/** Options of {@link Distiller}. */
export interface DistillerOptions extends Omit<ModelOptions, "inputs" | "outputs"> {
  /** The trained model; it is frozen. */
  readonly teacher: Model;
  /** The model to train. */
  readonly student: Model;
  /** One distillation loss or several. */
  readonly distillationLosses: DistillationLoss | readonly DistillationLoss[];
  /** How much each of several distillation losses counts. Default: 1 each. */
  readonly distillationLossWeights?: readonly number[] | null;
  /** How much the student's own loss counts, from 0 to 1; the distillation losses have the rest. Default 0.5. */
  readonly studentLossWeight?: number;
}

/** What stands for the outputs of a model among the features of its layers. */
const outputs = "final_output";

/**
 * Trains a student with the targets and with what a teacher gives: w · loss(y, student) + (1 - w) · Σ wᵢ · distillationᵢ.
 *
 * The distiller is a model that predicts as the student does; `student` is the trained model afterwards.
 *
 * @param options `teacher`, `student`, `distillationLosses`; `distillationLossWeights` (default: 1 each), `studentLossWeight`
 *   (default 0.5), `name` (default `"distiller"`)
 * @throws ValueError, ShapeError when teacher and student do not fit together
 *
 * @example
 * ```ts
 * const model = (units: number) =>
 *   new Sequential([Input([2]), new layers.Dense(units, { activation: "relu" }), new layers.Dense(3)]);
 * const distiller = new Distiller({
 *   teacher: model(16),
 *   student: model(4),
 *   distillationLosses: new LogitsDistillation({ loss: new losses.KLDivergence() }),
 * });
 * distiller.compile({ optimizer: "adam", loss: new losses.SparseCategoricalCrossentropy({ fromLogits: true }) });
 * await distiller.fit([[0, 1], [1, 0]], [0, 2], { epochs: 2, verbose: 0 });
 * (await distiller.student.predict([[0, 1]], { verbose: 0 })).shape; // → [1, 3]
 * ```
 */
export class Distiller extends Model {
  static override readonly className: string = "Distiller";
  static override readonly module: string = "keras.distillation";
  readonly teacher: Model;
  readonly student: Model;
  readonly distillationLosses: readonly DistillationLoss[];
  readonly distillationLossWeights: readonly number[];
  readonly studentLossWeight: number;
  /** The mean of the student's loss. */
  readonly studentLossTracker: Mean;
  /** The mean of the distillation loss. */
  readonly distillationLossTracker: Mean;
  /** The mean of both losses. */
  readonly totalLossTracker: Mean;
  readonly #teacherFeatures: Model<Features> | undefined;
  readonly #studentFeatures: Model<Features> | undefined;
  #studentLoss: Tree<LossLeaf> = null;

  constructor(options: DistillerOptions) {
    const {
      teacher,
      student,
      distillationLosses,
      distillationLossWeights,
      studentLossWeight = 0.5,
      ...rest
    } = options;
    checkModels(teacher, student);
    if (!(typeof studentLossWeight === "number" && studentLossWeight >= 0 && studentLossWeight <= 1)) {
      throw new ValueError(
        `Distiller: expected studentLossWeight to be a number from 0 to 1. Received: ${show(studentLossWeight)}`,
      );
    }
    const list = Array.isArray(distillationLosses)
      ? (distillationLosses as readonly DistillationLoss[])
      : [distillationLosses as DistillationLoss];
    const wrong = list.find((loss) => !(loss instanceof DistillationLoss));
    if (list.some((loss) => !(loss instanceof DistillationLoss))) {
      throw new ValueError(
        `Distiller: expected distillationLosses to be distillation losses. Received: ${show(wrong)}`,
      );
    }
    const weights = distillationLossWeights ?? list.map(() => 1);
    if (weights.length !== list.length) {
      throw new ValueError(
        `Distiller: expected as many distillationLossWeights as distillationLosses, ${list.length}. Received: ${weights.length}`,
      );
    }
    for (const loss of list)
      loss.validateModelCompatibility(teacher as Model<never>, student as Model<never>);
    super({ name: "distiller", ...rest });
    this.teacher = teacher;
    this.student = student;
    this.distillationLosses = list;
    this.distillationLossWeights = Array.isArray(distillationLosses) ? weights : [1];
    this.studentLossWeight = studentLossWeight;
    this.#teacherFeatures = featuresOf(
      teacher,
      list.map((loss) => loss.teacherLayerName),
    );
    this.#studentFeatures = featuresOf(
      student,
      list.map((loss) => loss.studentLayerName),
    );
    teacher.trainable = false;
    this.studentLossTracker = new Mean({ name: "student_loss" });
    this.distillationLossTracker = new Mean({ name: "distillation_loss" });
    this.totalLossTracker = new Mean({ name: "total_loss" });
  }

  /**
   * Says how the student is trained.
   *
   * @param options those of `Model.compile`; `optimizer` (default `"adam"`), `loss`: the student's own, which is needed
   * @throws ValueError without a loss
   */
  override compile(options: CompileOptions = {}): void {
    const { loss = null, ...rest } = options;
    if (loss === null)
      throw new ValueError("Distiller.compile: expected a loss of the student. Received: none");
    const read = treeMap((x) => losses.get(x as LossIdentifier), loss) as Tree<LossLeaf>;
    super.compile({ optimizer: "adam", ...rest });
    this.#studentLoss = read;
  }

  override call(inputs: Tensors, { training }: CallArguments): Tensor {
    return this.student.apply(inputs as LayerInputs, { training });
  }

  override computeLoss(
    x: Tensors,
    y: Tensors | undefined,
    yPred: Tensors,
    _sampleWeight?: Tensors,
    _training = true,
  ): Tensor {
    const nothing = full([], 0);
    const own = this.studentLossWeight > 0 && y !== undefined ? this.#ownLoss(y, yPred) : nothing;
    const distilled = this.studentLossWeight < 1 ? this.#distillationLoss(x, yPred) : nothing;
    const total = add(multiply(own, this.studentLossWeight), multiply(distilled, 1 - this.studentLossWeight));
    this.studentLossTracker.updateState(own);
    this.distillationLossTracker.updateState(distilled);
    this.totalLossTracker.updateState(total);
    return total;
  }

  #ownLoss(y: Tensors, yPred: Tensors): Tensor {
    const values = mapStructure(
      (loss: unknown, t: unknown, p: unknown) => (loss as losses.Loss)(t as Tensor, p as Tensor),
      this.#studentLoss as unknown,
      y as unknown,
      yPred as unknown,
    );
    const list = treeLeaves(values) as Tensor[];
    return list.length === 1 ? list[0]!.mean() : list.map((v) => v.sum()).reduce((a, b) => add(a, b));
  }

  #distillationLoss(x: Tensors, yPred: Tensors): Tensor {
    const inputs = x as LayerInputs;
    const teacher = this.#teacherFeatures?.apply(inputs, { training: false }) ?? {
      [outputs]: this.teacher.apply(inputs, { training: false }),
    };
    const student: Features = this.#studentFeatures?.apply(inputs, { training: true }) ?? {};
    const parts = this.distillationLosses.map((loss, i) => {
      const from = teacher[loss.teacherLayerName ?? outputs]!;
      // Without a layer of the teacher it is the outputs that are compared.
      const to =
        loss.teacherLayerName === null ? yPred : (student[loss.studentLayerName ?? outputs] ?? yPred);
      loss.validateOutputs(from, to);
      const value = loss.computeLoss(from, to);
      if (value.ndim > 0) {
        throw new ShapeError(
          `Distiller: computeLoss of ${nameOf(loss)} must give a scalar. Received shape ${showShape(value.shape)}`,
        );
      }
      return multiply(value, this.distillationLossWeights[i]!);
    });
    return parts.reduce((a, b) => add(a, b), full([], 0));
  }

  override getConfig(): Config {
    return {
      ...super.getConfig(),
      teacher: serializeKerasObject(this.teacher),
      student: serializeKerasObject(this.student),
      distillation_losses: this.distillationLosses.map((loss) => serializeKerasObject(loss)),
      distillation_loss_weights: this.distillationLossWeights,
      student_loss_weight: this.studentLossWeight,
    };
  }

  static override fromConfig<T>(this: LayerClass<T>, config: Config): T {
    for (const known of [LogitsDistillation, FeatureDistillation]) learnClass(known);
    const read = (key: string): unknown => deserializeKerasObject(config[key]);
    return new this({
      ...fromConfig(config),
      teacher: read("teacher"),
      student: read("student"),
      distillationLosses: read("distillation_losses"),
    } as never);
  }
}

/** What layers of a model give, by the names of the layers, beside the outputs. */
type Features = Readonly<Record<string, Tensor>>;

/** A model that gives what layers give; undefined when none is named. */
function featuresOf(model: Model, names: readonly (string | null)[]): Model<Features> | undefined {
  const wanted = new Set(names.filter((name) => name !== null));
  if (wanted.size === 0) return undefined;
  const stacked = model instanceof Sequential;
  const output = stacked ? model.outputs[0]! : model.output;
  const layers = [...wanted].map((name) => [name, model.getLayer(name).output] as const);
  return new Model<Features>({
    inputs: stacked ? model.inputs[0]! : model.input,
    outputs: Object.fromEntries([[outputs, output], ...layers]),
    name: `${model.name}_multi_feature_extractor`,
  });
}

/** Whether models take and give the same, as far as that is known. */
function checkModels(teacher: unknown, student: unknown): void {
  for (const [who, model] of [
    ["teacher", teacher],
    ["student", student],
  ] as const) {
    if (!(model instanceof Model)) {
      throw new ValueError(`Distiller: expected the ${who} to be a model. Received: ${show(model)}`);
    }
  }
  const [t, s] = [teacher as Model<never>, student as Model<never>];
  if (!isGraph(t) || !isGraph(s)) return;
  for (const what of ["inputs", "outputs"] as const) {
    const [a, b] = [t[what], s[what]];
    const fits =
      a.length === b.length &&
      a.every(({ shape }, i) => {
        const other = b[i]!.shape;
        return (
          shape.length === other.length &&
          shape.every((n, d) => n === null || other[d] === null || n === other[d])
        );
      });
    if (!fits) {
      const shapes = [a, b].map((list) => list.map((x) => showShape(x.shape)).join(", "));
      throw new ShapeError(
        `Distiller: teacher and student must have ${what} of the same shapes. Received: ${shapes.join(" and ")}`,
      );
    }
    const wrong = a.findIndex((x, i) => x.dtype !== b[i]!.dtype);
    if (wrong < 0) continue;
    throw new ValueError(
      `Distiller: teacher and student must have ${what} of the same dtypes. Received: ${a[wrong]!.dtype} and ${b[wrong]!.dtype}`,
    );
  }
}
