/** Profiles: what each kernel of some work took, as rows and as a table. Loaded when someone asks for one. */
import type { KernelTime } from "../backends/backend.ts";
import { kernelTimes, startStopwatch } from "./stopwatch.ts";

/** One kernel of a profile. */
export interface ProfileRow {
  /** The program that it belongs to: `train`, `predict`, … */
  readonly program: string;
  /** The layer or the part of training that it comes from; empty if it is not known. */
  readonly origin: string;
  /** The primitives that it computes. */
  readonly kernel: string;
  /** The shape of what it computes. */
  readonly shape: readonly number[];
  readonly runs: number;
  readonly ms: number;
  /** Its part of all kernels' time, from 0 to 1. */
  readonly share: number;
  /** 10⁹ arithmetic operations, and bytes of arrays read and written, per second. */
  readonly gflops: number;
  readonly gbytes: number;
}

/** What was measured. */
export interface Profile {
  /** The kernels that ran, the longest first. */
  readonly rows: readonly ProfileRow[];
  /** All kernels together. */
  readonly ms: number;
  /** The rows as a table of text. */
  toString(): string;
}

function rowOf(k: KernelTime, total: number): ProfileRow {
  const { program, origin, kernel, shape, runs, ms } = k;
  const perSecond = (amount: number): number => (ms > 0 ? (amount * runs) / ms / 1e6 : 0);
  const rates = { gflops: perSecond(k.operations), gbytes: perSecond(k.bytes) };
  return { program, origin, kernel, shape, runs, ms, share: total > 0 ? ms / total : 0, ...rates };
}

/** The longest name of a kernel in a table. */
const widest = 48;

function table(rows: readonly ProfileRow[], ms: number): string {
  const shorten = (text: string): string => (text.length > widest ? `${text.slice(0, widest - 1)}…` : text);
  const cells = rows.map((r) => [
    r.ms.toFixed(2),
    `${(100 * r.share).toFixed(1)}%`,
    String(r.runs),
    ((1000 * r.ms) / r.runs).toFixed(1),
    r.gflops.toFixed(1),
    r.gbytes.toFixed(1),
    r.program,
    r.origin,
    `(${r.shape.join(", ")})`,
    shorten(r.kernel),
  ]);
  const head = ["ms", "share", "runs", "µs/run", "GFLOP/s", "GB/s", "program", "from", "shape", "kernel"];
  const numbers = 6;
  const widths = head.map((h, i) => Math.max(h.length, ...cells.map((c) => c[i]!.length)));
  const line = (c: readonly string[]): string =>
    c
      .map((text, i) => (i < numbers ? text.padStart(widths[i]!) : text.padEnd(widths[i]!)))
      .join("  ")
      .trimEnd();
  return [line(head), ...cells.map(line), `${ms.toFixed(2)} ms in ${rows.length} kernels`].join("\n");
}

function profileOf(times: readonly KernelTime[]): Profile {
  const ran = times.filter((k) => k.runs > 0);
  const ms = ran.reduce((sum, k) => sum + k.ms, 0);
  const rows = ran.map((k) => rowOf(k, ms)).sort((a, b) => b.ms - a.ms);
  return { rows, ms, toString: () => table(rows, ms) };
}

/** Everything that was measured so far. */
export function wholeProfile(): Profile {
  return profileOf(kernelTimes);
}

/** Measures the kernels of some work, after some that does not count. */
export async function measure(work: () => unknown, warmUp?: () => unknown): Promise<Profile> {
  const stop = startStopwatch();
  let before: { readonly runs: number; readonly ms: number }[] = [];
  try {
    await warmUp?.();
    before = kernelTimes.map(({ runs, ms }) => ({ runs, ms }));
    await work();
  } finally {
    stop();
  }
  return profileOf(
    kernelTimes.map((k, i) => ({
      ...k,
      runs: k.runs - (before[i]?.runs ?? 0),
      ms: k.ms - (before[i]?.ms ?? 0),
    })),
  );
}
