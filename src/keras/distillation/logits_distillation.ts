/** Distillation of what models give, softened by a temperature. */
import {
  checkOptions,
  divide,
  multiply,
  show,
  type Tensor,
  type Tree,
  treeMap,
  ValueError,
} from "../../engine/index.ts";
import type { Tensors } from "../layers/call_inputs.ts";
import { KLDivergence } from "../losses/kl_divergence.ts";
import { softmax } from "../ops/nn_activations.ts";
import { type Config, fromConfig } from "../saving/config.ts";
import {
  DistillationLoss,
  deserializeLosses,
  type LossLeaf,
  type LossTree,
  readLosses,
  serializeLosses,
  sumOfLosses,
} from "./distillation_loss.ts";

/** Options of {@link LogitsDistillation}. */
export interface LogitsDistillationOptions {
  /** What outputs are divided by. Default 3. */
  readonly temperature?: number;
  /** A loss, or losses in the structure of the outputs; null leaves an output out. Default `"kl_divergence"`. */
  readonly loss?: LossTree;
}

/**
 * The loss between the outputs of teacher and student, both divided by a temperature (Hinton et al., 2015).
 *
 * As in Keras, an instance of `losses.KLDivergence` compares the softmax of both, and is multiplied by the square of the
 * temperature; every other loss, also that of the name `"kl_divergence"`, gets the divided outputs as they are.
 *
 * @param options `temperature` (default 3), `loss` (default `"kl_divergence"`)
 * @throws ValueError for a temperature that is not positive, or without any loss
 *
 * @example
 * ```ts
 * const loss = new LogitsDistillation({ temperature: 2, loss: new losses.KLDivergence() });
 * loss.computeLoss(ops.array([[2, 0]]), ops.array([[0, 2]])).item(); // → 1.84847
 * ```
 */
export class LogitsDistillation extends DistillationLoss {
  static readonly className: string = "LogitsDistillation";
  readonly temperature: number;
  readonly loss: Tree<LossLeaf>;

  constructor(options: LogitsDistillationOptions = {}) {
    super();
    checkOptions("LogitsDistillation", options, ["temperature", "loss"]);
    const { temperature = 3, loss = "kl_divergence" } = options;
    this.loss = readLosses(loss, "LogitsDistillation");
    if (!(typeof temperature === "number" && temperature > 0)) {
      throw new ValueError(
        `LogitsDistillation: expected temperature to be a positive number. Received: ${show(temperature)}`,
      );
    }
    this.temperature = temperature;
  }

  override computeLoss(teacherOutputs: Tensors, studentOutputs: Tensors): Tensor {
    const soft = (outputs: Tensors): Tensors =>
      treeMap((x) => divide(x as Tensor, this.temperature), outputs) as Tensors;
    return sumOfLosses(this.loss, [soft(teacherOutputs), soft(studentOutputs)], (loss, teacher, student) => {
      if (!(loss instanceof KLDivergence)) return loss(teacher, student).mean();
      return multiply(loss(softmax(teacher), softmax(student)).mean(), this.temperature ** 2);
    });
  }

  override getConfig(): Config {
    return { temperature: this.temperature, loss: serializeLosses(this.loss) };
  }

  static override fromConfig<T>(this: new (options: never) => T, config: Config): T {
    return new this({ ...fromConfig(config), loss: deserializeLosses(config["loss"]) } as never);
  }
}
