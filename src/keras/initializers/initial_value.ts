/** Initial values that wait until they are needed: weights that are loaded before they are read need none. */
import { type DeferredValue, type DType, isFloat, type Shape, type Tensor } from "../../engine/index.ts";
import { SeedGenerator } from "../random/seed_generator.ts";
import { Constant } from "./constant.ts";
import type { InitializerFunction } from "./get.ts";
import { Initializer } from "./initializer.ts";
import { Ones } from "./ones.ts";
import { Orthogonal } from "./orthogonal.ts";
import { RandomInitializer } from "./random_initializer.ts";
import { STFT } from "./stft.ts";
import { Zeros } from "./zeros.ts";

/**
 * What an initializer gives for a shape, as a variable takes it: made when it is first needed, if it is the same whenever
 * that is.
 */
export function initialValue(
  initializer: InitializerFunction,
  shape: Shape,
  dtype: DType,
): Tensor | DeferredValue {
  const make = (): Tensor => initializer(shape, { dtype });
  return canWait(initializer, shape, dtype) ? { shape, dtype, make } : make();
}

/** Whether the value depends on nothing but shape and dtype, and these are such as the initializer takes. */
function canWait(initializer: InitializerFunction, shape: Shape, dtype: DType): boolean {
  // Classes of users may draw from anywhere.
  if (!(initializer instanceof Initializer && Object.hasOwn(initializer.constructor, "className")))
    return false;
  if (initializer instanceof RandomInitializer) {
    const takesShape = shape.length >= 2 || !(initializer instanceof Orthogonal);
    return takesShape && isFloat(dtype) && !(initializer.seed instanceof SeedGenerator);
  }
  if (initializer instanceof STFT)
    return shape.length === 3 && shape[1] === 1 && !Array.isArray(initializer.window);
  return initializer instanceof Zeros || initializer instanceof Ones || initializer instanceof Constant;
}
