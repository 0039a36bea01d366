/** The masks of merged inputs, for layers that leave out what is masked. */
import { broadcastTo, type Tensor } from "../../../engine/index.ts";
import { getKerasMask } from "../../backend/masking.ts";

/** The mask of a tensor in the tensor's own shape. */
export function fullMask(x: Tensor): Tensor | undefined {
  const mask = getKerasMask(x);
  return mask === undefined ? undefined : broadcastTo(mask.reshape([...mask.shape, 1]), x.shape);
}
