/** The labels of hinge losses. */
import { add, all, bitwiseOr, equal, subtract, type Tensor, where } from "../../engine/index.ts";

/** Labels -1 and 1: if all labels are 0 or 1, 0 becomes -1; others stay as they are. */
export function signedLabels(labels: Tensor): Tensor {
  const binary = all(bitwiseOr(equal(labels, 0), equal(labels, 1)));
  return where(binary, subtract(add(labels, labels), 1), labels);
}
