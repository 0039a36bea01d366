/** Where a symbolic tensor begins. */
import type { KerasTensor } from "./keras_tensor.ts";
import type { Node } from "./node.ts";
import type { SymbolicTensor } from "./symbolic_tensor.ts";

/**
 * The inputs that a symbolic tensor is computed from, each once, in the order in which they are met.
 *
 * @returns the tensor itself, if nothing comes before it
 *
 * @example
 * ```ts
 * const [a, b] = [Input([1], { name: "a" }), Input([1], { name: "b" })];
 * const sum = new layers.Add()([new layers.Dense(1)(a), b]);
 * getSourceInputs(sum).map((t) => t.name); // → ["a", "b"]
 * ```
 */
export function getSourceInputs(tensor: KerasTensor): KerasTensor[] {
  const found = new Set<SymbolicTensor>();
  const seen = new Set<Node>();
  // A stack of its own: graphs can be deeper than the host's.
  const open: SymbolicTensor[] = [tensor];
  while (open.length > 0) {
    const next = open.pop()!;
    const node = next.history?.node;
    if (node === undefined) found.add(next);
    else if (!seen.has(node)) {
      seen.add(node);
      if (node.isInput) for (const output of node.outputTensors) found.add(output);
      else open.push(...node.inputTensors.toReversed());
    }
  }
  return [...found] as KerasTensor[];
}
