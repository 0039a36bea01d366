/** Where the axis of channels stands. */
import { didYouMean, show, ValueError } from "../../engine/index.ts";

/** Where an image's axis of channels stands. */
export type DataFormat = "channels_last" | "channels_first";

const known: readonly DataFormat[] = ["channels_last", "channels_first"];

/**
 * Checks a data format; none is `"channels_last"`.
 *
 * @throws ValueError for an unknown one
 */
export function standardizeDataFormat(value: unknown, where: string): DataFormat {
  if (value === undefined || value === null) return "channels_last";
  if ((known as readonly unknown[]).includes(value)) return value as DataFormat;
  throw new ValueError(
    `${where}: expected dataFormat to be "channels_last" or "channels_first". Received: ${show(value)}.` +
      didYouMean(String(value), known),
  );
}
