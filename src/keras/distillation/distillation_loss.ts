/** The base of distillation losses, and the structures of losses that they are made of. */
import {
  isPlainObject,
  StateError,
  show,
  sum,
  type Tensor,
  type Tree,
  treeLeaves,
  treeMap,
  ValueError,
} from "../../engine/index.ts";
import type { Tensors } from "../layers/call_inputs.ts";
import type { Loss, LossIdentifier } from "../losses/index.ts";
import * as losses from "../losses/index.ts";
import type { LossFunction } from "../losses/loss_function_wrapper.ts";
import type { Model } from "../models/model.ts";
import { stack } from "../ops/numpy_shape.ts";
import type { Config } from "../saving/config.ts";
import { classNameOf } from "../saving/registry.ts";
import { learnClass } from "../saving/serialization_lib.ts";
import { assertSameStructure, mapStructure } from "../tree/index.ts";

/**
 * Base of distillation losses: how far a student is from its teacher. A subclass says in `computeLoss` how that is measured.
 *
 * @example
 * ```ts
 * import type { Tensor } from "tsuno/engine";
 *
 * class Distance extends DistillationLoss {
 *   override computeLoss(teacher: Tensor, student: Tensor): Tensor {
 *     return ops.mean(ops.abs(ops.subtract(teacher, student)));
 *   }
 * }
 * new Distance().computeLoss(ops.array([1, 2]), ops.array([2, 4])).item(); // → 1.5
 * ```
 */
export abstract class DistillationLoss {
  static readonly module: string = "keras.distillation";

  /** The layer of the teacher to learn from. Default: its outputs. */
  readonly teacherLayerName: string | null = null;
  /** The layer of the student that learns. Default: its outputs. */
  readonly studentLayerName: string | null = null;

  /**
   * The loss of a batch.
   *
   * @param teacherOutputs what the teacher gives
   * @param studentOutputs what the student gives
   * @returns a scalar
   */
  abstract computeLoss(teacherOutputs: Tensors, studentOutputs: Tensors): Tensor;

  /**
   * Checks outputs before the loss is computed.
   *
   * @throws ValueError when they are not nested in the same way
   */
  validateOutputs(teacherOutputs: Tensors, studentOutputs: Tensors): void {
    assertSameStructure(teacherOutputs, studentOutputs);
  }

  /** Checks the models when a distiller is made; by default all will do. */
  validateModelCompatibility(_teacher: Model<never>, _student: Model<never>): void {}

  constructor() {
    learnClass(new.target);
  }

  /** The options, as Keras's JSON has them. */
  getConfig(): Config {
    return {};
  }

  /** A distillation loss from its config. */
  static fromConfig<T>(this: new (options: never) => T, config: Config): T {
    return new this(config as never);
  }
}

/** Losses of outputs: one, or several in the structure of the outputs; null leaves an output out. */
export type LossTree = Tree<LossIdentifier | null>;

/** A loss of a structure of losses. */
export type LossLeaf = Loss | LossFunction | null;

/** The losses that identifiers mean; null leaves an output out, but not all of them. */
export function readLosses(tree: LossTree, where: string): Tree<LossLeaf> {
  const read = treeMap((x) => (x === null ? null : losses.get(x as LossIdentifier)), tree) as Tree<LossLeaf>;
  if (treeLeaves(read).some((x) => x !== null)) return read;
  throw new ValueError(`${where}: expected at least one loss that is not null. Received: ${show(tree)}`);
}

/** A structure of losses as Keras writes it. */
export function serializeLosses(tree: Tree<LossLeaf>): unknown {
  return treeMap((x) => (x === null ? null : losses.serialize(x as Loss | LossFunction)), tree);
}

/** A structure of losses from what `serializeLosses` gave. */
export function deserializeLosses(config: unknown): LossTree {
  if (Array.isArray(config)) return config.map(deserializeLosses);
  if (!isPlainObject(config)) return config as string | null;
  const { class_name: name, config: inner } = config;
  if (name === "function" && typeof inner === "string") return inner;
  if (typeof name === "string") return losses.deserialize({ class_name: name, config: inner });
  return Object.fromEntries(Object.entries(config).map(([key, x]) => [key, deserializeLosses(x)]));
}

/** The sum of what losses give for pairs of outputs. */
export function sumOfLosses(
  tree: Tree<LossLeaf>,
  [teacher, student]: readonly [Tensors, Tensors],
  lossOf: (loss: Loss | LossFunction, teacher: Tensor, student: Tensor) => Tensor,
): Tensor {
  const values = mapStructure(
    (loss: unknown, t: unknown, s: unknown) =>
      loss === null ? null : lossOf(loss as Loss | LossFunction, t as Tensor, s as Tensor),
    tree as unknown,
    teacher as unknown,
    student as unknown,
  );
  return sum(stack(treeLeaves(values).filter((x) => x !== null) as Tensor[]));
}

/** Whether a model is a graph, so that what its layers give can be asked for. */
export function isGraph(model: Model<never>): boolean {
  try {
    return model.inputs.length > 0;
  } catch (error) {
    if (error instanceof StateError) return false;
    throw error;
  }
}

/** The name of a loss's class, for messages. */
export function nameOf(loss: DistillationLoss): string {
  return classNameOf(loss);
}
