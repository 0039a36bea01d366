/** Where images have their axis of channels, unless a layer or an operation is told. */
import { didYouMean, show, ValueError } from "../../engine/index.ts";

/** Where an image's axis of channels stands. */
export type DataFormat = "channels_last" | "channels_first";

const known: readonly DataFormat[] = ["channels_last", "channels_first"];

let format: DataFormat = "channels_last";

/**
 * Where images have their axis of channels, unless a layer or an operation is told otherwise: `"channels_last"` (the
 * default) or `"channels_first"`.
 *
 * @example
 * ```ts
 * keras.config.imageDataFormat(); // → "channels_last"
 * ```
 */
export function imageDataFormat(): DataFormat {
  return format;
}

/**
 * Sets where images have their axis of channels. Layers that are there already keep what they have.
 *
 * @param dataFormat `"channels_last"` or `"channels_first"`
 * @throws ValueError for anything else
 *
 * @example
 * ```ts
 * keras.config.setImageDataFormat("channels_first");
 * new keras.layers.GlobalMaxPooling2D()(np.ones([1, 3, 8, 8])).shape; // → [1, 3]
 * keras.config.setImageDataFormat("channels_last");
 * ```
 */
export function setImageDataFormat(dataFormat: DataFormat): void {
  format = checkDataFormat(dataFormat, "setImageDataFormat");
}

/**
 * Checks a data format.
 *
 * @throws ValueError for an unknown one
 */
export function checkDataFormat(value: unknown, where: string): DataFormat {
  if ((known as readonly unknown[]).includes(value)) return value as DataFormat;
  throw new ValueError(
    `${where}: expected dataFormat to be "channels_last" or "channels_first". Received: ${show(value)}.` +
      didYouMean(String(value), known),
  );
}
