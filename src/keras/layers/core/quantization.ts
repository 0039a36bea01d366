/** Weights in int8 with a scale: what Dense, EinsumDense and Embedding have in common when they are quantized. */
import { StateError, show, type Tensor, UnsupportedError, ValueError } from "../../../engine/index.ts";
import type { Variable } from "../../backend/variable.ts";
import { QuantizedDTypePolicy } from "../../dtype_policies/index.ts";
import { AbsMaxQuantizer, Int8QuantizationConfig, type Quantizer } from "../../quantizers/index.ts";
import { type QuantizationConfigLike, quantizationConfig } from "../../quantizers/quantization_config.ts";
import type { SerializedObject } from "../../saving/registry.ts";
import { serializeKerasObject } from "../../saving/serialization_lib.ts";
import type { Layer } from "../layer.ts";
import type { QuantizeOptions } from "../quantize_options.ts";

/** The option of layers whose weights can be quantized. */
export interface QuantizationOptions {
  /** How weights and inputs are quantized, where the dtype policy says that they are. Default: as `quantize("int8")` does. */
  readonly quantizationConfig?: QuantizationConfigLike | null;
}

/** How a layer is quantized, and the scale of its weights once they are. */
export class Quantization {
  readonly config: Int8QuantizationConfig | null;
  /** There once the weights are int8: `weight / scale` is what they stand for. */
  readonly scale: Variable | undefined;

  private constructor(config: Int8QuantizationConfig | null, scale?: Variable) {
    this.config = config;
    this.scale = scale;
  }

  /** What the options of a layer say. */
  static wanted({ quantizationConfig: given }: QuantizationOptions): Quantization {
    return new Quantization(quantizationConfig(given));
  }

  /** What quantizes the inputs of each call; null where they stay as they are. */
  get inputs(): Quantizer | null {
    return this.config === null ? new AbsMaxQuantizer() : this.config.activationQuantizer;
  }

  /**
   * Makes the weight in int8, and its scale, if the layer's policy says so.
   *
   * @returns both, or undefined where the weight is to be a float
   * @throws UnsupportedError for another mode than `"int8"`
   */
  build(
    layer: Layer,
    name: string,
    shape: readonly (number | null)[],
    scaleName: string,
    scaleShape: readonly (number | null)[],
  ): readonly [weight: Variable, quantization: Quantization] | undefined {
    if (layer.quantizationMode === null) return undefined;
    checkMode(layer.quantizationMode, layer.name);
    const weight = layer.addWeight({ name, shape, initializer: "zeros", dtype: "int8", trainable: false });
    const scale = layer.addWeight({
      name: scaleName,
      shape: scaleShape,
      initializer: "ones",
      trainable: false,
    });
    return [weight, new Quantization(this.config, scale)];
  }

  /**
   * Checks that a layer can be quantized now, before it changes.
   *
   * @param Class the class that knows how; subclasses may compute something else
   * @returns the weight, the policy that the layer will have, and what quantizes the weight if the config says it
   * @throws UnsupportedError, StateError, ValueError
   */
  check(
    layer: Layer,
    Class: unknown,
    mode: string,
    weight: Variable | undefined,
    options: QuantizeOptions,
  ): { weight: Variable; policy: QuantizedDTypePolicy; quantization: Quantization } {
    if ((options.typeCheck ?? true) && layer.constructor !== Class) {
      throw new UnsupportedError(`quantize: layer "${layer.name}" is of a class that does not say how.`);
    }
    checkMode(mode, layer.name);
    if (weight === undefined) throw new StateError(`quantize: layer "${layer.name}" is not built yet.`);
    if (this.scale !== undefined)
      throw new StateError(`quantize: layer "${layer.name}" is quantized already.`);
    const config = quantizationConfig(options.config) ?? new Int8QuantizationConfig();
    if (config.mode !== mode) {
      throw new ValueError(`quantize: the config is for ${show(config.mode)}. Received: mode=${show(mode)}`);
    }
    const policy = new QuantizedDTypePolicy(mode, layer.dtypePolicy.name as "float32");
    return { weight, policy, quantization: new Quantization(config) };
  }

  /** The weight's integers and their scale. */
  quantize(weight: Tensor, axis: number | readonly number[]): [values: Tensor, scale: Tensor] {
    const quantizer = this.config?.weightQuantizer ?? new AbsMaxQuantizer();
    const own = quantizer instanceof AbsMaxQuantizer ? quantizer.axis : null;
    return quantizer(weight, own ?? axis);
  }

  /** A layer's variables as Keras's files have them: the quantized weight first, its scale last. */
  stored(own: readonly Variable[], weight: Variable | undefined): readonly Variable[] {
    const { scale } = this;
    if (scale === undefined || weight === undefined) return own;
    return [weight, ...own.filter((v) => v !== weight && v !== scale), scale];
  }

  /** The part of a layer's config. */
  toConfig(): SerializedObject | null {
    return this.config && serializeKerasObject(this.config);
  }
}

function checkMode(mode: string, name: string): void {
  if (mode === "int8") return;
  throw new UnsupportedError(
    `Layer "${name}": of the quantization modes only "int8" is supported. Received: ${show(mode)}`,
  );
}
