/** Tables of box-drawing characters, laid out as the Python package `rich` does for Keras's summaries. */

/** A column of a table. */
export interface Column {
  readonly header: string;
  readonly justify: "left" | "right" | "center";
  /** The width that the column asks for, without the spaces beside the text. */
  readonly width: number;
}

/** Rounds halves to even, as Python does. */
export function roundHalfEven(x: number): number {
  const low = Math.floor(x);
  if (x - low !== 0.5) return Math.round(x);
  return low % 2 === 0 ? low : low + 1;
}

/** Takes a total from widths, evenly. */
function shrink(widths: readonly number[], total: number): number[] {
  let rest = total;
  return widths.map((width, i) => {
    const share = Math.min(width, roundHalfEven(rest / (widths.length - i)));
    rest -= share;
    return width - share;
  });
}

/** Adds a total to widths, in their proportion. */
function grow(widths: readonly number[], total: number): number[] {
  let rest = total;
  let sum = widths.reduce((n, m) => n + m, 0);
  return widths.map((width) => {
    const share = sum > 0 ? Math.ceil((width * rest) / sum) : rest;
    sum -= width;
    rest -= share;
    return width + share;
  });
}

/** The widths of the columns, with the spaces beside the text, in a table of a given width. */
function layOut(columns: readonly Column[], tableWidth: number): number[] {
  const room = tableWidth - columns.length - 1;
  const widths = columns.map((c) => c.width + 2);
  const sum = widths.reduce((n, m) => n + m, 0);
  if (sum > room) return shrink(widths, sum - room);
  return sum < room ? grow(widths, room - sum) : widths;
}

/** Breaks a text between words; a word that is too long for a line is cut with an ellipsis. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  let used = 0;
  for (const word of text.match(/\s*\S+\s*/g) ?? [""]) {
    const length = word.trimEnd().length;
    if (used > 0 && length > width - used) {
      lines.push(line);
      line = "";
      used = 0;
    }
    line += word;
    used += word.length;
  }
  lines.push(line);
  return lines
    .map((l) => l.trimEnd())
    .map((l) => (l.length > width ? `${l.slice(0, Math.max(0, width - 1))}…` : l));
}

function align(text: string, width: number, justify: Column["justify"]): string {
  if (justify === "left") return text.padEnd(width);
  if (justify === "right") return text.padStart(width);
  const left = Math.floor((width - text.length) / 2);
  return text.padStart(text.length + left).padEnd(width);
}

/**
 * A table as text, without a line break at its end.
 *
 * @param tableWidth characters per line
 */
export function renderTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  tableWidth: number,
): string {
  const widths = layOut(columns, tableWidth);
  const rule = (left: string, dash: string, cross: string, right: string): string =>
    left + widths.map((w) => dash.repeat(w)).join(cross) + right;
  const lines = (cells: readonly string[], bar: string): string[] => {
    const wrapped = cells.map((cell, i) => wrap(cell, widths[i]! - 2));
    const height = Math.max(...wrapped.map((w) => w.length));
    return Array.from({ length: height }, (_, row) => {
      const parts = wrapped.map((w, i) => ` ${align(w[row] ?? "", widths[i]! - 2, columns[i]!.justify)} `);
      return bar + parts.join(bar) + bar;
    });
  };
  const body = rows.map((row) => lines(row, "│").join("\n")).join(`\n${rule("├", "─", "┼", "┤")}\n`);
  return [
    rule("┏", "━", "┳", "┓"),
    ...lines(
      columns.map((c) => c.header),
      "┃",
    ),
    rule("┡", "━", "╇", "┩"),
    ...(rows.length > 0 ? [body] : []),
    rule("└", "─", "┴", "┘"),
  ].join("\n");
}
