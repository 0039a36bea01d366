/**
 * Profiling as the runtime sees it: while it is on, programs are compiled anew, with code that says when each kernel has
 * ended. The table that people see is made in `profile.ts`, which is loaded only then.
 */
import type { KernelTime, Stopwatch } from "../backends/backend.ts";

/** The kernels of all profiled programs; a kernel's number is its place. */
export const kernelTimes: KernelTime[] = [];

let last = 0;

const stopwatch: Stopwatch = {
  add: (kernel) => kernelTimes.push({ ...kernel, runs: 0, ms: 0 }) - 1,
  start() {
    last = performance.now();
  },
  mark(kernel) {
    const now = performance.now();
    const time = kernelTimes[kernel]!;
    time.runs++;
    time.ms += now - last;
    last = now;
  },
};

/** How many want a profile now. */
let wanted = 0;

/** The stopwatch, while someone wants a profile. */
export function activeStopwatch(): Stopwatch | undefined {
  return wanted > 0 ? stopwatch : undefined;
}

/** Profiles until the returned function is called. */
export function startStopwatch(): () => void {
  wanted++;
  return () => void wanted--;
}
