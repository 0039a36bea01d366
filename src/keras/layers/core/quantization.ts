/** Layers whose weights Keras can quantize. */
import { show, UnsupportedError } from "../../../engine/index.ts";

/**
 * Refuses a policy that asks for quantized weights, before there are any.
 *
 * @throws UnsupportedError
 */
export function refuseQuantized(layer: {
  readonly name: string;
  readonly quantizationMode: string | null;
}): void {
  if (layer.quantizationMode === null) return;
  throw new UnsupportedError(
    `Layer "${layer.name}": quantized weights (${show(layer.quantizationMode)}) are not supported.`,
  );
}
