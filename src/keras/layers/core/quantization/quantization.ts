/** What Dense, EinsumDense and Embedding have in common when their weights are quantized: options, checks, policies. */
import { StateError, show, UnsupportedError, ValueError } from "../../../../engine/index.ts";
import * as dtypePolicies from "../../../dtype_policies/index.ts";
import {
  Float8QuantizationConfig,
  Int4QuantizationConfig,
  Int8QuantizationConfig,
  QuantizationConfig,
  type QuantizationMode,
  resolveQuantization,
  TernaryQuantizationConfig,
} from "../../../quantizers/quantization_config.ts";
import { StoredQuantizationConfig } from "../../../quantizers/stored_quantization_config.ts";
import { isSerialized, resolve, type SerializedObject } from "../../../saving/registry.ts";
import { serializeKerasObject } from "../../../saving/serialization_lib.ts";
import type { Layer } from "../../layer.ts";
import type { QuantizeOptions } from "../../quantize_options.ts";

/** Whatever says how a layer is quantized: the config itself, or its JSON. */
export type QuantizationConfigLike = QuantizationConfig | SerializedObject;

/** The option of layers whose weights can be quantized. */
export interface QuantizationOptions {
  /** How weights and inputs are quantized, where the dtype policy says that they are. Default: as `quantize` does. */
  readonly quantizationConfig?: QuantizationConfigLike | null;
}

/**
 * How a layer is quantized, from what its options say.
 *
 * @throws ValueError for what is no such config
 */
export function readQuantizationConfig({
  quantizationConfig: given,
}: QuantizationOptions): QuantizationConfig | null {
  if (given === null || given === undefined) return null;
  if (given instanceof QuantizationConfig) return given;
  if (isSerialized(given)) {
    const stored = StoredQuantizationConfig.read(given);
    if (stored !== undefined) return stored;
    const classes = {
      Int8QuantizationConfig,
      Int4QuantizationConfig,
      Float8QuantizationConfig,
      TernaryQuantizationConfig,
    };
    return resolve<QuantizationConfig>("quantization config", given, { classes });
  }
  throw new ValueError(`Expected a QuantizationConfig. Received: ${show(given)}`);
}

/** The part of a layer's config. */
export function writeQuantizationConfig(config: QuantizationConfig | null): SerializedObject | null {
  if (config instanceof StoredQuantizationConfig) return config.written;
  return config && serializeKerasObject(config);
}

/** Refuses a mode that a layer does not have. */
export function checkMode(layer: Layer, mode: string, known: readonly QuantizationMode[]): void {
  if (known.includes(mode as QuantizationMode)) return;
  throw new UnsupportedError(
    `Layer "${layer.name}": expected one of the quantization modes ${known.join(", ")}. Received: ${show(mode)}`,
  );
}

/** What a layer says of itself before it is quantized. */
interface Candidate {
  readonly layer: Layer;
  /** The class that knows how; subclasses may compute something else. */
  readonly Class: unknown;
  readonly modes: readonly QuantizationMode[];
  /** Whether it is quantized already. */
  readonly isQuantized: boolean;
  /** The policy that it has so far. */
  readonly policy: dtypePolicies.DTypePolicy;
}

/**
 * Checks that a layer can be quantized now, before it changes.
 *
 * @returns how, and the policy that it will have
 * @throws UnsupportedError for classes and modes that do not go, StateError before the layer is built and when it is quantized
 *   already, ValueError for a mode and a config that contradict
 */
export function prepareQuantization(
  { layer, Class, modes, isQuantized, policy }: Candidate,
  mode: string | null | undefined,
  options: QuantizeOptions,
): { readonly config: QuantizationConfig; readonly policy: dtypePolicies.DTypePolicy } {
  const config = resolveQuantization(
    mode,
    readQuantizationConfig({ quantizationConfig: options.config ?? null }),
  );
  if (!layer.built) throw new StateError(`quantize: layer "${layer.name}" is not built yet.`);
  if (isQuantized) {
    throw new StateError(
      `quantize: layer "${layer.name}" is quantized already, with the policy ${show(policy.name)}.`,
    );
  }
  if ((options.typeCheck ?? true) && layer.constructor !== Class) {
    throw new UnsupportedError(`quantize: layer "${layer.name}" is of a class that does not say how.`);
  }
  checkMode(layer, config.mode, modes);
  const name = `${config.policyMode}_from_${policy.name}` as dtypePolicies.DTypePolicyLike;
  return { config, policy: dtypePolicies.get(name) };
}

/** How many numbers share a scale in 4-bit weights: what the config says, else the policy; null for all of a channel. */
export function blockSizeOf(
  config: QuantizationConfig | null,
  policy: dtypePolicies.DTypePolicy,
): number | null {
  const said =
    config instanceof Int4QuantizationConfig
      ? config.blockSize
      : policy instanceof dtypePolicies.Int4DTypePolicy
        ? policy.blockSize
        : null;
  return said === -1 ? null : said;
}
