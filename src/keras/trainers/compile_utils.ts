/** Turns the arguments of `compile` into a loss and metrics. */
import { type Shape, show, type Tensor, ValueError } from "../../engine/index.ts";
import { binaryCrossentropy } from "../losses/binary_crossentropy.ts";
import { categoricalCrossentropy } from "../losses/categorical_crossentropy.ts";
import { functionName } from "../losses/function_names.ts";
import { Loss } from "../losses/loss.ts";
import { type LossFunction, LossFunctionWrapper } from "../losses/loss_function_wrapper.ts";
import type { LossIdentifier } from "../losses/names.ts";
import { lossesOnDemand } from "../losses/on_demand.ts";
import { sparseCategoricalCrossentropy } from "../losses/sparse_categorical_crossentropy.ts";
import { kindOf, resolveByShapes } from "../metrics/by_shapes.ts";
import { MeanMetricWrapper } from "../metrics/mean_metric_wrapper.ts";
import { Metric } from "../metrics/metric.ts";
import type { MetricIdentifier } from "../metrics/names.ts";
import { metricsOnDemand } from "../metrics/on_demand.ts";

/** What `compile` takes as loss. */
export type LossLike = LossIdentifier;
/** What `compile` takes as one metric. */
export type MetricLike = MetricIdentifier;

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
    binary: binaryCrossentropy,
    sparse: sparseCategoricalCrossentropy,
    categorical: categoricalCrossentropy,
  };
  return fns[kindOf(yTrue.shape, yPred.shape)](yTrue, yPred);
}

/** What a loss was found to be, as a loss object; plain functions are averaged over the batch. */
function lossOf(loss: LossLike, found: Loss | LossFunction): Loss {
  if (found instanceof Loss) return found;
  if (typeof found !== "function")
    throw new ValueError(
      `compile: expected loss to be a name, a loss or a function. Received: ${show(loss)}`,
    );
  return new LossFunctionWrapper(found, { name: nameOf(loss, found) || "loss" });
}

/**
 * The loss object that an identifier means.
 *
 * @throws ValueError when there is no such loss; StateError when it must be loaded first
 */
export function compileLoss(loss: LossLike | null | undefined): Loss | undefined {
  if (loss === null || loss === undefined) return undefined;
  const vague = typeof loss === "string" && isCrossentropy(loss);
  return lossOf(loss, vague ? crossentropy : lossesOnDemand.get(loss));
}

/** Refuses what is no loss. Says whether it is there, and need not be loaded. */
export function checkLoss(loss: LossLike | null | undefined): boolean {
  if (loss === null || loss === undefined || (typeof loss === "string" && isCrossentropy(loss))) return true;
  const found = lossesOnDemand.find(loss);
  return found !== undefined && lossOf(loss, found) !== undefined;
}

/** Refuses what is no metric. Says whether it is there, and need not be loaded. */
export function checkMetric(item: unknown, where: string, notAList = false): boolean {
  if (notAList)
    throw new ValueError(
      `compile: ${where} is an array of metrics, or an object of them by output. Received: ${show(item)}`,
    );
  if (typeof item === "string" && isVague(item)) return true;
  const found = metricsOnDemand.find(item);
  if (found === undefined) return false;
  if (typeof found === "function") return true;
  throw new ValueError(
    `compile: expected ${where} to be names, metrics or functions. Received: ${show(item)}`,
  );
}

/**
 * The metric that an identifier means for targets and predictions of given shapes. A metric that was given by name is
 * logged under that name.
 */
export function compileMetric(identifier: MetricLike, yTrue: Shape, yPred: Shape): Metric {
  const found =
    typeof identifier === "string" && isVague(identifier)
      ? resolveByShapes(identifier, yTrue, yPred)
      : metricsOnDemand.get(identifier);
  if (found instanceof Metric) {
    if (typeof identifier === "string") found.name = identifier;
    return found;
  }
  return new MeanMetricWrapper(found, { name: nameOf(identifier, found) || "metric" });
}
