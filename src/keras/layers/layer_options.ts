/** The options that all layers take, and how options come from configs. */
import { checkOptions } from "../../engine/index.ts";
import type { KerasShape } from "../backend/keras_tensor.ts";
import type { DTypePolicyLike } from "../dtype_policies/index.ts";
import type { RegularizerLike } from "../regularizers/index.ts";
import { type Config, fromConfig } from "../saving/config.ts";

/** Options of all layers. */
export interface LayerOptions {
  /** What the layer is called in summaries and files. Default: automatic, such as `dense_1`. */
  readonly name?: string | null;
  /** Whether training updates the weights. Default true. */
  readonly trainable?: boolean;
  /** The dtype of weights and arithmetic, or the policy that says them. Default `config.dtypePolicy()`. */
  readonly dtype?: DTypePolicyLike | null;
  /** Whether inputs of a float dtype are cast to the layer's. Default true. */
  readonly autocast?: boolean;
  /** A penalty on the output, divided by the number of samples. */
  readonly activityRegularizer?: RegularizerLike | null;
  /** The shape of inputs without the axis of samples, for the first layer of a Sequential. */
  readonly inputShape?: KerasShape | null;
  /** The same for vectors: their length. */
  readonly inputDim?: number | null;
}

/** The names of the options of all layers. */
export const layerOptionNames: readonly (keyof LayerOptions)[] = [
  ...(["name", "trainable", "dtype", "autocast"] as const),
  ...(["activityRegularizer", "inputShape", "inputDim"] as const),
];

/**
 * Checks the options of a layer and gives those that all layers have, for the base constructor.
 *
 * @param where the class
 * @param own the names of the options that only this layer has
 * @throws ValueError for unknown options
 */
export function baseOptions(where: string, options: LayerOptions, own: readonly string[]): LayerOptions {
  checkOptions(where, options, [...own, ...layerOptionNames]);
  return Object.fromEntries(
    layerOptionNames.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]])),
  );
}

/**
 * The arguments of a constructor from a config: those by position, and the options.
 *
 * @param positional the names of the former, in order
 */
export function optionsFromConfig(
  config: Config,
  positional: readonly string[],
): [unknown[], Record<string, unknown>] {
  const options = fromConfig(config);
  const args = positional.map((name) => options[name]);
  for (const name of positional) Reflect.deleteProperty(options, name);
  return [args, options];
}

/** Some of a layer's options, those that were given. */
export function pickOptions(options: object, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(options).filter(([name, x]) => names.includes(name) && x !== undefined),
  );
}
