/** The notebook that is open: its cells, what changes them, and who hears of it. */
import { type Setting, settingsIn, settledOutput } from "./controls.ts";
import {
  type Cell,
  type CellKind,
  formatNotebook,
  joined,
  type MimeBundle,
  type NotebookFile,
  newCell,
  type Output,
} from "./ipynb.ts";

/** What has changed. */
export type Change =
  | { readonly what: "cells" }
  | { readonly what: "source" | "kind"; readonly cell: string }
  | { readonly what: "outputs"; readonly cell: string };

/** The notebook that is open. */
export class NotebookModel {
  name: string;
  readonly metadata: NotebookFile["metadata"];
  #cells: Cell[];
  readonly #listen: (change: Change) => void;
  /** What controls were set to, by cells; a cell that fails before it shows them finds it again. */
  readonly #settings = new Map<string, Readonly<Record<string, Setting>>>();
  /** How many of a cell's outputs are of the run that goes on; those behind are of the last one. */
  readonly #fresh = new Map<string, number>();
  /** The cells that were deleted last, with their places. */
  readonly #deleted: { readonly cell: Cell; readonly index: number }[] = [];

  constructor(name: string, file: NotebookFile, listen: (change: Change) => void) {
    this.name = name;
    this.metadata = file.metadata;
    this.#cells = file.cells.length > 0 ? [...file.cells] : [newCell("code")];
    this.#listen = listen;
  }

  get cells(): readonly Cell[] {
    return this.#cells;
  }

  cell(id: string): Cell | undefined {
    return this.#cells.find((cell) => cell.id === id);
  }

  indexOf(id: string): number {
    return this.#cells.findIndex((cell) => cell.id === id);
  }

  /** The text of the file. */
  toString(): string {
    return formatNotebook({ cells: this.#cells, metadata: this.metadata });
  }

  #replace(id: string, changes: Partial<Cell>, what: "source" | "kind" | "outputs"): void {
    const index = this.indexOf(id);
    if (index < 0) return;
    this.#cells[index] = { ...this.#cells[index]!, ...changes };
    this.#listen({ what, cell: id });
  }

  setSource(id: string, source: string): void {
    this.#replace(id, { source }, "source");
  }

  setKind(id: string, kind: CellKind): void {
    if (this.cell(id)?.kind !== kind) this.#replace(id, { kind, outputs: [], count: null }, "kind");
  }

  /** Puts a new cell before or behind another. Returns its name. */
  insert(beside: string, where: "above" | "below", kind: CellKind = "code"): string {
    const cell = newCell(kind);
    this.#cells.splice(this.indexOf(beside) + (where === "below" ? 1 : 0), 0, cell);
    this.#listen({ what: "cells" });
    return cell.id;
  }

  /** Takes a cell out; the last one becomes empty instead. Returns the cell to go to. */
  remove(id: string): string {
    const index = this.indexOf(id);
    const cell = this.#cells[index]!;
    this.#deleted.push({ cell, index });
    if (this.#cells.length === 1) this.#cells = [newCell("code")];
    else this.#cells.splice(index, 1);
    this.#listen({ what: "cells" });
    return this.#cells[Math.min(index, this.#cells.length - 1)]!.id;
  }

  /** Brings back the cell that was deleted last. Returns its name. */
  restore(): string | undefined {
    const last = this.#deleted.pop();
    if (last === undefined) return undefined;
    this.#cells.splice(last.index, 0, last.cell);
    this.#listen({ what: "cells" });
    return last.cell.id;
  }

  move(id: string, by: -1 | 1): void {
    const from = this.indexOf(id);
    const to = from + by;
    if (to < 0 || to >= this.#cells.length) return;
    [this.#cells[from], this.#cells[to]] = [this.#cells[to]!, this.#cells[from]!];
    this.#listen({ what: "cells" });
  }

  /** What the controls of a cell are set to, by their keys. */
  settings(id: string): Readonly<Record<string, Setting>> {
    const settings = { ...settingsIn(this.cell(id)?.outputs ?? []), ...this.#settings.get(id) };
    this.#settings.set(id, settings);
    return settings;
  }

  /** Sets a control. */
  set(id: string, key: string, setting: Setting): void {
    const settings = { ...this.settings(id), [key]: setting };
    this.#settings.set(id, settings);
    const outputs = this.cell(id)?.outputs.map((output) => settledOutput(output, settings));
    if (outputs !== undefined) this.#replace(id, { outputs }, "outputs");
  }

  /**
   * A cell begins to run.
   *
   * @param keep whether what it has put out stays until something takes its place
   */
  beginOutputs(id: string, keep: boolean): void {
    this.#fresh.set(id, 0);
    this.#replace(id, keep ? { count: null } : { outputs: [], count: null }, "outputs");
  }

  /** A cell has ended: what the run before has left goes, unless this one never began. */
  endOutputs(id: string): void {
    const [fresh, outputs] = [this.#fresh.get(id), this.cell(id)?.outputs];
    this.#fresh.delete(id);
    if (!fresh || outputs === undefined || fresh >= outputs.length) return;
    this.#replace(id, { outputs: outputs.slice(0, fresh) }, "outputs");
  }

  setCount(id: string, count: number): void {
    this.#replace(id, { count }, "outputs");
  }

  addOutput(id: string, output: Output): void {
    const cell = this.cell(id);
    if (cell === undefined) return;
    const count = this.#fresh.get(id) ?? cell.outputs.length;
    // The reader may have moved a control since the run began.
    const set = settledOutput(output, this.#settings.get(id) ?? {});
    const fresh = joined(cell.outputs.slice(0, count), set);
    this.#fresh.set(id, fresh.length);
    this.#replace(id, { outputs: [...fresh, ...cell.outputs.slice(fresh.length)] }, "outputs");
  }

  /** Replaces what a display shows, wherever it stands. */
  updateDisplay(display: string, data: MimeBundle): void {
    for (const cell of this.#cells) {
      const shows = (output: Output): boolean => output.kind === "display" && output.id === display;
      if (!cell.outputs.some(shows)) continue;
      const outputs = cell.outputs.map((output) =>
        shows(output) ? ({ ...output, data } as Output) : output,
      );
      this.#replace(cell.id, { outputs }, "outputs");
    }
  }
}
