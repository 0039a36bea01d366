/** Distillation of what layers inside of models give. */
import { checkOptions, type Tensor, type Tree, ValueError } from "../../engine/index.ts";
import type { Tensors } from "../layers/call_inputs.ts";
import type { Model } from "../models/model.ts";
import { type Config, fromConfig } from "../saving/config.ts";
import { assertSameStructure } from "../tree/index.ts";
import {
  DistillationLoss,
  deserializeLosses,
  isGraph,
  type LossLeaf,
  type LossTree,
  readLosses,
  serializeLosses,
  sumOfLosses,
} from "./distillation_loss.ts";

/** Options of {@link FeatureDistillation}. */
export interface FeatureDistillationOptions {
  /** A loss, or losses in the structure of what the layers give; null leaves one out. Default `"mse"`. */
  readonly loss?: LossTree;
  /** The layer of the teacher to learn from. Default: its outputs. */
  readonly teacherLayerName?: string | null;
  /** The layer of the student that learns. Default: its outputs. */
  readonly studentLayerName?: string | null;
}

/**
 * The loss between what a layer of the teacher and a layer of the student give.
 *
 * @param options `loss` (default `"mse"`), `teacherLayerName`, `studentLayerName` (default: the outputs of the models)
 * @throws ValueError without any loss
 *
 * @example
 * ```ts
 * const loss = new FeatureDistillation({ loss: "mae" });
 * loss.computeLoss(ops.array([[1, 2]]), ops.array([[2, 4]])).item(); // → 1.5
 * ```
 */
export class FeatureDistillation extends DistillationLoss {
  static readonly className: string = "FeatureDistillation";
  readonly loss: Tree<LossLeaf>;
  override readonly teacherLayerName: string | null;
  override readonly studentLayerName: string | null;

  constructor(options: FeatureDistillationOptions = {}) {
    super();
    checkOptions("FeatureDistillation", options, ["loss", "teacherLayerName", "studentLayerName"]);
    const { loss = "mse", teacherLayerName = null, studentLayerName = null } = options;
    this.loss = readLosses(loss, "FeatureDistillation");
    this.teacherLayerName = teacherLayerName;
    this.studentLayerName = studentLayerName;
  }

  override validateModelCompatibility(teacher: Model<never>, student: Model<never>): void {
    const names = [this.teacherLayerName, this.studentLayerName];
    [teacher, student].forEach((model, i) => {
      const who = i === 0 ? "teacher" : "student";
      if (names.some((name) => name !== null) && !isGraph(model)) {
        throw new ValueError(
          `FeatureDistillation: layers by name need models with symbolic inputs and outputs. The ${who} "${model.name}" has none`,
        );
      }
      if (names[i] !== null) model.getLayer(names[i]!);
    });
  }

  override validateOutputs(teacherOutputs: Tensors, studentOutputs: Tensors): void {
    super.validateOutputs(teacherOutputs, studentOutputs);
    assertSameStructure(this.loss, teacherOutputs);
  }

  override computeLoss(teacherOutputs: Tensors, studentOutputs: Tensors): Tensor {
    return sumOfLosses(this.loss, [teacherOutputs, studentOutputs], (loss, teacher, student) =>
      loss(teacher, student).mean(),
    );
  }

  override getConfig(): Config {
    return {
      loss: serializeLosses(this.loss),
      teacher_layer_name: this.teacherLayerName,
      student_layer_name: this.studentLayerName,
    };
  }

  static override fromConfig<T>(this: new (options: never) => T, config: Config): T {
    return new this({ ...fromConfig(config), loss: deserializeLosses(config["loss"]) } as never);
  }
}
