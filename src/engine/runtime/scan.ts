/** Loops through the rows of arrays. */
import { apply, constant } from "../graph/build.ts";
import type { Node } from "../graph/node.ts";
import { readRow } from "../graph/rows.ts";
import { checkOptions, ShapeError, ValueError } from "../tensor/errors.ts";
import { showShape } from "../tensor/shape.ts";
import { runRounds } from "./control.ts";
import { Tensor, type TensorLike, toTensor } from "./tensor.ts";

/** What one step of {@link scan} gives. */
export interface ScanStep {
  /** The carried values anew, with the same shapes and dtypes. */
  readonly carry: readonly TensorLike[];
  /** What is stacked over the steps. */
  readonly outputs: readonly TensorLike[];
}

/**
 * Goes through arrays step by step inside of the program: a step takes one row of each and the carried values, and gives
 * the carried values anew and outputs, which are stacked. The gradient goes through the steps backwards.
 *
 * Variables that the step reads or assigns are carried by themselves, as in `loop`.
 *
 * @param init the values to begin with
 * @param xs arrays with one row for each step along their first axis
 * @param length the number of steps
 * @param step takes the carried values and a row of each array
 * @param options `reverse` (default false): from the last row to the first; outputs stand at the place of their row
 * @returns the last carried values and the stacked outputs
 * @throws ShapeError, DTypeError when the step changes the shape or dtype of a carried value, or an array has another
 *   number of rows
 *
 * @example
 * ```ts
 * const { carry, outputs } = scan([tensor(0)], [tensor([1, 2, 3])], 3, ([sum], [x]) => {
 *   const next = add(sum!, x!);
 *   return { carry: [next], outputs: [next] };
 * });
 * carry[0]!.item(); // → 6
 * outputs[0]!.arraySync(); // → [1, 3, 6]
 * ```
 */
export function scan(
  init: readonly TensorLike[],
  xs: readonly TensorLike[],
  length: number,
  step: (carry: readonly Tensor[], rows: readonly Tensor[]) => ScanStep,
  options: { readonly reverse?: boolean } = {},
): { carry: Tensor[]; outputs: Tensor[] } {
  checkOptions("scan", options, ["reverse"]);
  if (!(Number.isSafeInteger(length) && length >= 0)) {
    throw new ValueError(`scan: the length is a whole number that is not negative. Received: ${length}`);
  }
  const arrays = xs.map((x) => toTensor(x));
  arrays.forEach((x, i) => {
    if (x.shape[0] === length) return;
    throw new ShapeError(`scan: array ${i} has shape ${showShape(x.shape)}. Expected ${length} rows`);
  });
  const rowOf = (index: Node): Node =>
    options.reverse === true ? apply("subtract", constant(length - 1, index), index) : index;
  const results = runRounds(
    "scan",
    length,
    init,
    (index, carry) => {
      const rows = arrays.map((x) => new Tensor(readRow(x.node, rowOf(index.node))));
      const { carry: carried, outputs } = step(carry, rows);
      return { carried, rows: outputs };
    },
    {},
    { length, rowOf },
  );
  return { carry: results.slice(0, init.length), outputs: results.slice(init.length) };
}
