/**
 * Scales that are linear around zero and logarithmic beyond, on both sides: matplotlib's "symlog". What is drawn is put where
 * it belongs before anything else looks at it, so that renderers know linear and logarithmic axes only.
 */
import type { Artist, Ring } from "./model.ts";
import type { AxisTicks } from "./ticks.ts";
import { powerOfTen } from "./ticks.ts";

/** What a symlog scale is made of. */
export interface Symlog {
  readonly base: number;
  /** Up to which distance from zero it is linear. */
  readonly linthresh: number;
  /** How many powers of the base each half of the linear part is as long as. */
  readonly linscale: number;
}

/** From values to places on the axis, and back. */
export interface Bend {
  readonly to: (value: number) => number;
  readonly from: (place: number) => number;
}

/** The bend of a scale. */
export function bend({ base, linthresh, linscale }: Symlog): Bend {
  const linear = linscale / (1 - 1 / base);
  const log = Math.log(base);
  return {
    to: (value) => {
      const size = Math.abs(value);
      if (!(size > linthresh)) return value * linear;
      return Math.sign(value) * linthresh * (linear + Math.log(size / linthresh) / log);
    },
    from: (place) => {
      const size = Math.abs(place);
      if (!(size > linthresh * linear)) return place / linear;
      return Math.sign(place) * linthresh * base ** (size / linthresh - linear);
    },
  };
}

/** Ticks at zero and at powers of the base on both sides; only every so many of a great number. */
export function symlogTicks(low: number, high: number, { base, linthresh }: Symlog): AxisTicks {
  const power = (value: number): number => Math.log(value) / Math.log(base);
  const decades = (from: number, to: number): number[] => {
    const first = Math.floor(power(from));
    return Array.from({ length: Math.max(0, Math.ceil(power(to)) - first) }, (_, i) => first + i);
  };
  const below = low < -linthresh ? decades(Math.max(linthresh, -Math.min(high, -linthresh)), 1 - low) : [];
  const above = high > linthresh ? decades(Math.max(linthresh, low), high + 1) : [];
  const hasZero = low <= linthresh && high >= -linthresh;
  const stride = Math.max(1, Math.floor((below.length + above.length + Number(hasZero)) / 14));
  const each = (powers: readonly number[]): number[] => powers.filter((_, i) => i % stride === 0);
  const named = (exponent: number): string =>
    base === 10 ? powerOfTen(exponent) : String(Number((base ** exponent).toPrecision(6)));
  const ticks = [
    ...each(below)
      .reverse()
      .map((n) => ({ value: -(base ** n), label: `−${named(n)}`, minor: false })),
    ...(hasZero ? [{ value: 0, label: "0", minor: false }] : []),
    ...each(above).map((n) => ({ value: base ** n, label: named(n), minor: false })),
  ];
  return { ticks: ticks.filter(({ value }) => value >= low && value <= high), offsetText: "" };
}

/** An artist with its values along the axes put to their places. */
export function bent(artist: Artist, x: Bend["to"] | undefined, y: Bend["to"] | undefined): Artist {
  const [toX, toY] = [x ?? ((v: number) => v), y ?? ((v: number) => v)];
  const ring = ({ x: xs, y: ys }: Ring): Ring => ({ x: xs.map((v) => toX(v)), y: ys.map((v) => toY(v)) });
  switch (artist.kind) {
    case "line":
    case "points":
      return { ...artist, ...ring(artist) };
    case "bars": {
      const { x0, x1, y0, y1 } = artist;
      const [low, high] = [ring({ x: x0, y: y0 }), ring({ x: x1, y: y1 })];
      return { ...artist, x0: low.x, x1: high.x, y0: low.y, y1: high.y };
    }
    case "area": {
      const { x: xs, y0, y1 } = artist;
      return { ...artist, x: xs.map((v) => toX(v)), y0: y0.map((v) => toY(v)), y1: y1.map((v) => toY(v)) };
    }
    case "image": {
      const { left, right, bottom, top } = artist;
      return { ...artist, left: toX(left), right: toX(right), bottom: toY(bottom), top: toY(top) };
    }
    case "paths":
      return { ...artist, shapes: artist.shapes.map((rings) => rings.map(ring)) };
    case "span": {
      const to = artist.axis === "x" ? toX : toY;
      return { ...artist, low: to(artist.low), high: to(artist.high) };
    }
    case "reference":
      return { ...artist, value: (artist.axis === "x" ? toX : toY)(artist.value) };
    case "text": {
      const { arrow } = artist;
      const isData = artist.coordinates === "data";
      return {
        ...artist,
        ...(isData ? { x: toX(artist.x), y: toY(artist.y) } : {}),
        arrow: arrow?.coordinates === "data" ? { ...arrow, x: toX(arrow.x), y: toY(arrow.y) } : arrow,
      };
    }
  }
}
