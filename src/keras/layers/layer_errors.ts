/** Tells in errors which layer they come from. */
import { showShape, TsunoError } from "../../engine/index.ts";
import { isShape, type ShapeTree } from "../backend/keras_tensor.ts";
import { classNameOf } from "../saving/registry.ts";

const explained = new WeakSet<Error>();

/** Runs a part of a layer. An error of Tsuno gets a line that says which layer it was and what inputs it had. */
export function explain<R>(layer: { readonly name: string }, inputs: ShapeTree, fn: () => R): R {
  try {
    return fn();
  } catch (error) {
    if (!(error instanceof TsunoError) || explained.has(error)) throw error;
    const Class = error.constructor as new (message: string, options: ErrorOptions) => TsunoError;
    const where = `in layer "${layer.name}" (${classNameOf(layer)}) with inputs of shape ${showShapes(inputs)}`;
    const told = new Class(`${error.message}\n  ${where}`, { cause: error });
    explained.add(told);
    throw told;
  }
}

/** Shapes in their structure, as Python prints them. */
export function showShapes(shapes: ShapeTree): string {
  if (shapes === null || typeof shapes !== "object") return String(shapes);
  if (isShape(shapes)) return showShape(shapes);
  if (Array.isArray(shapes)) return `[${shapes.map((s) => showShapes(s as ShapeTree)).join(", ")}]`;
  return `{${Object.entries(shapes)
    .map(([key, s]) => `'${key}': ${showShapes(s)}`)
    .join(", ")}}`;
}
