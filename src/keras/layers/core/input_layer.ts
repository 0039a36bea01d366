/** The layer that stands for the input of a model. */
import {
  asDType,
  checkOptions,
  type DType,
  StateError,
  type Tensor,
  UnsupportedError,
  ValueError,
} from "../../../engine/index.ts";
import { isShape, type KerasShape, KerasTensor, standardizeShape } from "../../backend/keras_tensor.ts";
import { floatx } from "../../config/config.ts";
import type { Config } from "../../saving/config.ts";
import { Layer } from "../layer.ts";

/** Options of {@link InputLayer} and `Input`. */
export interface InputOptions {
  /** The shape of one sample, `null` where a length may vary. */
  readonly shape?: KerasShape | null;
  /** The number of samples, where it is fixed. */
  readonly batchSize?: number | null;
  /** Default `config.floatx()`. */
  readonly dtype?: DType | null;
  /** The shape with the axis of samples, in place of `shape` and `batchSize`. */
  readonly batchShape?: KerasShape | null;
  readonly name?: string | null;
  /** Only false: all tensors are dense. */
  readonly sparse?: boolean | null;
  /** Only false: all rows have one length. */
  readonly ragged?: boolean | null;
  /** Whether the input may be left out. Default false. */
  readonly optional?: boolean;
}

const optionNames: readonly (keyof InputOptions)[] = [
  ...(["shape", "batchSize", "dtype", "batchShape", "name", "sparse", "ragged", "optional"] as const),
];

/**
 * The entry of a model: says which shape and dtype its inputs have.
 *
 * @throws ValueError when the shape is missing or given twice, UnsupportedError for sparse and ragged inputs
 *
 * @example
 * ```ts
 * new InputLayer({ shape: [28, 28] }).batchShape; // → [null, 28, 28]
 * ```
 */
export class InputLayer extends Layer {
  static readonly className: string = "InputLayer";
  /** The shape with the axis of samples. */
  readonly batchShape: KerasShape;
  readonly optional: boolean;
  readonly #dtype: DType;

  constructor(options: InputOptions) {
    checkOptions("InputLayer", options, optionNames);
    const { shape = null, batchShape = null, batchSize = null, name = null } = options;
    super({ name });
    if (shape !== null && batchShape !== null) {
      throw new ValueError("InputLayer: expected shape or batchShape. Received both");
    }
    if (batchSize !== null && batchShape !== null) {
      throw new ValueError("InputLayer: expected batchSize or batchShape. Received both");
    }
    if (shape === null && batchShape === null)
      throw new ValueError("InputLayer: expected a shape. Received none");
    if (options.sparse || options.ragged) {
      throw new UnsupportedError("InputLayer: sparse and ragged inputs are not supported.");
    }
    this.batchShape = standardizeShape(
      batchShape ?? [batchSize, ...standardizeShape(shape, "InputLayer")],
      "InputLayer",
    );
    this.#dtype = asDType(options.dtype ?? floatx(), "InputLayer");
    this.optional = options.optional ?? false;
    const output = new KerasTensor(this.batchShape, { dtype: this.#dtype, ...(name !== null && { name }) });
    this.record([], output);
    this.built = true;
  }

  /** The dtype of the input. */
  override get dtype(): DType {
    return this.#dtype;
  }

  override call(): Tensor {
    throw new StateError(`InputLayer "${this.name}" stands for the input of a model and cannot be called.`);
  }

  override getConfig(): Config {
    return {
      batch_shape: this.batchShape,
      dtype: this.dtype,
      sparse: false,
      ragged: false,
      name: this.name,
      optional: this.optional,
    };
  }
}

/**
 * A symbolic tensor for the input of a model.
 *
 * @param shape of one sample, `null` where a length may vary; or an object with it among the options
 * @param options `batchSize`, `dtype` (default `config.floatx()`), `name`; or `batchShape` in place of shape and batchSize
 *
 * @example
 * ```ts
 * const model = new Sequential([Input([16]), new Dense(8)]);
 * model.outputShape; // → [null, 8]
 * Input({ shape: [16], batchSize: 4 }).shape; // → [4, 16]
 * ```
 */
export function Input(shape: KerasShape | InputOptions, options: InputOptions = {}): KerasTensor {
  return new InputLayer(isShape(shape) ? { ...options, shape } : shape).output;
}
