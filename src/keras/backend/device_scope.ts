/** Where tensors are computed: on one device here. */
import { show, UnsupportedError, ValueError } from "../../engine/index.ts";

/**
 * Runs a function on a device. Keras has it as a `with` block. There is one device here, `"cpu"` or `"cpu:0"`.
 *
 * @throws UnsupportedError for another device
 *
 * @example
 * ```ts
 * device("cpu:0", () => np.ones([2]).add(1).arraySync()); // → [2, 2]
 * ```
 */
export function device<R>(deviceName: string, fn: () => R): R {
  if (typeof deviceName !== "string") {
    throw new ValueError(
      `device: expected the name of a device, such as "cpu:0". Received: ${show(deviceName)}`,
    );
  }
  if (!/^(?:device:)?cpu(?::0)?$/i.test(deviceName)) {
    throw new UnsupportedError(`device: there is only "cpu:0". Received: ${show(deviceName)}`);
  }
  return fn();
}
