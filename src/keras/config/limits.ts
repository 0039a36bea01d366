/** Limits of training, for trying out whether a program runs through. */
import { show, ValueError } from "../../engine/index.ts";

interface Limit {
  /** Undefined until it is set or the environment was asked. */
  value: number | null | undefined;
  readonly variable: string;
}

const epochs: Limit = { value: undefined, variable: "KERAS_MAX_EPOCHS" };
const steps: Limit = { value: undefined, variable: "KERAS_MAX_STEPS_PER_EPOCH" };

/** What the environment says of a limit; hosts without one, or that do not let it be read, say nothing. */
function fromEnvironment({ variable }: Limit): number | null {
  const { process } = globalThis as { process?: { env?: Readonly<Record<string, string | undefined>> } };
  try {
    const text = process?.env?.[variable];
    return text === undefined || text === "" ? null : check(Number(text), variable);
  } catch (error) {
    if (error instanceof ValueError) throw error;
    return null;
  }
}

function check(value: number | null, where: string): number | null {
  if (value === null || (Number.isSafeInteger(value) && value > 0)) return value;
  throw new ValueError(
    `${where}: expected a positive whole number, or null for no limit. Received: ${show(value)}`,
  );
}

function read(limit: Limit): number | null {
  limit.value ??= limit.value === null ? null : fromEnvironment(limit);
  return limit.value;
}

/**
 * How many epochs `fit` trains at most, whatever it is told; null (the default) if there is no limit. Until it is set, the
 * environment variable `KERAS_MAX_EPOCHS` says it.
 *
 * @example
 * ```ts
 * keras.config.maxEpochs(); // → null
 * ```
 */
export function maxEpochs(): number | null {
  return read(epochs);
}

/**
 * Limits how many epochs `fit` trains, so that a long program can be tried out quickly.
 *
 * @param value a positive whole number, or null for no limit
 * @throws ValueError for anything else
 *
 * @example
 * ```ts
 * keras.config.setMaxEpochs(1);
 * const model = new keras.Sequential([new keras.layers.Dense(1)]);
 * model.compile({ loss: "mse" });
 * const { epoch } = await model.fit([[1], [2]], [[1], [2]], { epochs: 100, verbose: 0 });
 * epoch; // → [0]
 * keras.config.setMaxEpochs(null);
 * ```
 */
export function setMaxEpochs(value: number | null): void {
  epochs.value = check(value, "setMaxEpochs");
}

/**
 * How many batches an epoch has at most, in training and in other passes over data; null (the default) if there is no limit.
 * Until it is set, the environment variable `KERAS_MAX_STEPS_PER_EPOCH` says it.
 *
 * @example
 * ```ts
 * keras.config.maxStepsPerEpoch(); // → null
 * ```
 */
export function maxStepsPerEpoch(): number | null {
  return read(steps);
}

/**
 * Limits how many batches an epoch has, in `fit`, `evaluate` and `predict`.
 *
 * @param value a positive whole number, or null for no limit
 * @throws ValueError for anything else
 *
 * @example
 * ```ts
 * keras.config.setMaxStepsPerEpoch(2);
 * const model = new keras.Sequential([new keras.layers.Dense(1)]);
 * const y = await model.predict(np.ones([100, 3]), { batchSize: 8, verbose: 0 });
 * y.shape; // → [16, 1]
 * keras.config.setMaxStepsPerEpoch(null);
 * ```
 */
export function setMaxStepsPerEpoch(value: number | null): void {
  steps.value = check(value, "setMaxStepsPerEpoch");
}
