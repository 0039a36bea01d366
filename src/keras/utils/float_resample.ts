/**
 * Pictures of floats in another size, in plain loops: pictures of a folder have all kinds of sizes, and a compiled program for
 * each would take longer than the work. The numbers are those of `ops.image.resize`; TensorFlow's further kinds are here, too.
 */

/** How new pixels come from old ones. */
export type DirectoryInterpolation =
  | "bilinear"
  | "nearest"
  | "bicubic"
  | "area"
  | "lanczos3"
  | "lanczos5"
  | "gaussian"
  | "mitchellcubic";

/** The names of all kinds. */
export const directoryInterpolations: readonly DirectoryInterpolation[] = [
  ...([
    "bilinear",
    "nearest",
    "bicubic",
    "area",
    "lanczos3",
    "lanczos5",
    "gaussian",
    "mitchellcubic",
  ] as const),
];

/** A picture of floats: rows from top to bottom, in each the pixels from left to right. */
export interface Floats {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly data: Float32Array;
}

/** How far a kernel reaches, and the weight of a pixel at a distance that is not negative. */
interface Kernel {
  readonly reach: number;
  readonly weight: (x: number) => number;
}

function lanczos(radius: number): Kernel {
  const weight = (x: number): number => {
    if (x >= radius) return 0;
    if (x <= 1e-3) return 1;
    return (radius * Math.sin(Math.PI * x) * Math.sin((Math.PI * x) / radius)) / (Math.PI ** 2 * x * x);
  };
  return { reach: radius, weight };
}

/** Keys' cubic with a = -1/2. */
function keys(x: number): number {
  if (x >= 2) return 0;
  return x >= 1 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : (1.5 * x - 2.5) * x * x + 1;
}

/** The cubic of Mitchell and Netravali with B = C = 1/3. */
function mitchell(x: number): number {
  if (x >= 2) return 0;
  if (x >= 1) return ((-7 / 18) * x + 2) * x * x - (10 / 3) * x + 16 / 9;
  return ((7 / 6) * x - 2) * x * x + 8 / 9;
}

const kernels: Readonly<Record<Exclude<DirectoryInterpolation, "nearest" | "area">, Kernel>> = {
  bilinear: { reach: 1, weight: (x) => Math.max(1 - x, 0) },
  bicubic: { reach: 2, weight: keys },
  lanczos3: lanczos(3),
  lanczos5: lanczos(5),
  gaussian: { reach: 1.5, weight: (x) => (x >= 1.5 ? 0 : Math.exp(-2 * x * x)) },
  mitchellcubic: { reach: 2, weight: mitchell },
};

/** For each new place along an axis the old ones that it comes from, and their weights. */
type Sources = readonly { readonly start: number; readonly weights: readonly number[] }[];

function sourcesOf(from: number, to: number, method: DirectoryInterpolation): Sources {
  const scale = from / to;
  return Array.from({ length: to }, (_, i) => {
    if (method === "nearest") {
      const start = Math.min(Math.floor(Math.fround(Math.fround(i + 0.5) * Math.fround(scale))), from - 1);
      return { start, weights: [1] };
    }
    if (method === "area") {
      const [low, high] = [i * scale, (i + 1) * scale];
      const start = Math.floor(low);
      const stop = Math.min(Math.ceil(high), from);
      const weights = Array.from(
        { length: stop - start },
        (_, k) => (Math.min(high, start + k + 1) - Math.max(low, start + k)) / scale,
      );
      return { start, weights };
    }
    const { reach, weight } = kernels[method];
    const at = (i + 0.5) * scale - 0.5;
    const start = Math.max(Math.ceil(at - reach), 0);
    const stop = Math.min(Math.floor(at + reach), from - 1);
    const raw = Array.from({ length: stop - start + 1 }, (_, k) => weight(Math.abs(start + k - at)));
    const sum = raw.reduce((a, b) => a + b, 0);
    return { start, weights: raw.map((w) => w / sum) };
  });
}

/** A picture in another size. */
export function resizeFloats(
  image: Floats,
  height: number,
  width: number,
  method: DirectoryInterpolation,
): Floats {
  let { data } = image;
  const { channels } = image;
  if (image.height !== height) {
    const row = image.width * channels;
    const out = new Float32Array(height * row);
    sourcesOf(image.height, height, method).forEach(({ start, weights }, y) => {
      for (let i = 0; i < row; i++) {
        let sum = 0;
        for (let k = 0; k < weights.length; k++) sum += data[(start + k) * row + i]! * weights[k]!;
        out[y * row + i] = sum;
      }
    });
    data = out;
  }
  if (image.width !== width) {
    const out = new Float32Array(height * width * channels);
    const sources = sourcesOf(image.width, width, method);
    for (let y = 0; y < height; y++) {
      sources.forEach(({ start, weights }, x) => {
        for (let c = 0; c < channels; c++) {
          let sum = 0;
          for (let k = 0; k < weights.length; k++)
            sum += data[(y * image.width + start + k) * channels + c]! * weights[k]!;
          out[(y * width + x) * channels + c] = sum;
        }
      });
    }
    data = out;
  }
  return { height, width, channels, data };
}

/** The middle of a picture, in new proportions. */
export function cropToAspect(image: Floats, height: number, width: number): Floats {
  const [h, w] = [
    Math.max(Math.min(image.height, Math.trunc((image.width * height) / width)), 1),
    Math.max(Math.min(image.width, Math.trunc((image.height * width) / height)), 1),
  ];
  const [top, left] = [Math.trunc((image.height - h) / 2), Math.trunc((image.width - w) / 2)];
  return copyInto(image, h, w, -top, -left);
}

/** A picture with black borders, in new proportions. */
export function padToAspect(image: Floats, height: number, width: number): Floats {
  const [h, w] = [
    Math.max(image.height, Math.trunc((image.width * height) / width)),
    Math.max(image.width, Math.trunc((image.height * width) / height)),
  ];
  const [top, left] = [Math.trunc((h - image.height) / 2), Math.trunc((w - image.width) / 2)];
  // Borders are as wide on both sides, as Keras has them.
  return copyInto(image, image.height + 2 * top, image.width + 2 * left, top, left);
}

function copyInto(image: Floats, height: number, width: number, top: number, left: number): Floats {
  const { channels } = image;
  const data = new Float32Array(height * width * channels);
  const [x0, x1] = [Math.max(left, 0), Math.min(left + image.width, width)];
  for (let y = Math.max(top, 0); y < Math.min(top + image.height, height); y++) {
    const from = ((y - top) * image.width + x0 - left) * channels;
    data.set(image.data.subarray(from, from + (x1 - x0) * channels), (y * width + x0) * channels);
  }
  return { height, width, channels, data };
}
