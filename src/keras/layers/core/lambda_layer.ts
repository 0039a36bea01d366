/** The layer that computes a function given as it is. */
import { isPlainObject, show, Tensor, ValueError } from "../../../engine/index.ts";
import { isShape, type KerasShape, mapShapes, type ShapeTree } from "../../backend/keras_tensor.ts";
import type { AnyMasks } from "../../backend/masking.ts";
import type { Config } from "../../saving/config.ts";
import { customObject } from "../../saving/object_registration.ts";
import { deserializeKerasObject, isCode, serializeKerasObject } from "../../saving/serialization_lib.ts";
import type { CallArguments, CallOptions, SymbolicInputs, Tensors } from "../call_inputs.ts";
import { Layer, type LayerClass } from "../layer.ts";
import { baseOptions, type LayerOptions } from "../layer_options.ts";

/** What a {@link Lambda} computes: a function of the inputs, of `arguments`, and of `training` and `mask`. */
export type LambdaFunction<In extends Tensors = Tensor, Out extends Tensors = Tensor> = (
  inputs: In,
  options: CallArguments,
) => Out;

/** Options of {@link Lambda}. */
export interface LambdaOptions extends LayerOptions {
  /**
   * The shape of the output: without the axis of samples, or a function of the whole shape of the input. Default: found
   * by tracing the function.
   */
  readonly outputShape?: ShapeTree | ((inputShape: ShapeTree) => ShapeTree) | null;
  /** The mask of the output: a tensor, or a function of the inputs and their mask. Default: none. */
  readonly mask?: Tensor | ((inputs: Tensors, mask?: AnyMasks) => AnyMasks | null | undefined) | null;
  /** What the function gets in its options, besides `training` and `mask`. */
  readonly arguments?: Readonly<Record<string, unknown>> | null;
}

/**
 * A function as a layer: for simple steps and experiments. A class of one's own that extends `Layer` can have weights, and
 * can be saved without code in files.
 *
 * Configs hold the name of the function if it is registered, else its source, which is there to be read by people: nothing in
 * a file is ever run. Who loads such a file, or one with a lambda of Python, gives the function under the name of the layer:
 * `customObjects: { halve: (x) => x.divide(2) }`.
 *
 * Input: what the function takes. Output: what it gives.
 *
 * @throws ValueError for what is no function; in `fromConfig` when the function is not given
 *
 * @example
 * ```ts
 * const model = new Sequential([Input([3]), new Lambda((x) => x.multiply(2).add(1))]);
 * model([[1, 2, 3]]).arraySync(); // → [[3, 5, 7]]
 * ```
 *
 * @example
 * ```ts
 * const scale = new Lambda((x, { by }) => x.multiply(by as number), { arguments: { by: 3 } });
 * scale([1, 2]).arraySync(); // → [3, 6]
 * ```
 *
 * @example
 * ```ts
 * const json = new Sequential([Input([1]), new Lambda((x) => x.divide(2), { name: "halve" })]).toJson();
 * models.modelFromJson(json); // → throws ValueError: The config holds the code of a function …
 * models.modelFromJson(json, { customObjects: { halve: (x: Tensor) => x.divide(2) } })([[6]]).arraySync(); // → [[3]]
 * ```
 */
export class Lambda<In extends Tensors = Tensor, Out extends Tensors = Tensor> extends Layer<Out> {
  static readonly className: string = "Lambda";
  static override readonly positional: readonly string[] = ["function"];
  /** The function that the layer computes. */
  readonly function: LambdaFunction<In, Out>;
  override readonly arguments: Readonly<Record<string, unknown>>;
  readonly mask: NonNullable<LambdaOptions["mask"]> | null;
  readonly outputShape: NonNullable<LambdaOptions["outputShape"]> | null;

  /**
   * @param fn is called with the inputs and an object of `training`, `mask` and the `arguments`
   * @param options `outputShape`, `mask`, `arguments`, and those of every layer
   */
  constructor(fn: LambdaFunction<In, Out>, options: LambdaOptions = {}) {
    if (typeof fn !== "function") {
      throw new ValueError(`Lambda: expected a function. Received: ${show(fn)}`);
    }
    super(baseOptions("Lambda", options, ["outputShape", "mask", "arguments"]));
    this.function = fn;
    this.arguments = options.arguments ?? {};
    this.mask = options.mask ?? null;
    this.outputShape = options.outputShape ?? null;
    this.supportsMasking = this.mask !== null;
    this.built = true;
  }

  protected override get notesMask(): boolean {
    return true;
  }

  override call(inputs: In, { training, mask }: CallArguments): Out {
    return this.function(inputs, { ...this.arguments, training, mask });
  }

  override computeMask(inputs: Tensors | SymbolicInputs, mask?: AnyMasks): AnyMasks | null | undefined {
    return typeof this.mask === "function" && !(this.mask instanceof Tensor)
      ? this.mask(inputs as Tensors, mask)
      : this.mask;
  }

  override computeOutputShape(inputShape: ShapeTree): ShapeTree {
    const { outputShape } = this;
    if (outputShape === null) return this.#inferred(() => super.computeOutputShape(inputShape));
    if (typeof outputShape === "function") return outputShape(inputShape);
    const samples = firstShape(inputShape)[0] ?? null;
    return mapShapes(outputShape, (shape) => [samples, ...shape]) as ShapeTree;
  }

  override computeOutputSpec(inputs: unknown, options: CallOptions = {}): unknown {
    if (this.outputShape !== null) return super.computeOutputSpec(inputs, options);
    return this.#inferred(() => this.traceCall(inputs, options));
  }

  #inferred<R>(find: () => R): R {
    try {
      return find();
    } catch (cause) {
      if (!(cause instanceof Error)) throw cause;
      throw new ValueError(
        `Lambda "${this.name}": the shape of the output could not be found by calling the function without data: ` +
          `${cause.message} If the function is right, give outputShape.`,
        { cause },
      );
    }
  }

  override getConfig(): Config {
    const { outputShape, mask } = this;
    return {
      ...super.getConfig(),
      function: serializeKerasObject(this.function),
      ...(outputShape !== null && { output_shape: serializeKerasObject(outputShape) }),
      ...(mask !== null && { mask: serializeKerasObject(mask) }),
      arguments: serializeKerasObject(this.arguments),
    };
  }

  static override fromConfig<T>(this: LayerClass<T>, config: Config): T {
    const read = (key: string): Config => {
      const value = config[key];
      if (key === "function" && isCode(value)) {
        const given = customObject(String(config["name"]));
        if (typeof given === "function") return { [key]: given };
      }
      return isPlainObject(value) || Array.isArray(value) ? { [key]: deserializeKerasObject(value) } : {};
    };
    const parts = ["function", "output_shape", "mask", "arguments"].map(read);
    return Layer.fromConfig.call(this, Object.assign({}, config, ...parts) as Config) as T;
  }
}

/** The first shape in a structure of shapes. */
function firstShape(shapes: ShapeTree): KerasShape {
  if (isShape(shapes)) return shapes;
  const [first = []] = Object.values(shapes);
  return firstShape(first);
}
