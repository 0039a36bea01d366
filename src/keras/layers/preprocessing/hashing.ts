/** Categories by hashing. */
import { show, type Tensor, ValueError } from "../../../engine/index.ts";
import type { KerasShape } from "../../backend/keras_tensor.ts";
import type { Config } from "../../saving/config.ts";
import { checkChoice } from "../../utils/argument_validation.ts";
import { baseOptions, type LayerOptions } from "../layer_options.ts";
import { type EncodingMode, encodeCategories, refuseSparse } from "./encode.ts";
import { hashBucket } from "./fingerprint.ts";
import { withInt32 } from "./integer_dtype.ts";
import { checkBins, checkSalt, type TokenInputs, TokenLayer, tokensOf, wholeNumbers } from "./token_layer.ts";

/** Options of {@link Hashing}. */
export interface HashingOptions extends LayerOptions {
  /** What goes into bin 0, which then is for nothing else. */
  readonly maskValue?: string | number | null;
  /** One or two whole numbers; with them SipHash is used in place of FarmHash. */
  readonly salt?: number | readonly number[] | null;
  /** `"int"` (default): the bins; `"one_hot"`, `"multi_hot"`, `"count"`: see `CategoryEncoding`. */
  readonly outputMode?: EncodingMode;
  /** Not supported: there are no sparse tensors. Default false. */
  readonly sparse?: boolean;
}

/**
 * Puts strings or whole numbers into bins by their hashes.
 *
 * Input: (nested) arrays of strings, or whole numbers; floats are cut to whole numbers. Output: bins, or their encodings.
 *
 * @throws ValueError unless `numBins` is positive, and for unknown modes
 *
 * @example
 * ```ts
 * new Hashing(3)([["A"], ["B"], ["C"], ["D"], ["E"]]).arraySync(); // → [[1], [0], [1], [1], [2]]
 * ```
 */
export class Hashing extends TokenLayer {
  static readonly className: string = "Hashing";
  static override readonly positional: readonly string[] = ["numBins"];
  readonly numBins: number;
  readonly maskValue: string | number | null;
  readonly salt: readonly number[] | null;
  readonly outputMode: EncodingMode;
  readonly #written: "int64" | null;

  /**
   * @param numBins how many bins there are, with that of `maskValue`
   * @param options `maskValue`, `salt`, `outputMode` (default `"int"`), and those of every layer
   */
  constructor(numBins: number, options: HashingOptions = {}) {
    const [given, written] = withInt32(options, (options.outputMode ?? "int") === "int" ? "int64" : null);
    super(baseOptions("Hashing", given, ["maskValue", "salt", "outputMode", "sparse"]));
    this.#written = written;
    this.numBins = checkBins(numBins, "Hashing");
    const modes = ["int", "one_hot", "multi_hot", "count"] as const;
    this.outputMode = checkChoice(options.outputMode ?? "int", modes, "Hashing", "outputMode");
    if (this.outputMode === "int" && this.computeDtype !== "int32") {
      throw new ValueError(
        `Hashing: expected dtype to be int32 or int64 with outputMode "int". Received: dtype=${show(options.dtype)}`,
      );
    }
    refuseSparse("Hashing", options.sparse);
    this.maskValue = options.maskValue ?? null;
    this.salt = checkSalt(options.salt, "Hashing");
    this.built = true;
  }

  protected override compute(inputs: TokenInputs): Tensor {
    const { shape, values } = tokensOf(inputs, `Layer "${this.name}"`);
    const masks = this.maskValue !== null && this.numBins > 1;
    const bins = values.map((value) => {
      if (masks && value === this.maskValue) return 0;
      const text = typeof value === "string" ? value : String(Math.trunc(value) + 0);
      return hashBucket(text, masks ? this.numBins - 1 : this.numBins, this.salt) + (masks ? 1 : 0);
    });
    return encodeCategories(wholeNumbers(bins, shape), this.outputMode, this.numBins, this.computeDtype);
  }

  override computeOutputShape(inputShape: KerasShape): KerasShape {
    return this.outputMode === "int" ? inputShape : [...inputShape.slice(0, -1), this.numBins];
  }

  override getConfig(): Config {
    const { numBins, salt, maskValue, outputMode } = this;
    const base = super.getConfig();
    return {
      ...base,
      ...(this.#written && { dtype: { ...(base.dtype as object), config: { name: this.#written } } }),
      num_bins: numBins,
      salt,
      mask_value: maskValue,
      output_mode: outputMode,
      sparse: false,
    };
  }
}
