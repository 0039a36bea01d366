/** Layers one after the other, for preparing data. */
import { show, type Tensor, ValueError } from "../../../engine/index.ts";
import type { KerasTensor, ShapeTree } from "../../backend/keras_tensor.ts";
import { type AnyMasks, masksOf } from "../../backend/masking.ts";
import type { Config } from "../../saving/config.ts";
import { deserializeKerasObject, serializeKerasObject } from "../../saving/serialization_lib.ts";
import type { CallArguments, CallOptions, LayerInputs, SymbolicInputs, Tensors } from "../call_inputs.ts";
import { type AnyLayer, Layer, type LayerClass } from "../layer.ts";
import { baseOptions } from "../layer_options.ts";
import type { ImageBatch } from "./image_preprocessing/image_batch.ts";

export interface Pipeline {
  (data: ImageBatch, options?: CallOptions): ImageBatch<Tensor>;
  (inputs: LayerInputs, options?: CallOptions): Tensor;
}

/** Options of {@link Pipeline}. */
export interface PipelineOptions {
  /** What the layer is called. Default: automatic, such as `pipeline_1`. */
  readonly name?: string | null;
}

/**
 * Applies layers one after the other, for preparing data. Unlike a `Sequential` it takes any structure of inputs, such as the
 * objects of image layers, and unless a call or the model around says otherwise it is training.
 *
 * Input: what the first layer takes. Output: what the last one gives.
 *
 * @throws ValueError unless there are layers, and nothing else
 *
 * @example
 * ```ts
 * const pipeline = new Pipeline([new Rescaling(1 / 255), new CenterCrop(2, 2)]);
 * pipeline(np.ones([1, 4, 4, 3])).shape; // → [1, 2, 2, 3]
 * ```
 */
export class Pipeline extends Layer {
  static readonly className: string = "Pipeline";
  static override readonly positional: readonly string[] = ["layers"];
  readonly layers: readonly AnyLayer[];

  /**
   * @param layers in order
   * @param options `name`
   */
  constructor(layers: readonly AnyLayer[], options: PipelineOptions = {}) {
    super(baseOptions("Pipeline", options, []));
    if (!(Array.isArray(layers) && layers.length > 0 && layers.every((layer) => layer instanceof Layer))) {
      throw new ValueError(`Pipeline: expected an array of layers. Received: ${show(layers)}`);
    }
    this.layers = layers;
  }

  protected override get defaultTraining(): boolean {
    return true;
  }

  override apply(data: ImageBatch, options?: CallOptions): ImageBatch<Tensor>;
  override apply(inputs: LayerInputs, options?: CallOptions): Tensor;
  override apply(inputs: SymbolicInputs, options?: CallOptions): KerasTensor;
  override apply(inputs: unknown, options?: CallOptions): never {
    return super.apply(inputs as LayerInputs, options) as never;
  }

  override call(inputs: Tensors, { training, mask }: CallArguments): Tensor {
    let outputs = inputs;
    let masks: AnyMasks | undefined = mask;
    for (const layer of this.layers) {
      outputs = layer.apply(outputs, { training, ...(masks !== undefined && { mask: masks as never }) });
      masks = masksOf(outputs);
    }
    // Whatever the last layer gives.
    return outputs as Tensor;
  }

  override computeOutputShape(inputShape: ShapeTree): ShapeTree {
    return this.layers.reduce((shape, layer) => layer.computeOutputShape(shape), inputShape);
  }

  override getConfig(): Config {
    return { layers: this.layers.map((layer) => serializeKerasObject(layer)), name: this.name };
  }

  static override fromConfig<T>(this: LayerClass<T>, config: Config): T {
    const { layers } = config;
    if (!Array.isArray(layers)) {
      throw new ValueError(
        `Pipeline: expected a config with an array of layers. Received: layers=${show(layers)}`,
      );
    }
    return Layer.fromConfig.call(this, {
      ...config,
      layers: layers.map((layer) => deserializeKerasObject(layer)),
    }) as T;
  }
}
