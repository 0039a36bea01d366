/** A grid of characters to draw on: Braille dots (2 by 4 in each cell), coloured cells, and text. */

import { isWide } from "../files/text_metrics.ts";
import type { Color } from "./color.ts";

/** How a cell looks: its text, and colours where there are any. */
interface Cell {
  dots: number;
  text: string | undefined;
  color: Color | undefined;
  background: Color | undefined;
}

// The bit of each dot, by row and column, in the Unicode block of Braille patterns.
const DOT_BITS = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
];

/** The nearest colour of the 6 by 6 by 6 cube that all colour terminals have. */
function cubeIndex({ r, g, b }: Color): number {
  const step = (value: number): number => (value < 48 ? 0 : value < 115 ? 1 : Math.round((value - 55) / 40));
  return 16 + 36 * step(r) + 6 * step(g) + step(b);
}

/** Black ink would vanish on dark terminals: it takes the terminal's own colour. */
export function ink(color: Color): Color | undefined {
  return color.r + color.g + color.b === 0 ? undefined : color;
}

/** Wraps text in the escape codes of its colours. */
export function paint(text: string, color: Color | undefined, background?: Color): string {
  const codes = [
    ...(color === undefined ? [] : [`38;5;${cubeIndex(color)}`]),
    ...(background === undefined ? [] : [`48;5;${cubeIndex(background)}`]),
  ];
  return codes.length === 0 ? text : `\x1b[${codes.join(";")}m${text}\x1b[0m`;
}

/** How many columns text takes in a terminal. */
export function columnsOf(text: string): number {
  let sum = 0;
  for (const character of text) sum += isWide(character) ? 2 : 1;
  return sum;
}

/** Text cut or padded to a number of columns. */
export function fit(text: string, columns: number, align: "left" | "center" | "right"): string {
  let cut = "";
  for (const character of text) {
    if (columnsOf(cut + character) > columns) break;
    cut += character;
  }
  const room = columns - columnsOf(cut);
  const before = align === "left" ? 0 : align === "right" ? room : Math.floor(room / 2);
  return " ".repeat(before) + cut + " ".repeat(room - before);
}

/** A canvas of Braille dots. */
export class TerminalCanvas {
  readonly columns: number;
  readonly rows: number;
  readonly #cells: Cell[];
  readonly #colored: boolean;

  constructor(columns: number, rows: number, colored: boolean) {
    this.columns = columns;
    this.rows = rows;
    this.#colored = colored;
    this.#cells = Array.from({ length: columns * rows }, () => ({
      dots: 0,
      text: undefined,
      color: undefined,
      background: undefined,
    }));
  }

  /** Dots across. */
  get width(): number {
    return 2 * this.columns;
  }

  /** Dots down. */
  get height(): number {
    return 4 * this.rows;
  }

  #cell(column: number, row: number): Cell | undefined {
    const inside = column >= 0 && column < this.columns && row >= 0 && row < this.rows;
    return inside ? this.#cells[row * this.columns + column] : undefined;
  }

  /** Sets one dot; dots outside are left out. */
  dot(x: number, y: number, color: Color): void {
    const cell = this.#cell(Math.floor(x / 2), Math.floor(y / 4));
    if (cell === undefined) return;
    cell.dots |= DOT_BITS[y & 3]![x & 1]!;
    cell.color = ink(color);
  }

  /**
   * Sets the dots of a straight line; `pattern` says which steps are on, counted from `start`.
   *
   * @returns where the next piece of the same curve goes on counting
   */
  line(
    [x0, y0]: readonly [number, number],
    [x1, y1]: readonly [number, number],
    color: Color,
    pattern: (step: number) => boolean,
    start: number,
  ): number {
    const steps = Math.max(Math.abs(x1 - x0), Math.abs(y1 - y0));
    for (let i = 0; i <= steps; i++) {
      const t = steps === 0 ? 0 : i / steps;
      if (pattern(start + i)) this.dot(Math.round(x0 + (x1 - x0) * t), Math.round(y0 + (y1 - y0) * t), color);
    }
    return start + steps;
  }

  /** Fills a cell with two colours, one above the other; without colours by its brightness. */
  pixels(column: number, row: number, upper: Color, lower: Color): void {
    const cell = this.#cell(column, row);
    if (cell === undefined) return;
    if (this.#colored) {
      Object.assign(cell, { text: "▀", color: upper, background: lower });
      return;
    }
    const light = (color: Color): number => (0.299 * color.r + 0.587 * color.g + 0.114 * color.b) / 255;
    cell.text = " ░▒▓█".charAt(Math.min(4, Math.floor(5 * ((light(upper) + light(lower)) / 2))));
  }

  /** Writes text from a cell on. */
  write(column: number, row: number, text: string, color: Color | undefined): void {
    let at = column;
    for (const character of text) {
      const cell = this.#cell(at, row);
      if (cell !== undefined) Object.assign(cell, { text: character, color, background: undefined });
      at++;
      if (!isWide(character)) continue;
      const covered = this.#cell(at, row);
      if (covered !== undefined)
        Object.assign(covered, { text: "", color: undefined, background: undefined });
      at++;
    }
  }

  /** The rows as text, neighbours of the same colours under one escape code. */
  lines(): string[] {
    return Array.from({ length: this.rows }, (_, row) => {
      let line = "";
      let run = "";
      let color: Color | undefined;
      let background: Color | undefined;
      const flush = (): void => {
        line += this.#colored ? paint(run, color, background) : run;
        run = "";
      };
      for (let column = 0; column < this.columns; column++) {
        const cell = this.#cells[row * this.columns + column]!;
        if (cell.color !== color || cell.background !== background) flush();
        ({ color, background } = cell);
        run += cell.text ?? (cell.dots === 0 ? " " : String.fromCodePoint(0x2800 + cell.dots));
      }
      flush();
      return line;
    });
  }
}
