/** Activations that were another function in Keras 2 and still are in TensorFlow.js. */
import type { Tensor, TensorLike } from "../../engine/index.ts";
import { toTensor } from "../../engine/index.ts";
import { clip } from "../ops/numpy_elementwise.ts";
import { registerKerasSerializable } from "../saving/object_registration.ts";

/** What configs call it. */
export const hardSigmoidOfKeras2 = "tsuno>hard_sigmoid_keras2";

/** x / 5 + 1/2 between 0 and 1; Keras 3 has x / 6. */
function hardSigmoid(x: TensorLike): Tensor {
  return clip(toTensor(x).multiply(0.2).add(0.5), 0, 1);
}

/** Makes the functions known to configs. */
export function learnActivationsOfKeras2(): void {
  registerKerasSerializable("tsuno", "hard_sigmoid_keras2")(hardSigmoid);
}
