/** An embedding that can be gone through backwards. */
import {
  asDType,
  checkOptions,
  customGradient,
  type DType,
  divide,
  matmul,
  multiply,
  type Tensor,
  tanh,
  transpose,
} from "../../../engine/index.ts";
import { type KerasShape, KerasTensor } from "../../backend/keras_tensor.ts";
import { setKerasMask } from "../../backend/masking.ts";
import type { Variable } from "../../backend/variable.ts";
import { AbsMaxQuantizer } from "../../quantizers/abs_max_quantizer.ts";
import type { Config } from "../../saving/config.ts";
import type { CallArguments, CallOptions } from "../call_inputs.ts";
import { layerOptionNames, pickOptions } from "../layer_options.ts";
import type { QuantizeOptions } from "../quantize_options.ts";
import { Embedding, type EmbeddingOptions, embeddingOptionNames } from "./embedding.ts";
import { type MatrixFormat, QuantizedMatrix, quantizeMatrix } from "./quantization/quantized_matrix.ts";

/** Options of {@link ReversibleEmbedding}. */
export interface ReversibleEmbeddingOptions extends Omit<EmbeddingOptions, "weights"> {
  /** Whether the way back uses the same table. Default true. */
  readonly tieWeights?: boolean;
  /** The dtype of the way back. Default: the layer's. */
  readonly reverseDtype?: DType | null;
  /** Logits become `tanh(logits / cap)·cap`. */
  readonly logitSoftCap?: number | null;
}

/**
 * An {@link Embedding} for language models: called with `{ reverse: true }` it projects vectors back to a logit for each
 * number, by the transpose of its table, or with `tieWeights: false` by a matrix of its own.
 *
 * Input: whole numbers of any shape; with `reverse` `(…, outputDim)`. Output: `(…, outputDim)`; with `reverse`
 * `(…, inputDim)`. Weights: `embeddings` `(inputDim, outputDim)`, without tied weights `reverse_embeddings`
 * `(outputDim, inputDim)`.
 *
 * @throws ValueError unless both sizes are positive whole numbers
 *
 * @example
 * ```ts
 * const layer = new ReversibleEmbedding(3, 2, { embeddingsInitializer: "ones" });
 * const x = layer([[0, 2]]);
 * layer(x, { reverse: true }).arraySync(); // → [[[2, 2, 2], [2, 2, 2]]]
 * ```
 */
export class ReversibleEmbedding extends Embedding {
  static override readonly className: string = "ReversibleEmbedding";
  readonly tieWeights: boolean;
  readonly reverseDtype: DType | null;
  readonly logitSoftCap: number | null;
  /** There once the layer is built, unless weights are tied. */
  reverseEmbeddings: Variable | undefined;
  #reverse: QuantizedMatrix | undefined;

  /**
   * @param inputDim how many numbers there are
   * @param outputDim the size of the vectors
   * @param options those of {@link Embedding}, `tieWeights` (default true), `reverseDtype`, `logitSoftCap`
   */
  constructor(inputDim: number, outputDim: number, options: ReversibleEmbeddingOptions = {}) {
    const inherited = [...embeddingOptionNames, ...layerOptionNames];
    checkOptions("ReversibleEmbedding", options, [
      ...["tieWeights", "reverseDtype", "logitSoftCap"],
      ...inherited,
    ]);
    super(inputDim, outputDim, pickOptions(options, inherited));
    this.tieWeights = options.tieWeights ?? true;
    const dtype = options.reverseDtype ?? null;
    this.reverseDtype = dtype === null ? null : asDType(dtype, "ReversibleEmbedding");
    this.logitSoftCap = options.logitSoftCap ?? null;
  }

  override build(): void {
    super.build();
    if (this.tieWeights || this.quantized !== undefined) return;
    this.reverseEmbeddings = this.addWeight({
      name: "reverse_embeddings",
      shape: [this.outputDim, this.inputDim],
      initializer: this.embeddingsInitializer,
    });
  }

  protected override buildQuantized(mode: string): QuantizedMatrix {
    const table = super.buildQuantized(mode);
    if (this.tieWeights) return table;
    const { format, variables } = table;
    const reverse: MatrixFormat = {
      ...{ ...format, rows: this.outputDim, columns: this.inputDim, packedAxis: 0, axis: 0 },
    };
    this.#reverse = QuantizedMatrix.build(this, "reverse_embeddings", reverse, variables.groups);
    this.reverseEmbeddings = this.#reverse.variables.values;
    return table;
  }

  override quantize(mode?: string | null, options: QuantizeOptions = {}): void {
    const before = this.reverseEmbeddings;
    super.quantize(mode, options);
    if (before === undefined || this.#reverse === undefined) return;
    const quantizer = this.quantizationConfig?.weightQuantizer ?? null;
    this.#reverse.assign(quantizeMatrix(before.value, this.#reverse.format, quantizer));
    this.forgetWeight(before);
  }

  protected override get quantizableClass(): unknown {
    return ReversibleEmbedding;
  }

  protected override callOptionNames(): readonly string[] {
    return ["reverse"];
  }

  override call(inputs: Tensor, options: CallArguments): Tensor {
    if (options.reverse === true) return this.#project(inputs);
    const output = super.call(inputs, options);
    const mask = super.computeMask(inputs);
    if (mask !== null) setKerasMask(output, mask);
    return output;
  }

  #project(x: Tensor): Tensor {
    const logits = this.quantized === undefined ? this.#logits(x) : this.#quantizedLogits(x, this.quantized);
    const cap = this.logitSoftCap;
    return cap === null ? logits : multiply(tanh(divide(logits, cap)), cap);
  }

  #logits(x: Tensor): Tensor {
    const kernel = this.reverseEmbeddings?.value ?? transpose(this.embeddings);
    const dtype = this.reverseDtype ?? x.dtype;
    return matmul(x.astype(dtype), kernel.astype(dtype));
  }

  /** Like Keras without LoRA's change, and in the layer's own dtype. */
  #quantizedLogits(x: Tensor, table: QuantizedMatrix): Tensor {
    const config = this.quantizationConfig;
    const quantizer = config === null ? new AbsMaxQuantizer() : config.activationQuantizer;
    const floats = (): Tensor => this.#reverse?.floats() ?? transpose(table.floats());
    const dtype = this.computeDtype;
    if (quantizer === null) return matmul(x, floats().astype(dtype));
    return customGradient((x) => {
      const [whole, scale] = quantizer(x);
      const product = matmul(whole.astype(dtype), floats().astype(dtype));
      return [
        divide(product, scale).astype(dtype),
        (upstream) => matmul(upstream, transpose(floats())).astype(x.dtype),
      ];
    })(x);
  }

  protected override get storedVariables(): readonly Variable[] {
    const own = super.storedVariables;
    const reverse = this.#reverse?.all.filter((v) => !own.includes(v)) ?? [];
    return this.quantized === undefined ? own : [...own, ...reverse];
  }

  /** Masks are attached by the call, which knows the direction. */
  override computeMask(): null {
    return null;
  }

  override computeOutputShape(
    inputShape: KerasShape,
    options: { readonly reverse?: boolean } = {},
  ): KerasShape {
    return options.reverse === true
      ? [...inputShape.slice(0, -1), this.inputDim]
      : super.computeOutputShape(inputShape);
  }

  override computeOutputSpec(inputs: KerasTensor, options: CallOptions = {}): KerasTensor {
    const shape = this.computeOutputShape(inputs.shape, { reverse: options.reverse === true });
    return new KerasTensor(shape, { dtype: this.computeDtype });
  }

  override getConfig(): Config {
    return {
      ...super.getConfig(),
      tie_weights: this.tieWeights,
      reverse_dtype: this.reverseDtype,
      logit_soft_cap: this.logitSoftCap,
    };
  }
}
