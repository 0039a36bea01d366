/** Applies a layer to every step of sequences. */
import { concatenate, ShapeError, showShape, slice, type Tensor } from "../../../engine/index.ts";
import type { KerasShape, ShapeTree } from "../../backend/keras_tensor.ts";
import type { CallArguments } from "../call_inputs.ts";
import { Wrapper } from "../core/wrapper.ts";

/**
 * Applies a layer to every step of sequences, with the same weights.
 *
 * Input: `(batch, steps, …)`. Output: `(batch, steps, …)`, what the layer gives for each step.
 *
 * @throws ValueError for what is no layer; ShapeError for inputs of less than three axes and masks that do not fit
 *
 * @example
 * ```ts
 * new TimeDistributed(new Dense(3))(np.ones([2, 5, 4])).shape; // → [2, 5, 3]
 * ```
 */
export class TimeDistributed extends Wrapper {
  static override readonly className: string = "TimeDistributed";

  /** The shape of one step's input. */
  #stepShape(inputShape: KerasShape): KerasShape {
    if (inputShape.length >= 3) return [inputShape[0] ?? null, ...inputShape.slice(2)];
    throw new ShapeError(
      `TimeDistributed: expected inputs of at least 3 axes. Received shape ${showShape(inputShape)}`,
    );
  }

  override build(inputShape: ShapeTree): void {
    super.build(this.#stepShape(inputShape as KerasShape));
  }

  protected override get notesMask(): boolean {
    return true;
  }

  override call(x: Tensor, { training, mask: given }: CallArguments): Tensor {
    const mask = given as Tensor | undefined;
    if (mask !== undefined && !(mask.shape[0] === x.shape[0] && mask.shape[1] === x.shape[1])) {
      throw new ShapeError(
        `Layer "${this.name}": expected a mask of shape ${showShape(x.shape.slice(0, 2))}. Received: ${showShape(mask.shape)}`,
      );
    }
    const run = (input: Tensor, own: Tensor | undefined): Tensor =>
      this.layer.call(input, { training, mask: own }) as Tensor;
    const [samples, steps, ...rest] = x.shape as [number, number, ...number[]];
    // What a layer learns of one step while training, such as statistics, the next one sees.
    if (training && this.layer.nonTrainableVariables.length > 0) {
      const outputs = Array.from({ length: steps }, (_, i) => {
        const at = (t: Tensor): Tensor => takeStep(t, i);
        const output = run(at(x), mask && at(mask));
        return output.reshape(samples, 1, ...output.shape.slice(1));
      });
      return concatenate(outputs, 1);
    }
    const together = (t: Tensor): Tensor => t.reshape(samples * steps, ...t.shape.slice(2));
    const output = run(x.reshape(samples * steps, ...rest), mask && together(mask));
    return output.reshape(samples, steps, ...output.shape.slice(1));
  }

  override computeOutputShape(inputShape: ShapeTree): ShapeTree {
    const [, steps = null] = inputShape as KerasShape;
    const output = this.layer.computeOutputShape(this.#stepShape(inputShape as KerasShape)) as KerasShape;
    return [output[0] ?? null, steps, ...output.slice(1)];
  }
}

/** One step, without its axis. */
function takeStep(x: Tensor, step: number): Tensor {
  const [samples, , ...rest] = x.shape as [number, number, ...number[]];
  const row = slice(x, [0, step, ...rest.map(() => 0)], [samples, step + 1, ...rest]);
  return row.reshape(samples, ...rest);
}
