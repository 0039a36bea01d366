/** The base of recurrent layers: a cell that goes through sequences step by step. */
import {
  type CompositeInputs,
  composite,
  concatenate,
  full,
  notEqual,
  reverse,
  ShapeError,
  scan,
  showShape,
  Tensor,
  type TensorLike,
  type Tree,
  toTensor,
  transpose,
  treeLeaves,
  treeMap,
  ValueError,
  where,
} from "../../../engine/index.ts";
import type { ShapeTree } from "../../backend/keras_tensor.ts";
import type { AnyMasks, Masks } from "../../backend/masking.ts";
import { Variable } from "../../backend/variable.ts";
import type { Config } from "../../saving/config.ts";
import { deserializeKerasObject, serializeKerasObject } from "../../saving/serialization_lib.ts";
import type { CallArguments, SymbolicInputs, Tensors } from "../call_inputs.ts";
import { Layer, type LayerClass } from "../layer.ts";
import { baseOptions, type LayerOptions } from "../layer_options.ts";
import { inputOf } from "./base_rnn_cell.ts";
import {
  asList,
  checkCell,
  initialStates,
  isProjecting,
  outputSizeOf,
  type RNNCell,
  type StateSize,
} from "./rnn_cell.ts";
import { StackedRNNCells } from "./stacked_rnn_cells.ts";

/** Options of {@link RNN} and of all recurrent layers. */
export interface RNNOptions<S extends boolean = boolean> extends LayerOptions {
  /** Whether the outputs of all steps are given, not only the last. Default false. */
  readonly returnSequences?: boolean;
  /** Whether the last states are given, too. Default false. */
  readonly returnState?: S;
  /** Whether sequences are gone through from their end; outputs come in that order. Default false. */
  readonly goBackwards?: boolean;
  /** Whether each batch begins with the last states of the one before. Default false. */
  readonly stateful?: boolean;
  /** Whether the steps are written out instead of being a loop. Default false. */
  readonly unroll?: boolean;
  /** Whether the outputs of masked steps are 0, not those of the step before. Default false. */
  readonly zeroOutputForMask?: boolean;
}

/** Runs a loop over all steps, or what does the same, from the first states. */
type Runner = (states: readonly Tensor[], loop: () => readonly Tensor[]) => readonly Tensor[];

/** The names of the options of {@link RNNOptions} that not every layer has. */
export const rnnOptionNames: readonly (keyof RNNOptions)[] = [
  ...(["returnSequences", "returnState", "goBackwards", "stateful", "unroll", "zeroOutputForMask"] as const),
];

/** What a recurrent layer gives: the output, or with `returnState` a list of it and the states. */
export type RNNOutput<S extends boolean> = S extends true ? [Tensor, ...Tensor[]] : Tensor;

/** What goes through the steps: the last output, if it is no state, and the states. */
interface Progress {
  readonly last: Tensor | undefined;
  readonly states: readonly Tree<Tensor>[];
}

/**
 * A recurrent layer: goes through sequences step by step with a cell, which keeps states.
 *
 * Input: `(batch, steps, …features)`. Output: `(batch, units)`, with `returnSequences` `(batch, steps, units)`; with
 * `returnState` a list of it and the states. Masked steps change no state and repeat the output before.
 *
 * A cell is a layer with `stateSize` (a number, or a list of them) that is called on `[input, states]` and gives
 * `[output, newStates]`; a list of cells is stacked. `getInitialState(batchSize)` and `outputSize` are optional.
 *
 * Calls take `initialState`, a list, besides `mask` and `training`.
 *
 * @throws ValueError for what is no cell
 *
 * @example
 * ```ts
 * const layer = new RNN([new LSTMCell(4), new GRUCell(3)], { returnSequences: true });
 * layer(np.ones([2, 5, 3])).shape; // → [2, 5, 3]
 * ```
 */
export class RNN<S extends boolean = false> extends Layer<RNNOutput<S>> {
  static readonly className: string = "RNN";
  static override readonly positional: readonly string[] = ["cell"];
  readonly cell: RNNCell;
  readonly returnSequences: boolean;
  readonly returnState: boolean;
  readonly goBackwards: boolean;
  readonly stateful: boolean;
  readonly unroll: boolean;
  zeroOutputForMask: boolean;
  #states: readonly Tree<Variable>[] | undefined;

  /**
   * @param cell a cell, or several to stack
   * @param options `returnSequences`, `returnState`, `goBackwards`, `stateful`, `unroll`, `zeroOutputForMask` (default
   *   false), and those of every layer
   */
  constructor(cell: RNNCell | readonly RNNCell[], options: RNNOptions<S> = {}) {
    super(baseOptions("RNN", options, rnnOptionNames));
    this.cell = Array.isArray(cell)
      ? new StackedRNNCells(cell as readonly RNNCell[])
      : checkCell(cell, "RNN");
    this.returnSequences = options.returnSequences ?? false;
    this.returnState = options.returnState ?? false;
    this.goBackwards = options.goBackwards ?? false;
    this.stateful = options.stateful ?? false;
    this.unroll = options.unroll ?? false;
    this.zeroOutputForMask = options.zeroOutputForMask ?? false;
    // As in Keras since 3.16: the mask is used and not passed on.
    this.supportsMasking = false;
  }

  /** The sizes of the states, in a list. */
  get stateSize(): readonly StateSize[] {
    const { stateSize } = this.cell;
    return typeof stateSize === "number" ? [stateSize] : stateSize;
  }

  /** The states that a stateful layer keeps; null before it is built. */
  get states(): readonly Tree<Variable>[] | null {
    return this.#states ?? null;
  }

  override build(inputShape: ShapeTree): void {
    const [batch = null, steps = null, ...rest] = inputOf(inputShape);
    if (this.unroll && steps === null) {
      throw new ShapeError(
        `Layer "${this.name}": unroll needs to know the number of steps. Received shape ${showShape([batch, steps, ...rest])}`,
      );
    }
    if (this.stateful && batch === null) {
      throw new ShapeError(
        `Layer "${this.name}": a stateful layer needs to know the number of samples. ` +
          `Received shape ${showShape([batch, steps, ...rest])}`,
      );
    }
    if (!this.cell.built) this.cell.build([batch, ...rest]);
    if (!this.stateful) return;
    const make = (x: unknown): Variable =>
      new Variable(x as Tensor, { trainable: false, dtype: this.variableDtype, name: "rnn_state" });
    this.#states = this.getInitialState(batch!).map((s) => treeMap(make, s) as Tree<Variable>);
  }

  /** The states to begin with. */
  getInitialState(batchSize: number): readonly Tree<Tensor>[] {
    return initialStates(this.cell, batchSize);
  }

  /** Sets the states of a stateful layer to 0. */
  resetState(): void {
    for (const v of treeLeaves(this.#states ?? []) as Variable[]) v.assign(full(v.shape, 0, v.dtype));
  }

  /** Another name of {@link resetState}. */
  resetStates(): void {
    this.resetState();
  }

  protected override callOptionNames(): readonly string[] {
    return ["initialState"];
  }

  override call(sequences: Tensor, { training, mask, initialState }: CallArguments): RNNOutput<S> {
    const given = initialState as TensorLike | readonly Tree<TensorLike>[] | null | undefined;
    const states = this.#firstStates(sequences, given);
    const steps = maskOf(mask);
    const x = timeMajor(sequences);
    const rows = steps === undefined ? undefined : timeMajor(steps);
    const step = this.#step(x, training);
    // Where the output is the first state, that need not be carried twice.
    const isState = isProjecting(this.cell) && (rows === undefined || !this.zeroOutputForMask);
    const keepsLast = !(isState && (rows === undefined || (given ?? null) === null));
    const length = x.shape[0]!;
    if (length === 0) throw new ShapeError(`Layer "${this.name}": expected at least one step. Received none`);

    const results = this.unroll
      ? this.#unrolled(step, states, rows, length, keepsLast)
      : this.#scanned(this.#steps(x, training, rows), step, states, rows, length, keepsLast);
    if (this.stateful) {
      const news = treeLeaves(results.states) as Tensor[];
      (treeLeaves(this.#states!) as Variable[]).forEach((v, i) => {
        v.assign(news[i]!.astype(v.dtype));
      });
    }
    const output = results.outputs === undefined ? results.last : timeMajor(results.outputs);
    return (this.returnState ? [output, ...results.states] : output) as RNNOutput<S>;
  }

  #firstStates(
    sequences: Tensor,
    given: TensorLike | readonly Tree<TensorLike>[] | null | undefined,
  ): readonly Tree<Tensor>[] {
    const samples = sequences.shape[0]!;
    const kept = (treeLeaves(this.#states ?? []) as Variable[])[0];
    if (kept !== undefined && kept.shape[0] !== samples) {
      throw new ShapeError(
        `Layer "${this.name}" is stateful and was built for batches of ${kept.shape[0]} samples. Received: ${samples}`,
      );
    }
    const like = this.getInitialState(samples);
    const states = given ?? this.#states;
    if (states === undefined || states === null) return like;
    const leaves = flatStates(states);
    const wanted = treeLeaves(like) as Tensor[];
    if (leaves.length !== wanted.length) {
      throw new ValueError(
        `Layer "${this.name}": expected ${wanted.length} initial states. Received: ${leaves.length}`,
      );
    }
    let i = 0;
    return treeMap((zero) => {
      const state = toTensor(leaves[i++]!);
      const { shape, dtype } = zero as Tensor;
      if (showShape(state.shape) !== showShape(shape)) {
        throw new ShapeError(
          `Layer "${this.name}": expected an initial state of shape ${showShape(shape)}. Received: ${showShape(state.shape)}`,
        );
      }
      return state.astype(dtype);
    }, like) as readonly Tree<Tensor>[];
  }

  /** What is gone through, and how a step is made of one of its rows. */
  #step(x: Tensor, training: boolean): Stepper {
    const { cell } = this;
    const end = cell.begin?.(x.shape.slice(1), training) ?? ((): void => undefined);
    if (isProjecting(cell))
      return { rows: cell.project(x), step: (row, states) => cell.step(row, states), end };
    return { rows: x, step: (row, states) => cell.apply([row, states], { training }), end };
  }

  /** One step, of which a mask says whether it counts. */
  #masked(
    { step }: Stepper,
    row: Tensor,
    mask: Tensor | undefined,
    { last, states }: Progress,
  ): { readonly output: Tensor; readonly states: readonly Tree<Tensor>[] } {
    const [output, next] = step(row, states);
    const list = asList(next);
    if (mask === undefined) return { output, states: list };
    const counts = (x: Tensor): Tensor => mask.reshape(mask.shape[0]!, ...x.shape.slice(1).map(() => 1));
    const pick = (now: Tensor, before: Tensor): Tensor => where(counts(now), now, before);
    const before = treeLeaves(states) as Tensor[];
    let i = 0;
    const kept = treeMap((s) => pick(s as Tensor, before[i++]!), list) as readonly Tree<Tensor>[];
    if (this.zeroOutputForMask)
      return { output: pick(output, full(output.shape, 0, output.dtype)), states: kept };
    return {
      output: last === undefined ? (treeLeaves(kept)[0] as Tensor) : pick(output, last),
      states: kept,
    };
  }

  /** Runs all steps: as a loop, or as what outside has an operator for. */
  #steps(x: Tensor, training: boolean, mask: Tensor | undefined): Runner {
    const { cell, goBackwards, returnSequences } = this;
    return (states, loop) => {
      const describe = (): CompositeInputs | undefined => {
        const known = mask === undefined && isProjecting(cell) ? cell.known?.(training) : undefined;
        if (known === undefined) return undefined;
        const attributes = { ...known.attributes, goBackwards, returnSequences };
        return { attributes, operands: [x, ...states, ...known.weights] };
      };
      return composite("rnn", describe, loop);
    };
  }

  #scanned(
    run: Runner,
    stepper: Stepper,
    first: readonly Tree<Tensor>[],
    mask: Tensor | undefined,
    length: number,
    keepsLast: boolean,
  ): Results {
    const leaves = treeLeaves(first) as Tensor[];
    const pack = (flat: readonly Tensor[]): readonly Tree<Tensor>[] => {
      let i = 0;
      return treeMap(() => flat[i++], first) as readonly Tree<Tensor>[];
    };
    const begin = keepsLast ? [this.#emptyOutput(leaves[0]!, stepper, first)] : [];
    const width = begin.length + leaves.length;
    const loop = (): readonly Tensor[] => {
      const { carry, outputs } = scan(
        [...begin, ...leaves],
        [stepper.rows, ...(mask === undefined ? [] : [mask])],
        length,
        (values, [row, counts]) => {
          const states = pack(values.slice(begin.length));
          const last = keepsLast ? values[0] : undefined;
          const made = this.#masked(stepper, row!, counts, { last, states });
          const next = treeLeaves(made.states) as Tensor[];
          return {
            carry: keepsLast ? [made.output, ...next] : next,
            outputs: this.returnSequences ? [made.output] : [],
          };
        },
        { reverse: this.goBackwards },
      );
      return [...carry, ...outputs];
    };
    const made = run(leaves, loop);
    stepper.end();
    const rows = made[width];
    return {
      last: made[0]!,
      outputs: rows !== undefined && this.goBackwards ? reverse(rows, 0) : rows,
      states: pack(made.slice(begin.length, width)),
    };
  }

  #unrolled(
    stepper: Stepper,
    first: readonly Tree<Tensor>[],
    mask: Tensor | undefined,
    length: number,
    keepsLast: boolean,
  ): Results {
    const [zero] = keepsLast ? [this.#emptyOutput(treeLeaves(first)[0] as Tensor, stepper, first)] : [];
    let [last, states] = [zero, first];
    const outputs: Tensor[] = [];
    for (let i = 0; i < length; i++) {
      const at = this.goBackwards ? length - 1 - i : i;
      const made = this.#masked(stepper, stepper.rows.at(at), mask?.at(at), { last, states });
      states = made.states;
      if (keepsLast) last = made.output;
      outputs.push(made.output);
    }
    stepper.end();
    const stacked = this.returnSequences
      ? concatenate(outputs.map((x) => x.reshape(1, ...x.shape)))
      : undefined;
    return { last: outputs.at(-1)!, outputs: stacked, states };
  }

  /** Zeros of the shape and dtype of an output. */
  #emptyOutput(state: Tensor, stepper: Stepper, states: readonly Tree<Tensor>[]): Tensor {
    if (isProjecting(this.cell)) return full(state.shape, 0, state.dtype);
    const [output] = stepper.step(stepper.rows.at(0), states);
    return full(output.shape, 0, output.dtype);
  }

  override computeOutputShape(inputShape: ShapeTree): ShapeTree {
    const [batch = null, steps = null] = inputOf(inputShape);
    const size = outputSizeOf(this.cell);
    const output = this.returnSequences ? [batch, steps, size] : [batch, size];
    const shapeOf = (s: StateSize): ShapeTree =>
      typeof s === "number" ? [batch, s] : (s.map(shapeOf) as ShapeTree);
    return this.returnState ? ([output, ...this.stateSize.map(shapeOf)] as ShapeTree) : output;
  }

  protected override get notesMask(): boolean {
    return true;
  }

  override computeMask(_inputs: Tensors | SymbolicInputs, previous?: AnyMasks): AnyMasks | null {
    const mask = this.returnSequences ? (maskOf(previous as Masks) ?? null) : null;
    return this.returnState ? [mask, ...this.stateSize.map(() => null)] : mask;
  }

  override getConfig(): Config {
    return {
      ...super.getConfig(),
      return_sequences: this.returnSequences,
      return_state: this.returnState,
      go_backwards: this.goBackwards,
      stateful: this.stateful,
      unroll: this.unroll,
      zero_output_for_mask: this.zeroOutputForMask,
      cell: serializeKerasObject(this.cell),
    };
  }

  static override fromConfig<T>(this: LayerClass<T>, config: Config): T {
    const cell = deserializeKerasObject(config.cell);
    return Layer.fromConfig.call(this, { ...config, cell }) as T;
  }
}

/** How steps are made. */
interface Stepper {
  /** What one row is a step's share of. */
  readonly rows: Tensor;
  readonly step: (row: Tensor, states: readonly Tree<Tensor>[]) => readonly [Tensor, Tree<Tensor>];
  /** Ends the sequence. */
  readonly end: () => void;
}

interface Results {
  readonly last: Tensor;
  /** All outputs, the steps along the first axis, in the order in which they were made. */
  readonly outputs: Tensor | undefined;
  readonly states: readonly Tree<Tensor>[];
}

/** Swaps samples and steps. */
function timeMajor(x: Tensor): Tensor {
  return transpose(x, [1, 0, ...x.shape.slice(2).map((_, i) => i + 2)]);
}

/** The mask of the sequences: the first that there is. */
function maskOf(masks: Masks | undefined): Tensor | undefined {
  const [mask] = treeLeaves(masks ?? null);
  if (!(mask instanceof Tensor)) return undefined;
  return mask.dtype === "bool" ? mask : notEqual(mask, 0);
}

/** States in one list. */
function flatStates(states: unknown): TensorLike[] {
  return treeLeaves(Array.isArray(states) ? states : [states]) as TensorLike[];
}
