/** The options that all optimizers share. */
import { show, type TensorLike, ValueError } from "../../engine/index.ts";
import { LearningRateSchedule } from "./schedules/learning_rate_schedule.ts";

/** A learning rate: a number, a schedule, or a function without arguments. */
export type LearningRate = number | LearningRateSchedule | (() => TensorLike);

/** Options of every optimizer. */
export interface OptimizerOptions {
  /** How far one step goes: a number, a schedule, or a function without arguments. */
  readonly learningRate?: LearningRate;
  /** The share of each weight, times the learning rate, that every step takes away. Default: none. */
  readonly weightDecay?: number | null;
  /** The largest norm that the gradient of one weight may have. Default: none. */
  readonly clipnorm?: number | null;
  /** The largest magnitude that an element of a gradient may have. Default: none. */
  readonly clipvalue?: number | null;
  /** The largest norm that all gradients together may have. Default: none. */
  readonly globalClipnorm?: number | null;
  /** Whether a moving average of the weights is kept, which replaces them at the end. Default false. */
  readonly useEma?: boolean;
  /** How much of the moving average stays at each step. Default 0.99. */
  readonly emaMomentum?: number;
  /** After how many steps the moving average replaces the weights. Default: only at the end. */
  readonly emaOverwriteFrequency?: number | null;
  /** What the loss is multiplied with before gradients are computed; gradients are divided by it. Default: nothing. */
  readonly lossScaleFactor?: number | null;
  /** For how many steps gradients are gathered before the weights change. Default: none. */
  readonly gradientAccumulationSteps?: number | null;
  /** What the optimizer is called. Default: the class's name in snake_case. */
  readonly name?: string | null;
}

/** The names of {@link OptimizerOptions}. */
export const optimizerOptions: readonly string[] = [
  "learningRate",
  "weightDecay",
  "clipnorm",
  "clipvalue",
  "globalClipnorm",
  "useEma",
  "emaMomentum",
  "emaOverwriteFrequency",
  "lossScaleFactor",
  "gradientAccumulationSteps",
  "name",
];

function refuse(where: string, expected: string, name: string, value: unknown): never {
  throw new ValueError(`${where}: expected ${expected}. Received: ${name}=${show(value)}`);
}

/**
 * Checks a learning rate that came from outside.
 *
 * @throws ValueError unless it is a finite number, a schedule or a function
 */
export function checkLearningRate(where: string, rate: unknown): LearningRate {
  if (typeof rate === "number" && Number.isFinite(rate)) return rate;
  if (rate instanceof LearningRateSchedule || typeof rate === "function") return rate as LearningRate;
  return refuse(
    where,
    "a finite number, a LearningRateSchedule or a function as learning rate",
    "learningRate",
    rate,
  );
}

/** Checks the options that all optimizers share. */
export function checkOptimizerOptions(where: string, options: OptimizerOptions): void {
  const { weightDecay, lossScaleFactor, gradientAccumulationSteps, emaMomentum, emaOverwriteFrequency } =
    options;
  const set = (x: unknown): boolean => x !== undefined && x !== null;
  for (const name of ["clipnorm", "clipvalue", "globalClipnorm"] as const) {
    const limit = options[name];
    if (set(limit) && !(typeof limit === "number" && limit >= 0))
      refuse(where, "a number that is not negative", name, limit);
  }
  const clips = (["clipnorm", "clipvalue", "globalClipnorm"] as const).filter((name) => set(options[name]));
  if (clips.length > 1) {
    throw new ValueError(
      `${where}: only one of clipnorm, clipvalue and globalClipnorm can be set. Received: ${clips.join(", ")}`,
    );
  }
  if (set(weightDecay) && !Number.isFinite(weightDecay))
    refuse(where, "a finite number", "weightDecay", weightDecay);
  if (set(lossScaleFactor) && !(Number.isFinite(lossScaleFactor) && lossScaleFactor !== 0)) {
    refuse(where, "a finite number that is not 0", "lossScaleFactor", lossScaleFactor);
  }
  const steps = gradientAccumulationSteps;
  if (set(steps) && !(Number.isInteger(steps) && Number(steps) >= 2)) {
    refuse(where, "a whole number of at least 2", "gradientAccumulationSteps", steps);
  }
  if (emaMomentum !== undefined && !(emaMomentum >= 0 && emaMomentum <= 1)) {
    refuse(where, "a number from 0 to 1", "emaMomentum", emaMomentum);
  }
  if (
    set(emaOverwriteFrequency) &&
    !(Number.isInteger(emaOverwriteFrequency) && Number(emaOverwriteFrequency) >= 1)
  ) {
    refuse(where, "a whole number of at least 1", "emaOverwriteFrequency", emaOverwriteFrequency);
  }
}
