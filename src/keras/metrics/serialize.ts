/** How metrics are written. */
import type { LossFunction } from "../losses/loss_function_wrapper.ts";
import { serializeFunction } from "../losses/serialize.ts";
import { type SerializedObject, serializeObject } from "../saving/registry.ts";
import type { MetricFunction } from "./mean_metric_wrapper.ts";
import { Metric } from "./metric.ts";

/**
 * A metric as Keras writes it into a config.
 *
 * @example
 * ```ts
 * metrics.serialize(new metrics.MeanSquaredError()).class_name; // → MeanSquaredError
 * ```
 */
export function serialize(metric: Metric | MetricFunction): SerializedObject {
  if (!(metric instanceof Metric)) return serializeFunction(metric);
  const { config, ...rest } = serializeObject(metric, "keras.metrics");
  return {
    ...rest,
    config: "fn" in config ? { ...config, fn: serializeFunction(config["fn"] as LossFunction) } : config,
  };
}
