/** Schedules to and from their configs. */
import { type CustomObjectsOptions, readWith } from "../../saving/object_registration.ts";
import {
  resolve,
  type SerializableClass,
  type SerializedObject,
  serializeObject,
} from "../../saving/registry.ts";
import { CosineDecay } from "./cosine_decay.ts";
import { CosineDecayRestarts } from "./cosine_decay_restarts.ts";
import { ExponentialDecay } from "./exponential_decay.ts";
import { InverseTimeDecay } from "./inverse_time_decay.ts";
import type { LearningRateSchedule } from "./learning_rate_schedule.ts";
import { PiecewiseConstantDecay } from "./piecewise_constant_decay.ts";
import { PolynomialDecay } from "./polynomial_decay.ts";

const classes: Readonly<Record<string, SerializableClass<LearningRateSchedule>>> = {
  CosineDecay,
  CosineDecayRestarts,
  ExponentialDecay,
  InverseTimeDecay,
  PiecewiseConstantDecay,
  PolynomialDecay,
};

/**
 * A schedule as Keras writes it into a config.
 *
 * @example
 * ```ts
 * const { schedules } = keras.optimizers;
 * schedules.serialize(new schedules.ExponentialDecay(0.1, 100, 0.9)).class_name; // → ExponentialDecay
 * ```
 */
export function serialize(schedule: LearningRateSchedule): SerializedObject {
  return serializeObject(schedule, "keras.optimizers.schedules");
}

/**
 * A schedule from what `serialize` gave.
 *
 * @param options `customObjects`: classes of your own, by their names
 * @throws ValueError when there is no such schedule
 *
 * @example
 * ```ts
 * const { schedules } = keras.optimizers;
 * const config = schedules.serialize(new schedules.ExponentialDecay(0.1, 100, 0.9));
 * schedules.deserialize(config)(100).item(); // → 0.09
 * ```
 */
export function deserialize(
  config: { readonly class_name: string; readonly config?: unknown },
  options: CustomObjectsOptions = {},
): LearningRateSchedule {
  return readWith("schedules.deserialize", options, () =>
    resolve<LearningRateSchedule>("learning-rate schedule", config, { classes }),
  );
}
