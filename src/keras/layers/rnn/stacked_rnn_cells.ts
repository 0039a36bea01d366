/** Several cells that work as one. */
import { type Shape, type Tensor, type Tree, treeLeaves, ValueError } from "../../../engine/index.ts";
import type { KerasShape, ShapeTree } from "../../backend/keras_tensor.ts";
import type { Config } from "../../saving/config.ts";
import { deserializeKerasObject, serializeKerasObject } from "../../saving/serialization_lib.ts";
import type { CallArguments } from "../call_inputs.ts";
import { Layer, type LayerClass } from "../layer.ts";
import { baseOptions, type LayerOptions } from "../layer_options.ts";
import { type CellOutput, inputOf } from "./base_rnn_cell.ts";
import { asList, checkCell, initialStates, outputSizeOf, type RNNCell, type StateSize } from "./rnn_cell.ts";

/**
 * Cells on top of each other: each takes the output of the one before as its input. Its states are the list of theirs.
 *
 * Input: `(batch, features)`, and the states of all cells. Output: `(batch, units)` of the last cell, and the new
 * states.
 *
 * @throws ValueError unless it is given cells
 *
 * @example
 * ```ts
 * const cells = new StackedRNNCells([new LSTMCell(4), new LSTMCell(3)]);
 * new RNN(cells)(np.ones([2, 5, 1])).shape; // → [2, 3]
 * ```
 */
export class StackedRNNCells extends Layer<CellOutput> {
  static readonly className: string = "StackedRNNCells";
  static override readonly positional: readonly string[] = ["cells"];
  readonly cells: readonly RNNCell[];

  /**
   * @param cells the cells, the first nearest to the input
   * @param options those of every layer
   */
  constructor(cells: readonly RNNCell[], options: LayerOptions = {}) {
    super(baseOptions("StackedRNNCells", options, []));
    if (!Array.isArray(cells) || cells.length === 0)
      throw new ValueError("StackedRNNCells: expected a list of cells.");
    this.cells = cells.map((cell) => checkCell(cell, "StackedRNNCells"));
  }

  /** The sizes of the states, cell by cell. */
  get stateSize(): readonly StateSize[] {
    return this.cells.map((cell) => cell.stateSize);
  }

  get outputSize(): number {
    return outputSizeOf(this.cells.at(-1)!);
  }

  /** The states to begin with, cell by cell. */
  getInitialState(batchSize: number): Tree<Tensor>[] {
    return this.cells.map((cell) => initialStates(cell, batchSize));
  }

  /** Draws the masks of dropout of all cells. */
  begin(inputShape: Shape, training: boolean): () => void {
    let shape = inputShape;
    const ends = this.cells.map((cell) => {
      const end = cell.begin?.(shape, training);
      shape = [shape[0]!, outputSizeOf(cell)];
      return end;
    });
    return () => {
      for (const end of ends) end?.();
    };
  }

  override build(inputShape: ShapeTree): void {
    let shape: KerasShape = inputOf(inputShape);
    for (const cell of this.cells) {
      if (!cell.built) cell.build(shape);
      shape = [shape[0] ?? null, outputSizeOf(cell)];
    }
  }

  override call(inputs: readonly [Tensor, Tree<Tensor>], { training }: CallArguments): CellOutput {
    const [first, all] = inputs as readonly [Tensor, readonly Tree<Tensor>[]];
    let x = first;
    const next = this.cells.map((cell, i) => {
      const states = all[i]!;
      const [output, made] = cell.apply([x, asList(states)], { training });
      x = output;
      return Array.isArray(states) ? asList(made) : (treeLeaves(made)[0] as Tensor);
    });
    return [x, next];
  }

  override computeOutputShape(inputShape: ShapeTree): ShapeTree {
    const batch = inputOf(inputShape)[0] ?? null;
    const shapeOf = (s: StateSize): ShapeTree =>
      typeof s === "number" ? [batch, s] : (s.map(shapeOf) as ShapeTree);
    // States come out in the structure in which they went in.
    const [first, given] = inputShape as readonly ShapeTree[];
    const states = Array.isArray(first) ? given : undefined;
    return [[batch, this.outputSize], states ?? this.stateSize.map(shapeOf)] as ShapeTree;
  }

  override getConfig(): Config {
    return { ...super.getConfig(), cells: this.cells.map((cell) => serializeKerasObject(cell)) };
  }

  static override fromConfig<T>(this: LayerClass<T>, config: Config): T {
    const cells = (config.cells as readonly unknown[]).map((cell) => deserializeKerasObject(cell));
    return Layer.fromConfig.call(this, { ...config, cells }) as T;
  }
}
