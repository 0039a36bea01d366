/** Brings what a functional model is called with into the structure of its inputs. */
import { isPlainObject, show, showShape, ValueError } from "../../engine/index.ts";
import { KerasTensor } from "../backend/keras_tensor.ts";
import type { SymbolicTree } from "../backend/symbolic_tree.ts";
import { isNumeric } from "../layers/call_inputs.ts";
import { InputLayer } from "../layers/core/input_layer.ts";

/**
 * What was given, in the structure of the inputs: an object may name the inputs of a list, a single input may come in a
 * list, a list may stand for another kind of list.
 *
 * @param enter makes a tensor, or a symbolic one, of each
 * @throws ValueError when inputs are missing or have another structure
 */
export function matchInputs(
  model: string,
  expected: SymbolicTree,
  given: unknown,
  enter: (x: unknown) => unknown,
): unknown {
  const mismatch = (): never => {
    throw new ValueError(
      `Model "${model}": the structure of the inputs doesn't match the expected structure. ` +
        `Expected: ${showStructure(expected)}. Received: ${showStructure(given)}`,
    );
  };
  const match = (want: SymbolicTree, x: unknown): unknown => {
    if (want instanceof KerasTensor) {
      if (x === null || x === undefined) return absent(want, model);
      if (isPlainObject(x) || (Array.isArray(x) && !isNumeric(x))) return mismatch();
      return enter(x);
    }
    if (Array.isArray(want)) {
      const list = want as readonly SymbolicTree[];
      if (isPlainObject(x) && list.every((w) => w instanceof KerasTensor)) {
        if (!list.every((w) => Object.hasOwn(x, w.name))) return mismatch();
        return list.map((w) => match(w, x[w.name]));
      }
      if (Array.isArray(x) && x.length === list.length) return list.map((w, i) => match(w, x[i]));
      return list.length === 1 && !isPlainObject(x) ? [match(list[0]!, x)] : mismatch();
    }
    const named = want as Readonly<Record<string, SymbolicTree>>;
    const keys = Object.keys(named);
    if (isPlainObject(x)) {
      if (!keys.every((key) => Object.hasOwn(x, key) || optional(named[key]!))) return mismatch();
      return Object.fromEntries(keys.map((key) => [key, match(named[key]!, x[key])]));
    }
    // Lists of values stand for objects only where it is clear which is which.
    const sorted = [...keys].sort();
    if (keys.length === 1 && !Array.isArray(x)) return { [keys[0]!]: match(named[keys[0]!]!, x) };
    if (!Array.isArray(x) || x.length !== keys.length || keys.some((key, i) => key !== sorted[i])) {
      return mismatch();
    }
    return Object.fromEntries(keys.map((key, i) => [key, match(named[key]!, x[i])]));
  };
  // One input may come by its name, or alone in a list.
  if (expected instanceof KerasTensor) {
    if (isPlainObject(given)) {
      return Object.hasOwn(given, expected.name) ? match(expected, given[expected.name]) : mismatch();
    }
    if (Array.isArray(given) && given.length === 1 && !isNumeric(given)) return match(expected, given[0]);
  }
  return match(expected, given);
}

function optional(x: SymbolicTree): boolean {
  if (!(x instanceof KerasTensor)) return false;
  const layer = x.history?.node.operation;
  return layer instanceof InputLayer && layer.optional;
}

function absent(x: KerasTensor, model: string): null {
  if (optional(x)) return null;
  throw new ValueError(
    `Model "${model}": the input "${x.name}" is not optional, but none was given. Give a tensor.`,
  );
}

function showStructure(tree: unknown): string {
  if (tree instanceof KerasTensor) return tree.name;
  if (Array.isArray(tree) && !isNumeric(tree)) return `[${tree.map(showStructure).join(", ")}]`;
  if (isPlainObject(tree)) {
    const members = Object.entries(tree).map(([key, x]) => `${key}: ${showStructure(x)}`);
    return `{ ${members.join(", ")} }`;
  }
  const shape = (tree as { readonly shape?: readonly number[] } | null | undefined)?.shape;
  return shape === undefined ? show(tree) : `Tensor(shape=${showShape(shape)})`;
}
