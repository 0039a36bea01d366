/** What a layer must have to be the cell of an RNN. */
import {
  type CompositeAttributes,
  full,
  type Shape,
  type Tensor,
  type Tree,
  ValueError,
} from "../../../engine/index.ts";
import type { AnyLayer, Layer } from "../layer.ts";

/** Sizes of states, each a length or a shape without the axis of samples, in any structure. */
export type StateSize = number | readonly StateSize[];

/**
 * A layer that makes one step: it is called on `[input, states]` and gives `[output, newStates]`.
 */
export interface RNNCell extends Layer<readonly [Tensor, Tree<Tensor>]> {
  readonly stateSize: StateSize;
  /** The size of the output. Default: that of the first state. */
  readonly outputSize?: number;
  /** The states to begin with. Default: zeros. */
  getInitialState?(batchSize: number): Tree<Tensor>;
  /**
   * Draws what stays the same for all steps, the masks of dropout; the function that it gives forgets it again.
   *
   * @param inputShape the shape of one step's input
   */
  begin?(inputShape: Shape, training: boolean): () => void;
}

/**
 * A cell that can do the part of its work that does not depend on states for all steps at once, and whose output is its
 * first state.
 */
export interface ProjectingCell extends RNNCell {
  /** What the inputs of one step, or of all steps along the first axis, contribute. */
  project(inputs: Tensor): Tensor;
  /** One step from what its inputs contribute. */
  step(projected: Tensor, states: Tree<Tensor>): readonly [Tensor, Tree<Tensor>];
  /** What the recurrence is known as outside, with its weights, if it is one that others know. */
  known?(training: boolean): KnownCell | undefined;
}

/** A cell that others know, too: one of Keras's own, as far as its name and its options tell all. */
export interface KnownCell {
  readonly attributes: CompositeAttributes;
  readonly weights: readonly Tensor[];
}

/** Checks that a layer is a cell. */
export function checkCell(cell: unknown, where: string): RNNCell {
  const { call, stateSize } = (cell ?? {}) as Partial<RNNCell>;
  if (typeof call !== "function") {
    throw new ValueError(`${where}: expected a cell with a method call. Received: ${String(cell)}`);
  }
  if (stateSize === undefined) {
    throw new ValueError(`${where}: expected a cell with a property stateSize. Received: ${String(cell)}`);
  }
  return cell as RNNCell;
}

export function isProjecting(cell: AnyLayer): cell is ProjectingCell & AnyLayer {
  return "project" in cell && "step" in cell;
}

/** The size of a cell's output. */
export function outputSizeOf(cell: RNNCell): number {
  const { outputSize, stateSize } = cell;
  const size = outputSize ?? (typeof stateSize === "number" ? stateSize : stateSize[0]);
  if (typeof size === "number") return size;
  throw new ValueError(`Cell "${cell.name}": expected outputSize to be a number.`);
}

/** The states that a cell begins with, in a list. */
export function initialStates(cell: RNNCell, batchSize: number): readonly Tree<Tensor>[] {
  const zeros = (size: StateSize): Tree<Tensor> =>
    typeof size === "number" ? full([batchSize, size], 0, cell.computeDtype) : size.map(zeros);
  const states = cell.getInitialState?.(batchSize) ?? zeros(cell.stateSize);
  return asList(states);
}

/** States in a list, if there is only one, too. */
export function asList(states: Tree<Tensor>): readonly Tree<Tensor>[] {
  return Array.isArray(states) ? (states as readonly Tree<Tensor>[]) : [states];
}
