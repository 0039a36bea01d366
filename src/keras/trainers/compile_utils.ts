/** Turns the arguments of `compile` into a loss and metrics. */
import { type Shape, show, type Tensor, ValueError } from "../../engine/index.ts";
import * as losses from "../losses/index.ts";
import { functionName } from "../losses/serialization.ts";
import * as metrics from "../metrics/index.ts";
import { kindOf } from "../metrics/serialization.ts";

/** What `compile` takes as loss. */
export type LossLike = losses.LossIdentifier;
/** What `compile` takes as one metric. */
export type MetricLike = metrics.MetricIdentifier;

const isCrossentropy = (name: string): boolean => ["crossentropy", "ce"].includes(name.toLowerCase());
const isVague = (name: string): boolean =>
  isCrossentropy(name) || ["accuracy", "acc"].includes(name.toLowerCase());

/** The name under which a function is logged: the one it was given by, or its own, Keras's functions having Keras's names. */
function nameOf(identifier: unknown, fn: { readonly name: string }): string {
  return typeof identifier === "string" ? identifier : (functionName(fn) ?? fn.name);
}

/** The crossentropy that the shapes of targets and predictions ask for. */
function crossentropy(yTrue: Tensor, yPred: Tensor): Tensor {
  const fns = {
    binary: losses.binaryCrossentropy,
    sparse: losses.sparseCategoricalCrossentropy,
    categorical: losses.categoricalCrossentropy,
  };
  return fns[kindOf(yTrue.shape, yPred.shape)](yTrue, yPred);
}

/**
 * The loss object that an identifier means; plain functions are averaged over the batch.
 *
 * @throws ValueError when there is no such loss
 */
export function compileLoss(loss: LossLike | null | undefined): losses.Loss | undefined {
  if (loss === null || loss === undefined) return undefined;
  const found = typeof loss === "string" && isCrossentropy(loss) ? crossentropy : losses.get(loss);
  if (found instanceof losses.Loss) return found;
  if (typeof found !== "function")
    throw new ValueError(
      `compile: expected loss to be a name, a loss or a function. Received: ${show(loss)}`,
    );
  return new losses.LossFunctionWrapper(found, { name: nameOf(loss, found) || "loss" });
}

/** Refuses what is no metric. */
export function checkMetric(item: unknown, where: string, notAList = false): void {
  if (notAList)
    throw new ValueError(
      `compile: ${where} is an array of metrics, or an object of them by output. Received: ${show(item)}`,
    );
  if (typeof item === "string" && isVague(item)) return;
  if (typeof metrics.get(item as MetricLike) === "function") return;
  throw new ValueError(
    `compile: expected ${where} to be names, metrics or functions. Received: ${show(item)}`,
  );
}

/**
 * The metric that an identifier means for targets and predictions of given shapes. A metric that was given by name is
 * logged under that name.
 */
export function compileMetric(identifier: MetricLike, yTrue: Shape, yPred: Shape): metrics.Metric {
  const found =
    typeof identifier === "string" && isVague(identifier)
      ? metrics.resolveByShapes(identifier, yTrue, yPred)
      : metrics.get(identifier);
  if (found instanceof metrics.Metric) {
    if (typeof identifier === "string") found.name = identifier;
    return found;
  }
  return new metrics.MeanMetricWrapper(found, { name: nameOf(identifier, found) || "metric" });
}
