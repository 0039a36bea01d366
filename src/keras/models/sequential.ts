/** Models that are stacks of layers. */
import {
  checkOptions,
  type DType,
  ShapeError,
  StateError,
  show,
  showShape,
  Tensor,
  ValueError,
} from "../../engine/index.ts";
import {
  isShape,
  type KerasShape,
  KerasTensor,
  type ShapeTree,
  sameKerasShape,
  standardizeShape,
} from "../backend/keras_tensor.ts";
import { getKerasMask, setKerasMask } from "../backend/masking.ts";
import type { CallArguments } from "../layers/call_inputs.ts";
import { InputLayer } from "../layers/core/input_layer.ts";
import { type AnyLayer, Layer, type LayerClass } from "../layers/layer.ts";
import type { Config } from "../saving/config.ts";
import {
  type CustomObjects,
  deserializeKerasObject,
  serializeKerasObject,
} from "../saving/serialization_lib.ts";
import { Model } from "./model.ts";
import { standardizeInput } from "./standardize_inputs.ts";

/** What a Sequential is made of: layers, and `Input` as the first. */
export type SequentialItem = Layer | KerasTensor;

/** Options of {@link Sequential}. */
export interface SequentialOptions {
  /** What the model is called. Default: automatic, such as `sequential_1`. */
  readonly name?: string | null;
  /** Whether training updates the weights. Default true. */
  readonly trainable?: boolean;
}

/**
 * A stack of layers, each with one input and one output.
 *
 * With an `Input` first (or `inputShape` in the first layer) the model is built while layers are added; without, by the
 * first call, by `fit`, or by `build`.
 *
 * @throws ValueError for what is no layer, for a name that occurs twice, for a second `Input`
 *
 * @example
 * ```ts
 * const model = new Sequential([
 *   Input([16]),
 *   new layers.Dense(8, { activation: "relu" }),
 *   new layers.Dense(1),
 * ]);
 * model.countParams(); // → 145
 * model.outputShape; // → [null, 1]
 * ```
 */
export class Sequential extends Model {
  static override readonly className: string = "Sequential";
  static override readonly module: string = "keras";
  readonly #layers: Layer[] = [];
  #inputLayer: InputLayer | undefined;
  /** The symbolic outputs: of the input, then of each layer. Empty until the model is built. */
  readonly #outputs: KerasTensor[] = [];

  /**
   * @param layers the stack from the input to the output
   * @param options `name`, `trainable`
   */
  constructor(layers: readonly SequentialItem[] | null = null, options: SequentialOptions = {}) {
    checkOptions("Sequential", options, ["name", "trainable"]);
    super(options);
    if (layers !== null && !Array.isArray(layers)) {
      throw new ValueError(`Sequential: expected an array of layers. Received: ${show(layers)}`);
    }
    // Very deep models have many names.
    const names = new Set<string>();
    const isTaken = (name: string): boolean => names.size === names.add(name).size;
    for (const layer of layers ?? []) this.#push(layer, isTaken);
    this.#buildIfPossible();
  }

  /**
   * Puts a layer on top of the stack.
   *
   * @throws ValueError for what is no layer, for a name that occurs already, for a second `Input`
   */
  add(layer: SequentialItem): void {
    const isTaken = (name: string): boolean =>
      this.#inputLayer?.name === name || this.#layers.some((other) => other.name === name);
    const added = this.#push(layer, isTaken);
    try {
      this.#buildIfPossible();
    } catch (error) {
      // What does not fit is not part of the model.
      if (added instanceof InputLayer) this.#inputLayer = undefined;
      else this.#layers.pop();
      throw error;
    }
    this.forgetPrograms();
  }

  /**
   * Takes the last layer from the stack.
   *
   * @throws StateError when there is none
   */
  pop(): Layer {
    const layer = this.#layers.pop();
    if (layer === undefined)
      throw new StateError(`pop: there are no layers in the Sequential model "${this.name}".`);
    this.#outputs.length = Math.min(this.#outputs.length, this.#layers.length + 1);
    this.built = this.#layers.length > 0 && this.#outputs.length > 0;
    this.forgetPrograms();
    return layer;
  }

  /** @param isTaken whether a layer has a name already */
  #push(item: unknown, isTaken: (name: string) => boolean): Layer {
    const layer = item instanceof KerasTensor ? item.history?.node.operation : item;
    if (!(layer instanceof Layer) || (item instanceof KerasTensor && !(layer instanceof InputLayer))) {
      throw new ValueError(
        `Sequential: only layers and Input can be added to a Sequential model. Received: ${show(item)}`,
      );
    }
    if (this.#layers.length === 0 && this.#inputLayer === undefined && layer.inputShapeOption !== undefined) {
      this.#push(new InputLayer({ shape: layer.inputShapeOption, dtype: layer.computeDtype }), isTaken);
    }
    if (isTaken(layer.name)) {
      throw new ValueError(
        `Sequential: layers need names of their own, but there is a layer "${layer.name}" in model "${this.name}" already. ` +
          "Give the new one another name.",
      );
    }
    if (!(layer instanceof InputLayer)) this.#layers.push(layer);
    else if (this.#inputLayer === undefined && this.#layers.length === 0) this.#inputLayer = layer;
    else {
      throw new ValueError(
        this.#inputLayer === undefined
          ? `Sequential: an Input is the first of a model, but "${this.name}" has layers already.`
          : `Sequential: model "${this.name}" has the input shape ${showShape(this.#inputLayer.batchShape)} already. ` +
              "It cannot have another Input.",
      );
    }
    return layer;
  }

  /** Calls the layers that have no symbolic output yet. */
  #buildIfPossible(): void {
    if (this.#inputLayer !== undefined && this.#layers.length > 0) this.build(this.#inputLayer.batchShape);
  }

  /**
   * Makes the weights of all layers.
   *
   * @param inputShape with the axis of samples, which may be `null`
   * @throws StateError when there are no layers; ShapeError when the model has another input shape already or a layer
   *   cannot take the shape
   */
  override build(inputShape: ShapeTree): void {
    // Layers may take inputs of any structure; then each call builds what it meets.
    if (!isShape(inputShape)) return;
    const shape = standardizeShape(inputShape, `Sequential "${this.name}"`);
    if (this.#layers.length === 0) {
      throw new StateError(
        `Sequential model "${this.name}" cannot be built because it has no layers. Add some: model.add(layer)`,
      );
    }
    if (this.#inputLayer !== undefined && !sameKerasShape(this.#inputLayer.batchShape, shape)) {
      throw new ShapeError(
        `Sequential model "${this.name}" has the input shape ${showShape(this.#inputLayer.batchShape)} already. ` +
          `It cannot be built with ${showShape(shape)}`,
      );
    }
    const input =
      this.#inputLayer ?? new InputLayer({ batchShape: shape, dtype: this.#layers[0]!.computeDtype });
    const outputs = this.#outputs.length > 0 ? [...this.#outputs] : [input.output];
    for (const layer of this.#layers.slice(outputs.length - 1)) {
      const output = layer.apply(outputs.at(-1)!);
      if (!(output instanceof KerasTensor)) {
        throw new ValueError(`Sequential: layers have one output, but layer "${layer.name}" has several.`);
      }
      outputs.push(output);
    }
    this.#inputLayer = input;
    this.#outputs.splice(0, this.#outputs.length, ...outputs);
  }

  protected override get notesMask(): boolean {
    return true;
  }

  override call(inputs: Tensor, { training, mask }: CallArguments): Tensor {
    const input = this.#outputs[0];
    let x =
      input !== undefined && inputs instanceof Tensor ? standardizeInput(inputs, input, this.name) : inputs;
    if (mask instanceof Tensor && getKerasMask(x) !== mask) {
      // Another tensor: the caller's own does not get a mask.
      x = x.reshape(x.shape);
      setKerasMask(x, mask);
    }
    for (const layer of this.#layers) x = layer.apply(x, { training });
    return x;
  }

  /** The layers from the first to the last, without the `Input`. */
  override get layers(): Layer[] {
    return [...this.#layers];
  }

  /** The `Input`, if it is known. */
  get inputLayer(): InputLayer | undefined {
    return this.#inputLayer;
  }

  override get savesLayersFirst(): boolean {
    return true;
  }

  protected override sublayers(): readonly AnyLayer[] {
    return this.#layers;
  }

  override computeOutputShape(inputShape: ShapeTree): ShapeTree {
    return this.#layers.reduce((shape, layer) => layer.computeOutputShape(shape), inputShape);
  }

  protected override outputDType(inputs: unknown): DType {
    return this.#outputs.at(-1)?.dtype ?? super.outputDType(inputs);
  }

  /** The symbolic inputs: one. */
  override get inputs(): KerasTensor[] {
    return [this.#needBuilt("inputs")[0]!];
  }

  /** The symbolic outputs: one. */
  override get outputs(): KerasTensor[] {
    return [this.#needBuilt("outputs").at(-1)!];
  }

  /**
   * The shape of inputs, `null` for the number of samples.
   *
   * @throws StateError before the model is built
   */
  override get inputShape(): KerasShape {
    return this.#needBuilt("input shape")[0]!.shape;
  }

  /**
   * The shape of outputs, `null` for the number of samples.
   *
   * @throws StateError before the model is built
   */
  override get outputShape(): KerasShape {
    return this.#needBuilt("output shape").at(-1)!.shape;
  }

  protected override symbolicInputs(): KerasTensor | undefined {
    return this.#outputs[0];
  }

  #needBuilt(what: string): readonly KerasTensor[] {
    if (this.#outputs.length > 0) return this.#outputs;
    throw new StateError(
      `Sequential model "${this.name}" has no defined ${what} yet: build it, or begin with an Input.`,
    );
  }

  override beforeBuild(): () => void {
    const restore = super.beforeBuild();
    const [input, outputs] = [this.#inputLayer, [...this.#outputs]];
    return () => {
      restore();
      this.#inputLayer = input;
      this.#outputs.splice(0, this.#outputs.length, ...outputs);
    };
  }

  override getConfig(): Config {
    const all = this.#inputLayer === undefined ? this.#layers : [this.#inputLayer, ...this.#layers];
    return {
      ...super.getConfig(),
      layers: all.map((layer) => serializeKerasObject(layer)),
      ...(this.#outputs.length > 0 && { build_input_shape: this.inputShape }),
    };
  }

  /**
   * A model from what `getConfig` gave.
   *
   * @param customObjects classes of your own by their names
   */
  static override fromConfig<T>(this: LayerClass<T>, config: Config, customObjects?: CustomObjects): T {
    if (!Array.isArray(config.layers) || typeof config.name !== "string") {
      throw new ValueError(
        `Sequential.fromConfig: expected a config with "name" and "layers". Received: ${show(config)}`,
      );
    }
    const items = config.layers.map((layer) =>
      deserializeKerasObject(layer, { customObjects: customObjects ?? null }),
    );
    const { name, trainable = true, build_input_shape: shape } = config;
    const make = this as unknown as new (layers: unknown, options: unknown) => T & Sequential;
    const model = new make(items, { name, trainable });
    if (!model.built && shape !== undefined && shape !== null) model.build(shape as ShapeTree);
    return model;
  }
}
