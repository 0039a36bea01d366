/** Where the axis of channels stands. */
import { checkDataFormat, type DataFormat, imageDataFormat } from "../config/image_data_format.ts";

export type { DataFormat } from "../config/image_data_format.ts";

/**
 * Checks a data format; none is `config.imageDataFormat()`.
 *
 * @throws ValueError for an unknown one
 */
export function standardizeDataFormat(value: unknown, where: string): DataFormat {
  return value === undefined || value === null ? imageDataFormat() : checkDataFormat(value, where);
}
