/** The layer that stands for the input of a model. */
import {
  asDType,
  checkOptions,
  type DType,
  StateError,
  show,
  type Tensor,
  UnsupportedError,
  ValueError,
} from "../../../engine/index.ts";
import {
  isShape,
  type KerasShape,
  KerasTensor,
  sameKerasShape,
  standardizeShape,
} from "../../backend/keras_tensor.ts";
import { floatx } from "../../config/config.ts";
import type { Config } from "../../saving/config.ts";
import { Layer } from "../layer.ts";

/** Options of {@link InputLayer} and `Input`. */
export interface InputOptions {
  /** The shape of one sample, `null` where a length may vary. */
  readonly shape?: KerasShape | null;
  /** The number of samples, where it is fixed. */
  readonly batchSize?: number | null;
  /** The dtype of the values. Default `config.floatx()`. */
  readonly dtype?: DType | null;
  /** The shape with the axis of samples, in place of `shape` and `batchSize`. */
  readonly batchShape?: KerasShape | null;
  /** What the input is called, for data that comes by name. Default: automatic, such as `keras_tensor_1`. */
  readonly name?: string | null;
  /** Only false: all tensors are dense. */
  readonly sparse?: boolean | null;
  /** Only false: all rows have one length. */
  readonly ragged?: boolean | null;
  /** Whether the input may be left out. Default false. */
  readonly optional?: boolean;
}

/** Options of {@link InputLayer} beside those of `Input`. */
export interface InputLayerOptions extends InputOptions {
  /** A symbolic tensor to stand for the input, in place of a new one; from then on it comes from this layer. */
  readonly inputTensor?: KerasTensor | null;
}

const optionNames: readonly (keyof InputLayerOptions)[] = [
  ...(["shape", "batchSize", "dtype", "batchShape", "name", "sparse", "ragged", "optional"] as const),
  "inputTensor",
];

/** Refuses what contradicts a tensor that is to be the input. */
function checkInputTensor(tensor: unknown, options: InputLayerOptions): asserts tensor is KerasTensor {
  if (!(tensor instanceof KerasTensor)) {
    throw new ValueError(
      `InputLayer: expected inputTensor to be a symbolic tensor. Received: ${show(tensor)}`,
    );
  }
  const { shape, batchShape, batchSize, dtype } = options;
  const wrong = (what: keyof InputLayerOptions): never => {
    throw new ValueError(
      `InputLayer: ${what}=${show(options[what])} contradicts inputTensor=${tensor.toString()}`,
    );
  };
  if ((shape ?? null) !== null && !sameKerasShape(shape!, tensor.shape.slice(1))) wrong("shape");
  if ((batchShape ?? null) !== null && !sameKerasShape(batchShape!, tensor.shape)) wrong("batchShape");
  if ((batchSize ?? null) !== null && tensor.shape[0] !== batchSize) wrong("batchSize");
  if ((dtype ?? null) !== null && tensor.dtype !== dtype) wrong("dtype");
}

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

  /** @param options `shape`, or `batchShape`, or `inputTensor`; `batchSize`, `dtype`, `optional`, `name` */
  constructor(options: InputLayerOptions) {
    checkOptions("InputLayer", options, optionNames);
    const { name = null, inputTensor = null } = options;
    if (inputTensor !== null) checkInputTensor(inputTensor, options);
    super({ name });
    const {
      shape = null,
      batchShape = null,
      batchSize = null,
      dtype,
    } = inputTensor === null ? options : { batchShape: inputTensor.shape, dtype: inputTensor.dtype };
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
    this.#dtype = asDType(dtype ?? floatx(), "InputLayer");
    this.optional = options.optional ?? false;
    const own = { dtype: this.#dtype, ...(name !== null && { name }) };
    this.record([], inputTensor ?? new KerasTensor(this.batchShape, own));
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

/** Options of `Input`. */
export interface InputFunctionOptions extends InputOptions {
  /** A symbolic tensor to stand for the input, in place of a new one. */
  readonly tensor?: KerasTensor | null;
}

/**
 * A symbolic tensor for the input of a model.
 *
 * @param shape of one sample, `null` where a length may vary; or an object with it among the options
 * @param options `batchSize`, `dtype` (default `config.floatx()`), `name`, `optional`; or `batchShape` in place of
 *   shape and batchSize; or `tensor`, a symbolic tensor that becomes the input
 *
 * @example
 * ```ts
 * const model = new Sequential([Input([16]), new Dense(8)]);
 * model.outputShape; // → [null, 8]
 * Input({ shape: [16], batchSize: 4 }).shape; // → [4, 16]
 * ```
 */
export function Input(
  shape: KerasShape | InputFunctionOptions,
  options: InputFunctionOptions = {},
): KerasTensor {
  const { tensor = null, ...rest } = isShape(shape) ? { ...options, shape } : shape;
  return new InputLayer({ ...rest, inputTensor: tensor }).output;
}
