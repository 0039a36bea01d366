/** Colour maps by matplotlib's names: evenly spaced control points, linear in between. */
import { didYouMean, show, ValueError } from "../engine/tensor/errors.ts";
import type { Color } from "./color.ts";

type BaseName =
  | "viridis"
  | "plasma"
  | "inferno"
  | "magma"
  | "cividis"
  | "Blues"
  | "Reds"
  | "Greens"
  | "RdBu"
  | "coolwarm"
  | "jet"
  | "gray"
  | "binary"
  | "Greys";

// Sampled from matplotlib's tables; linear interpolation stays within a few 255ths of them.
const MAPS: Record<BaseName, string> = {
  viridis: `
    440154470d6048186a482374472d7b4537814240863e49893b528b375b8d33638d2f6b8e2c728e297a8e26828e
    23898e21918c1f978b1f9f8821a68527ad8131b57b3dbc744cc26c5cc8636ece5881d34d95d840aadc32c0df25
    d5e21aeae51afde725
  `,
  plasma: `
    0d08872206903105973f049c4c02a15901a56600a77201a87e03a88a09a59511a1a01a9caa2395b32c8ebc3587
    c43e7fcc4778d24f71d9586adf6263e56b5deb7556f07f4ff48948f89441fb9f3afdab33feb72dfdc328fcd025
    f9dd25f5eb27f0f921
  `,
  inferno: `
    0000040403120b0724150b37210c4a2f0a5b3d09654a0c6b57106e64156e71196e7d1e6d8a226a972766a32c61
    b0315bbc3754c63d4dd04545da4e3ce35933eb6429f1711ff67e14f98c0afb9b06fcaa0ffbba1ff9c932f5d949
    f2e865f3f586fcffa4
  `,
  magma: `
    0000040a08221d114736106b51127c6a1c818326819c2e7fb73779cf4070e55064f4695cfb8761fea571fec287
    fde0a1fcfdbf
  `,
  cividis: `
    00224e00285b002e6a0533711a386f273e6e32436d3b496c434e6c4b546c535a6d5a5f6e61656f686a716f7073
    7676767d7c788381798b8778928d789a9376a29975aaa073b3a670bbad6dc3b369ccba64d4c15fddc858e6d051
    efd748f8df3cfee838
  `,
  Blues: "f7fbffdeebf7c6dbef9dcae16aaed64292c62171b508519c08306b",
  Reds: "fff5f0fee0d2fcbba1fc9272fb694aef3c2ccb181da50f1567000d",
  Greens: "f7fcf5e5f5e0c7e9c0a0d99b73c47642ab5d238b45006d2c00441b",
  RdBu: `
    67001f7f0823960f27ae172abb2a34c6413ed25849dc6e57e58368ef9979f5ac8bf8bda1fbceb7fdddcbfbe6da
    f9efe9f6f7f7ecf2f5e0ecf3d4e6f1c2ddecaed3e69bc9e084bcd96bacd1529dc83f8ec03480b92a71b21f63a8
    1752900e4179053061
  `,
  coolwarm: `
    3b4cc0445acc4e68d85875e16282ea6c8ff1779af782a6fb8db0fe98b9ffa3c2feaec9fcb9d0f9c3d5f4ccd9ed
    d5dbe5dddcdce4d9d2ebd3c6f1cdbaf4c5adf7bca1f7b194f7a688f49a7bf18d6fec7f63e57058de614dd55042
    cb3e38c0282fb40426
  `,
  jet: `
    0000800000a40000c80000ed0000ff0020ff0040ff0060ff0080ff00a0ff00c0ff00e0fb16ffe130ffc749ffad
    63ff947dff7a94ff63adff49c7ff30e1ff16fbf100ffd300ffb600ff9800ff7a00ff5d00ff3f00ff2200ed0400
    c80000a40000800000
  `,
  gray: "000000ffffff",
  binary: "ffffff000000",
  Greys: "fffffff0f0f0d9d9d9bdbdbd969696737373525252252525000000",
};

/** A colour map: one of matplotlib's names; the suffix `_r` reverses it. */
export type ColormapName = BaseName | `${BaseName}_r`;

/** From 0..1 to a colour; what lies outside is clamped, NaN is transparent. */
export type Colormap = (t: number) => Color;

const MISSING: Color = { r: 0, g: 0, b: 0, a: 0 };

/**
 * Looks a colour map up.
 *
 * @throws ValueError when there is none of that name
 */
export function colormap(where: string, name: string): Colormap {
  const reversed = name.endsWith("_r");
  const base = reversed ? name.slice(0, -2) : name;
  const found = Object.entries(MAPS).find(([key]) => key === base || (key === "gray" && base === "grey"));
  if (found === undefined) {
    const all = Object.keys(MAPS);
    throw new ValueError(
      `${where}: ${show(name)} is not a colour map.${didYouMean(base, all)} There are: ${all.join(", ")}`,
    );
  }
  const points = (found[1].match(/[0-9a-f]{6}/g) ?? []).map((entry) => Number.parseInt(entry, 16));
  const last = points.length - 1;
  return (t) => {
    if (Number.isNaN(t)) return MISSING;
    const clamped = Math.min(1, Math.max(0, t));
    const at = (reversed ? 1 - clamped : clamped) * last;
    const low = Math.min(last - 1, Math.floor(at));
    const mix = (shift: number): number => {
      const [from, to] = [(points[low]! >> shift) & 255, (points[low + 1]! >> shift) & 255];
      return from + (to - from) * (at - low);
    };
    return { r: mix(16), g: mix(8), b: mix(0), a: 1 };
  };
}
