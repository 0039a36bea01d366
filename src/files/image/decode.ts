/** Reads pictures of the formats that Keras reads, with code of our own, so that they have the same pixels on every host. */
import { FileError } from "../../engine/tensor/errors.ts";
import type { Raster } from "./raster.ts";

/**
 * The picture in a file's bytes: PNG, JPEG, BMP, or the first one of a GIF.
 *
 * @param where what reads, for messages
 * @throws FileError when it is none of these, or damaged
 */
export async function decodeImage(bytes: Uint8Array, where: string): Promise<Raster> {
  switch (bytes[0]) {
    case 0x89: {
      const { decodePng, isPng } = await import("./png_decode.ts");
      if (isPng(bytes)) return decodePng(bytes, where);
      break;
    }
    case 0xff: {
      const { decodeJpeg, isJpeg } = await import("./jpeg_decode.ts");
      if (isJpeg(bytes)) return decodeJpeg(bytes, where);
      break;
    }
    case 0x42: {
      const { decodeBmp, isBmp } = await import("./bmp_decode.ts");
      if (isBmp(bytes)) return decodeBmp(bytes, where);
      break;
    }
    case 0x47: {
      const { decodeGif, isGif } = await import("./gif_decode.ts");
      if (isGif(bytes)) return decodeGif(bytes, where);
      break;
    }
    default:
  }
  throw new FileError(`${where}: this is no picture in PNG, JPEG, BMP or GIF`);
}
