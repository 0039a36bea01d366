/** Makes all operations known to configs; apart, because it needs every one of them. */
import { learnOperations } from "../backend/function_operation.ts";
import { learnMethods } from "../backend/keras_tensor.ts";
import * as image from "./image.ts";
import * as steps from "./steps/index.ts";

/** Makes the names of all operations of Keras known. */
export function learnOps(): void {
  learnMethods();
  learnOperations(steps);
  learnOperations(image);
}
