/** Pictures of bytes in another size, with Pillow's filters and Pillow's roundings. */
import type { Raster } from "./raster.ts";
import { channelsOf } from "./raster.ts";

/** How new pixels come from old ones. */
export type Filter = "nearest" | "bilinear" | "bicubic" | "hamming" | "box" | "lanczos";

/** The weight of a pixel at a distance, and how far it reaches. */
interface Kernel {
  readonly reach: number;
  readonly weight: (x: number) => number;
}

const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(x * Math.PI) / (x * Math.PI));

/** Keys' cubic with a = -1/2. */
function cubic(distance: number): number {
  const [a, x] = [-0.5, Math.abs(distance)];
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
}

function hamming(distance: number): number {
  const x = Math.abs(distance);
  if (x === 0) return 1;
  if (x >= 1) return 0;
  return (Math.sin(x * Math.PI) / (x * Math.PI)) * (0.54 + 0.46 * Math.cos(x * Math.PI));
}

const kernels: Readonly<Record<Exclude<Filter, "nearest">, Kernel>> = {
  box: { reach: 0.5, weight: (x) => (x > -0.5 && x <= 0.5 ? 1 : 0) },
  bilinear: { reach: 1, weight: (x) => Math.max(1 - Math.abs(x), 0) },
  hamming: { reach: 1, weight: hamming },
  bicubic: { reach: 2, weight: cubic },
  lanczos: { reach: 3, weight: (x) => (x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0) },
};

/** The names of all filters. */
export const filters: readonly Filter[] = ["nearest", "bilinear", "bicubic", "hamming", "box", "lanczos"];

/** A part of a picture: the left, upper, right and lower border. */
export type Box = readonly [left: number, top: number, right: number, bottom: number];

/** Weights are whole numbers with so many bits after the point. */
const precision = 22;

/** For each new pixel along an axis, the old ones that it comes from and their weights. */
interface Weights {
  readonly starts: Int32Array;
  readonly counts: Int32Array;
  readonly most: number;
  readonly weights: Float64Array;
}

function weightsOf(from: number, low: number, high: number, to: number, { reach, weight }: Kernel): Weights {
  const scale = (high - low) / to;
  const wide = Math.max(scale, 1);
  const support = reach * wide;
  const most = Math.ceil(support) * 2 + 1;
  const [starts, counts] = [new Int32Array(to), new Int32Array(to)];
  const weights = new Float64Array(to * most);
  for (let i = 0; i < to; i++) {
    const center = low + (i + 0.5) * scale;
    const start = Math.max(Math.trunc(center - support + 0.5), 0);
    const count = Math.min(Math.trunc(center + support + 0.5), from) - start;
    let sum = 0;
    for (let k = 0; k < count; k++) {
      const w = weight((k + start - center + 0.5) * (1 / wide));
      weights[i * most + k] = w;
      sum += w;
    }
    if (sum !== 0) for (let k = 0; k < count; k++) weights[i * most + k]! /= sum;
    starts[i] = start;
    counts[i] = count;
  }
  return { starts, counts, most, weights };
}

/** A picture of bytes, or of numbers of 16 bits, in another size. */
export function resizeRaster(
  image: Raster,
  width: number,
  height: number,
  filter: Filter,
  part?: Box,
): Raster {
  const box = part ?? [0, 0, image.width, image.height];
  if (width === image.width && height === image.height && part === undefined) return image;
  if (filter === "nearest") return nearest(image, width, height, box);
  const premultiplied = image.mode === "LA" || image.mode === "RGBA";
  const kernel = kernels[filter];
  let out = premultiplied ? multiplied(image) : image;
  // Pillow leaves a direction out in which nothing changes.
  if (width !== image.width || box[0] !== 0 || box[2] !== width)
    out = along(out, weightsOf(image.width, box[0], box[2], width, kernel), width, true);
  if (height !== image.height || box[1] !== 0 || box[3] !== height)
    out = along(out, weightsOf(image.height, box[1], box[3], height, kernel), height, false);
  return premultiplied ? divided(out) : out;
}

function along(image: Raster, given: Weights, length: number, across: boolean): Raster {
  const { mode, data } = image;
  const [width, height] = across ? [length, image.height] : [image.width, length];
  const channels = channelsOf[mode];
  const wide = mode === "I;16";
  const out = wide ? new Uint16Array(width * height) : new Uint8ClampedArray(width * height * channels);
  const { starts, counts, most } = given;
  const weights = wide
    ? given.weights
    : given.weights.map((w) => Math.trunc(w * 2 ** precision + (w < 0 ? -0.5 : 0.5)));
  const step = across ? channels : image.width * channels;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = across ? x : y;
      const first = (across ? y * image.width + starts[i]! : starts[i]! * image.width + x) * channels;
      for (let c = 0; c < channels; c++) {
        let sum = wide ? 0.5 : 2 ** (precision - 1);
        for (let k = 0, at = first + c; k < counts[i]!; k++, at += step)
          sum += data[at]! * weights[i * most + k]!;
        out[(y * width + x) * channels + c] = wide
          ? Math.min(Math.max(Math.floor(sum), 0), 65535)
          : Math.floor(sum / 2 ** precision);
      }
    }
  }
  return { width, height, mode, data: wide ? (out as Uint16Array) : new Uint8Array(out.buffer) };
}

function nearest(image: Raster, width: number, height: number, [left, top, right, bottom]: Box): Raster {
  const channels = channelsOf[image.mode];
  const out = new (image.data.constructor as Uint8ArrayConstructor | Uint16ArrayConstructor)(
    width * height * channels,
  );
  const [dx, dy] = [(right - left) / width, (bottom - top) / height];
  // The places are added up one by one, as Pillow does, with its roundings.
  const columns = places(width, left, dx, image.width);
  const rows = places(height, top, dy, image.height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = (rows[y]! * image.width + columns[x]!) * channels;
      for (let c = 0; c < channels; c++) out[(y * width + x) * channels + c] = image.data[from + c]!;
    }
  }
  return { width, height, mode: image.mode, data: out };
}

function places(count: number, start: number, step: number, length: number): number[] {
  let at = start + step * 0.5;
  return Array.from({ length: count }, () => {
    const place = Math.min(Math.max(Math.trunc(at), 0), length - 1);
    at += step;
    return place;
  });
}

/** A product of two fractions of 255, as Pillow rounds it. */
function fraction(a: number, b: number): number {
  const product = a * b + 128;
  return ((product >> 8) + product) >> 8;
}

/** Colours times opacity, so that what cannot be seen does not colour its neighbours. */
function multiplied(image: Raster): Raster {
  const channels = channelsOf[image.mode];
  const data = Uint8Array.from(image.data, (value, i) =>
    i % channels === channels - 1 ? value : fraction(value, image.data[i - (i % channels) + channels - 1]!),
  );
  return { ...image, data };
}

function divided(image: Raster): Raster {
  const channels = channelsOf[image.mode];
  const data = Uint8ClampedArray.from(image.data, (value, i) => {
    const alpha = image.data[i - (i % channels) + channels - 1]!;
    return i % channels === channels - 1 || alpha === 0 || alpha === 255
      ? value
      : Math.trunc((255 * value) / alpha);
  });
  return { ...image, data: new Uint8Array(data.buffer) };
}
