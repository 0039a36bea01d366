/** Brings the inputs of a model to the rank and dtype that its `Input` asks for. */
import { ShapeError, showShape, type Tensor } from "../../engine/index.ts";
import type { KerasTensor } from "../backend/keras_tensor.ts";
import { getKerasMask, setKerasMask } from "../backend/masking.ts";

/**
 * A tensor as an input of a model: a last axis of length 1 is added or dropped where the ranks ask for it, and the dtype
 * becomes that of the input. Its mask stays attached.
 *
 * @throws ShapeError when the ranks differ otherwise
 */
export function standardizeInput(x: Tensor, input: KerasTensor, model: string): Tensor {
  const reshaped = adjustRank(x, input, model);
  const cast = reshaped.astype(input.dtype);
  const mask = getKerasMask(x);
  if (mask !== undefined && cast !== x) setKerasMask(cast, mask);
  return cast;
}

function adjustRank(x: Tensor, input: KerasTensor, model: string): Tensor {
  const extra = x.ndim - input.ndim;
  if (extra === 0) return x;
  if (extra === 1 && x.shape.at(-1) === 1) return x.reshape(x.shape.slice(0, -1));
  if (extra === -1 && input.shape.at(-1) === 1) return x.reshape([...x.shape, 1]);
  throw new ShapeError(
    `Model "${model}" expects inputs of shape ${showShape(input.shape)}. Received an input of shape ${showShape(x.shape)}`,
  );
}
