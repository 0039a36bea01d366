/** Encodes pictures as GIF: up to 256 colours for all of them, LZW, as GIF89a and Netscape's extension have it. */

/** Pixels row by row, four bytes (red, green, blue, opacity) each. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly rgba: ArrayLike<number>;
}

const mostColors = 256;

/** Red, green, blue over white, as one number: figures are opaque, and GIF knows no half opacity. */
function* colorsOf({ rgba, width, height }: Pixels): Iterable<number> {
  for (let i = 0; i < 4 * width * height; i += 4) {
    const alpha = rgba[i + 3]! / 255;
    const over = (value: number): number => Math.round(value * alpha + 255 * (1 - alpha));
    yield (over(rgba[i]!) << 16) | (over(rgba[i + 1]!) << 8) | over(rgba[i + 2]!);
  }
}

interface Palette {
  /** Red, green, blue as one number each. */
  readonly colors: readonly number[];
  readonly indexOf: (color: number) => number;
}

/** The colours themselves if there are few, or the means of boxes with about as many pixels each (median cut). */
function paletteOf(frames: readonly Pixels[]): Palette {
  const counts = new Map<number, number>();
  for (const frame of frames)
    for (const color of colorsOf(frame)) counts.set(color, (counts.get(color) ?? 0) + 1);
  if (counts.size <= mostColors) {
    const colors = [...counts.keys()];
    const places = new Map(colors.map((color, i) => [color, i]));
    return { colors, indexOf: (color) => places.get(color)! };
  }
  const channel = (color: number, c: number): number => (color >> (16 - 8 * c)) & 255;
  type Entry = readonly [color: number, count: number];
  const range = (box: readonly Entry[], c: number): number => {
    let [low, high] = [255, 0];
    for (const [color] of box)
      [low, high] = [Math.min(low, channel(color, c)), Math.max(high, channel(color, c))];
    return high - low;
  };
  const weight = (box: readonly Entry[]): number => box.reduce((sum, [, count]) => sum + count, 0);
  // The most frequent colours stay exact: background, axes, letters, lines.
  const sorted = [...counts].sort((a, b) => b[1] - a[1]);
  const exact = sorted.slice(0, 32);
  const boxes: Entry[][] = [sorted.slice(32)];
  while (boxes.length < mostColors - exact.length) {
    // The box whose longest side counts most is cut at its middle pixel.
    const scored = boxes.map(
      (box) => Math.max(...[0, 1, 2].map((c) => range(box, c))) * Math.sqrt(weight(box)),
    );
    const at = scored.indexOf(Math.max(...scored));
    const box = boxes[at]!;
    if (box.length < 2 || scored[at] === 0) break;
    const sides = [0, 1, 2].map((c) => range(box, c));
    const c = sides.indexOf(Math.max(...sides));
    box.sort((a, b) => channel(a[0], c) - channel(b[0], c));
    const half = weight(box) / 2;
    let cut = 0;
    for (let sum = 0; cut < box.length - 1 && sum < half; cut++) sum += box[cut]![1];
    cut = Math.max(1, cut);
    boxes.splice(at, 1, box.slice(0, cut), box.slice(cut));
  }
  const mean = (box: readonly Entry[]): number => {
    const total = weight(box);
    return [0, 1, 2].reduce((color, c) => {
      const sum = box.reduce((part, [one, count]) => part + count * channel(one, c), 0);
      return (color << 8) | Math.round(sum / total);
    }, 0);
  };
  const colors = [...exact.map(([color]) => color), ...boxes.map(mean)];
  const places = new Map(exact.map(([color], i) => [color, i]));
  boxes.forEach((box, i) => {
    for (const [color] of box) places.set(color, exact.length + i);
  });
  return { colors, indexOf: (color) => places.get(color)! };
}

/** Compresses indices of colours as GIF's LZW, least significant bits first. */
function lzw(indices: Uint8Array, bits: number): number[] {
  const [clear, end] = [1 << bits, (1 << bits) + 1];
  const out: number[] = [];
  let [buffer, filled, size, next] = [0, 0, bits + 1, end + 1];
  let known = new Map<number, number>();
  const write = (code: number): void => {
    buffer |= code << filled;
    filled += size;
    while (filled >= 8) {
      out.push(buffer & 255);
      buffer >>>= 8;
      filled -= 8;
    }
  };
  write(clear);
  let prefix = indices[0]!;
  for (let i = 1; i < indices.length; i++) {
    const key = (prefix << 8) | indices[i]!;
    const code = known.get(key);
    if (code !== undefined) {
      prefix = code;
      continue;
    }
    write(prefix);
    if (next === 4096) {
      write(clear);
      known = new Map();
      [size, next] = [bits + 1, end + 1];
    } else {
      known.set(key, next);
      if (next === 1 << size) size++;
      next++;
    }
    prefix = indices[i]!;
  }
  write(prefix);
  write(end);
  if (filled > 0) out.push(buffer & 255);
  return out;
}

const word = (value: number): number[] => [value & 255, value >> 8];

/**
 * GIF of pictures of one size.
 *
 * @param interval milliseconds from picture to picture; GIF counts in hundredths of a second
 */
export function encodeGif(
  frames: readonly Pixels[],
  interval: number,
  repeat: boolean,
): Uint8Array<ArrayBuffer> {
  const { width, height } = frames[0]!;
  const { colors, indexOf } = paletteOf(frames);
  const bits = Math.max(2, Math.ceil(Math.log2(colors.length)));
  const delay = Math.max(2, Math.round(interval / 10));
  const parts: number[][] = [
    [...new TextEncoder().encode("GIF89a"), ...word(width), ...word(height), 0xf0 | (bits - 1), 0, 0],
    Array.from({ length: 1 << bits }, (_, i) => colors[i] ?? 0).flatMap((c) => [
      c >> 16,
      (c >> 8) & 255,
      c & 255,
    ]),
  ];
  if (repeat && frames.length > 1)
    parts.push([0x21, 0xff, 11, ...new TextEncoder().encode("NETSCAPE2.0"), 3, 1, 0, 0, 0]);
  for (const frame of frames) {
    parts.push([0x21, 0xf9, 4, 4, ...word(delay), 0, 0]);
    parts.push([0x2c, 0, 0, 0, 0, ...word(width), ...word(height), 0, bits]);
    const indices = Uint8Array.from(colorsOf(frame), indexOf);
    const data = lzw(indices, bits);
    for (let at = 0; at < data.length; at += 255) {
      const block = data.slice(at, at + 255);
      parts.push([block.length, ...block]);
    }
    parts.push([0]);
  }
  parts.push([0x3b]);
  return Uint8Array.from(parts.flat());
}
