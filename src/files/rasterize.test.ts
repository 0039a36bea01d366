import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { inflateSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { fontCoverage } from "./font_coverage.ts";
import { neededFonts, outlineText, rasterize } from "./rasterize.ts";

const picture = (text: string, family = "DejaVu Sans, sans-serif"): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="120" height="40"><rect width="120" height="40" fill="#ffffff"/>` +
  `<text x="10" y="30" font-family="${family}" font-size="24">${text}</text></svg>`;

const japanese = createRequire(import.meta.url).resolve(
  "@expo-google-fonts/sawarabi-gothic/400Regular/SawarabiGothic_400Regular.ttf",
);

/** The compressed pixels of a PNG, one after the other. */
function pixels(png: Uint8Array): Uint8Array {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  const parts: Uint8Array[] = [];
  for (let at = 8; at < png.length; at += 12 + view.getUint32(at)) {
    if (view.getUint32(at + 4) === 0x49444154) parts.push(png.subarray(at + 8, at + 8 + view.getUint32(at)));
  }
  return inflateSync(Buffer.concat(parts));
}

describe("the fonts of a picture", () => {
  test("are DejaVu for Latin, and one more for Japanese; those of the system only where both have nothing", () => {
    expect(neededFonts(picture("Loss: −1.5 ± 0.2 λ"))).toEqual({
      files: [expect.stringContaining("DejaVuSans.ttf")],
      system: false,
    });
    const both = neededFonts(picture("学習曲線、エポック（平均二乗誤差）"));
    expect(both.files).toEqual([expect.stringContaining("DejaVuSans.ttf"), japanese]);
    expect(both.system).toBe(false);
    expect(neededFonts(picture("한국어")).system).toBe(true);
    expect(neededFonts(picture("😀")).system).toBe(true);
    expect(neededFonts('<text font-weight="bold">a</text>').files[1]).toContain("DejaVuSans-Bold.ttf");
  });

  test("draw Japanese without any font of the system: different letters, and no empty boxes", async () => {
    const pictures = await Promise.all(
      ["学習", "訓練", "損失", "\u9fa5\u9fa5"].map((text) => rasterize(picture(text), 1)),
    );
    const ink = pictures
      .slice(0, 3)
      .map((png) => pixels(png).filter((value) => value > 0 && value < 255).length);
    for (const amount of ink) expect(amount).toBeGreaterThan(300);
    expect(new Set(pictures.slice(0, 3).map((png) => Buffer.from(png).toString("base64"))).size).toBe(3);
  });

  test("cover the kana, all kanji of everyday use that these labels need, and not Korean", () => {
    const has = fontCoverage(readFileSync(japanese));
    const covers = (text: string): boolean => [...text].every((letter) => has(letter.codePointAt(0)!));
    expect(covers("あいうえおんアイウエオンー、。「」（）")).toBe(true);
    expect(covers("学習率訓練検証損失精度誤差層活性化関数混同行列正解予測画像時系列波形回帰分類重み")).toBe(
      true,
    );
    expect(covers("한")).toBe(false);
    expect(fontCoverage(new Uint8Array(16))(65)).toBe(false);
  });
});

test("letters become paths that need no font", () => {
  const svg = outlineText(picture("損失 a"));
  expect(svg).not.toContain("<text");
  expect(svg.match(/<path/g)!.length).toBeGreaterThanOrEqual(1);
  expect(svg).not.toContain("損");
});

test("what lies outside of the picture does not end the process", async () => {
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10"><defs><clipPath id="c">' +
    '<rect x="0" y="0" width="20" height="10"/></clipPath></defs><g class="a" clip-path="url(#c)">' +
    '<path transform="translate(5,-3000)" d="M4,0A4,4,0,1,1,-4,0A4,4,0,1,1,4,0" stroke="#000"/></g>' +
    '<g clip-path="url(#c)"/></svg>';
  const png = await rasterize(svg, 1);
  expect([...png.subarray(0, 4)]).toEqual([0x89, 0x50, 0x4e, 0x47]);
});
