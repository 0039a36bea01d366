/** Reads sound from WAV files: whole numbers of 8 to 32 bits and floats, any number of channels. */
import { FileError } from "../engine/tensor/errors.ts";

/** Sound: frames one after the other, in each the channels side by side, from -1 to 1. */
export interface Sound {
  /** Frames in a second. */
  readonly rate: number;
  readonly channels: number;
  readonly frames: Float32Array;
}

const pcm = 1;
const floats = 3;
const extensible = 0xfffe;

/**
 * @param where what reads, for messages
 * @throws FileError for what is no WAV file, damaged, or packed
 */
export function readWav(bytes: Uint8Array, where: string): Sound {
  const fail = (what: string): never => {
    throw new FileError(`${where}: the WAV file ${what}`);
  };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = (at: number): string => String.fromCharCode(...bytes.subarray(at, at + 4));
  if (text(0) !== "RIFF" || text(8) !== "WAVE") throw new FileError(`${where}: this is no WAV file`);
  let format: { kind: number; channels: number; rate: number; bits: number } | undefined;
  for (let at = 12; at + 8 <= bytes.length; ) {
    const name = text(at);
    const length = view.getUint32(at + 4, true);
    const start = at + 8;
    if (name === "fmt ") {
      if (length < 16 || start + length > bytes.length) fail("is damaged");
      const kind = view.getUint16(start, true);
      format = {
        kind: kind === extensible && length >= 26 ? view.getUint16(start + 24, true) : kind,
        channels: view.getUint16(start + 2, true),
        rate: view.getUint32(start + 4, true),
        bits: view.getUint16(start + 14, true),
      };
    } else if (name === "data") {
      if (format === undefined) return fail("has no format");
      const { channels, rate, kind, bits } = format;
      const sample = readerOf(kind, bits) ?? fail(`has samples of the kind ${kind} with ${bits} bits`);
      if (channels === 0 || rate === 0) fail("is damaged");
      const width = bits / 8;
      // Files that were written while sound came may say that they are longer than they are.
      const end = Math.min(start + length, bytes.length);
      const count = Math.floor((end - start) / (width * channels)) * channels;
      const frames = new Float32Array(count);
      for (let i = 0; i < count; i++) frames[i] = sample(view, start + i * width);
      return { rate, channels, frames };
    }
    at = start + length + (length % 2);
  }
  return fail("has no sound in it");
}

/** Reads one sample as a number from -1 to 1. */
function readerOf(kind: number, bits: number): ((view: DataView, at: number) => number) | undefined {
  if (kind === pcm) {
    if (bits === 8) return (view, at) => (view.getUint8(at) - 128) / 128;
    if (bits === 16) return (view, at) => view.getInt16(at, true) / 2 ** 15;
    if (bits === 24) return (view, at) => (view.getUint8(at) + view.getInt16(at + 1, true) * 256) / 2 ** 23;
    if (bits === 32) return (view, at) => view.getInt32(at, true) / 2 ** 31;
  }
  if (kind === floats) {
    if (bits === 32) return (view, at) => view.getFloat32(at, true);
    if (bits === 64) return (view, at) => view.getFloat64(at, true);
  }
  return undefined;
}
