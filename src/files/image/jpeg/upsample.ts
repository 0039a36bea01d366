/**
 * Brings components of fewer samples to the size of the picture: between two samples lie weighted means of them, three
 * quarters of the near one and a quarter of the other, rounded as libjpeg rounds.
 */
import type { Component, Frame } from "./frame.ts";

/** The samples of a component at every pixel of the picture; `stride` apart are the rows. */
export interface Plane {
  readonly samples: Uint8ClampedArray;
  readonly stride: number;
}

export function upsample(component: Component, samples: Uint8ClampedArray, frame: Frame): Plane {
  const { h, v, columns, width } = component;
  const [across, down] = [frame.hMax / h, frame.vMax / v];
  const stride = 8 * columns;
  if (across === 1 && down === 1) return { samples, stride };
  // Libjpeg takes the nearest sample where there are so few that there is nothing between them.
  if (across === 2 && down === 1 && width > 2) return widen(component, samples, frame);
  if (across === 2 && down === 2 && width > 2) return widenBoth(component, samples, frame);
  if (across === 1 && down === 2) return heighten(component, samples, frame);
  const out = new Uint8ClampedArray(frame.width * frame.height);
  for (let y = 0; y < frame.height; y++) {
    const from = Math.floor(y / down) * stride;
    for (let x = 0; x < frame.width; x++) out[y * frame.width + x] = samples[from + Math.floor(x / across)]!;
  }
  return { samples: out, stride: frame.width };
}

function widen({ columns, width }: Component, samples: Uint8ClampedArray, { height }: Frame): Plane {
  const [from, stride] = [8 * columns, 2 * width];
  const out = new Uint8ClampedArray(stride * height);
  for (let y = 0; y < height; y++) {
    const [a, b] = [y * from, y * stride];
    for (let x = 0; x < width; x++) {
      const here = samples[a + x]!;
      out[b + 2 * x] = x === 0 ? here : (3 * here + samples[a + x - 1]! + 1) >> 2;
      out[b + 2 * x + 1] = x === width - 1 ? here : (3 * here + samples[a + x + 1]! + 2) >> 2;
    }
  }
  return { samples: out, stride };
}

function heighten(component: Component, samples: Uint8ClampedArray, frame: Frame): Plane {
  const stride = 8 * component.columns;
  const out = new Uint8ClampedArray(stride * frame.height);
  for (let y = 0; y < frame.height; y++) {
    const [near, far] = neighbours(y, component.height);
    const bias = y % 2 === 0 ? 1 : 2;
    for (let x = 0; x < stride; x++)
      out[y * stride + x] = (3 * samples[near * stride + x]! + samples[far * stride + x]! + bias) >> 2;
  }
  return { samples: out, stride };
}

/** The row that a row of the picture comes from, and the next one on its side; beyond the border is the border. */
function neighbours(y: number, rows: number): readonly [near: number, far: number] {
  const near = y >> 1;
  const far = y % 2 === 0 ? Math.max(near - 1, 0) : Math.min(near + 1, rows - 1);
  return [near, far];
}

function widenBoth(component: Component, samples: Uint8ClampedArray, { height }: Frame): Plane {
  const { columns, width } = component;
  const [from, stride] = [8 * columns, 2 * width];
  const out = new Uint8ClampedArray(stride * height);
  const sums = new Int32Array(width);
  for (let y = 0; y < height; y++) {
    const [near, far] = neighbours(y, component.height);
    for (let x = 0; x < width; x++) sums[x] = 3 * samples[near * from + x]! + samples[far * from + x]!;
    const b = y * stride;
    for (let x = 0; x < width; x++) {
      const here = sums[x]!;
      out[b + 2 * x] = (x === 0 ? 4 * here + 8 : 3 * here + sums[x - 1]! + 8) >> 4;
      out[b + 2 * x + 1] = (x === width - 1 ? 4 * here + 7 : 3 * here + sums[x + 1]! + 7) >> 4;
    }
  }
  return { samples: out, stride };
}
