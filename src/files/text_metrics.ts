/**
 * Widths of text in DejaVu Sans, so that labels and legends are laid out the same on every host,
 * with or without a canvas to measure on.
 */

/** The font of every figure. The next two have nearly the same widths and stand in where it is missing; the others have Japanese. */
export const FONT_FAMILY =
  "DejaVu Sans, Bitstream Vera Sans, Verdana, Hiragino Sans, Yu Gothic, Meiryo, Noto Sans CJK JP, Noto Sans JP, sans-serif";

// Advance widths of the characters from space to tilde, in 2048ths of the font size.
const ASCII_WIDTHS = [
  651, 821, 942, 1716, 1303, 1946, 1597, 563, 799, 799, 1024, 1716, 651, 739, 651, 690, 1303, 1303, 1303,
  1303, 1303, 1303, 1303, 1303, 1303, 1303, 690, 690, 1716, 1716, 1716, 1087, 2048, 1401, 1405, 1430, 1577,
  1294, 1178, 1587, 1540, 604, 604, 1343, 1141, 1767, 1532, 1612, 1235, 1612, 1423, 1300, 1251, 1499, 1401,
  2025, 1403, 1251, 1403, 799, 690, 799, 1716, 1024, 1024, 1255, 1300, 1126, 1300, 1260, 721, 1300, 1298, 569,
  569, 1186, 569, 1995, 1298, 1253, 1300, 1300, 842, 1067, 803, 1298, 1212, 1675, 1212, 1212, 1075, 1303, 690,
  1303, 1716,
];

const SUPERSCRIPTS = /[⁰¹²³⁴-⁹]/u;
const MATH_SIGNS = /[−×±÷]/u;
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;

/** Whether a character takes the room of two Latin ones, as Chinese, Japanese and Korean ones do. */
export function isWide(character: string): boolean {
  return WIDE.test(character);
}

function advance(character: string): number {
  const ascii = ASCII_WIDTHS[character.charCodeAt(0) - 32];
  if (ascii !== undefined) return ascii;
  if (SUPERSCRIPTS.test(character)) return 821;
  if (character === "⁻") return 1081;
  if (MATH_SIGNS.test(character)) return 1716;
  if (isWide(character)) return 2048;
  return 1280;
}

/** The width of text, of its widest line, in the unit of the font size. */
export function textWidth(text: string, fontSize: number): number {
  let widest = 0;
  for (const line of text.split("\n")) {
    let sum = 0;
    for (const character of line) sum += advance(character);
    widest = Math.max(widest, sum);
  }
  return (widest / 2048) * fontSize;
}
