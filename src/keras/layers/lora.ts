/**
 * LoRA: a weight is frozen, and a change of low rank is trained in its place. The layer computes with
 * `weight + a·b · alpha / rank`.
 */
import { matmul, StateError, show, type Tensor, ValueError } from "../../engine/index.ts";
import type { Variable } from "../backend/variable.ts";
import type * as initializers from "../initializers/index.ts";
import type { Config } from "../saving/config.ts";
import type { LayerState, StoredChange } from "./layer_state.ts";
import { type WeightProperties, weightActions } from "./weight_options.ts";

/** Options of layers that can have LoRA. */
export interface LoraLayerOptions {
  /** The rank of a trainable change to the weight, which itself is frozen (LoRA). Default: there is none. */
  readonly loraRank?: number | null;
  /** The change is scaled by `loraAlpha / loraRank`. Default: the rank. */
  readonly loraAlpha?: number | null;
}

/** The names of these options. */
export const loraOptionNames = ["loraRank", "loraAlpha"] as const;

/** Options of `enableLora`. */
export interface LoraOptions {
  /** The change is scaled by `loraAlpha / rank`. Default: the rank. */
  readonly loraAlpha?: number | null;
  /** What the first factor begins with. Default `"he_uniform"`. */
  readonly aInitializer?: initializers.InitializerIdentifier;
  /** What the second factor begins with. Default `"zeros"`. */
  readonly bInitializer?: initializers.InitializerIdentifier;
}

/** The two factors of a change. */
interface Factors {
  readonly a: Variable;
  readonly b: Variable;
}

/** A quantized weight. */
interface Changeable {
  /** The values of its variables with which it would have a change added to it. */
  changed?(change: Tensor): ReadonlyMap<Variable, Tensor>;
}

/**
 * The LoRA of one weight of a layer.
 *
 * @example
 * ```ts
 * const layer = new Dense(2, { loraRank: 1 });
 * layer([[1, 2, 3]]);
 * layer.lora.rank; // → 1
 * ```
 */
export class Lora {
  /** The rank of the change; null where there is to be none. */
  readonly rank: number | null;
  readonly alpha: number | null;
  /** There once it is enabled. */
  readonly factors: Factors | undefined;

  private constructor(rank: number | null, alpha: number | null, factors?: Factors) {
    this.rank = rank;
    this.alpha = alpha;
    this.factors = factors;
  }

  /** What the options of a layer want; the layer enables it when it is built. */
  static wanted({ loraRank = null, loraAlpha = null }: LoraLayerOptions): Lora {
    return new Lora(loraRank, loraAlpha ?? loraRank);
  }

  /**
   * Freezes the weight and makes the factors of its change.
   *
   * @param name of the weight
   * @param options `loraAlpha` (default the rank), `aInitializer` (default `"he_uniform"`), `bInitializer` (default
   *   `"zeros"`)
   * @param shape of what the weight stands for. Default: the weight's.
   * @returns the LoRA that the layer has from now on
   * @throws StateError before the layer is built and when it is done already; ValueError with a constraint
   */
  enable<W extends string>(
    layer: LayerState & WeightProperties<W>,
    name: W,
    weight: Variable | undefined,
    rank: number,
    options: LoraOptions,
    shape: readonly number[] = weight?.shape ?? [],
  ): Lora {
    const { regularizer, constraint } = weightActions(layer, name);
    if (constraint !== null) {
      throw new ValueError(
        `enableLora: layer "${layer.name}" has a ${name}Constraint, which does not go together with LoRA.`,
      );
    }
    if (weight === undefined) throw new StateError(`enableLora: layer "${layer.name}" is not built yet.`);
    if (this.factors !== undefined)
      throw new StateError(`enableLora: layer "${layer.name}" has LoRA already.`);
    if (!(Number.isSafeInteger(rank) && rank > 0)) {
      throw new ValueError(
        `enableLora: expected the rank to be a positive whole number. Received: rank=${show(rank)}`,
      );
    }
    const factor = (side: "a" | "b", shape: readonly number[]): Variable =>
      layer.addWeight({
        name: `lora_${name}_${side}`,
        shape,
        initializer: options[`${side}Initializer`] ?? (side === "a" ? "he_uniform" : "zeros"),
        dtype: "float32",
        regularizer,
      });
    const a = factor("a", [...shape.slice(0, -1), rank]);
    const b = factor("b", [rank, shape.at(-1)!]);
    weight.trainable = false;
    return new Lora(rank, options.loraAlpha ?? rank, { a, b });
  }

  /** What is added to the weight. */
  #change(): Tensor {
    const { a, b } = this.factors!;
    return matmul(a, b).multiply(this.alpha! / this.rank!);
  }

  /** The weight with its change, if it has one, in the dtype that the layer computes with. */
  changed(layer: LayerState, weight: Variable): Tensor {
    if (this.factors === undefined) return weight.value;
    return weight.value.add(this.#change()).astype(layer.computeDtype);
  }

  /**
   * What files have of it, as Keras's do: the weight with its change, after whose loading the change is none.
   *
   * @param quantized what says the values of a quantized weight with its change
   */
  stored(weight: Variable | undefined, quantized?: Changeable): StoredChange | undefined {
    if (this.factors === undefined || weight === undefined) return undefined;
    const { a, b } = this.factors;
    const merged = (): ReadonlyMap<Variable, Tensor> =>
      quantized?.changed?.(this.#change()) ??
      new Map([[weight, weight.value.add(this.#change()).astype(weight.dtype)]]);
    return { factors: [a, b], merged };
  }

  /** A result with what the change adds to it, for a weight that is not a float; `product` computes it of one factor. */
  added(layer: LayerState, result: Tensor, product: (factor: Variable) => Tensor): Tensor {
    if (this.factors === undefined) return result;
    const { a, b } = this.factors;
    const change = matmul(product(a), b).multiply(this.alpha! / this.rank!);
    return result.add(change).astype(layer.computeDtype);
  }

  /** The part of a layer's config that is about LoRA. */
  config(): Config {
    return this.rank === null ? {} : { lora_rank: this.rank, lora_alpha: this.alpha };
  }
}
