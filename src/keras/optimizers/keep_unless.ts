/** Changes of variables that take effect only under a condition that is known when the program runs. */
import { type Tensor, where } from "../../engine/index.ts";
import type { Variable } from "../backend/variable.ts";

/** Runs a change of variables that takes effect only where the condition holds. */
export function keepUnless(condition: Tensor, variables: readonly Variable[], change: () => void): void {
  const before = variables.map((v) => v.value);
  change();
  variables.forEach((v, i) => {
    // What the change left alone needs no choice.
    if (v.value !== before[i]) v.assign(where(condition, v, before[i]!));
  });
}
