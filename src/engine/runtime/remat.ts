/** Functions whose intermediate values are not kept for their gradient. */
import { nextNodeId } from "../graph/node.ts";
import { makeRegion } from "../graph/recomputed.ts";
import { checkOptions } from "../tensor/errors.ts";
import { Tensor } from "./tensor.ts";
import { treeLeaves } from "./tree.ts";

/** Options of {@link remat}. */
export interface RematOptions<R> {
  /** Says of a call's result whether its intermediate values are computed once more. Default: always. */
  readonly when?: (result: R) => boolean;
}

/**
 * A function that computes the same, and whose gradient computes the function's intermediate values once more instead of
 * keeping them: less memory for more time (rematerialization, gradient checkpointing). Values and gradients are the same.
 *
 * It matters inside of compiled functions: between the parts of a deep program only what goes from one wrapped part to the
 * next is kept.
 *
 * @param fn a function of whatever arguments, that gives tensors in any structure; variables and tensors that it uses
 *   besides its arguments have gradients, too
 * @param options `when`: says of a result whether it is worth it (default: always)
 *
 * @example
 * ```ts
 * const block = remat((x: Tensor, w: Tensor) => tanh(x.matmul(w)).matmul(w));
 * const slope = grad((w) => block(tensor([[1, 2]]), w).sum());
 * slope([[0.5, 0], [0, 0.5]]).shape; // → [2, 2]
 * ```
 */
export function remat<A extends readonly unknown[], R>(
  fn: (...args: A) => R,
  options: RematOptions<R> = {},
): (...args: A) => R {
  checkOptions("remat", options, ["when"]);
  return (...args) => {
    const first = nextNodeId();
    const result = fn(...args);
    if (options.when?.(result) === false) return result;
    const tensors = treeLeaves(result).filter((x) => x instanceof Tensor);
    makeRegion(
      tensors.map((x) => x.node),
      first,
    );
    return result;
  };
}
