/** Functions of one tensor that have a name outside, too: who exports a model may have an operator for them. */
import { type CompositeAttributes, composite, type Tensor } from "../../engine/index.ts";

/**
 * Applies a function.
 *
 * @param name what Keras calls it
 * @param attributes what else says which function it is
 */
export function named(
  name: string,
  attributes: CompositeAttributes,
  x: Tensor,
  fn: (x: Tensor) => Tensor,
): Tensor {
  return composite(
    name,
    () => ({ attributes, operands: [x] }),
    () => [fn(x)],
  )[0]!;
}
