/** How a model was compiled, as Keras's files have it, and back. */
import { isPlainObject } from "../../engine/index.ts";
import { functionName } from "../losses/function_names.ts";
import { Loss } from "../losses/loss.ts";
import type { LossFunction } from "../losses/loss_function_wrapper.ts";
import { lossesOnDemand } from "../losses/on_demand.ts";
import { serialize as serializeLoss } from "../losses/serialize.ts";
import { Metric } from "../metrics/metric.ts";
import { metricsOnDemand } from "../metrics/on_demand.ts";
import { serialize as serializeMetric } from "../metrics/serialize.ts";
import * as optimizers from "../optimizers/index.ts";
import { type Config, fromConfig } from "../saving/config.ts";
import { customObject } from "../saving/object_registration.ts";
import { isSerialized } from "../saving/registry.ts";
import { deserializeKerasObject, serializeKerasObject } from "../saving/serialization_lib.ts";
import type { CompileOptions } from "./trainer_options.ts";

/** What a model was compiled with: the options, with the optimizer that was made of them. */
export interface CompiledWith extends CompileOptions {
  readonly optimizer: optimizers.Optimizer;
}

/** Leaves of lists and plain objects replaced; objects that Keras wrote are leaves. */
function mapLeaves(tree: unknown, fn: (leaf: unknown) => unknown): unknown {
  if (Array.isArray(tree)) return tree.map((x) => mapLeaves(x, fn));
  if (!isPlainObject(tree) || isSerialized(tree)) return fn(tree);
  return Object.fromEntries(Object.entries(tree).map(([key, x]) => [key, mapLeaves(x, fn)]));
}

/** A loss or a metric as it stands in the config: names stay names. */
function write(leaf: unknown): unknown {
  if (leaf instanceof Loss) return serializeLoss(leaf);
  if (leaf instanceof Metric) return serializeMetric(leaf);
  if (typeof leaf === "function") {
    const known = functionName(leaf) !== undefined;
    return known ? serializeLoss(leaf as LossFunction) : serializeKerasObject(leaf as object);
  }
  return leaf ?? null;
}

/** The config of a compiled model. */
export function compileConfig(compiled: CompiledWith): Config {
  const { stepsPerExecution = "auto", jitCompile = "auto" } = compiled;
  return {
    optimizer: optimizers.serialize(compiled.optimizer),
    loss: mapLeaves(compiled.loss ?? null, write),
    loss_weights: compiled.lossWeights ?? null,
    metrics: mapLeaves(compiled.metrics ?? null, write),
    weighted_metrics: mapLeaves(compiled.weightedMetrics ?? null, write),
    run_eagerly: compiled.runEagerly ?? false,
    steps_per_execution: stepsPerExecution === "auto" ? 1 : stepsPerExecution,
    jit_compile: jitCompile,
  };
}

/** What is not Keras's own, by the name under which it is registered. */
function custom(leaf: unknown): unknown {
  if (!isSerialized(leaf)) return undefined;
  const { registered_name: registered } = leaf as { readonly registered_name?: unknown };
  const known = [registered, leaf.class_name].some(
    (n) => typeof n === "string" && customObject(n) !== undefined,
  );
  return known ? deserializeKerasObject(leaf) : undefined;
}

/**
 * The options that a config stands for. Losses and metrics that must be loaded first stay configs. Optimizers are known by the
 * names of their classes, wherever a backend of Keras keeps them.
 *
 * @throws ValueError when it names what is not known
 */
export function compileOptionsFrom(config: Config): CompileOptions {
  const { optimizer, loss, metrics: plain, weightedMetrics, ...rest } = fromConfig(config);
  const { lossWeights, runEagerly, stepsPerExecution, jitCompile, autoScaleLoss } = rest;
  const lossOf = (leaf: unknown): unknown =>
    custom(leaf) ?? (isSerialized(leaf) ? lossesOnDemand.find(leaf) : undefined) ?? leaf;
  const metricOf = (leaf: unknown): unknown =>
    custom(leaf) ?? (isSerialized(leaf) ? metricsOnDemand.find(leaf) : undefined) ?? leaf;
  const options = {
    ...(optimizer !== undefined &&
      optimizer !== null && {
        optimizer: custom(optimizer) ?? optimizers.get(optimizer as optimizers.OptimizerIdentifier),
      }),
    loss: mapLeaves(loss ?? null, lossOf),
    lossWeights: lossWeights ?? null,
    metrics: mapLeaves(plain ?? null, metricOf),
    weightedMetrics: mapLeaves(weightedMetrics ?? null, metricOf),
    ...(typeof runEagerly === "boolean" && { runEagerly }),
    ...(typeof stepsPerExecution === "number" && { stepsPerExecution }),
    ...((typeof jitCompile === "boolean" || jitCompile === "auto") && { jitCompile }),
    ...(typeof autoScaleLoss === "boolean" && { autoScaleLoss }),
  };
  return options as CompileOptions;
}
