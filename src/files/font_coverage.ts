/** Which characters a TrueType font can draw, read from its `cmap` table. */

/** The characters of a font, asked one at a time. */
export type Coverage = (codePoint: number) => boolean;

/** Reads the table of the Unicode characters of a font; a font without one covers nothing. */
export function fontCoverage(font: Uint8Array): Coverage {
  const view = new DataView(font.buffer, font.byteOffset, font.byteLength);
  const tables = view.getUint16(4);
  let cmap: number | undefined;
  for (let i = 0; i < tables; i++) {
    // "cmap"
    if (view.getUint32(12 + 16 * i) === 0x636d6170) cmap = view.getUint32(12 + 16 * i + 8);
  }
  if (cmap === undefined) return () => false;
  const subtables = view.getUint16(cmap + 2);
  for (let i = 0; i < subtables; i++) {
    const at = cmap + view.getUint32(cmap + 4 + 8 * i + 4);
    // Segments of characters: the format that every font has for the basic plane.
    if (view.getUint16(at) === 4) return (codePoint) => segmentHas(view, at, codePoint);
  }
  return () => false;
}

function segmentHas(view: DataView, at: number, codePoint: number): boolean {
  if (codePoint > 0xffff) return false;
  const count = view.getUint16(at + 6) / 2;
  const [ends, starts] = [at + 14, at + 16 + 2 * count];
  for (let i = 0; i < count; i++) {
    if (view.getUint16(ends + 2 * i) < codePoint) continue;
    const start = view.getUint16(starts + 2 * i);
    if (start > codePoint) return false;
    const offsetAt = starts + 4 * count + 2 * i;
    const offset = view.getUint16(offsetAt);
    const glyph = offset === 0 ? 1 : view.getUint16(offsetAt + offset + 2 * (codePoint - start));
    return glyph !== 0;
  }
  return false;
}
