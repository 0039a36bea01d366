/** Crossed categories by hashing. */
import { isInteger, ShapeError, show, type Tensor, toTensor, ValueError } from "../../../engine/index.ts";
import type { KerasShape } from "../../backend/keras_tensor.ts";
import type { Config } from "../../saving/config.ts";
import { checkChoice } from "../../utils/argument_validation.ts";
import { baseOptions, type LayerOptions } from "../layer_options.ts";
import { encodeCategories, refuseSparse } from "./encode.ts";
import { crossFingerprints, fingerprintOf } from "./fingerprint.ts";
import { withInt32 } from "./integer_dtype.ts";
import { checkBins, type TokenInputs, TokenLayer, tokensOf, wholeNumbers } from "./token_layer.ts";

/** Options of {@link HashedCrossing}. */
export interface HashedCrossingOptions extends LayerOptions {
  /** `"int"` (default): the bins; `"one_hot"`: vectors. */
  readonly outputMode?: "int" | "one_hot";
  /** Not supported: there are no sparse tensors. Default false. */
  readonly sparse?: boolean;
}

/** The key that TensorFlow's crossings begin with. */
const crossingKey = 0xdecafcaffen;

/**
 * Puts combinations of several features into bins by their hashes.
 *
 * Input: two features or more, each strings or whole numbers of shape `()`, `(samples,)` or `(samples, 1)`.
 * Output: the number of the bin, of the same shape; with `outputMode: "one_hot"` vectors of `numBins` places.
 *
 * @throws ValueError for fewer features or floats, ShapeError for other shapes
 *
 * @example
 * ```ts
 * new HashedCrossing(5)([["A", "B", "A"], [101, 101, 102]]).arraySync(); // → [1, 4, 3]
 * ```
 */
export class HashedCrossing extends TokenLayer {
  static readonly className: string = "HashedCrossing";
  static override readonly positional: readonly string[] = ["numBins"];
  readonly numBins: number;
  readonly outputMode: "int" | "one_hot";
  readonly #written: "int64" | null;

  /**
   * @param numBins how many bins there are
   * @param options `outputMode` (default `"int"`), and those of every layer
   */
  constructor(numBins: number, options: HashedCrossingOptions = {}) {
    const [given, written] = withInt32(options, (options.outputMode ?? "int") === "int" ? "int64" : null);
    super(baseOptions("HashedCrossing", given, ["outputMode", "sparse"]));
    this.#written = written;
    this.numBins = checkBins(numBins, "HashedCrossing");
    const mode = options.outputMode ?? "int";
    this.outputMode = checkChoice(mode, ["int", "one_hot"], "HashedCrossing", "outputMode");
    refuseSparse("HashedCrossing", options.sparse);
    this.built = true;
  }

  protected override compute(inputs: readonly TokenInputs[]): Tensor {
    const where = `Layer "${this.name}"`;
    if (!Array.isArray(inputs) || inputs.length < 2) {
      throw new ValueError(`${where}: expected a list of two features or more. Received: ${show(inputs)}`);
    }
    const features = inputs.map((x) => tokensOf(x as TokenInputs, where));
    const [{ shape }] = features as [(typeof features)[0]];
    const fits = shape.length < 2 || (shape.length === 2 && shape[1] === 1);
    if (!fits || features.some((f) => f.shape.join() !== shape.join())) {
      throw new ShapeError(
        `${where}: expected features of equal shape (), (samples,) or (samples, 1). ` +
          `Received shapes: ${features.map((f) => `(${f.shape.join(", ")})`).join(", ")}`,
      );
    }
    features.forEach(({ values }, i) => {
      if (typeof values[0] !== "number") return;
      if (isInteger(toTensor(inputs[i] as Tensor).dtype) || values.every(Number.isSafeInteger)) return;
      throw new ValueError(`${where}: expected whole numbers or strings. Received: ${show(inputs[i])}`);
    });
    const bins = features[0]!.values.map((_, sample) => {
      const hash = features.reduce((crossed, { values }) => {
        const value = values[sample]!;
        const own = typeof value === "string" ? fingerprintOf(value) : BigInt.asUintN(64, BigInt(value));
        return crossFingerprints(crossed, own);
      }, crossingKey);
      return Number(hash % BigInt(this.numBins));
    });
    return encodeCategories(wholeNumbers(bins, shape), this.outputMode, this.numBins, this.computeDtype);
  }

  override computeOutputShape([first]: readonly KerasShape[]): KerasShape {
    const shape = first ?? [];
    if (this.outputMode === "int") return shape;
    return shape.at(-1) === 1 ? [...shape.slice(0, -1), this.numBins] : [...shape, this.numBins];
  }

  override getConfig(): Config {
    const { numBins, outputMode, name } = this;
    return {
      num_bins: numBins,
      output_mode: outputMode,
      sparse: false,
      name,
      dtype: this.#written ?? this.computeDtype,
    };
  }
}
