/** Turns the arguments of `compile` into a loss and metrics. */
import { type Shape, show, ValueError } from "../../engine/index.ts";
import * as losses from "../losses/index.ts";
import * as metrics from "../metrics/index.ts";

/** What `compile` takes as loss. */
export type LossLike = losses.LossIdentifier;
/** What `compile` takes as one metric. */
export type MetricLike = metrics.MetricIdentifier;

/**
 * The loss object that an identifier means; plain functions are averaged over the batch.
 *
 * @throws ValueError when there is no such loss
 */
export function compileLoss(loss: LossLike | null | undefined): losses.Loss | undefined {
  if (loss === null || loss === undefined) return undefined;
  const found = losses.get(loss);
  if (found instanceof losses.Loss || found === null) return found ?? undefined;
  return new losses.LossFunctionWrapper(found, { name: nameOf(loss, found) || "loss" });
}

const vague = new Set(["accuracy", "acc", "crossentropy", "ce"]);

/** Refuses identifiers that mean nothing, before anything is changed. */
export function checkMetrics(list: readonly MetricLike[], where: string): void {
  if (!Array.isArray(list))
    throw new ValueError(`compile: ${where} is an array of metrics. Received: ${show(list)}`);
  for (const item of list) if (!(typeof item === "string" && vague.has(item))) metrics.get(item);
}

/**
 * The metric that an identifier means for targets and predictions of given shapes. A metric that was given by name is
 * logged under that name.
 */
export function compileMetric(identifier: MetricLike, yTrue: Shape, yPred: Shape): metrics.Metric {
  const found =
    typeof identifier === "string" && vague.has(identifier)
      ? metrics.resolveByShapes(identifier, yTrue, yPred)
      : metrics.get(identifier);
  if (found instanceof metrics.Metric) {
    if (typeof identifier === "string") found.name = identifier;
    return found;
  }
  const name = typeof identifier === "string" ? identifier : found.name || "metric";
  return new metrics.MeanMetricWrapper(found, { name });
}
