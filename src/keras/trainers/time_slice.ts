/**
 * Cuts long work into calls of programs that are short enough for the page, the terminal and other tasks to stay alive,
 * and long enough for the calls themselves to cost nothing.
 */

import type { Stages } from "../../engine/index.ts";

interface Host {
  readonly setImmediate?: (task: () => void) => unknown;
  readonly document?: unknown;
  readonly performance: { now(): number };
}

const host = globalThis as unknown as Host;

/** Milliseconds between two breaths: under one frame on a page, longer where nobody watches. */
const sliceMs = host.document === undefined ? 25 : 8;

/** Lets timers, input and other promises run. */
export function breathe(): Promise<void> {
  if (host.setImmediate !== undefined) return new Promise((resolve) => host.setImmediate!(resolve));
  return new Promise((resolve) => {
    // A message comes sooner than a timer, which browsers hold back.
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener("message", () => {
      port1.close();
      resolve();
    });
    port1.start();
    port2.postMessage(undefined);
  });
}

/** Does work that comes in parts, and lets others run between them. */
export async function inBreaths(stages: Stages<void>): Promise<void> {
  while (!stages.next().done) await breathe();
}

/** Decides how many units of work the next call does, from how long the ones before took. */
export class TimeSlice {
  #perUnit: number | undefined;
  #lastBreath = host.performance.now();

  /** How many units fit into one slice: few as long as nothing is known, at least one. */
  units(): number {
    if (this.#perUnit === undefined) return 1;
    return Math.max(1, Math.floor(sliceMs / Math.max(this.#perUnit, 1e-6)));
  }

  /** The expected milliseconds of one unit, once there has been one. */
  get perUnit(): number | undefined {
    return this.#perUnit;
  }

  /** Runs work and learns from its duration. */
  run<R>(units: number, work: () => R): R {
    const start = host.performance.now();
    const result = work();
    const spent = (host.performance.now() - start) / units;
    // The first call includes compilation, which says nothing about the next: begin small and grow by at most 16.
    const before = this.#perUnit;
    this.#perUnit = before === undefined ? Math.max(spent, sliceMs / 16) : Math.max(spent, before / 16);
    return result;
  }

  /** Gives way if the slice is used up. */
  async breatheIfDue(): Promise<void> {
    if (host.performance.now() - this.#lastBreath < sliceMs / 2) return;
    await breathe();
    this.#lastBreath = host.performance.now();
  }
}
