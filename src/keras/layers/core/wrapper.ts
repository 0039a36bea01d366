/** The base of layers that wrap another layer. */
import { show, type Tensor, ValueError } from "../../../engine/index.ts";
import type { ShapeTree } from "../../backend/keras_tensor.ts";
import type { Config } from "../../saving/config.ts";
import { deserializeKerasObject, serializeKerasObject } from "../../saving/serialization_lib.ts";
import type { Tensors } from "../call_inputs.ts";
import { type AnyLayer, Layer, type LayerClass } from "../layer.ts";
import type { LayerOptions } from "../layer_options.ts";

/**
 * Base of layers that take another layer and change what it does, to extend. The wrapped layer stands in `layer` and is
 * built with the wrapper.
 *
 * @throws ValueError when what is to be wrapped is no layer
 *
 * @example
 * ```ts
 * import type { Tensor } from "tsuno/engine";
 *
 * class Twice extends Wrapper {
 *   override call(x: Tensor): Tensor {
 *     return this.layer(this.layer(x)) as Tensor;
 *   }
 * }
 * new Twice(new Dense(1, { kernelInitializer: "ones" }))([[3]]).arraySync(); // → [[3]]
 * ```
 */
export class Wrapper<Out extends Tensors = Tensor> extends Layer<Out> {
  static readonly className: string = "Wrapper";
  static override readonly positional: readonly string[] = ["layer"];
  readonly layer: AnyLayer;

  /**
   * @param layer the layer to wrap
   * @param options those of every layer
   */
  constructor(layer: AnyLayer, options: LayerOptions = {}) {
    if (!(layer instanceof Layer)) {
      throw new ValueError(`Wrapper: expected a layer to wrap. Received: ${show(layer)}`);
    }
    super(options);
    this.layer = layer;
  }

  override build(inputShape: ShapeTree): void {
    if (!this.layer.built) this.layer.build(inputShape);
  }

  override getConfig(): Config {
    return { ...super.getConfig(), layer: serializeKerasObject(this.layer) };
  }

  static override fromConfig<T>(this: LayerClass<T>, config: Config): T {
    const layer = deserializeKerasObject(config.layer);
    return Layer.fromConfig.call(this, { ...config, layer }) as T;
  }
}
