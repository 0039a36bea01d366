/**
 * What the first thread of a job does: it takes the helpers that offer themselves in time, and runs its own part. Its text
 * may be sent to a worker, so `lead` uses nothing but what it is given.
 */
import type { control, own } from "./control.ts";

/** A job as its first thread sees it. */
export interface Job {
  readonly number: number;
  /** The address of the team's block. */
  readonly team: number;
  /** The numbers of the helpers that may take part. */
  readonly helpers: readonly number[];
  /** The block of the first thread, and how far those of the others lie behind one another. */
  readonly own: number;
  readonly ownBytes: number;
  /** How long to wait for helpers, in milliseconds. */
  readonly wait: number;
  /** Whether the first thread may sleep. */
  readonly sleeps: boolean;
}

/** Where words lie in shared memory. */
export interface Layout {
  readonly control: typeof control;
  readonly own: typeof own;
}

/** Why a job has stopped. */
export interface Failure {
  readonly error: unknown;
  /** What `failed` said; 0 if it was the first thread. */
  readonly reason: number;
  /** How many threads took part. */
  readonly threads: number;
  /** Whether all of them have come out of it. */
  readonly over: boolean;
}

/**
 * Runs a job.
 *
 * @param words the shared memory
 * @param layout where its words lie
 * @param run the part of the first thread
 * @returns what went wrong, if something did
 */
export function lead(words: Int32Array, layout: Layout, job: Job, run: () => void): Failure | undefined {
  const { control, own } = layout;
  const at = (offset: number): number => (job.team + offset) >> 2;
  const load = (offset: number): number => Atomics.load(words, at(offset));
  const offered = (helper: number): boolean => load(control.offered + 4 * helper) === job.number;

  /** The helpers that offer themselves before waiting for them would cost more than they are worth. */
  const gather = (): readonly number[] => {
    // Browsers start workers only while the page's thread is idle.
    const expected = job.sleeps
      ? job.helpers
      : job.helpers.filter((h) => load(control.offered + 4 * h) !== 0);
    const end = performance.now() + job.wait;
    for (;;) {
      for (let i = 0; i < 1000; i++) if (expected.every(offered)) return expected;
      const left = end - performance.now();
      if (left <= 0) return expected.filter(offered);
      const missing = expected.find((h) => !offered(h));
      if (missing === undefined || !job.sleeps) continue;
      const index = at(control.offered + 4 * missing);
      const before = Atomics.load(words, index);
      // An offer that has come since it was last looked for would not come again.
      if (before !== job.number) Atomics.wait(words, index, before, left);
    }
  };

  /** Writes what a thread finds in its own block. */
  const header = (rank: number, threads: number): void => {
    const block = (job.own + rank * job.ownBytes) >> 2;
    words[block + own.thread / 4] = rank;
    words[block + own.threads / 4] = threads;
    words[block + own.control / 4] = job.team;
    words[block + own.sleeps / 4] = rank > 0 || job.sleeps ? 1 : 0;
  };

  /** Brings everyone out of a job that has stopped. */
  const retreat = (members: readonly number[]): boolean => {
    Atomics.add(words, at(control.generation), 1);
    Atomics.notify(words, at(control.generation));
    const left = (helper: number): boolean => load(control.left + 4 * helper) === job.number;
    // One that is alive takes no longer, in milliseconds.
    const end = performance.now() + 1000;
    while (!members.every(left) && performance.now() < end) {
      if (job.sleeps) Atomics.wait(words, at(control.settled), job.number, 1);
    }
    if (!members.every(left)) return false;
    for (const offset of [control.failed, control.arrived, control.sleepers])
      Atomics.store(words, at(offset), 0);
    return true;
  };

  const members = gather();
  const threads = members.length + 1;
  for (const helper of job.helpers) {
    const rank = members.indexOf(helper) + 1;
    Atomics.store(words, at(control.rank + 4 * helper), rank);
    if (rank > 0) header(rank, threads);
  }
  header(0, threads);
  Atomics.store(words, at(control.settled), job.number);
  Atomics.notify(words, at(control.settled));
  try {
    run();
    return undefined;
  } catch (error) {
    const reason = load(control.failed);
    if (reason === 0) Atomics.store(words, at(control.failed), 1);
    return { error, reason, threads, over: retreat(members) };
  }
}
