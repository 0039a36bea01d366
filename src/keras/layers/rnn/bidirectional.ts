/** Runs a recurrent layer in both directions. */
import {
  add,
  concatenate,
  divide,
  multiply,
  reverse,
  show,
  type Tensor,
  ValueError,
} from "../../../engine/index.ts";
import type { KerasShape, ShapeTree } from "../../backend/keras_tensor.ts";
import type { AnyMasks } from "../../backend/masking.ts";
import type { Config } from "../../saving/config.ts";
import { deserializeKerasObject, serializeKerasObject } from "../../saving/serialization_lib.ts";
import type { CallArguments, SymbolicInputs, Tensors } from "../call_inputs.ts";
import { type AnyLayer, Layer, type LayerClass } from "../layer.ts";
import { baseOptions, type LayerOptions } from "../layer_options.ts";
import { inputOf } from "./base_rnn_cell.ts";

/** How the outputs of both directions become one; null leaves them apart. */
export type MergeMode = "concat" | "sum" | "mul" | "ave" | null;

/** What {@link Bidirectional} needs of a layer. */
export interface SequenceLayer extends AnyLayer {
  readonly goBackwards: boolean;
  readonly returnSequences: boolean;
  readonly returnState: boolean;
  readonly stateful: boolean;
  zeroOutputForMask?: boolean;
  readonly states?: unknown;
  resetState?(): void;
}

/** Options of {@link Bidirectional}. */
export interface BidirectionalOptions<M extends MergeMode = MergeMode> extends LayerOptions {
  /** How the outputs of the two directions become one; null gives both. Default `"concat"`. */
  readonly mergeMode?: M;
  /** The layer that goes backwards. Default: made from the first. */
  readonly backwardLayer?: SequenceLayer | null;
}

/** What comes out, by what the layer gives that goes each way: one tensor, that of each direction, or states behind them. */
export type BidirectionalOutput<L, M extends MergeMode> =
  L extends Layer<infer Out>
    ? Tensors extends Out
      ? Tensors
      : Out extends Tensor
        ? M extends null
          ? [Tensor, Tensor]
          : Tensor
        : [Tensor, ...Tensor[]]
    : Tensors;

const modes: readonly unknown[] = ["concat", "sum", "mul", "ave", null];

/**
 * Goes through sequences forwards with a recurrent layer and backwards with another, and merges their outputs. Both are
 * made from the configuration of the layer that is given, which itself stays as it is.
 *
 * Input: `(batch, steps, features)`. Output: for `mergeMode` `"concat"` with twice the size of the layer's, for `"sum"`,
 * `"mul"` and `"ave"` with the same, for null the list of both. With `returnState` the states of both follow.
 *
 * @throws ValueError unless both layers agree in `stateful`, `returnSequences` and `returnState` and differ in `goBackwards`
 *
 * @example
 * ```ts
 * const layer = new Bidirectional(new LSTM(4, { returnSequences: true }));
 * layer(np.ones([2, 5, 3])).shape; // → [2, 5, 8]
 * ```
 */
export class Bidirectional<
  L extends SequenceLayer = SequenceLayer,
  M extends MergeMode = "concat",
> extends Layer<BidirectionalOutput<L, M>> {
  static readonly className: string = "Bidirectional";
  static override readonly positional: readonly string[] = ["layer"];
  /** The layer that goes through the steps from the first to the last. */
  readonly forwardLayer: SequenceLayer;
  readonly backwardLayer: SequenceLayer;
  readonly mergeMode: MergeMode;
  readonly stateful: boolean;
  readonly returnSequences: boolean;
  readonly returnState: boolean;

  /**
   * @param layer a recurrent layer
   * @param options `mergeMode` (default `"concat"`), `backwardLayer`, and those of every layer
   */
  constructor(layer: L, options: BidirectionalOptions<M> = {}) {
    super(baseOptions("Bidirectional", options, ["mergeMode", "backwardLayer"]));
    const { backwardLayer = null } = options;
    const mergeMode: MergeMode = options.mergeMode === undefined ? "concat" : options.mergeMode;
    checkLayer(layer, "layer");
    if (backwardLayer !== null) checkLayer(backwardLayer, "backwardLayer");
    if (!modes.includes(mergeMode)) {
      throw new ValueError(
        `Bidirectional: expected mergeMode to be one of "concat", "sum", "mul", "ave", null. Received: ${show(mergeMode)}`,
      );
    }
    this.forwardLayer = copyOf(layer, "forward_", {});
    this.backwardLayer = backwardLayer ?? copyOf(layer, "backward_", { go_backwards: true });
    this.#checkLayers();
    for (const each of [this.forwardLayer, this.backwardLayer]) {
      if (each.zeroOutputForMask !== undefined) each.zeroOutputForMask = each.returnSequences;
    }
    this.mergeMode = mergeMode;
    this.stateful = layer.stateful;
    this.returnSequences = layer.returnSequences;
    this.returnState = layer.returnState;
    // As in Keras since 3.16: the mask is used and not passed on.
    this.supportsMasking = false;
    this.inputSpec = layer.inputSpec;
  }

  #checkLayers(): void {
    const { forwardLayer: forward, backwardLayer: backward } = this;
    if (forward.goBackwards === backward.goBackwards) {
      throw new ValueError(
        `Bidirectional: expected the layers to differ in goBackwards. Received: ${forward.goBackwards} for both`,
      );
    }
    for (const name of ["stateful", "returnSequences", "returnState"] as const) {
      if (forward[name] === backward[name]) continue;
      throw new ValueError(
        `Bidirectional: expected the layers to agree in ${name}. ` +
          `Received: ${forward[name]} for the forward layer, ${backward[name]} for the backward layer`,
      );
    }
  }

  /** The states of both layers, if they keep any. */
  get states(): readonly unknown[] | null {
    const [a, b] = [this.forwardLayer.states, this.backwardLayer.states];
    return Array.isArray(a) && Array.isArray(b) ? [...(a as unknown[]), ...(b as unknown[])] : null;
  }

  /**
   * Sets the states of stateful layers to 0.
   *
   * @throws ValueError unless the layer is stateful
   */
  resetState(): void {
    if (!this.stateful) throw new ValueError(`resetState: layer "${this.name}" must be stateful.`);
    this.forwardLayer.resetState?.();
    this.backwardLayer.resetState?.();
  }

  /** Another name of {@link resetState}. */
  resetStates(): void {
    this.resetState();
  }

  override build(inputShape: ShapeTree): void {
    if (!this.forwardLayer.built) this.forwardLayer.build(inputShape);
    if (!this.backwardLayer.built) this.backwardLayer.build(inputShape);
  }

  protected override callOptionNames(): readonly string[] {
    return ["initialState"];
  }

  override call(x: Tensor, { training, mask, initialState }: CallArguments): BidirectionalOutput<L, M> {
    const states = (initialState ?? null) as readonly unknown[] | null;
    const half = states === null ? 0 : Math.floor(states.length / 2);
    const run = (layer: SequenceLayer, own: readonly unknown[] | undefined): readonly Tensor[] => {
      const masked = mask === undefined ? {} : { mask: mask as Tensor };
      const initial = own === undefined ? {} : { initialState: own };
      const out = layer.apply(x, { training, ...masked, ...initial }) as Tensor | readonly Tensor[];
      return Array.isArray(out) ? (out as readonly Tensor[]) : [out as Tensor];
    };
    const [forward, ...forwardStates] = run(this.forwardLayer, states?.slice(0, half));
    const [last, ...backwardStates] = run(this.backwardLayer, states?.slice(half));
    const backward = this.returnSequences ? reverse(last!, 1) : last!;
    const merged = this.#merge(forward!, backward);
    const outputs: Tensors = [...merged, ...forwardStates, ...backwardStates];
    return (outputs.length === 1 ? outputs[0]! : outputs) as BidirectionalOutput<L, M>;
  }

  #merge(x: Tensor, y: Tensor): readonly Tensor[] {
    if (this.mergeMode === null) return [x, y];
    if (this.mergeMode === "concat") return [concatenate([x, y], -1)];
    if (this.mergeMode === "mul") return [multiply(x, y)];
    return [this.mergeMode === "sum" ? add(x, y) : divide(add(x, y), 2)];
  }

  override computeOutputShape(inputShape: ShapeTree): ShapeTree {
    const given = this.forwardLayer.computeOutputShape(inputOf(inputShape));
    const [output, ...states] = (this.returnState ? given : [given]) as readonly KerasShape[];
    const size = output!.at(-1) ?? null;
    const merged: readonly KerasShape[] =
      this.mergeMode === null
        ? [output!, output!]
        : [
            this.mergeMode === "concat"
              ? [...output!.slice(0, -1), size === null ? null : 2 * size]
              : output!,
          ];
    if (!this.returnState) return merged.length === 1 ? merged[0]! : merged;
    return [...merged, ...states, ...states];
  }

  protected override get notesMask(): boolean {
    return true;
  }

  override computeMask(_inputs: Tensors | SymbolicInputs, previous?: AnyMasks): AnyMasks | null {
    const first = (Array.isArray(previous) ? previous[0] : previous) as Tensor | null | undefined;
    const mask = this.returnSequences ? (first ?? null) : null;
    return this.mergeMode === null ? [mask, mask] : mask;
  }

  override getConfig(): Config {
    return {
      ...super.getConfig(),
      merge_mode: this.mergeMode,
      layer: serializeKerasObject(this.forwardLayer),
      backward_layer: serializeKerasObject(this.backwardLayer),
    };
  }

  static override fromConfig<T>(this: LayerClass<T>, config: Config): T {
    const layer = deserializeKerasObject(config.layer);
    const backward = config.backward_layer ?? null;
    const backwardLayer = backward === null ? null : deserializeKerasObject(backward);
    return Layer.fromConfig.call(this, { ...config, layer, backward_layer: backwardLayer }) as T;
  }
}

function checkLayer(layer: unknown, name: string): void {
  if (layer instanceof Layer) return;
  throw new ValueError(`Bidirectional: expected ${name} to be a layer. Received: ${show(layer)}`);
}

/** A layer made anew from the configuration of another. */
function copyOf(layer: SequenceLayer, prefix: string, changes: Config): SequenceLayer {
  const { config, ...rest } = serializeKerasObject(layer);
  const name = prefix + (layer.name.startsWith(prefix) ? layer.name.slice(prefix.length) : layer.name);
  return deserializeKerasObject({
    ...rest,
    config: { ...config, ...changes, name },
  }) as SequenceLayer;
}
