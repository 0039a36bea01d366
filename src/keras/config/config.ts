/** The global defaults of Keras: the float type and the fuzz factor. */
import { asDType, type DType, DTypeError, isFloat, show, ValueError } from "../../engine/index.ts";

let defaultFloat: DType = "float32";
let fuzz = 1e-7;

/**
 * The dtype that layers and arrays of floats have unless they are told otherwise. Default `"float32"`.
 *
 * @example
 * ```ts
 * keras.config.floatx(); // → "float32"
 * ```
 */
export function floatx(): DType {
  return defaultFloat;
}

/**
 * Sets the default float dtype.
 *
 * @param value `"float16"`, `"bfloat16"`, `"float32"` or `"float64"`
 * @throws DTypeError for anything else
 *
 * @example
 * ```ts
 * config.setFloatx("float64");
 * keras.ops.ones([1]).dtype; // → float64
 * config.setFloatx("float32");
 * ```
 */
export function setFloatx(value: DType): void {
  if (!isFloat(asDType(value, "setFloatx"))) {
    throw new DTypeError(
      `setFloatx: expected "float16", "bfloat16", "float32" or "float64". Received: ${show(value)}`,
    );
  }
  defaultFloat = value;
}

/**
 * The small number that keeps logarithms and quotients finite. Default 1e-7.
 *
 * @example
 * ```ts
 * config.epsilon(); // → 1e-7
 * ```
 */
export function epsilon(): number {
  return fuzz;
}

/**
 * Sets the fuzz factor.
 *
 * @throws ValueError unless it is a positive number
 *
 * @example
 * ```ts
 * config.setEpsilon(1e-5);
 * config.epsilon(); // → 0.00001
 * config.setEpsilon(1e-7);
 * ```
 */
export function setEpsilon(value: number): void {
  if (!(typeof value === "number" && value > 0 && value < 1)) {
    throw new ValueError(`setEpsilon: expected a number between 0 and 1. Received: ${show(value)}`);
  }
  fuzz = value;
}
