/**
 * Cuts long work into calls of programs that are short enough for the page, the terminal and other tasks to stay alive,
 * and long enough for the calls themselves to cost nothing.
 */

import { breathe, runsElsewhere } from "../../engine/index.ts";

/** Whether frames must be drawn by the thread that runs programs. */
function drawsFrames(): boolean {
  return "document" in globalThis && !runsElsewhere();
}

/** Milliseconds between two breaths: under one frame on the thread of a page, longer where nobody watches. */
function sliceMs(): number {
  return drawsFrames() ? 8 : 25;
}

/** Decides how many units of work the next call does, from how long the ones before took. */
export class TimeSlice {
  #perUnit: number | undefined;
  #lastBreath = performance.now();

  /** How many units fit into one slice: few as long as nothing is known, at least one. */
  units(): number {
    if (this.#perUnit === undefined) return 1;
    return Math.max(1, Math.floor(sliceMs() / Math.max(this.#perUnit, 1e-6)));
  }

  /** Runs work and learns from its duration. */
  async run<R>(units: number, work: () => R | Promise<R>): Promise<R> {
    const start = performance.now();
    const result = await work();
    const now = performance.now();
    const spent = (now - start) / units;
    // The first call includes compilation, which says nothing about the next: begin small and grow by at most 16.
    const before = this.#perUnit;
    this.#perUnit = before === undefined ? Math.max(spent, sliceMs() / 16) : Math.max(spent, before / 16);
    // Others had their turn while another thread was at work.
    if (runsElsewhere()) this.#lastBreath = now;
    return result;
  }

  /** Gives way if the slice is used up. */
  async breatheIfDue(): Promise<void> {
    if (performance.now() - this.#lastBreath < sliceMs() / 2) return;
    await breathe();
    this.#lastBreath = performance.now();
  }
}
