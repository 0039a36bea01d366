/** What a JPEG file says of its picture before its pixels. */

/** One of the components that colours are made of. */
export interface Component {
  readonly id: number;
  /** Blocks beside and below each other in a unit of the picture. */
  readonly h: number;
  readonly v: number;
  readonly table: number;
  /** Blocks in a row and a column, filled up to whole units. */
  readonly columns: number;
  readonly rows: number;
  /** Pixels that belong to the picture. */
  readonly width: number;
  readonly height: number;
  /** All coefficients, block after block, each in natural order. */
  readonly coefficients: Int16Array;
}

/** A picture's size and parts. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly progressive: boolean;
  /** The largest numbers of blocks beside and below each other. */
  readonly hMax: number;
  readonly vMax: number;
  readonly components: readonly Component[];
}

/** The place in a block of the coefficient that comes at a place of the file. */
export const zigzag: Uint8Array = Uint8Array.of(
  ...[0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48],
  ...[41, 34, 27, 20, 13, 6, 7, 14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22],
  ...[15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63],
);
