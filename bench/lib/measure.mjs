// Clocks, medians, memory.
import { readFileSync } from "node:fs";

/**
 * The most memory that this process has had, in MB. The operating system counts that of the process that started it among
 * what `resourceUsage` tells, if it can; Linux says elsewhere what it has had of its own.
 */
export function peakMb() {
  try {
    const [, kb] = /VmHWM:\s+(\d+)/.exec(readFileSync("/proc/self/status", "utf8")) ?? [];
    if (kb !== undefined) return Number(kb) / 1024;
  } catch {}
  return process.resourceUsage().maxRSS / 1024;
}

/**
 * Milliseconds that `task` takes, and what it returns.
 * @template T
 * @param {() => T | Promise<T>} task
 * @returns {Promise<{ ms: number, value: T }>}
 */
export async function timed(task) {
  const start = performance.now();
  const value = await task();
  return { ms: performance.now() - start, value };
}

/**
 * Calls `task` for at least `seconds` (and at least five times) and returns the milliseconds of each call.
 * @param {() => unknown | Promise<unknown>} task
 * @param {number} seconds
 * @returns {Promise<number[]>}
 */
export async function sample(task, seconds) {
  const times = [];
  const end = performance.now() + 1000 * seconds;
  while (times.length < 5 || performance.now() < end) {
    times.push((await timed(task)).ms);
    await new Promise((resolve) => setImmediate(resolve)); // lets finalizers give memory back, outside the clock
  }
  return times;
}

/**
 * @param {readonly number[]} values
 * @returns {number} the middle value, NaN of an empty list
 */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length % 2 === 1) return /** @type {number} */ (sorted[middle]);
  return ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2;
}
